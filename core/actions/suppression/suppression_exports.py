"""The suppression list out of the desk: asked for by one person, approved by another, downloaded once."""

import csv
import hashlib
import io
from dataclasses import dataclass
from datetime import timedelta

from core.actions.desk import things
from core.actions.desk.act import Now, act, found, guard, look, new_id, repeated
from core.actions.desk.asking import may
from core.actions.desk.delivery import Delivery
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.actions.desk.opening import require_asked
from core.actions.desk.presence import acting_for
from core.actions.suppression.suppression_list import reference_of
from core.connectors.restricted import shut
from core.connectors.suppressed import token, value_of
from core.law.acts import Act
from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.rights.restriction import Operation
from core.law.rights.suppression import ALL, Legal
from core.matching.loose import suppression_forms
from core.store.engine import Row

VALID = timedelta(hours=24)  # objections go on coming: an older list would reach people who objected since
COLUMNS = ("reference", "state", "kind", "value", "purpose", "channel", "ground", "since", "review_on", "token")


@dataclass(frozen=True, slots=True)
class Export:
    """One export as the page shows it: counts and codes only."""

    row: Row
    state: str  # asked, approved, refused, expired, fetched
    mine: bool
    mine_to_decide: bool


@repeated
def ask(desk: Desk, listed: str, approver_id: str, *, purpose: str, key: str) -> str:
    """Ask a named person to approve that the list, or one state of it, leaves the desk; return the id."""
    with act(desk, Act.SUPPRESSION_OUT_ASK, purpose=purpose, key=key) as now:
        now.object_kind = "suppression_export"
        if now.earlier is not None:
            return now.earlier
        if listed not in {ALL, *Legal}:
            raise Invalid("Choose which entries.", "listed")
        if approver_id == desk.person.account_id:
            raise Invalid("Choose another person to approve it.", "approver_id")
        if not may(desk, now, approver_id, Act.SUPPRESSION_OUT_APPROVE):
            raise Invalid("Choose somebody who may approve it.", "approver_id")
        counted = len(now.tx.rows("suppression.every", state=listed, today=today_of(desk)))
        now.object_id = now.result = new_id(desk.now)
        now.tx.run(
            "suppression.ask_export", id=now.object_id, listed=listed, purpose_code=purpose, counted=counted,
            account_id=desk.person.account_id, now=desk.now, approver_id=approver_id,
        )
        now.detail |= {"listed": listed, "entries": counted}
    return now.result


@repeated
def approve(desk: Desk, export_id: str, *, key: str) -> None:
    """Approve the export: only the person asked, never the one who asked."""
    with act(desk, Act.SUPPRESSION_OUT_APPROVE, things.suppression_export(export_id), key=key) as now:
        if now.earlier is None:
            _decide(desk, now, export_id, "approved")


@repeated
def refuse(desk: Desk, export_id: str, *, key: str) -> None:
    """Refuse the export: only the person asked."""
    with act(desk, Act.SUPPRESSION_OUT_REFUSE, things.suppression_export(export_id), key=key) as now:
        if now.earlier is None:
            _decide(desk, now, export_id, "refused")


@repeated
def fetch(desk: Desk, export_id: str, *, key: str) -> Delivery:
    """Hand the list to the person who asked for it, once, within 24 hours of the approval; an interruption counts.

    Values stand in it where the desk holds them; people who were erased, or whose data are restricted (Art. 18), are
    there by their token only: what they stopped stays stopped, and nothing of them is handed on.
    """
    with act(desk, Act.SUPPRESSION_OUT_FETCH, things.suppression_export(export_id), key=key) as now:
        row = now.at.row
        if now.earlier is not None or row["fetched_at"] is not None:
            raise NotPossible("This list was downloaded already. Ask for a new one.")
        if row["decision"] != "approved":
            raise NotPossible("This list is not approved.")
        if row["decided_at"] + VALID < desk.now:
            raise NotPossible("The approval is older than 24 hours, and objections go on coming. Ask for a new one.")
        content, count = _written(desk, now, row["listed"])
        digest = hashlib.sha256(content).hexdigest()
        guard(now.tx.run(
            "suppression.fetched_export", id=export_id, version=row["version"], now=desk.now, sha256=digest
        ))
        now.detail |= {"listed": row["listed"], "entries": count, "sha256": digest}
    return Delivery(f"suppression-{row['listed'].replace('_', '-')}-{today_of(desk):%Y-%m-%d}.csv", "text/csv", content)


