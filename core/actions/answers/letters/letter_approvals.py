"""The approval of a letter by itself: asked of a named person, compared, approved with exactly this text or given back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.actions.answers.need_records import recorded, require_approver
from core.actions.desk import things
from core.actions.desk.act import Now, act, found, guard, look, new_id, repeated
from core.actions.desk.asking import barred_second, check_asked
from core.actions.desk.desk import Desk
from core.actions.desk.letter_grants import granted
from core.actions.desk.letter_text import bound_to, text_of
from core.actions.desk.opening import Opened, listed
from core.law.acts import Act
from core.law.errors import NotPossible
from core.law.letters import APPROVED_ALONE, LETTERS, Approval
from core.law.refusal import require_whole
from core.law.roles import Role
from core.law.typed import read_text
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Row

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


@repeated
def ask(
    desk: Desk, letter_id: str, *, approver_id: str, deputy_id: str | None = None, deputy_after_days: int = 3, key: str
) -> str:
    """Ask a named person, and after some days a deputy, to approve a letter with this very text; return the approval's id.

    Raises NotPossible for a letter that needs none, was sent, or is asked of that person already; Invalid for a person
    whose own work it is, who may not approve, or who is kept apart from the case.
    """
    with act(desk, Act.LETTER_ASK, things.letter(letter_id), key=key) as now:
        if now.earlier is not None:
            return now.earlier
        letter, at = _of_letter(now)
        if letter["kind"] not in APPROVED_ALONE:
            raise NotPossible("This letter needs no approval of its own.")
        if letter["sent_at"] is not None:
            raise NotPossible("This letter is marked as sent already.")
        if granted(desk.store, now.tx, letter):
            raise NotPossible("This letter has all its approvals.")
        text = text_of(desk.store, letter)
        if LETTERS[letter["kind"]].remedies:
            require_whole(text)
        bound = bound_to(desk.store, letter)
        form = LETTERS[letter["kind"]].approval
        check_asked(
            desk, now, approver_id, deputy_id, deputy_after_days, countersigned=form is Approval.DPO_AND_APPROVER
        )
        if any(
            row["state"] in {"asked", "approved"} and row["letter_hash"] == bound and row["approver_id"] == approver_id
            for row in now.tx.rows("needs.letter_approvals", letter_id=letter_id)
        ):
            raise NotPossible("This person was asked about exactly this letter already.")
        number = new_id(desk.now)
        now.tx.run(
            "needs.ask_letter", id=number, letter_id=letter_id, request_id=at.request["id"], case_ref=at.case["case_ref"],
            letter_hash=bound, asked_by=desk.person.account_id, asked_at=desk.now, approver_id=approver_id,
            deputy_id=deputy_id, deputy_from=desk.now + timedelta(days=deputy_after_days) if deputy_id else None,
        )
        now.result = number
        now.detail |= {"letter": letter["kind"], "deputy": int(deputy_id is not None)}
    return number


@repeated
def compare(desk: Desk, approval_id: str) -> LetterAsked:
    """Open the letter that is to be approved; one entry for 15 minutes."""
    with act(desk, Act.LETTER_OPEN, things.letter_approval(approval_id), disclosure=True) as now:
        row, letter, at = _asked(now)
        weighed = recorded(desk, now, at.request)
        barred = barred_second(
            desk, now, Act.LETTER_APPROVE, lambda: require_approver(weighed, desk.person.account_id)
        )
        return LetterAsked(
            row["id"], letter["id"], at.request["id"], letter["kind"], text_of(desk.store, letter), row["asked_by"],
            row["asked_at"], barred,
        )


@repeated
def approve(desk: Desk, approval_id: str, *, key: str) -> None:
    """Approve a letter with exactly this text. Raises NotAllowed for own work and for people not asked."""
    with act(desk, Act.LETTER_APPROVE, things.letter_approval(approval_id), key=key) as now:
        if now.earlier is not None:
            return
        row, letter, at = _asked(now)
        require_approver(recorded(desk, now, at.request), desk.person.account_id)
        text = text_of(desk.store, letter)
        if row["letter_hash"] != bound_to(desk.store, letter):
            raise NotPossible(CHANGED)
        if LETTERS[letter["kind"]].remedies:
            require_whole(text)
        _decide(desk, now, row, "approved", "")
        now.detail["letter"] = letter["kind"]


@repeated
def give_back(desk: Desk, approval_id: str, reason: str, *, key: str) -> None:
    """Give a letter back to its preparer with a reason, which is kept with the case."""
    with act(desk, Act.LETTER_RETURN, things.letter_approval(approval_id), key=key) as now:
        if now.earlier is not None:
            return
        row, letter, at = _asked(now)
        require_approver(recorded(desk, now, at.request), desk.person.account_id)
        words = read_text(reason, "reason")
        _decide(desk, now, row, "returned", words)
        now.words = words
        now.detail["letter"] = letter["kind"]


@repeated
def of_letter(desk: Desk, letter_id: str) -> Grant:
    """Return how far the approval of a letter is; opening the case file stands for it."""
    with act(desk, Act.CASE_OPEN, things.letter(letter_id), disclosure=True) as now:
        letter, _ = _of_letter(now)
        rows = now.tx.rows("needs.letter_approvals", letter_id=letter_id)
        bound = bound_to(desk.store, letter)
        return Grant(
            letter["sent_at"] is not None or granted(desk.store, now.tx, letter),
            tuple((row["approver_id"], _state(row, bound), _words(desk, row)) for row in rows),
        )


def waiting(desk: Desk) -> list[Row]:
    """Return the letters that wait for this person's approval: reference, right, which letter; nobody's name."""
    with look(desk, Act.QUEUE_LOOK) as now:
        return listed(desk, now.tx, now.tx.rows("needs.letters_waiting", account_id=desk.person.account_id, now=desk.now))


def _state(row: Row, bound: str) -> str:
    return "changed" if row["state"] in {"asked", "approved"} and row["letter_hash"] != bound else str(row["state"])


def _words(desk: Desk, row: Row) -> str:
    if row["words"] is None:
        return ""
    return decrypt(desk.store, row["case_ref"], row["words"], Cell("letter_approvals", row["id"], "words"))


def _of_letter(now: Now) -> tuple[Row, Opened]:
    """Return the letter that an act is about, or whose approval it is about; one that answers no request is not approved."""
    at, letter = now.at, now.at.row
    found(at.asked, "request")
    return letter, at


def _asked(now: Now) -> tuple[Row, Row, Opened]:
    """Return an approval that is not decided, its letter and its request."""
    at = now.at
    if at.row["state"] != "asked":
        raise NotPossible("This was decided already.")
    return at.row, found(now.tx.one("letters.one", id=at.row["letter_id"]), "letter"), at


def _decide(desk: Desk, now: Now, row: Row, state: str, words: str) -> None:
    sealed = encrypt(desk.store, row["case_ref"], words, Cell("letter_approvals", row["id"], "words")) if words else None
    role = Role.DPO if Role.DPO in desk.person.roles else now.role
    guard(now.tx.run(
        "needs.decide_letter", id=row["id"], state=state, decided_by=desk.person.account_id,
        decided_role=role.value if role else None, decided_at=desk.now, words=sealed,
    ))

