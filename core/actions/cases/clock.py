"""The clock of a request: its dates from the pinned profile, the questions that pause it, and their answers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import cast

from core.actions.desk import deciding, things
from core.actions.desk.act import Now, act, found, look, new_id, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.desk.moment import today_of
from core.law.acts import Act
from core.law.clock.deadlines import Clock, Deadline, due, end_of, local_date
from core.law.clock.pauses import Bar, Pause, is_late
from core.law.clock.profiles import Profile
from core.law.clock.questions import OF_THE_CASE, About, bar_of, read_question, record_of, waits
from core.law.errors import Invalid, NotPossible
from core.law.identity import Channel, Data, Proof, answers
from core.law.ways import RIGHTS, Kind
from core.law.workflow import State
from core.store.datafiles import calendars, clock_version, profiles
from core.store.encryption import Cell, encrypt
from core.store.engine import Row, Tx
from core.store.records import CaseRecord, LetterRecord, RequestRecord

STALE = "A calendar or a law changed: the days are being worked out anew."
ACKNOWLEDGEMENT = "complaint_acknowledged"  # the letter that confirms a receipt where the law wants it in a time of its own


def is_paused(desk: Desk, request_id: str) -> bool:
    """Say whether the clock of a request stands still at present; a question alone does not always stop it."""
    with look(desk, Act.CASE_OPEN, things.request(request_id)) as now:
        return bool(now.at.request.clock_state == "paused")


def is_sent(row: RequestRecord | LetterRecord) -> bool:
    """Say whether the answer of a request, or a letter, is out."""
    return is_out(row.sent_at, row.came_back_at)


def is_out(sent_at: datetime | None, came_back_at: datetime | None) -> bool:
    """Say whether what was sent on one day is still out: it has not come back."""
    return sent_at is not None and came_back_at is None



def profile_of(request: RequestRecord) -> Profile:
    """Return the profile that a request pinned at its receipt."""
    return profiles().pinned(f"{request.profile_id}@{request.profile_version}")


def calendar_source(request: RequestRecord) -> str:
    """Return where the public holidays of a request's calendar come from, as sentences."""
    return calendars().get(request.calendar_id).source


def deadline(tx: Tx, request: RequestRecord, today: date | None = None) -> Deadline:
    """Compute the dates of a request from what is stored with it: receipt, pinned profile, calendar, what moved it."""
    return due(clock_of(tx, request), today)


def clock_of(tx: Tx, request: RequestRecord) -> Clock:
    """Return what happened to a request's clock: questions, a fee that was announced, an extension that was told."""
    pauses = [
        Pause(row["kind"], row["asked_on"], row["answered_on"], bar_of_pause(request, row), row["enough"] is not False)
        for row in tx.rows("requests.pauses", request_id=request.id) if waits(Kind(request.kind), row["kind"])
    ]
    pauses += [
        Pause("fee", row["announced_on"], row["outcome_on"] if row["outcome"] == "paid" else None)
        for row in tx.rows("clock.fees_announced", request_id=request.id)
    ]
    told = tx.one("clock.extension_told", request_id=request.id)
    named = tx.one("needs.named_day", request_id=request.id)
    return Clock(
        received=request.received_at.replace(tzinfo=UTC), zone=request.zone, profile=profile_of(request),
        calendar=calendars().get(request.calendar_id), pauses=tuple(pauses),
        extended=told["told_on"] if told else None, extended_to=told["until"] if told else None,
        named=named["day"] if named else None,
    )


def bar_of_pause(request: RequestRecord, pause: Row) -> Bar | None:
    """Return why a recorded question stops no clock of its request; None where nothing bars it."""
    return bar_of(Kind(request.kind), pause["kind"], large=bool(pause["large_quantity"]))


def asked_late(request: RequestRecord, asked: date, after: date | None = None) -> bool:
    """Return whether a question of that day came so late that its pause may not be recognised (PAU-4).

    `after` is the day on which an answer came that was not enough, where the question was asked again.
    """
    known = after or local_date(request.received_at.replace(tzinfo=UTC), request.zone)
    return is_late(asked, known, calendars().get(request.calendar_id))


