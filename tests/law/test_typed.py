"""A day that is typed: read in every form that means one day alone, refused in a sentence in every other."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.law.errors import Invalid
from core.law.typed import EARLIEST_DAY, LATEST_DAY, read_day

DAY = date(2026, 3, 2)


@pytest.mark.parametrize("text", [
    "2026-03-02", "2026-3-2", "20260302", "2.3.2026", "02.03.2026", "2. 3. 2026", "2 Mar 2026", "02 Mar 2026", "2 March 2026",
    "2. March 2026", "2 mar. 2026", "2 MARCH 2026", "  2026-03-02\n", "2  Mar\u00a02026",
])
def test_each_form_of_a_day_is_read(text):
    assert read_day(text, "received_on") == DAY


@pytest.mark.parametrize(("text", "sentence"), [
    ("2026-02-31", "There is no 31 February 2026."), ("31.2.2026", "There is no 31 February 2026."),
    ("29 Feb 2025", "There is no 29 February 2025."), ("20260431", "There is no 31 April 2026."),
    ("0.3.2026", "There is no 0 March 2026."),
    ("2/3/2026", "Write the day as 2026-03-02: written with slashes it may mean two days."),
    ("2026/03/02", "Write the day as 2026-03-02: written with slashes it may mean two days."),
    ("2.3.26", "Write the day with all four digits of the year."), ("2 Mar 26", "Write the day with all four digits of the year."),
    ("26-03-02", "Write the day with all four digits of the year."),
    ("1879-12-31", "The day lies outside the years 1880 to 2199."), ("2200-01-01", "The day lies outside the years 1880 to 2199."),
    ("", "Write the day."), (" \t", "Write the day."),
])
def test_each_other_is_refused_with_what_to_do(text, sentence):
    with pytest.raises(Invalid, match="^" + sentence.replace(".", r"\.") + "$") as refused:
        read_day(text, "received_on")
    assert refused.value.field == "received_on"


@pytest.mark.parametrize("text", [
    "2026-13-01", "2026-00-01", "02032026", "2 Foo 2026", "2 M 2026", "Monday", "2026", "3.2026", "2026-03-02T10:00", "2026-03-02 x",
    "\u0662\u0660\u0662\u0666-\u0660\u0663-\u0660\u0662", "\uff12\uff10\uff12\uff16-03-02", "\u00b2.3.2026", "2\u20132\u20132026",
    "\ud83d", "\x00", "2026-03-02\x00", "-2026-03-02", "2026-03-\u06f2", "MARKER", "MARKER 2 Mar 2026", "2 mar\u017f 2026",
    "2026-03-02" * 500_000, "1" * 5_000_000, "2 " + " " * 5_000_000 + "Mar 2026",
])
def test_what_is_no_day_is_a_sentence_that_repeats_nothing_of_it(text):
    with pytest.raises(Invalid) as refused:
        read_day(text, "received_on")
    assert str(refused.value) == "The day cannot be read. Write it as 2026-03-02, 2.3.2026 or 2 March 2026."


def test_a_field_that_may_stay_empty_has_then_no_day_and_is_named_as_it_is_called():
    assert read_day(" ", "until", needed=False) is None
    with pytest.raises(Invalid, match=r"^The day 'Until' cannot be read\."):
        read_day("soon", "until", "the day 'Until'", needed=False)
    with pytest.raises(Invalid, match=r"^Write the day 'Until'\.$"):
        read_day("", "until", "the day 'Until'")


@given(st.dates(EARLIEST_DAY, LATEST_DAY), st.sampled_from([
    "{0:%Y-%m-%d}", "{0:%Y%m%d}", "{0:%d.%m.%Y}", "{0.day}.{0.month}.{0.year}", "{0:%d %b %Y}", "{0:%d %B %Y}",
]))
def test_every_day_comes_back_from_every_form(day, form):
    assert read_day(form.format(day), "received_on") == day


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("0123456789.-/ MarFeb")), max_size=24))
def test_whatever_is_typed_is_a_day_or_a_refusal(text):
    try:
        day = read_day(text, "received_on", needed=False)
    except Invalid:
        return
    assert day is None or EARLIEST_DAY <= day <= LATEST_DAY


def test_a_day_past_the_end_of_its_month_is_never_moved_into_it():
    day = date(2023, 12, 31)
    for _ in range(800):
        day += timedelta(days=1)
        if (day + timedelta(days=1)).month != day.month:
            with pytest.raises(Invalid, match="There is no"):
                read_day(f"{day.day + 1}.{day.month}.{day.year}", "received_on")
