"""Killed at each step of a purge, the store opens with everything acknowledged, under one key, with nothing left over."""

from random import Random

import pytest

from core.law.errors import Refused
from core.store.engine import Store
from core.store.filekey import Secrets, master_key
from core.store.files import beside
from core.store.ledger import PURGED
from core.store.purge import STEPS
from tests.conftest import NOW
from tests.faults.test_kill import check, run_and_kill
from tests.forked import ended
from tests.stores import fresh

pytestmark = pytest.mark.prove


def purge_and_die(path, seed, step):
    """Purge under load until the step at which the process kills itself; return what it acknowledged."""
    code, printed = ended("tests.faults.purging", path, seed, step)
    assert code == -9
    assert "purged" in printed
    return [line.split() for line in printed.splitlines()]


def left_over(path):
    side = beside(path, ".d")
    return [each.name for name in ("next", "spill") if (side / name).exists() for each in (side / name).iterdir()]


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_each_step_the_store_opens_with_every_acknowledged_act(tmp_path, step):
    path = tmp_path / "desk.duckdb"
    fresh(path)
    before = Secrets(path, master_key(path))
    before.load()
    said = purge_and_die(path, STEPS.index(step), step)
    assert check(path, said) > 0
    refused = {words[1] for words in said if words[0] == "refused" and len(words) > 1}  # the last line may be half written
    assert refused <= {"WriteConflict"}, "an act met the switch and was refused"
    after = Secrets(path, master_key(path))
    after.load()
    assert after.next is None
    assert after.current != before.current
    assert left_over(path) == []
    store = Store.open(path, NOW)
    purges = len(list(store.ledger.entries(PURGED)))
    store.close()
    # From the renaming on, which is done before `open`, start-up finishes what was cut; before it, it discards.
    assert purges == (2 if step in {"open", "done"} else 1)


def test_the_old_key_opens_nothing_after_a_purge(tmp_path):
    path = tmp_path / "desk.duckdb"
    fresh(path)
    old = beside(path, ".key").read_bytes()
    purge_and_die(path, 1, "done")
    Store.open(path, NOW).close()
    beside(path, ".key").write_bytes(old)
    with pytest.raises(Refused, match="key does not open"):
        Store.open(path, NOW)


@pytest.mark.prove
def test_killed_at_random_moments_while_purging(tmp_path, capsys):
    path = tmp_path / "desk.duckdb"
    fresh(path)
    random, found = Random(7), 0
    for number in range(60):
        found += check(path, run_and_kill(path, number, random.randint(9, 90), "tests.faults.purging"))
    with capsys.disabled():
        print(f"\n60 kills while the store was purged again and again: {found} acknowledged acts found again")
