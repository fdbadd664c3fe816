"""The master key, and what it wraps in `<store>.key`: the key of the database file and the secrets of the store.

Neither lies in the database or its backups.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import subprocess
from copy import copy
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.law.errors import Refused
from core.store.durable import replace
from core.store.files import beside

MASTER_VARIABLE = "RIGHTSDESK_MASTER_KEY"
MASTER_COMMAND = "RIGHTSDESK_MASTER_KEY_COMMAND"
_NONCE = 12


class KeyMissing(Refused):
    """The store cannot be read without a key that is not here."""


def master_key(store: Path, *, make: bool = False) -> bytes:
    """Return the 32-byte master key: from the environment, from a command, or from the 0600 file `<store>.master`.

    With `make` a missing file is made with a random key. Raises KeyMissing with what to do.
    """
    if text := os.environ.get(MASTER_VARIABLE):
        return _decode(text, MASTER_VARIABLE)
    if command := os.environ.get(MASTER_COMMAND):
        try:
            done = subprocess.run(command, shell=True, capture_output=True, text=True, errors="replace", timeout=60, check=False)  # noqa: S602 - the operator's own command
        except subprocess.TimeoutExpired:
            raise KeyMissing(f"The command in {MASTER_COMMAND} did not end within a minute: no master key.") from None
        if done.returncode:
            raise KeyMissing(f"The command in {MASTER_COMMAND} ended with {done.returncode}: no master key.")
        return _decode(done.stdout, MASTER_COMMAND)
    path = beside(store, ".master")
    if not path.exists():
        if not make:
            raise KeyMissing(
                f"The master key {path.name} is missing and {MASTER_VARIABLE} is not set. "
                "Put the key back from where you keep it; without it nothing in the store can be read."
            )
        replace(path, base64.b64encode(secrets.token_bytes(32)) + b"\n")
    return _decode(path.read_text("ascii", "replace"), path.name)


def _decode(text: str, source: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise KeyMissing(f"{source} does not hold a master key: 32 bytes in base64 are expected.")
    return key


class Secrets:
    """The file key and the secrets of one store, wrapped by the master key in `<store>.key`."""

    def __init__(self, store: Path, master: bytes) -> None:
        self._path = beside(store, ".key")
        self._master = AESGCM(master)
        self.current: bytes = b""
        self.next: bytes | None = None  # the key of the file that is to take the place of the present one
        self.next_for = ""  # what that file is made for, and since when: `purge 2026-11-24T02:00:00`
        self._root: bytes = b""

    def make(self) -> None:
        """Draw fresh keys and write them down before the database file exists."""
        self._root = secrets.token_bytes(32)
        self._put(secrets.token_bytes(32), None, "")

    def load(self) -> None:
        """Read the key file. Raises KeyMissing when it is gone or another master key wrapped it."""
        try:
            kept = json.loads(self._path.read_text("ascii"))
            self.current = self._unwrap(kept["current"], b"current")
            self._root = self._unwrap(kept["root"], b"root")
            self.next = self._unwrap(kept["next"], b"next") if kept.get("next") else None
            self.next_for = str(kept.get("next_for", ""))
        except FileNotFoundError:
            raise KeyMissing(f"The key file {self._path.name} is missing: put it back beside the store.") from None
        except InvalidTag:
            raise KeyMissing(
                f"The master key does not open {self._path.name}: it belongs to another store or was changed."
            ) from None
        except (ValueError, KeyError, TypeError):
            raise KeyMissing(f"The key file {self._path.name} cannot be read: put back an unharmed copy.") from None

    def same_store(self, other: "Secrets") -> bool:
        """Whether both key files are of one store: its secrets never change."""
        return hmac.compare_digest(self._root, other._root)

    def made_copy(self, store: Path) -> bool:
        """Whether the key file beside a copy is one that `write_for` wrote for this store."""
        other = copy(self)
        other._path = beside(store, ".key")
        try:
            other.load()
        except KeyMissing:
            return False
        return self.same_store(other)

    def write_for(self, store: Path, key: bytes) -> None:
        """Write the key file of a copy of this store that another key opens, wrapped by the same master key."""
        other = copy(self)
        other._path = beside(store, ".key")
        other._put(key, None, "")

    def prepare(self, what_for: str, key: bytes | None = None) -> bytes:
        """Return the key for the next file, a fresh one unless given; it is durable before that file exists."""
        fresh = key or secrets.token_bytes(32)
        self._put(self.current, fresh, what_for)
        return fresh

    def promote(self) -> None:
        """Destroy the old key: the next file has taken the place of the present one and opens."""
        if self.next is not None:
            self._put(self.next, None, "")

    def discard(self) -> None:
        """Destroy the next file's key: it is not wanted."""
        if self.next is not None:
            self._put(self.current, None, "")

    def _put(self, current: bytes, following: bytes | None, what_for: str) -> None:
        """Write the wrapped keys durably, then go by them: a write that failed changes nothing here either."""
        kept = {"current": self._wrap(current, b"current"), "root": self._wrap(self._root, b"root")}
        if following:
            kept |= {"next": self._wrap(following, b"next"), "next_for": what_for}
        replace(self._path, json.dumps(kept, indent=1).encode())
        self.current, self.next, self.next_for = current, following, what_for

    def derive(self, use: str) -> bytes:
        """Return the 32-byte secret for one use, for example `identifiers` or `passwords`."""
        return hmac.new(self._root, b"rightsdesk/" + use.encode(), hashlib.sha256).digest()

    def _wrap(self, key: bytes, name: bytes) -> str:
        nonce = secrets.token_bytes(_NONCE)
        return base64.b64encode(nonce + self._master.encrypt(nonce, key, name)).decode()

    def _unwrap(self, text: str, name: bytes) -> bytes:
        raw = base64.b64decode(text)
        return self._master.decrypt(raw[:_NONCE], raw[_NONCE:], name)
