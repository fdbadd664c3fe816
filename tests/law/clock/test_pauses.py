"""Pauses: united once, in any order, clipped to the period."""

from datetime import date, timedelta
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from core.law.clock.pauses import Pause, Span, Suspension, spans, suspended, unite
from core.store.datafiles import profiles

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
    assert suspended([on(0, 10)], MARCH + timedelta(days=4), MARCH + timedelta(days=30)) == Suspension(6)
    assert suspended([on(0, 3)], MARCH + timedelta(days=4), MARCH + timedelta(days=30)) == Suspension(0)


def test_a_pause_inside_the_days_that_another_added_counts():
    end = MARCH + timedelta(days=31)
    assert suspended([on(5, 10), on(35, 37)], MARCH, end).days == 7
    assert suspended([on(5, 10), on(37, 39)], MARCH, end).days == 5


def test_only_recognised_and_reasoned_questions_make_spans():
    eu, uk = (profiles().on(name, date(2026, 3, 1)) for name in ("eu_gdpr", "uk_gdpr"))
    asked, answered = date(2026, 3, 4), date(2026, 3, 6)
    assert spans([Pause("identity", asked, answered)], eu) == [Span(asked, answered)]
    assert spans([Pause("fee", asked, answered), Pause("identity", asked, answered, reasoned=False)], eu) == []
    assert spans([Pause("clarification", asked, answered)], uk) == [Span(asked, date(2026, 3, 7))]
