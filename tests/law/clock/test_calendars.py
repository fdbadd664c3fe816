"""Calendars: public holidays only, parts where they are needed, our own changes on top."""

from datetime import date, timedelta

import pytest

from core.law.clock.calendars import Calendars, read_overrides
from core.law.errors import Invalid
from core.store.datafiles import calendars

HEAD = "calendar_id,date,change,name,source\n"


@pytest.mark.parametrize("calendar", ["GB", "CH", "XX", "DE-QQ", "de", "", "-", "GB-", "DEU", "../x"])
def test_what_is_no_calendar_is_refused_with_a_sentence(calendar):
    with pytest.raises(Invalid, match=r"\.$"):
        calendars().get(calendar)


@pytest.mark.parametrize(
    ("calendar", "day", "holiday"),
    [
        ("GB-ENG", date(2026, 4, 6), True),  # Easter Monday, missing from GB as a whole
        ("GB-SCT", date(2026, 4, 6), False),
        ("DE-BY", date(2026, 1, 6), True),
        ("DE", date(2026, 1, 6), False),
        ("DE", date(2026, 12, 24), False),  # half days and bank days stay out
        ("EUINST", date(2025, 5, 9), True),
        ("BE", date(2025, 5, 9), False),
        ("EUINST", date(2026, 11, 11), False),  # a holiday of Belgium, not of the institutions
    ],
)
def test_holidays_of_a_place(calendar, day, holiday):
    assert (calendars().get(calendar).holiday(day) is not None) is holiday


def test_every_member_state_has_a_calendar():
    states = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
    for country in states.split():
        assert calendars().get(country).holiday(date(2026, 12, 25))


def test_changes_add_and_remove_days_and_change_the_version():
    rows = read_overrides(
        HEAD
        + "DE,2026-03-03,add,Day of proof,test\nDE,2026-04-03,remove,Good Friday,test\nFR,2026-05-05,add,Day,test\n"
    )
    changed = Calendars(rows)
    assert not changed.get("DE").works(date(2026, 3, 3))
    assert changed.get("DE").works(date(2026, 4, 3))
    assert changed.get("DE").works(date(2026, 5, 5))
    assert not changed.get("DE").works(date(2026, 4, 6))
    assert not Calendars().get("DE").works(date(2026, 4, 3))  # the shared days of the library are untouched
    assert changed.version != Calendars().version
    assert changed.version == Calendars(reversed(rows)).version
    assert Calendars().version.startswith("holidays 0.109, ")


def test_a_year_missing_from_our_own_table_is_said():
    with pytest.raises(Invalid, match="no days for 2050"):
        calendars().get("EUINST").works(date(2050, 5, 9))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "date,calendar_id\n",
        HEAD + "DE,2026-02-31,add,Day,test\n",
        HEAD + "DE,2026-02-01,maybe,Day,test\n",
        HEAD + "DE,2026-02-01,add,Day,\n",
        HEAD + "DE,2026-02-01\n",
        HEAD + "DE,2026-02-01,add,Day,test\nDE,2026-02-01,remove,Day,test\n",
    ],
)
def test_a_broken_table_is_refused(text):
    with pytest.raises(Invalid, match=r"\.$"):
        read_overrides(text)


def test_working_days_are_counted_over_weekend_and_holiday():
    assert calendars().get("US-CA").add_working_days(date(2026, 3, 30), 2) == date(2026, 4, 2)  # 31 March is a holiday


@pytest.mark.parametrize("name", ["DE-BY", "GB-SCT", "US-CA"])
@pytest.mark.parametrize("n", [0, 1, 5, 20, 300])
def test_working_days_are_those_that_one_counts_day_by_day(name, n):
    calendar, first = calendars().get(name), date(2026, 12, 18)
    for start in (first + timedelta(days=number) for number in range(40)):  # from each side of the year's end
        day, left = start, n
        while left:
            day += timedelta(days=1)
            left -= calendar.works(day)
        assert calendar.add_working_days(start, n) == day
