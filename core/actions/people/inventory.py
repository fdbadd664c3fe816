"""The inventory of a person's data: every field of every registered system, read now, and the hash that binds it."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Any, Literal

from core.connectors import desk_records
from core.connectors.catalogue import Catalogue, System, catalogue
from core.connectors.connector import Exported, only_of
from core.connectors.outside.manual import NotAnswered
from core.connectors.registered import connector_of
from core.law.errors import SourceUnavailable
from core.law.rights.suppression import May
from core.store.engine import Row, Store, Tx

Answer = Literal["found", "zero", "failed", "asked", "not_connected"]
MISSING: frozenset[str] = frozenset({"failed", "asked", "not_connected"})  # what they hold is not known
NOT_CONNECTED = "This system is not connected to the desk, and the data catalogue names no owner who could be asked."
ASKED = "This system is searched by its owner, who has not answered yet: {owner}."
FAILED = "This system did not answer in full. Try again, or ask its owner."
UNDESCRIBED = "This system gave a field that the data catalogue does not describe. Complete the catalogue first."


@dataclass(frozen=True, slots=True)
class FieldCount:
    """How many rows hold something in one column."""

    column: str
    title: str
    found: int


@dataclass(frozen=True, slots=True)
class TableCount:
    """How many rows of a table are about the person; `digest` is a keyed hash of what they hold."""

    table: str
    title: str
    rows: int
    digest: str
    fields: tuple[FieldCount, ...]


@dataclass(frozen=True, slots=True)
class SystemCount:
    """What one system answered; its `note` says why it is missing."""

    code: str
    title: str
    state: Answer
    note: str
    tables: tuple[TableCount, ...]

    @property
    def rows(self) -> int:
        """The rows of all its tables."""
        return sum(table.rows for table in self.tables)


@dataclass(frozen=True, slots=True)
class Inventory:
    """All systems of the catalogue, with the rows read (not kept), and what binds them."""

    systems: tuple[SystemCount, ...]
    rows: dict[tuple[str, str], tuple[Row, ...]]

    @property
    def body(self) -> str:
        """The canonical JSON of the counts, to be sealed."""
        return _canonical([asdict(each) for each in self.systems])

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON, in hexadecimal: another count, state or value is another hash.

        Rows of the case at hand are counted but not bound: the case grows by being worked on.
        """
        bound = [
            {
                "system": each.code, "state": each.state,
                "tables": [
                    {"table": table.table, "digest": table.digest, "fields": [field.column for field in table.fields]}
                    for table in each.tables
                ],
            }
            for each in self.systems
        ]
        return hashlib.sha256(_canonical(bound).encode()).hexdigest()


def take_inventory(store: Store, tx: Tx, may: May, case_ref: str) -> Inventory:
    """Read everything about one person through the connectors, and count it over the whole catalogue.

    A system that fails or is not connected is part of the answer, never a gap. Raises WrongPerson where a system
    gives a row of somebody else.
    """
    known, subject_ref = catalogue(), may.about
    systems: list[SystemCount] = []
    rows: dict[tuple[str, str], tuple[Row, ...]] = {}
    for system in known.systems:
        connector = connector_of(store, system.code, case_ref)
        try:
            exported = connector.export(tx, may) if connector else None
        except NotAnswered:
            systems.append(_missing(known, system, "asked", ASKED.format(owner=system.owner)))
            continue
        except SourceUnavailable:
            systems.append(_missing(known, system, "failed", FAILED))
            continue
        if exported is None:
            systems.append(_missing(known, system, "not_connected", NOT_CONNECTED))
        elif exported.subject_ref != subject_ref or not _described(known, exported):
            systems.append(_missing(known, system, "failed", UNDESCRIBED))
        else:
            held = {each.table: only_of(subject_ref, each.rows) for each in exported.tables}
            systems.append(_count(store, known, system, held, case_ref))
            rows |= {(system.code, table): found for table, found in held.items()}
    return Inventory(tuple(systems), rows)


def unreached(systems: tuple[SystemCount, ...]) -> tuple[str, ...]:
    """Return a line for each system that was not reached, as a letter gives it: what, why and until when."""
    why = {
        "failed": "it did not answer in full", "not_connected": "it is not connected to our desk",
        "asked": "it is searched by hand, and that is not finished",
    }
    return tuple(
        f"{each.title}: not done yet, because {why[each.state]}; we ask its owner and write to you again when it is done"
        for each in systems if each.state in why
    )


def count_system(store: Store, code: str, exported: Exported, case_ref: str) -> SystemCount:
    """Count what one system gave, as `take_inventory` does. Raises WrongPerson for a row of somebody else."""
    known = catalogue()
    system = next(each for each in known.systems if each.code == code)
    held = {each.table: only_of(exported.subject_ref, each.rows) for each in exported.tables}
    return _count(store, known, system, held, case_ref)


def read_inventory(body: str) -> tuple[SystemCount, ...]:
    """Return the systems of a plan's body, as `Inventory.body` wrote it."""
    return tuple(
        SystemCount(
            each["code"], each["title"], each["state"], each["note"],
            tuple(
                TableCount(
                    table["table"], table["title"], table["rows"], table["digest"],
                    tuple(FieldCount(**field) for field in table["fields"]),
                )
                for table in each["tables"]
            ),
        )
        for each in json.loads(body)
    )


def plain(value: Any) -> str | int | float | bool | Decimal | date | datetime | None:
    """Return a cell of a row as documents print it: mappings as one line of `name: text`."""
    if isinstance(value, dict):
        return "; ".join(f"{name}: {text}" for name, text in sorted(value.items())) or None
    if value is None or isinstance(value, (str, int, float, bool, Decimal, date, datetime)):
        return value
    return str(value)


def _count(
    store: Store, known: Catalogue, system: System, held: dict[str, tuple[Row, ...]], case_ref: str
) -> SystemCount:
    tables = []
    for name in known.tables(system.code):
        rows = held.get(name, ())
        fields = tuple(
            FieldCount(field.column, field.title, sum(plain(row.get(field.column)) is not None for row in rows))
            for field in known.of(system.code) if field.table == name
        )
        bound = [
            [str(plain(row.get(field.column))) for field in fields] for row in rows
            if system.code != desk_records.SYSTEM or row.get("case_ref") != case_ref
        ]
        digest = store.keyed_hash("plans", _canonical([system.code, name, bound])).hex()
        tables.append(TableCount(name, known.titles[system.code, name], len(rows), digest, fields))
    total = sum(table.rows for table in tables)
    return SystemCount(system.code, system.title, "found" if total else "zero", "", tuple(tables))


def _described(known: Catalogue, exported: Exported) -> bool:
    tables = known.tables(exported.system)
    return all(
        each.table in tables and not known.undeclared(each.table, sorted({*chain(*each.rows)} - {"subject_ref"}))
        for each in exported.tables
    )


def _missing(known: Catalogue, system: System, state: Answer, note: str) -> SystemCount:
    tables = tuple(
        TableCount(
            name, known.titles[system.code, name], 0, "",
            tuple(FieldCount(f.column, f.title, 0) for f in known.of(system.code) if f.table == name),
        )
        for name in known.tables(system.code)
    )
    return SystemCount(system.code, system.title, state, note, tables)


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
