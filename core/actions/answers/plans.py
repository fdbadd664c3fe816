"""Plans: what every system holds about the person and what is to be done, bound by a hash, before anything is done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.actions.answers.planned import Item, read_body
from core.actions.answers.portability.portability import decided
from core.actions.answers.verbs import VERBS, verb_of
from core.actions.cases.authority import require_authority
from core.actions.cases.transitions import require_state
from core.actions.desk import things
from core.actions.desk.act import Detail, Now, act, found, guard, new_id, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.gateways import use_for
from core.actions.desk.tasks import Task, enqueue
from core.actions.people.inventory import SystemCount, take_inventory
from core.connectors.catalogue import catalogue, own_catalogue
from core.documents.portable import FieldFact
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.ways import RIGHTS, Kind
from core.law.workflow import State
from core.store.encryption import Cell, encrypt
from core.store.engine import Row


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it is shown: counts only, no value."""

    id: str
    systems: tuple[SystemCount, ...]
    hash: str
    made_at: datetime
    made_by: str
    verb: str = "export"
    items: tuple[Item, ...] = ()
    terms: Mapping[str, Any] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether every system answered."""
        return all(each.state in {"found", "zero"} for each in self.systems)


@repeated
def prepare(
    desk: Desk, request_id: str, *, version: int, purpose: str, look_ups: bool = False, key: str
) -> str:
    """Plan the answer to access or portability over every catalogue field, ask the worker to build it; return the plan's id.

    Needs a request in progress, a proven identity and a decided person. Restricted data enter the plan by the gateway
    of Article 18(2), the person's own request, which the entry says. A plan made before is replaced with its package. A live
    desk that still has the sample catalogue makes none.
    With `look_ups` the copy also says when and why the person's data were looked at, where the person asks (C-579/21).
    """
    with act(desk, Act.EXPORT_PREPARE, things.request(request_id), purpose=purpose, key=key) as now:
        if now.earlier is not None:
            return now.earlier
        at = now.at.of_version(version)
        if desk.store.kind == "live" and (todo := own_catalogue()):
            raise NotPossible(todo)
        if RIGHTS[Kind(at.request["kind"])].verb != "export":
            raise NotPossible("Only a request for access or for a portable copy is answered with a package.")
        if look_ups and at.request["kind"] != Kind.ACCESS:
            raise Invalid("Who looked is told in a copy under Article 15 only.", "look_ups")
        require_state(at.request, State.IN_PROGRESS, "Start work on the request first; a plan is made in progress.")
        if at.case["identity_state"] != "proven":
            raise NotPossible("Prove first who is asking: record the identity check.")
        subject = at.case["subject_ref"]
        if at.case["subject_state"] != "decided" or subject is None:
            raise NotPossible("Decide first which person the case is about.")
        require_authority(desk, now, at)
        use_for(now, subject, at.request)
        inventory = take_inventory(desk.store, now.tx, subject, at.request["case_ref"])
        plan_id, package_id = new_id(desk.now), new_id(desk.now)
        now.tx.run(
            "plans.add", id=plan_id, request_id=request_id, case_ref=at.request["case_ref"], subject_ref=subject,
            made_at=desk.now, made_by=desk.person.account_id, plan_hash=inventory.hash,
            body=encrypt(desk.store, at.request["case_ref"], inventory.body, Cell("plans", plan_id, "body")), verb="export",
        )
        for earlier in now.tx.rows("packages.earlier", request_id=request_id):
            now.tx.run("packages.ended", id=earlier["id"], version=earlier["version"], state="expired")
        now.tx.run(
            "packages.add", id=package_id, request_id=request_id, case_ref=at.request["case_ref"], plan_id=plan_id,
            subject_ref=subject, look_ups=look_ups,
        )
        guard(now.tx.run(
            "plans.attach", id=request_id, plan_id=plan_id, package_id=package_id,
            prepared_by=desk.person.account_id, version=version,
        ))
        enqueue(desk, now, Task.BUILD, package_id)
        now.object_kind, now.object_id, now.result = "plan", plan_id, plan_id
        now.detail |= counted(inventory.systems) | {"look_ups": int(look_ups)}
    return plan_id


@repeated
def prepare_plan(desk: Desk, request_id: str, *, version: int, purpose: str, key: str) -> str:
    """Plan what the request's verb does with every catalogue table, and return the plan's id; nothing is done yet.

    Needs a request in progress and a decided person, and a proven identity where the right needs one. A plan made
    before is replaced. Raises NotPossible with what to do first.
    """
    with act(desk, Act.PLAN_PREPARE, things.request(request_id), purpose=purpose, key=key) as now:
        if now.earlier is not None:
            return now.earlier
        at = now.at.of_version(version)
        verb, right = verb_of(at.request["kind"]), RIGHTS[Kind(at.request["kind"])]
        require_state(at.request, State.IN_PROGRESS, "Start work on the request first; a plan is made in progress.")
        if right.needs_identity and at.case["identity_state"] != "proven":
            raise NotPossible("Prove first who is asking: record the identity check.")
        if at.case["subject_state"] != "decided" or at.case["subject_ref"] is None:
            raise NotPossible("Decide first which person the case is about.")
        require_authority(desk, now, at)
        use_for(now, at.case["subject_ref"], at.request)
        body, plan_id = VERBS[verb].plan(desk, now, at), new_id(desk.now)
        now.tx.run(
            "plans.add", id=plan_id, request_id=request_id, case_ref=at.case["case_ref"],
            subject_ref=at.case["subject_ref"], made_at=desk.now, made_by=desk.person.account_id, plan_hash=body.hash,
            body=encrypt(desk.store, at.case["case_ref"], body.text, Cell("plans", plan_id, "body")), verb=verb,
        )
        guard(now.tx.run(
            "plans.attach", id=request_id, plan_id=plan_id, package_id=None, prepared_by=desk.person.account_id,
            version=version,
        ))
        now.object_kind, now.object_id, now.result = "plan", plan_id, plan_id
        now.detail |= counted(body.systems) | {"verb": verb}
        for action in sorted({each.action for each in body.items}):
            now.detail[f"{action}"] = sum(each.rows for each in body.items if each.action == action)
    return plan_id


@repeated
def open_plan(desk: Desk, request_id: str) -> Plan:
    """Return the plan of a request. Raises NotFound where none was made."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        at = now.at
        now.subject = now.request = None  # opening the case file stands for its plan: one entry for both
        return read_plan(desk, now, at.request["plan_id"])


@repeated
def open_fields(desk: Desk, request_id: str) -> tuple[FieldFact, ...]:
    """Return for every field of the catalogue whether it is in the portable copy, why, and by which article."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        at = now.at
        if at.request["kind"] != Kind.PORTABILITY:
            raise NotPossible("Only a portable copy leaves fields out.")
    return decided(catalogue())


def read_plan(desk: Desk, now: Now, plan_id: str | None) -> Plan:
    """Return a plan inside another act."""
    row: Row = found(now.tx.one("plans.one", id=plan_id) if plan_id else None, "plan")
    body = read_body(desk, now, row["id"])
    return Plan(
        row["id"], body.systems, row["plan_hash"], row["made_at"], row["made_by"], row["verb"], body.items, body.terms
    )


def counted(systems: tuple[SystemCount, ...]) -> dict[str, Detail]:
    """Return rows per system and the systems that are missing, for the entry."""
    missing = [each.code for each in systems if each.state in {"failed", "not_connected"}]
    rows: dict[str, Detail] = {f"rows.{each.code}": each.rows for each in systems}
    return rows | {"missing": missing}

