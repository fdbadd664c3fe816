"""Refusals: the grounds of each right, the burden of proof, the three parts, and what is never refused."""

from datetime import date

import pytest

from core.law.errors import Invalid, NotPossible
from core.law.records import Under
from core.law.refusal import (
    ABUSE,
    CIRCUMSTANCES,
    GROUNDS,
    Circumstance,
    grounds,
    is_late,
    missing,
    never,
    record_of,
    require_circumstances,
    require_ground,
    require_whole,
)
from core.law.ways import OF_PERSONS, Kind

FACTS = "The same copy was given nine days ago and nothing changed since."
WHOLE = (
    "We do not act, because it is excessive. You may lodge a complaint with a supervisory\nauthority. "
    "You may also seek a judicial remedy."
)


def test_an_objection_to_marketing_is_never_refused_on_any_ground():
    assert never(Kind.OBJECTION_MARKETING)
    assert grounds(Kind.OBJECTION_MARKETING) == ()
    for code in GROUNDS:
        with pytest.raises(NotPossible, match=r"21\(3\)"):
            require_ground(Kind.OBJECTION_MARKETING, code, FACTS, FACTS)


@pytest.mark.parametrize("kind", [Kind.INQUIRY, Kind.DISCLOSURE])
def test_what_an_authority_asks_for_is_never_refused_under_article_12(kind):
    assert grounds(kind) == ()
    with pytest.raises(NotPossible, match="authority"):
        require_ground(kind, "excessive", FACTS, FACTS)


def test_every_other_right_may_be_refused_as_unfounded_or_excessive_with_evidence_only():
    for kind in set(OF_PERSONS) - {Kind.OBJECTION_MARKETING}:
        assert never(kind) == ""
        for code in ("unfounded", "excessive"):
            assert require_ground(kind, code, FACTS, FACTS, ["stated"]).article == "12(5)"
            for nothing in ("", "   ", "they write a lot"):
                with pytest.raises(Invalid, match="burden of proof"):
                    require_ground(kind, code, FACTS, nothing, ["stated"])
            for too_little in ((), ("number",), ("number", "magic")):
                with pytest.raises(Invalid) as refusal:
                    require_ground(kind, code, FACTS, FACTS, too_little)
                assert refusal.value.field == "circumstances"
            for each in set(Circumstance) - {Circumstance.NUMBER}:
                require_ground(kind, code, FACTS, FACTS, [each])


def test_every_circumstance_has_its_words_and_no_other_ground_needs_one():
    assert set(CIRCUMSTANCES) == set(Circumstance)
    for code in set(GROUNDS) - ABUSE:
        assert require_circumstances(code, ["number"]) == ()


def test_the_exceptions_of_erasure_are_for_erasure_alone_and_all_five_are_there():
    exceptions = {code for code, ground in GROUNDS.items() if ground.article.startswith("17(3)")}
    assert {GROUNDS[code].article for code in exceptions} == {f"17(3)({letter})" for letter in "abcde"}
    for kind in Kind:
        offered = {ground.code for ground in grounds(kind)}
        assert (offered >= exceptions) is (kind is Kind.ERASURE)
        assert offered & exceptions in (set(), exceptions)


@pytest.mark.parametrize(("kind", "code", "may"), [
    (Kind.ACCESS, "others_access", True), (Kind.PORTABILITY, "others_access", False),
    (Kind.PORTABILITY, "others_portability", True), (Kind.ACCESS, "others_portability", False),
    (Kind.PORTABILITY, "no_ground", True), (Kind.ACCESS, "no_ground", False), (Kind.ACCESS, "nothing", False),
    (Kind.COMPLAINT, "not_identifiable", False), (Kind.ERASURE, "not_identifiable", True),
])
def test_a_ground_is_for_its_rights_only(kind, code, may):
    if may:
        assert require_ground(kind, code, FACTS, FACTS).code == code
    else:
        with pytest.raises(Invalid) as refused:
            require_ground(kind, code, FACTS, FACTS)
        assert refused.value.field == "ground"


def test_facts_are_always_needed():
    with pytest.raises(Invalid, match="facts"):
        require_ground(Kind.PORTABILITY, "no_ground", "because", "")
    assert require_ground(Kind.PORTABILITY, "no_ground", FACTS, "")


@pytest.mark.parametrize(("cut", "part"), [
    ("because it is excessive", "reasons"), ("complaint", "complaint"), ("supervisory\nauthority", "complaint"),
    ("judicial remedy", "remedy"),
])
def test_a_letter_without_one_of_the_three_parts_is_not_whole(cut, part):
    assert missing(WHOLE) == ()
    require_whole(WHOLE)
    assert missing(WHOLE.replace(cut, "")) == (part,)
    with pytest.raises(NotPossible, match=r"12\(4\)"):
        require_whole(WHOLE.replace(cut, ""))


def test_a_refusal_is_late_after_its_day_and_not_on_it_nor_without_one():
    day = date(2026, 4, 3)
    assert [is_late(day, each) for each in (date(2026, 4, 2), day, date(2026, 4, 4))] == [False, False, True]
    assert not is_late(None, day)


@pytest.mark.parametrize(("kind", "code", "evidence", "refused", "article"), [
    (Kind.ACCESS, "excessive", FACTS, True, "12(5)"), (Kind.ACCESS, "excessive", "", False, "12(4)"),
    (Kind.OBJECTION_MARKETING, "excessive", FACTS, False, "12(4)"), (Kind.ERASURE, "legal_claims", "", True, "17(3)(e)"),
])
def test_the_record_tells_the_ground_and_no_typed_word(kind, code, evidence, refused, article):
    made = record_of(kind, code, FACTS, evidence, Under("eu_gdpr@2018-05-25"), refusal_due=date(2026, 4, 2), today=date(2026, 4, 3),
                     circumstances=["number", "stated"])
    assert dict(made.inputs)["shown_by"] == ("number stated" if code == "excessive" else "none")
    assert (made.granted, made.article, dict(made.inputs)["late"]) == (refused, article, "yes")
    assert FACTS not in made.text()
