"""The keys of the store: the master key wraps the file key, the store's secrets, and each subject and case key.

None of them lies in the database or its backups. A subject key dies with the erasure of the person; a case key
dies when the request file's own retention ends; the key of a proof document when the check's outcome is recorded.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import subprocess
import threading
from copy import copy
from enum import Enum
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.law.errors import NotFound, Refused
from core.store.files import beside, sync_folder, write_durably

MASTER_VARIABLE = "RIGHTSDESK_MASTER_KEY"
MASTER_COMMAND = "RIGHTSDESK_MASTER_KEY_COMMAND"
_NONCE = 12
_RECORD = 1 + 16 + _NONCE + 32 + 16  # kind, id, nonce, key, tag


class KeyMissing(Refused):
    """The store cannot be read without a key that is not here."""


class KeyKind(Enum):
    """Whose key: a data subject's profile texts, a case file, or one proof document."""

    SUBJECT = b"s"
    CASE = b"c"
    PROOF = b"p"


def master_key(store: Path, *, make: bool = False) -> bytes:
    """Return the 32-byte master key: from the environment, from a command, or from the 0600 file `<store>.master`.

    With `make` a missing file is made with a random key. Raises KeyMissing with what to do.
    """
    if text := os.environ.get(MASTER_VARIABLE):
        return _decode(text, MASTER_VARIABLE)
    if command := os.environ.get(MASTER_COMMAND):
        done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60, check=False)  # noqa: S602 - the operator's own command
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
        write_durably(path, base64.b64encode(secrets.token_bytes(32)) + b"\n")
    return _decode(path.read_text("ascii"), path.name)


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
        try:
            write_durably(self._path, json.dumps(kept, indent=1).encode())
        except OSError as fault:
            raise Refused(
                f"The key file {self._path.name} cannot be written ({fault.strerror or type(fault).__name__}). "
                "Free space beside the store, then try again."
            ) from None
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


class KeyRing:
    """The subject and case keys in `<store>.keys`: fixed records, appended durably, rewritten to destroy one."""

    def __init__(self, store: Path, master: bytes) -> None:
        self._path = beside(store, ".keys")
        self._master = AESGCM(master)
        self._lock = threading.Lock()
        self._wrapped: dict[tuple[bytes, bytes], bytes] = {}
        if self._path.exists():
            raw = self._path.read_bytes()
            whole = len(raw) - len(raw) % _RECORD  # a torn last record was never acknowledged
            for start in range(0, whole, _RECORD):
                record = raw[start:start + _RECORD]
                self._wrapped[record[:1], record[1:17]] = record[17:]
            if whole != len(raw):
                write_durably(self._path, raw[:whole])

    def copy_to(self, folder: Path) -> None:
        """Write the keys that stand now over an earlier copy of them: what was destroyed since is gone there too."""
        with self._lock:
            if self._path.exists():
                write_durably(folder / self._path.name, self._path.read_bytes())

    def ensure(self, kind: KeyKind, *owners: str) -> None:
        """Make keys for the owners (32 hex digits each) that have none; durable when this returns."""
        with self._lock:
            fresh = {}
            for owner in owners:
                place = (kind.value, bytes.fromhex(owner))
                if place not in self._wrapped and place not in fresh:
                    nonce = secrets.token_bytes(_NONCE)
                    key = AESGCM.generate_key(256)
                    fresh[place] = nonce + self._master.encrypt(nonce, key, place[0] + place[1])
            if not fresh:
                return
            new = not self._path.exists()
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(descriptor, b"".join(place[0] + place[1] + rest for place, rest in fresh.items()))
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            if new:
                sync_folder(self._path.parent)
            self._wrapped |= fresh

    def seal(self, kind: KeyKind, owner: str, text: str, place: str) -> bytes:
        """Encrypt free text under the owner's key, bound to its place (table and row). Makes the key first."""
        return self.seal_bytes(kind, owner, text.encode("utf-8"), place)

    def seal_bytes(self, kind: KeyKind, owner: str, content: bytes, place: str) -> bytes:
        """As `seal`, for bytes: a package, a scan."""
        self.ensure(kind, owner)
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher(kind, owner).encrypt(nonce, content, f"{place}|{owner}".encode())

    def open(self, kind: KeyKind, owner: str, sealed: bytes, place: str) -> str:
        """Decrypt what `seal` made. Raises NotFound when the key was destroyed."""
        return self.open_bytes(kind, owner, sealed, place).decode("utf-8")

    def open_bytes(self, kind: KeyKind, owner: str, sealed: bytes, place: str) -> bytes:
        """As `open`, for bytes. Text moved to another row or person does not open."""
        try:
            return self._cipher(kind, owner).decrypt(sealed[:_NONCE], sealed[_NONCE:], f"{place}|{owner}".encode())
        except InvalidTag:
            raise NotFound("This text does not belong here: it was sealed for another person or place.") from None

    def destroy(self, kind: KeyKind, *owners: str) -> int:
        """Destroy the owners' keys for good, all with one rewrite; repeatable. Returns how many there were.

        Raises Refused where the file cannot be written: the keys then stand as they were, here as on the disk.
        """
        with self._lock:
            going = {place for owner in owners if (place := (kind.value, bytes.fromhex(owner))) in self._wrapped}
            if going:
                staying = {place: rest for place, rest in self._wrapped.items() if place not in going}
                try:
                    write_durably(self._path, b"".join(place[0] + place[1] + rest for place, rest in staying.items()))
                except OSError as fault:
                    raise Refused(
                        f"{self._path.name} cannot be written ({fault.strerror or type(fault).__name__}), so no key was "
                        "destroyed. Free space and see to its folder; the desk tries again each hour and at its start."
                    ) from None
                self._wrapped = staying
            return len(going)

    def holds(self, kind: KeyKind, owner: str) -> bool:
        """Whether the owner has a key that was not destroyed."""
        return (kind.value, bytes.fromhex(owner)) in self._wrapped

    def _cipher(self, kind: KeyKind, owner: str) -> AESGCM:
        place = (kind.value, bytes.fromhex(owner))
        wrapped = self._wrapped.get(place)
        if wrapped is None:
            raise NotFound("The key of this text was destroyed: it can no longer be read.")
        return AESGCM(self._master.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], place[0] + place[1]))


def seal_text(key: bytes, text: str, place: str) -> bytes:
    """Encrypt a text under a 32-byte key, bound to its place."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, text.encode("utf-8"), place.encode())


def unseal_text(key: bytes, sealed: bytes, place: str) -> str:
    """Decrypt what `seal_text` made. Raises NotFound for another key or place."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode()).decode("utf-8")
    except InvalidTag:
        raise NotFound("This secret does not belong here.") from None
