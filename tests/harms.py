"""What one who can write the database does to a log: changes of it beside the desk, and hashes made to fit again."""

from collections.abc import Callable
from pathlib import Path

from core.actions.desk.desk import present
from core.actions.oversight import proof
from core.audit.leaf import GENESIS, Entry, entry_hash
from core.store import duckdb as engine
from core.store.engine import Store
from core.store.filekey import Secrets, master_key


def change(path: Path, *statements: str) -> None:
    """Run the statements in a closed store, under its own key."""
    secrets = Secrets(path, master_key(path))
    secrets.load()
    connection = engine.connect(path, secrets.current)
    cursor = engine.make_cursor(connection)
    for each in statements:
        cursor.execute(each)
    cursor.close()
    connection.close()


def rewrite(path: Path, alter: Callable[[Entry], Entry], at: int = 0, keep: int = 0) -> None:
    """Alter one entry and let every hash from there on fit; with `keep`, so many entries are left."""
    store = Store.open(path, present(), tolerating=True)
    with store.transaction() as tx:
        rows = list(proof.stored(tx, store.chain))
    store.close()
    prev, statements = GENESIS, [f"delete from audit where seq >= {keep}"] if keep else []
    for entry, _, digest in rows[:keep or None]:
        if entry.seq < at:
            prev = digest
            continue
        changed = alter(entry) if entry.seq == at else entry
        fitting = entry_hash(prev, changed)
        statements.append(
            f"update audit set hash = from_hex('{fitting.hex()}'), prev = from_hex('{prev.hex()}'), "
            f"actor_ref = '{changed.actor_ref}', happened_at = '{changed.happened_at.isoformat()}' where seq = {entry.seq}"
        )
        prev = fitting
    change(path, *statements)
