"""Objection and withdrawal: whole unless the person says otherwise, ended by the person alone."""

from datetime import datetime, timedelta

import pytest

from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.rights.objection import STATES, Legal, Scope, covers, end_by_opt_in, lift, scope_of, signalled, told_apart

NOW = datetime(2026, 11, 23, 9)
DAY = timedelta(days=1)


def test_the_whole_is_the_default_and_no_channel_list_makes_it_less_without_words():
    assert scope_of(Legal.OBJECTION) == Scope("direct_marketing", ("all",))
    assert scope_of(Legal.WITHDRAWAL) == Scope("all", ("all",))
    assert scope_of(Legal.OBJECTION, channels=["all"]) == scope_of(Legal.OBJECTION)
    with pytest.raises(Invalid):
        scope_of(Legal.WITHDRAWAL, purpose="newsletter")
    with pytest.raises(Invalid):
        scope_of(Legal.OBJECTION, channels=["pigeon"], own_words="x")


def test_a_purpose_never_narrows_an_objection():
    assert scope_of(Legal.OBJECTION, purpose="newsletter").purpose == "direct_marketing"
    assert scope_of(Legal.WITHDRAWAL, purpose="newsletter", own_words="only that").purpose == "newsletter"


@pytest.mark.parametrize(("entry", "asked", "stopped"), [
    (("direct_marketing", "all"), ("newsletter", "email"), True), (("all", "all"), ("newsletter", "email"), True),
    (("newsletter", "email"), ("newsletter", "email"), True), (("newsletter", "email"), ("newsletter", "phone"), False),
    (("newsletter", "email"), ("survey", "email"), False), (("newsletter", "email"), ("all", "all"), True),
])
def test_an_entry_covers_what_it_says(entry, asked, stopped):
    assert covers(*entry, *asked) is stopped


@pytest.mark.parametrize("state", list(Legal))
def test_only_a_restriction_is_lifted_by_us(state):
    if state is Legal.RESTRICTION:
        lift(state)
        return
    with pytest.raises(NotAllowed, match=STATES[state].name):
        lift(state)


@pytest.mark.parametrize(("state", "opted_in", "evidence", "outcome"), [
    (Legal.OBJECTION, NOW, "form", "newer_opt_in"), (Legal.WITHDRAWAL, NOW, "form", "newer_opt_in"),
    (Legal.DO_NOT_IMPORT, NOW, "order", "new_relation"), (Legal.RESTRICTION, NOW, "form", NotAllowed),
    (Legal.OBJECTION, NOW - 2 * DAY, "form", NotPossible), (Legal.OBJECTION, NOW - DAY, "form", NotPossible),
    (Legal.OBJECTION, NOW, " ", Invalid), (Legal.OBJECTION, NOW + DAY, "form", Invalid),
])
def test_each_state_ends_by_its_own_rule(state, opted_in, evidence, outcome):
    if isinstance(outcome, str):
        assert end_by_opt_in(state, NOW - DAY, opted_in, evidence, NOW) == outcome
        return
    with pytest.raises(outcome):
        end_by_opt_in(state, NOW - DAY, opted_in, evidence, NOW)


@pytest.mark.parametrize("signal", ["list_unsubscribe", "privacy_control"])
def test_a_signal_of_a_machine_is_an_objection(signal):
    assert signalled(signal) is Legal.OBJECTION


def test_an_unknown_signal_is_refused_and_the_right_is_told_apart():
    with pytest.raises(Invalid):
        signalled("smoke")
    assert told_apart(at_first=True, explicit=True, apart=True)
    for wrong in ({"at_first": False}, {"explicit": False}, {"apart": False}):
        assert not told_apart(**({"at_first": True, "explicit": True, "apart": True} | wrong))
