"""A fee: only on a ground that is shown, at cost, announced before it is charged (FEE-1 to FEE-4)."""

from datetime import date
from decimal import Decimal

import pytest

from core.law.errors import Invalid, NotPossible
from core.law.fee import (
    GROUNDS,
    Answered,
    grounds,
    hint,
    missing,
    read_costs,
    require_ground,
    require_outcome,
    require_whole,
    total,
)
from core.law.ways import Kind

FACTS, EVIDENCE = "The very same copy was given nine days ago.", "Request of 11 November, answered on 15 November."
TODAY, BEFORE = date(2026, 11, 23), date(2026, 11, 20)


@pytest.mark.parametrize("kind", [Kind.CONSENT_WITHDRAWAL, Kind.OBJECTION_MARKETING, Kind.COMPLAINT])
def test_some_rights_are_free_in_any_case(kind):
    assert grounds(kind) == ()
    with pytest.raises(NotPossible, match="free"):
        require_ground(kind, "excessive", FACTS, EVIDENCE)


def test_without_evidence_there_is_no_fee_but_further_copies_need_no_abuse():
    for ground in ("unfounded", "excessive"):
        with pytest.raises(Invalid, match="burden of proof"):
            require_ground(Kind.ACCESS, ground, FACTS, "three requests")
        assert require_ground(Kind.ACCESS, ground, FACTS, EVIDENCE, ["unchanged"]).code == ground
        with pytest.raises(Invalid, match="besides the number"):
            require_ground(Kind.ACCESS, ground, FACTS, EVIDENCE, ["number"])
    assert require_ground(Kind.ACCESS, "further_copies", FACTS, "").article == "15(3)"
    with pytest.raises(Invalid, match="ground"):
        require_ground(Kind.ERASURE, "further_copies", FACTS, EVIDENCE)
    with pytest.raises(Invalid, match="facts"):
        require_ground(Kind.ACCESS, "excessive", "no", EVIDENCE)
    assert GROUNDS["further_copies"].rights == {Kind.ACCESS}


@pytest.mark.parametrize("lines", [
    "", "Postage", "6.99", "Postage 0", "Postage -3", "Postage 6.999", "Postage nan", "Postage 1e9", "Postage Infinity",
    "x" * 130 + " 5", "\n".join(["Copies 1"] * 13),
])
def test_a_cost_that_is_no_cost_is_refused(lines):
    with pytest.raises(Invalid) as refusal:
        read_costs(lines)
    assert refusal.value.field == "costs"


def test_the_fee_is_the_sum_of_its_items():
    assert total(read_costs("Copying 0.10\nPostage: 0,20\n\n")) == Decimal("0.30")


def test_an_announcement_says_reasons_choice_complaint_and_amount():
    text = "A fee because of it. You may withdraw. You may lodge a complaint with a supervisory authority. 5.00 EUR"
    assert missing(text) == ()
    require_whole(text, "5.00 EUR")
    for cut in ("because", "withdraw", "complaint", "5.00 EUR"):
        with pytest.raises(NotPossible):
            require_whole(text.replace(cut, ""), "5.00 EUR")


def test_nothing_is_paid_before_it_was_announced():
    with pytest.raises(NotPossible, match="Announce"):
        require_outcome("paid", None, TODAY, TODAY)
    require_outcome("waived", None, TODAY, TODAY)
    require_outcome("paid", BEFORE, BEFORE, TODAY)
    for on in (date(2026, 11, 19), date(2026, 11, 24)):
        with pytest.raises(Invalid):
            require_outcome("paid", BEFORE, on, TODAY)
    with pytest.raises(Invalid):
        require_outcome("gifted", BEFORE, TODAY, TODAY)


def test_the_hint_needs_an_earlier_answer_and_says_what_changed_since_the_last():
    assert hint(Kind.ACCESS, [], TODAY) == ""
    assert hint(Kind.ACCESS, [Answered(BEFORE, None)], TODAY) == ""
    changed = hint(Kind.ACCESS, [Answered(date(2026, 5, 1), ()), Answered(BEFORE, ("Shop: Orders",))], TODAY)
    assert "20 Nov 2026, 3 days ago. Since then this has changed: Shop: Orders" in changed
    both = hint(Kind.ACCESS, [Answered(date(2026, 5, 1), ("Shop: Orders",)), Answered(BEFORE, ())], TODAY)
    assert "20 Nov 2026, 3 days ago" in both
    assert "not a ground" in both
