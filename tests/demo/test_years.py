"""The years before the stories of a demo store: closed, lawful, readable on every page, and the same for the same moment."""

from collections import Counter
from datetime import timedelta
from math import sqrt

import pandas as pd
import pytest

from core.actions.accounts.accounts import demo_accounts
from core.actions.answers import carrying, needs, plans, progress
from core.actions.answers.letters import letters
from core.actions.answers.outside import outside
from core.actions.answers.refusal import extensions, refusals
from core.actions.cases import cases, clock, queue
from core.actions.desk.desk import operator_desk
from core.actions.oversight import history as histories
from core.actions.oversight import logbook
from core.actions.oversight.board import Chosen
from core.actions.oversight.history import Span
from core.commands import making
from core.demo.sample import BEGIN, STORIES, take_samples
from core.demo.years import bulk
from core.demo.years.history import history
from core.demo.years.shares import FOUND, YEAR, YEARS
from core.law.errors import Refused
from core.law.roles import Role
from core.law.ways import Kind
from core.law.workflow import Closing
from core.store.engine import Store
from core.store.records import RequestRecord
from tests.conftest import NOW, desk_of
from tests.stores import fresh

PER_CASE = ("requests", "letters", "pauses", "approvals", "extensions")


@pytest.fixture(scope="module")
def years(tmp_path_factory):
    """A demo store of accounts, sample people and the history; none of its stories, which other tests have."""
    store = Store.create(tmp_path_factory.mktemp("years") / "desk.duckdb", "demo", NOW - YEARS)
    making._establish(store, NOW - YEARS, making.EXAMPLE)
    demo_accounts(store, NOW - YEARS, "rightsdesk demo only", cost=4)
    take_samples(store, NOW - YEARS)
    bulk.add_history(store, NOW, BEGIN)
    yield store
    store.close()


@pytest.fixture(scope="module")
def frames(years):
    with years.transaction() as tx:
        return {
            name: tx._cursor.execute(f"select * from {name}").df()
            for name in (*PER_CASE, "cases", "request_moves", "audit", "case_numbers", "closing_checks")
        }


def local(moments):
    return pd.to_datetime(moments).dt.tz_localize("UTC").dt.tz_convert("Europe/Berlin").dt.tz_localize(None).dt.normalize()


def test_the_same_moment_has_the_same_history():
    first = history(NOW, BEGIN)
    assert first == history(NOW, BEGIN)
    assert first != history(NOW + timedelta(days=1), BEGIN)


MOMENTS = [NOW + timedelta(days=47 * number, hours=number) for number in range(12)]


@pytest.mark.parametrize("now", MOMENTS)
def test_no_kind_and_no_ending_is_missing_whatever_the_moment(now):
    requests = [request for case in history(now, BEGIN) for request in case.requests]
    assert {each.kind for each in requests} == set(Kind)
    assert {each.closing for each in requests} == set(Closing)
    assert {each.kind for each in requests if each.closing in FOUND} == set(Kind)
    assert max(each.closed for each in requests) < now - BEGIN
    assert 540 <= len(requests) <= 700


@pytest.mark.parametrize("now", MOMENTS)
def test_the_stories_go_on_with_about_as_many_as_came_before(now):
    join = now - timedelta(days=max(story.days_ago for story in STORIES))
    came = [case.received for case in history(now, BEGIN)]
    assert join - max(came) < timedelta(days=10), "no gap between them"
    before = [each for each in came if each >= join - timedelta(days=60)]
    after = sum(story.days_ago > 14 for story in STORIES)
    season = sum(YEAR[(join - timedelta(days=day)).month - 1] for day in range(60)) / 60
    assert abs(len(before) / season - after) < 2 * sqrt(len(before) / season + after)
    year = [each for each in came if each < now - YEARS + timedelta(days=365)]
    assert 11 <= len(year) / 12 <= 14, "fewer came three years ago"


def test_its_log_is_sound_and_runs_forward(years):
    report = logbook.verify(operator_desk(years, "tester", NOW))
    assert report.ok
    assert report.notes == ()


def test_every_kind_and_every_ending_is_there_and_nothing_is_open(years, frames):
    requests = frames["requests"]
    assert set(requests["kind"]) == {each.value for each in Kind}
    assert set(requests["closing"]) == {each.value for each in Closing}
    assert set(requests["state"]) == {"closed"}
    assert requests["closed_at"].max() < NOW - BEGIN
    assert (requests["closed_at"] >= requests["received_at"]).all()
    assert queue.list_requests(desk_of(years, Role.MANAGER)).total == 0
    assert frames["approvals"]["decision"].notna().all()
    assert frames["closing_checks"]["verdict"].notna().all()


def test_the_days_are_those_that_the_law_computes_again(years, frames):
    asked = frames["requests"].sample(120, random_state=1)["id"].tolist()
    asked += frames["extensions"]["request_id"].tolist()[:40] + frames["pauses"]["request_id"].tolist()[:40]
    with years.transaction() as tx:
        for request_id in asked:
            row = tx.record(RequestRecord, "requests.one", id=request_id)
            dates = clock.deadline(tx, row)
            assert (row.base_due, row.final_due, row.safe_due) == (dates.base_due, dates.final_due, dates.safe_due)
            assert row.clock_state == ("paused" if dates.paused_since else "running")


