"""Import people, their events, consents and disclosures from a file: one file, one act, one transaction."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from core.actions.desk.act import Now, act, look, repeated
from core.actions.desk.desk import Desk
from core.connectors.disclosure_rows import take_disclosures
from core.connectors.fields import CONSENT, DISCLOSURE, EVENT, FIELDS, Mapped, lay, propose, settle
from core.connectors.profile_rows import Taken, take_consents, take_events, take_people
from core.connectors.sheets import Sheet, read_sheet
from core.law.acts import Act
from core.law.errors import Invalid
from core.store.engine import Tx, new_id

FIELDS_OF = {"people": FIELDS, "events": EVENT, "consents": CONSENT, "disclosures": DISCLOSURE}
_LONGEST_PREFIX = 40
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, in counts and row numbers (the first row below the header is 1); it holds no value."""

    added: int = 0
    changed: int = 0
    already_held: int = 0
    rejected: int = 0
    warned: int = 0
    rejects: list[tuple[int, str]] = field(default_factory=list)  # row, reason
    warnings: list[tuple[int, str, str]] = field(default_factory=list)  # row, field, reason


@dataclass(frozen=True, slots=True)
class Preview:
    """A file before its import: its columns, the proposed mapping, which columns become attributes, how many rows."""

    columns: tuple[str, ...]
    mapping: Mapped
    attributes: tuple[str, ...]
    row_count: int


@repeated
def import_people(
    desk: Desk, content: bytes, *, mapping: Mapping[str, Sequence[str]] | None = None, prefix: str = "",
    update: bool = False, name: str = "", key: str,
) -> Imported:
    """Import people from CSV. Every column that is no field becomes an attribute; `prefix` goes before customer_id.

    A row without customer_id, or whose customer_id is known (unless `update`), is rejected; a field that cannot be
    read stays empty, is kept as source text and listed. Raises Invalid, with nothing changed, for a broken file.
    """
    with act(desk, Act.PERSON_IMPORT, key=key) as now:
        now.object_kind = "import"
        if now.earlier is None:
            sheet, laid = _open(now, content, mapping, prefix, FIELDS, ("customer_id",))
            used = {column for columns in laid.values() for column in columns}
            rows = [
                (lay(row, laid), {column: text for column, text in row.items() if text and column not in used})
                for row in sheet.rows
            ]
            taken = take_people(desk.store, now.tx, rows, sheet.broken, prefix=prefix, update=update, now=desk.now)
            now.detail["attributes"] = len(set(sheet.columns) - used)
            _keep(desk, now, "people", taken, sheet, name, _mark(content, prefix, laid))
    return _result(now)


@repeated
def import_events(
    desk: Desk, content: bytes, *, mapping: Mapping[str, Sequence[str]] | None = None, prefix: str = "",
    name: str = "", key: str,
) -> Imported:
    """Import events (customer_id, at, kind, channel, detail) of people who are here; one held already stays."""
    with act(desk, Act.EVENT_IMPORT, key=key) as now:
        now.object_kind = "import"
        if now.earlier is None:
            sheet, laid = _open(now, content, mapping, prefix, EVENT, ("customer_id", "at", "kind"))
            rows = [lay(row, laid) for row in sheet.rows]
            taken = take_events(desk.store, now.tx, rows, sheet.broken, prefix=prefix)
            _keep(desk, now, "events", taken, sheet, name, _mark(content, prefix, laid))
    return _result(now)


@repeated
def import_consents(
    desk: Desk, content: bytes, *, mapping: Mapping[str, Sequence[str]] | None = None, prefix: str = "",
    name: str = "", key: str,
) -> Imported:
    """Import consents (customer_id, purpose, channel, given, at, text_version, source); history is only added to."""
    with act(desk, Act.CONSENT_IMPORT, key=key) as now:
        now.object_kind = "import"
        if now.earlier is None:
            needed = ("customer_id", "purpose", "channel", "given", "at")
            sheet, laid = _open(now, content, mapping, prefix, CONSENT, needed)
            rows = [lay(row, laid) for row in sheet.rows]
            taken = take_consents(desk.store, now.tx, rows, sheet.broken, prefix=prefix)
            _keep(desk, now, "consents", taken, sheet, name, _mark(content, prefix, laid))
    return _result(now)


