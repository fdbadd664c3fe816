"""The portable copy: only what Article 20 covers, as JSON and CSV with a schema, and a manifest that proves both."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.documents.answer import MISSING, SystemPart, Table, Value
from core.documents.archive import Package, check_rows, dump, exact, file_names, sealed_package
from core.documents.spreadsheet import write_csv
from core.documents.statutes import GDPR, statute
from core.law.errors import Invalid

FORMAT = "rightsdesk.portable-copy"
VERSION = 1
DRAFT = "https://json-schema.org/draft/2020-12/schema"
ESCAPING = {
    "none": "Text stands exactly as it is held.",
    "formula": "Text that a spreadsheet program could run as a formula has one apostrophe before it. Take that one "
    "away, and the text is as it is held.",
}


@dataclass(frozen=True, slots=True)
class FieldFact:
    """One field of the catalogue with the decision on it: in the copy or left out, the reason and its article."""

    system: str
    table: str
    column: str
    title: str
    included: bool
    reason: str
    article: str


@dataclass(frozen=True)
class PortableAnswer:
    """What the portable copy is made from; `systems` hold the included fields alone, `fields` every decision."""

    case_ref: str
    subject_ref: str
    controller: str
    controller_contact: str
    made_on: date
    systems: tuple[SystemPart, ...]
    fields: tuple[FieldFact, ...]
    law: str = GDPR  # under which the copy is given


def build(answer: PortableAnswer) -> Package:
    """Return the copy; the same answer gives the same bytes.

    Raises `AnotherPerson` where a row was fetched for anybody else, `Invalid` where a column was not decided to be in,
    or a system that is missing does not say why.
    """
    _check(answer)
    names = file_names(answer.systems)
    files = {
        "data.json": dump(_data(answer)),
        "schema.json": dump(_schema(answer)),
        **{
            names[system.name, table.name]: write_csv(
                [column.name for column in table.columns], [row.cells for row in table.rows]
            )
            for system in answer.systems for table in system.tables
        },
    }
    counts = {system.name: system.rows for system in answer.systems}
    return sealed_package(files, _manifest(answer, files, names), counts, answer.made_on)


def _check(answer: PortableAnswer) -> None:
    if not answer.subject_ref:
        raise Invalid("The package names no person.", "subject_ref")
    decided = {(fact.system, fact.table, fact.column) for fact in answer.fields if fact.included}
    for system in answer.systems:
        if system.state in MISSING and not system.note.strip():
            raise Invalid(f"The answer does not say why the system {system.name} is missing.", "systems")
        for table in system.tables:
            check_rows(system.name, table, answer.subject_ref)
            if any((system.name, table.name, column.name) not in decided for column in table.columns):
                raise Invalid(f"A field of {table.name} was not decided to be in the portable copy.", "fields")


def _data(answer: PortableAnswer) -> dict[str, Any]:
    return {
        "format": FORMAT, "format_version": VERSION, "case": answer.case_ref, "made_on": answer.made_on.isoformat(),
        "controller": {"name": answer.controller, "contact": answer.controller_contact},
        "systems": {
            system.name: {
                table.name: [
                    {column.name: exact(cell) for column, cell in zip(table.columns, row.cells, strict=True)}
                    for row in table.rows
                ]
                for table in system.tables
            }
            for system in answer.systems
        },
    }


def _schema(answer: PortableAnswer) -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "$schema": DRAFT, "title": f"Portable copy of personal data: {statute(answer.law).full('20')}",
        **_object({
            "format": {"const": FORMAT}, "format_version": {"const": VERSION}, "case": text,
            "made_on": {"type": "string", "format": "date"}, "controller": _object({"name": text, "contact": text}),
            "systems": _object({
                system.name: {
                    "title": system.title,
                    **_object({table.name: _rows(table) for table in system.tables}),
                }
                for system in answer.systems
            }),
        }),
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object", "properties": properties, "required": list(properties), "additionalProperties": False,
    }


def _rows(table: Table) -> dict[str, Any]:
    columns = {
        column.name: {"title": column.title, **_values([row.cells[place] for row in table.rows])}
        for place, column in enumerate(table.columns)
    }
    return {"title": table.title, "type": "array", "items": _object(columns)}


def _values(cells: Sequence[Value]) -> dict[str, Any]:
    held = [cell for cell in cells if cell is not None]
    types = sorted({_type(cell) for cell in held}) or ["string"]
    told: dict[str, Any] = {"type": [*types, "null"]}
    if held and all(isinstance(cell, date) and not isinstance(cell, datetime) for cell in held):
        told["format"] = "date"
    return told


def _type(cell: Value) -> str:
    if isinstance(cell, bool):
        return "boolean"
    if isinstance(cell, int):
        return "integer"
    return "number" if isinstance(cell, float) and exact(cell) == cell else "string"


def _manifest(answer: PortableAnswer, files: dict[str, bytes], names: dict[tuple[str, str], str]) -> dict[str, Any]:
    rows: dict[str, tuple[str, Table]] = {
        names[system.name, table.name]: (system.name, table) for system in answer.systems for table in system.tables
    }
    entries = []
    for name, content in files.items():
        entry: dict[str, Any] = {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        if name in rows:
            system, table = rows[name]
            entry |= {"system": system, "table": table.name, "rows": len(table.rows), "escaping": "formula"}
        elif name == "data.json":
            entry |= {"rows": sum(system.rows for system in answer.systems), "escaping": "none"}
        entries.append(entry)
    return {
        "format": FORMAT, "format_version": VERSION, "case": answer.case_ref, "made_on": answer.made_on.isoformat(),
        "legal_basis": f"{statute(answer.law).full('20(1)')}: data provided by the person or observed, processed "
        "by automated means, on consent or for a contract.",
        "schema": "schema.json",
        "systems": [{"name": s.name, "state": s.state, "rows": s.rows, "note": s.note} for s in answer.systems],
        "files": entries,
        "fields": [
            {"system": fact.system, "table": fact.table, "column": fact.column, "title": fact.title,
             "included": fact.included, "reason": fact.reason, "article": fact.article}
            for fact in answer.fields
        ],
        "values": "UTF-8. Dates as ISO 8601; decimals as text in data.json. CSV after RFC 4180 with a byte order mark: "
        'nothing between two commas is an absent value, "" is an empty text.',
        "escaping": ESCAPING,
    }
