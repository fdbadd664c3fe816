"""Standing: words that can be read without colour, and the most urgent first."""

from datetime import date, timedelta

import pytest

from core.law.clock.standing import BANDS, NEXT_DAYS, SIGNS, SOON_DAYS, standing

TODAY = date(2026, 4, 11)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-41, "■ 41 d late"),
        (-1, "■ 1 d late"),
        (0, "▲ due today"),
        (3, "▲ 3 d left"),
        (7, "▲ 7 d left"),
        (8, "● 8 d left"),
        (20, "● 20 d left"),
    ],
)
def test_words(days, words):
    assert standing(TODAY + timedelta(days=days), TODAY).words == words


def test_order_late_then_due_then_paused_then_without_date_then_closed():
    late = standing(TODAY - timedelta(days=9), TODAY)
    less_late = standing(TODAY - timedelta(days=1), TODAY)
    now, soon = standing(TODAY, TODAY), standing(TODAY + timedelta(days=400), TODAY)
    paused, none = standing(None, TODAY, paused=True), standing(None, TODAY)
    closed = standing(TODAY - timedelta(days=99), TODAY, closed=True)
    order = [late, less_late, now, soon, paused, none, closed]
    keys = [each.sort_key for each in order]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
    assert [paused.words, none.words, closed.words] == ["‖ paused", "no fixed date", "closed"]


@pytest.mark.parametrize(("days", "words"), [
    (-2, "‖ 2 d past safe"), (0, "‖ safe today"), (5, "‖ 5 d safe"),
])
def test_while_a_question_is_open_the_safe_day_is_told(days, words):
    assert standing(None, TODAY, paused=True, safe=TODAY + timedelta(days=days)).words == words


def test_a_sent_answer_has_stopped_the_clock_however_late_it_is_today():
    assert standing(TODAY - timedelta(days=9), TODAY, sent=True).words == "answer sent"
    assert standing(TODAY - timedelta(days=9), TODAY, sent=True, closed=True).words == "closed"


def test_every_band_of_the_board_has_its_own_sign():
    assert set(SIGNS) == set(BANDS)
    assert len(set(SIGNS.values())) == len(BANDS)
    assert 30 not in {SOON_DAYS, NEXT_DAYS}
