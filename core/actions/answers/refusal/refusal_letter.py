"""The letter of a refusal: which text was approved, and that exactly this one goes out, with its three parts."""

from core.actions.answers.planned import read_body
from core.actions.desk.act import Now, found
from core.actions.desk.desk import Desk
from core.actions.desk.letter_text import digest, text_of
from core.actions.desk.opening import Opened
from core.law.errors import NotPossible
from core.law.refusal import require_whole
from core.store.engine import Row

VERB = "refuse"  # of a plan that touches no system


def require_sendable(desk: Desk, now: Now, at: Opened) -> bool:
    """Return whether the request is refused; raise NotPossible unless its approved letter is whole and marked as sent."""
    plan = now.tx.one("plans.one", id=at.request["plan_id"]) if at.request["plan_id"] else None
    if plan is None or plan["verb"] != VERB:
        return False
    body = read_body(desk, now, plan["id"])
    row = found(now.tx.one("letters.one", id=body.terms["letter_id"]), "letter")
    require_approved(desk, now, at, row)
    if row["sent_at"] is None:
        raise NotPossible("Mark the letter of the refusal as sent first: it is the answer.")
    return True


def require_approved(desk: Desk, now: Now, at: Opened, letter: Row) -> None:
    """Raise NotPossible unless this letter is the approved one, unchanged, and says all three parts (REF-1)."""
    plan = now.tx.one("plans.one", id=at.request["plan_id"]) if at.request["plan_id"] else None
    text = text_of(desk.store, letter)
    require_whole(text)
    approved = plan is not None and now.tx.one(
        "approvals.approved", thing="refusal", thing_id=plan["id"], hash=plan["plan_hash"]
    )
    body = read_body(desk, now, plan["id"]) if plan is not None and plan["verb"] == VERB else None
    if not approved or body is None or (body.terms["letter_id"], body.terms.get("letter")) != (
        letter["id"], digest(desk.store, text)
    ):
        raise NotPossible("Another person must approve this refusal first; then exactly this letter goes out.")
