"""An objection that was taken in is suppressed, whatever happens to the process right after."""

import signal

import pytest

from core.actions.desk.desk import operator_desk
from core.actions.oversight import proof
from core.connectors.suppressed import standing, tokens
from core.store.engine import Store
from tests.conftest import NOW
from tests.faults.objection import die_at
from tests.forked import start_body, talking
from tests.stores import fresh

ADDRESS = "marker-killed@example.com"


@pytest.mark.parametrize("message", ["first", "later"])
def test_a_process_killed_right_after_the_message_has_suppressed(tmp_path, message):
    path = tmp_path / "desk.duckdb"
    fresh(path)
    with talking("tests.faults.objection", path, ADDRESS, message) as (process, said):
        case_ref = said.readline().strip()
        process.kill()
    assert case_ref
    store = Store.open(path, NOW)
    try:
        with store.transaction() as tx:
            (row,) = standing(tx, tokens(store, "email", ADDRESS), NOW.date())
            assert (row["state"], row["case_ref"]) == ("objection", case_ref)
            assert "objection_marketing" in {row["kind"] for row in tx.rows("requests.of_case", case_ref=case_ref)}
        assert [entry.kind for entry in store.ledger.entries()] == ["suppressed"]
    finally:
        store.close()


def died(path, moment):
    """Kill an intake at its step of this number; return whether it got that far, and whether it is there."""
    fresh(path)
    process = start_body(die_at, str(path), ADDRESS, moment)
    process.join()
    store = Store.open(path, NOW)
    try:
        with store.transaction() as tx:
            cases = tx._cursor.execute("select case_ref from cases").fetchall()
            requests = tx._cursor.execute("select case_ref, kind from requests").fetchall()
            entries = standing(tx, tokens(store, "email", ADDRESS), NOW.date())
            values = tx._cursor.execute("select case_ref from suppressions where told_value is not null").fetchall()
        assert {row["case_ref"] for row in entries} == {each for each, in cases} == {each for each, in values}
        assert requests == [(each, "objection_marketing") for each, in cases]
        assert not cases or [entry.kind for entry in store.ledger.entries()] == ["suppressed"]
        assert proof.verify(operator_desk(store, "tester", NOW)).ok
        return process.exitcode == -signal.SIGKILL, bool(cases)
    finally:
        store.close()


def test_an_intake_killed_on_its_way_is_there_with_its_suppression_or_not_at_all(tmp_path):
    there = [died(tmp_path / f"{moment}.duckdb", moment) for moment in (3, 27)]
    assert not there[0][1]


@pytest.mark.prove
def test_an_intake_killed_at_every_one_of_its_steps(tmp_path, capsys):
    there = []
    while True:
        killed, found = died(tmp_path / f"{len(there)}.duckdb", len(there) + 1)
        if not killed:
            break
        there.append(found)
    with capsys.disabled():
        print(f"\nan intake with an objection, killed before each of its {len(there)} steps: never there by half; "
              f"with its suppression {sum(there)} times, not at all {len(there) - sum(there)}")
    assert found
    assert there == sorted(there), "what was there once is there after every later step"
    assert not all(there)
    assert len(there) > 10
