"""The store's times as ratios: a look-up to `select 1`, an audited act to a plain insert, the queue to an empty page."""

import os
import sqlite3
import time
from datetime import date, datetime, timedelta

import duckdb
import pyarrow as pa
import pytest

from core.actions.cases import queue
from core.actions.desk.act import act
from core.actions.people import imports
from core.connectors import identifiers
from core.connectors.local import Local
from core.law.acts import Act
from core.law.roles import Role
from core.matching.normal_forms import normal
from tests.bench.times import median_ms, medians_ms
from tests.conftest import desk_of
from tests.paths import PEOPLE
from tests.permits import own

pytestmark = pytest.mark.bench
PLAIN = {int: "bigint", bytes: "blob", datetime: "timestamp"}  # the engine's types for the columns of the log
FEBRL = {
    "customer_id": ["rec_id"], "family_name": ["surname"], "address": ["street_number", "address_1", "address_2"],
    "city": ["suburb"], "birth_date": ["date_of_birth"], "national_id": ["soc_sec_id"],
}

CASES = """
insert into cases (case_ref, reference, created_at, received_at, channel, taken_in_by, subject_state, person,
    identity_state, sealed_to_names, version)
select case_ref, reference, timestamp '2026-11-01', timestamp '2026-11-01', 'email', 'bench', 'open', ''::blob, 'open',
    false, 1 from incoming
"""
REQUESTS = """
insert into requests (id, case_ref, reference, kind, state, received_at, profile_id, profile_version, calendar_id,
    calendar_version, zone, base_due, final_due, safe_due, clock_state, version)
select case_ref, case_ref, reference, 'access', 'in_progress', timestamp '2026-11-01', 'eu_gdpr', '2018-05-25', 'DE',
    'bench', 'Europe/Berlin', cast(due as date), cast(due as date), cast(due as date), 'running', 1 from incoming
"""


@pytest.fixture
def people(store):
    """Give a store with the 10,000 rows of dataset2 and dataset3."""
    desk = desk_of(store, Role.STEWARD)
    for number in (2, 3):
        imports.import_people(
            desk, (PEOPLE / f"dataset{number}.csv").read_bytes(), mapping=FEBRL, prefix=f"d{number}-", key=f"bench-{number:08}"
        )
    return desk


def test_identifier_look_up(people, capsys):
    store = people.store
    form = normal("national_id", "7535316")

    def look_up():
        with store.transaction() as tx:
            return identifiers.holders(store, tx, [("national_id", form)])

    def nothing():
        with store.transaction() as tx:
            return tx.one("store.nothing")

    assert look_up()
    found, bare = medians_ms(look_up, nothing)
    with store.transaction() as tx:
        statement, one = medians_ms(
            lambda: identifiers.holders(store, tx, [("national_id", form)]), lambda: tx.one("store.nothing")
        )
    with capsys.disabled():
        print(f"\nidentifier query, two statements: {statement:.2f} ms = {statement / one:.1f} x select 1 ({one:.2f} ms)")
        print(f"the same with its transaction:    {found:.2f} ms = {found / bare:.1f} x select 1 in a transaction")
    assert statement <= 10 * one


def test_audited_act(store, tmp_path, capsys):
    desk = desk_of(store, Role.STEWARD)
    descriptor = os.open(tmp_path / "floor", os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    def floor():
        os.write(descriptor, b"x" * 300)
        os.fsync(descriptor)

    def audited():
        with act(desk, Act.CASE_NOTE):
            pass

    engine = duckdb.connect(str(tmp_path / "plain.duckdb"))
    audited()
    with store.transaction() as tx:
        row = tx.rows("log.all_rows", chain=store.chain, first=0, last=10**9)[-1]
    engine.execute("create table log (" + ", ".join(f"{name} {PLAIN.get(type(value), 'varchar')}" for name, value in row.items()) + ")")
    insert = f"insert into log select {', '.join(f'${name}' for name in row)}"

    def plain():
        engine.begin()
        engine.execute(insert, row)
        engine.commit()

    bare, unadorned, done = medians_ms(floor, plain, audited, runs=1000)
    alone = median_ms(floor)
    os.close(descriptor)
    engine.close()
    with capsys.disabled():
        print(f"\naudited act: {done:.2f} ms = {done / bare:.1f} x a bare write and fsync in turn ({bare:.2f} ms)")
        print(f"             = {done / alone:.1f} x the same write and fsync with nothing between ({alone:.2f} ms)")
        print(f"             = {done / unadorned:.1f} x the row alone in a plain DuckDB file, with its commit ({unadorned:.2f} ms)")
    assert done <= 2 * unadorned


def test_queue_page(store, capsys):
    desk = desk_of(store, Role.STEWARD)
    empty = median_ms(lambda: queue.list_requests(desk), runs=50)
    today = date(2026, 11, 23)
    rows = 10_000
    columns = {
        "case_ref": [f"{n:032x}" for n in range(rows)], "reference": [f"RD-2026-{n:06}-0" for n in range(rows)],
        "due": [today + timedelta(days=n % 60 - 15) for n in range(rows)],
    }
    with store.transaction() as tx:
        for statement in (CASES, REQUESTS):
            tx._cursor.register("incoming", pa.table(columns))
            tx._cursor.execute(statement)
        store.commit(tx)
    full = median_ms(lambda: queue.list_requests(desk), runs=50)
    assert queue.list_requests(desk).total == rows
    with capsys.disabled():
        print(f"\nqueue page at 10,000 open requests: {full:.1f} ms = {full / empty:.1f} x an empty page's ({empty:.1f} ms)")


def test_package_data(people, capsys):
    """The data of one person's package from ours, from SQLite with indexes, and from pandas, in one run."""
    store = people.store
    local = Local(store)
    with store.transaction() as tx:
        profiles = tx._cursor.execute("select * from profiles order by subject_ref").df()
        identifier_rows = tx._cursor.execute("select * from identifier_values order by subject_ref").df()
    subject = profiles["subject_ref"][4321]
    lite = sqlite3.connect(":memory:")
    profiles.drop(columns=["source_texts"]).astype(str).to_sql("profiles", lite, index=False)
    identifier_rows.astype(str).to_sql("identifiers", lite, index=False)
    lite.executescript("create index p on profiles(subject_ref); create index i on identifiers(subject_ref);")

    def ours():
        with store.transaction() as tx:
            return local.export(tx, own(subject))

    def theirs():
        return (
            lite.execute("select * from profiles where subject_ref = ?", (subject,)).fetchall(),
            lite.execute("select * from identifiers where subject_ref = ?", (subject,)).fetchall(),
        )

    def frames():
        return (
            profiles[profiles["subject_ref"] == subject].to_dict("records"),
            identifier_rows[identifier_rows["subject_ref"] == subject].to_dict("records"),
        )

    assert ours()
    times = {
        "ours (encrypted, seven tables)": ours, "SQLite (in memory, indexed, two tables)": theirs,
        "pandas (two tables)": frames,
    }
    medians = {name: median_ms(action, runs=50) for name, action in times.items()}
    base = medians["ours (encrypted, seven tables)"]
    with capsys.disabled():
        print()
        for name, value in medians.items():
            print(f"package data, {name}: {value:.2f} ms = {value / base:.2f} x ours")


def test_import(store, capsys):
    desk = desk_of(store, Role.STEWARD)
    start = time.perf_counter()
    imports.import_people(desk, (PEOPLE / "dataset2.csv").read_bytes(), mapping=FEBRL, key="bench-import-1")
    taken = time.perf_counter() - start
    with capsys.disabled():
        print(f"\nimport of 5,000 people: {taken:.1f} s")
