"""What follows the commit of an erasure: never missing in the ledger, never forgotten at the keys, and told while it waits."""

import json
from contextlib import contextmanager
from datetime import timedelta

import pytest

from core.actions.answers.erasure import erasure_ends, restores
from core.actions.desk.desk import operator_desk, worker_desk
from core.actions.oversight import failed_tasks, proof
from core.commands import carry
from core.commands.table import run
from core.connectors import erased
from core.law.errors import Refused
from core.law.roles import Role
from core.store.filekey import master_key
from core.store.files import beside
from core.store.keys import KeyKind, KeyRing
from core.store.ledger import ERASED, ERASING, NOT_ERASED, Ledger
from core.work.tasks import wind
from core.work.worker import run_due
from tests.actions.answers.erasure.test_erasures import TAX, held, planned
from tests.conftest import NOW, desk_of

DAY = timedelta(days=1)


@contextmanager
def unwritable(path):
    """Put a folder where the file is to be written: no user, not even root, writes through it."""
    aside = path.with_name(path.name + ".aside")
    if path.exists():
        path.rename(aside)
    path.mkdir()
    yield
    path.rmdir()
    if aside.exists():
        aside.rename(path)


def keys_cannot_be_written(store):
    return unwritable(beside(store.path, ".keys.new"))


def kinds(store):
    return [entry.kind for entry in store.ledger.entries(ERASING, ERASED, NOT_ERASED)]


def on_disk(store, subject):
    return KeyRing(store.path, master_key(store.path)).holds(KeyKind.SUBJECT, subject)


def approved(erasure, letter="erasure_carried_out", **terms):
    planned(erasure, letter, **terms)
    erasure.approve()


def doctor(store, monkeypatch, now):
    monkeypatch.setattr(carry, "utc_now", lambda: now)

    class Lines:
        def __init__(self):
            self.said = []

        out = err = lambda self, line: self.said.append(line)

    lines = Lines()
    run(store, "tester", lines, "doctor", {"as_json": True})
    return {each["name"]: each for each in json.loads(lines.said[0])["checks"]}


def test_nothing_is_erased_while_the_ledger_cannot_be_written(erasure):
    store, before = erasure.store, held(erasure, erasure.subject)
    approved(erasure)
    with unwritable(beside(store.path, ".ledger")):
        erasure.carry()
        assert held(erasure, erasure.subject) == before
        assert kinds(store) == []
    erasure.carry(NOW + timedelta(hours=1))
    assert not held(erasure, erasure.subject)
    assert kinds(store) == [ERASING, ERASED]


def test_the_ledger_knows_of_the_erasure_before_its_commit_and_of_its_end_after(erasure, monkeypatch):
    store, seen = erasure.store, []
    approved(erasure)
    commit = store.commit

    def watched(tx):
        seen.append((kinds(store), bool(held(erasure, erasure.subject))))  # others still see the person
        commit(tx)
        seen.append((kinds(store), bool(held(erasure, erasure.subject))))

    monkeypatch.setattr(store, "commit", watched)
    erasure.carry()
    assert ([ERASING], True) in seen
    assert ([], False) not in seen, "no moment shows the person erased and the ledger silent"
    assert seen[-1] == ([ERASING, ERASED], False)
    assert Ledger(store.path, store.secrets.derive("ledger")).last(erasure.subject, ERASED).scope == (
        '{"kept": {}, "key": "destroyed"}'
    )


def test_a_key_that_cannot_be_destroyed_is_told_and_destroyed_by_the_clockwork(erasure, entries, monkeypatch):
    store, subject, later = erasure.store, erasure.subject, NOW + DAY
    approved(erasure)
    with keys_cannot_be_written(store):
        now = NOW + timedelta(minutes=10)
        for _ in range(8):
            run_due(store, now)
            now += timedelta(minutes=20)
        assert not held(erasure, subject)
        assert kinds(store) == [ERASING, ERASED], "the ledger has its entry whatever the keys do"
        assert store.keys.holds(KeyKind.SUBJECT, subject)
        assert on_disk(store, subject)
        assert [each.given_up for each in failed_tasks.failing(erasure.steward)] == [True]
        left = erasure_ends.unfinished(desk_of(store, Role.DPO, now=later))
        assert left == erasure_ends.Unfinished(1, NOW + timedelta(minutes=10))
        check = doctor(store, monkeypatch, later)["erasures"]
        assert not check["ok"]
        assert "desk.duckdb.keys" in check["sentence"]
        assert subject not in check["sentence"]
        wind(store, later)
        run_due(store, later)
        assert store.keys.holds(KeyKind.SUBJECT, subject)
        with store.transaction() as tx:
            states = tx._cursor.execute("select state from tasks where kind = 'package.expire'").fetchall()
        assert set(states) == {("done",)}, "the rest of the hour's work is done all the same"
    wind(store, later + DAY)
    run_due(store, later + DAY)
    assert not store.keys.holds(KeyKind.SUBJECT, subject)
    assert not on_disk(store, subject)
    assert erasure_ends.unfinished(desk_of(store, Role.DPO, now=later + DAY)) is None
    assert doctor(store, monkeypatch, later)["erasures"]["ok"]
    done = [row for row in entries() if (row["act"], row["outcome"]) == ("key.destroy", "done")]
    assert [row["subject_ref"] for row in done] == [subject]
    assert proof.verify(operator_desk(store, "tester", later + DAY)).ok


