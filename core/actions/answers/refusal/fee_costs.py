"""The itemised cost of a fee as it is kept, sealed with the case key, and as it is written."""

import json
from collections.abc import Sequence
from decimal import Decimal

from core.actions.desk.desk import Desk
from core.law.fee import Cost, total
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Row


def keep(desk: Desk, case_ref: str, fee_id: str, costs: Sequence[Cost]) -> bytes:
    """Return the items sealed, inside an act of their case."""
    text = json.dumps([[each.title, str(each.amount)] for each in costs], ensure_ascii=False)
    return encrypt(desk.store, case_ref, text, Cell("fees", fee_id, "costs"))


def read(desk: Desk, row: Row) -> tuple[Cost, ...]:
    """Return the items of a fee, inside an act of its case."""
    kept = json.loads(decrypt(desk.store, row["case_ref"], row["costs"], Cell("fees", row["id"], "costs")))
    return tuple(Cost(title, Decimal(amount)) for title, amount in kept)


def written(amount: Decimal, currency: str) -> str:
    """Return an amount as letters and pages print it.

    >>> written(Decimal("1027.5"), "EUR")
    '1,027.50 EUR'
    """
    return f"{amount:,.2f} {currency}"


def amount_of(desk: Desk, row: Row) -> str:
    """Return the whole fee as its announcement must say it."""
    return written(total(read(desk, row)), row["currency"])

