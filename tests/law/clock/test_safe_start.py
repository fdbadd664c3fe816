"""The latest safe start, held against the way forward: begun on that day all is ready in time, begun on a later one it is not."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.law.clock.safe_start import ASSUMED, Stage, latest_start, stages_left, to_do, words_of
from core.law.ways import RIGHTS, Kind
from core.law.workflow import State

DAY = timedelta(days=1)
MONDAY = date(2026, 11, 2)
DUE = date(2026, 12, 11)  # a Friday
WORK, DECIDE, CARRY, SEND = State.IN_PROGRESS, State.AWAITING_APPROVAL, State.CARRYING_OUT, State.READY_TO_SEND


def works(day):
    return day.weekday() < 5


def off(*days):
    return frozenset(date(2026, 12, each) for each in days)


def start(*stages, due=DUE, closed=frozenset()):
    return latest_start(due, stages, closed, works)


def test_the_approver_is_away_monday_to_wednesday():
    found = start(Stage(WORK), Stage(DECIDE, 1.0, off(7, 8, 9)), Stage(SEND), due=date(2026, 12, 10))
    assert found.day == date(2026, 12, 4)
    assert words_of(found.stops) == "the approver is away Mon 7 to Wed 9 Dec"


def test_a_closure_pulls_the_day_before_it_and_moves_no_last_day():
    closed = frozenset(date(2026, 12, 24) + each * DAY for each in range(9))
    found = start(Stage(SEND), due=date(2026, 12, 30), closed=closed)
    assert (found.day, found.ready) == (date(2026, 12, 23), date(2026, 12, 23))
    assert words_of(found.stops) == "the desk is shut Thu 24 to Wed 30 Dec"
    assert start(Stage(SEND), due=date(2026, 12, 30)).day == date(2026, 12, 30), "the last day counts whole"


def test_days_that_reach_into_another_month_or_year_name_both():
    closed = frozenset(date(2026, 12, 24) + each * DAY for each in range(12))
    assert words_of(start(Stage(SEND), due=date(2027, 1, 4), closed=closed).stops) == "the desk is shut Thu 24 Dec to Mon 4 Jan"


def test_parts_of_days_add_up_over_the_stages():
    short = [Stage(DECIDE, 0.25), Stage(CARRY, 0.25), Stage(SEND, 0.25)]
    assert start(Stage(WORK), *short).day == DUE - DAY
    assert start(Stage(WORK), *short, Stage(SEND, 0.5)).day == DUE - 2 * DAY
    assert start(Stage(WORK), *[Stage(DECIDE, 0.1)] * 10).day == DUE - DAY, "ten tenths are one day, whatever floats make of it"


def test_weekends_count_as_they_were_measured_but_nothing_begins_on_one():
    assert start(Stage(WORK), Stage(DECIDE, 5.0), Stage(SEND)).day == date(2026, 12, 4), "five days before is a Sunday"
    assert start(Stage(WORK), Stage(DECIDE, 11.0), Stage(SEND)).day == date(2026, 11, 30)
    assert start(Stage(SEND), due=date(2026, 12, 13)).ready == DUE, "nobody sends on a Sunday"


def test_the_present_stage_is_left_while_its_own_people_are_there():
    found = start(Stage(WORK, away=off(7, 8, 9, 10)), Stage(DECIDE, 1.0), Stage(SEND))
    assert (found.day, found.ready) == (date(2026, 12, 4), DUE)
    assert words_of(found.stops) == "whoever handles it is away Mon 7 to Thu 10 Dec"


def test_somebody_who_is_away_for_good_ends_the_way_back():
    for_ever = frozenset(DUE - each * DAY for each in range(2_000))
    assert (DUE - start(Stage(WORK), Stage(DECIDE, 3.0, for_ever), Stage(SEND, 1.0)).day).days < 800


@st.composite
def courses(draw):
    days = st.sets(st.integers(0, 60), max_size=12).map(lambda each: frozenset(MONDAY + number * DAY for number in each))
    states = (WORK, DECIDE, CARRY, SEND)[draw(st.integers(0, 3)):]
    stages = [Stage(state, float(draw(st.integers(0, 4))), draw(days)) for state in states]
    return MONDAY + draw(st.integers(30, 60)) * DAY, stages, draw(days)


def ready_from(day, stages, closed):
    """When all is ready, going forward, if the present stage is left on a day."""
    for stage in stages[1:]:
        needed = stage.days
        while needed:
            needed -= day not in closed | stage.away
            day += DAY
    while day in closed | stages[-1].away or not works(day):
        day += DAY
    return day


def fits(day, stages, closed):
    return works(day) and day not in closed | stages[0].away


@given(courses())
def test_the_way_forward_agrees(course):
    due, stages, closed = course
    found = latest_start(due, stages, closed, works)
    assert fits(found.day, stages, closed)
    assert ready_from(found.day, stages, closed) <= due
    later = [found.day + each * DAY for each in range(1, (due - found.day).days + 1)]
    assert [day for day in later if fits(day, stages, closed) and ready_from(day, stages, closed) <= due] == []


@given(courses())
def test_what_did_not_count_is_told_once_and_was_off(course):
    due, stages, closed = course
    stops = latest_start(due, stages, closed, works).stops
    away = closed | frozenset().union(*(stage.away for stage in stages))
    assert all(first.last < second.first for first, second in pairwise(stops))
    for each in stops:
        days = [each.first + number * DAY for number in range((each.last - each.first).days + 1)]
        assert set(days) <= (closed if each.state is None else away)


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("state", [each for each in State if each is not State.CLOSED])
def test_every_request_that_is_open_has_something_to_do(kind, state):
    left = stages_left(state, kind)
    assert left[0] is state
    assert left[-1] is SEND
    assert to_do(state, kind)
    assert all(each in ASSUMED for each in left[1:])
    assert (DECIDE in left) is (state is DECIDE or (
        state in {State.RECEIVED, WORK} and RIGHTS[kind].verb in {"export", "rectify", "erase"}
    ))
