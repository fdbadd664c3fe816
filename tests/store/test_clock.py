"""The machine's clock may be set while the desk runs: what is known of it, and what does not move with it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.actions.accounts import sessions
from core.actions.desk import things, throttle
from core.actions.desk.act import act
from core.actions.desk.desk import Desk, operator_desk, present
from core.actions.desk.establishment import Establishment, keep
from core.actions.desk.tasks import Task
from core.actions.desk.things import Thing
from core.actions.oversight import night
from core.actions.oversight.proof import verify
from core.actions.people import people
from core.law.acts import Act
from core.law.errors import StepUpNeeded
from core.law.roles import Role
from core.store.clock import Clock
from core.store.engine import Store
from core.store.ledger import ERASED
from core.web.signing import DEMO_PASSWORD
from core.work.tasks import lease, wind
from core.work.worker import run_due
from tests.actions.conftest import import_people
from tests.actions.things_of import plant
from tests.conftest import desk_of
from tests.stores import fresh

START = present() + timedelta(hours=1)  # the accounts and their roles are there by then
YEARS = timedelta(days=3650)


class Machine:
    """A machine whose clock can be set, and which runs on without anybody waiting for it."""

    def __init__(self) -> None:
        self.passed = timedelta()
        self.set_by = timedelta()

    def clock(self) -> Clock:
        return Clock(self._seconds, self._passed)

    def _seconds(self) -> float:
        return self.now.timestamp()

    def _passed(self) -> float:
        return self.passed.total_seconds()

    @property
    def now(self) -> datetime:
        return START + self.passed + self.set_by

    def run(self, **time: float) -> None:
        self.passed += timedelta(**time)

    def put(self, by: timedelta) -> None:
        self.set_by += by


@pytest.fixture
def machine(store) -> Machine:
    made = Machine()
    store.clock = made.clock()
    return made


@pytest.fixture
def desk(tmp_path, machine):
    """A store with the demo's accounts, on that machine."""
    opened = Store.open(fresh(tmp_path / "accounts" / "desk.duckdb", "demo"), START)
    opened.clock = machine.clock()
    yield opened
    opened.close()


def sign_in(store, now, password=DEMO_PASSWORD, name="steward"):
    return sessions.sign_in(store, now, name, password, "", "127.0.0.1", cost=4).token


def test_it_tells_by_how_much_it_was_set_and_not_that_time_passes():
    machine = Machine()
    clock = machine.clock()
    machine.run(days=40)
    assert clock.set_by() == 0
    machine.put(timedelta(seconds=1))
    assert clock.set_by() == 0, "a clock that is led is not set"
    machine.put(timedelta(hours=-2, seconds=-1))
    machine.run(hours=1)
    assert clock.set_by() == -7200
    assert clock.steady(machine.now) == START + timedelta(days=40, hours=1)


@pytest.mark.parametrize("by", [YEARS, timedelta(minutes=20), timedelta(minutes=-20)])
def test_a_session_lives_on_when_the_clock_is_set_and_ends_no_later(desk, machine, by):
    token = sign_in(desk, machine.now)
    machine.run(minutes=10)
    machine.put(by)
    assert sessions.resolve_session(desk, machine.now, token) is not None
    machine.run(minutes=10)
    machine.put(-by)
    assert sessions.resolve_session(desk, machine.now, token) is not None
    machine.run(minutes=16)
    assert sessions.resolve_session(desk, machine.now, token) is None


def test_a_session_is_there_again_when_the_clock_is(desk, machine):
    """By a clock ten years back nobody has their role yet."""
    token = sign_in(desk, machine.now)
    machine.put(-YEARS)
    assert sessions.resolve_session(desk, machine.now, token) is None
    machine.put(YEARS)
    machine.run(minutes=10)
    assert sessions.resolve_session(desk, machine.now, token) is not None


