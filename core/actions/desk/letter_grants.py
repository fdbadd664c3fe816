"""Whether a letter that is approved by itself has its approvals, each bound to exactly the text that was seen."""

from core.actions.desk.letter_text import bound_to
from core.law.errors import Refused
from core.law.letters import APPROVED_ALONE, require_approved
from core.law.roles import Role
from core.store.engine import Store, Tx
from core.store.records import ApprovalRecord, LetterRecord


def require_granted(store: Store, tx: Tx, letter: LetterRecord) -> None:
    """Raise NotAllowed unless a letter has the approvals that its row of the table demands, of its present text."""
    if letter.kind not in APPROVED_ALONE:
        return
    bound = bound_to(store, letter)
    rows = [
        row for row in tx.records(ApprovalRecord, "approvals.of_thing", thing="letter", thing_id=letter.id)
        if row.decision == "approved" and row.hash == bound
    ]
    require_approved(
        letter.kind, letter.drafted_by, [row.decided_by for row in rows if row.decided_by],
        by_dpo=any(row.decided_role == Role.DPO for row in rows),
    )


def granted(store: Store, tx: Tx, letter: LetterRecord) -> bool:
    """Whether a letter has all its approvals."""
    try:
        require_granted(store, tx, letter)
    except Refused:
        return False
    return True
