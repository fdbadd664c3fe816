"""Calendars: public holidays only, parts where they are needed, our own changes on top."""

import re
from datetime import date, datetime, timedelta
from functools import cache

import holidays
import pytest
from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from core.law.clock.calendars import OWN_TABLE, Calendars, read_overrides, read_sources
from core.law.clock.deadlines import Clock, due
from core.law.errors import Invalid
from core.store.datafiles import calendars, override_text, profiles, source_text

HEAD = "calendar_id,date,change,name,source\n"
SOURCES = "calendar_id,act,opened,note\n"
YEARS = range(2018, 2036)
MEMBERS = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
STATES = MEMBERS.split()
# The library's own words for a day that is swapped, moved or put between two free days. Kept, and so not among them, are
# the substitutes that a law itself gives for a holiday on a weekend, without work on another day: "(observed)" as in GB,
# BG (Labour Code Art. 154(2)) and LV, "(in lieu)" as in TH; and holidays of one year that a law lets a state proclaim
# for everyone ("Special Public Holiday", the special days of PH, a holiday put off to another date as in KH in 2020).
SWAPPED = re.compile(r"substituted from|bridge|day off|non-working day$", re.IGNORECASE)
ONCE = re.compile(r"special_(?:\w+_)?public_holidays$")  # where the library keeps holidays of one year only
# Holidays of one year in the states of the GDPR and its neighbours that we keep, because an act or a proclamation made them
# public holidays for everyone and no other day is worked for them.
KEPT = {
    "DE": [date(2020, 5, 8), date(2025, 5, 8)],  # Berlin's act on holidays
    "ES": [date(2022, 9, 6)],  # the Basque Country's list of working holidays
    "GB": [date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8), date(2026, 6, 15)],  # bank holidays by proclamation
    "IE": [date(2022, 3, 18)],  # a public holiday by order under the Organisation of Working Time Act
    "LV": [date(2018, 7, 9), date(2018, 9, 24), date(2023, 5, 29), date(2023, 7, 10)],  # amendments of the law on holidays
    "PL": [date(2018, 11, 12)],  # an act for the centenary of independence
    "SI": [date(2023, 8, 14)],  # an act after the floods
    "SK": [date(2018, 10, 30)],  # an act for the centenary of the declaration of the nation
}
NEIGHBOURS = [*STATES, "IS", "LI", "NO", "CH", "GB"]
OVERRIDES = read_overrides(override_text())


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
    for country in STATES:
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


@cache
def english(country: str, part: str | None = None) -> dict[date, str]:
    """Return the library's public holidays of every year, under their English names where it has them."""
    tongue = "en_US" if "en_US" in getattr(holidays, country).supported_languages else None
    return holidays.country_holidays(country, subdiv=part, years=YEARS, language=tongue, categories=("public",))


@cache
def swapped(country: str, part: str | None = None) -> frozenset[date]:
    """Return the weekdays that the library itself calls swapped or between, and by no other name."""
    days = english(country, part).items()
    return frozenset(day for day, name in days if day.weekday() < 5 and all(SWAPPED.search(each) for each in name.split("; ")))


def once(country: str) -> dict[date, str]:
    """Return the weekdays that the library has as a holiday of one year, in the country or in a part of it."""
    entity, found = english(country), {}
    for table in (getattr(entity, name) for name in dir(entity) if ONCE.match(name)):
        for year, days in table.items():
            for row in days if isinstance(days[0], tuple) else (days,):
                if year in YEARS and len(row) == 3 and (day := date(year, *row[:2])).weekday() < 5:
                    found[day] = row[2]
    return found


@pytest.mark.parametrize(
    ("calendar", "received", "last"),
    [
        ("HU", date(2025, 12, 2), date(2026, 1, 2)),
        ("HU", date(2026, 7, 21), date(2026, 8, 21)),
        ("HU", date(2026, 11, 24), date(2026, 12, 24)),  # a day off by decree; the act that may make it a holiday is unread
        ("LV", date(2025, 12, 2), date(2026, 1, 2)),
        ("BG", date(2025, 12, 2), date(2026, 1, 2)),
        ("NL", date(2025, 4, 5), date(2025, 5, 5)),
        ("SE", date(2026, 5, 19), date(2026, 6, 19)),
        ("FI", date(2026, 5, 19), date(2026, 6, 19)),
        ("FI-01", date(2026, 5, 19), date(2026, 6, 19)),
        ("GB-ENG", date(2026, 11, 28), date(2026, 12, 29)),  # the substitute of Boxing Day is a bank holiday and moves it
    ],
)
def test_a_day_that_is_no_public_holiday_lengthens_no_period(calendar, received, last):
    moment = datetime.fromisoformat(f"{received}T10:00+00:00")
    profile = profiles().on("uk_gdpr" if calendar.startswith("GB") else "eu_gdpr", received)
    assert due(Clock(moment, "UTC", profile, calendars().get(calendar))).base_due == last


