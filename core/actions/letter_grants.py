"""Whether a letter that is approved by itself may go out: its approvals, each bound to exactly the text that was seen."""

from core.actions.act import Now
from core.actions.desk import Desk
from core.actions.refusal_letter import digest, text_of
from core.law.errors import Refused
from core.law.letters import APPROVED_ALONE, LETTERS, require_sendable
from core.law.roles import Role
from core.store.engine import Row


def require_granted(desk: Desk, now: Now, letter: Row, channel: str) -> None:
    """Raise NotAllowed unless a letter has the approvals that its row of the table demands, of its present text."""
    if letter["kind"] not in APPROVED_ALONE:
        return
    bound = bound_to(desk, letter)
    rows = [
        row for row in now.tx.rows("needs.letter_approvals", letter_id=letter["id"])
        if row["state"] == "approved" and row["letter_hash"] == bound
    ]
    require_sendable(
        letter["kind"], channel, letter["drafted_by"], [row["decided_by"] for row in rows],
        by_dpo=any(row["decided_role"] == Role.DPO for row in rows),
    )


def bound_to(desk: Desk, letter: Row) -> str:
    """Return the keyed hash by which an approval binds the text of a letter inside an act: its words, not the blanks around."""
    return digest(desk.store, text_of(desk.store, letter).strip())


def granted(desk: Desk, now: Now, letter: Row) -> bool:
    """Whether a letter has all its approvals."""
    try:
        require_granted(desk, now, letter, LETTERS[letter["kind"]].channels[0])
    except Refused:
        return False
    return True
