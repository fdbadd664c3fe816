"""The course of a stop: carried out in every system, and confirmed by letter."""

import json
from typing import Any

from core.demo.years.request_told import RequestTold
from core.law.acts import Act
from core.law.letters import LetterKind
from core.law.ways import Kind
from core.law.workflow import State, Step
from core.store.encryption import Cell
from core.store.engine import new_id


def answer(request: RequestTold) -> None:
    """Carry a stop out in every system, and draft the letter that says so."""
    told, past, owner = request.told, request.past, request.past.owner
    body, text = told.teller.body(told.past.who)
    made, ended = past.prepared or past.started, past.carried or past.closed
    plan = request.make_plan(body, "suppress", made, text)
    request.enter(
        owner, Act.PLAN_PREPARE, made, thing=("plan", plan), purpose="request", verb="suppress", missing=[],
        **{f"rows.{each.code}": each.rows for each in body.systems},
    )
    request.move(owner, Act.REQUEST_CARRY_OUT, made, Step.CARRY_OUT, State.CARRYING_OUT, systems=len(body.systems))
    for place, system in enumerate(body.systems):
        number, last = new_id(made), place == len(body.systems) - 1
        result = json.dumps({"touched": {"suppressions": 1 - place}, "kept": [], "trouble": ""})
        told.add(
            "carryings", id=number, request_id=request.id, plan_id=plan, subject_ref=told.person.subject, system=system.code,
            verb="suppress", state="done", started_at=made, ended_at=ended,
            result=told.seal(result, Cell("carryings", number, "result")), version=3,
        )
        seen: dict[str, Any] = {"thing": ("carrying", number), "system": system.code, "verb": "suppress"}
        request.enter("worker", Act.CARRYING_START, made, **seen)
        if last:
            request.move("worker", Act.CARRYING_END, ended, Step.CARRIED_OUT, State.READY_TO_SEND, kept=0, **seen)
        else:
            request.enter("worker", Act.CARRYING_END, ended, kept=0, **seen)
    kind = LetterKind.OBJECTION_CONFIRMED if past.kind is Kind.OBJECTION_MARKETING else LetterKind.CONSENT_WITHDRAWN
    what = "direct marketing and profiling for it" if past.kind is Kind.OBJECTION_MARKETING else "all that rests on a consent"
    request.letter(kind, ended, past.sent or ended, owner, {
        "stopped": [f"{what}, through every channel"], "stopped_on": told.day(past.received),
    })
    request.outs = {
        "planned": True, "systems": len(body.systems), "systems_done": len(body.systems), "outcome_told": True,
        "stopped": int(told.by_mail),
    }
