"""The release of a package: asked of a named person, compared side by side, approved or given back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.actions.answers.packages.handing_over import content_of
from core.actions.answers.plans import read_plan
from core.actions.cases import children
from core.actions.cases.addresses import TRUSTED, Address, address_of
from core.actions.cases.authority import left_out, require_authority, require_way
from core.actions.cases.transitions import move, require_state
from core.actions.desk import deciding, things
from core.actions.desk.act import Now, act, found, guard, look, new_id, repeated
from core.actions.desk.asking import barred_second, check_asked
from core.actions.desk.desk import Desk
from core.actions.desk.opening import Opened, listed
from core.actions.desk.tasks import Task, enqueue
from core.actions.people.inventory import Inventory, SystemCount, take_inventory, unreached
from core.connectors.catalogue import catalogue
from core.connectors.connector import only_of
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.records import Record
from core.law.rights.access import record_copy
from core.law.rights.portability import record_of
from core.law.typed import read_text
from core.law.ways import Kind
from core.law.workflow import State, Step
from core.store.encryption import Cell, encrypt
from core.store.engine import Row

CHANGED = (
    "The person's data changed since the package was built. It went back to its preparer, who prepares it again."
)


class DataChanged(NotPossible):
    """What is held about the person is not what was built."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an approver sees side by side before bytes leave: the person, the address, the rows of each system."""

    approval_id: str
    request_id: str
    reference: str
    version: int
    person: dict[str, str]
    identifiers: tuple[tuple[str, str, bool], ...]  # kind, value, shared with another person
    address: Address
    needs_confirmation: bool  # the address is new or was changed lately
    systems: tuple[SystemCount, ...]
    sha256: str
    plan_hash: str
    asked_by: str
    asked_at: datetime
    may_decide: str  # empty, or the sentence why this person may not approve
    portable: bool = False  # a copy under Article 20, which must not harm others (20(4))
    left_out: tuple[str, ...] = ()  # titles of what a child told in confidence, and no parent gets

    @property
    def shared(self) -> tuple[str, ...]:
        """Return the kinds of identifiers that another person holds too."""
        return tuple(dict.fromkeys(kind for kind, _, shared in self.identifiers if shared))


