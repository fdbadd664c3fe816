"""Packages: built by the worker, released after approval, fetched once by the handler, deleted within 30 days."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.actions.answers.packages.handing_over import MEDIA_TYPE, ONCE, Packed, approval_of, content_of, packed_of, take
from core.actions.answers.planned import PlanBody, body_of, counted
from core.actions.answers.rooms import copy_room
from core.actions.cases.authority import left_out
from core.actions.cases.children import without
from core.actions.cases.transitions import move
from core.actions.desk import things
from core.actions.desk.act import act, found, guard, look, repeated
from core.actions.desk.delivery import Delivery
from core.actions.desk.desk import Desk
from core.actions.desk.gateways import use_for
from core.actions.people.inventory import take_inventory
from core.documents.archive import Package
from core.law.acts import Act
from core.law.errors import NotPossible
from core.law.workflow import State, Step
from core.store.encryption import Cell, encrypt, encrypt_bytes
from core.store.engine import Row
from core.store.records import PlanRecord

KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class PackageState:
    """How far a package is, without personal data; times are naive UTC, sizes bytes."""

    id: str
    state: str  # waiting, building, built, released, fetched, expired, failed
    counts: dict[str, int]
    sha256: str | None
    size: int | None
    built_at: datetime | None
    expires_at: datetime | None
    fetched_at: datetime | None
    look_ups: bool = False  # it says who looked at the person's data


def state(desk: Desk, request_id: str) -> PackageState | None:
    """Return how far the package of a request is, or None where none was prepared."""
    with look(desk, Act.CASE_OPEN, things.request(request_id)) as now:
        row = now.tx.one("packages.shown", request_id=request_id)
    if row is None:
        return None
    shown = "building" if row["state"] == "waiting" and row["busy"] else row["state"]
    return PackageState(
        row["id"], shown, json.loads(row["counts"]) if row["counts"] else {}, row["sha256"], row["size_bytes"],
        row["built_at"], row["expires_at"], row["fetched_at"], bool(row["look_ups"]),
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read for a package: of which version, what it says, and the plan over the data as they are now."""

    version: int
    kind: str
    answer: Any
    plan: PlanBody


def build(desk: Desk, package_id: str) -> None:
    """Read everything again and build the package; may be repeated, and does nothing for one that is built or ended.

    It is set and packed between two acts, so that nobody waits for it. The data as read are what is approved: where they
    differ from the plan, the plan is renewed with them, and what changes later is found at the approval.
    """
    read = _read(desk, package_id)
    if read is not None:
        _keep(desk, package_id, read, copy_room(read.kind).build(read.answer))


@repeated
def _read(desk: Desk, package_id: str) -> _Read | None:
    """Return what the package says; None for one that is built or ended, or that another plan has replaced."""
    with act(desk, Act.PACKAGE_READ, things.package(package_id)) as now:
        packed = packed_of(now.at)
        row, at = packed.row, packed.at.request
        if row.state != "waiting":
            now.unlogged = True
            return None
        if not _current(packed):
            now.tx.run("packages.ended", id=package_id, version=row.version, state="expired")
            now.detail["ended"] = "superseded"
            return None
        use_for(now, row.subject_ref, at)
        inventory = take_inventory(desk.store, now.tx, now.permitted(row.subject_ref), row.case_ref)
        out = left_out(now, now.at.case)
        answer = copy_room(at.kind).compose(
            desk, now, row, without(inventory, out), disclosures="desk.disclosure_log" not in out
        )
        now.detail |= counted(inventory.systems)
        return _Read(row.version, at.kind, answer, body_of(inventory, ()))


