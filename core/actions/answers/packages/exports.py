"""The packages of all requests: how far each is, by which ways it left, who fetched it; by reference, never by name."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.actions.cases.queue import PAGE, reference_of
from core.actions.desk.act import look
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_time
from core.law.acts import Act
from core.law.errors import Invalid
from core.law.ways import RIGHTS, Course, Kind
from core.law.ways_out import standing
from core.store.engine import Row

STATES = {
    "waiting": "being built", "built": "built, not approved", "released": "released, to be fetched",
    "fetched": "fetched", "expired": "ended, bytes deleted", "failed": "could not be built",
}
WAYS = {
    "download": "left by download", "link": "left by link", "archive": "left as archive", "print": "left on paper",
    "open": "link or archive open", "revoked": "a way was revoked",
}
KINDS = tuple(kind for kind in Kind if RIGHTS[kind].course is Course.COPY)
THE_PERSON, GONE = "the person", "a former colleague"


@dataclass(frozen=True, slots=True)
class WayRow:
    """One link or archive of a package: times are local, people are colleagues."""

    way: str
    standing: str  # waiting, fetched, expired, wrong_codes, revoked, replaced
    made: datetime
    made_by: str
    channel: str
    secret_channel: str
    passed: datetime | None
    passed_by: str
    fetched: datetime | None
    expires: datetime
    ended: datetime | None
    mail: str  # waiting, sent, refused; empty where it was not mailed from here


@dataclass(frozen=True, slots=True)
class PackageRow:
    """One package, without personal data; times are local, `size` is in bytes, `rows` over all systems.

    `left_by` is download, link, archive or print once it was fetched; `ways` are its links and archives, newest first.
    """

    id: str
    request_id: str
    reference: str
    right: str
    state: str
    rows: int | None
    size: int | None
    made: datetime | None
    expires: datetime | None
    fetched: datetime | None
    fetched_by: str
    left_by: str
    ways: tuple[WayRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Packages:
    """One page of packages, the latest first, and how many fit the filters."""

    rows: tuple[PackageRow, ...]
    total: int


def list_packages(
    desk: Desk, state: str | None = None, right: str | None = None, search: str = "", page: int = 1,
    way: str | None = None,
) -> Packages:
    """Return the packages that fit: a state of STATES, a right, a way of WAYS, a reference or part of one.

    Packages of cases that are sealed to others, or concern oneself or somebody close, are left out.
    """
    with look(desk, Act.PACKAGE_LOOK) as now:
        if state is not None and state not in STATES:
            raise Invalid("There is no such state.", "state")
        if way is not None and way not in WAYS:
            raise Invalid("There is no such way.", "way")
        if right is not None and right not in KINDS:
            raise Invalid("There are packages for access and portability only.", "right")
        rows = now.tx.rows(
            "packages.listed", state=state, kind=right, way=way, reference=reference_of(search), size=PAGE, now=desk.now,
            account_id=desk.person.account_id, first=max(page - 1, 0) * PAGE,
        )
        ways = now.tx.rows("packages.ways", packages=[row["id"] for row in rows]) if rows else []
        names = {row["id"]: row["name"] for row in now.tx.rows("queue.owners")}
    shown = tuple(_package(desk, row, [each for each in ways if each["package_id"] == row["id"]], names) for row in rows)
    return Packages(shown, int(rows[0]["total"]) if rows else 0)


def _package(desk: Desk, row: Row, ways: list[Row], names: Mapping[str, str]) -> PackageRow:
    by = THE_PERSON if row["left_by"] == "link" else names.get(row["fetched_by"], GONE) if row["fetched_by"] else ""
    return PackageRow(
        row["id"], row["request_id"], row["reference"], RIGHTS[Kind(row["kind"])].name, row["state"],
        sum(json.loads(row["counts"]).values()) if row["counts"] else None, row["size_bytes"],
        _local(desk, row["built_at"]), _local(desk, row["expires_at"]), _local(desk, row["fetched_at"]), by,
        row["left_by"] or "", tuple(_way(desk, each, names) for each in ways),
    )


def _way(desk: Desk, row: Row, names: Mapping[str, str]) -> WayRow:
    return WayRow(
        row["way"], standing(row["state"], row["end_reason"], row["expires_at"], row["package_state"], desk.now),
        local_time(desk, row["made_at"]), names.get(row["made_by"], GONE), row["channel"], row["secret_channel"],
        _local(desk, row["passed_at"]), names.get(row["passed_by"], GONE) if row["passed_by"] else "",
        _local(desk, row["fetched_at"]), local_time(desk, row["expires_at"]), _local(desk, row["ended_at"]),
        row["mail_state"] or "",
    )


def _local(desk: Desk, moment: datetime | None) -> datetime | None:
    return local_time(desk, moment) if moment is not None else None
