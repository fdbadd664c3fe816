"""The log's anchor: how many entries the log has and its head, written outside the database while acts happen.

A log that is cut, or written anew, verifies by itself; against a head that is kept elsewhere it does not. `<store>.anchor`
holds the last one, sealed with the store's secret: within a second of every act, at every checkpoint and at the end.
Its form is in docs/audit-log.md.
"""

import hmac
import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.law.errors import Refused
from core.store.durable import Unwritten, replace
from core.store.files import beside

FORMAT, VERSION = "rightsdesk-anchor", 1
EVERY = 1.0  # seconds


class AnchorBroken(Refused):
    """The anchor is missing, or is not one that this store wrote."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a chain stood at a moment (UTC): how many entries, and the hash of the last."""

    chain: str
    count: int
    head: bytes
    written_at: datetime


def read_anchor(store: Path, key: bytes) -> Anchor | None:
    """Return the anchor beside a store, or None where there is none. Raises AnchorBroken where it is not this store's."""
    path = beside(store, ".anchor")
    try:
        fields = json.loads(path.read_bytes().decode("ascii"))
        anchor = Anchor(
            str(fields["chain"]), int(fields["count"]), bytes.fromhex(fields["head"]), datetime.fromisoformat(fields["at"]),
        )
        sound = hmac.compare_digest(path.read_bytes(), _line(anchor, key))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        sound = False
    if not sound:
        raise AnchorBroken(f"{path.name} is not what this store wrote: put back an unharmed copy.")
    return anchor


def write_anchor(store: Path, key: bytes, anchor: Anchor) -> None:
    """Put the anchor beside a store. Raises Unwritten where the disk does not take it."""
    replace(beside(store, ".anchor"), _line(anchor, key))


def _line(anchor: Anchor, key: bytes) -> bytes:
    fields: dict[str, object] = {
        "format": FORMAT, "version": VERSION, "chain": anchor.chain, "count": anchor.count, "head": anchor.head.hex(),
        "at": anchor.written_at.replace(tzinfo=UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
    }
    seal = hmac.new(key, _plain(fields), "sha256").hexdigest()
    return _plain(fields | {"seal": seal}) + b"\n"


def _plain(fields: dict[str, object]) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode("ascii")


class Anchoring:
    """Writes the anchor in a thread of its own: at once where a second has passed since the last, else when it has.

    `present` returns the anchor of this moment. Where the disk does not take it, `require` refuses the next act. While
    `fault` says that log and anchor do not fit, nothing is written: the old anchor is the only witness.
    """

    def __init__(self, store: Path, key: bytes, present: Callable[[], Anchor]) -> None:
        self._store, self._key, self._present = store, key, present
        self._moved, self._ending = threading.Event(), threading.Event()
        self._turn = threading.Lock()
        self._thread: threading.Thread | None = None
        self._written: tuple[int, bytes] | None = None
        self._trouble: Unwritten | None = None
        self.fault = ""

    def moved(self) -> None:
        """Hear that the log has grown."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="anchor", daemon=True)
            self._thread.start()
        self._moved.set()

    def require(self) -> None:
        """Before an act: where the last anchor was not taken, try again. Raises Unwritten with what to do."""
        if self._trouble is not None:
            self.write()

    def write(self) -> None:
        """Write the anchor of this moment, unless it stands there. Raises Unwritten."""
        with self._turn:
            anchor = self._present()
            if self.fault or self._written == (anchor.count, anchor.head):
                return
            try:
                write_anchor(self._store, self._key, anchor)
            except Refused as fault:
                self._trouble = Unwritten(f"The log cannot be anchored, so nothing more is done. {fault}")
                raise self._trouble from None
            self._written, self._trouble = (anchor.count, anchor.head), None

    def end(self) -> None:
        """Write the last anchor and end the thread; a disk that is full keeps nobody from closing."""
        self._ending.set()
        self._moved.set()
        if self._thread is not None:
            self._thread.join()
        with suppress(Refused):
            self.write()

    def _run(self) -> None:
        while not self._ending.is_set():
            self._moved.wait()
            self._moved.clear()
            with suppress(Refused):  # `require` tells whoever acts next; a store that is just changing is anchored after
                self.write()
            self._ending.wait(EVERY)
