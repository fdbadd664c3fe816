"""The desk itself as the first system of every plan: earlier cases, requests, letters and own messages of a person."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from core.connectors.connector import (
    CORRECTING,
    DELETING,
    READING,
    Done,
    Exported,
    Found,
    Kept,
    Row,
    TableRows,
    Wanted,
    only_of,
)
from core.law.errors import NotFound
from core.law.rights.suppression import May
from core.store.encryption import Cell, decrypt
from core.store.engine import Store, Tx

SYSTEM = "desk"
TABLES = (
    "cases", "requests", "messages", "attachments", "letters", "notes", "identity_checks", "reply_addresses",
    "restrictions", "suppressions", "restriction_lifts", "ways_out", "disclosure_log",
    "rectifications", "rectification_proofs", "consent_flags", "recipient_notices", "extensions", "owner_tasks", "fees",
    "decisions", "kept_items",
    "identity_documents", "representatives", "children", "deaths",
)
# The person's own words, under the case key.
SEALED = {
    "messages": ("sender", "subject", "body"), "attachments": ("name",), "reply_addresses": ("address",),
    "rectifications": ("old_value", "new_value"),
}
CLOSED = "This text can no longer be read: its key was destroyed with its case."
PROOF = "needed to show that the right was answered (Art. 5(2), 17(3)(b) and (e))"
UNTIL = "the end of the request file's own retention"


class DeskRecords:
    """The desk's own records. They are proof of what was done, so they are kept, with their ground, until it ends."""

    system = SYSTEM

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, tx: Tx, wanted: Wanted, top: int = 10) -> Found:  # noqa: ARG002 - the contract's signature
        """Find nobody: cases name people only in sealed texts and by the reference that other systems gave."""
        return Found()

    def export(self, tx: Tx, may: May) -> Exported:
        """Return dates and kinds of all the desk holds, and the person's own words in full."""
        subject_ref = may.require(*READING)
        named = self._named(tx, subject_ref)
        for table, columns in SEALED.items():
            for row in named[table]:
                row |= {name: self._open(row, Cell(table, row["id"], name)) for name in columns}
        tables = tuple(TableRows(name, only_of(subject_ref, named[name])) for name in TABLES)
        return Exported(SYSTEM, subject_ref, tables)

    def rectify(self, tx: Tx, may: May, changes: Mapping[str, str | None], now: datetime) -> Done:  # noqa: ARG002
        """Change nothing: what was asked and answered stays as it was written."""
        subject_ref = may.require(*CORRECTING)
        return Done(SYSTEM, subject_ref, {}, self._kept(tx, subject_ref))

    def restrict(self, tx: Tx, subject_ref: str, ground: str, case_ref: str | None, now: datetime) -> Done:  # noqa: ARG002
        """Change nothing: the request file serves the person's own claim, a gateway of Article 18(2)."""
        return Done(SYSTEM, subject_ref, {}, self._kept(tx, subject_ref))

    def erase(self, tx: Tx, may: May, now: datetime, keep: Sequence[Kept] = ()) -> Done:  # noqa: ARG002
        """Delete nothing: the request file goes with its case key when its own retention ends."""
        subject_ref = may.require(*DELETING)
        return Done(SYSTEM, subject_ref, {}, self._kept(tx, subject_ref))

    @staticmethod
    def _named(tx: Tx, subject_ref: str) -> dict[str, list[Row]]:
        """Return the rows of each table; a case about a disclosure stays out while a law forbids to tell of it."""
        silent = {row["case_ref"] for row in tx.rows("needs.silent_cases", subject=subject_ref)}
        return {
            table: [row for row in tx.rows(f"desk_records.{table}", subject=subject_ref) if row.get("case_ref") not in silent]
            for table in TABLES
        }

    def _kept(self, tx: Tx, subject_ref: str) -> tuple[Kept, ...]:
        counts = {table: len(rows) for table, rows in self._named(tx, subject_ref).items()}
        return tuple(Kept(table, count, PROOF, UNTIL) for table, count in counts.items() if count)

    def _open(self, row: Row, cell: Cell) -> str | None:
        if row[cell.column] is None:
            return None
        try:
            return decrypt(self._store, row["case_ref"], row[cell.column], cell)
        except NotFound:
            return CLOSED