def test_a_session_begun_by_a_wrong_clock_ends_when_it_would_have(desk, machine):
    machine.put(YEARS)
    token = sign_in(desk, machine.now)
    machine.put(-YEARS)
    for _ in range(8 * 6 - 1):
        machine.run(minutes=10)
        assert sessions.resolve_session(desk, machine.now, token) is not None
    machine.run(minutes=10)
    assert sessions.resolve_session(desk, machine.now, token) is None


def test_a_session_of_the_future_is_none_after_a_new_start(desk):
    token = sign_in(desk, START + YEARS)  # the desk began when the clock was wrong
    assert sessions.resolve_session(desk, START, token) is None


@pytest.mark.parametrize("by", [YEARS, -YEARS])
def test_a_pause_ends_after_fifteen_minutes_whatever_the_clock_says(store, machine, by):
    fail_often(store, machine.now)
    machine.put(by)
    machine.run(minutes=14)
    assert throttle.begin_attempt(store, machine.now, "account:somebody") is None
    machine.run(minutes=1, seconds=1)
    assert throttle.begin_attempt(store, machine.now, "account:somebody")


def test_a_pause_given_by_a_wrong_clock_does_not_outlive_a_new_start(store):
    fail_often(store, START + YEARS)
    assert throttle.begin_attempt(store, START, "account:somebody")


def fail_often(store, now):
    for _ in range(throttle.FAILURES):
        assert throttle.begin_attempt(store, now, "account:somebody")
    assert throttle.begin_attempt(store, now, "account:somebody") is None


TURNS = [(YEARS, -YEARS), (timedelta(), YEARS), (timedelta(), timedelta(minutes=-20))]  # before it is given, and after


@pytest.mark.parametrize(("before", "after"), TURNS)
def test_a_step_up_and_an_open_file_stand_as_long_as_they_would(desk, machine, before, after):
    machine.put(before)
    token = sign_in(desk, machine.now)

    def at_the_desk() -> Desk:
        person = sessions.resolve_session(desk, machine.now, token)
        assert person is not None
        return Desk(desk, person, machine.now)

    def do(what: Act, of: Thing | None = None, **more) -> int:
        with act(at_the_desk(), what, of, **more) as now:
            now.case = "a" * 32
        return len([row for row in entries(desk) if (row["act"], row["outcome"]) == (what.value, "done")])

    def open_file() -> int:
        return do(Act.CASE_OPEN, disclosure=True)

    fetching = Act.SUPPRESSION_OUT_FETCH
    for thing in ("now", "late"):
        plant(desk, "suppression_exports", id=thing, asked_by=at_the_desk().person.account_id)
        sessions.step_up(at_the_desk(), DEMO_PASSWORD, fetching, thing, cost=4)
        if thing == "now":
            assert open_file() == 1
            machine.put(after)
            machine.run(minutes=4)
            assert open_file() == 1
            assert sessions.stepped_up(at_the_desk(), fetching, thing)
            assert do(fetching, things.suppression_export(thing)) == 1
    machine.run(minutes=6)
    assert not sessions.stepped_up(at_the_desk(), fetching, "late")
    with pytest.raises(StepUpNeeded):
        do(fetching, things.suppression_export("late"))
    machine.run(minutes=6)
    assert open_file() == 2, "opened after its fifteen minutes, unlogged"


def entries(store):
    with store.transaction() as tx:
        return tx.rows("log.all_rows", chain=store.chain, first=0, last=10**6)


def test_the_log_says_that_the_clock_was_set_and_only_then_that_it_ran_back(store, machine):
    def note():
        with act(desk_of(store, Role.STEWARD, now=machine.now), Act.CASE_NOTE):
            pass

    note()
    machine.put(timedelta(minutes=5))
    note()
    note()
    machine.put(timedelta(minutes=-5))
    machine.run(minutes=1)
    note()
    assert ['"clock_set":300' in row["details"] for row in entries(store)] == [False, True, False, False]
    assert ['"clock_set":-300' in row["details"] for row in entries(store)] == [False, False, False, True]
    report = verify(operator_desk(store, "nobody", machine.now))
    assert report.ok
    assert report.notes == ("The clock ran backwards once, first at entry 3; the order of writing holds.",)