def test_each_told_extension_had_effect(years, frames):
    with years.transaction() as tx:
        for request_id in frames["extensions"]["request_id"]:
            assert clock.deadline(tx, tx.record(RequestRecord, "requests.one", id=request_id)).extension_effective


def test_every_move_is_one_of_the_table(frames):
    entries = frames["audit"].dropna(subset="request_ref")
    acts = {(row.request_ref, row.happened_at, row.details): row.act for row in entries.itertuples()}
    kinds = frames["requests"].set_index("id")["kind"].to_dict()
    by_move = {}
    for (request, at, details), act in acts.items():
        if '"from"' in details:
            by_move[request, at] = act
    moves = frames["request_moves"].sort_values(["happened_at", "id"])
    for request_id, rows in moves.groupby("request_id", sort=False):
        state = "received"
        for row in rows.itertuples():
            assert row.from_state == state
            state = row.to_state
            assert (request_id, row.happened_at) in by_move, (kinds[request_id], row.step)
        assert state == "closed", kinds[request_id]


def test_each_kind_and_ending_opens_as_a_whole_page(years, frames):
    desk = desk_of(years, Role.DPO)
    for (kind, closing), rows in frames["requests"].groupby(["kind", "closing"]):
        row = rows.iloc[-1]
        file = cases.open_case(desk, row["case_ref"])
        assert file.person["name"]
        assert {each.row.id for each in file.requests} >= {row["id"]}
        assert all(each.deadline.receipt_date for each in file.requests)
        items = progress.of_request(desk, row["id"]).items
        answered = closing in {"fulfilled", "partly_fulfilled", "refused"}
        assert [item.title for item in items if answered and item.needed and not item.done] == [], (kind, closing)
        for letter in letters.list_letters(desk, row["case_ref"]):
            assert letter.text.startswith(("Good", "Dear")), letter.kind
        extensions.of_request(desk, row["id"])
        refusals.of_request(desk, row["id"])
        outside.of_request(desk, row["id"])
        needs.of_request(desk, row["id"])
        carrying.carryings_of(desk, row["id"])
        if isinstance(row["plan_id"], str):
            assert plans.open_plan(desk, row["id"]).verb


def test_the_board_counts_what_pandas_counts(years, frames):
    shown = histories.history(desk_of(years, Role.MANAGER), Chosen())
    requests, moves = frames["requests"], frames["request_moves"].sort_values(["happened_at", "id"])
    gone = requests.assign(month=local(requests["closed_at"]).dt.to_period("M"))
    for month in shown.months:
        assert month.ended == gone[gone["month"] == pd.Period(month.first, "M")]["closing"].value_counts().to_dict()
    sends = moves[moves["step"] == "send"]
    stated = sends["request_id"].map(requests.set_index("id")["sent_at"])
    assert shown.sent == len(sends)
    assert shown.entered_late == int(((local(sends["happened_at"]) - local(stated)).dt.days > 1).sum())
    assert shown.came_back == int((moves["step"] == "came_back").sum())
    approvals = frames["approvals"]
    days = (approvals["decided_at"] - approvals["asked_at"]).dt.total_seconds() / 86400
    assert shown.decided == Span(len(days), pytest.approx(days.quantile(0.5)), pytest.approx(days.quantile(0.9)))
    assert shown.given_back == int((approvals["decision"] == "given_back").sum())
    assert shown.asked == len(frames["pauses"])
    assert shown.extended == len(frames["extensions"])
    assert min(shown.entered_late, shown.came_back, shown.given_back, shown.extended, shown.complained) > 0
    assert 0.02 < shown.extended / len(requests) < 0.1
    usual = {
        kind: histories.history(desk_of(years, Role.MANAGER), Chosen(right=kind)).stood["in_progress"].median
        for kind in ("access", "restriction", "objection")
    }
    assert usual["restriction"] < usual["access"] < usual["objection"]


def test_the_year_the_week_and_the_press_story_are_seen(frames):
    came = local(frames["cases"]["received_at"])
    story = came.between(pd.Timestamp(NOW.date() - timedelta(days=425)), pd.Timestamp(NOW.date() - timedelta(days=412)))
    assert 115 <= story.sum() <= 150
    rest = came[~story]
    weekday, month = Counter(rest.dt.day_of_week), Counter(rest.dt.month)
    assert weekday[5] + weekday[6] < weekday[0] / 2
    assert min(month[1], month[5]) > 1.5 * month[8]
    requests = frames["requests"].dropna(subset=["due_end", "sent_at"])
    late = requests["sent_at"] >= requests["due_end"]
    burst = local(requests["received_at"]).between(
        pd.Timestamp(NOW.date() - timedelta(days=425)), pd.Timestamp(NOW.date() - timedelta(days=412))
    )
    assert 0 < late[~burst].mean() < 0.1 < late[burst].mean()


def test_references_go_on_where_the_history_ends(years, frames):
    references = frames["cases"].sort_values("created_at")["reference"]
    assert references.is_unique
    assert references.is_monotonic_increasing
    last = frames["case_numbers"].set_index("year")["last_number"].to_dict()
    assert last == frames["cases"].groupby(references.str[3:7].astype(int)).size().to_dict()


def test_nothing_is_entered_so_in_a_live_store(tmp_path):
    store = Store.open(fresh(tmp_path / "desk.duckdb", "live"), NOW)
    try:
        with store.transaction() as tx, pytest.raises(Refused, match="nothing is entered"):
            bulk.enter_before(store, tx, [])
    finally:
        store.close()
