"""Rectification: findings and what follows, fields that recognise people, the age limit, the days of warning."""

from datetime import date

import pytest

from core.connectors.fields import FIELDS
from core.law.rights.rectification import (
    RECOGNISING,
    TITLES,
    Finding,
    Proof,
    age_on,
    crosses,
    decide,
    lacking,
    outcome,
    recognises,
    warned_until,
)
from core.law.workflow import Closing
from core.store.datafiles import profiles


def test_only_what_is_wrong_or_missing_changes_and_the_rest_is_offered_a_statement():
    changing = {finding for finding in Finding if decide(finding).change}
    assert changing == {Finding.INACCURATE, Finding.INCOMPLETE}
    assert all(decide(finding).statement for finding in set(Finding) - {Finding.INACCURATE})
    assert [finding for finding in Finding if decide(finding).restriction] == [Finding.CONTESTED]
    assert decide(Finding.CONTESTED).article == "18(1)(a)"


def test_every_field_by_which_people_are_recognised_is_guarded():
    assert recognises(FIELDS) == {
        "email", "phone", "customer_id", "national_id", "birth_date", "given_name", "family_name",
    }
    assert set(TITLES) >= set(RECOGNISING)


@pytest.mark.parametrize(("fields", "proofs", "enough"), [
    (["city"], [], True), (["email"], [], False), (["email"], [Proof.DOCUMENT], False), (["email"], [Proof.CODE_OLD], False),
    (["email"], [Proof.CODE_NEW], True), (["phone"], [Proof.IN_PERSON], True), (["birth_date"], [Proof.CODE_NEW], False),
    (["birth_date"], [Proof.DOCUMENT], True), (["family_name"], [Proof.REGISTER], True),
    (["email", "birth_date"], [Proof.CODE_NEW], False), (["email", "birth_date"], [Proof.CODE_NEW, Proof.DOCUMENT], True),
])
def test_each_kind_of_field_has_the_proof_that_fits_it(fields, proofs, enough):
    assert (lacking(fields, proofs) == "") is enough


@pytest.mark.parametrize(("findings", "statement", "ending"), [
    ([Finding.INACCURATE, Finding.INCOMPLETE], False, Closing.FULFILLED),
    ([Finding.INACCURATE, Finding.CONTESTED], False, Closing.PARTLY_FULFILLED),
    ([Finding.ACCURATE], False, Closing.REFUSED), ([Finding.ACCURATE], True, Closing.PARTLY_FULFILLED),
    ([], True, Closing.FULFILLED), ([], False, Closing.REFUSED),
])
def test_the_findings_decide_how_it_ends(findings, statement, ending):
    assert outcome(findings, statement=statement) is ending


@pytest.mark.parametrize(("born", "day", "age"), [
    (date(2010, 1, 15), date(2026, 1, 14), 15), (date(2010, 1, 15), date(2026, 1, 15), 16),
    (date(2008, 2, 29), date(2024, 2, 28), 15), (date(2008, 2, 29), date(2024, 2, 29), 16),
    (date(2008, 2, 29), date(2025, 2, 28), 16), (date(2008, 2, 29), date(2025, 3, 1), 17),
])
def test_age_is_counted_in_full_years(born, day, age):
    assert age_on(born, day) == age


@pytest.mark.parametrize(("old", "new", "limit", "over"), [
    (date(1980, 1, 2), date(2010, 1, 15), 16, True), (date(2010, 1, 15), date(1980, 1, 2), 16, True),
    (date(1980, 1, 2), date(1981, 1, 2), 16, False), (date(2009, 12, 31), date(2010, 1, 15), 13, False),
    (None, date(2015, 1, 1), 16, True), (None, date(1980, 1, 2), 16, False), (date(2015, 1, 1), None, 16, True),
])
def test_the_limit_is_crossed_either_way_and_an_unknown_date_counted_as_of_age(old, new, limit, over):
    assert crosses(old, new, date(2025, 12, 1), limit) is over


def test_the_age_limit_is_data_of_the_law_that_was_pinned():
    limits = {each: profiles().on(each, date(2026, 7, 1)).age_limit for each in ("eu_gdpr", "de_gdpr", "fr_gdpr", "uk_gdpr")}
    assert limits == {"eu_gdpr": 16, "de_gdpr": 16, "fr_gdpr": 15, "uk_gdpr": 13}


def test_ninety_days_are_warned_of():
    assert (warned_until(date(2026, 11, 23)) - date(2026, 11, 23)).days == 90