@repeated
def ask_release(
    desk: Desk, request_id: str, *, address_id: str, approver_id: str, deputy_id: str | None = None,
    deputy_after_days: int = 3, version: int, key: str,
) -> str:
    """Ask a named person, and after some days a deputy, to approve the built package for one address; return the id."""
    with act(desk, Act.RELEASE_ASK, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return now.earlier
        at = now.at.of_version(version)
        require_state(at.request, State.IN_PROGRESS, "A release is asked for while the request is in progress.")
        package = _package(now, at)
        if package["state"] != "built":
            raise NotPossible("The package is not built yet. Wait for it, or prepare it again.")
        plan = read_plan(desk, now, at.request["plan_id"])
        require_authority(desk, now, at)
        address = address_of(desk, now, at.case, address_id)
        require_way(now, at.case, address.kind)
        check_asked(desk, now, approver_id, deputy_id, deputy_after_days)
        approval_id = new_id(desk.now)
        now.tx.run(
            "approvals.add", id=approval_id, request_id=request_id, case_ref=at.case["case_ref"],
            package_id=package["id"], plan_hash=plan.hash, package_sha256=package["sha256"], address_id=address.id,
            asked_by=desk.person.account_id, asked_at=desk.now, approver_id=approver_id, deputy_id=deputy_id,
            deputy_from=desk.now + timedelta(days=deputy_after_days) if deputy_id else None,
        )
        move(desk, now, at.request, Step.ASK_APPROVAL, version=version)
        now.tx.run("approvals.name_approver", id=request_id, approver_id=approver_id)
        now.object_kind, now.object_id, now.result = "approval", approval_id, approval_id
        now.detail |= {
            "address": address.kind, "standing": address.standing.value, "sha256": package["sha256"],
            "plan": plan.hash, "deputy": int(deputy_id is not None),
        }
    return approval_id


@repeated
def compare(desk: Desk, approval_id: str) -> Comparison:
    """Open what is to be released: one entry for 15 minutes. Only the person asked, their deputy, and no preparer."""
    with act(
        desk, Act.RELEASE_OPEN, things.approval(approval_id), disclosure=True
    ) as now:
        approval, at = open_of(now)
        check_open(approval)
        subject = at.case["subject_ref"]
        (profile,) = only_of(subject, now.tx.rows("people.profiles_of", subjects=[subject]))
        held = only_of(subject, now.tx.rows("people.identifiers_of", subjects=[subject]))
        address = address_of(desk, now, at.case, approval["address_id"])
        plan = read_plan(desk, now, at.request["plan_id"])
        barred = barred_second(desk, now, Act.RELEASE_APPROVE)
        return Comparison(
            approval_id, at.request["id"], at.request["reference"], at.request["version"], fields_of(profile),
            tuple((row["kind"], row["value"], bool(row["shared"])) for row in held), address,
            address.standing not in TRUSTED, plan.systems, approval["package_sha256"], approval["plan_hash"],
            approval["asked_by"], approval["asked_at"], barred, at.request["kind"] == Kind.PORTABILITY,
            tuple(sorted(children.tables().get(each, "What is recorded of the child") for each in left_out(now, at.case))),
        )


def approve(desk: Desk, approval_id: str, *, confirmed_address: bool = False, words: str = "", key: str) -> None:
    """Approve the release of exactly these bytes to exactly this address; the worker then makes them ready to fetch.

    Raises NotAllowed for own work and for people not asked, Invalid while a new or changed address is unconfirmed,
    NotPossible where the person's data changed since: then the request is back with its preparer.
    """
    try:
        _approve(desk, approval_id, confirmed_address, words, key)
    except DataChanged:
        send_back(desk, approval_id, "data_changed", CHANGED)
        raise


@repeated
def _approve(desk: Desk, approval_id: str, confirmed_address: bool, words: str, key: str) -> None:
    with act(desk, Act.RELEASE_APPROVE, things.approval(approval_id), key=key) as now:
        if now.earlier is not None:
            return
        approval, at = open_of(now)
        check_open(approval)
        note = read_text(words, "words", needed=False)
        package = _package(now, at)
        require_authority(desk, now, at)
        address = address_of(desk, now, at.case, approval["address_id"])
        require_way(now, at.case, address.kind)
        inventory = take_inventory(desk.store, now.tx, at.case["subject_ref"], at.case["case_ref"])
        if inventory.hash != approval["plan_hash"] or at.request["package_id"] != approval["package_id"]:
            raise DataChanged(CHANGED)
        if package["sha256"] != approval["package_sha256"]:
            raise DataChanged(CHANGED)
        if address.standing not in TRUSTED and not confirmed_address:
            raise Invalid(
                f"This address is {address.standing}. Check by another way that it is the person's, and confirm it.",
                "confirmed_address",
            )
        content_of(desk, now, package)
        decide(desk, now, approval, "approved", note)
        move(desk, now, at.request, Step.APPROVE, words=note)
        enqueue(desk, now, Task.RELEASE, package["id"])
        deciding.keep(desk, now, Act.RELEASE_APPROVE, at.request, _decided(at, inventory))
        now.result = "approved"
        now.detail |= {
            "plan": approval["plan_hash"], "sha256": approval["package_sha256"], "standing": address.standing.value,
            "confirmed_address": int(confirmed_address),
        }


def _decided(at: Opened, inventory: Inventory) -> list[Record]:
    """Return the decisions of a release: for each field whether it is in a portable copy, for access the copy as a whole."""
    if at.request["kind"] == Kind.PORTABILITY:
        return [
            record_of(
                field.origin, field.legal_basis,
                deciding.under(at.request, f"{field.system}.{field.table}.{field.column}"), automated=field.automated,
            )
            for field in catalogue().fields
        ]
    return [record_copy(deciding.under(at.request), systems_left_out=bool(unreached(inventory.systems)))]


def give_back(desk: Desk, approval_id: str, reason: str, *, key: str) -> None:
    """Give a package or a plan back to its preparer with a reason, which is kept with the case."""
    send_back(desk, approval_id, "given_back", reason, key)


@repeated
def send_back(desk: Desk, approval_id: str, code: str, reason: str, key: str | None = None) -> None:
    """Send the request back to its preparer, with a code of why and the words that are kept with the case."""
    with act(desk, Act.RELEASE_RETURN, things.approval(approval_id), key=key) as now:
        if now.earlier is not None:
            return
        approval, at = open_of(now)
        check_open(approval)
        note = read_text(reason, "reason")
        decide(desk, now, approval, code, note)
        move(desk, now, at.request, Step.RETURN, words=note)
        now.result = code
        now.detail["reason"] = code


def waiting(desk: Desk) -> list[Row]:
    """Return the releases that wait for this person: reference, right, due day, who asked; nobody's name."""
    with look(desk, Act.QUEUE_LOOK) as now:
        return listed(desk, now.tx, now.tx.rows("approvals.waiting", account_id=desk.person.account_id, now=desk.now))


def open_approval(desk: Desk, request_id: str) -> str | None:
    """Return the id of the approval that a request waits for, or None."""
    with look(desk, Act.CASE_OPEN, things.request(request_id)) as now:
        row = now.tx.one("approvals.open_of_request", request_id=request_id)
    return str(row["id"]) if row else None


def open_of(now: Now) -> tuple[Row, Opened]:
    """Return the approval that an act is about, with its request and case."""
    return now.at.row, now.at


def _package(now: Now, at: Opened) -> Row:
    if not at.request["package_id"]:
        raise NotPossible("Prepare the package first.")
    return found(now.tx.one("packages.one", id=at.request["package_id"]), "package")


def check_open(approval: Row) -> None:
    """Raise NotPossible for an approval that was decided."""
    if approval["decision"] is not None:
        raise NotPossible("This was decided already.")


def decide(desk: Desk, now: Now, approval: Row, decision: str, words: str) -> None:
    """Record the decision; words typed beside it are sealed with the case key."""
    sealed = encrypt(desk.store, approval["case_ref"], words, Cell("approvals", approval["id"], "words")) if words else None
    guard(now.tx.run(
        "approvals.decide", id=approval["id"], decision=decision, decided_by=desk.person.account_id,
        decided_at=desk.now, words=sealed,
    ))


def fields_of(profile: dict[str, Any]) -> dict[str, str]:
    """Return what an approver sees of a profile."""
    names = ("customer_id", "given_name", "family_name", "birth_date", "address", "postcode", "city", "country")
    return {name: str(profile[name] or "") for name in names}
