"""Pauses: united once, in any order, clipped to the period."""

from datetime import date, timedelta
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from core.law.clock.pauses import Bar, Pause, Span, Suspension, joined, spans, suspended, unite
from core.store.datafiles import calendars, profiles

MARCH = date(2026, 3, 1)


def on(start: int, end: int | None) -> Span:
    return Span(MARCH + timedelta(days=start), None if end is None else MARCH + timedelta(days=end))


@settings(max_examples=150)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)), max_size=6))
def test_uniting_counts_each_day_once(drawn):
    found = [on(start, start + length) for start, length in drawn]
    united = unite(found)
    assert unite(united) == united
    assert unite(reversed(found)) == united
    days = {start + n for start, length in drawn for n in range(length)}
    assert suspended(united, MARCH, MARCH + timedelta(days=90)).days == len(days)


def test_an_open_question_swallows_what_follows_in_any_order():
    for order in permutations([on(2, 5), on(4, None), on(9, 12)]):
        assert unite(order) == [on(2, None)]


def test_days_before_the_anchor_do_not_count():
    anchor, nominal = MARCH + timedelta(days=4), MARCH + timedelta(days=30)
    assert suspended([on(0, 10)], anchor, nominal) == Suspension(6, MARCH + timedelta(days=36))
    assert suspended([on(0, 3)], anchor, nominal) == Suspension(0, nominal)


def test_a_pause_inside_the_days_that_another_added_counts():
    end = MARCH + timedelta(days=31)
    assert suspended([on(5, 10), on(35, 37)], MARCH, end).days == 7
    assert suspended([on(5, 10), on(37, 39)], MARCH, end).days == 5


def test_only_recognised_and_reasoned_questions_make_spans():
    eu, uk = (profiles().on(name, date(2026, 3, 1)) for name in ("eu_gdpr", "uk_gdpr"))
    asked, answered = date(2026, 3, 4), date(2026, 3, 6)
    assert spans([Pause("identity", asked, answered)], eu) == [Span(asked, answered)]
    assert spans([Pause("fee", asked, answered), Pause("identity", asked, answered, Bar.NO_REASON)], eu) == []
    assert spans([Pause("clarification", asked, answered)], uk) == [Span(asked, date(2026, 3, 7))]


def test_a_question_on_the_rolled_last_day_is_asked_in_time_and_its_days_follow_that_day():
    ireland, saturday = calendars().get("IE"), date(2026, 3, 14)  # Tue 17 March is a holiday
    monday = Span(date(2026, 3, 16), date(2026, 3, 20))
    assert suspended([monday], MARCH, saturday, ireland) == Suspension(4, date(2026, 3, 20))
    assert suspended([monday], MARCH, saturday) == Suspension(0, saturday)  # a law that does not roll
    tuesday = Span(date(2026, 3, 17), None)
    assert suspended([tuesday], MARCH, saturday, ireland).open_since is None  # the period ended on Monday
    assert suspended([tuesday], MARCH, date(2026, 3, 17), ireland).open_since == date(2026, 3, 17)


def test_what_was_asked_again_without_delay_is_one_question_until_enough_arrived():
    germany = calendars().get("DE")
    first = Pause("identity", date(2026, 3, 4), date(2026, 3, 10), enough=False)
    second = Pause("identity", date(2026, 3, 17), date(2026, 3, 20), enough=False)  # the fifth working day
    third = Pause("identity", date(2026, 3, 20))
    assert joined([third, first, second], germany) == (Pause("identity", date(2026, 3, 4)),)
    late = Pause("identity", date(2026, 3, 18), date(2026, 3, 20))
    assert joined([first, late], germany) == (first, late)
    other = Pause("clarification", date(2026, 3, 11), date(2026, 3, 12))
    assert set(joined([first, other, second], germany)) == {other, Pause("identity", date(2026, 3, 4), date(2026, 3, 20), enough=False)}
    enough = Pause("identity", date(2026, 3, 4), date(2026, 3, 10))
    assert joined([enough, second], germany) == (enough, second)
    unreasoned = Pause("identity", date(2026, 3, 11), None, Bar.NO_REASON)
    assert joined([first, unreasoned], germany) == (first, unreasoned)
