"""Erasure of one item: each ground on each basis, each exception with what it must record, and the request as a whole."""

from datetime import date

import pytest

from core.law.errors import Invalid
from core.law.records import Under
from core.law.rights.bases import Basis, Use
from core.law.rights.erasure import (
    EXEMPTIONS,
    GROUNDS,
    MUST_RECORD,
    Decision,
    Exemption,
    Ground,
    Item,
    Retention,
    check,
    decide,
    erase_on,
    outcome,
    reaching,
    record_of,
    suppression_ground,
)
from core.law.workflow import Closing

TODAY = date(2026, 11, 24)
UNDER = Under("eu_gdpr@2018-05-25", "orders.invoices")
WHOLE = {"reference": "the provision", "until": date(2034, 12, 31), "why": "it was weighed like this"}
# By hand from the text of Article 17(1) and (3): the letters that can reach a use resting on each basis of 6(1).
REACHED = {"a": "abdef", "b": "ade", "c": "ade", "d": "ade", "e": "acde", "ea": "acde", "f": "acde"}


@pytest.mark.parametrize("basis", list(REACHED))
@pytest.mark.parametrize("ground", Ground)
def test_each_ground_reaches_the_bases_of_the_page_and_no_other(basis, ground):
    expected = Decision.ERASE if ground.value[-1] in REACHED[basis] else Decision.NO_GROUND
    assert decide(Item((basis,), frozenset({ground})), TODAY) is expected
    for exemption in Exemption:
        kept = decide(Item((basis,), frozenset({ground}), Retention(exemption, **WHOLE)), TODAY)
        assert kept is (Decision.RETAIN if expected is Decision.ERASE else Decision.NO_GROUND)


def test_an_item_is_erased_only_when_no_purpose_is_left():
    withdrawn = frozenset({Ground.CONSENT_WITHDRAWN})
    assert decide(Item(("a",), withdrawn), TODAY) is Decision.ERASE
    assert decide(Item(("a", "b"), withdrawn), TODAY) is Decision.NO_GROUND
    assert decide(Item(("a", "b"), withdrawn | {Ground.UNLAWFUL}), TODAY) is Decision.ERASE
    assert decide(Item((), withdrawn), TODAY) is Decision.NO_GROUND
    assert decide(Item(("a",), frozenset()), TODAY) is Decision.NO_GROUND


def test_a_withdrawal_for_one_purpose_leaves_the_consent_for_another():
    uses = (Use(Basis.CONSENT, "newsletter"), Use(Basis.CONSENT, "survey"))
    withdrawn = frozenset({Ground.CONSENT_WITHDRAWN})
    one = Item((), withdrawn, uses=uses, limits={Ground.CONSENT_WITHDRAWN: frozenset({"survey"})})
    both = Item((), withdrawn, uses=uses, limits={Ground.CONSENT_WITHDRAWN: frozenset({"survey", "newsletter"})})
    assert decide(one, TODAY) is Decision.NO_GROUND
    assert decide(both, TODAY) is Decision.ERASE
    assert decide(Item((), withdrawn, uses=uses), TODAY) is Decision.ERASE
    assert reaching(uses[0], one) == frozenset()


def test_an_objection_to_marketing_erases_what_marketing_alone_used_whatever_its_basis():
    objected = frozenset({Ground.OBJECTION})
    assert decide(Item((), objected, uses=(Use(Basis.CONTRACT, "ads", marketing=True),)), TODAY) is Decision.ERASE
    assert decide(Item((), objected, uses=(Use(Basis.CONTRACT, "ads"),)), TODAY) is Decision.NO_GROUND


def test_explicit_consent_withdrawn_is_a_ground_beside_a_contract():
    withdrawn = frozenset({Ground.CONSENT_WITHDRAWN})
    assert decide(Item((), withdrawn, uses=(Use(Basis.CONTRACT, "care", explicit=True),)), TODAY) is Decision.ERASE


@pytest.mark.parametrize("exemption", Exemption)
def test_an_exception_that_records_too_little_covers_nothing(exemption):
    assert check(Retention(exemption, **WHOLE))
    for name in MUST_RECORD[exemption]:
        for nothing in ({name: None if name == "until" else ""}, {name: None if name == "until" else "  "}):
            with pytest.raises(Invalid) as refused:
                check(Retention(exemption, **(WHOLE | nothing)))
            assert refused.value.field == name


def test_the_last_day_of_an_exception_still_keeps_and_the_next_day_erases():
    over = frozenset({Ground.PURPOSE_OVER})
    until = Retention(Exemption.CLAIMS, "claim 7", date(2029, 12, 31))
    assert decide(Item(("b",), over, until), date(2029, 12, 31)) is Decision.RETAIN
    assert decide(Item(("b",), over, until), date(2030, 1, 1)) is Decision.ERASE
    assert erase_on(until) == date(2030, 1, 1)
    assert erase_on(Retention(Exemption.EXPRESSION, why="weighed")) is None


@pytest.mark.parametrize(("decisions", "closing"), [
    ([], Closing.FULFILLED), ([Decision.ERASE], Closing.FULFILLED), ([Decision.RETAIN], Closing.REFUSED),
    ([Decision.NO_GROUND], Closing.REFUSED), ([Decision.ERASE, Decision.NO_GROUND], Closing.PARTLY_FULFILLED),
    ([Decision.ERASE, Decision.RETAIN], Closing.PARTLY_FULFILLED),
])
def test_a_part_that_is_kept_makes_the_outcome_partial(decisions, closing):
    assert outcome(decisions) is closing


@pytest.mark.parametrize(("standing", "wished", "may"), [
    ([], False, False), ([], True, True), (["objection"], False, True), (["withdrawal"], False, True),
    (["restriction"], False, False), (["do_not_import"], False, False),
])
def test_a_hash_stays_only_for_an_objection_a_withdrawal_or_a_wish(standing, wished, may):
    assert suppression_ground(standing, wished=wished) is may


def test_each_decision_is_told_with_its_article_and_without_a_typed_word():
    over = frozenset({Ground.PURPOSE_OVER, Ground.CONSENT_WITHDRAWN})
    tax = Retention(Exemption.OBLIGATION, "Marker Street 7", date(2034, 12, 31), "Marker")
    kept, gone, stays = (
        record_of(item, TODAY, UNDER) for item in (Item(("b",), over, tax), Item(("a",), over), Item(("f",), frozenset()))
    )
    assert [each.article for each in (kept, gone, stays)] == ["17(3)(b)", "17(1)(a)", "17(1)"]
    assert [each.granted for each in (kept, gone, stays)] == [False, True, False]
    assert [each.outcome for each in (kept, gone, stays)] == ["retain", "erase", "no_ground"]
    assert "Marker" not in kept.text()
    assert dict(kept.inputs)["until"] == "2034-12-31"


def test_every_ground_and_exception_has_its_words():
    assert set(GROUNDS) == set(Ground)
    assert set(EXEMPTIONS) == set(MUST_RECORD) == set(Exemption)
