"""How far a request is: the facts on record, the checklist and the next step drawn from them, frozen when it closes."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from core.actions.answers import need_records
from core.actions.answers.bound_letter import OUTSIDE, REFUSE, THINGS
from core.actions.answers.endings import sent_letters
from core.actions.answers.erasure import erasing, erasure_words, restricted
from core.actions.answers.letters.part_letters import OWED
from core.actions.answers.owners import owner_tasks
from core.actions.answers.planned import PlanBody, read_body, terms_of
from core.actions.answers.rectification import correction_words
from core.actions.answers.rectification.rectifications import WAITS, proofs_of
from core.actions.cases import sequence
from core.actions.cases.authority import verdict_of
from core.actions.cases.clock import is_sent
from core.actions.cases.letter_source import letters_about
from core.actions.desk import things
from core.actions.desk.act import Now, act, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.actions.desk.opening import Opened, resolve, worked_on
from core.actions.desk.presence import read_presence
from core.actions.oversight.purges import read_dates
from core.actions.people.inventory import MISSING
from core.law.acts import Act
from core.law.checklist import checklist, next_step
from core.law.kinds import PATHS
from core.law.progress import Facts, Item
from core.law.rights.rectification import lacking
from core.law.rights.sequencing import copies_waiting
from core.law.rights.suppression import STATE_OF
from core.law.ways import RIGHTS, Kind
from core.law.workflow import TOLD_BY, Closing, State
from core.store.keys import KeyKind
from core.store.records import LetterRecord, PackageRecord, PlanRecord, RequestRecord

_WITHOUT_ACTION = frozenset(TOLD_BY.values())  # the letters that say why there is no action
_OUTCOMES = frozenset({
    *OWED.values(), *erasing.LETTERS.values(), *correction_words.LETTERS.values(), "restriction_set",
    "objection_confirmed", "consent_withdrawn",
})


@dataclass(frozen=True, slots=True)
class Waiting:
    """An approval that a request waits for: of whom, since when, and from when of the deputy; who may decide it now.

    `mine` says that the one who looks is asked, or stands in for whoever is; `stand_in` does the work of an approver who is
    away today, `away` until the last day of their absence.
    """

    approval_id: str
    approver_id: str
    asked_at: datetime
    deputy_id: str | None
    deputy_from: datetime | None
    mine: bool
    away: date | None = None
    stand_in: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """The checklist of a request and its next step, from one reading; `waiting` while another person decides."""

    items: tuple[Item, ...]
    next: Item | None
    waiting: Waiting | None


@repeated
def of_request(desk: Desk, request_id: str) -> Progress:
    """Return how far a request is; opening the case file stands for it. A closed one stays as it was when it closed."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        at = now.at
        now.subject = now.request = None  # opening the case file stands for it: one entry for both
        kept = now.tx.one("requests.kept_facts", request_id=request_id)
        facts = _thaw(kept["facts"]) if kept and at.request.state == State.CLOSED else read_facts(desk, now, at)
        right = RIGHTS[Kind(at.request.kind)]
        return Progress(checklist(right, facts), next_step(right, facts), _waiting(desk, now, at.request))


def freeze(desk: Desk, now: Now, request_id: str) -> None:
    """Keep the facts of a request that was just closed, inside the act that closed it: states, counts, nothing said."""
    at = resolve(now.tx, things.request(request_id))
    now.tx.run(
        "requests.keep_facts", request_id=request_id, case_ref=at.case.case_ref,
        facts=json.dumps(asdict(read_facts(desk, now, at)), sort_keys=True),
    )


def _thaw(text: str) -> Facts:
    kept = json.loads(text)
    return Facts(**kept | {
        "state": State(kept["state"]), "closing": Closing(kept["closing"]) if kept["closing"] else None,
        "met": tuple(kept.get("met", ())),
    })


