"""Which letters a request can have now, and why not another: what the list offers and what drafting demands."""

from dataclasses import dataclass
from datetime import datetime

from core.actions.answers import need_records
from core.actions.answers.letters import clock_letters
from core.actions.answers.letters.letter_facts import facts
from core.actions.cases.authority import addressee, require_addressee
from core.actions.cases.letter_source import LetterFacts, language_of
from core.actions.desk import things
from core.actions.desk.act import Now, look, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.opening import Opened
from core.law.acts import Act
from core.law.errors import NotAllowed, NotPossible
from core.law.letters import LETTERS, TYPED, LetterKind, of_right
from core.law.ways import Kind
from core.store.records import LetterRecord, PlanRecord


@dataclass(frozen=True, slots=True)
class Choice:
    """A letter of this right: whether it can be drafted now, else why not, and when one was sent already."""

    code: str
    why_not: str = ""  # empty where it can be drafted
    sent_at: datetime | None = None


@repeated
def choices(desk: Desk, request_id: str) -> tuple[Choice, ...]:
    """Return every letter that can be drafted from the list for this right, in the order of its life; none of its text."""
    with look(desk, Act.CASE_OPEN, things.request(request_id)) as now:
        at = now.at
        there = of_request(now, at)
        return tuple(
            _choice(desk, now, at, LetterKind(row.code), there) for row in of_right(Kind(at.request.kind))
            if row.code not in clock_letters.BY_THEMSELVES
        )


def of_request(now: Now, at: Opened) -> list[LetterRecord]:
    """Return the letters of the request, oldest first."""
    rows = now.tx.records(LetterRecord, "letters.of_case", case_ref=at.case.case_ref)
    return [row for row in rows if row.request_id == at.request.id]


def require_draftable(desk: Desk, now: Now, at: Opened, kind: LetterKind, there: list[LetterRecord]) -> None:
    """Raise what stands in the way of drafting a letter from the list, its facts and its address left aside."""
    clock_letters.require_own_way(kind)
    row = LETTERS[kind]
    if Kind(at.request.kind) not in row.rights:
        raise NotPossible("This letter is not for a request of this kind. Choose the letter of this right.")
    if need_records.answers(desk, now, at, kind):
        need_records.require_handling(desk, now, at)
    mine = [each for each in there if each.kind == kind.value]
    if any(each.sent_at is None for each in mine):
        raise NotPossible("A draft of this letter is there already: edit it, or delete it first.")
    plan = now.tx.record(PlanRecord, "plans.one", id=at.request.plan_id) if at.request.plan_id else None
    # What was sent says it still, unless it came back or another plan was made since.
    if not row.again and any(
        each.came_back_at is None and (plan is None or plan.made_at <= each.drafted_at) for each in mine
    ):
        raise NotPossible("This letter was sent already, and nothing that it says has changed.")


def _choice(desk: Desk, now: Now, at: Opened, kind: LetterKind, there: list[LetterRecord]) -> Choice:
    sent = [row.sent_at for row in there if row.kind == kind.value and row.sent_at is not None]
    typed = {field.name: field.label for field in TYPED.get(kind, ())}  # stands for what is typed when it is drafted
    try:
        require_draftable(desk, now, at, kind, there)
        address = None if kind is LetterKind.DISCLOSURE_NOTICE else addressee(now, at.case, kind)
        require_addressee(desk, now, at, kind, address)
        facts(kind, LetterFacts(desk, now, at, address, typed, language_of(desk, now, at.case, kind)))
    except (NotPossible, NotAllowed) as reason:
        return Choice(kind.value, str(reason), max(sent, default=None))
    return Choice(kind.value, "", max(sent, default=None))
