"""Killed at each step of a backup or a restore: nothing acknowledged is lost, nothing half is taken for whole, nobody comes back."""

import shutil
from random import Random

import pytest

from core.actions.answers.erasure import restores
from core.actions.desk.desk import operator_desk, present
from core.actions.oversight import proof, purges
from core.connectors.suppressed import standing, tokens
from core.law.errors import Refused
from core.store.backup import FILE, MANIFEST, STEPS, read_backup
from core.store.engine import Store
from core.store.filekey import Secrets, master_key
from core.store.files import beside
from core.store.keys import KeyKind
from core.store.ledger import BACKUP, RESTORED
from core.store.restore import DOWN, OVER
from tests.conftest import NOW
from tests.faults.marked import GONE, approved_erasure, ask, desks, fill, mail, subject_of
from tests.faults.test_kill import check, run_and_kill
from tests.faults.test_purge_kill import left_over
from tests.forked import ended

pytestmark = pytest.mark.prove


def steps(known, short):
    """The steps of which the daily run takes a few, and the proof every one."""
    return [step if step in short else pytest.param(step, marks=pytest.mark.prove) for step in known]


def die_at(*words):
    code, printed = ended("tests.faults.copying", *words)
    assert code == -9
    return [line.split() for line in printed.splitlines()]


def check_backups(path, folder):
    """Every folder that has a backup's name is whole: it reads, opens and its log verifies; return how many."""
    whole = 0
    for each in folder.iterdir() if folder.exists() else ():
        if each.name.startswith("."):
            if not (each / MANIFEST).exists():
                with pytest.raises(Refused, match="is no backup"):
                    read_backup(each, master_key(path))
            continue
        made, _ = read_backup(each, master_key(path))
        other = path.parent / "restored" / each.name
        other.mkdir(parents=True)
        for suffix in (".master", ".keys", ".ledger"):
            if beside(path, suffix).exists():
                shutil.copyfile(beside(path, suffix), other / f"{FILE}{suffix}")
        opened, _, _ = restores.restore(other / FILE, each, "tester", present(), unlisted=not beside(path, ".keys").exists())
        assert proof.verify(operator_desk(opened, "tester", present())).ok
        assert opened.tip.count >= made.entries
        opened.close()
        whole += 1
    return whole


@pytest.mark.parametrize("step", steps(STEPS, {"ledger", "name"}))
def test_killed_at_each_step_of_a_backup_nothing_is_lost_and_nothing_half_looks_whole(tmp_path, step):
    path, folder = tmp_path / FILE, tmp_path / "backups"
    Store.create(path, "bench", NOW).close()
    said = die_at("backup", path, folder, step)
    assert check(path, said) > 0
    assert check_backups(path, folder) == (1 if step == "done" else 0)
    assert left_over(path) == []
    store = Store.open(path, NOW)
    try:
        # Known before it is there: one that is remembered and missing delays a date, the other way round would lie.
        assert len(list(store.ledger.entries(BACKUP))) == (1 if step in {"seal", "name", "done"} else 0)
        restores.settle(operator_desk(store, "tester", present()))
        purges.back_up(operator_desk(store, "tester", present()), folder)
    finally:
        store.close()
    assert [each.name for each in folder.iterdir() if each.name.startswith(".")] == [], "the next run clears what was cut off"


@pytest.fixture(scope="module")
def erased_since(tmp_path_factory):
    """Give the folder of a closed store whose marked person objected, was erased after a backup of it, and the head of its log."""
    root = tmp_path_factory.mktemp("erased")
    store = Store.create(root / "desk" / FILE, "bench", NOW)
    fill(store)
    walk, subject = desks(store), subject_of(store, GONE)
    ask(walk, "objection_marketing")
    made = purges.back_up(operator_desk(store, "tester", NOW), root / "b")
    erasure = approved_erasure(walk)
    erasure.carry()
    assert not store.keys.holds(KeyKind.SUBJECT, subject)
    head = store.tip.head.hex()
    store.close()
    return root, root / "b" / made.name, subject, head


def standing_as(path, subject):
    """Open as every start does, and return whether it is the backup's file; the erased is erased either way."""
    store = Store.open(path, NOW)
    try:
        restores.settle(operator_desk(store, "tester", present()))
        with store.transaction() as tx:
            assert not tx.rows("erased.held", subjects=[subject])
            states = {row["state"] for row in standing(tx, tokens(store, "email", mail(GONE)), NOW.date())}
            rows = [row for row in tx.rows("log.all_rows", chain=store.chain, first=0, last=10**9) if row["outcome"] == "done"]
        assert states == {"objection", "do_not_import"}
        assert not store.keys.holds(KeyKind.SUBJECT, subject)
        assert proof.verify(operator_desk(store, "tester", present())).ok
        acts = [row["act"] for row in rows]
        assert acts.count("store.restore") <= 1
        assert ("key.destroy" in acts) != ("store.restore" in acts), "either the old state or the new one"
        return "store.restore" in acts
    finally:
        store.close()


@pytest.mark.parametrize("step", steps(OVER, {"key", "open"}))
def test_killed_at_each_step_of_a_restore_the_old_or_the_new_store_stands(erased_since, tmp_path, step):
    root, backup, subject, head = erased_since
    path = shutil.copytree(root / "desk", tmp_path / "desk") / FILE
    die_at("over", path, backup, step, head)
    assert standing_as(path, subject) is (step in {"open", "settle", "done"})
    assert left_over(path) == []
    keys = Secrets(path, master_key(path))
    keys.load()
    assert keys.next is None
    if step not in {"open", "settle", "done"}:  # what was rolled back can be done again
        store = Store.open(path, NOW)
        head = store.tip.head.hex()
        store.close()
        restores.restore(path, backup, "tester", present(), head=head)[0].close()
        assert standing_as(path, subject)


@pytest.mark.parametrize("step", steps(DOWN, {"ledger", "open"}))
def test_killed_at_each_step_of_a_restore_of_a_lost_store_it_is_done_or_can_be_done_again(erased_since, tmp_path, step):
    root, backup, subject, _ = erased_since
    path = shutil.copytree(root / "desk", tmp_path / "desk") / FILE
    path.unlink()
    die_at("down", path, backup, step)
    if step in {"open", "settle", "done"}:
        assert standing_as(path, subject)
        return
    with pytest.raises(Refused, match="There is no store"):
        Store.open(path, NOW)
    restores.restore(path, backup, "tester", present())[0].close()
    assert standing_as(path, subject)
    store = Store.open(path, NOW)
    assert list(store.ledger.entries(RESTORED))
    store.close()


@pytest.mark.prove
def test_killed_at_random_moments_while_backing_up(tmp_path, capsys):
    path, random, found, whole = tmp_path / FILE, Random(11), 0, 0
    Store.create(path, "bench", NOW).close()
    for number in range(40):
        said = run_and_kill(path, tmp_path / "backups", random.randint(9, 90), "tests.faults.copying", "backup")
        found += check(path, said)
        if number % 5 == 4:
            whole += check_backups(path, tmp_path / "backups")
            shutil.rmtree(tmp_path / "backups")
            shutil.rmtree(tmp_path / "restored", ignore_errors=True)
    with capsys.disabled():
        print(f"\n40 kills while backups were made again and again: {found} acknowledged acts found again, {whole} backups, all whole")
