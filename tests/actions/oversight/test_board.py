"""The board against an independent count in pandas over the same rows, and against the queue behind a click."""

from datetime import date, timedelta

import pandas as pd
import pytest

from core.actions.cases import queue
from core.actions.cases.clock import deadline, set_dates
from core.actions.cases.identity import STATE_AFTER
from core.actions.cases.queue import Only
from core.actions.oversight import board as boards
from core.actions.oversight import sealed
from core.actions.oversight.board import Answered, Chosen
from core.law.clock.figures import LEFT_OUT, Waits, standings
from core.law.clock.standing import BANDS
from core.law.errors import Invalid, NotAllowed
from core.law.roles import Role
from core.law.workflow import State
from core.store.records import RequestRecord
from pages.board import heat
from pages.parts.badges import IDENTITY
from tests.actions.conftest import take_in
from tests.actions.oversight.requests_made_up import CASES, CHANNELS, PAUSES, REQUESTS, TODAY, fill, made_up
from tests.conftest import desk_of
from tests.grounds import ground


@ground()
def many_requests(store):
    """Give a store with made-up requests, some in sealed cases, and the same rows as a frame."""
    frame = pd.DataFrame(made_up(900, seed=20))
    asked = frame.dropna(subset="asked").assign(answered_on=lambda each: each["asked"].map({"open": None, "answered": TODAY}))
    fill(store, [(frame, CASES), (frame, REQUESTS), (asked.assign(request_id=asked["id"], asked_on=TODAY), PAUSES)])
    return store, frame


def band_of(row) -> str:
    """Say the band of an open row, written anew and in other words than the statement."""
    if not pd.isna(row["sent_at"]):
        return "sent"
    if row["clock_state"] == "paused":
        return "paused"
    if pd.isna(row["final_due"]):
        return "undated"
    left = (row["final_due"] - TODAY).days
    for name, first, last in (("overdue", -9999, -1), ("soon", 0, 7), ("next", 8, 21), ("later", 22, 9999)):
        if first <= left <= last:
            return name
    raise AssertionError


def waits_of(row) -> str:
    """Say on whom an open row waits, in other words than the statement: by what was done last."""
    if not pd.isna(row["sent_at"]):
        return "closing"
    if row["asked"] == "open":
        return "person"
    by_state = {"awaiting_approval": "approver", "carrying_out": "system", "ready_to_send": "sending"}
    if row["state"] in by_state:
        return by_state[row["state"]]
    unproven = row["kind"] in {"access", "portability", "rectification", "erasure", "restriction", "human_review"}
    return "identity" if row["state"] == "in_progress" and row["identity"] == "open" and unproven else "us"


def local(moments):
    """The days of stored moments in Berlin."""
    return pd.to_datetime(moments).dt.tz_localize("UTC").dt.tz_convert("Europe/Berlin").dt.tz_localize(None).dt.normalize()


def counted(frame) -> dict:
    return {key: int(number) for key, number in frame.value_counts().items()}


def test_every_count_of_open_requests_is_that_of_pandas(many_requests):
    store, frame = many_requests
    board = boards.board(desk_of(store, Role.MANAGER))
    running = frame[frame["state"] != "closed"].assign(band=lambda each: each.apply(band_of, axis=1))
    assert board.open == len(running)
    assert board.bands == {band: int((running["band"] == band).sum()) for band in BANDS}
    assert board.rights == counted(running[["kind", "band"]])
    assert board.owners == counted(running.assign(owner_id=running["owner_id"].fillna(""))[["owner_id", "band"]])
    dated = running[running["band"].isin(["overdue", "soon", "next", "later"])]
    assert board.days == {day: int(number) for day, number in dated["final_due"].value_counts().items()}
    assert board.heat == counted(dated[["kind", "final_due"]])
    assert board.waits == counted(running.assign(waits=running.apply(waits_of, axis=1))[["waits", "band"]])
    assert {code for code, _ in board.waits} == set(Waits), "on everybody somebody waits, so that each was compared"
    assert min(board.bands.values()) > 0, "every band is there, so that each was compared"


def test_every_way_to_stand_is_looked_for_in_the_queue():
    ways = [way for who in Waits for way in standings(who)]
    assert len(ways) == len(set(ways)), "on one alone each request waits"
    assert {identity for *_, identity in ways} == {"open", *STATE_AFTER.values()} == set(IDENTITY)
    assert {state for state, *_ in ways} == set(State) - {State.CLOSED}


GONE = ("withdrawn", "duplicate", "not_a_request", "forwarded")
assert set(GONE) == LEFT_OUT


def since_of(period):
    return TODAY - timedelta(days=period) if period else None


