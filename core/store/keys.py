"""The keys of people, cases and proof documents, wrapped by the master key in `<store>.keys`.

None of them lies in the database or its backups. A subject key dies with the erasure of the person; a case key
dies when the request file's own retention ends; the key of a proof document when the check's outcome is recorded.

The file is a journal (durable.py) of two kinds of record: a key, and a mark that one was destroyed, which only the
holder of the master key can make. The store has a row for every key it ever needed: a row without its key and without
its mark is a loss, and no lawful end.
"""

import hashlib
import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.law.errors import NotFound
from core.store.durable import MAGIC, Journal, Unwritten, replace
from core.store.filekey import KeyMissing
from core.store.files import beside

_NONCE, _OWNER, _DIGEST, _TAG = 12, 16, 16, 16
_WRAPPED = _NONCE + 32 + _TAG
_KEY, _GONE = b"k", b"g"  # the first byte of a record
_FORMER = 1 + _OWNER + _WRAPPED  # the fixed records of files made before there were journals
Place = tuple[bytes, bytes]  # kind and owner


class KeyKind(Enum):
    """Whose key: a data subject's profile texts, a case file, or one proof document."""

    SUBJECT = b"s"
    CASE = b"c"
    PROOF = b"p"


@dataclass(frozen=True, slots=True)
class KeyRow:
    """What the store notes of a key: its kind, its owner (32 hex digits) and the digest of its wrapped form."""

    kind: str
    owner: str
    digest: bytes


