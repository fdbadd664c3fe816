"""A full disk: what needs no entry goes on, what needs one is refused in a sentence, and the desk goes on by itself."""

import logging
import threading
from datetime import date

import pytest

from core.actions.accounts import sessions
from core.actions.cases import cases, intake, queue
from core.actions.desk import throttle
from core.actions.desk.act import act
from core.actions.desk.desk import operator_desk, present
from core.actions.oversight.proof import verify
from core.law.acts import Act
from core.law.errors import NotAllowed, Refused
from core.law.roles import Role
from core.store import duckdb as engine
from core.store import durable
from core.store.durable import RESERVE, NoSpace
from core.store.engine import Store
from core.web.signing import DEMO_PASSWORD
from core.work.worker import Worker
from tests.conftest import NOW, desk_of
from tests.disk import filled, small_disk
from tests.stores import fresh

LEFT = (0, RESERVE // 2)  # bytes: the engine itself meets the end of the disk, or the desk stops before it does
SIZE = 64 << 20


def take_in(store, number, size=2000):
    what = intake.Intake(("access",), "email", date(2026, 11, 20), name="Marker", email="marker@example.org", body="x" * size)
    return intake.take_in(desk_of(store, Role.STEWARD), what, key=f"full-disk-{number:04}")


@pytest.mark.parametrize("left", LEFT)
def test_on_a_full_disk_reading_goes_on_acts_are_refused_and_nothing_is_lost(tmp_path, left):
    with small_disk(tmp_path / "small", SIZE) as folder:
        store = Store.open(fresh(folder / "desk.duckdb"), NOW)
        steward = desk_of(store, Role.STEWARD)
        made = take_in(store, 0)
        cases.open_case(steward, made.case_ref)  # this sign-in has it open, so looking again needs no entry
        before = store.tip.count
        with filled(folder, left):
            for number in range(1, 4):
                with pytest.raises(NoSpace, match=r"no space left .* Free space"):
                    take_in(store, number)
                with pytest.raises(NoSpace, match="Nothing was changed"), act(desk_of(store, Role.MARKETER), Act.CASE_TAKE_IN):
                    pytest.fail("a marketer takes in nothing")
                assert queue.list_requests(steward).total == 1
                assert cases.open_case(steward, made.case_ref).messages[0]["body"] == "x" * 2000
            assert store.tip.count == before
        for number in range(1, 4):
            take_in(store, number)
        with pytest.raises(NotAllowed), act(desk_of(store, Role.MARKETER), Act.CASE_TAKE_IN):
            pytest.fail("a marketer takes in nothing")
        store.close()
        again = Store.open(folder / "desk.duckdb", NOW)
        assert queue.list_requests(desk_of(again, Role.STEWARD)).total == 4
        assert verify(operator_desk(again, "nobody", NOW)).ok
        again.close()


@pytest.mark.parametrize("left", LEFT)
def test_whoever_is_signed_in_stays_so_on_a_full_disk_and_signs_in_once_there_is_room(tmp_path, left):
    with small_disk(tmp_path / "small", SIZE) as folder:
        store = Store.open(fresh(folder / "desk.duckdb", "demo"), NOW)
        now = present()
        token = sessions.sign_in(store, now, "steward", DEMO_PASSWORD, "", "127.0.0.1").token
        with filled(folder, left):
            for minutes in range(0, 60, 10):  # beyond the minute in which the last look is noted in the store
                moment = now + minutes * sessions.SEEN_EVERY
                assert sessions.resolve_session(store, moment, token) is not None
            with pytest.raises(NoSpace):
                sessions.sign_in(store, now, "analyst", DEMO_PASSWORD, "", "127.0.0.1")
            assert sessions.resolve_session(store, moment + sessions.IDLE, token) is None
        assert sessions.sign_in(store, now, "analyst", DEMO_PASSWORD, "", "127.0.0.1")
        store.close()


def test_what_was_done_is_not_undone_where_forgiving_its_attempt_finds_no_space(store, monkeypatch):
    attempt = throttle.begin_attempt(store, NOW, "account:somebody")
    monkeypatch.setattr(durable, "RESERVE", 1 << 60)  # more than any disk has left
    throttle.forgive(store, attempt, "account:somebody")
    monkeypatch.undo()
    with store.transaction() as tx:
        assert len(tx._cursor.execute("select * from sign_in_failures").fetchall()) == 1


def test_a_fault_that_quotes_such_words_is_no_full_disk(store):
    """Only what the engine says of its own writing counts, not what somebody typed."""
    with pytest.raises(Refused) as told, store.transaction() as tx:
        try:
            tx._cursor.execute("select cast('No space left on device' as integer)")
        except engine.FAULTS as fault:
            raise engine.translate(fault) from None
    assert not isinstance(told.value, NoSpace)


def test_an_act_larger_than_what_is_left_is_refused_by_the_engine_and_all_others_go_on(tmp_path):
    """The reserve is there, and one act needs more than all of it: the engine stops, and is opened anew by itself."""
    with small_disk(tmp_path / "small", SIZE) as folder:
        store = Store.open(fresh(folder / "desk.duckdb"), NOW)
        take_in(store, 0)
        with filled(folder, RESERVE + (1 << 20)):
            content = bytes(range(256)) * (12 << 12)  # 12 MB
            with pytest.raises(NoSpace), store.transaction() as tx:
                tx.run("cases.first_number", year=2030, last_number=1)
                tx._cursor.execute("create table large as select $content as content, random() as r", {"content": content})
                store.commit(tx)
            assert queue.list_requests(desk_of(store, Role.STEWARD)).total == 1
        take_in(store, 1)
        with store.transaction() as tx:
            assert tx.one("cases.last_number", year=2030) is None
        assert verify(operator_desk(store, "nobody", NOW)).ok
        store.close()


def test_the_worker_says_once_that_the_disk_is_full_and_goes_on_by_itself(tmp_path, caplog):
    with small_disk(tmp_path / "small", SIZE) as folder, caplog.at_level(logging.WARNING, "rightsdesk.work"):
        store = Store.open(fresh(folder / "desk.duckdb"), NOW)
        looks, enough = [], threading.Event()

        def clock():
            looks.append(1)
            if len(looks) > 12:
                enough.set()
            return NOW

        worker = Worker(store, clock)
        with filled(folder):
            worker._stop.wait = lambda _: threading.Event().wait(0.01)
            worker.start()
            assert enough.wait(60)
        told = [each for each in caplog.records if "look for tasks" in each.message]
        assert [each.args for each in told] == [("NoSpace",)]
        done = threading.Event()
        while not done.wait(0.02):
            with store.transaction() as tx:
                if tx.rows("tasks.last_made", kind="package.expire")[0]["made_at"]:
                    done.set()
        worker.stop()
        store.close()
