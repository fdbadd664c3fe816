"""Tasks taken from the table: leased, done as acts of the worker's desk, tried again, and given up after five times."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from core.actions.answers import carrying
from core.actions.answers.erasure import erasure_ends, kept_ends
from core.actions.answers.owners import owner_tasks
from core.actions.answers.packages import link_mail, packages
from core.actions.cases import identity_documents, recomputing
from core.actions.desk.desk import Desk, worker_desk
from core.actions.desk.tasks import WHOLE, Task
from core.actions.oversight import night
from core.actions.suppression import suppression_list
from core.connectors.local import Local
from core.law.errors import Refused
from core.store.clock import SKEW
from core.store.duckdb import WriteConflict
from core.store.engine import Row, Store, new_id

LEASE = timedelta(minutes=2)  # after which a task whose process died is taken up again
TRIES = 5
BACKOFF = timedelta(seconds=15)  # doubled with each try
LONGEST = timedelta(hours=1)  # longer than any lease and any wait for another try: who waits longer was set so by a wrong clock
CLOCKWORK = timedelta(hours=1)
FORGET = timedelta(days=30)  # commands and ended tasks; a form is never sent again after that

_log = logging.getLogger("rightsdesk.work")


def _expire(desk: Desk, _: str) -> None:
    if desk.store.clock.doubtful():  # it was asked for before the clock was set; the next hour's looks again
        return
    packages.expire(desk)
    suppression_list.forget_expired(desk)
    kept_ends.erase_due(desk)
    identity_documents.expire(desk)
    owner_tasks.forget(desk)
    notice_calendar(desk.store, desk.now)  # a restored store may be older than this start
    forget(desk.store, desk.now)
    while spell(desk.store):
        pass
    try:
        erasure_ends.finish(desk)
    except Refused as fault:  # an alarm on the pages and in doctor tells of it; the rest of the hour's work is done
        _log.warning("an erasure could not be finished: %s", type(fault).__name__)


def _destroy_key(desk: Desk, subject_ref: str) -> None:
    erasure_ends.finish(desk, subject_ref)


def _purge(desk: Desk, _: str) -> None:
    night.purge(desk)


# Every handler may be repeated: it looks first whether its work is done.
HANDLERS: dict[Task, Callable[[Desk, str], None]] = {
    Task.BUILD: packages.build, Task.RELEASE: packages.release, Task.EXPIRE: _expire,
    Task.CARRY_OUT: carrying.carry_out, Task.HAND_BACK: carrying.give_up, Task.DESTROY_KEY: _destroy_key,
    Task.RECOMPUTE: recomputing.recompute, Task.MAIL_LINK: link_mail.send, Task.PURGE: _purge,
}
GIVEN_UP: dict[Task, Callable[[Desk, str], None]] = {
    Task.BUILD: packages.give_up, Task.RELEASE: packages.give_up, Task.CARRY_OUT: carrying.give_up,
    Task.MAIL_LINK: link_mail.give_up,
}


def lease(store: Store, now: datetime) -> Row | None:
    """Take the task that has waited longest, or one whose lease ran out; None where nothing is due."""
    while True:
        with store.transaction() as tx:
            row = tx.one("tasks.due", now=now, made_after=now + SKEW, longest=now + LONGEST)
            if row is None:
                return None
            try:
                taken = tx.run(
                    "tasks.lease", id=row["id"], state=row["state"], attempt=row["attempt"], lease_until=now + LEASE
                )
                if taken:
                    store.commit(tx)
                    return row | {"state": "running", "attempt": row["attempt"] + 1}
            except WriteConflict:
                continue  # another worker was faster


def run_task(store: Store, row: Row, clock: Callable[[], datetime]) -> bool:
    """Do a leased task and record how it ended; return whether it is done. Of a fault its kind is kept, no text."""
    kind = Task(row["kind"])
    try:
        if row["attempt"] > TRIES:
            raise TimeoutError
        HANDLERS[kind](worker_desk(store, clock()), row["object_id"])
    except Exception as fault:  # noqa: BLE001 - whatever a task does, the worker goes on
        _failed(store, row, kind, type(fault).__name__, clock())
        return False
    _end(store, row, "tasks.end", state="done", now=clock(), result="done")
    return True


def wind(store: Store, now: datetime) -> None:
    """Ask for the hourly clockwork where the last is an hour old, and for the night's purge where it is due; each once.

    By the word of a clock that was set far nothing is deleted until it has stood like that for a day.
    """
    if store.clock.doubtful():
        return
    with store.transaction() as tx:
        last = tx.one("tasks.last_made", kind=Task.EXPIRE.value)
        made = last["made_at"] if last else None
    if made is None or not now - CLOCKWORK < made <= now + SKEW:
        _ask(store, Task.EXPIRE, now)
    if night.due(worker_desk(store, now)):
        _ask(store, Task.PURGE, now)


def _ask(store: Store, kind: Task, now: datetime) -> None:
    with store.transaction() as tx:
        if tx.rows("tasks.pending", kind=kind.value, object_id=WHOLE):
            return
        tx.run(
            "tasks.add", id=new_id(now), kind=kind.value, object_id=WHOLE, case_ref=None, request_id=None,
            not_before=now, made_at=now,
        )
        store.commit(tx)


def notice_calendar(store: Store, now: datetime) -> None:
    """Ask for the open requests to be worked out anew where the calendars of this start differ from theirs (CLK-11)."""
    if not recomputing.is_stale(store):
        return
    with store.transaction() as tx:
        if tx.rows("tasks.pending", kind=Task.RECOMPUTE.value, object_id="calendars"):
            return
        tx.run(
            "tasks.add", id=new_id(now), kind=Task.RECOMPUTE.value, object_id="calendars", case_ref=None,
            request_id=None, not_before=now, made_at=now,
        )
        store.commit(tx)


def forget(store: Store, now: datetime) -> None:
    """Delete what has served: marks of open disclosures, old command keys, old ended tasks."""
    with store.transaction() as tx:
        tx.run("log.forget_disclosures", now=store.clock.steady(now))
        tx.run("log.forget_commands", before=now - FORGET)
        tx.run("tasks.forget_ended", before=now - FORGET)
        store.commit(tx)


def spell(store: Store) -> int:
    """Enter the loose forms that identifiers of an older desk lack, of a few thousand people at a time; return of how many."""
    with store.transaction() as tx:
        if count := Local(store).spell(tx):
            store.commit(tx)
    return count


def _failed(store: Store, row: Row, kind: Task, fault: str, now: datetime) -> None:
    last = row["attempt"] >= TRIES
    _log.warning("task %s (%s) failed at try %d: %s", row["id"], kind.value, row["attempt"], fault)
    if last and kind in GIVEN_UP:
        try:
            GIVEN_UP[kind](worker_desk(store, now), row["object_id"])
        except Exception as again:  # noqa: BLE001 - the task ends as failed either way
            _log.error("task %s could not be given up: %s", row["id"], type(again).__name__)
    if last:
        _end(store, row, "tasks.end", state="failed", now=now, result=fault)
    else:
        _end(store, row, "tasks.again", not_before=now + BACKOFF * 2 ** (row["attempt"] - 1), result=fault)


def _end(store: Store, row: Row, query: str, **columns: object) -> None:
    """Write the end of this try; where the lease went to somebody else meanwhile, theirs counts."""
    for _ in range(TRIES):
        try:
            with store.transaction() as tx:
                if tx.run(query, id=row["id"], attempt=row["attempt"], **columns):
                    store.commit(tx)
            return
        except WriteConflict:
            continue
