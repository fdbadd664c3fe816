"""Carrying out a plan: one task for each system, started and ended in acts of their own, verified by searching again."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from core.actions.answers.owners import owner_tasks
from core.actions.answers.planned import PlanBody, read_body
from core.actions.answers.rooms import plan_room
from core.actions.cases.authority import require_authority
from core.actions.cases.transitions import move, require_state
from core.actions.desk import deciding, things
from core.actions.desk.act import Now, act, found, guard, new_id, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.gateways import use_for
from core.actions.desk.opening import Opened
from core.actions.desk.tasks import Task, enqueue
from core.actions.people.inventory import count_system
from core.connectors import desk_records
from core.connectors.catalogue import catalogue
from core.connectors.connector import Done, Exported, Kept, Token
from core.connectors.registered import by_hand, connector_of
from core.law.acts import Act
from core.law.errors import NotPossible
from core.law.ways import Kind, needs_second
from core.law.workflow import State, Step
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Row, Store
from core.store.records import PlanRecord, RequestRecord

OPEN = frozenset({"waiting", "running"})
DONE_THERE = frozenset({"delete", "mask", "restrict", "rectify", "suppress"})  # what the owner of a system is asked to do in it
CHANGED = "The person's data in this system changed since the plan was approved. Prepare and approve the plan again."


@dataclass(frozen=True, slots=True)
class Carrying:
    """How far one system is: counts touched and kept, with ground and until; what is left as a keyed hash; why it failed."""

    system: str
    title: str
    verb: str
    state: str  # waiting, running, done, failed, not_connected
    started_at: datetime | None
    ended_at: datetime | None
    touched: dict[str, int]
    kept: tuple[Kept, ...]
    tokens: tuple[Token, ...] = ()
    trouble: str = ""


@repeated
def start(desk: Desk, request_id: str, *, version: int, key: str) -> None:
    """Have the plan of a right that can be undone carried out, without the approval of a second person."""
    with act(desk, Act.REQUEST_CARRY_OUT, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return
        at = now.at.of_version(version)
        require_state(at.request, State.IN_PROGRESS, "Start work on the request first.")
        if not at.request.plan_id:
            raise NotPossible("Prepare the plan first.")
        require_authority(desk, now, at)
        room, body = plan_room(at.request.kind), read_body(desk, now, at.request.plan_id)
        room.require_ready(desk, now, at, body)
        use_for(now, at.data_subject, at.request)
        if room.prepare(desk, now, at).hash != body.hash:
            raise NotPossible("The person's data changed since the plan was made. Prepare it again.")
        move(desk, now, at.request, Step.CARRY_OUT, version=version, ruling=body.ruling)
        begin(desk, now, at)


def begin(desk: Desk, now: Now, at: Opened) -> None:
    """Add one carrying and one task for each system, and keep the plan's decisions, inside the act that decided it."""
    request_row, plan_id = at.request, at.request.plan_id
    plan = found(now.tx.record(PlanRecord, "plans.one", id=plan_id), "plan")
    body = read_body(desk, now, plan_id)
    if made := plan_room(request_row.kind).decide(desk, now, at, body):
        deciding.keep(desk, now, request_row, [each for each, _ in made], [words for _, words in made])
    answered = {each.code: each.state for each in body.systems}
    for system in catalogue().systems:
        if by_hand(system.code) and system.code not in answered:
            continue  # the right does not concern it
        connector = connector_of(desk.store, system.code, plan.case_ref)
        there = answered.get(system.code) in {"found", "zero"} and connector is not None
        carrying_id = new_id(desk.now)
        now.tx.run(
            "carrying.add", id=carrying_id, request_id=request_row.id, case_ref=plan.case_ref, plan_id=plan_id,
            subject_ref=plan.subject_ref, system=system.code, verb=plan.verb,
            state="waiting" if there else "not_connected",
        )
        if there and by_hand(system.code) and any(item.rows and item.action in DONE_THERE for item in body.of(system.code)):
            owner_tasks.hand_over(desk, now, system.code, plan.verb, carrying_id)
        elif there:
            enqueue(desk, now, Task.CARRY_OUT, carrying_id)
    now.detail["systems"] = len(catalogue().systems)


def carry_out(desk: Desk, carrying_id: str) -> None:
    """Carry the plan out in one system, verify it, and end it; may be repeated, and does nothing for one that ended.

    The last system moves the request on. Raises NotPossible where the search afterwards still finds what should be
    gone, SourceUnavailable where the system does not answer: then nothing was changed and it is tried again.
    """
    if _start(desk, carrying_id):
        _end(desk, carrying_id)


@repeated
def _start(desk: Desk, carrying_id: str) -> bool:
    with act(desk, Act.CARRYING_START, things.carrying(carrying_id)) as now:
        row, request = _opened(now)
        if row["state"] not in OPEN or request.state != State.CARRYING_OUT or request.plan_id != row["plan_id"]:
            now.unlogged = True
            return False
        guard(now.tx.run("carrying.start", id=carrying_id, started_at=desk.now, version=row["version"]))
        now.detail |= {"system": row["system"], "verb": row["verb"]}
    return True


