"""The approval of a plan: compared with the person's data, and bound to exactly its hash."""

from dataclasses import dataclass
from datetime import datetime

from core.actions.answers import carrying
from core.actions.answers.approvals import Bound, DataChanged, OfRequest
from core.actions.answers.owners import owner_tasks
from core.actions.answers.planned import Item, read_body
from core.actions.answers.plans import read_plan
from core.actions.answers.rooms import plan_room
from core.actions.cases.authority import require_authority
from core.actions.desk.act import Now
from core.actions.desk.desk import Desk
from core.actions.desk.gateways import use_for
from core.actions.people.compared import ComparedPerson, compared_person
from core.actions.people.inventory import SystemCount
from core.law.acts import Act
from core.law.errors import NotPossible
from core.law.records import Record
from core.law.rights.mirror import RECORDS, Question, This, way_of
from core.law.ways import Kind, Ruling
from core.store.records import ApprovalRecord

_ITEMWISE = {Kind.ERASURE: Question.ERASURE, Kind.RECTIFICATION: Question.CORRECTION}
CHANGED = "The person's data changed since the plan was made. It went back to its preparer, who prepares it again."


@dataclass(frozen=True, slots=True)
class PlanComparison:
    """What an approver sees side by side before a plan is carried out: the person, and what is done where."""

    approval_id: str
    request_id: str
    reference: str
    right: Kind
    person: ComparedPerson
    systems: tuple[SystemCount, ...]
    items: tuple[Item, ...]
    terms: dict[str, object]
    asked_by: str
    asked_at: datetime
    may_decide: str  # empty, or the sentence why this person may not approve


class PlanApproval(OfRequest[PlanComparison]):
    """The approval that exactly this plan is carried out, system by system."""

    code, called = "plan", "the approval of the plan"
    asks, opens, approves = Act.PLAN_ASK, Act.PLAN_OPEN, Act.PLAN_APPROVE

    def ruling(self, desk: Desk, now: Now) -> Ruling:
        """Return what the plan gives the person of what they asked."""
        return read_body(desk, now, now.at.request.plan_id).ruling

    def bind(self, desk: Desk, now: Now, *, version: int | None, address_id: str | None) -> Bound:
        """Bind the plan. Raises NotPossible until it is made, every system answered in full, and the room is ready."""
        at = self.require_asking(now, version)
        room = plan_room(at.request.kind)
        if not at.request.plan_id:
            raise NotPossible("Prepare the plan first.")
        require_authority(desk, now, at)
        plan = read_plan(desk, now, at.request.plan_id)
        failed = [each.title for each in plan.systems if each.state == "failed"]
        if failed:
            raise NotPossible(f"{', '.join(failed)} did not answer in full. Prepare the plan again, or ask its owner.")
        owner_tasks.require_answered(now, at.request)
        room.require_ready(desk, now, at, read_body(desk, now, plan.id))
        return Bound(plan.id, plan.hash, detail={"plan": plan.hash, "verb": plan.verb})

    def show(self, desk: Desk, now: Now, approval: ApprovalRecord, barred: str) -> PlanComparison:
        """Return the person beside what is done where."""
        at, plan = now.at, read_plan(desk, now, now.at.request.plan_id)
        return PlanComparison(
            approval.id, at.request.id, at.request.reference, Kind(at.request.kind),
            compared_person(now.tx, at.data_subject), plan.systems, plan.items, dict(plan.terms),
            approval.asked_by, approval.asked_at, barred,
        )

    def check(self, desk: Desk, now: Now, approval: ApprovalRecord, *, confirmed: bool) -> None:
        """Raise DataChanged unless the plan made now, from the data held now, is the one that was asked for."""
        at, room = now.at, plan_room(now.at.request.kind)
        require_authority(desk, now, at)
        use_for(now, at.data_subject, at.request)
        if room.prepare(desk, now, at).hash != approval.hash:
            raise DataChanged(CHANGED)
        room.require_ready(desk, now, at, read_body(desk, now, at.request.plan_id))
        now.detail["plan"] = approval.hash

    def deciding(self, desk: Desk, now: Now) -> tuple[This, ...]:
        """Return what the plan decides on each table that holds something, with all that it says of one taken together."""
        return planned(desk, now)

    def approved(self, desk: Desk, now: Now, approval: ApprovalRecord, words: str) -> None:
        """Have the worker carry the plan out in each system."""
        super().approved(desk, now, approval, words)
        carrying.begin(desk, now, now.at)


PLAN = PlanApproval()


def planned(desk: Desk, now: Now) -> tuple[This, ...]:
    """Return what the plan of an act's request decides table by table (MIR-1); what holds nothing is no item."""
    at = now.at
    question = _ITEMWISE.get(Kind(at.request.kind))
    if question is None or not at.request.plan_id:
        return ()
    body = read_body(desk, now, at.request.plan_id)
    held = {f"{item.system}.{item.table}" for item in body.items if item.rows}
    made: dict[str, list[Record]] = {}
    for each, _ in plan_room(at.request.kind).decide(desk, now, at, body) if held else ():
        made.setdefault(each.item, []).append(each)
    ways = {
        item: way_of(question, [each.outcome for each in several], several[0].article,
                     min(dict(each.inputs).get(RECORDS[question].fact, "") for each in several))
        for item, several in made.items() if item in held
    }
    return tuple(This(question, item, way) for item, way in ways.items() if way is not None)