def test_a_start_with_keys_that_cannot_be_written_opens_the_desk_all_the_same(erasure):
    store, subject = erasure.store, erasure.subject
    approved(erasure)
    with keys_cannot_be_written(store):
        run_due(store, NOW + timedelta(minutes=10))
        assert restores.settle(operator_desk(store, "tester", NOW + DAY)).keys == 0
    assert restores.settle(operator_desk(store, "tester", NOW + DAY)).keys == 1
    assert not on_disk(store, subject)
    assert restores.settle(operator_desk(store, "tester", NOW + DAY)).keys == 0


def test_a_young_erasure_is_no_alarm(erasure):
    approved(erasure)
    with keys_cannot_be_written(erasure.store):
        run_due(erasure.store, NOW)
        assert erasure_ends.unfinished(desk_of(erasure.store, Role.DPO, now=NOW + timedelta(minutes=5))) is None


@pytest.mark.parametrize("ahead", [True, False])
def test_an_erasure_whose_end_nobody_noted_is_noted_from_its_own_record(erasure, monkeypatch, ahead):
    """Also where the ledger has not even the beginning: a store of an earlier desk whose task was given up."""
    store, subject = erasure.store, erasure.subject
    approved(erasure, "erasure_partly", claims=(TAX,))
    if not ahead:
        monkeypatch.setattr(store.ledger, "add_all", lambda _: None)
    with keys_cannot_be_written(store), monkeypatch.context() as patched:
        patched.setattr(erasure_ends, "finish", lambda *_: 0)
        erasure.carry()
    monkeypatch.undo()
    assert kinds(store) == ([ERASING] if ahead else [])
    assert erasure_ends.unfinished(desk_of(store, Role.DPO, now=NOW + DAY)).people == 1
    assert erasure_ends.finish(worker_desk(store, NOW + DAY)) == 1
    entry = store.ledger.last(subject, ERASED)
    assert entry.scope == '{"kept": {"events": ["detail"]}, "key": "destroyed"}'
    assert entry.happened_at == NOW + timedelta(minutes=10)
    assert not on_disk(store, subject)
    assert erasure_ends.finish(worker_desk(store, NOW + DAY)) == 0


def test_an_outcome_that_erased_nothing_is_looked_at_once_and_is_no_erasure(erasure):
    store = erasure.store
    approved(erasure, "erasure_refused", grounds=("17.1.f",))
    erasure.carry()
    assert kinds(store) == []
    assert erasure_ends.finish(worker_desk(store, NOW + DAY)) == 1
    assert erasure_ends.finish(worker_desk(store, NOW + DAY)) == 0
    assert kinds(store) == [NOT_ERASED]
    assert store.keys.holds(KeyKind.SUBJECT, erasure.subject)
    assert held(erasure, erasure.subject)


def test_an_erasure_that_never_came_to_its_commit_is_called_off(erasure, monkeypatch):
    store, subject = erasure.store, erasure.subject
    approved(erasure)
    commit = store.commit

    def full(tx):
        last = store.ledger.last(subject, ERASING, NOT_ERASED)
        if last is not None and last.kind == ERASING and not tx._cursor.execute(
            "select 1 from profiles where subject_ref = $1", [subject]
        ).fetchall():
            raise Refused("The disk is full.")
        commit(tx)

    monkeypatch.setattr(store, "commit", full)
    now = NOW + timedelta(minutes=10)
    for _ in range(8):
        run_due(store, now)
        now += timedelta(minutes=20)
    assert erasure.state == "in_progress", "handed back to its preparer"
    assert kinds(store) == [ERASING]
    wind(store, now + DAY)
    run_due(store, now + DAY)
    assert kinds(store) == [ERASING, NOT_ERASED]
    with store.transaction() as tx:
        assert erased.replay(store, tx, store.ledger.entries(), NOW, restored=True) == []
    assert held(erasure, subject)
    assert store.keys.holds(KeyKind.SUBJECT, subject)


def test_many_keys_are_destroyed_with_one_rewrite_and_none_of_the_others(store):
    refs = [f"{number:032x}" for number in range(1, 9)]
    store.keys.ensure(KeyKind.SUBJECT, *refs)
    with keys_cannot_be_written(store), pytest.raises(Refused, match="cannot be written"):
        store.keys.destroy(KeyKind.SUBJECT, *refs[:4])
    assert all(store.keys.holds(KeyKind.SUBJECT, ref) for ref in refs), "a failed rewrite destroys nothing"
    assert store.keys.destroy(KeyKind.SUBJECT, *refs[:4], refs[0], "f" * 32) == 4
    assert [on_disk(store, ref) for ref in refs] == [False] * 4 + [True] * 4
