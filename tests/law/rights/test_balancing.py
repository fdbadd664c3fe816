"""Objection under Article 21(1): each outcome, the burden of proof, and marketing that is never weighed."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.law.errors import Invalid, NotAllowed
from core.law.letters import LETTERS
from core.law.records import Under
from core.law.rights.balancing import (
    FOLLOWS,
    Balancing,
    Outcome,
    Prevails,
    Research,
    check,
    decide,
    record_of,
    require_approver,
    restriction_offered,
)
from core.law.rights.bases import Basis, Use
from core.law.ways import Kind

FRAUD = Use(Basis.INTERESTS, "fraud")
WEIGHED = Balancing("Fraud of this kind cost three customers.", "The person moves house often for work.",
                    Prevails.COMPELLING, "a")
UNDER = Under("eu_gdpr@2018-05-25", "orders.signals")


class Untouchable:
    """Stands for a balancing: whoever so much as looks at it fails the test."""

    def __getattribute__(self, name):
        raise AssertionError(f"the balancing was consulted: {name}")

    def __bool__(self):
        raise AssertionError("the balancing was consulted")


@pytest.mark.parametrize(("prevails", "reference", "outcome"), [
    (Prevails.COMPELLING, "", Outcome.NOT_UPHELD), (Prevails.CLAIMS, "claim 7", Outcome.NOT_UPHELD),
    (Prevails.NOTHING, "", Outcome.UPHELD),
])
def test_the_use_stops_unless_we_demonstrate_what_prevails(prevails, reference, outcome):
    assert decide(Kind.OBJECTION, FRAUD, replace(WEIGHED, prevails=prevails, reference=reference)) is outcome


@pytest.mark.parametrize("basis", Basis)
def test_only_a_public_task_and_interests_can_be_objected_to(basis):
    given_for = {"e", "ea", "f"}
    outcome = decide(Kind.OBJECTION, Use(basis, "p"), None)
    assert outcome is (Outcome.OPEN if basis.value in given_for else Outcome.NOT_GIVEN)


@pytest.mark.parametrize("change", [
    {"our_grounds": ""}, {"our_grounds": "we need it"}, {"persons_situation": "  "},
    {"prevails": Prevails.CLAIMS}, {"prevails": Prevails.CLAIMS, "reference": " "},
])
def test_without_its_record_nothing_prevails(change):
    with pytest.raises(Invalid):
        check(replace(WEIGHED, **change))
    with pytest.raises(Invalid):
        decide(Kind.OBJECTION, FRAUD, replace(WEIGHED, **change))


def test_until_it_is_decided_restriction_is_offered_and_not_after():
    assert decide(Kind.OBJECTION, FRAUD, None) is Outcome.OPEN
    assert decide(Kind.OBJECTION, FRAUD, WEIGHED, situation=False) is Outcome.OPEN  # the person is asked first
    assert [outcome for outcome in Outcome if restriction_offered(Kind.OBJECTION, outcome)] == [Outcome.OPEN]
    assert not restriction_offered(Kind.OBJECTION_MARKETING, Outcome.OPEN)


@pytest.mark.parametrize(("research", "outcome"), [
    (Research.RESEARCH, Outcome.UPHELD), (Research.PUBLIC_TASK, Outcome.NOT_UPHELD),
])
def test_research_is_objected_to_unless_it_is_a_public_task(research, outcome):
    for basis in Basis:
        assert decide(Kind.OBJECTION, Use(basis, "study"), None, research=research) is outcome


@settings(max_examples=60)
@given(st.sampled_from(list(Basis)), st.booleans(), st.booleans(), st.sampled_from(list(Research)))
def test_marketing_never_consults_a_balancing(basis, marketing, situation, research):
    use = Use(basis, "ads", marketing)
    facts = {"situation": situation, "research": research}
    assert decide(Kind.OBJECTION_MARKETING, use, Untouchable(), **facts) is Outcome.UPHELD
    assert decide(Kind.OBJECTION, replace(use, marketing=True), Untouchable(), **facts) is Outcome.UPHELD
    assert record_of(Kind.OBJECTION_MARKETING, use, Untouchable(), UNDER, **facts).granted


def test_whoever_weighed_does_not_approve_that_the_use_goes_on():
    with pytest.raises(NotAllowed):
        require_approver(WEIGHED, "a", Outcome.NOT_UPHELD)
    require_approver(WEIGHED, "b", Outcome.NOT_UPHELD)
    require_approver(WEIGHED, "a", Outcome.UPHELD)


def test_each_outcome_has_its_letter_and_only_an_upheld_one_stops_the_use():
    assert {follow.letter for follow in FOLLOWS.values()} <= set(LETTERS)
    assert [outcome for outcome, follow in FOLLOWS.items() if follow.stops] == [Outcome.UPHELD]
    assert [outcome for outcome, follow in FOLLOWS.items() if follow.erasure_ground] == [Outcome.UPHELD]
    assert all(LETTERS[FOLLOWS[each].letter].remedies for each in (Outcome.NOT_GIVEN, Outcome.NOT_UPHELD))


def test_the_record_tells_the_outcome_and_not_a_word_that_was_weighed():
    made = record_of(Kind.OBJECTION, FRAUD, replace(WEIGHED, our_grounds="Marker grounds of more than twenty."), UNDER)
    assert (made.granted, made.outcome, made.rule) == (False, "not_upheld", "OBJ-1")
    assert "Marker" not in made.text()
    assert record_of(Kind.OBJECTION_MARKETING, FRAUD, None, UNDER).article == "21(3)"


def test_another_right_is_no_objection():
    with pytest.raises(Invalid):
        decide(Kind.ERASURE, FRAUD, None)
