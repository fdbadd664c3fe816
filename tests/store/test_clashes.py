"""Two transactions that want the same row: known as a clash whenever the engine says so, and nothing is opened anew."""

import threading

import pytest

from core.store import engine
from core.store.duckdb import WriteConflict
from core.store.engine import LONGEST_WAIT, TRIES, repeated

FIRST = {"year": 2026, "last_number": 1}


def connections(store):
    """Count from now on how often the store is opened anew."""
    counted = []
    start = store.generations._start

    def start_again():
        counted.append(1)
        return start()

    store.generations._start = start_again
    return counted


def test_the_same_new_key_of_two_is_a_clash_at_the_commit(store):
    opened = connections(store)
    with store.transaction() as one, store.transaction() as two:
        one.run("cases.first_number", **FIRST)
        two.run("cases.first_number", **FIRST)
        store.commit(one)
        with pytest.raises(WriteConflict):
            store.commit(two)
    with store.transaction() as tx:
        assert tx.one("cases.last_number", year=2026) == {"last_number": 1}
    assert not opened, "an ordinary clash opened the store anew"


def test_the_same_row_changed_by_two_is_a_clash(store):
    opened = connections(store)
    with store.transaction() as tx:
        tx.run("cases.first_number", **FIRST)
        store.commit(tx)
    with store.transaction() as one, store.transaction() as two:
        two.one("cases.last_number", year=2026)  # the engine gives a transaction its view with the first statement
        one.run("cases.keep_number", **FIRST | {"last_number": 2})
        store.commit(one)
        with pytest.raises(WriteConflict):
            two.run("cases.keep_number", **FIRST | {"last_number": 3})
    with store.transaction() as tx:
        assert tx.one("cases.last_number", year=2026) == {"last_number": 2}
    assert not opened


def test_a_key_that_is_there_already_is_a_clash_at_once(store):
    opened = connections(store)
    for taken in (False, True):
        with store.transaction() as tx:
            if taken:
                with pytest.raises(WriteConflict):
                    tx.run("cases.first_number", **FIRST)
            else:
                tx.run("cases.first_number", **FIRST)
                store.commit(tx)
    assert not opened


def test_who_clashed_waits_at_random_and_longer_each_time(monkeypatch):
    waited, tried = [], []
    monkeypatch.setattr(engine.time, "sleep", waited.append)

    @repeated
    def clash():
        tried.append(1)
        raise WriteConflict("again")

    for _ in range(40):
        with pytest.raises(WriteConflict):
            clash()
    assert len(tried) == 40 * TRIES
    rounds = [waited[start::TRIES - 1] for start in range(TRIES - 1)]  # the first waits of all, the second ones ...
    assert [len(each) for each in rounds] == [40] * (TRIES - 1)
    assert all(len(set(each)) > 30 for each in rounds), "those who clash at one moment wait as long as each other"
    longest = [max(each) for each in rounds]
    assert longest == sorted(longest)
    assert longest[-1] <= LONGEST_WAIT


def test_an_act_that_clashes_seven_times_still_happens(store):
    met = []

    @repeated
    def count():
        with store.transaction() as tx:
            met.append(1)
            row = tx.one("cases.last_number", year=2027)
            number = (row["last_number"] if row else 0) + 1
            other = threading.Thread(target=count_beside)
            if len(met) < TRIES:
                other.start()
                other.join()
            tx.run("cases.keep_number" if row else "cases.first_number", year=2027, last_number=number)
            store.commit(tx)
            return number

    def count_beside():
        with store.transaction() as tx:
            row = tx.one("cases.last_number", year=2027)
            tx.run(
                "cases.keep_number" if row else "cases.first_number", year=2027, last_number=(row["last_number"] if row else 0) + 1
            )
            store.commit(tx)

    assert count() == TRIES
    assert len(met) == TRIES
