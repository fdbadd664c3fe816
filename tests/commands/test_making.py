"""The demo store: every state, late and due soon, made by the desk's own acts, with a sound log."""

from datetime import timedelta

import pytest

from core.actions.accounts import accounts
from core.actions.cases import queue
from core.actions.desk.desk import operator_desk
from core.actions.desk.moment import today_of
from core.actions.oversight import logbook
from core.commands.carry import utc_now
from core.commands.making import FILES, make_demo
from core.demo.sample import STORIES
from core.law.errors import Refused
from core.law.roles import Role
from core.law.workflow import State
from core.store.engine import Store
from tests.conftest import desk_of
from tests.stores import of_the_run, sample


class Told:
    def __init__(self):
        self.lines = []

    def out(self, text):
        self.lines.append(text)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    path = sample(tmp_path_factory.mktemp("demo") / "desk.duckdb", of_the_run(tmp_path_factory))
    store = Store.open(path, utc_now())
    yield store
    store.close()


def test_the_queue_is_alive(demo):
    desk = desk_of(demo, Role.STEWARD, now=utc_now())
    listed, closed = queue.list_requests(desk, "open"), queue.list_requests(desk, "closed")
    pages = range(1, -(-listed.total // queue.PAGE) + 1)
    rows = [row for page in pages for row in queue.list_requests(desk, "open", page=page).rows]
    assert {row.state for row in (*rows, *closed.rows)} == {state.value for state in State}
    today = today_of(desk)
    assert any(row.due and row.due < today for row in rows)
    assert any(row.due and today <= row.due <= today + timedelta(days=7) for row in rows)
    assert any(row.due is None for row in rows)
    assert any(row.came_back for row in rows)
    assert any(not row.owner for row in rows)
    assert listed.total + closed.total == sum(len(f"{story.rights} {story.later}".split()) for story in STORIES)


INTERESTING = {
    ("erasure", "awaiting_approval", None), ("erasure", "ready_to_send", None), ("erasure", "closed", "partly_fulfilled"),
    ("rectification", "in_progress", None), ("rectification", "awaiting_approval", None),
    ("rectification", "closed", "fulfilled"), ("restriction", "ready_to_send", None), ("restriction", "closed", "fulfilled"),
    ("objection_marketing", "received", None), ("objection_marketing", "ready_to_send", None),
    ("objection_marketing", "closed", "fulfilled"), ("consent_withdrawal", "in_progress", None),
    ("consent_withdrawal", "closed", "fulfilled"), ("portability", "in_progress", None), ("objection", "in_progress", None),
    ("human_review", "received", None), ("information", "received", None), ("complaint", "closed", "forwarded"),
    ("access", "awaiting_approval", None), ("access", "carrying_out", None), ("access", "closed", "fulfilled"),
}


def test_every_right_stands_in_each_interesting_state(demo):
    with demo.transaction() as tx:
        rows = tx._cursor.execute("select kind, state, closing from requests").fetchall()
        verbs = {row[0] for row in tx._cursor.execute("select verb from approvals a join requests r on r.id = a.request_id "
                                                      "join plans p on p.id = r.plan_id where a.decision is null").fetchall()}
    assert set(rows) >= INTERESTING
    assert verbs == {"export", "erase", "rectify", "refuse"}, "each kind of approval waits for the approver"


def test_its_log_is_sound_and_its_clock_runs_forward(demo):
    report = logbook.verify(operator_desk(demo, "tester", utc_now()))
    assert report.ok
    assert report.notes == ()


def test_every_role_has_an_account_today(demo):
    found = accounts.list_accounts(desk_of(demo, Role.ADMINISTRATOR, now=utc_now()))
    active = {held.role for account in found for held in account.roles if held.state == "active"}
    assert active == {Role(name) for name in Role if name not in {Role.OPERATOR, Role.WORKER, Role.PUBLIC}}


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
