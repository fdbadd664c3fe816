"""The board over time on the screen: what the numbers say, in words and tables; an analyst sees the months alone."""

import pytest
from streamlit.testing.v1 import AppTest


def script(least, received, start):  # all of it runs inside the page: it brings its own imports
    from datetime import date

    from core.actions.oversight.history import History, Month, Span
    from pages.board import over_time

    months = tuple(
        Month(date(2025 + number // 12, number % 12 + 1, 1), received if number >= start else 0,
              {"fulfilled": 3, "no_answer": 2} if number == 20 and received else {})
        for number in range(24)
    )
    over_time.draw(History(
        date(2026, 9, 1), date(2026, 12, 1), months, 4, 9, acknowledged=Span(7, 1.0, 4.0), not_acknowledged=2,
        stood={"received": Span(9, 0.5, 2.0), "awaiting_approval": Span(6, 3.25, 9.0), "ready_to_send": Span(2, 40.0, 50.0)},
        decided=Span(6, 3.0, 9.0), given_back=2, asked=5, told=Span(4, 2.0, 6.0), extended=1, sent=8, entered_late=3, came_back=1,
        closed=11, complained=1, refused={"12(5)": 4, "12(4)": 2}, least=least,
        systems={"Shop": Span(9, 0.5, 7.25), "Archive": Span(2, 30.0, 40.0)},
    ), "/lists/board?table={}".format)


def drawn(least, received=6, start=11):
    ran = AppTest.from_function(script, args=(least, received, start), default_timeout=30).run()
    assert not ran.exception
    return ran


def test_each_heading_says_what_its_numbers_show():
    ran = drawn(0)
    assert [each.value for each in ran.header] == [
        "4 received in December so far, 5 fewer than in the same days of December 2025",
        "Requests stood longest in “Awaiting approval”: 3.2 days, and one in ten 9.0 or more",
        "2 of 6 decided approvals were given back",
        "1 of 8 answers sent came back; a complaint followed 1 closing",
        "6 refused, 4 of them by Article 12(5)",
        "Shop took longest: one in ten of its parts 7.2 days or more",
    ], "two requests are too few to say where they stand longest"
    months, stages, lengths, turns, refused, systems = (each.value for each in ran.dataframe)
    assert refused["Ground"].tolist() == ["Manifestly unfounded; Excessive, in particular repetitive", "The law does not give this right here"]
    assert systems["90th percentile, days"].tolist() == ["7.2", "40.0"]
    assert list(months["Month"])[-1] == "Dec 2025", "the months before the first are left out, and twelve are shown at least"
    assert months[months["Month"] == "Sep 2026"][["Received", "Fulfilled", "No answer came"]].to_numpy().tolist() == [["6", "3", "2"]]
    assert list(stages["Left it"]) == [9, 6, 2]
    assert list(lengths["Beside it"]) == ["2 not confirmed", "2 given back", "1 not answered"]
    assert list(turns["Number"]) == [1, 1, 3, 1]


@pytest.mark.parametrize(("received", "words"), [(6, "Cells of fewer than 5 are drawn as none."), (0, "No number is large enough")])
def test_an_analyst_sees_the_months_alone(received, words):
    ran = drawn(5, received)
    assert [each.value for each in ran.header] == ["Requests received and closed by month"]
    assert any(words in each.value for each in ran.caption)
    assert len(ran.dataframe) == (1 if received else 0)
    if received:
        assert ran.dataframe[0].value["Refused"].tolist() == ["< 5"] * 13, "a hidden number is not told to be none"


def test_a_desk_younger_than_a_year_is_set_beside_nothing():
    assert drawn(0, start=12).header[0].value == "4 received in December so far"
