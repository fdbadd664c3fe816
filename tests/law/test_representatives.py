"""Acting for another: two identities, the extent and end of an authority, children, and the dead."""

from dataclasses import replace
from datetime import date

import pytest

from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.records import Under
from core.law.representatives import (
    NO_RULE,
    PROOFS,
    Authority,
    Capacity,
    Child,
    DeathRule,
    Goes,
    acts_for,
    answer_goes_to,
    for_child,
    for_parent,
    heir_may,
    read_death_rules,
    record_of,
    require_apart,
    require_living,
)
from core.law.ways import Kind
from core.store.datafiles import death_rules

DAY = date(2026, 3, 2)
LAWYER = Authority(
    Capacity.AGENT, frozenset({Kind.ACCESS, Kind.ERASURE}), date(2026, 1, 1), date(2026, 6, 30), "a", date(2026, 2, 1), True, True
)


@pytest.mark.parametrize(("change", "right", "day", "granted"), [
    ({}, Kind.ACCESS, DAY, True),
    ({}, Kind.PORTABILITY, DAY, False),
    ({}, Kind.ACCESS, date(2025, 12, 31), False),
    ({}, Kind.ACCESS, date(2026, 1, 1), True),
    ({}, Kind.ACCESS, date(2026, 6, 30), True),
    ({}, Kind.ACCESS, date(2026, 7, 1), False),
    ({"until": None}, Kind.ACCESS, date(2030, 1, 1), True),
    ({"revoked_on": date(2026, 3, 3)}, Kind.ACCESS, DAY, True),
    ({"revoked_on": DAY}, Kind.ACCESS, DAY, False),
    ({"representative_proven": False}, Kind.ACCESS, DAY, False),
    ({"person_proven": False}, Kind.ACCESS, DAY, False),
    ({"checked_by": ""}, Kind.ACCESS, DAY, False),
    ({"checked_on": None}, Kind.ACCESS, DAY, False),
])
def test_an_authority_carries_its_rights_in_its_time_when_both_are_proven(change, right, day, granted):
    verdict = acts_for(replace(LAWYER, **change), right, day)
    assert verdict.granted is granted
    assert verdict.sentence.endswith(".")


def test_the_answer_goes_to_the_person_unless_the_authority_says_otherwise_and_never_to_the_dead():
    assert answer_goes_to(LAWYER) is Goes.PERSON
    assert answer_goes_to(replace(LAWYER, answers_to_representative=True)) is Goes.REPRESENTATIVE
    assert answer_goes_to(replace(LAWYER, capacity=Capacity.HEIR), dead=True) is Goes.REPRESENTATIVE
    assert answer_goes_to(replace(LAWYER, answers_to_representative=True), dead=True) is Goes.NOBODY  # it ended with the death


def test_each_capacity_has_its_proof_and_nobody_checks_their_own():
    assert set(PROOFS) == set(Capacity)
    with pytest.raises(NotAllowed):
        require_apart("a", "a")
    require_apart("a", "b")
    require_apart("", "")


@pytest.mark.parametrize(("born", "facts", "granted", "sealed", "hear"), [
    (date(2018, 6, 1), {}, True, False, False),
    (date(2014, 3, 3), {}, True, False, False),  # eleven for one more day
    (date(2014, 3, 2), {}, False, False, True),  # twelve today
    (date(2010, 6, 1), {"own_view": True}, True, False, False),
    (date(2010, 6, 1), {"own_view": False}, False, True, False),
    (date(2009, 6, 1), {"own_view": False}, False, False, False),  # sixteen: their word is enough
    (date(2008, 3, 2), {"own_view": True}, False, False, False),  # of age today
    (date(2018, 6, 1), {"contact_ban": True}, False, True, False),
    (date(2018, 6, 1), {"conflict": True}, False, True, False),
    (date(2008, 3, 2), {"contact_ban": True}, False, True, False),
])
def test_a_child_is_heard_and_protected_by_age(born, facts, granted, sealed, hear):
    verdict = for_child(Child(born, **facts), DAY, 16)
    assert (verdict.granted, verdict.sealed, verdict.hear_first) == (granted, sealed, hear)


def test_what_a_child_told_in_confidence_is_in_no_parent_s_copy():
    assert for_parent(["a", "b", "c"], {"b"}) == ("a", "c")


RULE = DeathRule("XX", frozenset({Kind.ACCESS}), 10, "a law", "Ten years.")


@pytest.mark.parametrize(("rule", "right", "day", "forbidden", "granted"), [
    (RULE, Kind.ACCESS, date(2034, 2, 28), False, True),
    (RULE, Kind.ACCESS, date(2034, 3, 1), False, False),  # died on 29 February 2024
    (RULE, Kind.ERASURE, DAY, False, False),
    (RULE, Kind.ACCESS, DAY, True, False),
    (replace(RULE, years=None), Kind.ACCESS, date(2099, 1, 1), False, True),
    (NO_RULE, Kind.ACCESS, DAY, False, False),
])
def test_an_heir_has_what_the_national_rule_gives(rule, right, day, forbidden, granted):
    assert heir_may(rule, right, date(2024, 2, 29), day, forbidden=forbidden).granted is granted


def test_no_letter_goes_to_the_dead():
    with pytest.raises(NotPossible):
        require_living(DAY)
    require_living(DAY, Goes.REPRESENTATIVE)
    require_living(None)


def test_the_national_rules_are_data_with_their_sources():
    rules = death_rules()
    assert rules is death_rules()
    assert {"FR", "IT", "ES"} <= set(rules)
    assert all(each.source and each.sentence.endswith(".") and each.rights for each in rules.values())


@pytest.mark.parametrize("text", ["[XX", "[XX]\nyears = 3", '[XX]\nrights = ["fly"]\nsource = "x"\nsentence = "y"', "x = 1"])
def test_a_malformed_rule_is_refused(text):
    with pytest.raises(Invalid):
        read_death_rules(text)


def test_the_record_holds_no_name():
    made = record_of(replace(LAWYER, checked_by="Marker"), Kind.ACCESS, DAY, Under("eu_gdpr@2018-05-25"))
    assert made.granted
    assert "Marker" not in made.text()
