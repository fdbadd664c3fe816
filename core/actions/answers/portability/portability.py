"""The portable copy as values: the rows read, with the fields that Article 20 covers and a reason for each field."""

from collections.abc import Sequence
from datetime import date

from core.actions.desk.establishment import Establishment
from core.actions.people.inventory import Inventory, SystemCount, plain
from core.connectors.catalogue import Catalogue
from core.documents.answer import Column, Row, State, SystemPart, Table
from core.documents.portable import FieldFact, PortableAnswer
from core.documents.statutes import GDPR
from core.law.rights.portability import portable


def decided(known: Catalogue) -> tuple[FieldFact, ...]:
    """Return the decision on every field of the catalogue, in its order."""
    facts = []
    for field in known.fields:
        verdict = portable(field.origin, field.legal_basis, automated=field.automated)
        facts.append(FieldFact(
            field.system, field.table, field.column, field.title, verdict.included, verdict.reason, verdict.article
        ))
    return tuple(facts)


def categories(known: Catalogue, systems: Sequence[SystemCount]) -> list[str]:
    """Return the categories of the fields that are in the copy and of which something was found."""
    held = {
        (system.code, table.table, field.column)
        for system in systems for table in system.tables for field in table.fields if field.found
    }
    inside = {(fact.system, fact.table, fact.column) for fact in decided(known) if fact.included}
    return sorted({
        field.category for field in known.fields if (field.system, field.table, field.column) in held & inside
    })


def compose(
    inventory: Inventory, known: Catalogue, here: Establishment, *, subject_ref: str, reference: str, made_on: date,
    law: str = GDPR,
) -> PortableAnswer:
    """Return what the copy says: of each row the fields that are in; no row that we made, none of which nothing is in."""
    facts = decided(known)
    inside = {(fact.system, fact.table, fact.column) for fact in facts if fact.included}
    parts = []
    for system in inventory.systems:
        fields = [field for field in known.of(system.code) if (system.code, field.table, field.column) in inside]
        if not fields:
            continue
        there = system.state in {"found", "zero"}
        tables = []
        for name in dict.fromkeys(field.table for field in fields) if there else ():
            columns = tuple(Column(field.column, field.title) for field in fields if field.table == name)
            rows = (
                Row(row["subject_ref"], tuple(plain(row.get(column.name)) for column in columns))
                for row in inventory.rows.get((system.code, name), ())
                if known.provided(system.code, name, row)
            )
            tables.append(Table(
                name, known.titles[system.code, name], columns,
                tuple(row for row in rows if any(cell is not None for cell in row.cells)),
            ))
        held: State = "found" if any(table.rows for table in tables) else "zero"
        parts.append(SystemPart(
            system.code, system.title, held if there else system.state, tuple(tables), system.note
        ))
    return PortableAnswer(reference, subject_ref, here.controller, here.contact, made_on, tuple(parts), facts, law)
