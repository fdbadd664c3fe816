"""Copies the whole store into a new file under another key: no byte of a deleted row goes along, and rows come sorted."""

from contextlib import suppress
from pathlib import Path

from core.law.errors import NotPossible
from core.store import duckdb as engine

# What a table's rows are sorted by in the copy, so that a look-up skips nearly all of it; the first column that fits.
ORDERS = ("h", "subject_ref")
KEPT_IN_ORDER = ("audit",)  # its order is its meaning, and it is read by number


def copy_store(cursor: engine.Cursor, target: Path, key: bytes) -> int:
    """Copy everything that is committed now into the file `target`, which must not be there; return the rows.

    The file is whole when this returns: no log of it is left beside it. Raises NotPossible where the copy does not
    hold what the store holds, and the engine's refusal where it cannot be written.
    """
    try:
        cursor.execute(f"ATTACH {engine.quoted(str(target))} AS next (ENCRYPTION_KEY {engine.quoted(key.hex())})")
        try:
            return copy_tables(cursor)
        finally:
            cursor.execute("DETACH next")
    except engine.FAULTS as fault:
        raise engine.translate(fault) from None


def copy_tables(cursor: engine.Cursor) -> int:
    """Copy every table of the attached `store` into the empty attached `next`, in one transaction; return the rows."""
    cursor.execute("COPY FROM DATABASE store TO next (SCHEMA)")
    cursor.execute("BEGIN")
    try:
        copied = sum(_copy_table(cursor, table) for table in _tables(cursor))
        cursor.execute("COMMIT")
    except BaseException:
        with suppress(engine.FAULTS):  # the engine undid it already
            cursor.execute("ROLLBACK")
        raise
    cursor.execute("CHECKPOINT next")
    return copied


def _tables(cursor: engine.Cursor) -> list[str]:
    found = cursor.execute(
        "FROM duckdb_tables() SELECT table_name WHERE database_name = 'store' AND schema_name = 'main' ORDER BY table_name"
    ).fetchall()
    return [str(name) for (name,) in found]


def _copy_table(cursor: engine.Cursor, table: str) -> int:
    columns = {str(row[0]) for row in cursor.execute(f"DESCRIBE store.main.{table}").fetchall()}
    order = next((f" ORDER BY {name}" for name in ORDERS if name in columns and table not in KEPT_IN_ORDER), "")
    counted = cursor.execute(f"INSERT INTO next.main.{table} FROM store.main.{table}{order}").fetchone()
    held = cursor.execute(f"SELECT count(*) FROM store.main.{table}").fetchone()
    if counted is None or held is None or counted[0] != held[0]:
        raise NotPossible("The copy does not hold what the store holds. Nothing was changed; run doctor.")
    return int(counted[0])
