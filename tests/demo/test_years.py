"""The years before the stories of a demo store: closed, lawful, readable on every page, and the same for the same moment."""

from collections import Counter
from dataclasses import fields, replace
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
from core.actions.oversight import board as boards
from core.actions.oversight import history as histories
from core.actions.oversight import logbook
from core.actions.oversight.board import Chosen
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
from tests.actions.oversight import counted
from tests.actions.oversight.counted import local
from tests.actions.oversight.requests_made_up import CASES, PAUSES, REQUESTS, fill, made_up, tell_people
from tests.conftest import NOW, desk_of
from tests.documents.reading import pdf_words
from tests.stores import copied, fresh

PER_CASE = ("requests", "letters", "pauses", "approvals", "extensions")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The closed demo store of accounts, sample people and the history; none of its stories, which other tests have."""
    path = tmp_path_factory.mktemp("built") / "desk.duckdb"
    store = Store.create(path, "demo", NOW - YEARS)
    making._establish(store, NOW - YEARS, making.EXAMPLE)
    demo_accounts(store, NOW - YEARS, "rightsdesk demo only", cost=4)
    take_samples(store, NOW - YEARS)
    bulk.add_history(store, NOW, BEGIN)
    store.close()
    return path


@pytest.fixture(scope="module")
def years(built, tmp_path_factory):
    """The store of the years, opened."""
    store = Store.open(copied(built, tmp_path_factory.mktemp("years") / "desk.duckdb"), NOW)
    yield store
    store.close()


@pytest.fixture(scope="module")
def at_work(built, tmp_path_factory):
    """The years with made-up requests of today beside them, open ones in every band, and the rows of both."""
    store = Store.open(copied(built, tmp_path_factory.mktemp("at-work") / "desk.duckdb"), NOW)
    frame = pd.DataFrame(made_up(120, seed=5))
    asked = frame[frame["asked"] == "open"].assign(answered_on=None, request_id=lambda each: each["id"], asked_on=NOW.date())
    fill(store, [(frame, CASES), (frame, REQUESTS), (asked, PAUSES)])
    tell_people(store)
    yield store, counted.rows_of(store)
    store.close()


@pytest.fixture(scope="module")
def frames(years):
    with years.transaction() as tx:
        return {
            name: tx._cursor.execute(f"select * from {name}").df()
            for name in (*PER_CASE, "cases", "request_moves", "audit", "case_numbers", "closing_checks")
        }


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


def test_a_past_letter_is_printed_with_the_day_and_the_name_of_its_sending(years, frames):
    reader = desk_of(years, Role.DPO, name="reader")
    with years.transaction() as tx:
        names = {row["id"]: row["name"] for row in tx.rows("queue.owners")}
    for _, rows in frames["letters"].groupby("kind"):
        row = rows.iloc[0]
        printed = letters.fetch(reader, row["id"]).content
        words = pdf_words(printed)
        assert f"{local(rows['sent_at']).iloc[0]:%-d%B%Y}" in words, row["kind"]
        assert names[row["sent_by"]].replace(" ", "") in words
        assert "reader" not in words
        assert f"{NOW:%-d%B%Y}" not in words
    assert letters.fetch(reader, row["id"]).content == printed, "the same at every download"


def days_ago(days):
    return NOW.date() - timedelta(days=days)


@pytest.mark.parametrize("chosen", [
    Chosen(), Chosen(since=days_ago(30)), Chosen(since=days_ago(90)), Chosen(since=days_ago(365)),
    Chosen(since=days_ago(800), until=days_ago(400)), Chosen(right="access"), Chosen(right="complaint", since=days_ago(365)),
    Chosen(right="erasure", channel="email"), Chosen(owner="0"), Chosen(owner="2", since=days_ago(365)), Chosen(owner=""),  # by how many they have
    Chosen(channel="post"), Chosen(channel="account", since=days_ago(365)),
], ids=str)
def test_the_board_and_its_history_count_what_pandas_counts(at_work, chosen):
    store, rows = at_work
    desk = desk_of(store, Role.MANAGER)
    if chosen.owner:
        chosen = replace(chosen, owner=rows.requests["owner_id"].value_counts().index[int(chosen.owner)])
    shown, history_of = boards.board(desk, chosen), histories.history(desk, chosen)
    assert counted.differences(shown, counted.board(rows, chosen, NOW.date())) == {}
    assert counted.differences(history_of, counted.history(rows, chosen, NOW.date())) == {}
    assert len(rows.of(chosen).requests) > 0


def test_the_years_have_something_of_every_number(at_work):
    desk = desk_of(at_work[0], Role.MANAGER)
    shown, told = boards.board(desk), histories.history(desk, Chosen())
    assert min(shown.bands.values()) > 0
    assert all(vars_of(shown.in_time).values())
    numbers = {name: getattr(number, "number", number) for name, number in vars_of(told).items()}
    empty = {name for name, number in numbers.items() if not number}
    assert empty == {"since", "least"}
    assert all(month.received and month.ended for month in told.months[:-4]), "until the years end"
    usual = {
        kind: histories.history(desk, Chosen(right=kind)).stood["in_progress"].median
        for kind in ("access", "restriction", "objection")
    }
    assert usual["restriction"] < usual["access"] < usual["objection"]


def vars_of(value):
    return {each.name: getattr(value, each.name) for each in fields(value)}


def test_few_are_extended_and_each_day_ends_where_the_desk_is(frames):
    requests = frames["requests"].dropna(subset="due_end")
    assert 0.02 < len(frames["extensions"]) / len(frames["requests"]) < 0.1
    assert (local(requests["due_end"]) == requests["final_due"] + pd.Timedelta(days=1)).all()
    assert (local(requests["due_end"] - pd.Timedelta(seconds=1)) == requests["final_due"]).all()


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
