"""Order: the copy before the erasure, no deletion of what is asked for, duplicates in groups."""

from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from core.law.errors import NotPossible
from core.law.rights.sequencing import Asked, Turn, duplicates, ordered, require_deletable, turn, waits_for
from core.law.ways import Kind

MARCH = date(2026, 3, 2)


def asked(reference, kind, scope="all", received=MARCH, open_=True):
    return Asked(reference, kind, scope, received, open_)


ANGRY = [
    asked("1", Kind.ERASURE), asked("2", Kind.RECTIFICATION), asked("3", Kind.ACCESS, received=date(2026, 3, 9)),
    asked("4", Kind.OBJECTION_MARKETING, received=date(2026, 3, 9)), asked("5", Kind.COMPLAINT),
]


def test_whatever_the_order_of_receipt_the_copy_comes_before_correction_and_erasure():
    for order in permutations(ANGRY):
        assert [each.reference for each in ordered(order)] == ["4", "3", "2", "1", "5"]


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_has_its_turn(kind):
    at_once = {Kind.OBJECTION_MARKETING, Kind.OBJECTION, Kind.CONSENT_WITHDRAWAL, Kind.RESTRICTION}
    assert (turn(kind) is Turn.AT_ONCE) is (kind in at_once)
    assert (turn(kind) is Turn.COPY) is (kind in {Kind.ACCESS, Kind.PORTABILITY})


def test_an_erasure_waits_for_each_open_copy_and_for_nothing_else():
    assert [each.reference for each in waits_for(ANGRY[0], ANGRY)] == ["3"]
    assert waits_for(ANGRY[0], [replace(ANGRY[2], open=False)]) == ()
    assert [each.reference for each in waits_for(ANGRY[0], [asked("9", Kind.PORTABILITY)])] == ["9"]
    for other in ANGRY[1:]:
        assert waits_for(other, ANGRY) == ()


def test_nothing_that_is_asked_for_is_deleted_meanwhile():
    with pytest.raises(NotPossible, match="copy goes first"):
        require_deletable([ANGRY[2]])
    require_deletable([replace(ANGRY[2], open=False), ANGRY[0], ANGRY[4]])
    require_deletable([])


AGAIN = asked("2", Kind.ACCESS)


def test_duplicates_are_open_requests_for_the_same_with_the_earliest_first():
    two, three = replace(AGAIN, reference="6", received=date(2026, 3, 4)), replace(AGAIN, reference="4", scope="orders")
    groups = duplicates([two, AGAIN, three, replace(AGAIN, reference="5", open=False), *ANGRY])
    assert [[each.reference for each in group] for group in groups] == [["2", "6", "3"]]