class KeyRing:
    """The keys that stand, and the marks of those that were destroyed."""

    def __init__(self, store: Path, master: bytes) -> None:
        """Read the file. Raises KeyMissing where a mark in it was not made under this master key."""
        self._journal = Journal(beside(store, ".keys"))
        self._master = AESGCM(master)
        self._lock = threading.Lock()
        self._wrapped: dict[Place, bytes] = {}
        self._gone: dict[bytes, bytes] = {}  # digest -> the record of its mark
        self._unlisted: dict[bytes, KeyRow] = {}  # made since, and in no row of the store yet
        self.damaged = 0  # places of the file that are no whole record
        self._read()

    @property
    def name(self) -> str:
        """The name of the file."""
        return self._journal.path.name

    def copy_to(self, folder: Path) -> None:
        """Write the keys that stand now over an earlier copy of them: what was destroyed since is gone there too."""
        with self._lock:
            if self._journal.path.exists():
                replace(folder / self.name, self._journal.path.read_bytes())

    def ensure(self, kind: KeyKind, *owners: str) -> None:
        """Make keys for the owners (32 hex digits each) that have none; durable when this returns."""
        with self._lock:
            fresh: dict[Place, bytes] = {}
            for owner in owners:
                place = (kind.value, bytes.fromhex(owner))
                if place not in self._wrapped and place not in fresh:
                    nonce = secrets.token_bytes(_NONCE)
                    fresh[place] = nonce + self._master.encrypt(nonce, AESGCM.generate_key(256), place[0] + place[1])
            if not fresh:
                return
            self._journal.append([_key_record(place, wrapped) for place, wrapped in fresh.items()])
            self._wrapped |= fresh
            for place, wrapped in fresh.items():
                row = _row(place, wrapped)
                self._unlisted[row.digest] = row

    def unlisted(self) -> tuple[KeyRow, ...]:
        """Return the keys that no row of the store tells of yet: the next commit writes them down."""
        if not self._unlisted:  # read without the lock: whoever needs a key made it before, in this thread
            return ()
        with self._lock:
            return tuple(self._unlisted.values())

    def listed(self, rows: Iterable[KeyRow]) -> None:
        """Know that rows of these keys are durable in the store."""
        with self._lock:
            for row in rows:
                self._unlisted.pop(row.digest, None)

    def every(self) -> tuple[KeyRow, ...]:
        """Return a row for each key that stands."""
        with self._lock:
            return tuple(_row(place, wrapped) for place, wrapped in self._wrapped.items())

    def shut(self) -> int:
        """Return how many keys of the first of each kind the master key does not open."""
        with self._lock:
            first = {place[0]: (place, wrapped) for place, wrapped in reversed(self._wrapped.items())}
        return sum(not self._opens(place, wrapped) for place, wrapped in first.values())

    def digests(self) -> list[bytes]:
        """Return the digest of each key that stands, and of each that was destroyed."""
        with self._lock:
            return [*(_digest(place, wrapped) for place, wrapped in self._wrapped.items()), *self._gone]

    def give_up(self, rows: Iterable[KeyRow]) -> None:
        """Mark keys that are lost for good: what they sealed stays unreadable, and the store opens again."""
        with self._lock:
            marks = {row.digest: self._mark(row.digest) for row in rows}
            if marks:
                self._journal.append(list(marks.values()))
                self._gone |= marks

    def encrypt(self, kind: KeyKind, owner: str, content: bytes, place: str) -> bytes:
        """Encrypt under the owner's key, bound to the owner and a place. Makes the key first."""
        self.ensure(kind, owner)
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher(kind, owner).encrypt(nonce, content, f"{place}|{owner}".encode())

    def decrypt(self, kind: KeyKind, owner: str, sealed: bytes, place: str) -> bytes:
        """Decrypt what `encrypt` made.

        Raises NotFound when the key was destroyed, or when it was encrypted for another owner or place.
        """
        cipher = self._cipher(kind, owner)
        try:
            return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], f"{place}|{owner}".encode())
        except (InvalidTag, ValueError):  # the latter where too few bytes are left
            raise NotFound("This text does not belong here: it was encrypted for another person or place.") from None

    def destroy(self, kind: KeyKind, *owners: str) -> int:
        """Destroy the owners' keys for good, all with one rewrite; repeatable. Returns how many there were.

        Raises Refused where the file cannot be written: the keys then stand as they were, here as on the disk.
        """
        with self._lock:
            going = {place for owner in owners if (place := (kind.value, bytes.fromhex(owner))) in self._wrapped}
            if going:
                staying = {place: wrapped for place, wrapped in self._wrapped.items() if place not in going}
                digests = [_row(place, self._wrapped[place]).digest for place in going]
                gone = self._gone | {digest: self._mark(digest) for digest in digests}
                try:
                    self._write(staying, gone)
                except Unwritten as fault:
                    raise Unwritten(f"{fault} No key was destroyed; the desk tries again each hour and at its start.") from None
                self._wrapped, self._gone = staying, gone
                for digest in digests:
                    self._unlisted.pop(digest, None)
            return len(going)

    def holds(self, kind: KeyKind, owner: str) -> bool:
        """Whether the owner has a key that was not destroyed."""
        return (kind.value, bytes.fromhex(owner)) in self._wrapped

    def _opens(self, place: Place, wrapped: bytes) -> bool:
        try:
            self._master.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], place[0] + place[1])
        except InvalidTag:
            return False
        return True

    def _read(self) -> None:
        path = self._journal.path
        raw = path.read_bytes() if path.exists() else b""
        if raw[:1] in {kind.value for kind in KeyKind} and MAGIC not in raw:
            self._read_former(raw)
            self._write(self._wrapped, {})
            return
        found = self._journal.read()
        self.damaged = len(found.damaged)
        for record in found.contents:
            kind, rest = record[:1], record[1:]
            if kind == _KEY and len(rest) == 1 + _OWNER + _WRAPPED:
                self._wrapped[rest[:1], rest[1:1 + _OWNER]] = rest[1 + _OWNER:]
            elif kind == _GONE and len(rest) == _DIGEST + _NONCE + _TAG:
                self._gone[rest[:_DIGEST]] = record
                self._require_ours(rest)

    def _read_former(self, raw: bytes) -> None:
        for start in range(0, len(raw) - len(raw) % _FORMER, _FORMER):
            record = raw[start:start + _FORMER]
            self._wrapped[record[:1], record[1:1 + _OWNER]] = record[1 + _OWNER:]

    def _write(self, wrapped: dict[Place, bytes], gone: dict[bytes, bytes]) -> None:
        self._journal.rewrite([*(_key_record(place, each) for place, each in wrapped.items()), *gone.values()])

    def _mark(self, digest: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        return _GONE + digest + nonce + self._master.encrypt(nonce, b"", b"gone" + digest)  # and nobody's reference

    def _require_ours(self, rest: bytes) -> None:
        digest, nonce, seal = rest[:_DIGEST], rest[_DIGEST:_DIGEST + _NONCE], rest[_DIGEST + _NONCE:]
        try:
            self._master.decrypt(nonce, seal, b"gone" + digest)
        except InvalidTag:
            raise KeyMissing(f"{self.name} was changed, or belongs to another store: put back an unharmed copy.") from None

    def _cipher(self, kind: KeyKind, owner: str) -> AESGCM:
        place = (kind.value, bytes.fromhex(owner))
        wrapped = self._wrapped.get(place)
        if wrapped is None:
            raise NotFound("The key of this text was destroyed: it can no longer be read.")
        try:
            return AESGCM(self._master.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], place[0] + place[1]))
        except InvalidTag:
            raise KeyMissing(f"{self.name} holds a key that the master key does not open: put back an unharmed copy.") from None


def _key_record(place: Place, wrapped: bytes) -> bytes:
    return _KEY + place[0] + place[1] + wrapped


def _digest(place: Place, wrapped: bytes) -> bytes:
    return hashlib.sha256(place[0] + place[1] + wrapped).digest()[:_DIGEST]


def _row(place: Place, wrapped: bytes) -> KeyRow:
    return KeyRow(place[0].decode("ascii"), place[1].hex(), _digest(place, wrapped))


def encrypt_text(key: bytes, text: str, place: str) -> bytes:
    """Encrypt a text under a 32-byte key, bound to its place."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, text.encode("utf-8"), place.encode())


def decrypt_text(key: bytes, sealed: bytes, place: str) -> str:
    """Decrypt what `encrypt_text` made. Raises NotFound for another key or place."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode()).decode("utf-8")
    except (InvalidTag, ValueError):
        raise NotFound("This secret does not belong here.") from None