def read_facts(desk: Desk, now: Now, at: Opened) -> Facts:
    """Return what is recorded about a request, inside another act."""
    request, case = at.request, at.case
    letters = now.tx.records(LetterRecord, "letters.of_case", case_ref=case.case_ref)
    out = [row for row in letters if is_sent(row)]
    about = {row.id for row in letters_about(now, request)}
    own = {row.kind for row in out if row.id in about}
    plan = now.tx.record(PlanRecord, "plans.one", id=request.plan_id) if request.plan_id else None
    package = now.tx.record(PackageRecord, "packages.one", id=request.package_id) if request.package_id else None
    owners, owners_open = owner_tasks.standing(now, request)
    facts: dict[str, Any] = {
        "owners": owners, "owners_open": owners_open,
        "state": State(request.state), "closing": Closing(request.closing) if request.closing else None,
        "acknowledged": any(
            row.kind == "receipt" and row.sent_at is not None and row.sent_at >= request.received_at for row in out
        ),
        "identity_state": case.identity_state, "subject_state": case.subject_state,
        "package_state": package.state if package else None,
        "sent": is_sent(request),
        "told": bool(sent_letters(now, request) & _WITHOUT_ACTION),
        "refused": plan is not None and plan.verb == REFUSE, "outside": plan is not None and plan.verb == OUTSIDE,
        "outcome_told": bool(own & _OUTCOMES), "part_told": bool(own & set(OWED.values())),
    }
    if plan is not None and plan.verb not in THINGS:
        facts["outdated"] = request.state == State.IN_PROGRESS and owner_tasks.answered_since(now, request, plan.made_at)
        facts |= _planned(now, plan, read_body(desk, now, plan.id))
    kind = Kind(request.kind)
    verdict = verdict_of(desk, now, case, kind) if RIGHTS[kind].needs_identity else None
    facts |= {"acting": verdict is not None, "covered": verdict is not None and verdict.granted}
    if kind in PATHS:
        held = need_records.recorded(desk, now, request)
        facts |= {
            "met": tuple(need.value for need in need_records.met(desk, now, at, held)),
            "answered": need_records.sent_answer(now, at, held),
        }
    elif kind is Kind.ERASURE:
        facts |= _erasure(desk, now, at, plan)
    elif kind is Kind.RECTIFICATION:
        facts |= _correction(now, at)
    elif kind is Kind.RESTRICTION:
        facts["grounds"] = now.tx.one("suppression.terms", request_id=request.id) is not None
    elif kind in STATE_OF:
        rows = now.tx.rows("suppression.of_case", case_ref=case.case_ref)
        facts["stopped"] = len({
            bytes(row["h"]) for row in rows
            if row["state"] == STATE_OF[kind] and row["source"] == "intake" and row["kind"] not in {"case", "person"}
        })
    if asked := now.tx.one("raised.of_request", request_id=request.id):
        facts["raised"] = "answered" if asked["becomes"] else "open"
    notices = now.tx.rows("rectification.notices", request_id=request.id)
    return Facts(**facts, notices=len(notices), notices_open=sum(row["state"] == "to_send" for row in notices))


def _planned(now: Now, plan: PlanRecord, body: PlanBody) -> dict[str, object]:
    rows = [row for row in now.tx.rows("carrying.of_plan", plan_id=plan.id) if row["state"] != "not_connected"]
    return {
        "planned": True, "systems": len(rows), "systems_done": sum(row["state"] == "done" for row in rows),
        "approved": now.tx.one("approvals.approved", thing="plan", thing_id=plan.id, hash=plan.plan_hash) is not None,
        "unreached": sum(each.state in MISSING for each in body.systems),
    }


def _erasure(desk: Desk, now: Now, at: Opened, plan: PlanRecord | None) -> dict[str, object]:
    case_ref, subject = at.case.case_ref, at.case.subject_ref
    facts: dict[str, object] = {
        "grounds": bool(terms_of(desk, now, at.request).get("grounds")),
        "copies": len(now.tx.rows("requests.copies_of_case", case_ref=case_ref)),
        "copies_waiting": len(copies_waiting(sequence.theirs(desk, now, at.case))),
    }
    if ended := restricted.read(desk, now, at.request.id, subject):
        facts |= {
            "restricted": True, "end_told": ended.told_at is not None, "asks_again": ended.asks,
            "wanted": ended.wanted_on is not None,
        }
    if plan is None or plan.verb != "erase":
        return facts
    ending = erasure_words.outcome(read_body(desk, now, plan.id))
    letter = now.tx.one("erasure.certificate", request_id=at.request.id, kind=erasing.LETTERS[ending])
    facts |= {
        "erases": ending is not Closing.REFUSED,
        "drafted": letter is not None and letter["address_id"] is not None and letter["drafted_at"] >= plan.made_at,
    }
    if subject and now.tx.rows("erasure.ended", subject=subject):
        dates = read_dates(desk.store, subject)
        kept = (now.tx.one("erasure.sealed_left", subject=subject) or {"texts": 0})["texts"]
        held = desk.store.keys.holds(KeyKind.SUBJECT, subject)
        facts |= {
            "key": ("kept" if kept and dates.erased_at else "there") if held else "destroyed",
            "dates": sum(day is not None for day in (dates.erased_at, dates.purged_at, dates.backups_gone_at)),
        }
    return facts


def _correction(now: Now, at: Opened) -> dict[str, object]:
    rows = correction_words.of_request(now, at)
    changed = {row["field"] for row in rows if row["rekeys"]}
    notice = now.tx.one("rectification.old_notice", request_id=at.request.id)
    return {
        "points": len(rows), "waits": any(row["held_by_other"] == WAITS for row in rows),
        "proof_needed": bool(changed), "proven": not lacking(changed, proofs_of(now, at)),
        "old_notice": "" if notice is None else "sent" if notice["sent_at"] else "reasoned" if notice["reason"] else "open",
    }


def _waiting(desk: Desk, now: Now, request: RequestRecord) -> Waiting | None:
    if request.state != State.AWAITING_APPROVAL:
        return None
    row = now.tx.one("approvals.open_of_request", request_id=request.id)
    if row is None:
        return None
    today = today_of(desk)
    presence, asked = read_presence(now.tx, today), row["approver_id"]
    absence = presence.away(asked, today)
    acting = {desk.person.account_id, *presence.stood_in_for(desk.person.account_id, today)}
    done = {row["asked_by"], *worked_on(now.tx, now.at)}  # they are no second person, for whomever they stand in
    late = row["deputy_from"] is not None and row["deputy_from"] <= desk.now
    return Waiting(
        row["id"], asked, row["asked_at"], row["deputy_id"], row["deputy_from"],
        asked in acting or (late and row["deputy_id"] in acting),
        absence.last if absence else None,
        presence.stand_in(asked, today, lambda who: who not in done) if absence else None,
    )