@repeated
def import_disclosures(
    desk: Desk, content: bytes, *, mapping: Mapping[str, Sequence[str]] | None = None, prefix: str = "",
    name: str = "", key: str,
) -> Imported:
    """Import to whom data were given (customer_id, recipient, categories, at, basis; reference); the log only grows.

    What is imported is printed in the access package (Art. 15(1)(c)) and makes its recipient one who is told of a
    correction, erasure or restriction (Art. 19).
    """
    with act(desk, Act.DISCLOSURE_IMPORT, key=key) as now:
        now.object_kind = "import"
        if now.earlier is None:
            needed = ("customer_id", "recipient", "categories", "at", "basis")
            sheet, laid = _open(now, content, mapping, prefix, DISCLOSURE, needed)
            rows = [lay(row, laid) for row in sheet.rows]
            taken = take_disclosures(desk.store, now.tx, rows, sheet.broken, prefix=prefix, now=desk.now)
            _keep(desk, now, "disclosures", taken, sheet, name, _mark(content, prefix, laid))
    return _result(now)


def preview(desk: Desk, content: bytes, kind: str = "people") -> Preview:
    """Return the columns, the proposed mapping and the number of rows of a file; no value of any row."""
    with look(desk, Act.IMPORT_LOOK):
        sheet = read_sheet(content)
        mapping = propose(sheet.columns, FIELDS_OF.get(kind, FIELDS))
        used = {column for columns in mapping.values() for column in columns}
        others = tuple(column for column in sheet.columns if column not in used) if kind == "people" else ()
        return Preview(sheet.columns, mapping, others, len(sheet.rows))


def earlier(desk: Desk) -> list[dict[str, Any]]:
    """Return the imports so far, the newest first: kind, when, by whom, name and counts."""
    with look(desk, Act.IMPORT_LOOK) as now:
        return now.tx.rows("people.imports")


def _open(
    now: Now, content: bytes, mapping: Mapping[str, Sequence[str]] | None, prefix: str,
    fields: Sequence[str], needed: Sequence[str],
) -> tuple[Sheet, Mapped]:
    if len(prefix) > _LONGEST_PREFIX or not prefix.isprintable():
        raise Invalid(f"A prefix has at most {_LONGEST_PREFIX} printable characters.", "prefix")
    sheet = read_sheet(content)
    laid = settle(sheet.columns, mapping, fields, needed)
    now.detail["fields"] = sorted(laid)
    return sheet, laid


def _mark(content: bytes, prefix: str, laid: Mapped) -> str:
    return hashlib.sha256(content + b"\0" + prefix.encode() + json.dumps(laid).encode()).hexdigest()


def _keep(desk: Desk, now: Now, kind: str, taken: Taken, sheet: Sheet, name: str, mark: str) -> None:
    counts = {
        "added": taken.added, "changed": taken.changed, "already_held": taken.already_held,
        "rejected": len(taken.rejects), "warned": len(taken.warnings),
    }
    now.object_id = new_id(desk.now)
    _write(desk, now.tx, now.object_id, kind, len(sheet.rows), counts, name, mark)
    now.detail |= {"rows": len(sheet.rows), **counts}
    done = Imported(**counts, rejects=sorted(taken.rejects), warnings=sorted(taken.warnings))
    now.result = json.dumps(asdict(done))


def _write(
    desk: Desk, tx: Tx, identifier: str, kind: str, row_count: int, counts: dict[str, int], name: str, mark: str
) -> None:
    shown = "".join(each for each in name if each.isprintable())[:_LONGEST_NAME]
    tx.run(
        "people.add_import", id=identifier, kind=kind, now=desk.now, account_id=desk.person.account_id, name=shown,
        row_count=row_count, sha256=mark, **counts,
    )


def _result(now: Now) -> Imported:
    kept = json.loads(now.result if now.earlier is None else now.earlier)
    rejects = [(row, reason) for row, reason in kept.pop("rejects")]
    warnings = [(row, name, reason) for row, name, reason in kept.pop("warnings")]
    return Imported(**kept, rejects=rejects, warnings=warnings)
