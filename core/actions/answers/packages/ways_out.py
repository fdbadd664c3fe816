"""The ways out of a released package that go with a secret: how they stand, who passed them on, and their revocation."""

from dataclasses import dataclass
from datetime import datetime

from core.actions.answers.packages.handing_over import Packed, approval_of, approved
from core.actions.desk import things
from core.actions.desk.act import Now, act, found, guard, look, new_id, repeated
from core.actions.desk.delivery import CHANNELS
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.desk.opening import Opened
from core.law.acts import Act
from core.law.errors import Conflict, Invalid, NotPossible
from core.law.ways_out import ARRIVED, MAILING, SENT_BY_LINK, Way, check_apart, check_way, ends_at, standing, way_channels
from core.store.encryption import Cell, encrypt_secret
from core.store.engine import Row
from core.store.records import PackageRecord

ENDED = "This way out has ended: it was used, revoked, replaced, or its time is over. Choose a way anew."


@dataclass(frozen=True, slots=True)
class WayOut:
    """A way out as the desk shows it, without its secrets; times are naive UTC."""

    id: str
    way: str
    package_id: str
    standing: str  # waiting, fetched, expired, wrong_codes, revoked, replaced
    made_at: datetime
    expires_at: datetime
    address_id: str
    channel: str
    secret_channel: str
    wrong_codes: int
    shown_at: datetime | None
    secret_shown_at: datetime | None
    passed_at: datetime | None
    passed_by: str | None
    secret_passed_at: datetime | None
    secret_passed_by: str | None
    fetched_at: datetime | None
    mail: str = ""  # waiting, sent, arrived, refused; empty where the link was not sent from here
    mail_trouble: str = ""
    mail_tries: int = 0
    mail_next: datetime | None = None  # when a try that failed is repeated


def list_ways_out(desk: Desk, request_id: str) -> tuple[WayOut, ...]:
    """Return the ways out of a request's packages, the newest first: codes and times, nothing of the person."""
    with look(desk, Act.CASE_OPEN, things.request(request_id)) as now:
        rows = now.tx.rows("ways_out.of_request", request_id=request_id)
    return tuple(
        WayOut(
            row["id"], row["way"], row["package_id"],
            standing(row["state"], row["end_reason"], row["expires_at"], row["package_state"], desk.now),
            row["made_at"], row["expires_at"], row["address_id"], row["channel"], row["secret_channel"], row["wrong_codes"],
            row["shown_at"], row["secret_shown_at"], row["passed_at"], row["passed_by"], row["secret_passed_at"],
            row["secret_passed_by"], row["fetched_at"], row["mail_state"] or "", row["mail_trouble"] or "",
            int(row["mail_tries"] or 0), row["mail_next"] if row["mail_task"] == "waiting" else None,
        )
        for row in rows
    )


def destination(desk: Desk, package_id: str) -> tuple[str, tuple[str, ...]]:
    """Return the id of the address for which the package was approved, and the channels that lead there."""
    with look(desk, Act.CASE_OPEN, things.package(package_id)) as now:
        approval = now.tx.one(
            "approvals.approved", thing="package", thing_id=package_id, hash=now.at.row["sha256"] or ""
        )
        row = now.tx.one("approvals.address", id=approval["address_id"]) if approval else None
    return (str(row["id"]), way_channels(row["kind"])) if row else ("", ())


def add(
    desk: Desk, now: Now, packed: Packed, way: Way, *, channel: str, secret_channel: str, days: int,
    passphrase: str | None = None,
) -> str:
    """Add a way out for the approved bytes to the approved address, inside the act that makes it; return its id.

    One way is open at a time; one whose time is over makes room. Raises NotPossible, and Invalid for channels that do
    not lead to the address or carry both the way and its secret.
    """
    approval = approved(desk, now, packed)
    address = found(now.tx.one("approvals.address", id=approval["address_id"]), "address")
    check_way(address["kind"], channel)
    check_apart(channel, secret_channel)
    row = packed.row
    for other in now.tx.rows("ways_out.waiting", package_id=row.id):
        if other["expires_at"] > desk.now:
            raise NotPossible("Another way out is open for this package. Revoke it first.")
    now.tx.run(
        "ways_out.end_all", package_id=row.id, but="", now=desk.now, account_id=desk.person.account_id,
        reason="expired",
    )
    way_id = new_id(desk.now)
    sealed = None
    if passphrase is not None:
        sealed = encrypt_secret(desk.store, passphrase, Cell("ways_out", way_id, "passphrase"))
    now.tx.run(
        "ways_out.add", id=way_id, way=way.value, request_id=row.request_id, case_ref=row.case_ref,
        package_id=row.id, address_id=address["id"], made_at=desk.now, made_by=desk.person.account_id,
        expires_at=ends_at(desk.now, found(row.expires_at, "end of the package"), days), channel=channel,
        secret_channel=secret_channel,
        passphrase=sealed,
    )
    now.result = way_id
    digest = found(row.sha256, "package")
    now.detail |= {"way_out": way_id, "channel": channel, "secret_channel": secret_channel, "sha256": digest}
    return way_id