def set_dates(tx: Tx, request: RequestRecord) -> Deadline:
    """Write the computed dates of a request and return them; overdue itself is never stored.

    Where the law sets no day for the answer but one for confirming the receipt, that day stands until it is confirmed: a
    complaint in the United Kingdom is in the queue with it, not without a date.
    """
    dates = deadline(tx, request)
    tx.run("requests.set_dates", id=request.id, **stored_dates(tx, request, dates))
    return dates


def stored_dates(tx: Tx, request: RequestRecord, dates: Deadline) -> dict[str, date | datetime | str | None]:
    """Return what the store holds of the dates of a request, by its columns."""
    first = acknowledgement(tx, request, dates)
    end = dates.deadline_end_utc if first is None else end_of(first, request.zone)
    return {
        "base_due": first or dates.base_due, "final_due": first or dates.final_due, "safe_due": first or dates.safe_due,
        "due_end": end and end.replace(tzinfo=None), "clock_state": "paused" if dates.paused_since else "running",
    }


def shown_dates(tx: Tx, request: RequestRecord, today: date) -> Deadline:
    """Return the dates of a request as its page shows them: those by which the queue sorts, to the day.

    After a change of the calendars or the laws they are worked out anew as soon as the desk has started; until then the
    page shows the days that were worked out before, and says so.
    """
    dates = deadline(tx, request, today)
    if request.state == State.CLOSED or request.sent_at is not None or request.calendar_version == clock_version():
        return dates
    stored = {name: getattr(request, name) for name in ("base_due", "final_due", "safe_due")}
    if stored == {name: stored_dates(tx, request, dates)[name] for name in stored}:
        return dates
    return replace(dates, **stored, steps=(STALE,))


def acknowledgement(tx: Tx, request: RequestRecord, dates: Deadline) -> date | None:
    """Return the day by which the receipt is confirmed, where no other day runs and it is not confirmed yet."""
    if dates.acknowledge_by is None or dates.final_due is not None or dates.paused_since is not None:
        return None
    sent = tx.records(LetterRecord, "letters.sent_of_request", request_id=request.id, kind=ACKNOWLEDGEMENT)
    return None if sent else dates.acknowledge_by


