"""Plans: what every system holds about the person and what is to be done, bound by a hash, before anything is done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.actions.answers.owners import owner_tasks
from core.actions.answers.planned import Item, PlanBody, counted, read_body
from core.actions.answers.room import CopyRoom
from core.actions.answers.rooms import copy_room, plan_room
from core.actions.cases.authority import require_person
from core.actions.cases.transitions import require_state
from core.actions.desk import things
from core.actions.desk.act import Now, act, found, guard, new_id, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.gateways import use_for
from core.actions.desk.tasks import Task, enqueue
from core.actions.people.inventory import SystemCount
from core.connectors.catalogue import own_catalogue
from core.documents.portable import FieldFact
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.ways import RIGHTS, Kind
from core.law.workflow import State
from core.store.encryption import Cell, encrypt
from core.store.records import PlanRecord


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it is shown: counts only, no value."""

    id: str
    systems: tuple[SystemCount, ...]
    hash: str
    made_at: datetime
    made_by: str
    verb: str
    items: tuple[Item, ...] = ()
    terms: Mapping[str, Any] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        """Whether every system answered."""
        return all(each.state in {"found", "zero"} for each in self.systems)


def prepare(desk: Desk, request_id: str, *, version: int, purpose: str, look_ups: bool = False, key: str) -> str:
    """Plan a copy over every field of the catalogue, have the worker build its package, and return the plan's id.

    Beside what every plan needs (`prepare_plan`), a live desk needs a catalogue of its own. With `look_ups` the copy also
    says when and why the person's data were looked at, where the person asks (C-579/21). A package made before ends.
    """
    return _prepare(desk, Act.EXPORT_PREPARE, request_id, version, purpose, key, look_ups=look_ups)


def prepare_plan(desk: Desk, request_id: str, *, version: int, purpose: str, key: str) -> str:
    """Plan what a right does with every table of the catalogue, and return the plan's id; nothing is done yet.

    Needs a request in progress and a decided person, and a proven identity where the right needs one. Restricted data
    enter the plan by the gateway of Article 18(2), the person's own request, which the entry says. Owners of systems worked in
    by hand who were not asked in the case are asked to search. A plan made before is
    replaced. Raises NotPossible with what to do first.
    """
    return _prepare(desk, Act.PLAN_PREPARE, request_id, version, purpose, key)


@repeated
def _prepare(
    desk: Desk, what: Act, request_id: str, version: int, purpose: str, key: str, *, look_ups: bool = False
) -> str:
    with act(desk, what, things.request(request_id), purpose=purpose, key=key) as now:
        if now.earlier is not None:
            return now.earlier
        at = now.at.of_version(version)
        right = RIGHTS[Kind(at.request.kind)]
        room = copy_room(right.kind) if what is Act.EXPORT_PREPARE else plan_room(right.kind)
        if isinstance(room, CopyRoom):
            _require_copy(desk, room, look_ups=look_ups)
        require_state(at.request, State.IN_PROGRESS, "Start work on the request first; a plan is made in progress.")
        require_person(desk, now, at)
        use_for(now, at.data_subject, at.request)
        owner_tasks.ask_missing(
            desk, now, lambda system: room.concerns(right.kind, system), rows_wanted=isinstance(room, CopyRoom)
        )
        body = room.prepare(desk, now, at)
        package_id = new_id(desk.now) if isinstance(room, CopyRoom) else None
        plan_id = keep(desk, now, body, right.verb, version, package_id)
        if package_id is not None:
            now.tx.run(
                "packages.add", id=package_id, request_id=request_id, case_ref=at.case.case_ref, plan_id=plan_id,
                subject_ref=at.case.subject_ref, look_ups=look_ups,
            )
            enqueue(desk, now, Task.BUILD, package_id)
            now.detail["look_ups"] = int(look_ups)
        now.result = plan_id
        now.detail |= counted(body.systems) | {"verb": right.verb}
        for action in sorted({each.action for each in body.items}):
            now.detail[f"{action}"] = sum(each.rows for each in body.items if each.action == action)
    return plan_id


def _require_copy(desk: Desk, room: CopyRoom[Any], *, look_ups: bool) -> None:
    """Refuse a copy by a live desk that has still the sample catalogue, or of who looked where the right gives none."""
    if desk.store.kind == "live" and (todo := own_catalogue()):
        raise NotPossible(todo)
    if look_ups and not room.look_ups:
        raise Invalid("Who looked is told in a copy under Article 15 only.", "look_ups")


def keep(desk: Desk, now: Now, body: PlanBody, verb: str, version: int, package_id: str | None = None) -> str:
    """Keep a plan as its request's own, inside an act, in place of one made before and its package; return its id.

    Raises Conflict where the request moved on meanwhile.
    """
    at, plan_id = now.at, new_id(desk.now)
    now.tx.run(
        "plans.add", id=plan_id, request_id=at.request.id, case_ref=at.case.case_ref,
        subject_ref=at.case.subject_ref or "", made_at=desk.now, made_by=desk.person.account_id, plan_hash=body.hash,
        body=encrypt(desk.store, at.case.case_ref, body.text, Cell("plans", plan_id, "body")), verb=verb,
    )
    for earlier in now.tx.rows("packages.earlier", request_id=at.request.id):
        now.tx.run("packages.ended", id=earlier["id"], version=earlier["version"], state="expired")
    guard(now.tx.run(
        "requests.attach_plan", id=at.request.id, plan_id=plan_id, package_id=package_id, prepared_by=desk.person.account_id,
        version=version,
    ))
    now.object_kind, now.object_id = "plan", plan_id
    return plan_id


@repeated
def open_plan(desk: Desk, request_id: str) -> Plan:
    """Return the plan of a request. Raises NotFound where none was made."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        at = now.at
        now.subject = now.request = None  # opening the case file stands for its plan: one entry for both
        return read_plan(desk, now, at.request.plan_id)


@repeated
def open_fields(desk: Desk, request_id: str) -> tuple[FieldFact, ...]:
    """Return for every field of the catalogue whether it is in the copy, why, and by which article."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        at = now.at
        fields = copy_room(at.request.kind).fields()
        if not fields:
            raise NotPossible("Only a portable copy leaves fields out.")
    return fields


def read_plan(desk: Desk, now: Now, plan_id: str | None) -> Plan:
    """Return a plan inside another act."""
    row = found(now.tx.record(PlanRecord, "plans.one", id=plan_id) if plan_id else None, "plan")
    body = read_body(desk, now, row.id)
    return Plan(
        row.id, body.systems, row.plan_hash, row.made_at, row.made_by, row.verb, body.items, body.terms
    )
