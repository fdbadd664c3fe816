"""The archive of a package: its files in one ZIP, the same bytes for the same content, and never another person's row."""

import hashlib
import io
import json
import math
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.documents.answer import SystemPart, Table, Value
from core.law.errors import AnotherPerson, Invalid


@dataclass(frozen=True)
class Package:
    """The bytes to release, their SHA-256 in hexadecimal, the manifest inside, and the rows of each system."""

    zip_bytes: bytes
    sha256: str
    manifest: dict[str, Any]
    counts: dict[str, int]


def sealed_package(
    files: dict[str, bytes], manifest: dict[str, Any], counts: dict[str, int], made_on: date
) -> Package:
    """Return the package of these files and the manifest, which is added as the last of them."""
    made = zip_files({**files, "manifest.json": dump(manifest)}, made_on)
    return Package(made, hashlib.sha256(made).hexdigest(), manifest, counts)


def check_rows(system: str, table: Table, subject_ref: str) -> None:
    """Raise AnotherPerson where a row is somebody else's, Invalid where it does not fit its columns."""
    for row in table.rows:
        if row.subject_ref != subject_ref:
            raise AnotherPerson(
                f"The table {table.name} of {system} gave a row of somebody else. "
                "The package was not made; tell the data protection officer."
            )
        if len(row.cells) != len(table.columns):
            raise Invalid(
                f"The table {table.name} of {system} gave a row whose fields do not match its columns.", "rows"
            )


def file_names(systems: Sequence[SystemPart]) -> dict[tuple[str, str], str]:
    """Return the name of each table's CSV: from the catalogue, numbered, never a word of the person, never two alike."""
    names: dict[tuple[str, str], str] = {}
    for system in systems:
        for table in system.tables:
            slug = re.sub(r"[^a-z0-9]+", "-", f"{system.name}-{table.name}".lower()).strip("-")[:60]
            names[system.name, table.name] = f"tables/{len(names) + 1:02d}-{slug or 'table'}.csv"
    return names


def exact(value: Value) -> str | int | float | bool | None:
    """Return a value as JSON holds it, nothing rounded: dates as ISO 8601, decimals and what is no number as text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal) or (isinstance(value, float) and not math.isfinite(value)):
        return str(value)  # JSON knows neither
    return value


def dump(data: dict[str, Any]) -> bytes:
    """Return JSON in UTF-8."""
    return (json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def zip_files(files: dict[str, bytes], made_on: date) -> bytes:
    """Return the ZIP; the same files and day give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (max(made_on.year, 1980), made_on.month, made_on.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o100600 << 16
            archive.writestr(entry, content)
    return stream.getvalue()
