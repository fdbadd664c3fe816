"""The end of an erasure outside the database: its entry in the ledger, and the destruction of the person's key.

The ledger knows of an erasure before its commit and of its outcome after it, so that no moment of dying leaves one out.
Whatever comes after the commit is done by a task, and finished by each start and each hour where the task could not.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.actions.answers.erasure.erasure_words import outcome
from core.actions.answers.planned import PlanBody, read_body
from core.actions.desk import things
from core.actions.desk.act import Now, act, look, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.tasks import Task, enqueue
from core.connectors import erased, local
from core.law.acts import Act
from core.law.errors import NotFound
from core.law.workflow import Closing
from core.store.engine import Row, Store
from core.store.keys import KeyKind
from core.store.ledger import ERASED, ERASING, NOT_ERASED, Entry

BATCH = 10_000  # people finished in one act
GRACE = timedelta(minutes=15)  # what is not finished for longer than this is told


@dataclass(frozen=True, slots=True)
class Unfinished:
    """How many erased people's keys or entries in the ledger still wait, and since when the first does."""

    people: int
    since: datetime


def note_ahead(desk: Desk, now: Now, row: Row, body: PlanBody) -> None:
    """Note an erasure in the ledger as the last step before its commit, and leave behind the task that finishes it.

    Raises Refused where the ledger cannot be written: the erasure then does not happen.
    """
    if row["system"] != local.SYSTEM or outcome(body) is Closing.REFUSED:
        return
    subject, ledger = row["subject_ref"], desk.store.ledger
    entry = Entry(ERASING, subject, _scope(now, subject, body, row["id"]), desk.now)
    last = ledger.last(subject, ERASING, ERASED, NOT_ERASED)
    if last is None or (last.kind, last.scope) != (ERASING, entry.scope):  # a try before this one noted the same
        ledger.add_all([entry])
    enqueue(desk, now, Task.DESTROY_KEY, subject)


@repeated
def finish(desk: Desk, subject_ref: str | None = None) -> int:
    """Enter in the ledger how erasures ended, destroy the keys that are due; return of how many people. May be repeated.

    With a subject, nothing is looked for unless something of theirs waits. The ledger comes first: an entry too many does
    no harm, and a backup restored without one would bring the person back. Raises Refused where ledger or keys cannot be
    written; what waits then waits on.
    """
    with act(desk, Act.KEY_DESTROY, things.subject_key(subject_ref) if subject_ref else None) as now:
        waiting = _waiting(desk, now, subject_ref)
        if waiting and subject_ref:
            waiting |= _waiting(desk, now, None)  # one rewrite of the keys for everybody who waits
        if not waiting:
            now.unlogged = True
            return 0
        first = dict(list(waiting.items())[:BATCH])
        now.subject, *now.others = first
        now.object_kind, now.object_id = "subject", now.subject if len(first) == 1 else None
        desk.store.ledger.add_all([each for each in first.values() if each is not None])
        going = erased.keys_due(
            desk.store, now.tx, [entry for ref in first if (entry := desk.store.ledger.last(ref, ERASED)) is not None]
        )
        now.detail |= {"people": len(first), "destroyed": desk.store.keys.destroy(KeyKind.SUBJECT, *going)}
    return len(first)


def unfinished(desk: Desk) -> Unfinished | None:
    """Return what still waits a while after its erasure, or None: an alarm, for somebody must see to the files."""
    with look(desk, Act.STORE_LOOK) as now:
        ledger = desk.store.ledger
        since = [row["ended_at"] for row in _unnoted(desk.store, now, None)]
        since += [
            entry.happened_at for ref in erased.keys_due(desk.store, now.tx, ledger.entries())
            if (entry := ledger.last(ref, ERASED)) is not None
        ]
    late = [moment for moment in since if moment < desk.now - GRACE]
    return Unfinished(len(late), min(late)) if late else None


def settle_open(store: Store, *, there: bool) -> None:
    """Enter how the erasures ended that the ledger knows only as begun: before and after another file takes the place.

    While the store is `there`, it tells. Where it was lost they count as done: they were approved and all but committed.
    """
    for entry in erased.unsettled(store):
        with store.transaction() as tx:
            row = tx.one("carrying.one", id=erased.carrying_of(entry))
        done = not there or (row is not None and row["state"] == "done")
        ending = erased.settled(entry) if done else Entry(NOT_ERASED, entry.ref, "", entry.happened_at)
        store.ledger.add_all([ending])


def _waiting(desk: Desk, now: Now, subject: str | None) -> dict[str, Entry | None]:
    """Return whose ledger or key waits; with the entry that the ledger lacks."""
    ledger = desk.store.ledger
    known = ledger.entries() if subject is None else filter(None, [ledger.last(subject, ERASED)])
    found: dict[str, Entry | None] = dict.fromkeys(erased.keys_due(desk.store, now.tx, known))
    found |= {row["subject_ref"]: _ending(desk, now, row) for row in _unnoted(desk.store, now, subject)}
    for entry in erased.unsettled(desk.store) if subject is None else ():
        row = now.tx.one("carrying.one", id=erased.carrying_of(entry))
        if entry.ref not in found and row is not None and row["state"] == "failed":
            found[entry.ref] = Entry(NOT_ERASED, entry.ref, "", desk.now)
    return found


def _unnoted(store: Store, now: Now, subject: str | None) -> list[Row]:
    """Return the last carried out erasure of each person of which the ledger does not know the end."""
    latest = {row["subject_ref"]: row for row in now.tx.rows("erasure.ended", subject=subject)}
    return [
        row for ref, row in latest.items()
        if (known := store.ledger.last(ref, ERASED, NOT_ERASED)) is None or known.happened_at < row["ended_at"]
    ]


def _ending(desk: Desk, now: Now, row: Row) -> Entry:
    ahead = desk.store.ledger.last(row["subject_ref"], ERASING)
    if ahead is not None and erased.carrying_of(ahead) == row["id"]:
        return Entry(ERASED, ahead.ref, erased.settled(ahead).scope, row["ended_at"])
    try:
        body = read_body(desk, now, row["plan_id"])
    except NotFound:  # the request file went with its key: what the erasure left standing is not known any more
        return Entry(ERASED, row["subject_ref"], "", row["ended_at"])
    if outcome(body) is Closing.REFUSED:
        return Entry(NOT_ERASED, row["subject_ref"], "", row["ended_at"])
    return Entry(ERASED, row["subject_ref"], _scope(now, row["subject_ref"], body), row["ended_at"])


def _scope(now: Now, subject: str, body: PlanBody, carrying: str = "") -> str:
    left = now.tx.one("erasure.sealed_left", subject=subject) or {"texts": 1}
    kept = {item.table: item.columns for item in body.of(local.SYSTEM) if item.action in {"retain", "mask"} and item.rows}
    return erased.ledger_scope(kept, key_destroyed=not left["texts"], carrying=carrying)
