"""Writing the store anew, against a plain copy of its file; and what the sorted copy does for a look-up."""

import shutil
import threading
import time

import pytest

from core.store.purge import purge
from tests.bench.others import in_postgres, in_sqlite
from tests.bench.times import median_ms, medians_ms, timed
from tests.conftest import NOW

pytestmark = pytest.mark.bench
ROWS = 1_000_000
# References as people come in over years, one a minute, in no order: time first, as the desk draws them.
REF = f"rpad(printf('%012x', 1700000000000 + (hash(range) % {ROWS})::bigint * 60000), 32, '7')"
PEOPLE = f"""
insert into identifiers select hash(range), 'email', {REF}, 1 from range({ROWS})
"""
VALUES = f"""
insert into identifier_values select {REF}, 'email', 'person' || range || '@people.example', 'person' || range || '@people.example', false from range({ROWS})
"""


def test_purge_against_a_plain_copy(store, tmp_path, capsys):
    for statement in (PEOPLE, VALUES):
        with store.transaction() as tx:
            tx._cursor.execute(statement)
            store.commit(tx)
    with store.cursor() as cursor:
        cursor.execute("CHECKPOINT store")
        wanted = cursor.execute("select h from identifiers limit 1 offset 555555").fetchone()
        person = cursor.execute("select subject_ref from identifier_values limit 1 offset 777777").fetchone()[0]

    def look_up():
        with store.transaction() as tx:
            return tx._cursor.execute("select subject_ref from identifiers where h = $1", wanted).fetchall()

    def values():
        with store.transaction() as tx:
            return tx.rows("people.identifiers_of", subjects=[person])

    def nothing():
        with store.transaction() as tx:
            return tx.one("store.nothing")

    before = medians_ms(look_up, values, nothing, runs=60)
    reads, stop = [], threading.Event()

    def read():
        while not stop.is_set():
            start = time.perf_counter()
            assert values()
            reads.append(time.perf_counter() - start)

    reader = threading.Thread(target=read)
    reader.start()
    done = purge(store, NOW)
    stop.set()
    reader.join()
    after = medians_ms(look_up, values, nothing, runs=60)
    with store.transaction() as tx:
        frames = {name: tx._cursor.execute(f"select * from {name}").df() for name in ("identifiers", "identifier_values")}
    store.close()
    lite = in_sqlite(tmp_path, frames)
    beside = {"SQLite's vacuum": timed(lambda: lite.execute("vacuum"))}
    lite.close()
    with in_postgres(tmp_path, frames) as postgres:
        beside["PostgreSQL's vacuum full"] = timed(lambda: postgres.execute("vacuum full"))
    plain = median_ms(lambda: shutil.copyfile(store.path, tmp_path / "plain"), runs=5, warm=1) / 1000
    with capsys.disabled():
        print(
            f"\npurge of {done.rows:,} rows, {done.bytes_before / 2**20:.0f} MB: {done.seconds:.2f} s = "
            f"{done.seconds / plain:.0f} x a plain copy of the file ({plain:.2f} s); {len(reads)} reads went on, the longest "
            f"waited {max(reads):.2f} s; nobody could read for {done.seconds_stopped:.2f} s"
        )
        for name, seconds in beside.items():
            print(f"{name} of the same rows, in the clear: {seconds:.2f} s; the purge takes {done.seconds / seconds:.1f} times that")
        for name, old, new in zip(("identifier look-up", "values of a person"), before, after, strict=False):
            print(f"{name}: {old:.2f} ms before, {new:.2f} ms in the sorted copy = {old / new:.1f} x faster "
                  f"({new / after[2]:.1f} x select 1)")
    assert after[0] < before[0]
