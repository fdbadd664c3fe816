"""Erasing one person and ten thousand, and the purge after it, beside SQLite, PostgreSQL and pandas in the same run."""

import statistics
from datetime import timedelta

import pytest

from core.actions.answers import carrying
from core.actions.answers.erasure import erasure_ends, restores
from core.actions.desk.desk import operator_desk, worker_desk
from core.actions.oversight import purges
from core.connectors.erased import ledger_scope
from core.connectors.local import TABLES
from core.store.keys import KeyKind
from core.store.ledger import ERASED, Entry
from tests.actions.answers.erasure.test_erasures import planned
from tests.actions.conftest import import_people
from tests.actions.correcting import LATER, take_in
from tests.bench.others import in_postgres, in_sqlite
from tests.bench.times import timed
from tests.conftest import NOW
from tests.faults.marked import desks

pytestmark = pytest.mark.bench
PEOPLE, MANY, SINGLE = 100_000, 10_000, 5
REF = "rpad(printf('%012x', 1600000000000 + (hash(range) % 100000000)::bigint * 60000 + range), 32, '7')"
FILL = f"""
create temp table drawn as select range as n, {REF} as ref from range({PEOPLE});
insert into profiles (subject_ref, customer_id, given_name, family_name, address, city, made_at, changed_at, source)
    select ref, 'b' || n, 'given' || n, 'family' || n, n || ' street', 'town', '2026-01-01', '2026-01-01', 'bench' from drawn order by ref;
insert into identifier_values select ref, 'email', 'p' || n || '@people.example', 'p' || n || '@people.example', false from drawn order by ref;
insert into identifier_values select ref, 'phone', '+4930' || n, '+4930' || n, false from drawn order by ref;
insert into identifiers select hash(n), 'email', ref, 1 from drawn order by 1;
insert into identifiers select hash(-n - 1), 'phone', ref, 1 from drawn order by 1;
insert into attributes select ref, 'colour', 'blue' from drawn order by ref;
insert into consents (id, subject_ref, purpose, channel, given, happened_at) select 'c' || n, ref, 'news', 'email', true, '2026-01-01' from drawn;
insert into devices select ref, 'd' || n, '2026-01-01' from drawn order by ref;
insert into events (id, subject_ref, happened_at, kind) select 'e' || n || '-' || k, ref, '2026-01-01', 'order' from drawn, range(5) t(k) order by ref
"""


@pytest.fixture
def filled(store):
    """Give a store of 100,000 people with 1.4 million rows of which 10,000 have a key, and its rows as frames and in SQLite."""
    people = import_people(store, SINGLE)
    with store.transaction() as tx:
        for statement in FILL.split(";"):
            tx._cursor.execute(statement)
        refs = [ref for (ref,) in tx._cursor.execute(f"select ref from drawn where n % 10 = 3 limit {MANY}").fetchall()]
        store.commit(tx)
    store.keys.ensure(KeyKind.SUBJECT, *refs)
    return people, refs


def beside(store, tmp_path):
    """Return the same rows in an indexed SQLite file that waits for the disk, and in frames."""
    with store.transaction() as tx:
        frames = {name: tx._cursor.execute(f"select * from {name}").df() for name in (*TABLES, "identifiers")}
    return in_sqlite(tmp_path, frames), frames


def one_person(store, people):
    """Carry approved erasures out as the worker does, with plan, search, log, ledger and key; return the median seconds."""
    walk, times = desks(store), []
    for number in range(SINGLE):
        erasure = take_in(walk, "erasure", people[number], number)
        planned(erasure)
        erasure.approve()
        with store.transaction() as tx:
            rows = tx.rows("carrying.of_plan", plan_id=erasure.row().plan_id)
        desk = worker_desk(store, LATER)

        def carry(rows=rows, desk=desk, subject=people[number]):
            for row in rows:
                carrying.carry_out(desk, row["id"])
            erasure_ends.finish(desk, subject)

        times.append(timed(carry))
        assert not store.keys.holds(KeyKind.SUBJECT, people[number])
    return statistics.median(times)


def test_erasing_one_and_ten_thousand_and_the_purge(store, filled, tmp_path, capsys):
    people, refs = filled
    lite, frames = beside(store, tmp_path)

    def lite_erase(subjects):
        lite.execute("create temp table going (ref text primary key)")
        lite.executemany("insert into going values (?)", [(ref,) for ref in subjects])
        for name in frames:
            lite.execute(f"delete from {name} where subject_ref in (select ref from going)")
        lite.commit()
        lite.execute("drop table going")

    def frame_erase(subjects):
        for name, frame in frames.items():
            frames[name] = frame[~frame["subject_ref"].isin(set(subjects))]

    with in_postgres(tmp_path, frames) as postgres:
        def postgres_erase(subjects):
            with postgres.transaction():
                for name in frames:
                    postgres.execute(f"delete from {name} where subject_ref = any(%s)", [list(subjects)])

        beside_it = [
            statistics.median(timed(lambda ref=ref: postgres_erase([ref])) for ref in people.values()),
            timed(lambda: postgres_erase(refs)), timed(lambda: postgres.execute("vacuum full")),
        ]
    single = one_person(store, people)
    rows = [("one person, with plan, search, log, ledger and key", single,
             statistics.median(timed(lambda ref=ref: lite_erase([ref])) for ref in people.values()),
             statistics.median(timed(lambda ref=ref: frame_erase([ref])) for ref in people.values()))]

    store.ledger.add_all([Entry(ERASED, ref, ledger_scope({}, key_destroyed=True), LATER) for ref in refs])
    desk, settled = operator_desk(store, "bench", LATER + timedelta(hours=1)), []
    many = timed(lambda: settled.append(restores.settle(desk)))
    assert (settled[0].erased, settled[0].keys) == (MANY, MANY)
    rows.append((f"{MANY:,} people by the ledger, an entry of the log and a key each", many,
                 timed(lambda: lite_erase(refs)), timed(lambda: frame_erase(refs))))
    with store.transaction() as tx:
        assert not tx.rows("erased.held", subjects=refs)

    purge = timed(lambda: purges.purge(operator_desk(store, "bench", NOW + timedelta(days=1))))
    rows.append(("purge: written anew, encrypted, sorted, logged", purge, timed(lambda: lite.execute("vacuum")),
                 timed(lambda: [frame.to_pickle(tmp_path / "frame") for frame in frames.values()])))
    lite.close()
    with capsys.disabled():
        print(f"\nof {PEOPLE:,} people:")
        for (name, ours, theirs, panda), server in zip(rows, beside_it, strict=True):
            print(f"{name}: {ours * 1000:,.0f} ms = {ours / theirs:.1f} x SQLite ({theirs * 1000:,.0f} ms, rows alone) = "
                  f"{ours / server:.1f} x PostgreSQL ({server * 1000:,.0f} ms, rows alone) = "
                  f"{ours / panda:.1f} x pandas ({panda * 1000:,.0f} ms, in memory)")
