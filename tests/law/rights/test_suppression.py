"""Suppression: whole unless the person says otherwise, ended by the person alone, and asked before every use."""

from datetime import datetime, timedelta

import pytest

from core.law.acts import ACTS
from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.rights.erasure import Exemption
from core.law.rights.restriction import Gateway, Ground, Operation
from core.law.rights.suppression import (
    ALL,
    MARKETING,
    STATES,
    Barred,
    Legal,
    May,
    OnRecord,
    Scope,
    Why,
    covers,
    end_by_opt_in,
    lift,
    may_end,
    may_use,
    scope_of,
)
from core.law.roles import Role

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


@pytest.mark.parametrize("state", [Legal.OBJECTION, Legal.WITHDRAWAL])
def test_words_that_limit_it_to_nothing_are_no_choice_of_everything(state):
    with pytest.raises(Invalid, match="Choose the channels or the purpose"):
        scope_of(state, own_words="letters are welcome")
    with pytest.raises(Invalid):
        scope_of(state, channels=["all"], own_words="letters are welcome")
    assert scope_of(state, own_words=" \n").channels == ("all",)
    assert scope_of(state, channels=["email"], own_words="letters are welcome").channels == ("email",)


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


@pytest.mark.parametrize(("state", "roles", "second"), [
    (Legal.RESTRICTION, {Role.DPO, Role.APPROVER}, True), (Legal.OBJECTION, {Role.DPO, Role.STEWARD}, False),
    (Legal.WITHDRAWAL, {Role.DPO, Role.STEWARD}, False), (Legal.DO_NOT_IMPORT, {Role.DPO, Role.STEWARD}, False),
    (Legal.DECEASED, {Role.DPO}, False),
])
def test_each_state_names_the_act_that_ends_it_and_so_who_may(state, roles, second):
    assert may_end(state) == roles
    assert ACTS[STATES[state].ended_by].second is second


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


LETTER = ("newsletter", "email")
AGREED = OnRecord("jo", bases=frozenset({LETTER}))
RESTRICTED = frozenset({Ground.CLAIMS})
OWN = (Operation.OWN_REQUEST, Gateway.CONSENT)


def why_not(item, purpose, channel, operation, gateway=None):
    with pytest.raises(Barred) as barred:
        may_use(item, purpose, channel, operation, gateway)
    assert str(barred.value)
    return barred.value.why


@pytest.mark.parametrize("operation", list(Operation))
@pytest.mark.parametrize("item", [
    OnRecord(known=False), OnRecord(restrictions=RESTRICTED), OnRecord(kept=frozenset({Exemption.CLAIMS})),
    *(OnRecord(stops=frozenset({(state, ALL, ALL)})) for state in Legal),
])
def test_no_stop_forbids_storing_and_none_lets_anything_reach_the_person(item, operation):
    assert may_use(item, *LETTER, Operation.STORE).operation is Operation.STORE
    if operation in {Operation.AUDIENCE, Operation.CAMPAIGN}:
        why_not(item, *LETTER, operation)


@pytest.mark.parametrize(("stop", "asked", "why"), [
    ((Legal.OBJECTION, MARKETING, ALL), LETTER, Why.OBJECTED), ((Legal.WITHDRAWAL, "newsletter", "email"), LETTER, Why.WITHDRAWN),
    ((Legal.WITHDRAWAL, ALL, ALL), LETTER, Why.WITHDRAWN), ((Legal.DECEASED, MARKETING, ALL), LETTER, Why.DECEASED),
    ((Legal.DO_NOT_IMPORT, "import", ALL), LETTER, Why.ERASED), ((Legal.WITHDRAWAL, "newsletter", "phone"), LETTER, None),
    ((Legal.WITHDRAWAL, "survey", "email"), LETTER, None), ((Legal.OBJECTION, MARKETING, "phone"), LETTER, None),
])
def test_each_state_bars_what_it_says_and_no_more(stop, asked, why):
    item = OnRecord("jo", stops=frozenset({stop}), bases=frozenset({LETTER}))
    if why is None:
        assert may_use(item, *asked, Operation.CAMPAIGN).about == "jo"
    else:
        assert why_not(item, *asked, Operation.CAMPAIGN) is why


def test_a_withdrawal_for_e_mail_leaves_the_post():
    both = frozenset({LETTER, ("newsletter", "post")})
    item = OnRecord("jo", stops=frozenset({(Legal.WITHDRAWAL, "newsletter", "email")}), bases=both)
    assert why_not(item, *LETTER, Operation.AUDIENCE) is Why.WITHDRAWN
    assert may_use(item, "newsletter", "post", Operation.AUDIENCE)


@pytest.mark.parametrize(("item", "asked"), [
    (OnRecord("jo"), LETTER), (AGREED, ("newsletter", "phone")), (AGREED, ("survey", "email")), (AGREED, (ALL, "email")),
    (AGREED, ("newsletter", ALL)), (AGREED, ("", "")), (OnRecord("jo", bases=frozenset({(ALL, ALL)})), (ALL, ALL)),
])
def test_without_a_basis_for_this_very_purpose_and_channel_nothing_reaches_anybody(item, asked):
    assert why_not(item, *asked, Operation.AUDIENCE) is Why.NO_BASIS


def test_the_first_reason_is_told_where_several_hold():
    stops = frozenset({(Legal.WITHDRAWAL, ALL, ALL), (Legal.OBJECTION, MARKETING, ALL), (Legal.DECEASED, MARKETING, ALL)})
    assert why_not(OnRecord(stops=stops), *LETTER, Operation.AUDIENCE) is Why.DECEASED
    assert why_not(OnRecord(stops=stops, restrictions=RESTRICTED), *LETTER, Operation.AUDIENCE) is Why.RESTRICTED
    assert why_not(OnRecord(known=False), *LETTER, Operation.AUDIENCE) is Why.UNKNOWN


def test_the_persons_own_request_passes_a_restriction_and_no_objection_stands_in_its_way():
    item = OnRecord("jo", stops=frozenset({(Legal.OBJECTION, MARKETING, ALL)}), restrictions=RESTRICTED)
    may = may_use(item, ALL, ALL, *OWN)
    assert may.gateway is Gateway.CONSENT
    assert why_not(item, ALL, ALL, Operation.OWN_REQUEST) is Why.RESTRICTED
    for ours in (Operation.EDIT, Operation.RETENTION, Operation.ANALYTICS, Operation.ACCOUNT_CLOSURE):
        assert why_not(item, ALL, ALL, ours, Gateway.CONSENT) is Why.RESTRICTED


def test_profiling_for_marketing_stops_with_it_and_needs_no_consent_otherwise():
    stops = frozenset({(Legal.OBJECTION, MARKETING, ALL)})
    assert why_not(OnRecord("jo", stops=stops), "scoring", "app", Operation.ANALYTICS) is Why.OBJECTED
    assert may_use(OnRecord("jo"), "scoring", "app", Operation.ANALYTICS)


def test_what_may_be_used_is_said_by_the_question_alone_and_for_the_person_asked_about():
    with pytest.raises(TypeError):
        May(object(), "jo", *LETTER, Operation.AUDIENCE, None)
    may = may_use(AGREED, *LETTER, Operation.AUDIENCE)
    assert may.require(Operation.AUDIENCE, Operation.CAMPAIGN) == "jo"
    with pytest.raises(NotAllowed):
        may.require(Operation.EDIT)
