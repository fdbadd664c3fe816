"""Passwords: what may be one, how it is kept, and how one is checked in the same time for everybody."""

import base64
import threading
import unicodedata
from functools import cache
from pathlib import Path

import bcrypt

from core.law.errors import Invalid
from core.store.engine import Store

SHORTEST, LONGEST = 15, 1024  # characters; bytes in UTF-8
COST = 12
SCHEME = "v1$"
_COMMON = Path(__file__).parents[3] / "data" / "passwords" / "common.txt"
_HASHES = threading.BoundedSemaphore(2)  # a flood of sign-ins must not take every processor
_FAMILIAR = threading.BoundedSemaphore(1)  # nor keep those waiting whose browser is known


def check_choice(password: str, *names: str) -> None:
    """Refuse a password that may not be chosen: too short, too long, or among the commonest.

    No rules about kinds of characters and no expiry (NIST SP 800-63B). Only the form NFC is applied, so that the same
    password typed on two keyboards is one; nothing is stripped. Raises Invalid, which never quotes the password.
    """
    if _too_long(password):
        raise Invalid(f"Choose a password of at most {LONGEST} bytes.", "password")
    if len(unicodedata.normalize("NFC", password)) < SHORTEST:
        raise Invalid(f"Choose a password of at least {SHORTEST} characters: a short sentence will do.", "password")
    folded = password.casefold()
    if folded in _common() or folded in {name.casefold() for name in names}:
        raise Invalid("This password is among the first that others would try: choose another.", "password")


def hash_password(store: Store, password: str, *, cost: int = COST) -> str:
    """Return the password as it is kept: `v1$` and bcrypt over its keyed SHA-384, which knows no 72-byte limit.

    `cost` is bcrypt's work factor (2 to the power of it). Raises Invalid when the password is over the cap.
    """
    if _too_long(password):
        raise Invalid(f"Choose a password of at most {LONGEST} bytes.", "password")
    with _HASHES:
        return SCHEME + bcrypt.hashpw(_prepared(store, password), bcrypt.gensalt(cost)).decode("ascii")


def verify(store: Store, password: str, kept: str | None, *, cost: int = COST, familiar: bool = False) -> bool:
    """Whether the password is the kept one. For `None` (nobody of that name) the same work is done, in vain.

    `familiar` says that no stranger asks, so that it does not stand behind those who may be.

    An attempt over the cap costs nothing and is never right, for known and unknown names alike.
    """
    if _too_long(password):
        return False
    real = kept is not None and kept.startswith(SCHEME)
    hashed = kept.removeprefix(SCHEME).encode("ascii") if kept is not None and real else _dummy(cost)
    with _FAMILIAR if familiar else _HASHES:
        same = bcrypt.checkpw(_prepared(store, password), hashed)
    return same and real


def _prepared(store: Store, password: str) -> bytes:
    """Return 64 ASCII bytes: under bcrypt's limit of 72, without a NUL, and useless without the store's secret."""
    text = unicodedata.normalize("NFC", password)
    return base64.b64encode(store.keyed_hash("passwords", text, "sha384"))


def _too_long(password: str) -> bool:
    return len(password) > LONGEST or len(password.encode("utf-8", "surrogatepass")) > LONGEST


@cache
def _dummy(cost: int) -> bytes:
    return bcrypt.hashpw(b"nobody has this password", bcrypt.gensalt(cost))


@cache
def _common() -> frozenset[str]:
    return frozenset(line.casefold() for line in _COMMON.read_text("utf-8").split("\n") if line)
