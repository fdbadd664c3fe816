"""The filter of Article 20(1), over every combination of origin, basis and means."""

from itertools import product

import pytest

from core.law.records import Under
from core.law.rights.portability import BASES, named, portable, record_of

POINTS = ["6(1)(a)", "6(1)(b)", "6(1)(c)", "6(1)(d)", "6(1)(e)", "6(1)(f)", "9(2)(a)", "9(2)(h)"]
ORIGINS = ["provided", "observed", "derived", "inferred", "guessed"]


@pytest.mark.parametrize(("origin", "point", "automated"), list(product(ORIGINS, POINTS, [True, False])))
def test_one_basis_is_in_only_by_consent_or_contract_by_machine_and_from_the_person(origin, point, automated):
    verdict = portable(origin, [f"Art. {point}: why"], automated=automated)
    wanted = origin in {"provided", "observed"} and point in {"6(1)(a)", "6(1)(b)", "9(2)(a)"} and automated
    assert verdict.included is wanted
    assert verdict.reason
    assert verdict.article.startswith("20(")


def test_each_purpose_is_judged_by_itself_and_a_public_task_never_carries():
    assert portable("provided", ["Art. 6(1)(f)", "Art. 6(1)(b)"]).included
    assert not portable("provided", ["Art. 6(1)(e)", "Art. 6(1)(f)"]).included
    assert not portable("provided", ["Art. 6(1)(e)"]).included
    assert portable("provided", ["Art. 6(1)(e)"]).article == "20(3)"
    assert portable("provided", ["Art. 6(1)(e)", "Art. 6(1)(a)"]).reason.endswith("under Art. 6(1)(a)")


@pytest.mark.parametrize("text", ["", "consent", "Art. 6", "Art. 16(1)(a)", "Art. 6(1)(g)"])
def test_a_basis_that_names_no_point_never_carries(text):
    assert named(text) == ""
    assert not portable("provided", [text]).included
    assert not portable("provided", []).included


def test_the_first_point_named_is_the_basis():
    assert named("Art. 6(1)(c) with Art. 12 and 5(2)") == "6(1)(c)"
    assert named("Art. 9(2)(a) GDPR") == "9(2)(a)"


def test_explicit_consent_carries_whatever_stands_beside_it():
    assert portable("provided", ["Art. 6(1)(f) with 9(2)(a)"]).reason.endswith("under Art. 9(2)(a)")
    assert portable("provided", ["Art. 6(1)(b) with 9(2)(a)"]).reason.endswith("under Art. 6(1)(b)")
    assert not portable("derived", ["Art. 6(1)(f) with 9(2)(a)"]).included
    assert not portable("provided", ["Art. 6(1)(f) with 9(2)(h)"]).included


def test_the_bases_are_those_of_the_article():
    assert {"6(1)(a)", "6(1)(b)", "9(2)(a)"} == BASES


@pytest.mark.parametrize(("origin", "point"), list(product(ORIGINS, POINTS)))
def test_the_record_says_what_the_rule_says(origin, point):
    made = record_of(origin, [f"Art. {point}: why"], Under("eu_gdpr@2018-05-25", "profiles.people.email"))
    verdict = portable(origin, [f"Art. {point}: why"])
    assert (made.granted, made.article) == (verdict.included, verdict.article)
    assert "why" not in made.text()
