"""Requests of every right, from intake to closing, killed at any moment: what was acknowledged stands, tasks are taken up again."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from core.actions.cases import cases
from core.actions.desk.desk import present
from core.actions.desk.tasks import Task
from core.audit.chain import verify_chain
from core.law.acts import Act
from core.law.roles import Role
from core.store.engine import Store
from core.work.worker import run_due
from tests.conftest import desk_of
from tests.faults.test_kill import log_rows, run_and_kill
from tests.forked import ended
from tests.stores import fresh

PLAY = "tests.faults.playing"
DAILY = {(Task.BUILD, "before"), (Task.CARRY_OUT, "after"), (Task.EXPIRE, "after")}  # the proof takes the others too
CUTS = [
    pytest.param(kind, when, marks=[] if (kind, when) in DAILY else [pytest.mark.prove])
    for kind in Task if kind is not Task.MAIL_LINK  # a mail's kill has a test of its own, with a server that counts
    for when in ("before", "after")
]


def check(path, said) -> Counter:
    """Check what was acknowledged against the store opened anew, and let its worker go on; count the acts by kind."""
    store = Store.open(path, present())
    try:
        report = verify_chain(log_rows(store), chain=store.chain)
        assert report.ok, report.first_fault
        counted: Counter = Counter()
        entries = [(entry, own) for entry, _, own in log_rows(store)]
        for words in said:
            if words[0] == "entry" and len(words) == 3:
                count = int(words[1])
                assert count <= len(entries), "an acknowledged act is lost"
                entry, own = entries[count - 1]
                assert own.hex() == words[2], "an acknowledged act is another one"
                counted[entry.act] += 1
        with store.transaction() as tx:
            halves = tx.one("log.halves")
            every = [row["case_ref"] for row in tx.rows("files.cases")]
        assert (halves["cases_without_request"], halves["cases_without_message"]) == (0, 0)
        for case in every:
            assert cases.open_case(desk_of(store, Role.DPO, now=present()), case).messages, "a case does not open"
        run_due(store, present() + timedelta(hours=1))
        with store.transaction() as tx:
            ended = Counter(state for (state,) in tx._cursor.execute("select state from tasks").fetchall())
        assert set(ended) <= {"done"}, "a task of the killed process is not taken up"
        return counted
    finally:
        store.close()


def kill_while_playing(folder, kills: int, *longest: int) -> Counter:
    """Kill the players of fresh stores after a random number of acts; count what was acknowledged by kind."""
    random, counted = Random(kills), Counter()
    for number in range(kills):
        path = fresh(folder / str(number) / "desk.duckdb", "demo")
        counted += check(path, run_and_kill(path, number, random.randint(2, random.choice(longest)), PLAY))
    return counted


def test_requests_of_every_right_lose_nothing_when_killed(tmp_path):
    assert kill_while_playing(tmp_path, 1, 200).total() > 2


@pytest.mark.prove
def test_requests_of_every_right_lose_nothing_over_a_hundred_kills(tmp_path, capsys):
    counted = kill_while_playing(tmp_path, 100, 60, 120, 400)
    missing = sorted(set(Act) - set(counted))
    with capsys.disabled():
        print(f"\n100 kills of requests of every right: {counted.total():,} acknowledged acts of {len(counted)} kinds found again, 0 lost")
        print(f"kinds of acts that were not among them: {', '.join(missing)}")
    assert counted.total() >= 5000


@pytest.mark.parametrize(("kind", "when"), CUTS)
def test_a_task_that_was_cut_off_is_done_once_by_the_next_start(tmp_path, kind, when):
    path = fresh(tmp_path / "desk.duckdb", "demo")
    code, printed = ended(PLAY, path, 1, kind.value, when, seconds=240)
    said = [line.split() for line in printed.splitlines()]
    assert (code, ["played"] in said) == (-9, False), f"no {kind.value} came up"
    store = Store.open(path, present())
    with store.transaction() as tx:
        (running,) = tx._cursor.execute("select kind from tasks where state = 'running'").fetchall()
    store.close()
    assert running == (kind.value,)
    check(path, said)
