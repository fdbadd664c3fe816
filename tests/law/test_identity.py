"""Identity: enough, and never more than enough."""

import pytest

from core.law.errors import Invalid
from core.law.identity import FIRM_RIGHTS, Channel, Proof, enough, ladder
from core.law.rights import RIGHTS, Kind

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
