"""Restriction: what is allowed under it, and how it is lifted; every wrong order is refused."""

from datetime import datetime, timedelta

import pytest

from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.records import Under
from core.law.rights.restriction import (
    ENDS,
    GATEWAYS,
    GROUNDS,
    Event,
    Gateway,
    Ground,
    Operation,
    Restriction,
    due_to_end,
    ground_of,
    may_lift,
    may_process,
    record_of,
)

NOW = datetime(2026, 11, 23, 9)
HELD = [Restriction(Ground.CLAIMS, NOW)]
OURS = (
    Operation.CAMPAIGN, Operation.AUDIENCE, Operation.ANALYTICS, Operation.EDIT, Operation.RETENTION,
    Operation.ACCOUNT_CLOSURE,
)


@pytest.mark.parametrize("operation", list(Operation))
def test_storing_is_always_allowed_and_everything_without_a_restriction(operation):
    assert may_process([], operation) is None
    assert may_process(HELD, Operation.STORE, None) is None


@pytest.mark.parametrize("operation", OURS)
@pytest.mark.parametrize("gateway", [None, *Gateway])
def test_our_own_uses_have_no_gateway_whatever_is_named(operation, gateway):
    with pytest.raises(NotAllowed) as refusal:
        may_process(HELD, operation, gateway)
    assert all(words in str(refusal.value) for words in GATEWAYS.values())


@pytest.mark.parametrize(("operation", "gateway"), [
    (Operation.OWN_REQUEST, Gateway.CONSENT), (Operation.LEGAL_CLAIM, Gateway.CLAIMS),
    (Operation.PROTECT_OTHER, Gateway.OTHER_PERSON), (Operation.PUBLIC_INTEREST, Gateway.PUBLIC_INTEREST),
])
def test_each_gateway_opens_its_own_use_only(operation, gateway):
    assert may_process(HELD, operation, gateway) is gateway
    for other in {None, *Gateway} - {gateway}:
        with pytest.raises(NotAllowed):
            may_process(HELD, operation, other)


def test_several_restrictions_stack():
    both = [*HELD, Restriction(Ground.ACCURACY, NOW)]
    with pytest.raises(NotAllowed):
        may_process(both[1:], Operation.EDIT)
    with pytest.raises(NotAllowed):
        may_process(both, Operation.EDIT)


def test_every_ground_has_an_end_and_an_unknown_one_is_refused():
    assert {GROUNDS[ground].end_rule for ground in Ground} == {"verified", "agreed", "claim_finished", "balanced"}
    with pytest.raises(Invalid):
        ground_of("18.1.e")


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(("changes", "refusal"), [
    ({}, None),
    ({"informed_at": None}, NotPossible),
    ({"informed_at": NOW + 2 * HOUR}, NotPossible),  # told at the very moment
    ({"informed_at": NOW + 3 * HOUR}, NotPossible),  # told after
    ({"informed_at": NOW - HOUR}, NotPossible),  # told before it was proposed
    ({"informed_at": NOW}, None),
    ({"lifted_by": "a"}, NotAllowed),
])
def test_a_restriction_is_lifted_by_a_second_person_after_the_notice(changes, refusal):
    facts = {"proposed_by": "a", "lifted_by": "b", "proposed_at": NOW, "informed_at": NOW + HOUR, "lifted_at": NOW + 2 * HOUR}
    if refusal is None:
        may_lift(**(facts | changes))
        return
    with pytest.raises(refusal):
        may_lift(**(facts | changes))


@pytest.mark.parametrize("event", Event)
def test_an_event_ends_the_restrictions_of_its_own_ground_alone(event):
    standing = [Restriction(ground, NOW) for ground in Ground]
    by_hand = {
        Event.VERIFIED: [Ground.ACCURACY], Event.AGREED: [Ground.UNLAWFUL], Event.ERASED: [Ground.UNLAWFUL],
        Event.CLAIM_FINISHED: [Ground.CLAIMS], Event.BALANCED: [Ground.OBJECTION],
    }
    assert [each.ground for each in due_to_end(standing, event)] == by_hand[event]
    assert set(ENDS) == set(Ground)
    assert all(GROUNDS[ground].end_rule in ends for ground, ends in ENDS.items())


UNDER = Under("eu_gdpr@2018-05-25", "profiles.people")


@pytest.mark.parametrize("operation", Operation)
@pytest.mark.parametrize("gateway", [None, *Gateway])
def test_the_record_says_what_the_rule_says(operation, gateway):
    made = record_of(HELD, operation, UNDER, gateway)
    try:
        may_process(HELD, operation, gateway)
    except NotAllowed:
        assert not made.granted
    else:
        assert made.granted
    assert dict(made.inputs)["grounds"] == "18.1.c"
    assert record_of([], operation, UNDER, gateway).granted
