"""The brake on guessing: it slows down whoever guesses, and keeps nobody out who has the right password."""

from datetime import timedelta

import pytest

from core.actions.accounts import devices
from core.actions.desk import throttle
from core.actions.desk.throttle import FREE, NotLookedAt
from core.law.errors import SignedOut
from core.store.engine import Store
from tests.actions.signing import enter, entries, first_administrator
from tests.conftest import NOW

WRONG = "wrong, wrong, wrong"


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Nobody waits: an attempt that would have to is not looked at."""
    monkeypatch.setattr(throttle, "PATIENCE", 0.0)


@pytest.fixture
def quick(monkeypatch):
    """The waits are short."""
    monkeypatch.setattr(throttle, "PATIENCE", 20.0)
    monkeypatch.setattr(throttle, "SHORTEST", 0.01)
    monkeypatch.setattr(throttle, "LONGEST", {throttle.ACCOUNT: 0.02, throttle.PLACE: 0.02})


def fail(store, times, name="root", place="far", **more):
    for number in range(times):
        with pytest.raises(SignedOut) as told:
            enter(store, name.format(number), password=WRONG, place=place.format(number), **more)
        assert type(told.value) is SignedOut


def waits(store, name="root", place="near", **more):
    with pytest.raises(NotLookedAt):
        enter(store, name, place=place, **more)


def device(store, name="root", when=NOW):
    return devices.issue(store, when, name)


def test_after_five_failures_an_account_is_looked_at_in_turns_from_everywhere_and_after_a_restart(tmp_path):
    store = Store.create(tmp_path / "desk.duckdb", "bench", NOW)
    first_administrator(store)
    fail(store, FREE[throttle.ACCOUNT], place="place {}")
    count = len(entries(store))
    waits(store)
    store.close()
    store = Store.open(tmp_path / "desk.duckdb", NOW)
    waits(store)
    assert len(entries(store)) == count, "what had no turn costs neither a hash nor a line"
    assert enter(store, "root", NOW + timedelta(hours=24, seconds=1))
    store.close()


@pytest.mark.usefixtures("quick")
def test_the_right_person_gets_in_however_often_others_failed(store, monkeypatch):
    monkeypatch.setattr(throttle, "KEPT", 12)
    first_administrator(store)
    fail(store, 30)
    assert enter(store, "root", place="near")
    with store.transaction() as tx:
        kept = tx.rows("sessions.failures", source=throttle._hashed(store, "place", "far"), since=NOW - throttle.MEMORY, latest=NOW)
    assert kept[0]["failures"] == throttle.KEPT


@pytest.mark.usefixtures("quick")
def test_a_success_forgives_the_account(store, monkeypatch):
    first_administrator(store)
    fail(store, 9)
    assert enter(store, "root", place="near")
    monkeypatch.setattr(throttle, "PATIENCE", 0.0)
    fail(store, FREE[throttle.ACCOUNT])
    waits(store)


def test_names_that_nobody_has_wait_like_those_of_accounts(store):
    first_administrator(store)
    fail(store, FREE[throttle.ACCOUNT], name="nobody")
    waits(store, "nobody")


def test_a_place_from_which_many_names_are_tried_waits_and_no_other_place(store):
    first_administrator(store)
    fail(store, FREE[throttle.PLACE], name="name {}", place="here")
    waits(store, place="here")
    assert enter(store, "root", place="there")


def test_failures_of_the_day_before_are_not_kept(store):
    first_administrator(store)
    fail(store, 3, name="name {}")
    fail(store, 1, name="another", now=NOW + timedelta(hours=24, seconds=1))
    with store.transaction() as tx:
        assert tx._cursor.execute("select count(*) from sign_in_failures").fetchone() == (2,), "of the place and of the name"


def test_a_success_forgives_its_place_in_part(store):
    first_administrator(store)
    fail(store, FREE[throttle.PLACE], name="name {}", place="here")
    assert enter(store, "root", place="here", device=device(store))
    fail(store, throttle.FORGIVEN, name="other {}", place="here")
    waits(store, place="here")


def test_ten_people_who_mistype_at_one_place_keep_nobody_waiting(store):
    first_administrator(store)
    fail(store, 10, name="colleague {}", place="office")
    assert enter(store, "root", place="office")


def test_a_known_browser_waits_with_nobody_until_it_failed_ten_times_itself(store):
    first_administrator(store)
    fail(store, FREE[throttle.ACCOUNT])
    kept = device(store)
    fail(store, 9, device=kept)
    assert enter(store, "root", device=kept), "a success forgives its own failures"
    fail(store, 10, device=kept)
    waits(store, device=kept)
    assert enter(store, "root", device=device(store)), "another browser of the same person"


def test_its_failures_are_not_those_of_the_account(store):
    first_administrator(store)
    fail(store, 9, device=device(store))
    fail(store, FREE[throttle.ACCOUNT])


@pytest.mark.parametrize("change", [
    lambda store: device(store, "another"), lambda store: device(store, when=NOW - timedelta(days=180)),
    lambda store: device(store)[:-1] + "g", lambda store: "9" + device(store), lambda _: "", lambda _: "x" * 5_000,
    lambda store: device(store).replace(".", "\n", 1),
])
def test_only_what_this_desk_gave_for_that_name_makes_a_browser_known(store, change):
    first_administrator(store)
    fail(store, FREE[throttle.ACCOUNT])
    waits(store, device=change(store))


def test_signing_in_makes_the_browser_known(store):
    first_administrator(store)
    signed = enter(store, "root", whole=True)
    assert devices.known(store, NOW, "root", signed.device)
    assert not devices.known(store, NOW, "dpo", signed.device)
