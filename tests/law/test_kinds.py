"""Kinds with a path of their own: who, by when, with what, and no way to answer with a gap."""

from datetime import date

import pytest

from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.kinds import (
    NEEDS,
    PATHS,
    PROFILES,
    By,
    Need,
    due_by_letter,
    lacking,
    may_delete_case,
    own_profile,
    require_answerable,
    require_handler,
    tell_people_on,
)
from core.law.letters import LETTERS
from core.law.roles import Role
from core.law.ways import Kind
from core.store.datafiles import profiles

RECEIVED = date(2026, 3, 2)


def test_the_kinds_of_the_rulebook_have_a_path_and_every_need_its_sentence():
    assert set(PATHS) == {
        Kind.OBJECTION, Kind.HUMAN_REVIEW, Kind.COMPLAINT, Kind.INFORMATION, Kind.INQUIRY, Kind.DISCLOSURE,
    }
    assert set(NEEDS) == set(Need)
    assert {need for path in PATHS.values() for need in path.needs} == set(Need)
    assert all(sentence.endswith(".") for sentence in NEEDS.values())


def test_the_letter_that_answers_a_path_is_in_the_table_and_for_that_kind():
    for kind, path in PATHS.items():
        if kind is Kind.OBJECTION:
            assert path.answer == ""  # which one answers follows from its balancing
            continue
        assert kind in LETTERS[path.answer].rights


@pytest.mark.parametrize("kind", list(PATHS))
def test_nothing_is_answered_while_one_need_is_open(kind):
    needs = PATHS[kind].needs
    require_answerable(kind, needs)
    for need in needs:
        assert lacking(kind, set(needs) - {need}) == (need,)
        with pytest.raises(NotPossible, match=r"Before the answer"):
            require_answerable(kind, set(needs) - {need})
    assert lacking(kind, ()) == needs


def test_a_common_right_goes_the_common_way():
    assert lacking(Kind.ACCESS, ()) == ()
    require_answerable(Kind.ERASURE, ())
    require_handler(Kind.ACCESS, "a", [], ["a"])
    assert own_profile(Kind.ACCESS, "uk_gdpr") == "uk_gdpr"


@pytest.mark.parametrize("kind", [Kind.COMPLAINT, Kind.HUMAN_REVIEW])
def test_another_person_than_the_first_handles_a_complaint_and_a_review(kind):
    require_handler(kind, "b", [Role.STEWARD], ["a", "c"])
    with pytest.raises(NotAllowed, match="before"):
        require_handler(kind, "a", [Role.STEWARD], ["a", "c"])


@pytest.mark.parametrize("kind", list(PATHS))
@pytest.mark.parametrize("role", [Role.ANALYST, Role.MANAGER, Role.MARKETER, Role.ADMINISTRATOR])
def test_no_other_role_handles_any_of_them(kind, role):
    with pytest.raises(NotAllowed):
        require_handler(kind, "b", [role], [])


def test_an_inquiry_of_the_authority_is_handled_by_the_dpo():
    require_handler(Kind.INQUIRY, "d", [Role.DPO], [])
    with pytest.raises(NotAllowed):
        require_handler(Kind.INQUIRY, "s", [Role.STEWARD], [])


def test_a_complaint_has_the_clock_of_its_own_law_and_that_profile_exists():
    assert own_profile(Kind.COMPLAINT, "uk_gdpr") == "uk_complaint"
    assert own_profile(Kind.COMPLAINT, "eu_gdpr") == "eu_gdpr"
    assert own_profile(Kind.OBJECTION, "uk_gdpr") == "uk_gdpr"
    assert own_profile(Kind.OBJECTION_MARKETING, "us_ca_cpra") == own_profile(Kind.RESTRICTION, "us_ca_cpra") == "us_ca_optout"
    assert own_profile(Kind.ACCESS, "us_ca_cpra") == "us_ca_cpra"
    named = {each for own in PROFILES.values() for pair in own.items() for each in pair}
    assert named <= set(profiles().ids())


@pytest.mark.parametrize("kind", [Kind.INQUIRY, Kind.DISCLOSURE])
def test_an_authority_s_day_is_the_one_of_its_letter(kind):
    assert PATHS[kind].by is By.LETTER
    assert due_by_letter(kind, RECEIVED, date(2026, 3, 5)) == date(2026, 3, 5)
    assert due_by_letter(kind, RECEIVED, RECEIVED) == RECEIVED
    for wrong in (None, date(2026, 3, 1)):
        with pytest.raises(Invalid):
            due_by_letter(kind, RECEIVED, wrong)


def test_no_letter_moves_the_date_of_a_right():
    for kind in set(Kind) - {Kind.INQUIRY, Kind.DISCLOSURE}:
        with pytest.raises(Invalid):
            due_by_letter(kind, RECEIVED, date(2027, 1, 1))


@pytest.mark.parametrize(("until", "silence", "told"), [
    (None, False, RECEIVED), (date(2026, 9, 1), False, RECEIVED), (date(2026, 9, 1), True, date(2026, 9, 1)),
    (date(2026, 1, 1), True, RECEIVED), (None, True, None),
])
def test_people_are_told_of_a_disclosure_as_soon_as_the_law_lets_us(until, silence, told):
    assert tell_people_on(RECEIVED, until, silence=silence) == told


def test_the_case_of_an_open_inquiry_is_not_deleted():
    assert not may_delete_case(Kind.INQUIRY, open_=True)
    assert may_delete_case(Kind.INQUIRY, open_=False)
    assert may_delete_case(Kind.ACCESS, open_=True)
