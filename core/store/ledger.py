"""The ledger beside the database: what no restored backup may undo, in lines that only this store can have written.

`<store>.ledger` is a journal (durable.py) with one JSON line an entry. A line's seal is an HMAC under the store's secret
over the seal before and the line's own content, so that a changed, moved, missing or foreign line shows; lines cut from
the end show against the marks that the store keeps of it. What stands in it are pseudonyms and keyed hashes, never a
value of a person.
"""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.law.errors import Refused
from core.store.durable import Journal, replace
from core.store.files import beside

ERASED, SUPPRESSED, RESTRICTED, ENDED = "erased", "suppressed", "restricted", "ended"
ERASING, NOT_ERASED = "erasing", "not_erased"
PROVED = "proved"
BACKUP, FORGOTTEN, PURGED, RESTORED = "backup", "forgotten", "purged", "restored"
KINDS = (ERASING, ERASED, NOT_ERASED, SUPPRESSED, RESTRICTED, ENDED, PROVED, BACKUP, FORGOTTEN, PURGED, RESTORED)
_START = bytes(32)


class LedgerBroken(Refused):
    """The ledger is not what this store wrote."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to remember: its kind, whom or what it is about, how far it reaches, and when it happened (UTC).

    `erasing`: the erasure of `ref` is about to be committed; `erased` or `not_erased` follows once it is known which. Where
    the store is lost before that, it counts as done: it was approved, and carried out but for its last step.
    `proved`: `ref` is the keyed hash under which an erased person's consent can still be proven, the scope says which, on
    what ground, and until when.
    `purged`: `ref` is how many entries the ledger had when the copy was begun; what they erased is gone to the bytes.
    `backup`: `ref` is the backup's name, and the scope starts with that same number. `forgotten`: a backup's name.
    The scopes of `purged`, `backup` and `restored` end with the count and the head of the log in the new file; that of
    `restored` starts with the count and the head of the log that it replaced.
    """

    kind: str
    ref: str
    scope: str
    happened_at: datetime


class Ledger:
    """The ledger of one store, read and checked when it is opened, then only appended to."""

    def __init__(self, store: Path, key: bytes) -> None:
        """Read the ledger under the store's secret for it. Raises LedgerBroken with what to do."""
        self._journal = Journal(beside(store, ".ledger"))
        self._key = key
        self._lock = threading.Lock()
        self._entries: list[Entry] = []
        self._last: dict[tuple[str, str], int] = {}  # kind and ref: the place of their newest entry
        self._seals: list[bytes] = [_START]  # after that many entries
        self._read()

    def add(self, kind: str, ref: str, scope: str, happened_at: datetime) -> None:
        """Write an entry down; it is durable when this returns.

        Raises Refused where the disk does not take it: what it stands for must then not happen.
        """
        self.add_all([Entry(kind, ref, scope, happened_at)])

    def add_all(self, entries: Sequence[Entry]) -> None:
        """Write several entries down with one wait for the disk, all or none; otherwise as `add`."""
        if unknown := next((each.kind for each in entries if each.kind not in KINDS), ""):
            raise ValueError(f"no kind of ledger entry: {unknown}")
        if not entries:
            return
        with self._lock:
            seals = [self._seals[-1]]
            for entry in entries:
                seals.append(self._sealed(seals[-1], entry))
            self._journal.append([_line(*each) for each in zip(entries, seals[1:], strict=True)])
            for entry, seal in zip(entries, seals[1:], strict=True):
                self._remember(entry, seal)

    def entries(self, *kinds: str) -> Iterator[Entry]:
        """Give the entries in the order in which they were written, only those of the kinds where any is named."""
        with self._lock:
            known = list(self._entries)
        return (entry for entry in known if not kinds or entry.kind in kinds)

    def last(self, ref: str, *kinds: str) -> Entry | None:
        """Return the newest entry about `ref` of one of the kinds, which is the one written last."""
        with self._lock:
            found = [place for kind in kinds if (place := self._last.get((kind, ref))) is not None]
            return self._entries[max(found)] if found else None

    def copy_to(self, folder: Path) -> None:
        """Write the ledger as it stands over an earlier copy of it."""
        with self._lock:
            if self._journal.path.exists():
                replace(folder / self._journal.path.name, self._journal.path.read_bytes())

    def mark(self) -> tuple[int, bytes]:
        """Return how many entries there are, and the seal of the last: by it a later reader knows that none is missing."""
        with self._lock:
            return len(self._entries), self._seals[-1]

    def reaches(self, entries: int, seal: bytes) -> bool:
        """Whether the ledger has at least that many entries, the last of them with this seal."""
        with self._lock:
            return entries < len(self._seals) and hmac.compare_digest(self._seals[entries], seal)

    def __len__(self) -> int:
        return len(self._entries)

    def _remember(self, entry: Entry, seal: bytes) -> None:
        self._last[entry.kind, entry.ref] = len(self._entries)
        self._entries.append(entry)
        self._seals.append(seal)

    def _read(self) -> None:
        path = self._journal.path
        former = path.exists() and path.read_bytes()[:1] == b"{"  # lines without frames, before there were journals
        if former:
            raw = path.read_bytes()
            lines = tuple(raw[: raw.rfind(b"\n") + 1].splitlines())  # a torn last line was never acknowledged
        else:
            lines = self._journal.read().contents
        for number, line in enumerate(lines, 1):
            try:
                fields = json.loads(line.decode("ascii"))
                entry = Entry(
                    str(fields["kind"]), str(fields["ref"]), str(fields["scope"]),
                    datetime.fromisoformat(fields["happened_at"]),
                )
                seal = self._sealed(self._seals[-1], entry)
                sound = hmac.compare_digest(line, _line(entry, seal))
            except (ValueError, KeyError, TypeError):
                sound = False
            if not sound:
                raise LedgerBroken(
                    f"Entry {number} of {path.name} is not what this store wrote: the file was changed, or belongs "
                    "to another store. Put back an unharmed copy; without it erased people could come back."
                )
            self._remember(entry, seal)
        if former and lines:
            self._journal.rewrite(lines)

    def _sealed(self, before: bytes, entry: Entry) -> bytes:
        content = json.dumps([entry.kind, entry.ref, entry.scope, entry.happened_at.isoformat()]).encode("ascii")
        return hmac.new(self._key, before + content, hashlib.sha256).digest()


def _line(entry: Entry, seal: bytes) -> bytes:
    fields = {
        "kind": entry.kind, "ref": entry.ref, "scope": entry.scope, "happened_at": entry.happened_at.isoformat(),
        "seal": seal.hex(),
    }
    return json.dumps(fields, separators=(",", ":")).encode("ascii")