def exports(desk: Desk) -> list[Export]:
    """Return the latest exports, the newest first."""
    with look(desk, Act.SUPPRESSION_LOOK) as now:
        rows = now.tx.rows("suppression.exports")
        acting = acting_for(now.tx, desk.person.account_id, today_of(desk))
    me = desk.person.account_id
    return [
        Export(
            row, _state(desk, row), row["asked_by"] == me,
            row["approver_id"] in acting and row["asked_by"] != me and row["decision"] is None,
        )
        for row in rows
    ]


def waiting(desk: Desk) -> list[Export]:
    """Return the exports that wait for this person's decision."""
    return [each for each in exports(desk) if each.mine_to_decide]


def _state(desk: Desk, row: Row) -> str:
    if row["fetched_at"] is not None:
        return "fetched"
    if row["decision"] == "approved" and row["decided_at"] + VALID < desk.now:
        return "expired"
    return row["decision"] or "asked"


def _decide(desk: Desk, now: Now, export_id: str, decision: str) -> None:
    row = found(now.tx.one("suppression.export", id=export_id), "export")
    if row["decision"] is not None:
        raise NotPossible("This was decided already.")
    me = desk.person.account_id
    if me == row["asked_by"]:
        raise NotAllowed("You asked for this list: another person must decide.")
    require_asked(desk, now.tx, row)
    guard(now.tx.run(
        "suppression.decide_export", id=export_id, version=row["version"], decision=decision, account_id=me, now=desk.now
    ))
    now.result = decision
    now.detail |= {"listed": row["listed"], "decision": decision}


def _written(desk: Desk, now: Now, listed: str) -> tuple[bytes, int]:
    rows = now.tx.rows("suppression.every", state=listed, today=today_of(desk))
    values: dict[bytes, str] = {}
    hidden: set[bytes] = set()  # what only restricted people hold is there by its token alone
    everybody = now.tx.rows("suppression.held_values")
    concerned = {row["subject_ref"] for row in (*everybody, *rows)} - {None}
    restricted = shut(now.tx, concerned, Operation.AUDIENCE)
    now.detail["restricted"] = len(restricted)
    for held in everybody:
        for form in suppression_forms(held["kind"], held["normal"]):
            h = token(desk.store, held["kind"], form)
            if held["subject_ref"] in restricted:
                hidden.add(h)
            else:
                values.setdefault(h, held["value"])
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for row in rows:
        h = bytes(row["h"])
        closed = h in hidden or row["subject_ref"] in restricted
        value = values.get(h) or ("" if closed else _form(desk, row, h))
        table.writerow([
            reference_of(row["entry_ref"]), row["state"], row["kind"], _harmless(value), _harmless(row["purpose"]),
            row["channel"], row["ground"], row["started_at"].isoformat(timespec="seconds"), row["review_on"] or "",
            h.hex(),
        ])
    return text.getvalue().encode("utf-8"), len(rows)


def _form(desk: Desk, row: Row, h: bytes) -> str:
    """Return the form of an entry's value that this row stands for: whoever stops jo+x@ must stop jo@ too."""
    value, region = value_of(desk.store, row), desk.store.facts.get("establishment.region")
    forms = suppression_forms(row["kind"], value, region) if value else ()
    return next((form for form in forms if token(desk.store, row["kind"], form) == h), value)


def _harmless(text: str) -> str:
    """Keep a spreadsheet from taking a value for a formula; a plus before digits is a telephone number's own."""
    return "'" + text if text[:1] in "=-@\t\r" or (text[:1] == "+" and not text[1:2].isdigit()) else text
