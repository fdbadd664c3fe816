"""Holds: what they stop, whom they do not concern, who sets and who releases them, and what resumes."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.records import Under
from core.law.rights.holds import Deletion, Hold, Reason, held, record_of, release, require_free, resumes_on, set_hold, stands
from core.law.roles import Role

NOW = datetime(2026, 3, 2, 9)
DAY = timedelta(days=1)
ONE = Hold(Reason.CLAIM, "a", NOW, subject_ref="s1")
DPO, APPROVER = ("d", Role.DPO), ("p", Role.APPROVER)


@pytest.mark.parametrize("role", Role)
def test_a_steward_or_a_dpo_sets_one_alone(role):
    if role in {Role.STEWARD, Role.DPO}:
        assert set_hold(ONE, role) is ONE
    else:
        with pytest.raises(NotAllowed):
            set_hold(ONE, role)


def test_a_hold_of_everything_of_everybody_is_none_and_one_of_a_category_is_looked_at_again():
    with pytest.raises(Invalid):
        set_hold(Hold(Reason.CLAIM, "a", NOW), Role.DPO)
    with pytest.raises(Invalid) as refused:
        set_hold(Hold(Reason.CLAIM, "a", NOW, category="orders"), Role.DPO)
    assert refused.value.field == "review_on"
    assert set_hold(Hold(Reason.CLAIM, "a", NOW, category="orders", review_on=date(2026, 9, 1)), Role.DPO)


@pytest.mark.parametrize(("first", "second"), [
    (DPO, DPO), (("d", Role.DPO), ("d", Role.APPROVER)), (DPO, ("e", Role.DPO)), (DPO, ("s", Role.STEWARD)),
    (APPROVER, ("q", Role.APPROVER)), (("s", Role.STEWARD), APPROVER),
])
def test_nobody_releases_one_alone_and_no_two_of_the_same_office(first, second):
    with pytest.raises(NotAllowed):
        release(ONE, first, second, NOW + DAY)


def test_two_release_it_once():
    assert release(ONE, DPO, APPROVER, NOW + DAY) == release(ONE, APPROVER, DPO, NOW + DAY) == NOW + DAY
    with pytest.raises(NotPossible):
        release(replace(ONE, released_at=NOW + DAY), DPO, APPROVER, NOW + 2 * DAY)
    with pytest.raises(Invalid):
        release(ONE, DPO, APPROVER, NOW - DAY)


@pytest.mark.parametrize(("category", "subject", "asked", "stops"), [
    ("", "s1", ("orders", "s1"), True), ("", "s1", ("orders", "s2"), False), ("orders", "", ("orders", "s2"), True),
    ("orders", "", ("contact", "s2"), False), ("orders", "s1", ("orders", "s1"), True),
    ("orders", "s1", ("orders", "s2"), False), ("orders", "s1", ("contact", "s1"), False),
])
def test_a_hold_stops_its_own_category_and_its_own_person(category, subject, asked, stops):
    hold = Hold(Reason.INQUIRY, "a", NOW, category, subject, review_on=date(2026, 3, 3))
    assert bool(held([hold], *asked, NOW + 30 * DAY)) is stops  # a review that is past ends nothing
    if stops:
        with pytest.raises(NotPossible):
            require_free(held([hold], *asked, NOW), Deletion.RETENTION)
    require_free([], Deletion.ERASURE)


def test_it_stands_from_its_setting_to_its_release():
    ended = replace(ONE, released_at=NOW + DAY)
    assert [stands(ended, at) for at in (NOW - DAY, NOW, NOW + DAY - timedelta(seconds=1), NOW + DAY)] == [
        False, True, True, False,
    ]


def test_deletion_resumes_on_its_day_or_when_the_last_hold_ended():
    due, later = date(2026, 3, 10), replace(ONE, released_at=datetime(2026, 6, 1))
    assert resumes_on(due, [], date(2026, 3, 2)) == due
    assert resumes_on(due, [replace(ONE, released_at=datetime(2026, 3, 5))], date(2026, 3, 6)) == due
    assert resumes_on(due, [later], date(2026, 6, 2)) == date(2026, 6, 1)
    assert resumes_on(due, [later, ONE], date(2026, 6, 2)) is None
    assert resumes_on(due, [later], date(2026, 5, 31)) is None  # not yet released


def test_the_record_tells_the_reasons():
    under = Under("eu_gdpr@2018-05-25", "orders")
    assert dict(record_of([ONE], Deletion.ERASURE, under).inputs)["reasons"] == "claim"
    assert record_of([], Deletion.ERASURE, under).granted
