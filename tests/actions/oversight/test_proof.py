"""The proof of the log: every change in the table is found, and an export stands by itself."""

import pytest

from core.actions.desk.act import act
from core.actions.desk.desk import operator_desk
from core.actions.oversight import logbook, proof
from core.audit.chain import Head
from core.audit.logfile import verify_log
from core.law.acts import Act
from core.law.errors import NotAllowed
from core.law.roles import Role
from tests.conftest import NOW, desk_of


@pytest.fixture
def written(store):
    steward = desk_of(store, Role.STEWARD)
    for number in range(9):
        with act(steward, Act.CASE_NOTE) as now:
            now.case = "c1"
            now.detail["number"] = number
    return store


@pytest.fixture
def operator(store):
    return operator_desk(store, "tester", NOW)


def tamper(store, sql):
    """Change the log behind the desk's back, as whoever holds the file and the key could."""
    with store.transaction() as tx:
        tx._cursor.execute(sql)
        store.commit(tx)


def test_a_sound_log_is_sound_and_the_check_is_entered(written, operator):
    report = logbook.verify(operator)
    assert report.ok
    assert report.count == 9
    assert written.tip.count == 10
    assert logbook.verify(operator).count == 10


@pytest.mark.parametrize("sql", [
    "update audit set outcome = 'seen' where seq = 3",
    "update audit set actor_ref = 'another' where seq = 0",
    "update audit set details = '{\"number\":77}' where seq = 5",
    "update audit set details = '{ }' where seq = 5",
    "delete from audit where seq = 4",
    "delete from audit where seq >= 7",
    "delete from audit",
    "update audit set hash = prev where seq = 8",
    "update audit set chain = 'other' where seq = 8",
    "insert into audit select 'other' as chain, * exclude (chain) from audit where seq = 3",
    "insert into audit select 'other' as chain, 77 as seq, * exclude (chain, seq) from audit where seq = 3",
])
def test_every_change_is_found(written, operator, sql):
    tamper(written, sql)
    report = logbook.verify(operator)
    assert not report.ok
    assert report.first_fault


def test_an_entry_that_says_everything_keeps_each_thing_in_its_own_column(store, operator):
    with act(desk_of(store, Role.STEWARD), Act.PERSON_OPEN, purpose="request", words="typed") as now:
        now.subject, now.case, now.request, now.object_kind, now.object_id = "s1", "c1", "r1", "k1", "o1"
    with store.transaction() as tx:
        row = tx.rows("log.all_rows", chain=store.chain, first=0, last=1)[0]
    names = ("subject_ref", "case_ref", "request_ref", "object_kind", "object_id", "purpose_code")
    assert [row[name] for name in names] == ["s1", "c1", "r1", "k1", "o1", "request"]
    assert row["words_hash"] == store.keyed_hash("words", "typed")
    assert logbook.verify(operator).ok
    tamper(store, "update audit set object_id = object_kind, object_kind = object_id where seq = 0")
    assert not logbook.verify(operator).ok


def test_batches_join_up(written, operator, monkeypatch):
    monkeypatch.setattr(proof, "BATCH", 2)
    assert logbook.verify(operator).count == 9
    lines = list(logbook.export(operator))
    assert verify_log(lines).count == 11


def test_a_head_from_elsewhere_is_held_against_it(written, operator):
    assert logbook.verify(operator, Head(9, written.tip.head)).ok
    assert not logbook.verify(operator, Head(9, bytes(32))).ok
    assert not logbook.verify(operator, Head(10**6, bytes(32))).ok


def test_an_export_holds_itself_and_verifies(written, operator):
    lines = list(logbook.export(operator))
    report = verify_log(lines, chain=written.chain)
    assert (report.ok, report.count) == (True, 10)
    assert '"act":"log.export"' in lines[-2]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
def test_only_the_operator_exports(written, role):
    with pytest.raises(NotAllowed):
        next(logbook.export(desk_of(written, role)))


def test_whom_the_table_does_not_name_may_not_verify(written):
    with pytest.raises(NotAllowed):
        logbook.verify(desk_of(written, Role.STEWARD))
