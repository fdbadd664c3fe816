"""The plan of an export: what every system holds about the person, bound by a hash, before anything is built."""

from dataclasses import dataclass
from datetime import datetime

from core.actions.act import Detail, Now, act, found, new_id, repeated
from core.actions.answering import answering, require_state, seal, unseal
from core.actions.clock import guard
from core.actions.desk import Desk
from core.actions.inventory import SystemCount, read_inventory, take_inventory
from core.actions.tasks import Task, enqueue
from core.law.acts import Act
from core.law.errors import NotPossible
from core.law.rights import Kind
from core.law.workflow import State
from core.store.engine import Row


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it is shown: counts only, no value."""

    id: str
    systems: tuple[SystemCount, ...]
    hash: str
    made_at: datetime
    made_by: str

    @property
    def whole(self) -> bool:
        """Whether every system answered."""
        return all(each.state in {"found", "zero"} for each in self.systems)


@repeated
def prepare(desk: Desk, request_id: str, *, version: int, purpose: str, key: str) -> str:
    """Plan an access request's answer over every catalogue field, ask the worker to build it; return the plan's id.

    Needs a request in progress, a proven identity and a decided person. Restricted data enter the plan by the gateway
    of Article 18(2), the person's own request, which the entry says. A plan made before is replaced with its package.
    """
    with act(desk, Act.EXPORT_PREPARE, request=request_id, purpose=purpose, key=key) as now:
        if now.earlier is not None:
            return now.earlier
        at = answering(desk, now, Act.EXPORT_PREPARE, request_id, version=version)
        if at.request["kind"] != Kind.ACCESS:
            raise NotPossible("Only a request for access is answered with an access package.")
        require_state(at.request, State.IN_PROGRESS, "Start work on the request first; a plan is made in progress.")
        if at.case["identity_state"] != "proven":
            raise NotPossible("Prove first who is asking: record the identity check.")
        subject = at.case["subject_ref"]
        if at.case["subject_state"] != "decided" or subject is None:
            raise NotPossible("Decide first which person the case is about.")
        if now.tx.rows("people.restricted", subjects=[subject]):
            now.detail["gateway"] = "18.2.own_request"
        inventory = take_inventory(desk.store, now.tx, subject, at.request["case_ref"])
        plan_id, package_id = new_id(desk.now), new_id(desk.now)
        now.tx.run(
            "plans.add", id=plan_id, request_id=request_id, case_ref=at.request["case_ref"], subject_ref=subject,
            made_at=desk.now, made_by=desk.person.account_id, plan_hash=inventory.hash,
            body=seal(desk, at.request["case_ref"], inventory.body, place(plan_id)),
        )
        for earlier in now.tx.rows("packages.earlier", request_id=request_id):
            now.tx.run("packages.ended", id=earlier["id"], version=earlier["version"], state="expired")
        now.tx.run(
            "packages.add", id=package_id, request_id=request_id, case_ref=at.request["case_ref"], plan_id=plan_id,
            subject_ref=subject,
        )
        guard(now.tx.run(
            "plans.attach", id=request_id, plan_id=plan_id, package_id=package_id,
            prepared_by=desk.person.account_id, version=version,
        ))
        enqueue(desk, now, Task.BUILD, package_id)
        now.object_kind, now.object_id, now.result = "plan", plan_id, plan_id
        now.detail |= counted(inventory.systems)
    return plan_id


def open_plan(desk: Desk, request_id: str) -> Plan:
    """Return the plan of a request. Raises NotFound where none was made."""
    with act(desk, Act.CASE_OPEN, disclosure=True) as now:
        at = answering(desk, now, Act.CASE_OPEN, request_id)
        now.subject = now.request = None  # opening the case file stands for its plan: one entry for both
        return read_plan(desk, now, at.request["plan_id"])


def read_plan(desk: Desk, now: Now, plan_id: str | None) -> Plan:
    """Return a plan inside another act."""
    row: Row = found(now.tx.one("plans.one", id=plan_id) if plan_id else None, "plan")
    systems = read_inventory(unseal(desk, row["case_ref"], row["body"], place(row["id"])))
    return Plan(row["id"], systems, row["plan_hash"], row["made_at"], row["made_by"])


def counted(systems: tuple[SystemCount, ...]) -> dict[str, Detail]:
    """Return rows per system and the systems that are missing, for the entry."""
    missing = [each.code for each in systems if each.state in {"failed", "not_connected"}]
    rows: dict[str, Detail] = {f"rows.{each.code}": each.rows for each in systems}
    return rows | {"missing": missing}


def place(plan_id: str) -> str:
    """Return the place to which a plan's body is bound."""
    return f"plans:{plan_id}:body"
