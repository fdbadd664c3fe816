"""The store written anew: nothing deleted goes along, reads go on, rows come sorted, and a failure changes nothing."""

import os
import subprocess
import sys
import threading

import pytest

from core.law.errors import NotPossible, Refused
from core.store import duckdb as engine
from core.store.engine import Store
from core.store.files import beside
from core.store.ledger import PURGED
from core.store.purge import STEPS, purge
from tests.conftest import NOW

FILL = """
insert into identifiers select hash(range * 7919), 'email', lpad(cast(hash(range) % 1000 as varchar), 32, '0'), 1
from range(30000)
"""
SHAPE = """
select table_name, column_name, data_type, is_nullable, column_default from duckdb_columns()
where database_name = 'store' order by all
"""
RULES = """
select table_name, constraint_type, constraint_text from duckdb_constraints() where database_name = 'store' order by all
"""
MACROS = """
select function_name, parameters, macro_definition from duckdb_functions()
where database_name = 'store' and function_type like '%macro' and not internal order by all
"""


def run(store, sql):
    """Run a statement of a test and make it durable."""
    with store.transaction() as tx:
        found = tx._cursor.execute(sql).fetchall()
        store.commit(tx)
    return found


@pytest.fixture
def filled(store):
    run(store, FILL)
    run(store, "insert into attributes select lpad(cast(9 - range as varchar), 32, '0'), 'note', 'x' from range(9)")
    return store


def secrets_of(store):
    return store.secrets.current, store.secrets.next


def test_everything_that_stands_comes_along_and_the_key_changes(filled):
    shape, rules, macros, before = run(filled, SHAPE), run(filled, RULES), run(filled, MACROS), secrets_of(filled)
    assert len(macros) >= 4
    heard = []
    told = purge(filled, NOW, heard.append)
    assert tuple(heard) == STEPS
    assert told.rows >= 30_009
    assert (run(filled, SHAPE), run(filled, RULES), run(filled, MACROS)) == (shape, rules, macros)
    assert run(filled, "select count(*), count(distinct h) from identifiers") == [(30_000, 30_000)]
    assert filled.secrets.current != before[0]
    assert filled.secrets.next is None
    (entry,) = filled.ledger.entries(PURGED)
    assert (entry.happened_at, entry.ref, entry.scope) == (NOW, "0", f"0 {bytes(32).hex()}")
    filled.close()
    assert not beside(filled.path, ".wal").exists()
    again = Store.open(filled.path, NOW)
    assert run(again, "select count(*) from identifiers") == [(30_000,)]
    again.close()


def test_the_copy_is_sorted(filled):
    assert not in_order(filled, "identifiers", "h")
    purge(filled, NOW)
    assert in_order(filled, "identifiers", "h")
    assert in_order(filled, "attributes", "subject_ref")
    assert in_order(filled, "audit", "seq")


def in_order(store, table, column):
    rows = [value for (value,) in run(store, f"select {column} from {table} order by rowid")]
    return rows == sorted(rows)


def test_reads_go_on_while_the_copy_is_made_and_the_log_does_not_fork(filled):
    """A reader asks again and again during the copy and gets the whole answer each time."""
    copying, done, counts = threading.Event(), threading.Event(), []

    def read():
        copying.wait(30)
        while not done.is_set():
            counts.append(run_reading(filled))

    def told(step):
        if step == "copy":
            copying.set()
        if step == "wait":
            for _ in range(3):
                assert run_reading(filled) == 30_000  # the writer lock is held: reads pass all the same

    reader = threading.Thread(target=read)
    reader.start()
    purge(filled, NOW, told)
    done.set()
    reader.join()
    assert set(counts) == {30_000}


def run_reading(store):
    with store.transaction() as tx:
        return tx._cursor.execute("select count(*) from identifiers").fetchone()[0]


def test_a_change_begun_before_the_switch_is_run_again_after_it(filled):
    """It waits for the writer lock with a cursor of the old file: it must let go, or the purge would wait for ever."""
    begun, results = threading.Event(), []

    def change():
        with filled.transaction() as tx:
            tx.run("store.put_fact", name="late", fact="1")
            begun.set()
            try:
                filled.commit(tx)
                results.append("kept")
            except engine.WriteConflict:
                results.append("again")

    changer = threading.Thread(target=change)

    def told(step):
        if step == "copy":
            changer.start()
            begun.wait(30)

    purge(filled, NOW, told)
    changer.join()
    assert results == ["again"]
    assert run(filled, "select count(*) from store_facts where name = 'late'") == [(0,)]


def test_a_reader_that_does_not_end_stops_the_purge_not_the_desk(filled):
    before = secrets_of(filled)
    with filled.transaction() as tx:
        with pytest.raises(NotPossible, match="reading for long"):
            purge(filled, NOW, patience=0.1)
        assert tx.one("store.nothing") == {"one": 1}
    assert secrets_of(filled) == before
    assert run_reading(filled) == 30_000
    assert list((beside(filled.path, ".d") / "next").iterdir()) == []
    purge(filled, NOW)


