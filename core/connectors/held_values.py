"""The values that a system holds in each field of a person, read from its export, old and new alike."""

from collections.abc import Sequence
from datetime import date

from core.connectors.connector import Exported
from core.connectors.fields import ATTRIBUTE, FIELDS, IDENTIFIERS


def held_values(exported: Exported) -> dict[str, str]:
    """Return the value of every field that holds one, several of one kind on lines of their own.

    Attributes stand under `attribute:NAME`. Identifiers come from their own table, the rest from the profile.
    """
    tables = {each.table: each.rows for each in exported.tables}
    values: dict[str, list[str]] = {}
    for row in tables.get("profiles", ()):
        for name in FIELDS:
            if name not in IDENTIFIERS or name == "customer_id":
                _put(values, name, row.get(name))
    for row in tables.get("identifier_values", ()):
        if row["kind"] != "customer_id":
            _put(values, row["kind"], row["value"])
    for row in tables.get("attributes", ()):
        _put(values, ATTRIBUTE + row["name"], row["value"])
    return {name: "\n".join(texts) for name, texts in values.items()}


def lines(text: str) -> Sequence[str]:
    """Return the single values of what `held_values` joined."""
    return [each for each in text.split("\n") if each]


def _put(values: dict[str, list[str]], name: str, value: object) -> None:
    text = value.isoformat() if isinstance(value, date) else str(value or "")
    if text:
        values.setdefault(name, []).append(text)
