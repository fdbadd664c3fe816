"""Migrations on a folder of their own: one that fails leaves the store as it was, and what was edited, newer or missing is refused."""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from core.actions.cases import addresses
from core.law.errors import Refused
from core.law.roles import Role
from core.store import duckdb as engine
from core.store import queries as named
from core.store.engine import Store, new_id
from core.store.queries import migrations
from tests.actions.conftest import Walk, import_people, take_in
from tests.actions.things_of import plant
from tests.conftest import NOW, desk_of
from tests.faults.raw import key_of
from tests.house.reading import ROOT
from tests.stores import TAKEN_BACK, fresh

OWN = ROOT / "core" / "store" / "sql"
TABLE = "create table further (id varchar not null primary key, words varchar);"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Give the folder of the migrations that the desk knows now: a copy of its own ones, to which a test adds."""
    package = tmp_path / "package"
    shutil.copytree(OWN, package / "sql")
    monkeypatch.setattr(named, "files", lambda _: package)
    migrations.cache_clear()
    yield package / "sql" / "schema"
    migrations.cache_clear()


@pytest.fixture
def path(tmp_path, folder):
    """Give a closed store of the version of the desk's own migrations, with a fact to be migrated."""
    made = fresh(tmp_path / "desk.duckdb")
    store = Store.open(made, NOW)
    with store.transaction() as tx:
        tx.run("store.put_fact", name="kept", fact="MARKER of a person")
        store.commit(tx)
    store.close()
    return made


def write(folder: Path, name: str, sql: str) -> None:
    (folder / f"{name}.sql").write_text(sql, "utf-8")
    migrations.cache_clear()


@contextmanager
def opened(path, **how):
    store = Store.open(path, NOW, **how)
    try:
        yield store
    finally:
        store.close()


def asked(path, *statements):
    """Return what each statement finds in the store's file, whatever version it has."""
    connection = engine.connect(path, key_of(path))
    cursor = engine.make_cursor(connection)
    found = tuple(cursor.execute(each).fetchall() for each in statements)
    cursor.close()
    connection.close()
    return found


def state(path):
    """Return everything that a migration may change: which were applied, every column, index and macro, the facts."""
    return asked(
        path, "select name, checksum, applied_at from migrations order by name",
        "select table_name, column_name, data_type from duckdb_columns() where database_name = 'store' order by all",
        "select index_name from duckdb_indexes() where database_name = 'store' order by all",
        "select function_name, macro_definition from duckdb_functions() where database_name = 'store' and not internal order by all",
        "select name, fact from store_facts order by name",
    )


def test_a_pending_migration_is_asked_for_and_applied_once(path, folder):
    write(folder, "0901_further", TABLE)
    before = state(path)
    with pytest.raises(Refused, match=r"older than this desk. Run `python -m core migrate`"):
        Store.open(path, NOW)
    assert state(path) == before, "who only opens changes nothing"
    for _ in range(2):
        with opened(path, migrating=True) as store, store.transaction() as tx:
            assert tx._cursor.execute("select count(*) from further").fetchone() == (0,)
    assert [name for name, *_ in state(path)[0]] == [name for name, _ in migrations()]


FAILING = {
    "a statement that is none": "create table more (id varchar); crate table nothing (id varchar);",
    "a table that is not there": "create table more (id varchar); insert into more select name from nowhere;",
    "a value that does not fit": "create table more (id integer); insert into more select cast(fact as integer) from store_facts;",
    "a rule that rows break": (
        "create table more (id varchar not null); update store_facts set fact = 'changed' where name = 'kept';"
        "insert into more select null from store_facts;"
    ),
    "a fault at its very end": (
        "alter table store_facts add column further varchar; delete from store_facts where name = 'kept';"
        "create index further_facts on store_facts (further); select error('MARKER of a person');"
    ),
}


