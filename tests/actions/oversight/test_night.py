"""The purge at night: at its hour, once, only where an erasure waits, and told where it is overdue."""

from datetime import datetime, timedelta

import pytest

from core.actions.desk.desk import operator_desk, worker_desk
from core.actions.desk.establishment import Establishment, keep
from core.actions.oversight import night, purges
from core.commands import carry
from core.commands.table import run
from core.law.errors import Invalid
from core.law.roles import Role
from core.store.ledger import ERASED, PURGED, RESTORED
from core.work.tasks import wind
from core.work.worker import run_due
from tests.conftest import desk_of

PERSON = "0" * 31 + "1"
EVENING = datetime(2026, 11, 23, 20, 0)
NIGHT = datetime(2026, 11, 24, 2, 0)  # three in the morning in Berlin
ONE = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def erase(store, moment=EVENING, ref=PERSON):
    store.ledger.add(ERASED, ref, "", moment)


def at(store, moment):
    """Let the clockwork tick and the worker work; return how often the store was purged so far."""
    wind(store, moment)
    run_due(store, moment)
    return len(list(store.ledger.entries(PURGED)))


@pytest.fixture
def here(store, monkeypatch):
    monkeypatch.delenv(night.VARIABLE, raising=False)
    with store.transaction() as tx:
        keep(store, tx, Establishment("Controller", "x", "x", "x"))
        store.commit(tx)
    return store


def test_it_comes_at_its_hour_where_the_controller_is_and_once(here):
    erase(here)
    assert at(here, EVENING + MINUTE) == 0
    assert at(here, NIGHT - MINUTE) == 0, "an hour of UTC is not the hour of the place"
    assert at(here, NIGHT) == 1
    erase(here, NIGHT + MINUTE, "2" * 32)
    assert at(here, NIGHT + 2 * MINUTE) == 1, "one purge a night"
    assert at(here, NIGHT + ONE) == 2
    dates = purges.dates_of(operator_desk(here, "tester", NIGHT + ONE), PERSON)
    assert dates.purged_at == NIGHT


def test_it_does_not_come_where_nothing_waits(here):
    for day in range(3):
        assert at(here, NIGHT + day * ONE) == 0
    erase(here, NIGHT + 3 * ONE - MINUTE)
    assert at(here, NIGHT + 3 * ONE) == 1
    assert at(here, NIGHT + 4 * ONE) == 1
    with here.transaction() as tx:
        assert tx._cursor.execute("select count(*) from tasks where kind = 'store.purge'").fetchone() == (1,)


@pytest.mark.parametrize(("after", "purged"), [(timedelta(hours=3, minutes=59), 1), (timedelta(hours=4), 0)])
def test_a_desk_that_was_off_purges_later_in_the_night_and_not_by_day(here, after, purged):
    erase(here)
    assert at(here, NIGHT + after) == purged


def test_an_operator_who_purged_spares_the_night_its_purge(here):
    erase(here)
    purges.purge(operator_desk(here, "tester", EVENING + MINUTE))
    assert at(here, NIGHT) == 1


def test_after_an_older_file_came_back_everything_waits_again(here):
    erase(here)
    assert at(here, NIGHT) == 1
    here.ledger.add(RESTORED, "name", f"0 {'0' * 64} 0 {'0' * 64}", NIGHT + 2 * MINUTE)
    assert night.standing(worker_desk(here, NIGHT + 3 * MINUTE)).waiting == 1
    assert at(here, NIGHT + ONE) == 2
    assert night.standing(worker_desk(here, NIGHT + ONE)).waiting == 0


@pytest.mark.parametrize(("told", "hour"), [("", 3), ("0", 0), ("23", 23), ("off", None), (" OFF ", None)])
def test_the_setting(here, monkeypatch, told, hour):
    monkeypatch.setenv(night.VARIABLE, told)
    assert night.hour() == hour
    following = night.standing(worker_desk(here, NIGHT)).next_at
    assert following == (None if hour is None else {3: NIGHT + ONE, 0: NIGHT.replace(hour=23), 23: NIGHT.replace(hour=22)}[hour])


@pytest.mark.parametrize("told", ["24", "-1", "three", "3:00", "³"])
def test_a_setting_that_is_none_is_told_and_the_usual_hour_holds(here, monkeypatch, told):
    monkeypatch.setenv(night.VARIABLE, told)
    with pytest.raises(Invalid, match="0 to 23, or off"):
        night.hour()
    erase(here)
    assert at(here, NIGHT) == 1


def test_switched_off_it_never_comes_and_is_overdue_after_three_days(here, monkeypatch):
    monkeypatch.setenv(night.VARIABLE, "off")
    erase(here)
    assert at(here, NIGHT) == 0
    dpo = desk_of(here, Role.DPO, now=EVENING + 3 * ONE)
    assert night.standing(dpo) == night.NightStanding(1, EVENING, False, None)
    assert night.standing(desk_of(here, Role.DPO, now=EVENING + 3 * ONE + MINUTE)).overdue


@pytest.mark.parametrize("day", [datetime(2027, 3, 28), datetime(2026, 10, 25)])
def test_the_hour_that_summer_time_leaves_out_or_repeats_purges_once(here, monkeypatch, day):
    monkeypatch.setenv(night.VARIABLE, "2")
    erase(here, day - timedelta(hours=6))
    for step in range(0, 24 * 60, 20):
        if at(here, day + step * MINUTE):
            erase(here, day + step * MINUTE, f"{step:032x}")  # something waits all day
    assert len(list(here.ledger.entries(PURGED))) == 1


def test_both_ends_are_in_the_log_and_doctor_tells(here, monkeypatch):
    erase(here)
    monkeypatch.setattr(carry, "utc_now", lambda: EVENING + 4 * ONE)
    assert "Run purge now" in doctor(here)
    at(here, NIGHT + 4 * ONE)
    monkeypatch.setattr(carry, "utc_now", lambda: NIGHT + 4 * ONE + MINUTE)
    assert "last purged on 2026-11-28 02:00 UTC. The next comes at 2026-11-29 02:00 UTC" in doctor(here)
    monkeypatch.setenv(night.VARIABLE, "never")
    assert "0 to 23, or off" in doctor(here)
    with here.transaction() as tx:
        rows = [row for row in tx.rows("log.all_rows", chain=here.chain, first=0, last=10**9) if row["act"] == "store.purge"]
    assert [(row["actor_ref"], row["outcome"]) for row in rows] == [("worker", "done")] * 2


def doctor(store):
    said = []

    class Lines:
        out = err = staticmethod(said.append)

    run(store, "tester", Lines(), "doctor", {"as_json": False})
    return next(line for line in said if " purge " in line)


def test_a_purge_that_meets_a_backup_is_tried_again(here):
    erase(here)
    with here.copying:
        assert at(here, NIGHT) == 0
    assert at(here, NIGHT + MINUTE) == 1
