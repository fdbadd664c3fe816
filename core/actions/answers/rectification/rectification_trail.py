"""What is shown of a correction: its points, masked or in full, and what it leaves behind for later requests."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.actions.answers.rectification.corrected_values import keyed_by
from core.actions.answers.rectification.correction_words import changes, of_request, value_of
from core.actions.answers.rectification.rectifications import proofs_of
from core.actions.desk import things
from core.actions.desk.act import Now, act, found, guard, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.desk.gateways import use_for
from core.actions.desk.moment import today_of
from core.actions.desk.opening import Opened
from core.connectors.catalogue import catalogue
from core.connectors.connector import only_of
from core.connectors.fields import IDENTIFIERS, SEVERAL
from core.connectors.held_values import held_values, lines
from core.connectors.outside.manual import NotAnswered
from core.connectors.registered import connector_of
from core.law.acts import Act
from core.law.errors import NotPossible
from core.law.rights.rectification import WARNED, Finding, lacking, warned_until
from core.law.typed import read_text
from core.law.ways import Kind
from core.law.workflow import State
from core.matching.masks import HIDDEN, masked_identifier, masked_name, masked_year
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Row

WATCHED = (Kind.ACCESS, Kind.PORTABILITY, Kind.ERASURE)


@dataclass(frozen=True, slots=True)
class Point:
    """One field of one system: what was found, the value held and the new one, masked unless shown."""

    id: str
    system: str  # its title
    field: str
    finding: Finding
    changes: bool
    state: str  # proposed, done
    rekeys: bool
    held_by_other: str  # empty, waits, shared
    old: str
    new: str
    reason: str
    proposed_by: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A consent given on a day on which the corrected birth date puts the person across the age limit."""

    purpose: str
    channel: str
    given_on: datetime
    age_limit: int


@dataclass(frozen=True, slots=True)
class OldNotice:
    """The notice to the address held before: its letter and whether it went out, or the reason why there is none."""

    letter_id: str | None
    sent_at: datetime | None
    reason: str
    version: int


@dataclass(frozen=True, slots=True)
class Correction:
    """Everything the request's page shows of its correction."""

    shown: bool
    points: tuple[Point, ...]
    held: dict[str, dict[str, str]]  # system -> field -> value, masked unless shown
    keyed: dict[str, tuple[str, ...]]  # recognising field -> titles of the systems keyed by it
    proofs: tuple[str, ...]
    lacking: str
    notice: OldNotice | None
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Recent:
    """A change of a recognising field in the 90 days before, of the person whom a request is about."""

    fields: tuple[str, ...]
    changed_on: date
    until: date


@repeated
def open_correction(desk: Desk, request_id: str, *, shown: bool = False) -> Correction:
    """Return the correction of a request, masked; in full it is one entry for 15 minutes, for the right people only.

    Raises NotAllowed for an approver who is not asked in the case, and for own, related and sealed people.
    """
    what = Act.RECTIFY_OPEN if shown else Act.CASE_OPEN
    with act(desk, what, things.request(request_id), disclosure=True) as now:
        at = now.at
        if at.request.kind != Kind.RECTIFICATION:
            raise NotPossible("This request asks for no correction.")
        subject = at.case.subject_ref
        if subject is not None:
            use_for(now, subject, at.request)
        if shown:
            now.detail |= {"fields": sorted({row["field"] for row in of_request(now, at)})}
        rows, titles = of_request(now, at), {each.code: each.title for each in catalogue().systems}
        proofs = proofs_of(now, at)
        rekeyed = {row["field"] for row in rows if row["rekeys"]}
        return Correction(
            shown, tuple(_point(desk, row, titles, shown=shown) for row in rows),
            _held(desk, now, subject, shown=shown) if subject else {},
            {field: tuple(each.title for each in keyed_by(field)) for field in sorted(rekeyed)},
            tuple(sorted(proofs)), lacking(rekeyed, proofs), _notice(desk, now, at),
            tuple(
                Flag(row["purpose"], row["channel"], row["happened_at"], row["age_limit"])
                for row in now.tx.rows("rectification.flags", subject=subject or "")
            ),
        )


