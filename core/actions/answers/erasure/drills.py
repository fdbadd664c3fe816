"""A restore tried on an empty folder: whether a backup opens, its log joins up, and nobody who was erased comes back.

Nothing of the store itself is touched but its log. The folder lies beside it, holds the same sealed files as a restore
would, and is deleted at the end, and by the next try where this one was cut off.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from core.actions.answers.erasure.restores import Settled, restore
from core.actions.desk import things
from core.actions.desk.act import act, look, new_id, repeated
from core.actions.desk.desk import Desk
from core.actions.oversight.proof import stored
from core.actions.oversight.purges import backups
from core.audit.chain import verify_chain
from core.connectors import erased
from core.law.acts import Act
from core.law.errors import Refused
from core.store.backup import copy_keys, read_backup
from core.store.engine import Store
from core.store.filekey import master_key
from core.store.files import beside
from core.store.purge import Told, copying_alone

EVERY = timedelta(days=100)  # a restore is tried once a quarter


@dataclass(frozen=True, slots=True)
class Drill:
    """What came of one try: `trouble` is empty where the store came back whole, else the sentence that says why not.

    `entries` are those of the log, `people` those in the profile store after the ledger was repeated.
    """

    backup: str
    made_at: datetime | None
    done_at: datetime
    seconds: float
    entries: int = 0
    people: int = 0
    erased_again: int = 0
    stopped_again: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """The last try, and whether it is time for one: the last failed, or lies back too long, and there are backups."""

    last: Drill | None
    due: bool


def drill(desk: Desk, folder: Path, user: str, told: Told = lambda _: None) -> Drill:
    """Bring the backup in `folder` back beside the store, repeat the ledger there, check it, and delete it again.

    The result is entered in the log and shown on the desk, a failed one too. Raises Refused where the folder is no backup
    of this store or another copy is under way: then nothing was tried.
    """
    made, keys = read_backup(folder, master_key(desk.store.path))
    if not desk.store.secrets.same_store(keys):
        raise Refused(f"{folder.name} is a backup of another store.")
    _begin(desk, made.name)
    begun, settled, people, trouble = monotonic(), Settled(0, 0, 0, False), 0, ""
    with copying_alone(desk.store):  # that another copy is under way says nothing of the backup
        try:
            with _apart(desk.store) as place:
                opened, _, settled = restore(place, folder, user, desk.now, told=told)
                try:
                    told("check")
                    people = _check(opened, desk.now)
                finally:
                    opened.close()
        except Refused as fault:
            trouble = str(fault)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the backup did not come back, and its text may hold a value
            trouble = f"It failed ({type(fault).__name__})."
    done = Drill(
        made.name, made.made_at, desk.now, monotonic() - begun, made.entries, people, settled.erased, settled.suppressed, trouble
    )
    _enter(desk, done)
    return done


def standing(desk: Desk) -> Standing:
    """Return the last try and whether another is due. A store without a backup has nothing to try."""
    with look(desk, Act.STORE_LOOK) as now:
        row = now.tx.one("drills.last")
    last = None if row is None else Drill(
        row["backup"], row["made_at"], row["done_at"], row["milliseconds"] / 1000, row["entries"], row["people"],
        row["erased_again"], row["stopped_again"], row["trouble"],
    )
    known = [each for each in backups(desk) if each.forgotten_at is None]
    late = last is None or bool(last.trouble) or last.done_at < desk.now - EVERY
    return Standing(last, late and bool(known))


@contextmanager
def _apart(store: Store) -> Iterator[Path]:
    """Give where the backup is brought back: an empty folder of its own with the keys and the ledger as they are now."""
    folder = beside(store.path, ".drill")
    shutil.rmtree(folder, ignore_errors=True)
    place = folder / store.path.name
    try:
        copy_keys(store, folder)
        for suffix in (".key", ".anchor"):  # as where the machine is lost: they come with the backup
            beside(place, suffix).unlink(missing_ok=True)
        if (master := beside(store.path, ".master")).exists():
            shutil.copy2(master, beside(place, ".master"))
        yield place
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check(store: Store, now: datetime) -> int:
    """Return how many people a store that came back holds. Raises Refused where its log or an erasure does not hold."""
    with store.transaction() as tx:
        report = verify_chain(stored(tx, store.chain), chain=store.chain)
        if not report.ok:
            raise Refused(f"The log that came back is not sound. {report.first_fault}")
        again = erased.replay(store, tx, tuple(store.ledger.entries()), now, restored=False)
        if again:  # seen inside a transaction that ends here: nothing of it stands
            raise Refused(f"{len(again)} erased people stood in the store that came back.")
        return int((tx.one("drills.people") or {})["people"])


@repeated
def _begin(desk: Desk, backup: str) -> None:
    with act(desk, Act.STORE_DRILL, things.backup(backup)) as now:
        now.detail["step"] = "begun"


@repeated
def _enter(desk: Desk, done: Drill) -> None:
    with act(desk, Act.STORE_DRILL, things.backup(done.backup)) as now:
        now.tx.run(
            "drills.add", id=new_id(desk.now), backup=done.backup, made_at=done.made_at, now=desk.now,
            milliseconds=round(done.seconds * 1000), entries=done.entries, people=done.people, erased_again=done.erased_again,
            stopped_again=done.stopped_again, trouble=done.trouble,
        )
        now.detail |= {
            "step": "done", "sound": int(not done.trouble), "entries": done.entries, "people": done.people,
            "erased_again": done.erased_again, "suppressed_again": done.stopped_again,
        }