@repeated
def _end(desk: Desk, carrying_id: str) -> None:
    with act(desk, Act.CARRYING_END, things.carrying(carrying_id)) as now:
        row, request = _opened(now)
        if row["state"] not in OPEN:
            now.unlogged = True
            return
        use_for(now, row["subject_ref"], request)
        room, body = plan_room(request.kind), read_body(desk, now, row["plan_id"])
        connector = connector_of(desk.store, row["system"], row["case_ref"])
        if connector is None:
            raise NotPossible("This system is not connected to the desk any more.")
        before = connector.export(now.tx, now.permitted(row["subject_ref"]))
        if needs_second(Kind(request.kind), body.ruling):
            _check_same(desk, row, request, body, before)
        done = room.carry_out(desk, now, connector, row, body)
        room.verify(desk, now, connector, row, body, before)
        end_row(desk, now, row, "done", done)
        now.detail |= {"system": row["system"], "verb": row["verb"], "kept": sum(each.rows for each in done.kept)}
        now.detail |= {f"rows.{name}": count for name, count in done.touched.items()}
        left = [each for each in now.tx.rows("carrying.of_plan", plan_id=row["plan_id"]) if each["state"] in OPEN]
        if not left:
            room.finish(desk, now, request)
            move(desk, now, request, Step.CARRIED_OUT)
        room.note_ahead(desk, now, row, body)


@repeated
def give_up(desk: Desk, carrying_id: str) -> None:
    """End a system that could not be carried out, and hand the request back to its preparer with the reason."""
    with act(desk, Act.REQUEST_HAND_BACK, things.carrying(carrying_id)) as now:
        row, request = _opened(now)
        if row["state"] not in OPEN:
            now.unlogged = True
            return
        title = {each.code: each.title for each in catalogue().systems}.get(row["system"], row["system"])
        trouble = f"It could not be carried out in: {title}. Nothing was changed there. Ask its owner, and plan it again."
        end_row(desk, now, row, "failed", Done(row["system"], row["subject_ref"], {}), trouble)
        now.detail |= {"system": row["system"], "verb": row["verb"]}
        if request.state == State.CARRYING_OUT and request.plan_id == row["plan_id"]:
            now.tx.run("owners.withdraw_work", request_id=request.id)
            for other in now.tx.rows("carrying.of_plan", plan_id=row["plan_id"]):
                if other["state"] in OPEN:
                    end_row(desk, now, other, "failed", Done(other["system"], other["subject_ref"], {}), trouble)
            move(desk, now, request, Step.HAND_BACK, words=trouble)


@repeated
def carryings_of(desk: Desk, request_id: str) -> tuple[Carrying, ...]:
    """Return how far each system of the request's plan is; opening the case file stands for it."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        return tuple(shown(desk.store, row) for row in now.tx.rows("carrying.of_plan", plan_id=now.at.request.plan_id or ""))


def _outcome(store: Store, row: Row) -> dict[str, Any]:
    """Return what a carrying did: `touched`, `kept`, `tokens`, `trouble`; empty before its end."""
    if row["result"] is None:
        return {}
    return dict(json.loads(decrypt(store, row["case_ref"], row["result"], Cell("carryings", row["id"], "result"))))


def shown(store: Store, row: Row) -> Carrying:
    """Return a stored carrying as it is told."""
    told = _outcome(store, row)
    title = {each.code: each.title for each in catalogue().systems}.get(row["system"]) or row["system"]
    return Carrying(
        row["system"], title, row["verb"], row["state"], row["started_at"], row["ended_at"], dict(told.get("touched", {})),
        tuple(Kept(**{**each, "masked": tuple(each["masked"])}) for each in told.get("kept", ())),
        tuple(Token(**{**each, "kinds": tuple(each["kinds"])}) for each in told.get("tokens", ())),
        str(told.get("trouble", "")),
    )


def end_row(desk: Desk, now: Now, row: Row, state: str, done: Done, trouble: str = "") -> None:
    """Write the end of one system's carrying with what was touched and kept, inside another act."""
    text = json.dumps({
        "touched": dict(done.touched), "kept": [asdict(each) for each in done.kept],
        "tokens": [asdict(each) for each in done.tokens], "trouble": trouble,
    })
    guard(now.tx.run(
        "carrying.end", id=row["id"], version=row["version"], state=state, ended_at=desk.now,
        result=encrypt(desk.store, row["case_ref"], text, Cell("carryings", row["id"], "result")),
    ))


def _check_same(desk: Desk, row: Row, request: RequestRecord, body: PlanBody, before: Exported) -> None:
    """Refuse a system whose rows are no longer those that were approved.

    The desk's own are left out: they stay whole, and what is done elsewhere ends restrictions and disclosures in them.
    """
    if row["system"] == desk_records.SYSTEM:
        return
    planned = next((each for each in body.systems if each.code == row["system"]), None)
    present = count_system(desk.store, row["system"], before, request.case_ref)
    if planned is None or [t.digest for t in planned.tables] != [t.digest for t in present.tables]:
        raise NotPossible(CHANGED)


def _opened(now: Now) -> tuple[Row, RequestRecord]:
    return now.at.row, now.at.request

