"""Writes a made-up history down: the rows that the desk's acts would have left, and the entry of each act in the log."""

import json
from dataclasses import asdict
from datetime import date, datetime

from core.demo.years import bound, package, plain, record, stop
from core.demo.years.asking import ask, weigh
from core.demo.years.book import Person, Teller
from core.demo.years.case_told import CaseTold
from core.demo.years.extending import extend
from core.demo.years.happened import PastCase, Way
from core.demo.years.request_told import RequestTold
from core.law import references
from core.law.acts import Act
from core.law.letters import LetterKind
from core.law.progress import Facts
from core.law.ways import RIGHTS, Asker, Kind
from core.law.workflow import Closing, State, Step
from core.store.datafiles import calendars, clock_version

WAYS = {
    Way.COPY: package.answer, Way.STOP: stop.answer, Way.OUTSIDE: bound.answer, Way.REFUSAL: bound.answer,
    Way.RECORD: record.answer, Way.NONE: plain.close,
}


def tell(teller: Teller, place: int, case: str, past: PastCase, person: Person) -> None:
    """Write a case with all its requests, from its arrival to its end; `case` is its reference in the store, with a key."""
    book, here = teller.book, teller.here
    year = here.local(past.entered).year
    book.numbers[year] = book.numbers.get(year, 0) + 1
    told = CaseTold(teller, case, references.make(year, book.numbers[year]), past, person)
    told.arrive()
    for number, each in enumerate(past.requests):
        book.requests.setdefault(place, (told.ids[number], told.reference, told.day(each.received)))
        _play(RequestTold(told, number, each))
    _receipt(told)
    told.close_case()


def _receipt(told: CaseTold) -> None:
    """Confirm the receipt to the person, where that was done."""
    past, first = told.past, told.past.requests[0]
    final = told.dates(first, bare=True).final_due
    if past.receipt is None or final is None or RIGHTS[first.kind].asker is Asker.AUTHORITY:
        return
    RequestTold(told, 0, first).letter(LetterKind.RECEIPT, past.receipt, past.receipt, past.clerk, {"due_on": final})


def _play(request: RequestTold) -> None:
    """Write the request from its receipt to its end."""
    past, owner = request.past, request.past.owner
    joined = request.told.past.joined
    if joined is not None and past.received == joined:
        message = request.told.message_in(joined, joined, owner, [past.kind], request.told.person.email)
        request.told.right_of(request.number, past.kind, message, 0)
        request.told.enter(owner, Act.CASE_MESSAGE, joined, files=0, kinds=[past.kind.value], requests=1, identity_again=0)
    giver = owner if owner.startswith("steward") else "manager"
    request.enter(giver, Act.REQUEST_ASSIGN, past.assigned, assigned=1)
    request.version += 1
    request.move(owner, Act.REQUEST_START, past.started, Step.START, State.IN_PROGRESS)
    ask(request)
    if past.weighed is not None:
        weigh(request, past.weighed)
    WAYS[past.way](request)
    extend(request)
    if past.way is not Way.NONE:
        _send(request)
    _row(request)


def _send(request: RequestTold) -> None:
    """Send the answer, once more where it came back, and close."""
    past, owner, told = request.past, request.past.owner, request.told
    by = "email" if told.by_mail else "post"

    def send(at: datetime, day: date) -> None:
        request.move(
            owner, Act.ANSWER_SENT, at, Step.SEND, State.READY_TO_SEND, channel=by, sent_on=day.isoformat(),
        )

    entered = past.entered or past.closed
    send(entered, told.day(past.sent or entered))
    if past.kind is Kind.DISCLOSURE and told.weighed:
        told.teller.book.disclosed.append((told.person.subject or "", told.person.name, entered))
    if past.back is not None:
        came, again = past.back
        request.move(
            owner, Act.ANSWER_CAME_BACK, came, Step.CAME_BACK, State.READY_TO_SEND,
            words="The mail system answered that the box is full.", day=told.day(came).isoformat(),
        )
        send(again, told.day(again))
    request.move(owner, Act.REQUEST_CLOSE, past.closed, Step.CLOSE_ANSWERED, State.CLOSED, closing=past.closing.value)


def _row(request: RequestTold) -> None:
    """Write the request as it stood at its end, and what was recorded about it then."""
    told, past, here = request.told, request.past, request.told.teller.here
    profile, calendar, dates = told.profile(past), calendars().get(here.calendar_id), told.dates(past)
    end = dates.deadline_end_utc
    suffix = "" if request.number == 0 and len(told.past.requests) == 1 else f"/{request.number + 1}"
    told.add(
        "requests", id=request.id, reference=told.reference + suffix, kind=past.kind.value, state="closed",
        closing=past.closing.value, owner_id=told.account(past.owner), received_at=past.received, profile_id=profile.id,
        profile_version=profile.version, calendar_id=calendar.id, calendar_version=clock_version(), zone=here.zone,
        base_due=dates.base_due, final_due=dates.final_due, safe_due=dates.safe_due,
        clock_state="paused" if dates.paused_since else "running",
        prepared_by=told.account(past.owner) if request.plan else None, approver_id=request.approver, plan_id=request.plan,
        package_id=request.package, sent_at=past.sent, came_back_at=None, closed_at=past.closed, version=request.version,
        due_end=end.replace(tzinfo=None) if end else None,
    )
    nobody = past.closing is Closing.NO_DATA_HELD or (past.way is Way.OUTSIDE and not told.past.known)
    facts = Facts(**{
        "state": State.CLOSED, "closing": past.closing, "acknowledged": told.past.receipt is not None,
        "identity_state": told.identity, "subject_state": "decided" if told.weighed else "nobody" if nobody else "open",
        "package_state": None, "sent": past.sent is not None, "told": False, "met": request.met,
        "answered": bool(request.met), **request.outs,
    })
    told.add("closed_facts", request_id=request.id, facts=json.dumps(asdict(facts), sort_keys=True))