@pytest.mark.parametrize("sql", FAILING.values(), ids=FAILING)
def test_one_that_fails_in_its_middle_leaves_the_store_as_it_was_and_starts_again_once_mended(path, folder, sql):
    before = state(path)
    write(folder, "0901_further", TABLE)
    write(folder, "0902_broken", sql)
    write(folder, "0903_after", "create table after_it (id varchar);")
    for _ in range(2):
        with pytest.raises(Refused) as told:
            Store.open(path, NOW, migrating=True)
        assert "0902_broken" in str(told.value)
        assert "MARKER" not in str(told.value), "the engine's own words quote values"
    after = state(path)
    first = [name for name, *_ in after[0]]
    assert first == [name for name, *_ in before[0]] + ["0901_further"], "those before it stand, it and those after it do not"
    assert ([each for each in after[1] if each[0] != "further"], *after[2:]) == before[1:]
    write(folder, "0902_broken", "create table more (id varchar not null);")
    with opened(path, migrating=True) as store, store.transaction() as tx:
        assert tx._cursor.execute("select (select count(*) from more) + (select count(*) from after_it)").fetchone() == (0,)
        assert store.facts["kept"] == "MARKER of a person"
    with opened(path):
        pass


DYING = """
import os, sys
from datetime import datetime
from pathlib import Path
from core.store import duckdb as engine
from core.store import queries as named
from core.store.migrate import migrate
from tests.faults.raw import key_of
path = Path(sys.argv[1])
named.files = lambda _: Path(sys.argv[2])
class Dying:
    def __init__(self, cursor):
        self.cursor = cursor
    def execute(self, sql, *given):
        if sql == "COMMIT":
            os._exit(9)
        return self.cursor.execute(sql, *given)
migrate(Dying(engine.make_cursor(engine.connect(path, key_of(path)))), datetime(2026, 11, 23))
"""


def test_a_process_that_ends_before_the_commit_leaves_the_old_version(path, folder):
    write(folder, "0901_further", TABLE + "update store_facts set fact = 'changed' where name = 'kept';")
    before = state(path)
    done = subprocess.run(
        [sys.executable, "-c", DYING, path, folder.parents[1]], cwd=ROOT, env=os.environ | {"PYTHONPATH": "."}, timeout=60,
        check=False,
    )
    assert done.returncode == 9
    assert state(path) == before
    with opened(path, migrating=True) as store:
        assert store.facts["kept"] == "changed"


def test_a_store_whose_making_fails_is_none_and_can_be_made_once_mended(tmp_path, folder):
    path = tmp_path / "made" / "desk.duckdb"
    write(folder, "0902_broken", "create table more (id varchar); insert into more select name from nowhere;")
    with pytest.raises(Refused, match="0902_broken"):
        Store.create(path, "bench", NOW)
    assert not path.exists()
    write(folder, "0902_broken", "create table more (id varchar);")
    Store.create(path, "bench", NOW).close()
    with opened(path):
        pass


@pytest.mark.parametrize("change", ["\n", " ", "-- a word more\n", "create table x (id varchar);"])
def test_an_applied_one_that_was_edited_afterwards_is_refused(path, folder, change):
    before = state(path)
    name, sql = migrations()[2]
    write(folder, name, sql + change)
    for how in ({}, {"migrating": True}):
        with pytest.raises(Refused, match=f"The migration {name} differs from the one this store was made with"):
            Store.open(path, NOW, **how)
    write(folder, "0901_further", TABLE)
    with pytest.raises(Refused, match=name):
        Store.open(path, NOW, migrating=True)
    write(folder, name, sql)
    (folder / "0901_further.sql").unlink()
    migrations.cache_clear()
    assert state(path) == before, "nothing that was pending was applied beside it"


def test_an_applied_one_that_was_renamed_or_taken_away_is_refused(path, folder):
    name = migrations()[-1][0]
    (folder / f"{name}.sql").rename(folder / f"{name}_anew.sql")
    migrations.cache_clear()
    for how in ({}, {"migrating": True}):
        with pytest.raises(Refused, match=f"its migration {name} is not known here"):
            Store.open(path, NOW, **how)