def test_no_swapped_day_and_no_bridge_day_of_any_calendar_is_a_holiday_of_ours():
    """Regulation 1182/71 Art. 2(1), asked of the library's own labels: a day that a new version brings is named here."""
    wrong, seen = [], 0
    for country, parts in holidays.list_supported_countries(include_aliases=False).items():
        for part in [None, *parts]:
            name = f"{country}-{part}" if part else country
            for day in swapped(country, part):
                ours, seen = calendars().get(name), seen + 1
                if not (ours.works(day) and ours.roll(day) == day < ours.roll_nationally(day) and ours.refused(day)):
                    wrong.append(f"{name} {day} {english(country, part)[day]}")
    assert not wrong, f"remove each by a row, or say at SWAPPED why it is a designated holiday: {'; '.join(sorted(wrong))}"
    assert seen > 500


def test_every_country_that_works_on_saturdays_in_exchange_has_its_days_off_found():
    for country in holidays.list_supported_countries(include_aliases=False):
        if english(country).weekend_workdays:
            assert swapped(country), f"{country} works on weekend days, and none of its days off is known by its label"


@pytest.mark.parametrize("country", NEIGHBOURS)
def test_every_holiday_of_one_year_was_weighed(country):
    """An act for everyone makes a holiday; a government's day off for some does not: nobody but a reader can tell."""
    removed = {each.day for each in OVERRIDES if each.calendar_id == country and each.change == "remove"}
    assert once(country).keys() - removed == {*KEPT.get(country, [])}, f"weigh the new days of {country}: {once(country)}"


def test_a_row_removes_no_holiday_that_a_part_has_of_its_own():
    parts = holidays.list_supported_countries(include_aliases=False)
    for row in OVERRIDES:
        for part in parts.get(row.calendar_id, []) if row.change == "remove" else []:
            there, whole = english(row.calendar_id, part).get(row.day), english(row.calendar_id).get(row.day)
            own = there is not None and there != whole and row.day not in swapped(row.calendar_id, part)
            assert (calendars().get(f"{row.calendar_id}-{part}").holiday(row.day) is not None) is own, f"{part} {row}"


def test_the_row_of_a_country_holds_in_its_parts_and_a_row_of_the_part_goes_first():
    rows = "DE,2026-04-03,remove,Good Friday,test\nDE-BY,2026-04-03,add,Karfreitag,test\nDE-BY,2026-04-06,remove,Day,test\n"
    changed = Calendars(read_overrides(HEAD + rows))
    assert changed.get("DE-BE").works(date(2026, 4, 3))
    assert changed.get("DE-BY").holiday(date(2026, 4, 3)) == "Karfreitag"
    assert changed.get("DE-BY").refused(date(2026, 4, 3)) is None
    assert changed.get("DE-BY").works(date(2026, 4, 6))
    assert not changed.get("DE").works(date(2026, 4, 6))


def test_the_substitutes_of_a_holiday_on_a_weekend_stay():
    for day in (date(2021, 12, 27), date(2021, 12, 28), date(2022, 1, 3), date(2026, 12, 28)):
        assert calendars().get("GB-ENG").holiday(day)
    assert calendars().get("BG").holiday(date(2026, 9, 7))  # Labour Code Art. 154(2), after Sunday 6 September
    assert calendars().get("LV").holiday(date(2024, 5, 6))  # after Saturday 4 May


