"""A process killed around the commit of an erasure: the ledger always knows of it, and each start finishes it."""

import shutil
import time
from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from core.actions.answers.erasure import restores
from core.actions.desk.desk import operator_desk
from core.actions.oversight import proof, purges
from core.connectors import erased
from core.connectors.local import Local
from core.connectors.suppressed import standing, tokens
from core.store.engine import Store, new_id
from core.store.files import beside
from core.store.keys import KeyKind
from core.store.ledger import ERASED, ERASING, NOT_ERASED
from core.work.worker import run_due
from tests.actions.answers.erasure.test_consent_proofs import CLAIM
from tests.actions.correcting import LATER
from tests.actions.things_of import plant
from tests.conftest import NOW
from tests.faults.marked import GONE, approved_erasure, desks, fill, mail, subject_of
from tests.forked import ended, talking
from tests.permits import own
from tests.stores import fresh


@pytest.fixture(scope="module")
def made_once(tmp_path_factory):
    """Make a closed store with an approved erasure; give its folder, the person, the carrying, and a backup from before."""
    root = tmp_path_factory.mktemp("approved")
    store = Store.open(fresh(root / "desk" / "desk.duckdb"), NOW)
    fill(store)
    made = purges.back_up(operator_desk(store, "tester", NOW), root / "b")
    subject = subject_of(store, GONE)
    plant(store, "consents", id=new_id(), subject_ref=subject, purpose="offers", given=True, happened_at=NOW)
    erasure = approved_erasure(desks(store), "erasure_partly", CLAIM)
    with store.transaction() as tx:
        rows = tx.rows("carrying.of_plan", plan_id=erasure.row().plan_id)
    store.close()
    return root, subject, next(row["id"] for row in rows if row["system"] == "local"), made.name


@pytest.fixture
def approved(made_once, tmp_path):
    """Give a copy of that store of the test's own: its path, the person, the carrying, and the backup."""
    root, subject, carrying_id, backup = made_once
    shutil.copytree(root, tmp_path / "copy")
    return tmp_path / "copy" / "desk" / "desk.duckdb", subject, carrying_id, tmp_path / "copy" / "b" / backup


def die(path, carrying_id, when):
    assert ended("tests.faults.erasing", path, carrying_id, when)[0] == -9


def kinds(store):
    return [entry.kind for entry in store.ledger.entries(ERASING, ERASED, NOT_ERASED)]


def held(store, subject):
    with store.transaction() as tx:
        return tx.rows("erased.held", subjects=[subject])


@pytest.mark.parametrize("when", ["before", "after"])
def test_the_next_start_finishes_what_was_committed_and_the_worker_what_was_not(approved, when):
    path, subject, carrying_id, _ = approved
    die(path, carrying_id, when)
    store = Store.open(path, LATER)
    try:
        assert kinds(store) == [ERASING]
        assert bool(held(store, subject)) is (when == "before")
        assert store.keys.holds(KeyKind.SUBJECT, subject)
        settled = restores.settle(operator_desk(store, "tester", LATER))
        assert settled.keys == (0 if when == "before" else 1)
        assert kinds(store) == ([ERASING] if when == "before" else [ERASING, ERASED])
        assert store.keys.holds(KeyKind.SUBJECT, subject) is (when == "before"), "what was not committed loses no key"
        run_due(store, LATER + timedelta(hours=1))
        assert kinds(store) == [ERASING, ERASED]
        assert not held(store, subject)
        assert not store.keys.holds(KeyKind.SUBJECT, subject)
        with store.transaction() as tx:
            assert {row["state"] for row in tx.rows("carrying.of_plan", plan_id=plan_of(tx, carrying_id))} == {"done"}
        assert proof.verify(operator_desk(store, "tester", LATER + timedelta(hours=1))).ok
    finally:
        store.close()


def plan_of(tx, carrying_id):
    return tx.one("carrying.one", id=carrying_id)["plan_id"]


@pytest.mark.prove
def test_killed_a_hundred_times_at_random_while_erasing_nobody_is_half_erased(made_once, tmp_path, capsys):
    root, subject, _, _ = made_once
    random, died = Random(11), Counter()
    before = whole(root / "desk" / "desk.duckdb", subject)
    for number in range(100):
        path = tmp_path / str(number) / "desk.duckdb"
        shutil.copytree(root / "desk", path.parent)
        with talking("tests.faults.erasing", path, "", "whenever") as (process, said):
            assert said.readline() == "begun\n"
            time.sleep(random.uniform(0, 0.7))  # the very thing that is tried: any moment
            process.kill()
            died["at the end" if "done" in said.read() else "under way"] += 1
        left = whole(path, subject)
        assert left in (before, {}), "all of the person, or nothing"
        died["nothing gone yet" if left else "gone"] += 1
        store = Store.open(path, LATER)
        restores.settle(operator_desk(store, "tester", LATER))
        while run_due(store, LATER + timedelta(hours=1)):
            pass
        assert kinds(store)[-1] == ERASED
        assert not held(store, subject)
        assert not store.keys.holds(KeyKind.SUBJECT, subject)
        with store.transaction() as tx:
            assert len(erased.proofs_under(store, tx, "email", mail(GONE), NOW.date())) == 2
            assert {row["state"] for row in standing(tx, tokens(store, "email", mail(GONE)), NOW.date())} == {"do_not_import"}
        assert proof.verify(operator_desk(store, "tester", LATER + timedelta(hours=1))).ok
        store.close()
        shutil.rmtree(path.parent)
    with capsys.disabled():
        print(f"\n100 kills at random while an erasure was carried out: {dict(died)}")


def whole(path, subject):
    """Return how many rows of each table a store holds of the person, where it holds any."""
    store = Store.open(path, LATER)
    try:
        with store.transaction() as tx:
            return {each.table: len(each.rows) for each in Local(store).export(tx, own(subject)).tables if each.rows}
    finally:
        store.close()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_store_lost_at_that_very_moment_comes_back_without_the_person(approved, when):
    path, subject, carrying_id, backup = approved
    die(path, carrying_id, when)
    path.unlink()
    beside(path, ".wal").unlink(missing_ok=True)
    store, _, settled = restores.restore(path, backup, "tester", LATER)
    try:
        assert settled.erased == 1
        assert kinds(store) == [ERASING, ERASED]
        assert not held(store, subject)
        assert not store.keys.holds(KeyKind.SUBJECT, subject)
    finally:
        store.close()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_store_that_is_there_tells_a_restore_whether_the_erasure_took_place(approved, when):
    path, subject, carrying_id, backup = approved
    die(path, carrying_id, when)
    store = Store.open(path, LATER)
    head = store.tip.head.hex()
    store.close()
    store, _, settled = restores.restore(path, backup, "tester", LATER, head=head)
    try:
        assert settled.erased == (0 if when == "before" else 1)
        assert kinds(store) == [ERASING, NOT_ERASED if when == "before" else ERASED]
        assert bool(held(store, subject)) is (when == "before")
        assert store.keys.holds(KeyKind.SUBJECT, subject) is (when == "before")
    finally:
        store.close()
