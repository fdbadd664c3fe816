"""The board against an independent count in pandas over the same rows, and against the queue behind a click."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from core.actions.cases import queue
from core.actions.cases.clock import deadline, set_dates
from core.actions.cases.identity import STATE_AFTER
from core.actions.cases.queue import Only
from core.actions.desk.establishment import Establishment, keep
from core.actions.desk.moment import today_of
from core.actions.oversight import board as boards
from core.actions.oversight import sealed
from core.actions.oversight.board import Chosen
from core.actions.oversight.history import history
from core.law.clock.figures import LEFT_OUT, Waits, standings
from core.law.clock.standing import BANDS
from core.law.errors import Invalid, NotAllowed
from core.law.roles import Role
from core.law.workflow import State
from core.store.records import RequestRecord
from pages.board import heat
from pages.parts.badges import IDENTITY
from tests.actions.conftest import take_in
from tests.actions.oversight import counted
from tests.actions.oversight.requests_made_up import CASES, CHANNELS, PAUSES, REQUESTS, TODAY, fill, made_up, tell_people
from tests.conftest import desk_of
from tests.grounds import ground


@ground()
def many_requests(store):
    """Give a store with made-up requests, some in sealed cases, and the same rows as a frame."""
    frame = pd.DataFrame(made_up(900, seed=20))
    asked = frame.dropna(subset="asked").assign(answered_on=lambda each: each["asked"].map({"open": None, "answered": TODAY}))
    fill(store, [(frame, CASES), (frame, REQUESTS), (asked.assign(request_id=asked["id"], asked_on=TODAY), PAUSES)])
    tell_people(store)
    return store, frame


@pytest.fixture
def rows(many_requests):
    """The rows of the store, exported anew."""
    return counted.rows_of(many_requests[0])


def since_of(period):
    return TODAY - timedelta(days=period) if period else None


def test_every_count_of_open_requests_is_that_of_pandas(many_requests, rows):
    store, frame = many_requests
    board = boards.board(desk_of(store, Role.MANAGER))
    assert counted.differences(board, counted.board(rows, Chosen(), TODAY)) == {}
    assert len(rows.requests) == len(frame), "all of them were exported"
    assert {code for code, _ in board.waits} == set(Waits), "on everybody somebody waits, so that each was compared"
    assert min(board.bands.values()) > 0, "every band is there, so that each was compared"
    assert set(board.bands) == set(BANDS)


def test_every_way_to_stand_is_looked_for_in_the_queue():
    ways = [way for who in Waits for way in standings(who)]
    assert len(ways) == len(set(ways)), "on one alone each request waits"
    assert {identity for *_, identity in ways} == {"open", *STATE_AFTER.values()} == set(IDENTITY)
    assert {state for state, *_ in ways} == set(State) - {State.CLOSED}


def test_what_is_left_out_is_what_the_law_leaves_out():
    assert set(counted.GONE) == LEFT_OUT


@pytest.mark.parametrize("period", boards.PERIODS)
def test_what_came_and_went_and_how_it_ended_is_that_of_pandas(many_requests, rows, period):
    store, frame = many_requests
    chosen = Chosen(since=since_of(period))
    board = boards.board(desk_of(store, Role.MANAGER), chosen)
    assert counted.differences(board, counted.board(rows, chosen, TODAY)) == {}
    told = board.in_time
    assert told.share == pytest.approx(told.in_time / (told.in_time + told.late + told.open_overdue))
    assert min(told.in_time, told.late, told.unmeasured, told.open_overdue, told.left_out) > 0
    assert board.flow[-1].open == board.open == int((frame["state"] != "closed").sum())


def test_the_days_are_those_of_the_controller_s_own_zone(many_requests):
    """Requests near midnight: the same rows, told in Berlin and told in UTC, differ, so the zone was heeded."""
    store, frame = many_requests
    board = boards.board(desk_of(store, Role.MANAGER))
    in_utc = pd.to_datetime(frame["received_at"]).dt.normalize().value_counts()
    assert {each.day: each.received for each in board.flow if each.received} != {
        day.date(): int(number) for day, number in in_utc.items()
    }


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Sao_Paulo", "Europe/London"])
@pytest.mark.parametrize("period", [0, 90])
def test_a_controller_elsewhere_has_the_days_of_that_place(many_requests, zone, period):
    store, _ = many_requests
    with store.transaction() as tx:
        keep(store, tx, Establishment("Elsewhere Ltd", "a@desk.example", "b@desk.example", "the authority", zone=zone))
        store.commit(tx)
    desk = desk_of(store, Role.MANAGER)
    today = today_of(desk)
    there, chosen = counted.rows_of(store, ZoneInfo(zone)), Chosen(since=today - timedelta(days=period) if period else None)
    assert counted.differences(boards.board(desk, chosen), counted.board(there, chosen, today)) == {}
    assert counted.differences(history(desk, chosen), counted.history(there, chosen, today)) == {}
    assert not there.requests["received_day"].equals(counted.rows_of(store).requests["received_day"])


@pytest.mark.parametrize("chosen", [
    Chosen(right="access"), Chosen(owner="account-a"), Chosen(owner=""), Chosen(channel="post"),
    Chosen("erasure", "account-b", "email"), Chosen(since=TODAY - timedelta(days=95), until=TODAY - timedelta(days=1)),
])
def test_a_filter_reaches_every_figure(many_requests, rows, chosen):
    store, frame = many_requests
    board = boards.board(desk_of(store, Role.MANAGER), chosen)
    assert counted.differences(board, counted.board(rows, chosen, TODAY)) == {}
    assert board.open > 0
    assert sum(each.received for each in board.flow) < len(frame)


@pytest.mark.parametrize("chosen", [
    Chosen(right="'; drop table requests"), Chosen(channel="pigeon"), Chosen(until=TODAY + timedelta(days=1)),
    Chosen(since=TODAY, until=TODAY - timedelta(days=1)), Chosen(since=date(1700, 1, 1)),
])
def test_a_filter_of_the_board_that_is_none_is_refused(store, chosen):
    with pytest.raises(Invalid):
        boards.board(desk_of(store, Role.MANAGER), chosen)


def test_an_analyst_filters_nothing_for_differences_would_tell_the_hidden_cells(many_requests):
    store, _ = many_requests
    desk = desk_of(store, Role.ANALYST)
    for chosen in (
        Chosen(right="access"), Chosen(owner="account-a"), Chosen(owner=""), Chosen(channel="post"), Chosen(until=TODAY),
        Chosen(since=TODAY - timedelta(days=89)),
    ):
        with pytest.raises(Invalid, match="totals only"):
            boards.board(desk, chosen)


def test_behind_every_figure_the_queue_counts_the_same(many_requests):
    store, _ = many_requests
    desk = desk_of(store, Role.MANAGER)
    board = boards.board(desk)
    listed = queue.list_requests(desk)
    assert sealed.count(desk).cases > 0
    assert listed.total < board.open, "sealed cases are counted for everybody, and listed for those they are sealed to"
    with store.transaction() as tx:
        tx._cursor.execute("insert into case_named select case_ref, $me from cases", {"me": desk.person.account_id})
        store.commit(tx)

    def total(*given, **named):
        return queue.list_requests(desk, *given, **named).total

    for band, number in board.bands.items():
        assert total(only=Only(band=band)) == number, band
    for (kind, band), number in board.rights.items():
        assert total("open", kind, only=Only(band=band)) == number
    for (code, band), number in board.waits.items():
        assert total(only=Only(band=band, waits=code)) == number, code
    assert sum(total(only=Only(waits=code)) for code in Waits) == board.open
    for (owner, band), number in board.owners.items():
        assert total("open", None, owner, only=Only(band=band)) == number
    for day, number in board.days.items():
        assert total(only=Only(due=day)) == number
    cells = heat.cells(board)
    assert {code for _, code in cells} >= {heat.EARLIER, heat.LATER, heat.PAUSED, TODAY.isoformat()}
    for (kind, code), number in cells.items():
        asked = heat.query(board, kind, code)
        due, after = (date.fromisoformat(asked[name]) if name in asked else None for name in ("due", "after"))
        assert total(right=asked["right"], only=Only(band=asked.get("band"), due=due, after=after)) == number, (kind, code)
    since = TODAY - timedelta(days=90)
    ended = boards.board(desk, Chosen(since=since))
    assert total("closed", only=Only(outcome="in_time", since=since)) == ended.in_time.in_time
    assert total("closed", only=Only(outcome="late", since=since)) == ended.in_time.late
    assert total("closed", only=Only(outcome="left_out", since=since)) == ended.in_time.left_out
    assert total("closed", only=Only(outcome="answered", since=since)) == ended.answered.answers
    early = boards.board(desk, Chosen(since=since, until=TODAY - timedelta(days=1)))
    assert total("closed", only=Only(outcome="late", since=since, until=TODAY - timedelta(days=1))) == early.in_time.late
    assert early.in_time.late < ended.in_time.late
    for channel in CHANNELS:
        assert total(only=Only(band="soon", channel=channel)) == boards.board(desk, Chosen(channel=channel)).bands["soon"]
    assert total("overdue") == total(only=Only(band="overdue"))
    assert total("soon") == total(only=Only(band="soon"))
    page = queue.list_requests(desk)
    assert (page.counts["overdue"], page.counts["soon"]) == (board.bands["overdue"], board.bands["soon"])


def test_an_analyst_gets_no_small_cell_and_nothing_from_which_one_follows(many_requests):
    store, _ = many_requests
    whole = boards.board(desk_of(store, Role.MANAGER))
    board = boards.board(desk_of(store, Role.ANALYST))
    assert min(board.rights.values()) >= 5
    assert {cell: number for cell, number in whole.rights.items() if number >= 5} == board.rights
    assert len(board.rights) < len(whole.rights)
    assert board.open == sum(board.rights.values())
    assert (board.owners, board.heat, board.waits, board.names, board.flow) == ({}, {}, {}, {}, ())
    assert board.answered is None, "with it and the closed ones the hidden rights could be counted"
    for each in board.in_time_of.values():
        assert min(each.in_time, each.late, each.open_overdue) >= 5


@pytest.mark.parametrize("role", [Role.DPO, Role.STEWARD, Role.APPROVER, Role.MANAGER, Role.ANALYST])
def test_an_empty_desk_has_an_empty_board(store, role):
    board = boards.board(desk_of(store, role))
    assert board.open == 0
    assert (board.in_time, board.answered, board.flow) == (None, None, ())


def test_who_may_not_look_gets_nothing(store):
    for role in (Role.ADMINISTRATOR, Role.MARKETER, Role.SETUP):
        with pytest.raises(NotAllowed):
            boards.board(desk_of(store, role))


def test_a_filter_that_is_none_is_refused(store):
    for only in (Only(band="'; drop table requests"), Only(outcome="never"), Only(channel="pigeon"), Only(waits="godot")):
        with pytest.raises(Invalid):
            queue.list_requests(desk_of(store, Role.MANAGER), only=only)


def test_a_request_keeps_the_moment_at_which_its_last_day_is_over(walk):
    with walk.store.transaction() as tx:
        row = tx.record(RequestRecord, "requests.one", id=walk.request_id)
        assert row.final_due is not None
        set_dates(tx, row)
        kept = tx._cursor.execute("select due_end from requests where id = $id", {"id": row.id}).fetchone()[0]
        assert kept == deadline(tx, row).deadline_end_utc.replace(tzinfo=None)
    other = take_in(walk, None)
    assert other.row().clock_state == "running"
