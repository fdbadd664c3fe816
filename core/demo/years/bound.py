"""The course of a refusal, and of what was done outside the desk: bound to the letter that is the answer."""

from typing import Any

from core.actions.answers.planned import PlanBody
from core.actions.desk.letter_text import digest
from core.connectors.catalogue import catalogue
from core.demo.years.happened import Way
from core.demo.years.request_told import RequestTold
from core.law.acts import Act
from core.law.letters import LetterKind
from core.law.outside import Done, Line, terms_of
from core.law.refusal import GROUNDS, record_of, require_circumstances
from core.law.ways import RIGHTS
from core.law.workflow import State, Step
from core.store.engine import new_id

FACTS = "The same was asked and answered in full twice this month."
SHOWN = ("number", "unchanged")
EVIDENCE = "Both answers of this month, with the days on which they went out."
DONE = "it was done by the team of this system, by hand"
TICKET = "Ticket of the team: done by hand, looked at again the next day."


def answer(request: RequestTold) -> None:
    """Prepare a refusal, or what was done outside the desk, with the letter that is the answer, and have it approved."""
    told, past, owner = request.told, request.past, request.past.owner
    store, at = told.teller.cast.store, past.prepared or past.started
    refused = past.way is Way.REFUSAL
    number = new_id(at)
    lines = [
        Line(each.code, Done.DONE, DONE, TICKET) for each in catalogue().systems if each.code != "desk"
    ]
    facts: dict[str, Any]
    ground = GROUNDS["no_ground" if past.kind in (GROUNDS["no_ground"].rights or ()) else "excessive"]
    if refused:
        kind, facts = LetterKind.REFUSAL, {"ground": ground.sentence, "article": ground.article, "facts": FACTS}
        terms: dict[str, Any] = {
            "ground": ground.code, "facts": FACTS, "evidence": EVIDENCE, "letter_id": number,
            "circumstances": list(require_circumstances(ground.code, SHOWN)),
        }
    else:
        titles = {each.code: each.title for each in catalogue().systems}
        kind, facts = LetterKind.ANSWERED_OUTSIDE, {
            "article": RIGHTS[past.kind].article, "done": [f"{titles[each.system]}: {each.told}" for each in lines],
            "nothing": [], "kept": [], "open": [],
        }
        terms = {"reason": "The team did it before the desk was connected to this system.", "lines": terms_of(lines),
                 "letter_id": number}
    text = request.draft(kind, facts)
    body = PlanBody((), (), "", terms | {"letter": digest(store, text.whole)})
    plan = request.make_plan(body, "refuse" if refused else "outside", at)
    request.enter(owner, Act.REFUSAL_PREPARE if refused else Act.OUTSIDE_RECORD, at, thing=("plan", plan), letter=kind.value)
    acts = (Act.REFUSAL_ASK, Act.REFUSAL_OPEN, Act.REFUSAL_APPROVE, Act.RELEASE_RETURN) if refused else (
        Act.OUTSIDE_ASK, Act.OUTSIDE_OPEN, Act.OUTSIDE_APPROVE, Act.RELEASE_RETURN)
    steps = (Step.ASK_REFUSAL, Step.REFUSE) if refused else (Step.ASK_OUTSIDE, Step.ACCEPT_OUTSIDE)
    for asked in past.approvals:
        if refused and not asked.given_back:
            told.decide(request.number, Act.REFUSAL_APPROVE, asked.decided, "approver", record_of(
                past.kind, ground.code, FACTS, EVIDENCE, told.under(past), refusal_due=told.dates(past).refusal_due,
                today=told.day(asked.decided), circumstances=SHOWN,
            ))
        request.approve(
            "refusal" if refused else "outside", plan, body.hash, asked, acts, step=(*steps, State.READY_TO_SEND),
            plan=body.hash,
        )
    request.keep(number, kind, text, at, past.sent or at, owner)
    request.outs = {"refused": refused, "outside": not refused}
