"""The access package: one ZIP with the page to read, the data for programs, and a manifest that proves both."""

import hashlib
from typing import Any

from core.documents import page
from core.documents.answer import MISSING, POINTS, AccessAnswer, Fact, Value
from core.documents.archive import Package, check_rows, dump, exact, file_names, sealed_package
from core.documents.glyphs import spelled, undrawable
from core.documents.outline import LOOKS_FILE, LOOKS_HEAD, lay_out
from core.documents.spreadsheet import Sheet, write_csv, write_xlsx
from core.law.errors import Invalid

FORMAT = "rightsdesk.access-package"
VERSION = 1
HTML_ROWS = 1_000  # rows of one table on the page to read; the files hold all
PDF_ROWS = 200
ESCAPING = {
    "none": "Text stands exactly as it is held.",
    "formula": "Text that a spreadsheet program could run as a formula (first sign = + - @, tab or line break, "
    "also after spaces, unseen characters or apostrophes, also full-width) has one apostrophe before it. "
    "Take that one away, and the text is as it is held.",
    "html": "Escaped for HTML; control and direction characters are written as their code point, as in [U+0000].",
    "pdf": "Drawn as held; characters that no font of ours draws are written as their code point, as in [U+0000].",
}


def build(answer: AccessAnswer) -> Package:
    """Return the package; the same answer gives the same bytes.

    Raises `AnotherPerson` where a row was fetched for anybody else, and `Invalid` where a point of Article 15 is left
    open, a system's state contradicts its rows, or a text is no Unicode.
    """
    _check(answer)
    names = file_names(answer.systems)
    csv_files = {
        names[system.name, table.name]: write_csv([c.name for c in table.columns], [row.cells for row in table.rows])
        for system in answer.systems
        for table in system.tables
    }
    files = {
        "answer.html": page.as_html(lay_out(answer, HTML_ROWS, names), answer.language),
        "answer.pdf": page.as_pdf(lay_out(answer, PDF_ROWS, names), answer.language, answer.controller, answer.made_on),
        "data.json": dump(_data(answer)),
        "data.xlsx": write_xlsx(_sheets(answer), answer.made_on),
        **csv_files,
        **({LOOKS_FILE: write_csv(LOOKS_HEAD, _looks(answer))} if answer.look_ups is not None else {}),
    }
    manifest = _manifest(answer, files, names)
    counts = {system.name: system.rows for system in answer.systems}
    return sealed_package(files, manifest, counts, answer.made_on)


def _check(answer: AccessAnswer) -> None:
    if not answer.subject_ref:
        raise Invalid("The package names no person.", "subject_ref")
    for name, article, _ in POINTS:
        fact: Fact = getattr(answer.facts, name)
        if bool(fact.text.strip()) == bool(fact.not_applicable.strip()):
            raise Invalid(
                f"Article {article} needs either its text or the reason why it does not apply, and only one of them.",
                name,
            )
    if len({system.name for system in answer.systems}) != len(answer.systems):
        raise Invalid("A system stands twice in the answer.", "systems")
    for system in answer.systems:
        if (system.state == "found") != (system.rows > 0) and system.state != "failed":
            raise Invalid(f"The system {system.name} is reported as {system.state} with {system.rows} rows.", "systems")
        if system.state in MISSING and not system.note.strip():
            raise Invalid(f"The answer does not say why the system {system.name} is missing.", "systems")
        if len({table.name for table in system.tables}) != len(system.tables):
            raise Invalid(f"A table stands twice in the system {system.name}.", "systems")
        for table in system.tables:
            check_rows(system.name, table, answer.subject_ref)
    try:
        dump(_data(answer))
    except UnicodeEncodeError as error:
        point = spelled(ord(error.object[error.start]))
        raise Invalid(
            f"The data holds half a character ({point}), which no file can carry. Correct it in its system.", "rows"
        ) from None


