"""The physical purge: the store written anew under a new key, the old file replaced, the old key destroyed.

Each step leaves a store that opens with everything acknowledged: until the rename the old file and its key stand;
after it the new file stands, and its key was durable before the file was there. Opening settles what was cut off.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from core.law.errors import NotPossible, Refused
from core.store import duckdb as engine
from core.store.copying import copy_store
from core.store.durable import reason, sync_file, sync_folder
from core.store.files import beside
from core.store.ledger import PURGED

if TYPE_CHECKING:
    from core.store.engine import Store

PATIENCE = 15.0  # seconds to wait for open cursors before the switch
ROOM = 1.2  # times the store's size that must be free for the copy
PURGE = "purge"
STEPS = ("key", "copy", "wait", "close", "rename", "open", "done")
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge did: since when it counts, the file's size before and after, the rows, and how long nobody could read."""

    started_at: datetime
    bytes_before: int
    bytes_after: int
    rows: int
    seconds: float
    seconds_stopped: float


def purge(store: "Store", now: datetime, told: Told = lambda _: None, patience: float = PATIENCE) -> Purged:
    """Write the store anew without what was deleted before `now`; reads go on but for the moment of the switch.

    `told` hears the name of each of STEPS before it is done. Raises Refused with what to do; the store then stands as
    it was, and the unfinished copy is gone.
    """
    with copying_alone(store), store.writing():
        begun, before = monotonic(), store.path.stat().st_size
        target = next_file(store.path)
        leave_room(store.path, before)
        told("key")
        known = f"{len(store.ledger)} {store.tip.count} {store.tip.head.hex()}"
        key = store.secrets.prepare(f"{PURGE} {now.isoformat()} {known}")
        replacing = False
        try:
            told("copy")
            with store.cursor() as cursor:
                rows = copy_store(cursor, target, key)
            told("wait")
            with store.generations.change(patience) as close:
                stopped = monotonic()
                told("close")
                close()
                clear_side(store.path, "spill")
                told("rename")
                replacing = True
                replace_file(store.path, target)
                told("open")
        except BaseException:
            if not replacing:  # from there on only opening can tell which of the two keys is the file's
                clear_side(store.path, "next")
                store.secrets.discard()
            raise
        told("done")
        return Purged(now, before, store.path.stat().st_size, rows, monotonic() - begun, monotonic() - stopped)


@contextmanager
def copying_alone(store: "Store") -> Iterator[None]:
    """Let nobody else copy the store meanwhile. Raises NotPossible where somebody does."""
    if not store.copying.acquire(blocking=False):
        raise NotPossible("A purge or a backup is under way. Wait until it is done.")
    try:
        yield
    finally:
        store.copying.release()


def next_file(path: Path) -> Path:
    """Return where the copy of a store is made: in the one folder that the engine may write to."""
    clear_side(path, "next")
    return beside(path, ".d") / "next" / path.name


def leave_room(path: Path, size: int) -> None:
    """Raise Refused where the disk has no room for one more copy."""
    free = shutil.disk_usage(path.parent).free
    if free < size * ROOM:
        raise Refused(
            f"A copy of the store needs {size * ROOM / 2**20:,.0f} MB, and {free / 2**20:,.0f} MB are free beside it. "
            "Free space, then try again."
        )


def replace_file(path: Path, fresh: Path) -> None:
    """Put the closed file `fresh` into the place of the closed store. Raises Refused where the store's log is left."""
    for log in (beside(path, ".wal"), beside(fresh, ".wal")):
        if log.exists():
            raise Refused(f"The engine left {log.name} behind. Nothing was changed; run doctor, then try again.")
    try:
        fresh.chmod(0o600)
        sync_file(fresh)
        fresh.replace(path)
        sync_folder(path.parent)
        sync_folder(fresh.parent)
    except OSError as fault:
        raise Refused(
            f"The new file could not take the old one's place ({reason(fault)}). "
            "The store stands as it was."
        ) from None


def open_either(store: "Store") -> engine.Cursor:
    """Open the store's file under its key or, after a switch, under the next one; the other key is destroyed."""
    secrets = store.secrets
    try:
        connection = engine.connect(store.path, secrets.current)
    except engine.WrongKey:
        if secrets.next is None:
            raise
        connection = engine.connect(store.path, secrets.next)
        try:
            what, *rest = secrets.next_for.split(" ")
            if what == PURGE:
                since, known, count, head = rest
                store.ledger.add(PURGED, known, f"{count} {head}", datetime.fromisoformat(since))
            secrets.promote()
        except BaseException:
            connection.close()
            raise
        return connection
    if secrets.next is not None:
        clear_side(store.path, "next")
        secrets.discard()
    return connection


def clear_side(path: Path, *names: str) -> None:
    """Delete what lies in the named side folders: `spill` of the engine, which must be closed, and `next`, a copy."""
    for name in names:
        folder = beside(path, ".d") / name
        for left in folder.iterdir() if folder.exists() else ():
            if left.is_dir() and not left.is_symlink():
                shutil.rmtree(left)
            else:
                left.unlink(missing_ok=True)
