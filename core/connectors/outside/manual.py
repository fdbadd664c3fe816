"""A system without a connection to the desk: what its owner found and did, as one system among equals.

The owner is asked on the request (core.actions.answers.owners); what they answered stands in the store, sealed with the case,
until the case is closed or the data are erased. Nothing here reaches the system itself: a verb goes through only after the
owner said that it was done there.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from core.connectors.catalogue import System, catalogue
from core.connectors.connector import (
    CORRECTING,
    DELETING,
    READING,
    Done,
    Exported,
    Found,
    Kept,
    TableRows,
    Wanted,
)
from core.law.errors import NotPossible, SourceUnavailable
from core.law.rights.owners import Asked
from core.law.rights.suppression import May
from core.store.encryption import Cell, decrypt
from core.store.engine import Row, Store, Tx, new_id

NOT_DONE = "The owner of this system has not said yet that it is done there."


class NotAnswered(SourceUnavailable):
    """The owner of the system has not said yet what it holds."""


class Manual:
    """A system of the catalogue that has an owner and no connector, as far as one case goes."""

    def __init__(self, store: Store, system: System, case_ref: str) -> None:
        self._store, self.system, self._case = store, system.code, case_ref

    def find(self, tx: Tx, wanted: Wanted, top: int = 10) -> Found:  # noqa: ARG002 - the contract's signature
        """Find nobody: the person is decided in the connected systems, and the owner is told who it is."""
        return Found()

    def export(self, tx: Tx, may: May) -> Exported:
        """Return what the owner found; where they gave only how many rows, rows without a value stand for them.

        Raises NotAnswered while the owner has not answered.
        """
        subject_ref = may.require(*READING)
        if self._said(tx, Asked.SEARCH) is None:
            raise NotAnswered("The owner of this system has not answered yet.")
        held = {row["table_name"]: row for row in self._findings(tx)}
        return Exported(self.system, subject_ref, tuple(
            TableRows(table, self._rows(held[table], subject_ref) if table in held else ())
            for table in catalogue().tables(self.system)
        ))

    def rectify(self, tx: Tx, may: May, changes: Mapping[str, str | None], now: datetime) -> Done:  # noqa: ARG002 - as above
        """Take over that the owner corrected the fields. The rows found before are not shown as theirs any more."""
        subject_ref = may.require(*CORRECTING)
        self._require_done(tx, Asked.RECTIFY)
        for row in self._findings(tx):
            tx.run("owners.empty_finding", id=row["id"])
        return Done(self.system, subject_ref, dict.fromkeys(changes, 1))

    def restrict(self, tx: Tx, subject_ref: str, ground: str, case_ref: str | None, now: datetime) -> Done:
        """Take over that the owner marked the data, and mark it here, where every other use looks for it."""
        if any(row["row_count"] for row in self._findings(tx)):
            self._require_done(tx, Asked.RESTRICT)
        standing = tx.rows("people.restrictions_of", subject=subject_ref)
        same = any(
            row["lifted_at"] is None and (row["system"], row["ground"], row["case_ref"]) == (self.system, ground, case_ref)
            for row in standing
        )
        if not same:
            tx.run(
                "people.restrict", id=new_id(now), subject=subject_ref, system=self.system, ground=ground, case_ref=case_ref,
                now=now,
            )
        return Done(self.system, subject_ref, {"restrictions": 0 if same else 1})

    def erase(self, tx: Tx, may: May, now: datetime, keep: Sequence[Kept] = ()) -> Done:  # noqa: ARG002 - as above
        """Take over that the owner erased all but `keep`: the desk's own copy of what they found goes with it.

        Raises NotPossible while the owner has not said since the search that it is done.
        """
        subject_ref = may.require(*DELETING)
        staying = {each.table: each for each in keep}
        found = [row for row in self._findings(tx) if row["row_count"]]
        if any(row["table_name"] not in staying or staying[row["table_name"]].masked for row in found):
            self._require_done(tx, Asked.ERASE)
        counts: dict[str, int] = {}
        for row in found:
            kept = staying.get(row["table_name"])
            if kept is None:
                counts[row["table_name"]] = row["row_count"]
                tx.run("owners.drop_finding", id=row["id"])
                continue
            counts |= {f"{kept.table}.{column}": row["row_count"] for column in kept.masked}
            tx.run("owners.empty_finding", id=row["id"])  # how many stay is known; the copy here has served
        return Done(self.system, subject_ref, counts, tuple(keep))

    def _findings(self, tx: Tx) -> list[Row]:
        return tx.rows("owners.findings", case_ref=self._case, system=self.system)

    def _rows(self, row: Row, subject_ref: str) -> tuple[Row, ...]:
        owner = {"subject_ref": subject_ref}
        if row["content"] is None:
            return tuple(dict(owner) for _ in range(row["row_count"]))
        text = decrypt(self._store, self._case, row["content"], Cell("owner_findings", row["id"], "content"))
        return tuple(owner | each for each in json.loads(text))

    def _said(self, tx: Tx, what: Asked) -> Row | None:
        return tx.one("owners.last_answered", case_ref=self._case, system=self.system, verb=what.value)

    def _require_done(self, tx: Tx, what: Asked) -> None:
        """Raise NotPossible unless the owner said that it is done, after what they found last."""
        said, since = self._said(tx, what), self._said(tx, Asked.SEARCH)
        if said is None or (since is not None and said["answered_at"] < since["answered_at"]):
            raise NotPossible(NOT_DONE)