def test_a_store_of_a_newer_desk_is_refused_and_left_as_it_is(path, folder):
    write(folder, "0999_newer", TABLE)
    with opened(path, migrating=True):
        pass
    newer = state(path)
    (folder / "0999_newer.sql").unlink()
    migrations.cache_clear()
    for how in ({}, {"migrating": True}, {"tolerating": True}):
        with pytest.raises(Refused, match=r"made by a newer desk: its migration 0999_newer is not known here"):
            Store.open(path, NOW, **how)
    assert state(path) == newer


def test_one_whose_number_lies_before_what_the_store_has_had_is_refused(path, folder):
    """A fresh store would have it at another place in the row than one that is brought up to date."""
    before = state(path)
    write(folder, "0009_late", TABLE)
    write(folder, "0901_further", "create table later (id varchar);")
    for how in ({}, {"migrating": True}):
        with pytest.raises(Refused, match=r"0009_late.*comes before"):
            Store.open(path, NOW, **how)
    (folder / "0009_late.sql").unlink()
    migrations.cache_clear()
    assert state(path) == before
    with opened(path, migrating=True):
        pass


def test_the_files_are_numbered_each_once_and_read_in_the_order_of_their_numbers():
    names = [path.stem for path in (OWN / "schema").iterdir()]
    numbers = sorted(name.partition("_")[0] for name in names)
    assert all(len(number) == 4 and number.isdigit() for number in numbers)
    assert len(set(numbers)) == len(numbers), "two files of one number have no order"
    assert [name for name, _ in migrations()] == sorted(names)


def test_no_file_ends_the_transaction_in_which_it_is_applied():
    for name, sql in migrations():
        kinds = {statement.type.name for statement in duckdb.extract_statements(sql)}
        assert kinds <= {"CREATE", "ALTER", "INSERT", "UPDATE", "DELETE", "DROP", "SELECT"}, name


def test_a_store_made_now_and_one_brought_up_to_date_are_the_same(path, folder, tmp_path):
    write(folder, "0901_further", TABLE)
    with opened(path, migrating=True):
        pass
    made = Store.create(tmp_path / "made" / "desk.duckdb", "bench", NOW)
    made.close()
    assert [each[:2] for each in state(made.path)[0]] == [each[:2] for each in state(path)[0]]
    assert state(made.path)[1:4] == state(path)[1:4]


def test_who_decided_the_person_and_added_an_address_before_is_read_from_the_log(tmp_path):
    """A store of before 0051: its deciders and adders are second persons no more once it is migrated."""
    path = fresh(tmp_path / "desk.duckdb")

    def recorded(store):
        with store.transaction() as tx:
            deciders = tx._cursor.execute("select case_ref, account_id from case_deciders order by all").fetchall()
            return deciders, tx._cursor.execute("select id, added_by from reply_addresses order by id").fetchall()

    with opened(path) as store:
        for name in ("steward", "checker"):
            plant(store, "accounts", id=f"account-{name}", actor_ref=f"actor-{name}", sign_in_name=name, name=name)
        desks = [desk_of(store, role, name=name) for role, name in (
            (Role.STEWARD, "steward"), (Role.APPROVER, "approver"), (Role.STEWARD, "checker")
        )]
        walk = take_in(Walk(store, *desks), import_people(store, 2)[1], 1)
        added = addresses.add(walk.checker, walk.case_ref, "post", "1 Other Street", key=new_id())
        before = recorded(store)
        assert before[0] == [(walk.case_ref, "account-steward")]
        assert (added, "account-checker") in before[1]
        with store.transaction() as tx:
            for sql in ("drop table case_deciders", "alter table reply_addresses drop column added_by",
                        *TAKEN_BACK, "delete from migrations where name >= '0051'"):
                tx._cursor.execute(sql)
            store.commit(tx)
    with opened(path, migrating=True) as store:
        deciders, adders = recorded(store)
        assert deciders == before[0]
        # what came with the intake has no act of its own: whoever took the case in is asked of the case
        assert adders == [(each, by if each == added else None) for each, by in before[1]]
