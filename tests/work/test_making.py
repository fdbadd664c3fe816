"""The demo store: every state, late and due soon, made by the desk's own acts, with a sound log."""

from datetime import timedelta

import pytest

from core.actions import accounts, logbook, queue
from core.actions.clock import today_of
from core.actions.desk import operator_desk
from core.law.errors import Refused
from core.law.roles import Role
from core.law.workflow import State
from core.store.engine import Store
from core.work.carried import utc_now
from core.work.making import FILES, make_demo
from core.work.sample import STORIES
from tests.conftest import desk_of


class Told:
    def __init__(self):
        self.lines = []

    def out(self, text):
        self.lines.append(text)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    path = tmp_path_factory.mktemp("demo") / "desk.duckdb"
    make_demo(path, Told(), bare=False)
    store = Store.open(path, utc_now())
    yield store
    store.close()


def test_the_queue_is_alive(demo):
    desk = desk_of(demo, Role.STEWARD, now=utc_now())
    listed = queue.list_requests(desk, "open")
    closed = queue.list_requests(desk, "closed")
    assert {row.state for row in (*listed.rows, *closed.rows)} == {state.value for state in State}
    today = today_of(desk)
    assert any(row.due and row.due < today for row in listed.rows)
    assert any(row.due and today <= row.due <= today + timedelta(days=7) for row in listed.rows)
    assert any(row.due is None for row in listed.rows)
    assert any(row.came_back for row in listed.rows)
    assert any(not row.owner for row in listed.rows)
    assert listed.total + closed.total == sum(len(story.rights.split()) for story in STORIES)


def test_its_log_is_sound_and_its_clock_runs_forward(demo):
    report = logbook.verify(operator_desk(demo, "tester", utc_now()))
    assert report.ok
    assert report.notes == ()


def test_every_role_has_an_account_today(demo):
    found = accounts.list_accounts(desk_of(demo, Role.ADMINISTRATOR, now=utc_now()))
    active = {held.role for account in found for held in account.roles if held.state == "active"}
    assert active == {Role(name) for name in Role if name not in {Role.OPERATOR, Role.WORKER}}


def test_bare_holds_accounts_and_nobody_else(tmp_path):
    told = Told()
    make_demo(tmp_path / "desk.duckdb", told, bare=True)
    assert "password" in "".join(told.lines)
    store = Store.open(tmp_path / "desk.duckdb", utc_now())
    try:
        assert queue.list_requests(desk_of(store, Role.STEWARD, now=utc_now())).total == 0
        assert store.facts["establishment.controller"] == "Example Controller Ltd"
    finally:
        store.close()


def test_a_store_that_is_there_stays_as_it_is(tmp_path):
    path = tmp_path / "desk.duckdb"
    make_demo(path, Told(), bare=True)
    before = {suffix: path.with_name(path.name + suffix).exists() for suffix in FILES}
    with pytest.raises(Refused, match="already there"):
        make_demo(path, Told(), bare=True)
    assert {suffix: path.with_name(path.name + suffix).exists() for suffix in FILES} == before
