"""The approval of a letter by itself: asked of a named person, compared, approved with exactly this text or given back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.actions.act import Now, act, found, look, new_id, repeated
from core.actions.answering import Answering, answering, require_asked, seal, typed
from core.actions.approvals import LONGEST_WAIT
from core.actions.clock import guard
from core.actions.desk import Desk
from core.actions.letter_grants import bound_to, granted
from core.actions.need_records import recorded, require_approver
from core.actions.refusal_letter import text_of
from core.law.acts import Act
from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.letters import APPROVED_ALONE, LETTERS, Approval
from core.law.refusal import require_whole
from core.law.roles import Role
from core.store.engine import Row
from core.store.keys import KeyKind

CHANGED = "The letter was changed since the approval was asked for. Give it back, or wait until it is asked for anew."
OWN_WORK = "You drafted or edited this letter, or handle the request: another person must decide."


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
    with act(desk, Act.LETTER_ASK, object_kind="letter", object_id=letter_id, key=key) as now:
        if now.earlier is not None:
            return now.earlier
        letter, at = _of_letter(desk, now, Act.LETTER_ASK, letter_id)
        if letter["kind"] not in APPROVED_ALONE:
            raise NotPossible("This letter needs no approval of its own.")
        if letter["sent_at"] is not None:
            raise NotPossible("This letter is marked as sent already.")
        if granted(desk, now, letter):
            raise NotPossible("This letter has all its approvals.")
        text = text_of(desk.store, letter)
        if LETTERS[letter["kind"]].remedies:
            require_whole(text)
        if not 1 <= deputy_after_days <= LONGEST_WAIT:
            raise Invalid(f"The deputy is asked after 1 to {LONGEST_WAIT} days.", "deputy_after_days")
        if deputy_id is not None and deputy_id == approver_id:
            raise Invalid("Choose another person as the deputy.", "deputy_id")
        bound = bound_to(desk, letter)
        for field, account in (("approver_id", approver_id), ("deputy_id", deputy_id)):
            if account is not None:
                _check_able(desk, now, at, letter, account, field)
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
    with act(desk, Act.LETTER_OPEN, object_kind="approval", object_id=approval_id, disclosure=True) as now:
        row, letter, at = _asked(desk, now, Act.LETTER_OPEN, approval_id)
        try:
            _check_person(desk, now, at, letter, row)
            barred = ""
        except NotAllowed as refusal:
            barred = str(refusal)
        return LetterAsked(
            row["id"], letter["id"], at.request["id"], letter["kind"], text_of(desk.store, letter), row["asked_by"],
            row["asked_at"], barred,
        )


@repeated
def approve(desk: Desk, approval_id: str, *, key: str) -> None:
    """Approve a letter with exactly this text. Raises NotAllowed for own work and for people not asked."""
    with act(desk, Act.LETTER_APPROVE, object_kind="approval", object_id=approval_id, key=key) as now:
        if now.earlier is not None:
            return
        row, letter, at = _asked(desk, now, Act.LETTER_APPROVE, approval_id)
        _check_person(desk, now, at, letter, row)
        text = text_of(desk.store, letter)
        if row["letter_hash"] != bound_to(desk, letter):
            raise NotPossible(CHANGED)
        if LETTERS[letter["kind"]].remedies:
            require_whole(text)
        _decide(desk, now, row, "approved", "")
        now.detail["letter"] = letter["kind"]


@repeated
def give_back(desk: Desk, approval_id: str, reason: str, *, key: str) -> None:
    """Give a letter back to its preparer with a reason, which is kept with the case."""
    with act(desk, Act.LETTER_RETURN, object_kind="approval", object_id=approval_id, key=key) as now:
        if now.earlier is not None:
            return
        row, letter, at = _asked(desk, now, Act.LETTER_RETURN, approval_id)
        _check_person(desk, now, at, letter, row)
        words = typed(reason, "reason")
        _decide(desk, now, row, "returned", words)
        now.words = words
        now.detail["letter"] = letter["kind"]


@repeated
def of_letter(desk: Desk, letter_id: str) -> Grant:
    """Return how far the approval of a letter is; opening the case file stands for it."""
    with act(desk, Act.CASE_OPEN, disclosure=True) as now:
        letter, at = _of_letter(desk, now, Act.CASE_OPEN, letter_id)
        require_asked(desk, now, at.case["case_ref"])
        now.subject = now.request = None
        rows = now.tx.rows("needs.letter_approvals", letter_id=letter_id)
        bound = bound_to(desk, letter)
        return Grant(
            letter["sent_at"] is not None or granted(desk, now, letter),
            tuple((row["approver_id"], _state(row, bound), _words(desk, row)) for row in rows),
        )


def waiting(desk: Desk) -> list[Row]:
    """Return the letters that wait for this person's approval: reference, right, which letter; nobody's name."""
    with look(desk, Act.QUEUE_LOOK) as now:
        return now.tx.rows("needs.letters_waiting", account_id=desk.person.account_id, now=desk.now)


def _state(row: Row, bound: str) -> str:
    return "changed" if row["state"] in {"asked", "approved"} and row["letter_hash"] != bound else str(row["state"])


def _words(desk: Desk, row: Row) -> str:
    if row["words"] is None:
        return ""
    return desk.store.keys.open(KeyKind.CASE, row["case_ref"], row["words"], _place(row["id"]))


def _of_letter(desk: Desk, now: Now, what: Act, letter_id: str) -> tuple[Row, Answering]:
    letter = found(now.tx.one("letters.one", id=letter_id), "letter")
    return letter, answering(desk, now, what, found(letter if letter["request_id"] else None, "request")["request_id"])


def _asked(desk: Desk, now: Now, what: Act, approval_id: str) -> tuple[Row, Row, Answering]:
    row = found(now.tx.one("needs.letter_approval", id=approval_id), "approval")
    letter, at = _of_letter(desk, now, what, row["letter_id"])
    if row["state"] != "asked":
        raise NotPossible("This was decided already.")
    return row, letter, at


def _workers(now: Now, at: Answering, letter: Row) -> set[str]:
    """Return whose own work the letter is: its drafter and editors, the owner, and whoever recorded what it rests on."""
    editors = {row["account_id"] for row in now.tx.rows("needs.editors", letter_id=letter["id"])}
    entered = {row["recorded_by"] for row in now.tx.rows("needs.of_request", request_id=at.request["id"])}
    return editors | entered | {letter["drafted_by"], at.request["owner_id"], at.request["prepared_by"]}


def _check_person(desk: Desk, now: Now, at: Answering, letter: Row, row: Row) -> None:
    me = desk.person.account_id
    if me in _workers(now, at, letter) and not _countersigns(letter, Role.DPO in desk.person.roles):
        raise NotAllowed(OWN_WORK)
    require_approver(recorded(desk, now, at.request), me)
    late = row["deputy_from"] is not None and row["deputy_from"] <= desk.now
    if me != row["approver_id"] and not (late and me == row["deputy_id"]):
        raise NotAllowed("This was asked of another person.")


def _countersigns(letter: Row, dpo: bool) -> bool:
    """Whether own work may be approved: by the DPO, and only beside an approver who approves it too."""
    return dpo and LETTERS[letter["kind"]].approval is Approval.DPO_AND_APPROVER


def _check_able(desk: Desk, now: Now, at: Answering, letter: Row, account: str, field: str) -> None:
    roles = now.tx.rows("approvals.can_approve", account_id=account, now=desk.now)
    if not roles:
        raise Invalid("Choose somebody who may approve a letter.", field)
    dpo = bool(now.tx.rows("needs.is_dpo", account_id=account, now=desk.now))
    if account in _workers(now, at, letter) | {desk.person.account_id} and not _countersigns(letter, dpo):
        raise Invalid("Choose somebody who neither drafted nor edited this letter, nor handles the request.", field)
    if now.tx.rows("cases.barred", case_ref=at.case["case_ref"], account_id=account):
        raise Invalid("This person may not handle that case. Choose somebody else.", field)


def _decide(desk: Desk, now: Now, row: Row, state: str, words: str) -> None:
    sealed = seal(desk, row["case_ref"], words, _place(row["id"])) if words else None
    role = Role.DPO if Role.DPO in desk.person.roles else now.role
    guard(now.tx.run(
        "needs.decide_letter", id=row["id"], state=state, decided_by=desk.person.account_id,
        decided_role=role.value if role else None, decided_at=desk.now, words=sealed,
    ))


def _place(approval_id: str) -> str:
    return f"letter_approvals:{approval_id}:words"
