"""What an erasure in part left: noted with its ground and day, listed, kept longer, or confirmed for its erasure."""

from dataclasses import dataclass
from datetime import date

from core.actions.answers.erasure.erasure_words import HELD
from core.actions.answers.erasure.erasures import item_of
from core.actions.answers.planned import PlanBody, read_body
from core.actions.desk import things
from core.actions.desk.act import Now, act, guard, look, new_id, repeated
from core.actions.desk.deciding import keep, under
from core.actions.desk.desk import Desk
from core.actions.desk.gateways import use_for
from core.actions.desk.moment import today_of
from core.actions.desk.opening import Opened, barred_cases, listed
from core.actions.people.inventory import SystemCount, TableCount, count_system
from core.connectors import desk_records
from core.connectors.catalogue import catalogue
from core.connectors.connector import Exported
from core.connectors.held import on_table, standing_holds
from core.connectors.registered import connector_of
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.records import Record
from core.law.rights import kept as law
from core.law.rights.erasure import Exemption, Retention, record_of
from core.law.rights.kept import KeptStanding
from core.law.typed import read_text
from core.law.workflow import State
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Row

LONGEST = 500
OPEN = frozenset({"kept", "changed"})


@dataclass(frozen=True, slots=True)
class KeptPart:
    """One kept table as it is listed: its request, ground and day, and how it stands; nobody's name."""

    id: str
    request_id: str
    case_ref: str
    reference: str
    title: str
    ground: str
    until: date | None
    rows: int
    standing: KeptStanding
    version: int
    rests_on: str = ""  # the statute, the provision or the claim; only with the case


@dataclass(frozen=True, slots=True)
class New:
    """A kept table that holds something else than the plan saw: how many rows then and now."""

    title: str
    then: int
    now: int


def note(desk: Desk, now: Now, row: Row, body: PlanBody, after: Exported) -> None:
    """Enter what one system keeps by an exception or a hold, as it is after the erasure, inside the act that erased."""
    system = row["system"]
    if system == desk_records.SYSTEM:
        return
    now.tx.run("kept.replace", subject=row["subject_ref"], system=system)
    held = _tables(count_system(desk.store, system, after, row["case_ref"]))
    for item in body.of(system):
        by_law = item.ground in set(Exemption)
        if item.action not in {"retain", "mask"} or not item.rows or not (by_law or item.ground == HELD):
            continue
        number = new_id(desk.now)
        now.tx.run(
            "kept.add", id=number, request_id=row["request_id"], case_ref=row["case_ref"], subject_ref=row["subject_ref"],
            plan_id=row["plan_id"], system=system, table_name=item.table, ground=item.ground, until=_day(item.until),
            reference=encrypt(
                desk.store, row["case_ref"], item.reference, Cell("kept_items", number, "reference")
            ) if item.reference else None,
            row_count=held[item.table].rows, digest=held[item.table].digest, kept_at=desk.now,
        )


def list_kept(desk: Desk) -> list[KeptPart]:
    """Return what is kept of whomever, the first due on top; nobody's name, no value, nothing of a case sealed to others."""
    with look(desk, Act.HOLD_LOOK) as now:
        barred = barred_cases(desk, now.tx)
        return [each for each in standing_parts(desk, now) if each.case_ref not in barred]


def standing_parts(desk: Desk, now: Now) -> list[KeptPart]:
    """Return what is kept, inside another act."""
    rows, today = now.tx.rows("kept.standing"), today_of(desk)
    holds = standing_holds(now.tx, [row["subject_ref"] for row in rows])
    return [
        _shown(row, today, held=bool(on_table(holds, row["system"], row["table_name"], row["subject_ref"], desk.now)))
        for row in rows
    ]


def untold(desk: Desk) -> list[Row]:
    """Return the requests whose kept part was erased on its day and whose person is not told yet."""
    with look(desk, Act.HOLD_LOOK) as now:
        return listed(desk, now.tx, now.tx.rows("kept.untold"))


@repeated
def of_request(desk: Desk, request_id: str) -> list[KeptPart]:
    """Return what is kept after the erasure of a request, with what it rests on; opening the case file stands for it."""
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        at = now.at
        today, reference = today_of(desk), at.request.reference
        return [
            _shown(
                row | {"request_reference": reference}, today, held=_is_held(desk, now, row),
                rests_on=decrypt(desk.store, row["case_ref"], row["reference"], Cell("kept_items", row["id"], "reference")),
            )
            for row in now.tx.rows("kept.of_request", request_id=request_id) if row["state"] in OPEN
        ]


@repeated
def news(desk: Desk, request_id: str) -> list[New]:
    """Return the kept tables in which something came in since the plan, or since the erasure: an invoice, a payment, a claim.

    Counts and keyed fingerprints are compared; the data themselves stay unseen. Opening the case file stands for it.
    """
    with act(desk, Act.CASE_OPEN, things.request(request_id), disclosure=True) as now:
        at = now.at
        before = _seen_before(desk, now, at)
        subject, fresh = at.data_subject, []
        use_for(now, subject, at.request)
        for system in sorted({code for code, _ in before}):
            held = _tables(counted(desk, now, system, subject, at.case.case_ref))
            for (code, table), (rows, digest) in before.items():
                if code == system and held[table].digest != digest:
                    fresh.append(New(catalogue().titles[code, table], rows, held[table].rows))
        return fresh


