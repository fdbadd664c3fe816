"""Which letters a request can have now, and why not another: what the list offers and what drafting demands."""

from dataclasses import dataclass
from datetime import datetime

from core.actions.answers import need_records
from core.actions.answers.letters import clock_letters
from core.actions.answers.letters.letter_facts import require_facts
from core.actions.cases.authority import TO_WHOEVER_WROTE, addressee, require_addressee
from core.actions.cases.letter_source import LetterFacts, letters_about
from core.actions.desk import things
from core.actions.desk.act import Now, look, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.opening import Opened
from core.law.acts import Act
from core.law.errors import NotAllowed, NotPossible
from core.law.letters import LETTERS, TYPED, LetterKind, of_right
from core.law.ways import Kind
from core.store.engine import Row
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
        ways = {each in TO_WHOEVER_WROTE: _way(desk, now, at, each) for each in (LetterKind.RECEIPT, LetterKind.ANSWER)}
        return tuple(
            _choice(desk, now, at, LetterKind(row.code), there, ways[row.code in TO_WHOEVER_WROTE])
            for row in of_right(Kind(at.request.kind)) if row.code not in clock_letters.BY_THEMSELVES
        )


def _way(desk: Desk, now: Now, at: Opened, like: LetterKind) -> tuple[Row | None, str]:
    """Return the address to which letters addressed like this one go, and why none may, empty where one may."""
    address = addressee(now, at.case, like)
    try:
        require_addressee(desk, now, at, like, address)
    except (NotPossible, NotAllowed) as reason:
        return address, str(reason)
    return address, ""


def of_request(now: Now, at: Opened) -> list[LetterRecord]:
    """Return the letters of the request, oldest first."""
    return letters_about(now, at.request)


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
    said = [] if row.again else [each for each in mine if each.came_back_at is None]
    plan = now.tx.record(PlanRecord, "plans.one", id=at.request.plan_id) if said and at.request.plan_id else None
    # What was sent says it still, unless it came back or another plan was made since.
    if any(plan is None or plan.made_at <= each.drafted_at for each in said):
        raise NotPossible("This letter was sent already, and nothing that it says has changed.")


def _choice(desk: Desk, now: Now, at: Opened, kind: LetterKind, there: list[LetterRecord], way: tuple[Row | None, str]) -> Choice:
    sent = max((row.sent_at for row in there if row.kind == kind.value and row.sent_at is not None), default=None)
    typed = {field.name: field.label for field in TYPED.get(kind, ())}  # stands for what is typed when it is drafted
    # The notice of a disclosure goes to an address that is typed too.
    address, barred = (None, "") if kind is LetterKind.DISCLOSURE_NOTICE else way
    try:
        require_draftable(desk, now, at, kind, there)
        if barred:
            return Choice(kind.value, barred, sent)
        require_facts(kind, LetterFacts(desk, now, at, address, typed))
    except (NotPossible, NotAllowed) as reason:
        return Choice(kind.value, str(reason), sent)
    return Choice(kind.value, "", sent)