@repeated
def ask(
    desk: Desk, request_id: str, kind: str, question: str, reason: str, *, proofs: Sequence[str] = (), key: str,
    asked_on: date | None = None, large: bool = False, again: bool = False,
) -> str:
    """Record a question to the person that pauses the clock; it needs the facts that justify it (PAU-1, PAU-5).

    One about the scope stops an access request alone, and where `large` says that a large quantity of data about the person
    is processed (Recital 63). `again` says that what came as the last answer of this kind was not enough: both are one
    suspension, until enough has arrived (EDPB 01/2022, paragraph 158).

    A question about authority concerns the whole case and pauses each of its open requests; one about identity those
    whose right needs a proof of it, and never an objection to marketing or a withdrawal. `proofs` are those by which the
    person can answer it: together enough for the right, and a document never alone. Whether the clock stops is the pinned
    profile's to say; the question is recorded either way. Returns the pause's id.
    """
    with act(desk, Act.REQUEST_ASK, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return now.earlier
        row = _open_request(now)
        today = today_of(desk)
        asked = asked_on or today
        question, reason = read_question(kind, question, reason)
        if not set(proofs) <= set(Proof):
            raise Invalid("Choose the proofs from the list.", "proofs")
        if asked > today or asked < establishment(desk.store).local(row.received_at).date():
            raise Invalid("The question was asked between the receipt and today.", "asked_on")
        ways = _ways(now, row, proofs, reason) if kind == "identity" else None
        concerned = _concerned(now, row, kind)
        first = ""
        for request in concerned:
            if now.tx.rows("requests.open_pauses", request_id=request.id, kind=kind):
                raise NotPossible("Such a question is open already: record its answer first.")
            after = _not_enough(now, request, kind, asked) if again else None
            pause = new_id()
            first = first or pause
            now.tx.run(
                "requests.add_pause", id=pause, case_ref=row.case_ref, request_id=request.id, kind=kind,
                asked_on=asked, proofs=ways, large_quantity=large if kind == About.CLARIFICATION else None,
                reason=encrypt(desk.store, row.case_ref, reason, Cell("pauses", pause, "reason")),
                question=encrypt(desk.store, row.case_ref, question, Cell("pauses", pause, "question")),
            )
            set_dates(now.tx, request)
            deciding.keep(desk, now, request, [record_of(
                kind, profile_of(request), deciding.under(request), asked=asked, late=asked_late(request, asked, after),
                bar=bar_of(Kind(request.kind), kind, large=large),
            )])
        now.result = first
        now.detail |= {
            "kind": kind, "requests": len(concerned), "proofs": sorted(proofs), "large_quantity": int(large), "again": int(again),
        }
    return first


def _not_enough(now: Now, request: RequestRecord, kind: str, asked: date) -> date | None:
    """Record that the last answer of a kind was not enough, and return the day it came; None for a request without one."""
    rows = now.tx.rows("requests.answered_pauses", request_id=request.id, kind=kind)
    if not rows:
        if request.id == now.at.request.id:
            raise NotPossible("No such question was answered before: ask it as the first one.")
        return None
    came = cast(date, rows[0]["answered_on"])
    if asked < came:
        raise Invalid("It is asked again after the answer that was not enough came.", "asked_on")
    now.tx.run("requests.not_enough", id=rows[0]["id"])
    return came


@repeated
def answered(desk: Desk, request_id: str, kind: str, answered_on: date, *, key: str) -> None:
    """Record that the person answered: the clock of every request paused by that question runs again."""
    with act(desk, Act.REQUEST_ANSWERED, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return
        row = _open_request(now)
        end_pause(now, row, kind, answered_on, today_of(desk))
        now.detail["kind"] = kind


def _ways(now: Now, request: RequestRecord, proofs: Sequence[str], doubt: str) -> str | None:
    """Return the ways in which a question of identity can be answered, as they are stored; None for the usual ones."""
    right = Kind(request.kind)
    if not RIGHTS[right].needs_identity:
        raise NotPossible(f"{RIGHTS[right].name} needs no proof of identity: nothing may be asked for.")
    if not proofs:
        return None
    case = found(now.tx.record(CaseRecord, "cases.one", case_ref=request.case_ref), "case")
    checks = now.tx.rows("cases.identity_checks", case_ref=request.case_ref)
    data = Data(checks[-1]["data"] or Data.ORDINARY) if checks else Data.ORDINARY
    ways = answers(right, Channel(case.channel), [Proof(each) for each in proofs], doubt, data)
    return ";".join("+".join(sorted(way)) for way in ways)


def _concerned(now: Now, request: RequestRecord, kind: str) -> list[RequestRecord]:
    """Return the requests that wait for the answer to a question. Raises NotPossible where none does."""
    rows = [request]
    if kind in OF_THE_CASE:
        rows = now.tx.records(RequestRecord, "requests.open_of_case", case_ref=request.case_ref)
    waiting = [row for row in rows if waits(Kind(row.kind), kind)]
    if not waiting:
        raise NotPossible("This waits for no answer: what is stopped is stopped. Write to the person, and go on meanwhile.")
    return waiting


def end_pause(now: Now, request: RequestRecord, kind: str, answered_on: date, today: date) -> None:
    """End the open question of a kind; an identity answer ends it for the whole case."""
    whole = kind in OF_THE_CASE
    concerned = now.tx.records(RequestRecord, "requests.open_of_case", case_ref=request.case_ref) if whole else [request]
    ended = 0
    for each in concerned:
        for pause in now.tx.rows("requests.open_pauses", request_id=each.id, kind=kind):
            if not pause["asked_on"] <= answered_on <= today:
                raise Invalid("The answer came between the day of the question and today.", "answered_on")
            ended += now.tx.run("requests.end_pause", id=pause["id"], answered_on=answered_on)
        set_dates(now.tx, each)
    if not ended:
        raise NotPossible("No such question is open.")


def _open_request(now: Now) -> RequestRecord:
    row = now.at.request
    if row.state == State.CLOSED:
        raise NotPossible("The request is closed: its clock has stopped.")
    return row
