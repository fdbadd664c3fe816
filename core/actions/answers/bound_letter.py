"""The letter that is itself the answer: of a refusal, or of what was done outside the desk; exactly the approved one goes out."""

from core.actions.answers.planned import PlanBody, read_body
from core.actions.desk.act import Now, found
from core.actions.desk.desk import Desk
from core.actions.desk.letter_text import digest, text_of
from core.actions.desk.opening import Opened
from core.law.errors import NotPossible
from core.law.outside import ending, lines_of
from core.law.refusal import require_part, require_whole
from core.law.workflow import Closing
from core.store.engine import Row

REFUSE, OUTSIDE = "refuse", "outside"  # of a plan that touches no system here
THINGS = {REFUSE: "refusal", OUTSIDE: "outside"}  # what is approved with it


def bound_plan(now: Now, at: Opened) -> Row | None:
    """Return the plan of a request whose answer is a letter approved with it; None where it has another or none."""
    plan = now.tx.one("plans.one", id=at.request["plan_id"]) if at.request["plan_id"] else None
    return plan if plan is not None and plan["verb"] in THINGS else None


def require_sendable(desk: Desk, now: Now, at: Opened) -> Closing | None:
    """Return how a request ends that such a letter answers, None for every other.

    Raises NotPossible unless the approved letter is whole and marked as sent.
    """
    plan = bound_plan(now, at)
    if plan is None:
        return None
    body = read_body(desk, now, plan["id"])
    row = found(now.tx.one("letters.one", id=body.terms["letter_id"]), "letter")
    require_approved(desk, now, at, row)
    if row["sent_at"] is None:
        what = "of the refusal" if plan["verb"] == REFUSE else "of this answer"
        raise NotPossible(f"Mark the letter {what} as sent first: it is the answer.")
    return Closing.REFUSED if plan["verb"] == REFUSE else ending(lines_of(body.terms["lines"]))


def require_approved(desk: Desk, now: Now, at: Opened, letter: Row) -> None:
    """Raise NotPossible unless this letter is the approved one, unchanged, and says all that it must (REF-1)."""
    plan, text = bound_plan(now, at), text_of(desk.store, letter)
    body = read_body(desk, now, plan["id"]) if plan is not None else None
    if plan is not None and body is not None:
        require_said(plan["verb"], body, text)
    approved = plan is not None and now.tx.one(
        "approvals.approved", thing=THINGS[plan["verb"]], thing_id=plan["id"], hash=plan["plan_hash"]
    )
    if not approved or body is None or (body.terms["letter_id"], body.terms.get("letter")) != (
        letter["id"], digest(desk.store, text)
    ):
        raise NotPossible("Another person must approve this first; then exactly this letter goes out.")


def require_said(verb: str, body: PlanBody, text: str) -> None:
    """Raise NotPossible where the letter lacks a part of Article 12(4); of a part that is not done, also its own reasons."""
    if verb == REFUSE:
        require_whole(text)
        return
    lines = lines_of(body.terms["lines"])
    if ending(lines) is not Closing.FULFILLED:
        require_part(text, [(line.told,) for line in lines if not line.granted])