@pytest.mark.parametrize("period", boards.PERIODS)
def test_the_share_in_time_and_the_days_to_answer_are_those_of_pandas(many_requests, period):
    store, frame = many_requests
    board = boards.board(desk_of(store, Role.MANAGER), Chosen(since=since_of(period)))
    closed = frame[frame["state"] == "closed"]
    if period:
        closed = closed[local(closed["closed_at"]) >= pd.Timestamp(TODAY) - pd.Timedelta(days=period)]
    left_out = closed["closing"].isin(GONE)
    ended = closed["sent_at"].fillna(closed["closed_at"])
    in_time = ((ended < closed["due_end"]) | (closed["final_due"].isna() & (closed["clock_state"] == "paused"))) & ~left_out
    late = closed["final_due"].notna() & ~in_time & ~left_out
    overdue = frame[(frame["state"] != "closed") & frame["sent_at"].isna() & frame["final_due"].notna()]
    overdue = overdue[overdue["final_due"].map(lambda day: day < TODAY)]
    told = board.in_time
    assert (told.in_time, told.late, told.left_out, told.unmeasured, told.open_overdue) == (
        in_time.sum(), late.sum(), left_out.sum(), (~(in_time | late | left_out)).sum(), len(overdue)
    )
    assert told.share == pytest.approx(in_time.sum() / (in_time.sum() + late.sum() + len(overdue)))
    for kind, each in board.in_time_of.items():
        mine = closed["kind"] == kind
        assert (each.in_time, each.late, each.left_out) == ((in_time & mine).sum(), (late & mine).sum(), (left_out & mine).sum())
        assert each.open_overdue == (overdue["kind"] == kind).sum()
    assert min(told.in_time, told.late, told.unmeasured, told.open_overdue, told.left_out) > 0
    answered = closed[~left_out & closed["sent_at"].notna()]
    days = (local(answered["sent_at"]) - local(answered["received_at"])).dt.days
    assert board.answered == Answered(len(answered), days.quantile(0.5), pytest.approx(days.quantile(0.9)))


@pytest.mark.parametrize("period", boards.PERIODS)
def test_what_came_and_went_each_day_is_that_of_pandas(many_requests, period):
    store, frame = many_requests
    board = boards.board(desk_of(store, Role.MANAGER), Chosen(since=since_of(period)))
    closed = frame[frame["state"] == "closed"]
    came, went, gone = (
        local(rows).value_counts() for rows in (frame["received_at"], frame["sent_at"].dropna(), closed["closed_at"])
    )
    span = pd.date_range(local(frame["received_at"]).min(), TODAY)
    table = pd.DataFrame({"came": came, "went": went, "gone": gone}).reindex(span).fillna(0).astype(int)
    table["open"] = (table["came"] - table["gone"]).cumsum()
    if period:
        table = table[table.index >= pd.Timestamp(TODAY) - pd.Timedelta(days=period)]
    assert [(each.day, each.received, each.answered, each.open) for each in board.flow] == [
        (day.date(), row.came, row.went, row.open) for day, row in table.iterrows()
    ]
    assert board.flow[-1].open == board.open == int((frame["state"] != "closed").sum())


def test_the_days_are_those_of_the_controller_s_own_zone(many_requests):
    """Requests near midnight: the same rows, told in Berlin and told in UTC, differ, so the zone was heeded."""
    store, frame = many_requests
    board = boards.board(desk_of(store, Role.MANAGER))
    in_utc = pd.to_datetime(frame["received_at"]).dt.normalize().value_counts()
    assert {each.day: each.received for each in board.flow if each.received} != {
        day.date(): int(number) for day, number in in_utc.items()
    }


@pytest.mark.parametrize(("named", "chosen"), [
    ({"kind": "access"}, Chosen(right="access")), ({"owner_id": "account-a"}, Chosen(owner="account-a")),
    ({"owner_id": None}, Chosen(owner="")), ({"channel": "post"}, Chosen(channel="post")),
    ({"kind": "erasure", "owner_id": "account-b", "channel": "email"}, Chosen("erasure", "account-b", "email")),
])
def test_a_filter_reaches_every_figure(many_requests, named, chosen):
    store, frame = many_requests
    board = boards.board(desk_of(store, Role.MANAGER), chosen)
    mine = frame
    for name, value in named.items():
        mine = mine[mine[name].isna() if value is None else mine[name] == value]
    running, closed = mine[mine["state"] != "closed"], mine[mine["state"] == "closed"]
    assert board.open == len(running) > 0
    assert sum(board.waits.values()) == sum(board.owners.values()) == len(running)
    assert sum(each.received for each in board.flow) == len(mine)
    ended = board.in_time
    assert ended.in_time + ended.late + ended.unmeasured + ended.left_out == len(closed)


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
