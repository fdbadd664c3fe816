"""The deadline board against an independent count in pandas over the same rows, and against the queue behind a click."""

from datetime import datetime, timedelta
from random import Random

import pandas as pd
import pytest

from core.actions.cases import queue
from core.actions.cases.clock import deadline, set_dates
from core.actions.cases.queue import Only
from core.actions.oversight import deadlines, sealed
from core.law.clock.standing import BANDS
from core.law.errors import Invalid, NotAllowed
from core.law.roles import Role
from core.law.ways import Kind
from core.store.records import RequestRecord
from tests.actions.conftest import take_in
from tests.conftest import NOW, desk_of
from tests.grounds import ground

TODAY = NOW.date()
OWNERS = (None, "account-a", "account-b", "account-c")
ADD = """
insert into requests (id, case_ref, reference, kind, state, owner_id, received_at, profile_id, profile_version,
    calendar_id, calendar_version, zone, final_due, due_end, clock_state, sent_at, closed_at, version)
values ($id, $id, $id, $kind, $state, $owner_id, $received_at, 'eu_gdpr', '2018-05-25', 'DE', 'x', 'Europe/Berlin',
    $final_due, $due_end, $clock_state, $sent_at, $closed_at, 1)
"""
CASE = """
insert into cases (case_ref, reference, created_at, received_at, channel, taken_in_by, subject_state, person,
    identity_state, sealed_to_names, version)
values ($id, $id, $now, $now, 'email', 'x', 'open', ''::blob, 'open', $sealed, 1)
"""


def made_up(count: int, seed: int) -> list[dict]:
    """Return rows of every kind, near the edges of every band and of the end of a day in Berlin."""
    chance, rows = Random(seed), []
    for number in range(count):
        closed = chance.random() < 0.5
        paused, undated = chance.random() < 0.12, chance.random() < 0.06
        due = None if paused or undated else TODAY + timedelta(days=chance.choice([-40, -8, -1, 0, 1, 7, 8, 21, 22, 90]))
        end = None if due is None else datetime(due.year, due.month, due.day) + timedelta(hours=23)  # midnight in winter
        sent = chance.random() < (0.8 if closed else 0.2)
        around = end or NOW - timedelta(days=20)
        sent_at = min(around + chance.choice([
            timedelta(days=-9), timedelta(seconds=-1), timedelta(), timedelta(minutes=30), timedelta(days=3)
        ]), NOW) if sent else None
        rows.append({
            "id": f"r{number:06d}", "kind": chance.choice(list(Kind)).value, "state": "closed" if closed else
            chance.choice(["received", "in_progress", "awaiting_approval", "carrying_out", "ready_to_send"]),
            "owner_id": chance.choice(OWNERS), "received_at": NOW - timedelta(days=60), "final_due": due, "due_end": end,
            "clock_state": "paused" if paused else "running", "sent_at": sent_at,
            "closed_at": NOW - timedelta(days=chance.choice([0, 1, 89, 90, 91, 400])) if closed else None,
        })
    return rows


@ground()
def many_requests(store):
    """Give a store with made-up requests, some in sealed cases, and the same rows as a frame."""
    rows = made_up(900, seed=20)
    with store.transaction() as tx:
        for number, row in enumerate(rows):
            tx._cursor.execute(CASE, {"id": row["id"], "now": NOW, "sealed": number % 9 == 0})
            tx._cursor.execute(ADD, row)
        store.commit(tx)
    return store, pd.DataFrame(rows)


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


def counted(frame) -> dict:
    return {key: int(number) for key, number in frame.value_counts().items()}


def test_every_count_of_open_requests_is_that_of_pandas(many_requests):
    store, frame = many_requests
    board = deadlines.board(desk_of(store, Role.MANAGER))
    running = frame[frame["state"] != "closed"].assign(band=lambda each: each.apply(band_of, axis=1))
    assert board.open == len(running)
    assert board.bands == {band: int((running["band"] == band).sum()) for band in BANDS}
    assert board.rights == counted(running[["kind", "band"]])
    assert board.owners == counted(running.assign(owner_id=running["owner_id"].fillna(""))[["owner_id", "band"]])
    dated = running[running["band"].isin(["overdue", "soon", "next", "later"])]
    assert board.days == {day: int(number) for day, number in dated["final_due"].value_counts().items()}
    assert min(board.bands.values()) > 0, "every band is there, so that each was compared"


