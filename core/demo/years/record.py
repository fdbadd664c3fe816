"""The course of a record: one need after the other is recorded, and a letter answers."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from core.actions.answers.need_records import sealed_answer
from core.actions.desk.letter_text import digest
from core.connectors.catalogue import catalogue
from core.connectors.suppressed import Mark, tokens
from core.demo.years.request_told import RequestTold
from core.law.acts import Act
from core.law.kinds import PATHS, Need
from core.law.letters import LETTERS, Approval, LetterKind
from core.law.needs import Answer, answer_letter
from core.law.rights.suppression import ALL, STATE_OF, UPHELD_GROUND
from core.law.ways import Kind
from core.law.workflow import Closing, State, Step
from core.store.engine import new_id

MINUTE = timedelta(minutes=1)
DEMANDS = "Section 93 of the Fiscal Code"
NEEDS: Mapping[Kind, tuple[tuple[Need, str, Mapping[str, str], Mapping[str, str]], ...]] = {
    Kind.OBJECTION: (
        (Need.GROUNDS, "recorded", {}, {"grounds": "The profile of the orders shows an illness to whoever reads it."}),
        (Need.RESTRICTION_OFFERED, "declined", {"wish": "declined"}, {}),
        (Need.BALANCING, "", {}, {
            "our_grounds": "Orders are looked at so that fraud is seen before the goods leave.",
            "persons_situation": "The person fears what the profile shows; few people can read it.", "reference": "",
        }),
        (Need.OPINION, "agrees", {"opinion": "agrees"}, {"words": "The balancing holds what the law asks for."}),
    ),
    Kind.HUMAN_REVIEW: (
        (Need.LINKED, "elsewhere", {"about": "elsewhere"}, {"reference": "", "matter": "A credit limit that a machine set."}),
        (Need.OWN_VIEW, "given", {"view": "given"}, {"words": "The person has a new income since then."}),
        (Need.REVIEWED, "changed", {"power": "yes", "result": "changed"}, {"reasons": "The new income was not known then."}),
    ),
    Kind.COMPLAINT: (
        (Need.LINKED, "elsewhere", {"about": "elsewhere"}, {"reference": "", "matter": "An answer by telephone, of the shop."}),
        (Need.LOOKED_AT, "partly", {"result": "partly"}, {"reasons": "The answer was right, and it came too late."}),
    ),
    Kind.INFORMATION: ((Need.CURRENT_VERSION, "recorded", {}, {
        "notice_version": "4", "answer": "Your address came from your first order, as the notice says in its part 2.",
    }),),
    Kind.INQUIRY: (
        (Need.DUE_DAY, "named", {}, {"their_reference": "S-17"}),
        (Need.LINKED, "elsewhere", {"about": "elsewhere"}, {"reference": "", "matter": "How the shop stores consents."}),
        (Need.PACK, "yes", {"seen": "yes"}, {"contents": "The record of processing and the texts of the consents."}),
    ),
    Kind.DISCLOSURE: (
        (Need.LEGAL_BASIS, "6.1.c", {"basis": "6.1.c"}, {"law": DEMANDS, "their_reference": "F-204"}),
        (Need.OPINION, "agrees", {"opinion": "agrees"}, {"words": "The law names these data and these years."}),
        (Need.DISCLOSURE_LOG, "named", {}, {"categories": "orders", "what": "The orders of one year."}),
        (Need.NOTICE_PLANNED, "now", {"when": "now"}, {"law": ""}),
    ),
}


def answer(request: RequestTold) -> None:
    """Record what the law asks for, one need after the other, and answer by letter."""
    told, past, owner = request.told, request.past, request.past.owner
    store, begun, ready = told.teller.cast.store, past.weighed or past.started, past.prepared or past.closed
    upheld = past.closing is Closing.FULFILLED
    held: dict[Need, Answer] = {}
    if past.kind is Kind.COMPLAINT:
        request.letter(LetterKind.COMPLAINT_ACKNOWLEDGED, past.started, past.started + 9 * MINUTE, owner, {
            "answered_by": "without undue delay"})
    needs = [each for each in NEEDS[past.kind] if not (each[0] is Need.OPINION and past.kind is Kind.OBJECTION and upheld)]
    for place, each in enumerate(needs):
        need, outcome, picks, texts = _as_it_was(request, each)
        at = begun + (ready - begun) * (place + 1) / (len(needs) + 1)
        at = at.replace(microsecond=0)
        answer = Answer(picks, texts, past.named if need is Need.DUE_DAY else None)
        held[need] = answer
        number, who = new_id(at), "dpo" if need is Need.OPINION else owner
        told.add(
            "needs_met", id=number, request_id=request.id, need=need.value, outcome=outcome,
            about_case=told.ref if outcome == "case" else None, day=answer.day, recorded_by=told.account(who),
            recorded_at=at, version=request.version,
            answer=sealed_answer(told.teller.cast.desk("dpo"), told.ref, number, answer),
        )
        request.enter(who, Act.NEED_RECORD, at, thing=("need", number), need=need.value, outcome=outcome)
        request.version += 1
    if upheld and past.kind is Kind.OBJECTION and told.weighed and told.by_mail:
        told.teller.book.marks += [
            Mark(STATE_OF[Kind.OBJECTION_MARKETING], h, "email", "security", ALL, UPHELD_GROUND, ready, "request",
                 told.ref, told.person.subject, value=told.person.email)
            for h in tokens(store, "email", told.person.email)
        ]
    if past.named is not None:
        told.add("named_days", id=new_id(past.received), request_id=request.id, day=past.named, named_at=past.received)
    _answer_by_letter(request, held, ready, "upheld" if upheld else "not_upheld")
    request.met = tuple(need.value for need in PATHS[past.kind].needs)


def _as_it_was(
    request: RequestTold, usual: tuple[Need, str, Mapping[str, str], Mapping[str, str]]
) -> tuple[Need, str, Mapping[str, str], Mapping[str, str]]:
    """Return what was recorded for a need: the balancing as the request ended, the case where it is about this one."""
    need, _, _, texts = usual
    if need is Need.BALANCING:
        upheld = request.past.closing is Closing.FULFILLED
        prevails = "nothing" if upheld else "compelling"
        return need, "upheld" if upheld else "not_upheld", {"use": "security", "prevails": prevails}, texts
    if need is Need.LINKED and request.told.past.joined is not None:
        return need, "case", {"about": "case"}, {"reference": request.told.reference, "matter": ""}
    return usual


def _answer_by_letter(request: RequestTold, held: Mapping[Need, Answer], ready: datetime, outcome: str) -> None:
    told, past = request.told, request.past
    kind = LetterKind(answer_letter(past.kind, outcome if past.kind is Kind.OBJECTION else ""))
    number, text = new_id(ready), request.draft(kind, _answer_facts(request, kind, held))
    bound = digest(told.teller.cast.store, text.whole.strip())
    request.enter(past.owner, Act.LETTER_DRAFT, ready, thing=("letter", number), letter=kind.value)
    acts = (Act.LETTER_ASK, Act.LETTER_OPEN, Act.LETTER_APPROVE, Act.LETTER_RETURN)
    both = LETTERS[kind].approval is Approval.DPO_AND_APPROVER
    for asked in past.approvals:
        for approver in ("approver", "dpo") if both else ("approver",):
            request.approve("letter", number, bound, asked, acts, approver=approver, letter=kind.value)
    sent = past.sent or ready
    request.keep(number, kind, text, ready, sent, past.owner)
    del told.teller.book.entries[-1]  # the letter's sending moves the request with it: one entry for both
    request.move(
        past.owner, Act.LETTER_SENT, sent, Step.SETTLE, State.READY_TO_SEND, thing=("letter", number), letter=kind.value,
        channel="email" if told.by_mail else "post", sent_on=told.day(sent).isoformat(),
    )


def _answer_facts(request: RequestTold, kind: LetterKind, held: Mapping[Need, Answer]) -> dict[str, Any]:
    texts = {need: dict(each.texts) for need, each in held.items()}
    if kind is LetterKind.OBJECTION_UPHELD:
        day = request.told.day(request.past.prepared or request.past.closed)
        return {"stopped": [catalogue().purposes["security"].title], "stopped_on": day}
    if kind is LetterKind.OBJECTION_NOT_UPHELD:
        weighed = texts[Need.BALANCING]
        return {"our_grounds": weighed["our_grounds"], "weighed": weighed["persons_situation"]}
    if kind is LetterKind.NOTICE_ANSWERED:
        return texts[Need.CURRENT_VERSION]
    if kind is LetterKind.HUMAN_REVIEW_ANSWERED:
        return {"result": "the decision is changed", "reasons": texts[Need.REVIEWED]["reasons"]}
    if kind is LetterKind.COMPLAINT_ANSWERED:
        return {"result": "your complaint is justified in part", "reasons": texts[Need.LOOKED_AT]["reasons"]}
    inquiry = request.past.kind is Kind.INQUIRY
    return {
        "authority_name": request.told.person.name, "contents": texts[Need.PACK]["contents"] if inquiry else
        texts[Need.DISCLOSURE_LOG]["what"],
        "their_reference": texts[Need.DUE_DAY if inquiry else Need.LEGAL_BASIS]["their_reference"],
    }
