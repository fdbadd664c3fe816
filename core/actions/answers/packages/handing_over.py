"""Handing over a package: the approved bytes are taken once, whichever way they leave, and are deleted here with it."""

import hashlib
from dataclasses import dataclass

from core.actions.answers.planned import read_body
from core.actions.answers.rooms import copy_room
from core.actions.cases.authority import REPRESENTATIVE, require_authority, require_way
from core.actions.desk.act import Now, found, guard
from core.actions.desk.desk import Desk
from core.actions.desk.gateways import use_for
from core.actions.desk.opening import Opened
from core.connectors.disclosures import append_disclosure
from core.law.acts import Act
from core.law.errors import NotPossible
from core.law.ways import RIGHTS, Kind
from core.law.workflow import State
from core.store.encryption import Cell, decrypt_bytes
from core.store.engine import Row
from core.store.records import PackageRecord

MEDIA_TYPE = "application/zip"
ONCE = "This package was fetched already, and its bytes are deleted. A new one is prepared and approved anew."
_LEFT_BY = {
    Act.PACKAGE_FETCH: "download", Act.LINK_FETCH: "link", Act.ARCHIVE_FETCH: "archive", Act.PRINT_FETCH: "print",
}
GONE = "The stored package is not the one that was built. Prepare a new one, and tell the operator."


@dataclass(frozen=True, slots=True)
class Packed:
    """A package with its request and case, as stored."""

    row: PackageRecord
    at: Opened

    @property
    def name(self) -> str:
        """The right and the reference, which name nobody: the start of a file's name."""
        return f"{self.at.request.kind}-{self.at.request.reference.replace('/', '-')}"


def packed_of(at: Opened) -> Packed:
    """Return a package as an act about it, or about a way out of it, has it open."""
    return Packed(at.of(PackageRecord), at)


def approved(desk: Desk, now: Now, packed: Packed) -> Row:
    """Return the approval under which the package may leave now. Raises NotPossible where none or no more."""
    row, request = packed.row, packed.at.request
    if row.state == "fetched":
        raise NotPossible(ONCE)
    if row.state == "expired" or (row.expires_at is not None and row.expires_at <= desk.now):
        raise NotPossible("This package has expired, and its bytes are deleted. Prepare a new one.")
    if row.state != "released":
        raise NotPossible("This package is not released yet: another person must approve it first.")
    if request.state != State.READY_TO_SEND or request.package_id != row.id:
        raise NotPossible("The answer was taken back: its package does not leave any more.")
    approval = approval_of(now, row)
    require_authority(desk, now, packed.at)
    address = found(now.tx.one("approvals.address", id=approval["address_id"]), "address")
    require_way(now, packed.at.case, address["kind"])
    return approval


def approval_of(now: Now, package: PackageRecord, content: bytes | None = None) -> Row:
    """Return the approval of a package by its hash, or by that of its bytes. Raises NotPossible where there is none."""
    digest = package.sha256 if content is None else hashlib.sha256(content).hexdigest()
    approval = now.tx.one("approvals.approved", thing="package", thing_id=package.id, hash=digest or "")
    if approval is None:
        raise NotPossible("The package is not the one that was approved.")
    return approval


def take(desk: Desk, now: Now, what: Act, packed: Packed, *, way_out: str = "") -> bytes:
    """Return the approved bytes, delete them here, end every other way out, and enter the disclosure.

    Raises NotPossible where the bytes at rest are not those whose SHA-256 was approved, or nothing may leave.
    """
    row = packed.row
    use_for(now, row.subject_ref, packed.at.request)
    approval = approved(desk, now, packed)
    content = content_of(desk, now, row)
    approval_of(now, row, content)
    guard(now.tx.run(
        "packages.fetched", id=row.id, version=row.version, fetched_at=desk.now, fetched_by=desk.person.account_id,
        left_by=_LEFT_BY[what],
    ))
    now.tx.run(
        "ways_out.end_all", package_id=row.id, but=way_out, now=desk.now, account_id=desk.person.account_id,
        reason="replaced",
    )
    kind = Kind(packed.at.request.kind)
    address = found(now.tx.one("approvals.address", id=approval["address_id"]), "address")
    append_disclosure(
        now.tx, row.subject_ref,
        recipient="the person's representative" if address["kind"] == REPRESENTATIVE else "the person themselves",
        categories=copy_room(kind).categories(read_body(desk, now, row.plan_id).systems),
        basis=f"Art. {RIGHTS[kind].article}", act=what.value, source="desk", now=desk.now,
    )
    now.detail |= {"sha256": found(row.sha256, "package"), "bytes": len(content)}
    return content


def content_of(desk: Desk, now: Now, row: PackageRecord) -> bytes:
    """Open the bytes of a package and check that they are those that were built."""
    sealed = found(now.tx.one("packages.content", id=row.id), "package")["content"]
    if sealed is None:
        raise NotPossible("The bytes of this package are deleted. Prepare a new one.")
    content = decrypt_bytes(desk.store, row.case_ref, sealed, Cell("packages", row.id, "content"))
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise NotPossible(GONE)
    return content