@pytest.mark.parametrize("period", deadlines.PERIODS)
def test_the_share_in_time_is_that_of_pandas(many_requests, period):
    store, frame = many_requests
    board = deadlines.board(desk_of(store, Role.MANAGER), period)
    closed = frame[frame["state"] == "closed"]
    if period:
        closed = closed[closed["closed_at"] >= pd.Timestamp(TODAY) - pd.Timedelta(days=period) - pd.Timedelta(hours=1)]
    ended = closed["sent_at"].fillna(closed["closed_at"])
    in_time = (ended < closed["due_end"]) | (closed["final_due"].isna() & (closed["clock_state"] == "paused"))
    late = closed["final_due"].notna() & ~in_time
    overdue = frame[(frame["state"] != "closed") & frame["sent_at"].isna() & frame["final_due"].notna()]
    overdue = overdue[overdue["final_due"].map(lambda day: day < TODAY)]
    told = board.in_time
    assert (told.in_time, told.late, told.unmeasured, told.open_overdue) == (
        in_time.sum(), late.sum(), len(closed) - in_time.sum() - late.sum(), len(overdue)
    )
    assert told.share == pytest.approx(in_time.sum() / (in_time.sum() + late.sum() + len(overdue)))
    for kind, each in board.in_time_of.items():
        mine = closed["kind"] == kind
        assert (each.in_time, each.late) == ((in_time & mine).sum(), (late & mine).sum())
        assert each.open_overdue == (overdue["kind"] == kind).sum()
    assert min(told.in_time, told.late, told.unmeasured, told.open_overdue) > 0


def test_behind_every_figure_the_queue_counts_the_same(many_requests):
    store, _ = many_requests
    desk = desk_of(store, Role.MANAGER)
    board = deadlines.board(desk)
    listed = queue.list_requests(desk)
    assert sealed.count(desk).cases > 0
    assert listed.total < board.open, "sealed cases are counted for everybody, and listed for those they are sealed to"
    with store.transaction() as tx:
        tx._cursor.execute("insert into case_named select case_ref, $me from cases", {"me": desk.person.account_id})
        store.commit(tx)
    total = lambda *given, **named: queue.list_requests(desk, *given, **named).total  # noqa: E731 - read as a word
    for band, number in board.bands.items():
        assert total(only=Only(band=band)) == number, band
    for (kind, band), number in board.rights.items():
        assert total("open", kind, only=Only(band=band)) == number
    for (owner, band), number in board.owners.items():
        view, whose = ("open", owner) if owner else ("unassigned", None)
        assert total(view, None, whose, only=Only(band=band)) == number
    for day, number in board.days.items():
        assert total(only=Only(due=day)) == number
    since = board.since
    assert total("closed", only=Only(outcome="in_time", since=since)) == board.in_time.in_time
    assert total("closed", only=Only(outcome="late", since=since)) == board.in_time.late
    assert total("overdue") == total(only=Only(band="overdue"))
    assert total("soon") == total(only=Only(band="soon"))
    page = queue.list_requests(desk)
    assert (page.counts["overdue"], page.counts["soon"]) == (board.bands["overdue"], board.bands["soon"])


def test_an_analyst_gets_no_small_cell_and_nothing_from_which_one_follows(many_requests):
    store, _ = many_requests
    whole = deadlines.board(desk_of(store, Role.MANAGER))
    board = deadlines.board(desk_of(store, Role.ANALYST))
    assert min(board.rights.values()) >= 5
    assert {cell: number for cell, number in whole.rights.items() if number >= 5} == board.rights
    assert len(board.rights) < len(whole.rights)
    assert board.open == sum(board.rights.values())
    assert (board.owners, board.days, board.names) == ({}, {}, {})
    for each in board.in_time_of.values():
        assert min(each.in_time, each.late, each.open_overdue) >= 5


@pytest.mark.parametrize("role", [Role.DPO, Role.STEWARD, Role.APPROVER, Role.MANAGER, Role.ANALYST])
def test_an_empty_desk_has_an_empty_board(store, role):
    board = deadlines.board(desk_of(store, role))
    assert board.open == 0
    assert board.in_time is None


def test_who_may_not_look_gets_nothing(store):
    for role in (Role.ADMINISTRATOR, Role.MARKETER, Role.SETUP):
        with pytest.raises(NotAllowed):
            deadlines.board(desk_of(store, role))


def test_a_filter_that_is_none_is_refused(store):
    for only in (Only(band="'; drop table requests"), Only(outcome="never")):
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
