"""A closed request never moves: where it was closed by mistake, a linked one goes on with its old receipt."""

from dataclasses import dataclass
from datetime import datetime

from core.actions.cases.clock import set_dates
from core.actions.cases.intake import references_after
from core.actions.desk import things
from core.actions.desk.act import Now, act, found, new_id, repeated
from core.actions.desk.desk import Desk
from core.law.acts import Act
from core.law.errors import NotPossible
from core.law.typed import read_text
from core.law.workflow import State
from core.store.encryption import Cell, decrypt, encrypt
from core.store.records import RequestRecord


@dataclass(frozen=True, slots=True)
class Reopening:
    """One request that goes on for another, who opened it and why."""

    opened_id: str
    request_id: str
    reason: str
    opened_by: str
    opened_at: datetime


@repeated
def reopen(desk: Desk, request_id: str, reason: str, *, version: int, key: str) -> str:
    """Open the request that goes on for one that was closed by mistake, with the reason, and return its id.

    It is of the same right, in the same case, unassigned, with the receipt, law and calendar of the closed one: its clock is
    as if that had never been closed, and pauses are not taken over, so its day is never a later one. Raises NotPossible for
    a request that is open, or for which one goes on already.
    """
    with act(desk, Act.REQUEST_REOPEN, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return now.earlier
        closed = now.at.of_version(version).request
        if closed.state != State.CLOSED:
            raise NotPossible("This request is open: there is nothing to open in its place.")
        if now.tx.rows("reopenings.going_on", request_id=request_id):
            raise NotPossible("A request goes on for this one already.")
        words = read_text(reason, "reason")
        opened = open_anew(now, closed)
        now.tx.run(
            "reopenings.add", opened_id=opened, request_id=request_id, case_ref=closed.case_ref,
            reason=encrypt(desk.store, closed.case_ref, words, Cell("reopenings", opened, "reason")),
            opened_by=desk.person.account_id, opened_at=desk.now,
        )
        now.words, now.result = words, opened
        now.detail |= {"closing": str(closed.closing), "opened": opened}
    return opened


@repeated
def of_request(desk: Desk, request_id: str) -> tuple[Reopening, ...]:
    """Return what goes on for a request, and for what it goes on itself; opening the case stands for them."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        names = {row["id"]: row["name"] for row in now.tx.rows("queue.owners")}
        return tuple(
            Reopening(
                row["opened_id"], row["request_id"],
                decrypt(desk.store, row["case_ref"], row["reason"], Cell("reopenings", row["opened_id"], "reason")),
                names.get(row["opened_by"], ""), row["opened_at"],
            )
            for row in now.tx.rows("reopenings.of_request", request_id=request_id)
        )


def open_anew(now: Now, closed: RequestRecord) -> str:
    """Enter the request that goes on for one that was closed wrongly: its number is the next of the case."""
    (reference,) = references_after(now.tx.records(RequestRecord, "requests.of_case", case_ref=closed.case_ref))
    number = new_id()
    now.tx.run(
        "requests.add", id=number, case_ref=closed.case_ref, kind=closed.kind, state=State.RECEIVED.value,
        reference=reference, received_at=closed.received_at,
        profile_id=closed.profile_id, profile_version=closed.profile_version, calendar_id=closed.calendar_id,
        calendar_version=closed.calendar_version, zone=closed.zone,
    )
    set_dates(now.tx, found(now.tx.record(RequestRecord, "requests.one", id=number), "request"))
    return number
