"""A child for whom a parent asks: age, own view, conflict or contact ban, and what stays out of the parent's copy."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from core.actions.cases.clock import profile_of
from core.actions.desk import things
from core.actions.desk.act import Now, act, guard, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.actions.people.inventory import Inventory
from core.connectors.catalogue import catalogue
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.representatives import Child, ChildVerdict, for_child, for_parent
from core.law.rights.rectification import age_on
from core.law.roles import Role
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Row
from core.store.records import CaseRecord, RequestRecord

PARENTS = {"mother": "The mother", "father": "The father", "other": "Another holder of parental responsibility"}
VIEWS = {"": "Not heard yet", "agrees": "Heard: agrees", "disagrees": "Heard: does not agree"}
UNRECORDED = "Record the child first: their age, which parent asks, and any conflict or contact ban."
# What was recorded here about the child is for no parent's eyes, whatever else was told in confidence.
ALWAYS_OUT = frozenset({"desk.children"})
OUT_NOTE = "A part of what is held here is not in this copy, because it would harm another person (Art. 15(4))."


@dataclass(frozen=True, slots=True)
class Shown:
    """A child as the case shows it, and what follows from age, view and conflict today."""

    born: date
    age: int
    parent: str
    own_view: str
    conflict: bool
    contact_ban: bool
    in_confidence: tuple[str, ...]
    recorded_by: str
    verdict: ChildVerdict
    version: int


@repeated
def record(
    desk: Desk, case_ref: str, born: date, parent: str, *, own_view: str = "", conflict: bool = False,
    contact_ban: bool = False, in_confidence: Collection[str] = (), version: int = 0, key: str,
) -> ChildVerdict:
    """Record the child for whom a parent asks, and return what follows; a conflict or a contact ban seals the case at once.

    It is sealed to whoever records it, the owners of its requests and the Data Protection Officers, who decide whom else
    to name. `in_confidence` names tables of the catalogue, as `system.table`, that stay out of a parent's copy.
    """
    with act(desk, Act.CHILD_RECORD, things.case(case_ref), key=key) as now:
        case = now.at.case
        if now.earlier is not None:
            return found_verdict(desk, now, case)
        requests = now.tx.records(RequestRecord, "requests.open_of_case", case_ref=case_ref)
        if not requests:
            raise NotPossible("Every request of this case is closed.")
        today = today_of(desk)
        if not date(1900, 1, 1) <= born <= today:
            raise Invalid("Enter the child's birth date.", "born")
        if parent not in PARENTS:
            raise Invalid("Say which parent asks.", "parent")
        if own_view not in VIEWS:
            raise Invalid("Say whether the child was heard, and what their own view is.", "own_view")
        if set(in_confidence) - set(tables()):
            raise Invalid("Choose the tables from the list.", "in_confidence")
        row = {
            "born": encrypt(desk.store, case_ref, born.isoformat(), Cell("children", case_ref, "born")),
            "parent": parent, "own_view": own_view or None,
            "conflict": conflict, "contact_ban": contact_ban, "in_confidence": ",".join(sorted(in_confidence)),
            "now": desk.now, "account_id": desk.person.account_id,
        }
        if version:
            guard(now.tx.run("children.keep", case_ref=case_ref, version=version, **row))
        else:
            guard(not now.tx.one("children.of_case", case_ref=case_ref))
            now.tx.run("children.first", case_ref=case_ref, **row)
        verdict = found_verdict(desk, now, case)
        if verdict.sealed and not case.sealed_to_names:
            now.detail["named"] = _seal(desk, now, case_ref, requests)
        now.detail |= {
            "granted": int(verdict.granted), "sealed": int(verdict.sealed), "hear_first": int(verdict.hear_first),
            "left_out": sorted(in_confidence),
        }
        return verdict


@repeated
def show(desk: Desk, case_ref: str) -> Shown | None:
    """Return the child of a case, or None where none is recorded; opening the case file stands for it."""
    with act(desk, Act.CASE_OPEN, things.case(case_ref), disclosure=True) as now:
        case = now.at.case
        row = now.tx.one("children.of_case", case_ref=case_ref)
        if row is None:
            return None
        born = _born(desk, row)
        return Shown(
            born, age_on(born, today_of(desk)), row["parent"], row["own_view"] or "", row["conflict"], row["contact_ban"],
            _left_out(row), row["recorded_by"], found_verdict(desk, now, case), row["version"],
        )


def found_verdict(desk: Desk, now: Now, case: CaseRecord) -> ChildVerdict:
    """Return what follows for a parent's request inside another act. Raises NotPossible while no child is recorded."""
    row = now.tx.one("children.of_case", case_ref=case.case_ref)
    if row is None:
        raise NotPossible(UNRECORDED)
    request = now.tx.records(RequestRecord, "requests.of_case", case_ref=case.case_ref)[0]
    views = {"agrees": True, "disagrees": False}
    return for_child(
        Child(_born(desk, row), views.get(row["own_view"] or ""), row["conflict"], row["contact_ban"]), today_of(desk),
        profile_of(request).age_limit,
    )


def left_out_of(now: Now, case: CaseRecord) -> frozenset[str]:
    """Return the tables that stay out of a parent's copy: what was recorded about the child, and what it told in confidence."""
    row = now.tx.one("children.of_case", case_ref=case.case_ref)
    return ALWAYS_OUT | set(_left_out(row) if row else ())


def without(inventory: Inventory, out: frozenset[str]) -> Inventory:
    """Return the inventory without some tables; a system of which something is left out says so, not what."""
    systems = []
    for system in inventory.systems:
        told = for_parent([f"{system.code}.{table.table}" for table in system.tables], out)
        left = tuple(table for table in system.tables if f"{system.code}.{table.table}" in told)
        withheld = any(table.rows for table in system.tables if table not in left)
        systems.append(replace(system, tables=left, note=OUT_NOTE if withheld else system.note))
    rows = {place: held for place, held in inventory.rows.items() if ".".join(place) not in out}
    return Inventory(tuple(systems), rows)


def tables() -> dict[str, str]:
    """Return every table of the catalogue, as `system.table`, with its title; those that no parent gets are left out."""
    known = catalogue()
    return {
        f"{field.system}.{field.table}": known.titles[field.system, field.table] for field in known.fields
        if f"{field.system}.{field.table}" not in ALWAYS_OUT
    }



def _seal(desk: Desk, now: Now, case_ref: str, requests: list[RequestRecord]) -> int:
    """Seal the case to those who must decide; who else sees it is for them to say."""
    named = {desk.person.account_id, *(row.owner_id for row in requests if row.owner_id)}
    named |= {row["id"] for row in now.tx.rows("accounts.holders", now=desk.now) if row["role"] == Role.DPO}
    now.tx.run("cases.forget_named", case_ref=case_ref)
    for account in sorted(named):
        now.tx.run("cases.name_person", case_ref=case_ref, account_id=account)
    now.tx.run("cases.seal", case_ref=case_ref)
    return len(named)


def _born(desk: Desk, row: Row) -> date:
    return date.fromisoformat(decrypt(desk.store, row["case_ref"], row["born"], Cell("children", row["case_ref"], "born")))


def _left_out(row: Row) -> tuple[str, ...]:
    return tuple(each for each in row["in_confidence"].split(",") if each)
