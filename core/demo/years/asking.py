"""The questions to the person, and how they were searched for, decided and proven."""

from datetime import UTC, datetime, timedelta

from core.demo.scenes import PROOFS
from core.demo.years.happened import Way
from core.demo.years.request_told import RequestTold
from core.law.acts import Act
from core.law.clock.deadlines import local_date
from core.law.clock.pauses import is_late
from core.law.clock.questions import bar_of
from core.law.clock.questions import record_of as question_record
from core.law.identity import Proof
from core.law.identity import record_of as identity_record
from core.law.letters import LetterKind
from core.law.ways import RIGHTS, Kind
from core.law.workflow import Closing
from core.store.datafiles import calendars
from core.store.encryption import Cell
from core.store.engine import new_id

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
QUESTIONS = {
    "identity": ("Which two of your last orders can you name?", "The address is not the one that we hold for this name."),
    "clarification": (
        "Which years, or which of our services, do you mean?",
        "Orders, calls and visits of fifteen years are held about this person in every system of ours.",
    ),
}
FAILED = "None of the answers given fitted what we hold"


def ask(request: RequestTold) -> None:
    past, asked = request.past, request.past.question
    if asked is None:
        return
    told, number, owner = request.told, new_id(asked.asked), past.owner
    question, reason = QUESTIONS[asked.kind]
    told.add(
        "pauses", id=number, request_id=request.id, kind=asked.kind, asked_on=told.day(asked.asked),
        answered_on=told.day(asked.answered) if asked.answered else None, proofs=None,
        large_quantity=True if asked.kind == "clarification" else None,
        reason=told.seal(reason, Cell("pauses", number, "reason")),
        question=told.seal(question, Cell("pauses", number, "question")),
    )
    calendar = calendars().get(told.teller.here.calendar_id)
    receipt = local_date(past.received.replace(tzinfo=UTC), told.teller.here.zone)
    told.decide(request.number, Act.REQUEST_ASK, asked.asked, owner, question_record(
        asked.kind, told.profile(past), told.under(past), asked=told.day(asked.asked),
        late=is_late(told.day(asked.asked), receipt, calendar), bar=bar_of(past.kind, asked.kind, large=True),
    ))
    request.enter(owner, Act.REQUEST_ASK, asked.asked, kind=asked.kind, requests=1, proofs=[], decisions=1)
    until = told.day(asked.asked) + 14 * DAY
    if asked.kind == "identity":
        request.letter(LetterKind.IDENTITY_QUESTION, asked.asked, asked.asked + 9 * MINUTE, owner, {
            "doubt": reason.rstrip("."), "proofs": ["two of your last orders"], "reply_by": until,
        })
    else:
        request.letter(LetterKind.CLARIFICATION_QUESTION, asked.asked, asked.asked + 9 * MINUTE, owner, {
            "about": asked.kind, "question": question, "reason": reason.rstrip("."), "reply_by": until,
        })
    if asked.answered is not None:
        request.enter(owner, Act.REQUEST_ANSWERED, asked.answered, kind=asked.kind)
    if asked.reminded is not None:
        request.letter(LetterKind.REMINDER, asked.reminded, asked.reminded + 9 * MINUTE, owner, {
            "asked_on": told.day(asked.asked), "question": question, "reply_by": told.day(asked.reminded) + 14 * DAY,
        })


def weigh(request: RequestTold, at: datetime) -> None:
    """Search for the person, decide who it is, and record how they showed it."""
    told, past, owner = request.told, request.past, request.past.owner
    if past.kind is Kind.INQUIRY or told.weighed:
        return
    known = told.past.known
    request.told.enter(
        owner, Act.PERSON_FIND, at - 20 * MINUTE, purpose="request", asked=1, exact=int(known), fields=["value"],
        possible=0, withheld=0,
    )
    told.enter(owner, Act.CASE_OPEN, at - 15 * MINUTE)
    if past.closing is Closing.NOT_IDENTIFIED:
        _identity(request, at, "failed")
        return
    if not known and past.closing is not Closing.NO_DATA_HELD and past.way is not Way.OUTSIDE:
        return
    told.weighed = known
    told.add("case_deciders", account_id=told.account(owner), decided_at=at - 10 * MINUTE)
    told.changes += 1
    told.enter(owner, Act.CASE_PERSON, at - 10 * MINUTE, changed=0, decision="person" if known else "nobody")
    if RIGHTS[past.kind].needs_identity and past.way is not Way.NONE:
        _identity(request, at, "proven")


def _identity(request: RequestTold, at: datetime, outcome: str) -> None:
    told, owner, number = request.told, request.past.owner, new_id(at)
    known, failed = told.past.known, outcome == "failed"
    proofs = [] if failed else PROOFS[told.past.channel.value] if known else ["document"]
    reason = f"{FAILED}." if failed else "" if known else "No address was held against which the letter could be checked."
    told.add(
        "identity_checks", id=number, checked_at=at, checked_by=told.account(owner), proofs=",".join(proofs),
        outcome=outcome, reason=told.seal(reason, Cell("identity_checks", number, "reason")), data="ordinary",
    )
    told.identity, told.changes = outcome, told.changes + 1
    told.decide(request.number, Act.IDENTITY_RECORD, at, owner, identity_record(
        request.past.kind, told.past.channel, [Proof(each) for each in proofs], told.under(request.past), reason, failed=failed,
    ))
    told.enter(owner, Act.IDENTITY_RECORD, at, outcome=outcome, proofs=proofs, data="ordinary", documents=0, decisions=1)