def test_two_at_once_are_refused(filled):
    def told(step):
        if step == "copy":
            with pytest.raises(NotPossible, match="under way"):
                purge(filled, NOW)

    purge(filled, NOW, told)


@pytest.mark.parametrize("step", ["copy", "wait", "close", "rename"])
def test_a_fault_before_the_renaming_leaves_the_store_as_it_was(filled, step):
    before = secrets_of(filled)

    def told(now):
        if now == step:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        purge(filled, NOW, told)
    check_unchanged(filled, before)


def test_a_renaming_that_fails_leaves_the_store_as_it_was(filled):
    before = secrets_of(filled)

    def told(step):
        if step == "rename":  # the copy is gone: renaming it fails
            next(iter((beside(filled.path, ".d") / "next").iterdir())).unlink()

    with pytest.raises(Refused, match="could not take the old one's place"):
        purge(filled, NOW, told)
    check_unchanged(filled, before)


def test_a_log_left_beside_the_file_stops_the_renaming(filled):
    before = secrets_of(filled)
    log = beside(filled.path, ".wal")

    def told(step):
        if step == "rename":
            log.touch()

    with pytest.raises(Refused, match=r"left desk\.duckdb\.wal behind"):
        purge(filled, NOW, told)
    check_unchanged(filled, before)


def check_unchanged(store, before):
    assert run(store, "select count(*) from identifiers") == [(30_000,)]
    assert secrets_of(store) == before
    assert list(store.ledger.entries(PURGED)) == []
    assert list((beside(store.path, ".d") / "next").iterdir()) == []
    purge(store, NOW)
    assert run(store, "select count(*) from identifiers") == [(30_000,)]


def test_a_disk_that_fills_up_during_the_copy_changes_nothing(filled):
    """In a process of its own, whose files may not grow beyond half of what the copy needs."""
    filled.close()
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(filled.path)], capture_output=True, text=True, timeout=60, check=False,
        env=os.environ | {"PYTHONPATH": "."},
    )
    assert done.returncode == 0, done.stderr
    assert "refused" in done.stdout
    store = Store.open(filled.path, NOW)
    assert run(store, "select count(*) from identifiers") == [(30_000,)]
    assert list((beside(filled.path, ".d") / "next").iterdir()) == []
    store.close()


FULL = """
import resource, signal, sys
from datetime import datetime
from pathlib import Path
from core.law.errors import Refused
from core.store.engine import Store
from core.store.purge import purge
path = Path(sys.argv[1])
store = Store.open(path, datetime(2026, 11, 23))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limits = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size // 3, limits[1]))
try:
    purge(store, datetime(2026, 11, 24))
except Refused as refusal:
    print("refused", refusal)
resource.setrlimit(resource.RLIMIT_FSIZE, limits)
with store.transaction() as tx:
    assert tx.one("store.nothing") == {"one": 1}
store.close()
"""


def test_after_a_fatal_error_the_store_opens_anew(filled):
    """A full disk under the engine's log invalidates the instance; the next cursor gets a new one with every row."""
    filled.close()
    done = subprocess.run(
        [sys.executable, "-c", FATAL, str(filled.path)], capture_output=True, text=True, timeout=60, check=False,
        env=os.environ | {"PYTHONPATH": "."},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["broken", "30000", "1"]


FATAL = """
import resource, signal, sys
from datetime import datetime
from pathlib import Path
from core.law.errors import Refused
from core.store import duckdb as engine
from core.store.engine import Store
path = Path(sys.argv[1])
store = Store.open(path, datetime(2026, 11, 23))
with store.transaction() as tx:
    tx.run("store.put_fact", name="kept", fact="1")
    store.commit(tx)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
limits = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (1, limits[1]))
first = store.generations._connection
try:
    with store.cursor() as cursor:
        try:
            cursor.execute("FORCE CHECKPOINT store")
        except engine.FAULTS as fault:
            raise engine.translate(fault)
except engine.Broken:
    print("broken")
resource.setrlimit(resource.RLIMIT_FSIZE, limits)
with store.transaction() as tx:
    print(tx._cursor.execute("select count(*) from identifiers").fetchone()[0])
    print(tx._cursor.execute("select count(*) from store_facts where name = 'kept'").fetchone()[0])
assert store.generations._connection is not first
store.close()
"""


def test_what_a_dead_process_left_in_the_side_folders_is_cleared(store):
    store.close()
    for name in ("next", "spill"):
        folder = beside(store.path, ".d") / name
        folder.mkdir(exist_ok=True)
        (folder / "left.tmp").write_bytes(b"x")
        (folder / "sub").mkdir()
        (folder / "sub" / "left.tmp").write_bytes(b"x")
    Store.open(store.path, NOW).close()
    assert [each for name in ("next", "spill") for each in (beside(store.path, ".d") / name).glob("*")] == []