def _data(answer: AccessAnswer) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "format_version": VERSION,
        "case": answer.case_ref,
        "subject_ref": answer.subject_ref,
        "made_on": answer.made_on.isoformat(),
        "controller": {
            "name": answer.controller,
            "contact": answer.controller_contact,
            "data_protection_officer": answer.dpo_contact,
        },
        "article_15": [
            {"point": article, "title": title, "text": fact.text or None, "not_applicable": fact.not_applicable or None}
            for name, article, title in POINTS
            for fact in [getattr(answer.facts, name)]
        ],
        "purposes": [vars(fact) for fact in answer.purposes],
        "disclosures": [vars(d) | {"happened_on": d.happened_on.isoformat()} for d in answer.disclosures],
        "look_ups": None if answer.look_ups is None else [
            vars(each) | {"happened_on": each.happened_on.isoformat()} for each in answer.look_ups
        ],
        "consents": [vars(c) | {"happened_on": c.happened_on.isoformat()} for c in answer.consents],
        "rights": answer.rights_statement,
        "complaint_authority": answer.complaint_authority,
        "systems": [
            {
                "name": system.name,
                "title": system.title,
                "state": system.state,
                "note": system.note,
                "tables": [
                    {
                        "name": table.name,
                        "title": table.title,
                        "columns": [vars(column) for column in table.columns],
                        "rows": [
                            {c.name: exact(cell) for c, cell in zip(table.columns, row.cells, strict=True)}
                            for row in table.rows
                        ],
                    }
                    for table in system.tables
                ],
            }
            for system in answer.systems
        ],
    }


def _sheets(answer: AccessAnswer) -> list[Sheet]:
    tables = [(system, table) for system in answer.systems for table in system.tables]
    contents = [(system.title, system.state.replace("_", " "), system.rows) for system in answer.systems]
    sheets = [Sheet("Contents", ("System", "Result", "Rows"), contents)]
    sheets += [Sheet(t.title, tuple(c.title for c in t.columns), [row.cells for row in t.rows]) for _, t in tables]
    if answer.look_ups is not None:
        sheets.append(Sheet("Who looked", LOOKS_HEAD, _looks(answer)))
    return sheets


def _looks(answer: AccessAnswer) -> list[tuple[Value, ...]]:
    return [(each.happened_on, each.what, each.purpose, each.by) for each in answer.look_ups or ()]


def _manifest(answer: AccessAnswer, files: dict[str, bytes], names: dict[tuple[str, str], str]) -> dict[str, Any]:
    total = sum(system.rows for system in answer.systems)
    tables = {names[s.name, t.name]: (s.name, t) for s in answer.systems for t in s.tables}
    shortened = {"answer.html": HTML_ROWS, "answer.pdf": PDF_ROWS}
    entries = []
    for name, content in files.items():
        entry: dict[str, Any] = {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        if name in tables:
            system, table = tables[name]
            entry |= {"system": system, "table": table.name, "rows": len(table.rows), "escaping": "formula"}
        elif name == LOOKS_FILE:
            entry |= {"rows": len(answer.look_ups or ()), "escaping": "formula"}
        elif name in shortened:
            rows = sum(min(len(table.rows), shortened[name]) for _, table in tables.values())
            entry |= {"rows": rows, "escaping": name.removeprefix("answer.")}
        else:
            entry |= {"rows": total, "escaping": "none" if name == "data.json" else "formula"}
        entries.append(entry)
    return {
        "format": FORMAT,
        "format_version": VERSION,
        "case": answer.case_ref,
        "subject_ref": answer.subject_ref,
        "made_on": answer.made_on.isoformat(),
        "systems": [{"name": s.name, "state": s.state, "rows": s.rows, "note": s.note} for s in answer.systems],
        "look_ups": None if answer.look_ups is None else len(answer.look_ups),
        "files": entries,
        "schema": [
            {"system": system, "table": table.name, "file": name, "columns": [vars(column) for column in table.columns]}
            for name, (system, table) in tables.items()
        ],
        "values": "UTF-8. Dates as ISO 8601; decimals as text in data.json. CSV after RFC 4180 with a byte order mark: "
        'nothing between two commas is an absent value, "" is an empty text.',
        "escaping": ESCAPING,
        "code_points_spelled_in_pdf": sorted(
            spelled(p) for p in undrawable(files["data.json"].decode() + _texts(answer))
        ),
    }


def _texts(answer: AccessAnswer) -> str:
    # control characters stand escaped in data.json, so the cells themselves are read once more
    cells = (cell for s in answer.systems for t in s.tables for row in t.rows for cell in row.cells)
    return "".join(cell for cell in cells if isinstance(cell, str))
