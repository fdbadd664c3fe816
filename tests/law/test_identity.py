"""Identity: enough, and never more than enough."""

import pytest

from core.law.errors import Invalid, NotPossible
from core.law.identity import (
    FIRM_RIGHTS,
    LADDER,
    SWITCHED_OFF,
    Channel,
    Data,
    Proof,
    enough,
    ladder,
    record_of,
    require_question,
    switched_off,
)
from core.law.records import Under
from core.law.ways import RIGHTS, Kind

P = Proof


@pytest.mark.parametrize("kind", [kind for kind in Kind if not RIGHTS[kind].needs_identity])
@pytest.mark.parametrize("channel", Channel)
def test_objection_withdrawal_and_the_like_need_no_proof(kind, channel):
    assert ladder(kind, channel) == ()
    assert enough(kind, channel, []).granted


@pytest.mark.parametrize("kind", [kind for kind in Kind if RIGHTS[kind].needs_identity])
@pytest.mark.parametrize("channel", Channel)
def test_without_proof_nothing_is_enough_and_a_code_always_is(kind, channel):
    assert not enough(kind, channel, []).granted
    assert enough(kind, channel, [P.CODE]).granted
    assert enough(kind, channel, [P.SIGNED_IN]).granted


@pytest.mark.parametrize(
    ("channel", "proofs", "granted"),
    [
        (Channel.EMAIL, [P.MAIL_HELD], False),  # a sender can be forged
        (Channel.EMAIL, [P.MAIL_HELD, P.TWO_FACTS], True),
        (Channel.EMAIL, [P.MAIL_HELD, P.CALL_BACK], True),
        (Channel.EMAIL, [P.TWO_FACTS], False),
        (Channel.TELEPHONE, [P.CALL_BACK], False),
        (Channel.TELEPHONE, [P.TWO_FACTS], False),
        (Channel.TELEPHONE, [P.CALL_BACK, P.TWO_FACTS], True),
        (Channel.TELEPHONE, [P.MAIL_HELD, P.TWO_FACTS], False),
        (Channel.POST, [P.CALL_BACK, P.TWO_FACTS], True),
        (Channel.COUNTER, [P.TWO_FACTS], False),
        (Channel.ACCOUNT, [P.TWO_FACTS], False),
    ],
)
@pytest.mark.parametrize("kind", FIRM_RIGHTS)
def test_data_leave_change_or_vanish_only_on_a_firm_proof(kind, channel, proofs, granted):
    decision = enough(kind, channel, proofs)
    assert decision.granted is granted
    assert decision.article == "12(6)"
    assert decision.sentence.endswith(".")


def test_a_restriction_takes_any_one_proof():
    assert enough(Kind.RESTRICTION, Channel.EMAIL, [P.MAIL_HELD]).granted


@pytest.mark.parametrize("reason", ["", "   "])
@pytest.mark.parametrize("kind", Kind)
def test_a_document_without_its_reason_is_never_taken(kind, reason):
    with pytest.raises(Invalid) as caught:
        enough(kind, Channel.POST, [P.DOCUMENT, P.CODE], reason)
    assert caught.value.field == "reasonable_doubt_reason"


def test_a_document_in_reasonable_doubt_is_enough():
    assert enough(Kind.ACCESS, Channel.POST, [P.DOCUMENT], "the signature differs from the contract").granted


def test_the_lightest_way_comes_before_the_document():
    for channel in Channel:
        ways = ladder(Kind.ACCESS, channel)
        assert ways.index(frozenset({P.CODE})) < ways.index(frozenset({P.DOCUMENT}))


NEEDS_PROOF = [kind for kind in Kind if RIGHTS[kind].needs_identity]
DOUBT = "the name differs from the one we hold"


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("kind", FIRM_RIGHTS)
@pytest.mark.parametrize("proof", [proof for proof in Proof if proof is not Proof.DOCUMENT])
def test_no_single_sign_opens_sensitive_data(kind, channel, proof):
    assert not enough(kind, channel, [proof], data=Data.SENSITIVE).granted


@pytest.mark.parametrize(("channel", "proofs", "granted"), [
    (Channel.EMAIL, [P.CODE, P.TWO_FACTS], True), (Channel.EMAIL, [P.MAIL_HELD, P.TWO_FACTS], False),
    (Channel.TELEPHONE, [P.CALL_BACK, P.TWO_FACTS], False), (Channel.TELEPHONE, [P.CALL_BACK, P.CODE], True),
    (Channel.ACCOUNT, [P.SIGNED_IN, P.CODE], True), (Channel.POST, [P.DOCUMENT], False),
    (Channel.POST, [P.DOCUMENT, P.TWO_FACTS], True), (Channel.COUNTER, [P.DOCUMENT], True),
    (Channel.EMAIL, [P.MAIL_HELD, P.CODE], False),  # the code went to the same mailbox
])
@pytest.mark.parametrize("kind", FIRM_RIGHTS)
def test_sensitive_data_need_two_signs_of_different_kinds(kind, channel, proofs, granted):
    assert enough(kind, channel, proofs, DOUBT, Data.SENSITIVE).granted is granted


def test_the_ladder_is_one_table_over_every_channel_and_kind_of_data():
    assert set(LADDER) == {(channel, data) for channel in Channel for data in Data}
    for channel in Channel:  # what is enough for sensitive data is enough for ordinary ones
        for way in LADDER[channel, Data.SENSITIVE]:
            assert enough(Kind.ACCESS, channel, way, DOUBT).granted


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in NEEDS_PROOF])
def test_nothing_is_asked_where_nothing_is_needed(kind, channel):
    for data in Data:
        assert ladder(kind, channel, data) == ()
        assert enough(kind, channel, [], data=data).granted
    with pytest.raises(NotPossible):
        require_question(kind, channel, [P.CODE], DOUBT)


@pytest.mark.parametrize("kind", NEEDS_PROOF)
def test_a_blanket_demand_is_refused(kind):
    require_question(kind, Channel.POST, [P.CODE, P.TWO_FACTS], DOUBT)
    for asked, doubt, field in (
        ([P.CODE], "  ", "reasonable_doubt_reason"), ([], DOUBT, "proofs"), ([P.DOCUMENT], DOUBT, "proofs"),
        ([P.DOCUMENT, P.DOCUMENT], DOUBT, "proofs"),
    ):
        with pytest.raises(Invalid) as refused:
            require_question(kind, Channel.POST, asked, doubt)
        assert refused.value.field == field


@pytest.mark.parametrize("kind", Kind)
def test_article_11_switches_off_articles_15_to_20_and_no_other(kind):
    by_hand = {Kind.ACCESS, Kind.RECTIFICATION, Kind.ERASURE, Kind.RESTRICTION, Kind.PORTABILITY}
    assert (kind in SWITCHED_OFF) is (kind in by_hand)
    assert switched_off(kind, shown=True, supplied=False) is (kind in by_hand)
    assert not switched_off(kind, shown=True, supplied=True)
    assert not switched_off(kind, shown=False, supplied=False)


def test_the_record_names_the_method_and_never_the_doubt():
    made = record_of(Kind.ACCESS, Channel.POST, [P.DOCUMENT, P.CODE], Under("eu_gdpr@2018-05-25"), "Marker")
    assert (made.granted, dict(made.inputs)["proofs"], dict(made.inputs)["doubt"]) == (True, "code document", "yes")
    assert "Marker" not in made.text()
