"""The letter that is itself the answer: of a refusal, or of what was done outside the desk; exactly the approved one goes out."""

from abc import abstractmethod
from typing import ClassVar

from core.actions.answers.approvals import Bound, DataChanged, OfRequest, Seen
from core.actions.answers.planned import PlanBody, read_body
from core.actions.desk.act import Now, found
from core.actions.desk.desk import Desk
from core.actions.desk.letter_text import digest, has_passages, require_told, text_of
from core.actions.desk.opening import Opened
from core.law.errors import NotPossible
from core.law.outside import ending, lines_of
from core.law.refusal import GROUNDS, require_part
from core.law.rights.mirror import Question, This, refused
from core.law.workflow import Closing
from core.store.encryption import Cell, encrypt
from core.store.engine import Store
from core.store.records import ApprovalRecord, LetterRecord, PlanRecord, PrintedLetter

REFUSE, OUTSIDE = "refuse", "outside"  # of a plan that touches no system here
LETTER_CHANGED = "The letter was changed since the approval was asked for. It went back to its preparer."
THINGS = {REFUSE: "refusal", OUTSIDE: "outside"}  # what is approved with it


def bound_plan(now: Now, at: Opened) -> PlanRecord | None:
    """Return the plan of a request whose answer is a letter approved with it; None where it has another or none."""
    plan = now.tx.record(PlanRecord, "plans.one", id=at.request.plan_id) if at.request.plan_id else None
    return plan if plan is not None and plan.verb in THINGS else None


def refusing(desk: Desk, now: Now) -> tuple[This, ...]:
    """Return that the request of an act is refused as a whole, where that is prepared (MIR-1)."""
    plan = bound_plan(now, now.at)
    if plan is None or plan.verb != REFUSE:
        return ()
    return (This(Question.REFUSAL, "", refused(GROUNDS[read_body(desk, now, plan.id).terms["ground"]].article)),)


def require_sendable(desk: Desk, now: Now, at: Opened) -> Closing | None:
    """Return how a request ends that such a letter answers, None for every other.

    Raises NotPossible unless the approved letter is whole and marked as sent.
    """
    plan = bound_plan(now, at)
    if plan is None:
        return None
    body = read_body(desk, now, plan.id)
    row = found(now.tx.record(PrintedLetter, "letters.one", id=body.terms["letter_id"]), "letter")
    require_approved(desk, now, at, row)
    if row.sent_at is None:
        what = "of the refusal" if plan.verb == REFUSE else "of this answer"
        raise NotPossible(f"Mark the letter {what} as sent first: it is the answer.")
    return Closing.REFUSED if plan.verb == REFUSE else ending(lines_of(body.terms["lines"]))


def require_approved(desk: Desk, now: Now, at: Opened, letter: LetterRecord) -> None:
    """Raise NotPossible unless this letter is the approved one, unchanged, and says all that it must (REF-1)."""
    plan, text = bound_plan(now, at), text_of(desk.store, letter)
    body = read_body(desk, now, plan.id) if plan is not None else None
    if plan is not None and body is not None:
        require_said(desk.store, plan.verb, body, letter)
    approved = plan is not None and now.tx.one(
        "approvals.approved", thing=THINGS[plan.verb], thing_id=plan.id, hash=plan.plan_hash
    )
    if not approved or body is None or (body.terms["letter_id"], body.terms.get("letter")) != (
        letter.id, digest(desk.store, text)
    ):
        raise NotPossible("Another person must approve this first; then exactly this letter goes out.")


def require_said(store: Store, verb: str, body: PlanBody, letter: LetterRecord) -> None:
    """Raise NotPossible where the letter lacks a part of Article 12(4); of a part that is not done, also its own reasons."""
    if verb == REFUSE:
        require_told(store, letter)
        return
    lines = lines_of(body.terms["lines"])
    if ending(lines) is not Closing.FULFILLED:
        require_part(
            text_of(store, letter), [(line.told,) for line in lines if not line.granted], standing=has_passages(letter)
        )


class ByLetter(OfRequest[Seen]):
    """The approval of a decision whose letter is itself the answer: it binds the plan with exactly this letter."""

    verb: ClassVar[str]
    missing: ClassVar[str]  # said while nothing is prepared
    changed = "letter_changed"

    def prepared(self, desk: Desk, now: Now) -> tuple[PlanRecord, PlanBody]:
        """Return the plan and its body. Raises NotPossible while nothing is prepared."""
        plan = bound_plan(now, now.at)
        if plan is None or plan.verb != self.verb:
            raise NotPossible(self.missing)
        return plan, read_body(desk, now, plan.id)

    def deciding(self, desk: Desk, now: Now) -> tuple[This, ...]:
        """Return that the request is refused; what is answered outside the desk has no like cases here."""
        return refusing(desk, now)

    @abstractmethod
    def require_bearable(self, desk: Desk, now: Now, body: PlanBody) -> None:
        """Raise what stands in the way of the decision itself."""

    def bind(self, desk: Desk, now: Now, *, version: int | None, address_id: str | None) -> Bound:
        """Bind the decision and its letter. Raises NotPossible where the letter lacks what it must say."""
        at = self.require_asking(now, version)
        plan, body = self.prepared(desk, now)
        self.require_bearable(desk, now, body)
        letter = letter_of(now, body)
        require_said(desk.store, self.verb, body, letter)
        bound = PlanBody((), (), "", dict(body.terms) | {"letter": digest(desk.store, text_of(desk.store, letter))})
        now.tx.run(
            "plans.renew", id=plan.id, plan_hash=bound.hash,
            body=encrypt(desk.store, at.case.case_ref, bound.text, Cell("plans", plan.id, "body")),
        )
        return Bound(plan.id, bound.hash, detail={"plan": bound.hash})

    def check(self, desk: Desk, now: Now, approval: ApprovalRecord, *, confirmed: bool) -> None:
        """Raise DataChanged where the letter is not the one that was asked for."""
        plan, body = self.prepared(desk, now)
        self.require_bearable(desk, now, body)
        letter = letter_of(now, body)
        if plan.plan_hash != approval.hash or body.terms.get("letter") != digest(
            desk.store, text_of(desk.store, letter)
        ):
            raise DataChanged(LETTER_CHANGED)
        require_said(desk.store, self.verb, body, letter)
        now.detail["plan"] = approval.hash


def letter_of(now: Now, body: PlanBody) -> LetterRecord:
    """Return the letter that a plan names."""
    return found(now.tx.record(PrintedLetter, "letters.one", id=body.terms["letter_id"]), "letter")
