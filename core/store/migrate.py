"""Migrations: numbered SQL files, each applied and recorded in one transaction, forward only."""

import hashlib
from contextlib import suppress
from datetime import datetime

from core.law.errors import Refused
from core.store.duckdb import FAULTS, Cursor
from core.store.queries import migrations, queries


def pending(cursor: Cursor) -> list[str]:
    """Return the names of the migrations this store has not had.

    Raises Refused when one was edited since, or would come before one that it has had: a fresh store has them in order.
    """
    cursor.execute(queries()["store.make_migrations"])
    done = dict(cursor.execute(queries()["store.applied"]).fetchall())
    known = {name: _checksum(sql) for name, sql in migrations()}
    for name, checksum in done.items():
        if name not in known:
            raise Refused(f"The store was made by a newer desk: its migration {name} is not known here.")
        if known[name] != checksum:
            raise Refused(f"The migration {name} differs from the one this store was made with.")
    waiting = [name for name in known if name not in done]
    if waiting and done and min(waiting) < max(done):
        raise Refused(f"The migration {min(waiting)} comes before {max(done)}, which the store has had: give it a later number.")
    return waiting


def migrate(cursor: Cursor, now: datetime) -> list[str]:
    """Apply what is pending and return its names; a failing file leaves nothing behind."""
    names = pending(cursor)
    known = dict(migrations())
    for name in names:
        cursor.execute("BEGIN")
        try:
            cursor.execute(known[name])
            cursor.execute(
                queries()["store.record_migration"], {"name": name, "checksum": _checksum(known[name]), "applied": now}
            )
            cursor.execute("COMMIT")
        except BaseException as fault:
            with suppress(FAULTS):  # where the commit failed, nothing is left to undo
                cursor.execute("ROLLBACK")
            if isinstance(fault, FAULTS):  # its text may quote a person's value
                raise Refused(
                    f"The migration {name} failed ({type(fault).__name__}). The store stands as it was before it."
                ) from None
            raise
    return names


def _checksum(sql: str) -> str:
    return hashlib.sha256(sql.encode()).hexdigest()
