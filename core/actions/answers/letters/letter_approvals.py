"""The approval of a letter by itself: bound to exactly its text, and how far it is."""

from dataclasses import dataclass
from datetime import datetime

from core.actions.answers import need_records
from core.actions.answers.approvals import GIVEN_BACK, Approvable, Bound, words_of
from core.actions.answers.need_records import recorded, require_approver
from core.actions.desk import things
from core.actions.desk.act import Now, act, found, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.letter_grants import granted
from core.actions.desk.letter_text import bound_to, require_told, text_of
from core.law.acts import Act
from core.law.errors import NotPossible
from core.law.letters import APPROVED_ALONE, LETTERS, Approval
from core.store.records import ApprovalRecord, LetterRecord, PrintedLetter

CHANGED = "The letter was changed since the approval was asked for. Give it back, or wait until it is asked for anew."


@dataclass(frozen=True, slots=True)
class LetterAsked:
    """A letter as its approver sees it, and one line for each approval that was asked for."""

    id: str
    letter_id: str
    request_id: str
    kind: str
    text: str
    asked_by: str
    asked_at: datetime
    may_decide: str  # empty, or the sentence why this person may not approve


@dataclass(frozen=True, slots=True)
class Grant:
    """How far the approval of a letter is: whole or not, and who was asked with what end."""

    whole: bool
    asked: tuple[tuple[str, str, str], ...]  # account asked, state, what the approver wrote when giving it back


class LetterApproval(Approvable[LetterAsked]):
    """The approval that a letter goes out with exactly this text; its form says by whom."""

    code, called = "letter", "the approval of the letter"
    asks, opens, approves, returns = Act.LETTER_ASK, Act.LETTER_OPEN, Act.LETTER_APPROVE, Act.LETTER_RETURN

    def about(self, thing_id: str) -> things.Thing:
        """Return the letter."""
        return things.letter(thing_id)

    def countersigned(self, now: Now) -> bool:
        """Say whether the letter's form has the data protection officer approve it beside an approver."""
        return LETTERS[now.at.of(PrintedLetter).kind].approval is Approval.DPO_AND_APPROVER

    def bind(self, desk: Desk, now: Now, *, version: int | None, address_id: str | None) -> Bound:
        """Bind the text.

        Raises NotPossible for a letter that needs no approval, was sent, has all its approvals, or answers what a Data
        Protection Officer gives an opinion on first.
        """
        letter = now.at.of(PrintedLetter)
        found(now.at.asked, "request")
        if letter.kind not in APPROVED_ALONE:
            raise NotPossible("This letter needs no approval of its own.")
        if letter.sent_at is not None:
            raise NotPossible("This letter is marked as sent already.")
        if granted(desk.store, now.tx, letter):
            raise NotPossible("This letter has all its approvals.")
        _require_parts(desk, letter)
        _require_opinion(desk, now, letter)
        return Bound(letter.id, bound_to(desk.store, letter), detail={"letter": letter.kind})

    def require_hat(self, desk: Desk, now: Now) -> None:
        """Refuse that whoever weighed an objection approves that the use goes on (Art. 21(1))."""
        require_approver(recorded(desk, now, now.at.request), desk.person.account_id)

    def show(self, desk: Desk, now: Now, approval: ApprovalRecord, barred: str) -> LetterAsked:
        """Return the letter with its text."""
        letter = _letter(now)
        return LetterAsked(
            approval.id, letter.id, now.at.request.id, letter.kind, text_of(desk.store, letter),
            approval.asked_by, approval.asked_at, barred,
        )

    def check(self, desk: Desk, now: Now, approval: ApprovalRecord, *, confirmed: bool) -> None:
        """Raise NotPossible where the text is another, or the opinion on an older decision; both may be made anew: it waits."""
        letter = _letter(now)
        if approval.hash != bound_to(desk.store, letter):
            raise NotPossible(CHANGED)
        _require_parts(desk, letter)
        _require_opinion(desk, now, letter)

    def approved(self, desk: Desk, now: Now, approval: ApprovalRecord, words: str) -> None:
        """Note which letter it was: it goes out once it has all its approvals."""
        now.detail["letter"] = _letter(now).kind

    def returned(self, desk: Desk, now: Now, approval: ApprovalRecord, words: str) -> None:
        """Note which letter it was; its preparer reads the reason beside it."""
        super().returned(desk, now, approval, words)
        now.detail["letter"] = _letter(now).kind


LETTER = LetterApproval()


@repeated
def of_letter(desk: Desk, letter_id: str) -> Grant:
    """Return how far the approval of a letter is; opening the case file stands for it."""
    with act(desk, Act.CASE_OPEN, things.letter(letter_id), disclosure=True) as now:
        letter = now.at.of(PrintedLetter)
        found(now.at.asked, "request")
        rows = now.tx.records(ApprovalRecord, "approvals.of_thing", thing=LETTER.code, thing_id=letter_id)
        bound = bound_to(desk.store, letter)
        return Grant(
            letter.sent_at is not None or granted(desk.store, now.tx, letter),
            tuple((row.approver_id, _state(row, bound), words_of(desk.store, row)) for row in rows),
        )


def _state(row: ApprovalRecord, bound: str) -> str:
    """Return how one approval stands: asked, approved, given_back, or changed where the text is another now."""
    if row.decision == GIVEN_BACK:
        return GIVEN_BACK
    return "changed" if row.hash != bound else row.decision or "asked"


def _letter(now: Now) -> LetterRecord:
    return found(now.tx.record(PrintedLetter, "letters.one", id=now.at.of(ApprovalRecord).thing_id), "letter")


def _require_parts(desk: Desk, letter: LetterRecord) -> None:
    if LETTERS[letter.kind].remedies:
        require_told(desk.store, letter)


def _require_opinion(desk: Desk, now: Now, letter: LetterRecord) -> None:
    if need_records.answers(desk, now, now.at, letter.kind):
        need_records.require_opinion(desk, now, now.at)
