"""An objection that was taken in is suppressed, whatever happens to the process right after."""

import os
import signal
import subprocess
import sys

import pytest

from core.connectors.suppressed import standing, tokens
from core.store.engine import Store
from tests.conftest import NOW
from tests.stores import fresh

ADDRESS = "marker-killed@example.com"


@pytest.mark.parametrize("message", ["first", "later"])
def test_a_process_killed_right_after_the_message_has_suppressed(tmp_path, message):
    path = tmp_path / "desk.duckdb"
    fresh(path)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.objection", str(path), ADDRESS, message], stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": "."},
    )
    case_ref = process.stdout.readline().strip()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
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
