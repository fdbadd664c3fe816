"""Packages: built by the worker, released after approval, fetched once by the handler, deleted within 30 days."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.actions.access_answer import compose
from core.actions.act import Now, act, found, keep_apart, look, repeated
from core.actions.answering import Delivery, answering, seal
from core.actions.clock import guard, today_of
from core.actions.desk import Desk
from core.actions.establishment import establishment
from core.actions.inventory import take_inventory
from core.actions.moves import move
from core.actions.plans import counted, place, read_plan
from core.connectors.catalogue import catalogue
from core.connectors.disclosures import append_disclosure, disclosures_of
from core.documents import package as documents
from core.law.acts import Act
from core.law.errors import NotAllowed, NotPossible
from core.law.workflow import State, Step
from core.store.engine import Row
from core.store.keys import KeyKind

KEPT = timedelta(days=30)
MEDIA_TYPE = "application/zip"
ONCE = "This package was fetched already, and its bytes are deleted. A new one is prepared and approved anew."


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


def state(desk: Desk, request_id: str) -> PackageState | None:
    """Return how far the package of a request is, or None where none was prepared."""
    with look(desk, Act.QUEUE_LOOK) as now:
        row = now.tx.one("packages.shown", request_id=request_id)
    if row is None:
        return None
    shown = "building" if row["state"] == "waiting" and row["busy"] else row["state"]
    return PackageState(
        row["id"], shown, json.loads(row["counts"]) if row["counts"] else {}, row["sha256"], row["size_bytes"],
        row["built_at"], row["expires_at"], row["fetched_at"],
    )


@repeated
def build(desk: Desk, package_id: str) -> None:
    """Read everything again and build the package; may be repeated, and does nothing for one that is built or ended.

    The data as read now are what is approved: where they differ from the plan, the plan is renewed with them.
    """
    with act(desk, Act.PACKAGE_BUILD, object_kind="package", object_id=package_id) as now:
        row, at = _opened(desk, now, Act.PACKAGE_BUILD, package_id)
        if row["state"] != "waiting":
            now.unlogged = True
            return
        if at["state"] != State.IN_PROGRESS or at["package_id"] != package_id:
            now.tx.run("packages.ended", id=package_id, version=row["version"], state="expired")
            now.detail["ended"] = "superseded"
            return
        plan = found(now.tx.one("plans.one", id=row["plan_id"]), "plan")
        subject, case_ref = row["subject_ref"], row["case_ref"]
        inventory = take_inventory(desk.store, now.tx, subject, case_ref)
        if inventory.hash != plan["plan_hash"]:
            now.tx.run(
                "plans.renew", id=plan["id"], plan_hash=inventory.hash,
                body=seal(desk, case_ref, inventory.body, place(plan["id"])),
            )
            now.detail["plan"] = "renewed"
        answer = compose(
            inventory, catalogue(), establishment(desk.store), subject_ref=subject, reference=at["reference"],
            made_on=today_of(desk), recipients=disclosures_of(now.tx, subject),
        )
        made = documents.build(answer)
        guard(now.tx.run(
            "packages.built", id=package_id, version=row["version"], built_at=desk.now, sha256=made.sha256,
            size_bytes=len(made.zip_bytes), counts=json.dumps(made.counts, sort_keys=True),
            content=desk.store.keys.seal_bytes(KeyKind.CASE, case_ref, made.zip_bytes, _place(package_id)),
        ))
        now.detail |= counted(inventory.systems) | {"sha256": made.sha256, "bytes": len(made.zip_bytes)}


@repeated
def release(desk: Desk, package_id: str) -> None:
    """Make the approved bytes ready to fetch, for 30 days at most; may be repeated."""
    with act(desk, Act.PACKAGE_RELEASE, object_kind="package", object_id=package_id) as now:
        row, at = _opened(desk, now, Act.PACKAGE_RELEASE, package_id)
        if row["state"] != "built" or at["state"] != State.CARRYING_OUT or at["package_id"] != package_id:
            now.unlogged = True
            return
        approval = now.tx.one("approvals.approved", package_id=package_id)
        content = content_of(desk, now, row)
        if approval is None or approval["package_sha256"] != hashlib.sha256(content).hexdigest():
            raise NotPossible("The package is not the one that was approved.")
        guard(now.tx.run("packages.released", id=package_id, version=row["version"], expires_at=desk.now + KEPT))
        move(desk, now, at, Step.CARRIED_OUT)
        now.detail["sha256"] = row["sha256"]


@repeated
def give_up(desk: Desk, package_id: str) -> None:
    """End a package that could not be built or released; a request being carried out goes back to its preparer."""
    with act(desk, Act.REQUEST_HAND_BACK, object_kind="package", object_id=package_id) as now:
        row, at = _opened(desk, now, Act.REQUEST_HAND_BACK, package_id)
        if not now.tx.run("packages.ended", id=package_id, version=row["version"], state="failed"):
            now.unlogged = True
            return
        if at["state"] == State.CARRYING_OUT and at["package_id"] == package_id:
            move(desk, now, at, Step.HAND_BACK)


@repeated
def fetch(desk: Desk, package_id: str, *, key: str) -> Delivery:
    """Hand the released package to the request's handler, once; its bytes are deleted in the same transaction.

    An interrupted download counts. Raises NotPossible for a second time, NotAllowed for anybody but the handler.
    """
    with act(desk, Act.PACKAGE_FETCH, object_kind="package", object_id=package_id, key=key) as now:
        row, at = _opened(desk, now, Act.PACKAGE_FETCH, package_id)
        if (at["owner_id"] or at["prepared_by"]) != desk.person.account_id:
            raise NotAllowed("Only the person who handles this request may download its package.")
        if now.earlier is not None or row["state"] == "fetched":
            raise NotPossible(ONCE)
        if row["state"] == "expired" or (row["expires_at"] is not None and row["expires_at"] <= desk.now):
            raise NotPossible("This package has expired, and its bytes are deleted. Prepare a new one.")
        if row["state"] != "released":
            raise NotPossible("This package is not released yet: another person must approve it first.")
        content = content_of(desk, now, row)
        guard(now.tx.run(
            "packages.fetched", id=package_id, version=row["version"], fetched_at=desk.now,
            fetched_by=desk.person.account_id,
        ))
        append_disclosure(
            now.tx, row["subject_ref"], recipient="the person themselves", categories=_categories(desk, now, row),
            basis="Art. 15", act=Act.PACKAGE_FETCH.value, source="desk", now=desk.now,
        )
        now.detail |= {"sha256": row["sha256"], "bytes": len(content)}
    return Delivery(f"access-{at['reference'].replace('/', '-')}.zip", MEDIA_TYPE, content)


def expire(desk: Desk) -> int:
    """Delete the bytes of every package that is 30 days old, past its end, or whose request is closed; how many."""
    with look(desk, Act.PACKAGE_EXPIRE) as now:
        due = now.tx.rows("packages.due_to_expire", now=desk.now, oldest=desk.now - KEPT)
    return sum(_expire_one(desk, row) for row in due)


@repeated
def _expire_one(desk: Desk, row: Row) -> int:
    with act(
        desk, Act.PACKAGE_EXPIRE, subject=row["subject_ref"], case=row["case_ref"], request=row["request_id"],
        object_kind="package", object_id=row["id"],
    ) as now:
        ended = now.tx.run("packages.ended", id=row["id"], version=row["version"], state="expired")
        now.unlogged = not ended
    return ended


def content_of(desk: Desk, now: Now, row: Row) -> bytes:
    """Open the bytes of a package and check that they are those that were built."""
    sealed = found(now.tx.one("packages.content", id=row["id"]), "package")["content"]
    if sealed is None:
        raise NotPossible("The bytes of this package are deleted. Prepare a new one.")
    content = desk.store.keys.open_bytes(KeyKind.CASE, row["case_ref"], sealed, _place(row["id"]))
    if hashlib.sha256(content).hexdigest() != row["sha256"]:
        raise NotPossible("The stored package is not the one that was built. Prepare a new one, and tell the operator.")
    return content


def _opened(desk: Desk, now: Now, what: Act, package_id: str) -> tuple[Row, Row]:
    row = found(now.tx.one("packages.one", id=package_id), "package")
    at = answering(desk, now, what, row["request_id"])
    now.subject = row["subject_ref"]
    keep_apart(desk, now.tx, what, now.subject, now.case)
    return row, at.request


def _categories(desk: Desk, now: Now, row: Row) -> list[str]:
    """Return the categories of the tables in which something was found."""
    systems = read_plan(desk, now, row["plan_id"]).systems
    held = {(each.code, table.table) for each in systems for table in each.tables if table.rows}
    return sorted({field.category for field in catalogue().fields if (field.system, field.table) in held})


def _place(package_id: str) -> str:
    return f"packages:{package_id}:content"
