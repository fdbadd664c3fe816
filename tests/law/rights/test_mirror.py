"""The decision mirror: what a case was treated like, when one is unlike the others, and what is never told."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.law.rights import mirror
from core.law.rights.erasure import Decision
from core.law.rights.mirror import DECIDED, LEAST, Like, Question, This, Treatment, Way, reflect, unequal, warning, way_of
from core.law.workflow import Closing

DAY = date(2025, 3, 2)
KEPT, ERASED = Way(Treatment.KEPT, "under Art. 17(3)(b)"), Way(Treatment.ERASED, "under Art. 17(1)(a)")
THIS = This(Question.ERASURE, "local.events", KEPT)


def likes(kept, erased):
    return [Like(way, cases, DAY) for way, cases in ((KEPT, kept), (ERASED, erased)) if cases]


@pytest.mark.parametrize(("kept", "erased", "marked"), [
    (1, 4, True), (2, 8, True), (0, 5, True),  # four fifths exactly, and five cases exactly
    (0, 4, False), (1, 3, False),  # all of four are too few
    (2, 7, False), (3, 11, False), (21, 79, False), (20, 80, True), (5, 0, False), (0, 0, False),
])
def test_unequal_is_at_least_four_fifths_of_at_least_five(kept, erased, marked):
    assert unequal(KEPT, likes(kept, erased)) is marked
    assert reflect(THIS, likes(kept, erased)).unequal is marked
    assert bool(reflect(THIS, likes(kept, erased)).sentence("Events")) is marked


@given(st.integers(0, 60), st.integers(0, 60))
def test_it_is_the_share_itself_whatever_the_numbers(kept, erased):
    total = kept + erased
    assert unequal(KEPT, likes(kept, erased)) == (total >= 5 and Fraction(erased, total) >= Fraction(4, 5))


def test_another_ground_for_the_same_is_no_other_treatment():
    claims = Like(Way(Treatment.KEPT, "under Art. 17(3)(e)"), 9, DAY)
    assert not unequal(KEPT, [claims])
    assert reflect(THIS, [claims, *likes(0, 1)]).told("Events").endswith("9 kept, 1 erased, in 10 like cases since 2 Mar 2025")


def test_who_gets_more_than_the_others_is_treated_unequally_too():
    assert unequal(ERASED, likes(5, 0))


def test_below_the_least_number_nothing_of_any_case_is_left():
    made = reflect(THIS, likes(2, 2))
    assert (made.likes, made.total, made.since) == ((), 0, None)
    assert made.told("Events") == "Events, kept under Art. 17(3)(b): Fewer than five like cases: nothing to compare with yet."
    assert reflect(THIS, likes(2, 3)).total == LEAST


def test_each_way_stands_once_and_the_first_day_is_that_of_the_first_case():
    later = Like(KEPT, 3, date(2025, 1, 31))
    made = reflect(THIS, [*likes(2, 1), later])
    assert [(each.way, each.cases) for each in made.likes] == [(KEPT, 5), (ERASED, 1)]
    assert made.since == date(2025, 1, 31)


def test_one_sentence_whatever_the_number_of_items():
    unlike, alike = reflect(THIS, likes(1, 9)), reflect(THIS, likes(9, 1))
    assert warning([("Events", alike), ("Devices", alike)]) == ""
    one = warning([("Events", unlike), ("Devices", alike)])
    assert one == ("Events: kept under Art. 17(3)(b) here, while 9 of 10 like cases since 2 Mar 2025 ended otherwise "
                   "(9 erased).")
    several = warning([("Events", unlike), ("Devices", unlike), ("Consents", alike)])
    assert several.startswith("2 items are decided otherwise")
    assert several.endswith(": Events, Devices.")


def test_every_decision_on_an_item_is_a_way_and_what_is_none_is_left_out():
    assert all(way_of(Question.ERASURE, [each.value], "17(1)") for each in Decision)
    assert way_of(Question.ERASURE, ["held"], "17(3)(e)").treatment is Treatment.KEPT
    for question, code in ((Question.ERASURE, "free"), (Question.EXTENSION, "prepared"), (Question.EXTENSION, "late")):
        assert way_of(question, [code], "12(3)") is None
    assert way_of(Question.CORRECTION, [], "16") is None
    assert way_of(Question.CORRECTION, ["left"], "16", "opinion").words == "left as it is (opinion)"
    assert way_of(Question.OBJECTION, ["not_given"], "21(1)").treatment is Treatment.NOT_UPHELD
    assert way_of(Question.OBJECTION, ["upheld"], "21(1)", "nothing").words == "upheld"
    assert way_of(Question.EXTENSION, ["approved"], "12(3)", "complexity number") == mirror.extended(["number", "complexity"])


def test_what_ended_undecided_is_no_like_case():
    assert set(DECIDED) == {Closing.FULFILLED, Closing.PARTLY_FULFILLED, Closing.NO_DATA_HELD, Closing.REFUSED}


def test_a_fee_is_compared_with_what_was_free_and_with_what_was_refused():
    assert [mirror.way_of_fee(*each).treatment for each in (("fulfilled", ""), ("fulfilled", "12(5)(a)"), ("refused", ""))] == [
        Treatment.FREE, Treatment.CHARGED, Treatment.REFUSED,
    ]
