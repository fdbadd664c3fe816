"""The holds that stand on people's data: asked before anything of theirs is deleted, whoever deletes it."""

from collections.abc import Iterable
from datetime import datetime

from core.connectors.catalogue import catalogue
from core.law.rights.holds import Hold, Reason, held
from core.store.engine import Row, Tx


def standing_holds(tx: Tx, subjects: Iterable[str], case_ref: str = "") -> tuple[Hold, ...]:
    """Return the holds that stand on any of these people, on a category of everybody, or on the file of the case."""
    rows = tx.rows("holds.standing", subjects=sorted(set(subjects)), case_ref=case_ref)
    return tuple(hold_of(row) for row in rows)


def hold_of(row: Row) -> Hold:
    """Return a stored hold as the rule knows it: a hold on a case file names the case, and no data of the person."""
    of_file = row["level"] == "case"
    return Hold(
        Reason(row["reason"]), row["set_by"], row["set_at"], row["category"],
        "" if of_file else row["subject_ref"] or "", row["review_on"], None, (row["case_ref"] or "") if of_file else "",
    )


def on_table(holds: Iterable[Hold], system: str, table: str, subject_ref: str, at: datetime) -> tuple[Hold, ...]:
    """Return the holds that stop the deletion of one person's rows of a table: by any category that the table holds."""
    standing = tuple(holds)
    categories = {field.category for field in catalogue().of(system) if field.table == table}
    return tuple(dict.fromkeys(
        hold for category in sorted(categories) for hold in held(standing, category, subject_ref, at)
    ))


def categories() -> tuple[str, ...]:
    """Return the categories of the catalogue, in their order by name."""
    return tuple(sorted({field.category for field in catalogue().fields}))
