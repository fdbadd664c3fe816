"""The release of a package: bound to its bytes and to one address, compared side by side before they leave."""

from dataclasses import dataclass
from datetime import datetime

from core.actions.answers.approvals import Bound, DataChanged, OfRequest
from core.actions.answers.packages.handing_over import content_of
from core.actions.answers.plans import read_plan
from core.actions.answers.rooms import copy_room
from core.actions.cases import children
from core.actions.cases.addresses import TRUSTED, Address, address_of
from core.actions.cases.authority import left_out, require_authority, require_way
from core.actions.desk import deciding
from core.actions.desk.act import Now, found
from core.actions.desk.desk import Desk
from core.actions.desk.gateways import use_for
from core.actions.desk.tasks import Task, enqueue
from core.actions.people.compared import ComparedPerson, compared_person
from core.actions.people.inventory import SystemCount, take_inventory
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.ways import RIGHTS, Course, Kind
from core.store.records import ApprovalRecord, PackageRecord

CHANGED = (
    "The person's data changed since the package was built. It went back to its preparer, who prepares it again."
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an approver sees side by side before bytes leave: the person, the address, the rows of each system."""

    approval_id: str
    request_id: str
    reference: str
    version: int
    person: ComparedPerson
    address: Address
    needs_confirmation: bool  # the address is new or was changed lately
    systems: tuple[SystemCount, ...]
    sha256: str
    asked_by: str
    asked_at: datetime
    may_decide: str  # empty, or the sentence why this person may not approve
    harms_nobody: str = ""  # the article by which the copy must not harm others
    left_out: tuple[str, ...] = ()  # titles of what a child told in confidence, and no parent gets


class Release(OfRequest[Comparison]):
    """The approval that exactly these bytes go to exactly this address."""

    code, called = "package", "the release"
    asks, opens, approves = Act.RELEASE_ASK, Act.RELEASE_OPEN, Act.RELEASE_APPROVE

    def bind(self, desk: Desk, now: Now, *, version: int | None, address_id: str | None) -> Bound:
        """Bind the built bytes and the address. Raises NotPossible until the package is built."""
        at = self.require_asking(now, version)
        package = _package(now)
        if package.state != "built":
            raise NotPossible("The package is not built yet. Wait for it, or prepare it again.")
        require_authority(desk, now, at)
        address = address_of(desk, now, at.case, address_id or "")
        require_way(now, at.case, address.kind)
        digest = found(package.sha256, "package")
        return Bound(package.id, digest, address.id, {
            "address": address.kind, "standing": address.standing.value, "sha256": digest,
            "plan": read_plan(desk, now, at.request.plan_id).hash,
        })

    def show(self, desk: Desk, now: Now, approval: ApprovalRecord, barred: str) -> Comparison:
        """Return person, address and counts side by side."""
        at = now.at
        address = address_of(desk, now, at.case, found(approval.address_id, "address"))
        return Comparison(
            approval.id, at.request.id, at.request.reference, at.request.version,
            compared_person(now.tx, at.data_subject), address, address.standing not in TRUSTED,
            read_plan(desk, now, at.request.plan_id).systems, approval.hash, approval.asked_by,
            approval.asked_at, barred, copy_room(at.request.kind).harms_nobody,
            tuple(sorted(children.tables().get(each, "What is recorded of the child") for each in left_out(now, at.case))),
        )

    def check(self, desk: Desk, now: Now, approval: ApprovalRecord, *, confirmed: bool) -> None:
        """Raise DataChanged where data or bytes are not what was asked for, Invalid for an untrusted address not confirmed."""
        at, package = now.at, _package(now)
        require_authority(desk, now, at)
        address = address_of(desk, now, at.case, found(approval.address_id, "address"))
        require_way(now, at.case, address.kind)
        plan = read_plan(desk, now, at.request.plan_id)
        use_for(now, at.data_subject, at.request)
        inventory = take_inventory(desk.store, now.tx, now.permitted(at.data_subject), at.case.case_ref)
        if inventory.hash != plan.hash or (package.id, package.sha256) != (approval.thing_id, approval.hash):
            raise DataChanged(CHANGED)
        if address.standing not in TRUSTED and not confirmed:
            raise Invalid(
                f"This address is {address.standing}. Check by another way that it is the person's, and confirm it.",
                "confirmed_address",
            )
        content_of(desk, now, package)
        now.detail |= {
            "plan": plan.hash, "sha256": approval.hash, "standing": address.standing.value,
            "confirmed_address": int(confirmed),
        }

    def approved(self, desk: Desk, now: Now, approval: ApprovalRecord, words: str) -> None:
        """Have the worker make the bytes ready to fetch, and keep the decisions."""
        super().approved(desk, now, approval, words)
        enqueue(desk, now, Task.RELEASE, approval.thing_id)
        request = now.at.request
        systems = read_plan(desk, now, request.plan_id).systems
        deciding.keep(desk, now, request, copy_room(request.kind).decide(request, systems))


RELEASE = Release()


def _package(now: Now) -> PackageRecord:
    request = now.at.request
    if RIGHTS[Kind(request.kind)].course is not Course.COPY or not request.package_id:
        raise NotPossible("Prepare the package first.")
    return found(now.tx.record(PackageRecord, "packages.one", id=request.package_id), "package")