@repeated
def _keep(desk: Desk, package_id: str, read: _Read, made: Package) -> None:
    """Keep the bytes of the package as it was read; one that ended or was built meanwhile stays as it is."""
    with act(desk, Act.PACKAGE_BUILD, things.package(package_id)) as now:
        packed = packed_of(now.at)
        row, case_ref = packed.row, packed.row.case_ref
        if (row.state, row.version) != ("waiting", read.version) or not _current(packed):
            now.unlogged = True
            return
        plan = found(now.tx.record(PlanRecord, "plans.one", id=row.plan_id), "plan")
        if read.plan.hash != plan.plan_hash:
            now.tx.run(
                "plans.renew", id=plan.id, plan_hash=read.plan.hash,
                body=encrypt(desk.store, case_ref, read.plan.text, Cell("plans", plan.id, "body")),
            )
            now.detail["plan"] = "renewed"
        guard(now.tx.run(
            "packages.built", id=package_id, version=row.version, built_at=desk.now, sha256=made.sha256,
            size_bytes=len(made.zip_bytes), counts=json.dumps(made.counts, sort_keys=True),
            content=encrypt_bytes(desk.store, case_ref, made.zip_bytes, Cell("packages", package_id, "content")),
        ))
        now.detail |= {"sha256": made.sha256, "bytes": len(made.zip_bytes)}


def _current(packed: Packed) -> bool:
    """Whether the request still waits for just this package."""
    request = packed.at.request
    return bool(request.state == State.IN_PROGRESS and request.package_id == packed.row.id)


@repeated
def release(desk: Desk, package_id: str) -> None:
    """Make the approved bytes ready to fetch, for 30 days at most; may be repeated."""
    with act(desk, Act.PACKAGE_RELEASE, things.package(package_id)) as now:
        packed = packed_of(now.at)
        row, at = packed.row, packed.at.request
        if row.state != "built" or at.state != State.CARRYING_OUT or at.package_id != package_id:
            now.unlogged = True
            return
        approval_of(now, row, content_of(desk, now, row))
        guard(now.tx.run("packages.released", id=package_id, version=row.version, expires_at=desk.now + KEPT))
        move(desk, now, at, Step.CARRIED_OUT)
        now.detail["sha256"] = found(row.sha256, "package")


@repeated
def give_up(desk: Desk, package_id: str) -> None:
    """End a package that could not be built or released; a request being carried out goes back to its preparer."""
    with act(desk, Act.REQUEST_HAND_BACK, things.package(package_id)) as now:
        packed = packed_of(now.at)
        row, at = packed.row, packed.at.request
        if not now.tx.run("packages.ended", id=package_id, version=row.version, state="failed"):
            now.unlogged = True
            return
        if at.state == State.CARRYING_OUT and at.package_id == package_id:
            move(desk, now, at, Step.HAND_BACK)


@repeated
def fetch(desk: Desk, package_id: str, *, key: str) -> Delivery:
    """Hand the released package to the request's handler, once; its bytes are deleted in the same transaction.

    An interrupted download counts. Raises NotPossible for a second time, NotAllowed for anybody but the handler.
    """
    with act(desk, Act.PACKAGE_FETCH, things.package(package_id), key=key) as now:
        packed = packed_of(now.at)
        if now.earlier is not None:
            raise NotPossible(ONCE)
        content = take(desk, now, Act.PACKAGE_FETCH, packed)
    return Delivery(f"{packed.name}.zip", MEDIA_TYPE, content)


def expire(desk: Desk) -> int:
    """Delete the bytes of every package that is 30 days old, past its end, or whose request is closed; how many."""
    with look(desk, Act.PACKAGE_EXPIRE) as now:
        due = now.tx.rows("packages.due_to_expire", now=desk.now, oldest=desk.now - KEPT)
    return sum(_expire_one(desk, row) for row in due)


@repeated
def _expire_one(desk: Desk, row: Row) -> int:
    with act(desk, Act.PACKAGE_EXPIRE, things.package(row["id"])) as now:
        ended = now.tx.run("packages.ended", id=row["id"], version=row["version"], state="expired")
        now.tx.run(
            "ways_out.end_all", package_id=row["id"], but="", now=desk.now, account_id=desk.person.account_id,
            reason="expired",
        )
        now.unlogged = not ended
    return ended
