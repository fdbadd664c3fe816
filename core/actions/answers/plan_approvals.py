"""The approval of a plan: asked of a named person, compared with the person's data, approved for exactly its hash."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.actions.answers import carrying
from core.actions.answers.approvals import DataChanged, check_open, decide, fields_of, open_of, send_back
from core.actions.answers.planned import Item, read_body
from core.actions.answers.plans import read_plan
from core.actions.answers.verbs import VERBS, verb_of
from core.actions.cases.authority import require_authority
from core.actions.cases.transitions import move, require_state
from core.actions.desk import things
from core.actions.desk.act import Now, act, new_id, repeated
from core.actions.desk.asking import barred_second, check_asked
from core.actions.desk.desk import Desk
from core.actions.desk.opening import Opened
from core.actions.people.inventory import SystemCount
from core.connectors.connector import only_of
from core.law.acts import Act
from core.law.errors import NotPossible
from core.law.typed import read_text
from core.law.workflow import State, Step

CHANGED = "The person's data changed since the plan was made. It went back to its preparer, who prepares it again."


@dataclass(frozen=True, slots=True)
class PlanComparison:
    """What an approver sees side by side before a plan is carried out: the person, and what is done where."""

    approval_id: str
    request_id: str
    reference: str
    verb: str
    person: dict[str, str]
    identifiers: tuple[tuple[str, str, bool], ...]  # kind, value, shared with another person
    systems: tuple[SystemCount, ...]
    items: tuple[Item, ...]
    terms: dict[str, object]
    plan_hash: str
    asked_by: str
    asked_at: datetime
    may_decide: str  # empty, or the sentence why this person may not approve


@repeated
def ask_plan(
    desk: Desk, request_id: str, *, approver_id: str, deputy_id: str | None = None, deputy_after_days: int = 3,
    version: int, key: str,
) -> str:
    """Ask a named person, and after some days a deputy, to approve the request's plan; return the approval's id."""
    with act(desk, Act.PLAN_ASK, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return now.earlier
        at = now.at.of_version(version)
        verb = VERBS[verb_of(at.request["kind"])]
        require_state(at.request, State.IN_PROGRESS, "An approval is asked for while the request is in progress.")
        if not at.request["plan_id"]:
            raise NotPossible("Prepare the plan first.")
        require_authority(desk, now, at)
        plan = read_plan(desk, now, at.request["plan_id"])
        failed = [each.title for each in plan.systems if each.state == "failed"]
        if failed:
            raise NotPossible(f"{', '.join(failed)} did not answer in full. Prepare the plan again, or ask its owner.")
        body = read_body(desk, now, plan.id)
        if verb.ready is not None:
            verb.ready(desk, now, at, body)
        check_asked(desk, now, approver_id, deputy_id, deputy_after_days)
        approval_id = new_id(desk.now)
        now.tx.run(
            "approvals.add", id=approval_id, request_id=request_id, case_ref=at.case["case_ref"], package_id=None,
            plan_hash=plan.hash, package_sha256=None, address_id=None, asked_by=desk.person.account_id,
            asked_at=desk.now, approver_id=approver_id, deputy_id=deputy_id,
            deputy_from=desk.now + timedelta(days=deputy_after_days) if deputy_id else None,
        )
        move(desk, now, at.request, Step.ASK_APPROVAL, version=version, ruling=body.ruling)
        now.tx.run("approvals.name_approver", id=request_id, approver_id=approver_id)
        now.object_kind, now.object_id, now.result = "approval", approval_id, approval_id
        now.detail |= {"plan": plan.hash, "verb": plan.verb, "deputy": int(deputy_id is not None)}
    return approval_id


@repeated
def compare_plan(desk: Desk, approval_id: str) -> PlanComparison:
    """Open the plan to be approved with the person it is about: one entry for 15 minutes."""
    with act(desk, Act.PLAN_OPEN, things.approval(approval_id), disclosure=True) as now:
        approval, at = open_of(now)
        check_open(approval)
        subject = at.case["subject_ref"]
        profiles = only_of(subject, now.tx.rows("people.profiles_of", subjects=[subject]))
        held = only_of(subject, now.tx.rows("people.identifiers_of", subjects=[subject]))
        plan = read_plan(desk, now, at.request["plan_id"])
        barred = barred_second(desk, now, Act.PLAN_APPROVE)
        return PlanComparison(
            approval_id, at.request["id"], at.request["reference"], plan.verb,
            fields_of(profiles[0]) if profiles else {},
            tuple((row["kind"], row["value"], bool(row["shared"])) for row in held), plan.systems, plan.items,
            dict(plan.terms), approval["plan_hash"], approval["asked_by"], approval["asked_at"], barred,
        )


def approve_plan(desk: Desk, approval_id: str, *, words: str = "", key: str) -> None:
    """Approve exactly this plan; the worker then carries it out, system by system.

    Raises NotAllowed for own work and for people not asked, NotPossible where the person's data changed since: then
    the request is back with its preparer.
    """
    try:
        _approve(desk, approval_id, words, key)
    except DataChanged:
        send_back(desk, approval_id, "data_changed", CHANGED)
        raise


@repeated
def _approve(desk: Desk, approval_id: str, words: str, key: str) -> None:
    with act(desk, Act.PLAN_APPROVE, things.approval(approval_id), key=key) as now:
        if now.earlier is not None:
            return
        approval, at = open_of(now)
        check_open(approval)
        if approval["package_id"] is not None:
            raise NotPossible("This is the release of a package: compare and approve it as such.")
        require_authority(desk, now, at)
        note = read_text(words, "words", needed=False)
        verb = VERBS[verb_of(at.request["kind"])]
        _check_same(desk, now, at, approval["plan_hash"])
        if verb.ready is not None:
            verb.ready(desk, now, at, read_body(desk, now, at.request["plan_id"]))
        decide(desk, now, approval, "approved", note)
        move(desk, now, at.request, Step.APPROVE, words=note)
        carrying.begin(desk, now, Act.PLAN_APPROVE, at)
        now.result = "approved"
        now.detail["plan"] = approval["plan_hash"]


def _check_same(desk: Desk, now: Now, at: Opened, approved: str) -> None:
    """Raise DataChanged unless the plan made now, from the data held now, is the one that was asked for."""
    verb = VERBS[verb_of(at.request["kind"])]
    if verb.plan(desk, now, at).hash != approved:
        raise DataChanged(CHANGED)
