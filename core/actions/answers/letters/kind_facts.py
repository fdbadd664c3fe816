"""The facts of the letters of kinds with a path of their own, read from what was recorded for their needs."""

from collections.abc import Callable, Mapping
from typing import Any

from core.actions.answers.need_records import Recorded, recorded
from core.actions.cases.clock import deadline
from core.actions.cases.letter_source import LetterFacts, person_of
from core.actions.desk.establishment import establishment
from core.connectors.catalogue import catalogue
from core.law.errors import NotPossible
from core.law.kinds import Need
from core.law.letters import LetterKind
from core.law.needs import ASKS, USE
from core.law.rights.balancing import Outcome

RESULTS = {
    "changed": "the decision is changed", "kept": "the decision stays as it was", "justified": "your complaint is justified",
    "partly": "your complaint is justified in part", "unjustified": "your complaint is not justified",
}


def _one(of: LetterFacts, need: Need) -> Recorded:
    held = recorded(of.desk, of.now, of.at.request)
    if need not in held:
        raise NotPossible(f"Record first, on the tab What it needs: {ASKS[need].title.lower()}.")
    return held[need]


def _balanced(of: LetterFacts, outcome: Outcome) -> Recorded:
    record = _one(of, Need.BALANCING)
    if record.outcome != outcome:
        raise NotPossible("By its balancing the objection ended otherwise. Choose the letter that fits its outcome.")
    return record


def _upheld(of: LetterFacts) -> dict[str, Any]:
    record = _balanced(of, Outcome.UPHELD)
    return {
        "stopped": [catalogue().purposes[record.answer.picks[USE]].title],
        "stopped_on": establishment(of.desk.store).local(record.recorded_at).date(),
    }


def _not_upheld(of: LetterFacts) -> dict[str, Any]:
    texts = _balanced(of, Outcome.NOT_UPHELD).answer.texts
    claim = f"\n\nThe legal claim: {texts['reference']}" if texts["reference"] else ""
    return {"our_grounds": texts["our_grounds"] + claim, "weighed": texts["persons_situation"]}


def _result(need: Need) -> Callable[[LetterFacts], dict[str, Any]]:
    def facts(of: LetterFacts) -> dict[str, Any]:
        answer = _one(of, need).answer
        return {"result": RESULTS[answer.picks["result"]], "reasons": answer.texts["reasons"]}

    return facts


def _notice(of: LetterFacts) -> dict[str, Any]:
    return dict(_one(of, Need.CURRENT_VERSION).answer.texts)


def _acknowledged(of: LetterFacts) -> dict[str, Any]:
    due = deadline(of.now.tx, of.at.request).final_due
    return {"answered_by": f"at the latest by {of.words.written(due)}" if due else "without undue delay"}


def _cover(of: LetterFacts) -> dict[str, Any]:
    inquiry = of.at.request.kind == "authority_inquiry"
    asked, pack = _one(of, Need.DUE_DAY if inquiry else Need.LEGAL_BASIS), _one(of, Need.PACK if inquiry else Need.DISCLOSURE_LOG)
    return {
        "authority_name": _authority(of), "their_reference": asked.answer.texts["their_reference"],
        "contents": pack.answer.texts["contents" if inquiry else "what"],
    }


def _disclosed(of: LetterFacts) -> dict[str, Any]:
    sent = of.at.request.sent_at
    if sent is None:
        raise NotPossible("Nothing is disclosed yet: the person is told once the answer is marked as sent.")
    silence, local = of.now.tx.one("needs.silence", request_id=of.at.request.id), establishment(of.desk.store).local
    if silence and (silence["open_ended"] or local(of.desk.now).date() < silence["look_on"]):
        raise NotPossible(
            "The law still demands silence. Record anew, on the tab What it needs, when the person is told."
            if silence["open_ended"] else f"The law demands silence until {silence['look_on']:%d %b %Y}."
        )
    return {
        "authority_name": _authority(of), "what": _one(of, Need.DISCLOSURE_LOG).answer.texts["what"],
        "disclosed_on": local(sent).date(),
    }


def _authority(of: LetterFacts) -> str:
    person = person_of(of.desk, of.at.case)
    return person.get("name") or person.get("email") or "the authority that asked"


FACTS: Mapping[LetterKind, Callable[[LetterFacts], dict[str, Any]]] = {
    LetterKind.OBJECTION_UPHELD: _upheld, LetterKind.OBJECTION_NOT_UPHELD: _not_upheld,
    LetterKind.HUMAN_REVIEW_ANSWERED: _result(Need.REVIEWED), LetterKind.NOTICE_ANSWERED: _notice,
    LetterKind.COMPLAINT_ACKNOWLEDGED: _acknowledged, LetterKind.COMPLAINT_ANSWERED: _result(Need.LOOKED_AT),
    LetterKind.AUTHORITY_COVER: _cover, LetterKind.DISCLOSURE_NOTICE: _disclosed,
}