def open_way(desk: Desk, now: Now) -> tuple[Row, Packed]:
    """Return a way out and its package, inside an act about it. Raises NotPossible once it ended."""
    row, packed = way_of(now)
    require_open(row, desk.now)
    approved(desk, now, packed)
    return row, packed


def way_of(now: Now) -> tuple[Row, Packed]:
    """Return a way out and its package, inside an act about it."""
    return now.at.row, Packed(found(now.tx.record(PackageRecord, "packages.one", id=now.at.row["package_id"]), "package"), now.at)


def is_open(row: Row, moment: datetime) -> bool:
    """Whether a way out was neither used nor ended, and is within its time."""
    return bool(row["state"] == "waiting" and row["expires_at"] > moment)


def require_open(row: Row, moment: datetime) -> None:
    """Refuse a way out that was used, ended, or is past its time."""
    if not is_open(row, moment):
        raise NotPossible(ENDED)


@repeated
def pass_on(desk: Desk, way_id: str, *, secret: bool, channel: str, key: str) -> None:
    """Record that the handler passed on the link or archive, or (`secret`) its code or passphrase, and over what.

    Both may be recorded once, after they were handed out, and never with one channel for the two.
    """
    with act(desk, Act.WAY_OUT_PASS_ON, things.way_out(way_id), key=key) as now:
        if now.earlier is not None:
            return
        row, _ = way_of(now)
        if row["state"] == "ended":
            raise NotPossible(ENDED)
        if not secret and row["mail_state"] in {MAILING, ARRIVED}:
            raise NotPossible("The mail with this link is on its way; that it left is recorded by itself.")
        address = found(now.tx.one("approvals.address", id=row["address_id"]), "address")
        if secret:
            check_apart(row["channel"], channel)
        else:
            check_way(address["kind"], channel)
            check_apart(channel, row["secret_channel"])
        handed = row["secret_shown_at"] if secret else row["shown_at"]
        if handed is None:
            raise NotPossible("It was not handed out yet: there is nothing that could have been passed on.")
        if row["secret_passed_at" if secret else "passed_at"] is not None:
            raise NotPossible("This is recorded already.")
        guard(now.tx.run(
            "ways_out.secret_passed" if secret else "ways_out.passed", id=way_id, version=row["version"], now=desk.now,
            account_id=desk.person.account_id, channel=channel,
        ))
        now.detail |= {"part": "secret" if secret else row["way"], "channel": channel}


@repeated
def revoke(desk: Desk, way_id: str, *, key: str) -> None:
    """End a way out that was not used; the approved package stays, and another way can be chosen."""
    with act(desk, Act.WAY_OUT_REVOKE, things.way_out(way_id), key=key) as now:
        if now.earlier is not None:
            return
        row, _ = way_of(now)
        if row["state"] == "fetched":
            raise NotPossible("It was used already: what left cannot be called back.")
        if row["state"] == "ended":
            raise NotPossible(ENDED)
        end(desk, now, row, "revoked")
        now.detail["way"] = row["way"]


def end(desk: Desk, now: Now, row: Row, reason: str) -> None:
    """End a way out inside an act. Raises Conflict when it changed meanwhile."""
    if not now.tx.run(
        "ways_out.end", id=row["id"], version=row["version"], now=desk.now, account_id=desk.person.account_id,
        reason=reason,
    ):
        raise Conflict("It changed meanwhile. Look at it again.")


def _require_recorded(now: Now, package_id: str) -> bool:
    """Return whether the package left by its link. Raises NotPossible until it is recorded who passed on what, and how."""
    used = now.tx.one("ways_out.used", package_id=package_id)
    if used is not None and (used["passed_at"] is None or used["secret_passed_at"] is None):
        raise NotPossible("Record first how the link or archive, and its code or passphrase, were passed on.")
    return used is not None and used["way"] == Way.LINK


def require_left(desk: Desk, now: Now, at: Opened, channel: str, moment: datetime) -> None:
    """Refuse to mark a copy as sent unless its package left, by that channel, to the approved address, and by that day."""
    package = found(now.tx.record(PackageRecord, "packages.one", id=at.request.package_id), "package")
    if package.state != "fetched":
        raise NotPossible("Download the released package first, or wait until the person fetched it by its link.")
    by_link = _require_recorded(now, package.id)
    address = found(now.tx.one("approvals.address", id=approval_of(now, package)["address_id"]), "address")
    if by_link != (channel == SENT_BY_LINK):
        raise Invalid(
            "The person fetched the package by its link: mark it as sent by link." if by_link
            else "This package did not leave by a link. Choose how it was sent.", "channel"
        )
    if not by_link and address["kind"] in CHANNELS and address["kind"] != channel:
        raise Invalid("The release was approved for another way. Send it there, or ask for approval again.", "channel")
    here = establishment(desk.store)
    if here.local(moment).date() < here.local(found(package.fetched_at, "day of the download")).date():
        raise Invalid("The day of sending lies before the package was downloaded.", "sent_at")