@repeated
def recent_change(desk: Desk, request_id: str) -> Recent | None:
    """Return a change of identifier or other recognising field of the same person in the last 90 days, if any.

    Asked for requests by which data leave or vanish: the classic fraud changes the address first.
    """
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        at = now.at
        subject = at.case.subject_ref
        if at.request.kind not in WATCHED or at.request.state == State.CLOSED or subject is None:
            return None
        rows = now.tx.rows("rectification.rekeyed_since", subject=subject, since=desk.now - WARNED - timedelta(days=1))
        if not rows:
            return None
        changed_on = establishment(desk.store).local(rows[0]["carried_at"]).date()
        until = warned_until(changed_on)
        if today_of(desk) > until:
            return None
        return Recent(tuple(sorted({row["field"] for row in rows})), changed_on, until)


@repeated
def explain_no_notice(desk: Desk, request_id: str, reason: str, *, version: int, key: str) -> None:
    """Write down why no notice goes to the address held before; `version` is the notice's own."""
    with act(desk, Act.RECTIFY_NOTICE, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return
        at = now.at
        row = found(now.tx.one("rectification.old_notice", request_id=request_id), "notice to an old address")
        if row["sent_at"] is not None:
            raise NotPossible("The notice was sent: it needs no reason.")
        words = read_text(reason, "reason")
        guard(now.tx.run(
            "rectification.reason_notice", id=row["id"], version=version, account_id=desk.person.account_id, now=desk.now,
            reason=encrypt(desk.store, at.case.case_ref, words, Cell("old_address_notices", row["id"], "reason")),
        ))
        now.words = words


def masked(field: str, text: str) -> str:
    """Return a value so far masked that its owner would recognise it."""
    if not text:
        return ""
    if field in IDENTIFIERS:
        return "\n".join(masked_identifier(field, each) for each in lines(text))
    if field in {"given_name", "family_name"}:
        return masked_name(text)
    if field == "birth_date":
        return masked_year(date.fromisoformat(text)) + HIDDEN
    return HIDDEN


def places(field: str, held: str) -> list[str]:
    """Return the masked values of a field one by one where a person can have several; none for a field of one value."""
    return list(lines(held)) if field in SEVERAL else []


def _point(desk: Desk, row: Row, titles: dict[str, str], *, shown: bool) -> Point:
    old, new = (value_of(desk.store, row, column) for column in ("old_value", "new_value"))
    if not shown:
        old, new = masked(row["field"], old), masked(row["field"], new)
    return Point(
        row["id"], titles.get(row["system"], str(row["system"])), row["field"], Finding(row["finding"]), changes(row),
        row["state"], bool(row["rekeys"]), row["held_by_other"], old, new, value_of(desk.store, row, "reason"),
        row["proposed_by"],
    )


def _held(desk: Desk, now: Now, subject: str, *, shown: bool) -> dict[str, dict[str, str]]:
    told = {}
    for system in catalogue().systems:
        connector = connector_of(desk.store, system.code, now.at.case.case_ref)
        if connector is None or not system.rectifies:
            continue
        try:
            exported = connector.export(now.tx, now.permitted(subject))
        except NotAnswered:
            continue  # what it holds is not known yet; no point stands on it
        for each in exported.tables:
            only_of(subject, each.rows)
        values = held_values(exported)
        told[system.title] = values if shown else {field: masked(field, text) for field, text in values.items()}
    return told


def _notice(desk: Desk, now: Now, at: Opened) -> OldNotice | None:
    row = now.tx.one("rectification.old_notice", request_id=at.request.id)
    if row is None:
        return None
    reason = decrypt(desk.store, row["case_ref"], row["reason"], Cell("old_address_notices", row["id"], "reason"))
    return OldNotice(row["letter_id"], row["sent_at"], reason, row["version"])