def test_by_a_clock_set_far_nothing_is_deleted_until_it_has_stood_for_a_day(store, machine):
    wind(store, machine.now)
    assert run_due(store, machine.now) == 1
    machine.put(YEARS)
    wind(store, machine.now)
    assert lease(store, machine.now) is None
    machine.put(-YEARS)
    machine.run(hours=2)
    wind(store, machine.now)
    assert run_due(store, machine.now) == 1, "a clock set right again holds nothing up"
    machine.put(YEARS)
    wind(store, machine.now)
    machine.run(hours=25)
    wind(store, machine.now)
    wind(store, machine.now)
    assert run_due(store, machine.now) == 1, "a clock that has stood for a day is believed"


def test_a_task_of_a_wrong_clock_does_not_wait_for_it(store):
    """Made, leased or put off by a clock ten years ahead: the work goes on when the clock is right again."""
    ahead = START + YEARS
    wind(store, ahead)
    taken = lease(store, ahead)
    assert taken is not None
    assert lease(store, START) is not None, "the lease of a worker that is gone lasts for years"
    wind(store, START + timedelta(hours=3))
    forget_tasks(store)
    wind(store, ahead)
    assert run_due(store, START) == 1, "what is to be done waits for years"
    forget_tasks(store)
    wind(store, ahead)
    run_due(store, ahead)
    wind(store, START)
    assert run_due(store, START) == 1, "the hourly work waits for years"


def forget_tasks(store):
    with store.transaction() as tx:
        tx._cursor.execute("delete from tasks")
        store.commit(tx)


@pytest.mark.parametrize(("before", "after"), [(YEARS, -YEARS), (timedelta(), -YEARS)])
def test_what_a_search_showed_is_read_again_for_fifteen_minutes_by_who_found_it(store, machine, before, after):
    machine.put(before)
    (subject,) = import_people(store, 1).values()
    seat = desk_of(store, Role.STEWARD, now=machine.now)
    assert people.find(seat, "c0", purpose="request").exact
    others = desk_of(store, Role.STEWARD, name="another", now=machine.now)

    def again(desk: Desk, purpose: str = "request") -> list[str]:
        return list(people.masked_again(replace(desk, now=machine.now), [subject], purpose=purpose))

    assert again(seat) == [subject]
    assert again(seat, "identity") == again(others) == []
    machine.put(after)
    machine.run(minutes=14)
    assert again(seat) == [subject]
    machine.run(minutes=2)
    assert again(seat) == [], "by a clock set back it stands for years"


def test_what_was_asked_for_before_the_clock_was_set_deletes_nothing_either(store, machine):
    """The key of a command is forgotten after thirty days: what was sent before may be sent once more by then."""
    with act(desk_of(store, Role.STEWARD, now=machine.now), Act.CASE_NOTE, key="a-key-of-tests"):
        pass
    wind(store, machine.now)

    def kept() -> int:
        with store.transaction() as tx:
            return len(tx._cursor.execute("select * from commands").fetchall())

    machine.put(YEARS)
    assert run_due(store, machine.now) == 1
    machine.put(-YEARS)
    for days, left in ((1, 1), (30, 0)):
        machine.run(days=days)
        wind(store, machine.now)
        assert run_due(store, machine.now) == 1
        assert kept() == left


def test_a_purge_asked_for_by_a_wrong_clock_does_not_take_the_place_of_this_night_s(store, monkeypatch):
    monkeypatch.delenv(night.VARIABLE, raising=False)
    dark = START.replace(hour=2, minute=30) + timedelta(days=1)  # 3:30 in Berlin's winter
    store.ledger.add(ERASED, "1" * 32, "", START)
    with store.transaction() as tx:
        keep(store, tx, Establishment("Controller", "x", "x", "x"))
        tx.run(
            "tasks.add", id="a" * 32, kind=Task.PURGE.value, object_id="clockwork", case_ref=None, request_id=None,
            not_before=dark + YEARS, made_at=dark + YEARS,
        )
        store.commit(tx)
    assert night.due(operator_desk(store, "nobody", dark))