@repeated
def prolong(
    desk: Desk, kept_id: str, exemption: str, reference: str, until: date | None, why: str = "", *, version: int, key: str
) -> None:
    """Keep a part longer, on an exception of Article 17(3) with all that it must record; the new day is never earlier."""
    with act(desk, Act.KEPT_PROLONG, things.kept_item(kept_id), key=key) as now:
        if now.earlier is not None:
            return
        row, at = opened(now)
        if exemption not in set(Exemption):
            raise Invalid("Choose an exception of Article 17(3).", "exemption")
        rests_on = read_text(reference, "reference", longest=LONGEST, needed=False)
        reasons, today = read_text(why, "why", longest=LONGEST, needed=False), today_of(desk)
        retention = law.require_longer(rule_of(row), Retention(Exemption(exemption), rests_on, until, reasons), today)
        use_for(now, row["subject_ref"], at.request)
        held = _tables(counted(desk, now, row["system"], row["subject_ref"], row["case_ref"]))[row["table_name"]]
        guard(now.tx.run(
            "kept.prolong", id=kept_id, version=version, ground=exemption, until=until, row_count=held.rows,
            digest=held.digest, reference=encrypt(
                desk.store, row["case_ref"], rests_on, Cell("kept_items", kept_id, "reference")
            ) if rests_on else None,
        ))
        keep(desk, now, at.request, [decision(desk, now, at, row, retention)],
             [" · ".join(each for each in (rests_on, reasons) if each)])
        now.words = rests_on
        now.detail |= {"system": row["system"], "table": row["table_name"], "ground": exemption}


@repeated
def confirm(desk: Desk, kept_id: str, *, version: int, key: str) -> None:
    """Confirm the erasure of a part whose reason ended, or in which something came in since; the desk then erases it.

    Raises NotAllowed for whoever worked on the erasure, NotPossible before its day and while a hold stands.
    """
    with act(desk, Act.KEPT_CONFIRM, things.kept_item(kept_id), key=key) as now:
        if now.earlier is not None:
            return
        row, _ = opened(now)
        standing = law.standing(rule_of(row), today_of(desk), held=_is_held(desk, now, row))
        if standing not in {KeptStanding.CHANGED, KeptStanding.OPEN_ENDED}:
            raise NotPossible(f"This needs no confirmation: it {law.WORDS[standing]}.")
        guard(now.tx.run("kept.confirm", id=kept_id, version=version, account_id=desk.person.account_id, now=desk.now))
        now.detail |= {"system": row["system"], "table": row["table_name"], "was": standing.value}


def opened(now: Now) -> tuple[Row, Opened]:
    """Return a kept part that still stands, with its request, inside an act about it."""
    at = now.at
    row = at.row
    if row["state"] not in OPEN:
        raise NotPossible("This part is erased already, or decided by a later erasure.")
    return row, at


def title_of(row: Row) -> str:
    """Return what a stored part is, in words: its system and table."""
    titles = {each.code: each.title for each in catalogue().systems}
    title = catalogue().titles.get((row["system"], row["table_name"]), row["table_name"])
    return f"{titles.get(row['system'], row['system'])}: {title.lower()}"


def rule_of(row: Row) -> law.Kept:
    """Return a stored part as the rule knows it."""
    exemption = Exemption(row["ground"]) if row["ground"] in set(Exemption) else None
    return law.Kept(exemption, row["until"], row["state"] == "changed", row["confirmed_at"] is not None)


def decision(desk: Desk, now: Now, at: Opened, row: Row, retention: Retention | None) -> Record:
    """Return the decision on a kept part: still kept by its exception, or erased now."""
    item = item_of(read_body(desk, now, row["plan_id"]).terms, row["system"], row["table_name"], retention)
    return record_of(item, today_of(desk), under(at.request, f"{row['system']}.{row['table_name']}"))


def counted(desk: Desk, now: Now, system: str, subject: str, case_ref: str) -> SystemCount:
    """Return what a system holds about a person now, counted."""
    connector = connector_of(desk.store, system, case_ref)
    if connector is None:
        raise NotPossible("This system is not connected to the desk any more.")
    return count_system(desk.store, system, connector.export(now.tx, now.permitted(subject)), case_ref)



def _seen_before(desk: Desk, now: Now, at: Opened) -> dict[tuple[str, str], tuple[int, str]]:
    rows = [row for row in now.tx.rows("kept.of_request", request_id=at.request.id) if row["state"] in OPEN]
    if rows:
        return {(row["system"], row["table_name"]): (row["row_count"], row["digest"]) for row in rows}
    if at.request.state not in {State.IN_PROGRESS, State.AWAITING_APPROVAL} or not at.request.plan_id:
        return {}
    body = read_body(desk, now, at.request.plan_id)
    planned = {
        (system.code, table.table): (table.rows, table.digest) for system in body.systems for table in system.tables
    }
    return {
        (item.system, item.table): planned[item.system, item.table] for item in body.items
        if item.action in {"retain", "mask"} and item.system != desk_records.SYSTEM
    }


def _is_held(desk: Desk, now: Now, row: Row) -> bool:
    holds = standing_holds(now.tx, [row["subject_ref"]])
    return bool(on_table(holds, row["system"], row["table_name"], row["subject_ref"], desk.now))


def _shown(row: Row, today: date, *, held: bool, rests_on: str = "") -> KeptPart:
    return KeptPart(
        row["id"], row["request_id"], row["case_ref"], row["request_reference"], title_of(row), row["ground"], row["until"],
        row["row_count"], law.standing(rule_of(row), today, held=held), row["version"], rests_on,
    )


def _tables(system: SystemCount) -> dict[str, TableCount]:
    return {table.table: table for table in system.tables}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