def test_days_on_which_a_national_law_lets_a_period_run_on_are_named_and_do_not_roll():
    for year in YEARS:
        midsummer = date(year, 6, 19) + relativedelta(weekday=4)
        friday = easter(year) - timedelta(days=2)
        named = {
            "NL": [date(year, 5, 5), friday],
            "SE": [midsummer, date(year, 12, 24), date(year, 12, 31)],
            "FI": [midsummer, date(year, 12, 24)],
            "AT": [friday],
            "LI": [easter(year) - timedelta(days=47), date(year, 1, 2), date(year, 12, 24), date(year, 12, 31)],
        }
        for name, days in named.items():
            calendar = calendars().get(name)
            for day in (each for each in days if each.weekday() < 5):
                assert calendar.roll(day) == day < calendar.roll_nationally(day), f"{name} {day}"
                assert calendar.refused(day).name
            assert [day for day in days if day.weekday() > 4 and calendar.refused(day)] == []
    assert calendars().get("NL").roll_nationally(date(2026, 5, 5)) == date(2026, 5, 6)
    assert calendars().get("SE").roll_nationally(date(2026, 12, 24)) == date(2026, 12, 28)
    assert calendars().get("SE").refused(date(2026, 12, 25)) is None
    assert calendars().get("SE").roll_nationally(date(2026, 12, 23)) == date(2026, 12, 23)


def test_good_friday_of_liechtenstein_and_all_souls_of_the_institutions():
    for year in YEARS:
        assert calendars().get("LI").holiday(easter(year) - timedelta(days=2))
    for year in range(2018, 2031):
        souls = date(year, 11, 2)
        assert calendars().get("EUINST").works(souls) is False
        assert (calendars().get("EUINST").holiday(souls) is not None) is (souls.weekday() < 5)


def test_the_institutions_have_the_days_of_the_one_list_that_could_be_read():
    """Commission Decision of 25 May 2021, OJ C 201 I, 28.5.2021, p. 2, for staff in Brussels: 18 days."""
    days = "01-02 04-06 04-07 04-10 05-01 05-09 05-18 05-19 05-29 07-21 08-15 11-01 11-02 12-25 12-26 12-27 12-28 12-29"
    ours = [each for each in OVERRIDES if each.calendar_id == "EUINST" and each.day.year == 2023]
    assert [f"{each.day:%m-%d}" for each in ours] == days.split()
    assert {each.source for each in OVERRIDES if each.calendar_id == "EUINST"} > {each.source for each in ours}


def test_every_row_has_a_source_and_a_calendar_and_removes_a_weekday():
    for row in OVERRIDES:
        assert len(row.source) > 30, row
        assert calendars().get(row.calendar_id).source.endswith(".")
        assert row.day.weekday() < 5, row


def test_every_calendar_that_we_offer_says_where_its_days_come_from():
    known = {each.calendar_id: each for each in read_sources(source_text())}
    listed = [*STATES, "IS", "LI", "NO", "CH", "GB-ENG", "GB-SCT", "GB-NIR", "GB-WLS", "BR", "US", "US-CA", *OWN_TABLE]
    assert [*known] == listed
    for name, row in known.items():
        said = calendars().get("CH-ZH" if name == "CH" else name).source
        assert row.act in said
        assert row.act or "not known here" in said
        assert ("; the published text was opened." in said) is row.opened
        assert row.opened or "; the published text could not be opened." in said or "no act is recorded" in said
    assert calendars().get("EUINST").source.startswith("Days: our own table; act: Staff Regulations")
    assert "pattern" in calendars().get("EUINST").source
    assert calendars().get("DE-BY").source == calendars().get("DE").source
    assert calendars().get("JP").source.endswith("no act is recorded here that designates them.")
    assert Calendars().get("DE").source.startswith("Days: holidays 0.109; no act")


@pytest.mark.parametrize(
    "text", ["", "act\n", SOURCES + "DE,Act,perhaps,\n", SOURCES + "DE,,no,\n", SOURCES + ",Act,no,\n", SOURCES + "DE,Act,no,\n" * 2]
)
def test_a_broken_table_of_sources_is_refused(text):
    with pytest.raises(Invalid, match=r"\.$"):
        read_sources(text)


def test_a_removal_moves_the_version_and_a_source_does_not():
    sources = read_sources(source_text())
    assert Calendars(OVERRIDES, sources).version == Calendars(OVERRIDES).version == calendars().version
    for row in (each for each in OVERRIDES if each.calendar_id == "HU"):
        assert Calendars([each for each in OVERRIDES if each != row]).version != calendars().version
