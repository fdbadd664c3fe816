"""The log of disclosures: who received which categories of a person's data, when and why (Art. 15(1)(c), 19)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.connectors.connector import only_of
from core.law.errors import Invalid
from core.store.engine import Tx, new_id


def append_disclosure(
    tx: Tx, subject_ref: str, *, recipient: str, categories: Sequence[str], basis: str, act: str, source: str,
    now: datetime,
) -> str:
    """Enter one disclosure and return its id; `recipient` and `categories` are names of the catalogue, not of people.

    Raises Invalid where no recipient or no category is named.
    """
    named = sorted({each.strip() for each in categories if each.strip()})
    if not recipient.strip() or not named:
        raise Invalid("A disclosure names its recipient and at least one category of data.", "recipient")
    identifier = new_id(now)
    tx.run(
        "people.disclose", id=identifier, subject=subject_ref, recipient=recipient.strip(),
        categories=", ".join(named), disclosed_at=now, basis=basis, act=act, source=source,
    )
    return identifier


def disclosures_of(tx: Tx, subject_ref: str) -> list[dict[str, Any]]:
    """Return the disclosures of a person, the oldest first."""
    return list(only_of(subject_ref, tx.rows("desk_records.disclosure_log", subject=subject_ref)))
