"""Decisions by machines alone: each way in which they are not allowed, in the Union and in the Kingdom."""

from dataclasses import replace
from datetime import date

import pytest

from core.law.errors import NotAllowed
from core.law.records import Under
from core.law.rights.automated import (
    Ground,
    MachineDecision,
    Regime,
    Safeguard,
    Special,
    judge,
    record_of,
    regime,
    require_reviewer,
)

ALL = frozenset(Safeguard)
LOAN = MachineDecision(True, True, Ground.CONTRACT, safeguards=ALL)


@pytest.mark.parametrize(("profile", "day", "expected"), [
    ("uk_gdpr", date(2026, 2, 4), Regime.UNION), ("uk_gdpr", date(2026, 2, 5), Regime.KINGDOM),
    ("eu_gdpr", date(2027, 1, 1), Regime.UNION), ("de_gdpr", date(2027, 1, 1), Regime.UNION),
])
def test_the_kingdom_has_its_own_articles_from_its_day_on(profile, day, expected):
    assert regime(profile, day) is expected


@pytest.mark.parametrize("governed", Regime)
@pytest.mark.parametrize("change", [{"alone": False}, {"significant": False}])
def test_what_a_human_decides_or_what_weighs_nothing_is_not_covered(governed, change):
    assert judge(replace(LOAN, ground=Ground.OTHER, safeguards=frozenset(), **change), governed).allowed


@pytest.mark.parametrize(("change", "union", "kingdom"), [
    ({}, True, True),
    ({"ground": Ground.LAW}, True, True),
    ({"ground": Ground.CONSENT}, True, True),
    ({"ground": Ground.OTHER}, False, True),  # the Kingdom permits, and demands safeguards
    ({"ground": Ground.RECOGNISED}, False, False),
    ({"ground": Ground.LAW, "safeguards": frozenset()}, True, False),  # 22(2)(b): the law itself lays them down
    ({"safeguards": frozenset()}, False, False),
    ({"safeguards": ALL - {Safeguard.CONTEST}}, False, False),
    ({"safeguards": ALL - {Safeguard.HUMAN}}, False, False),
    ({"safeguards": ALL - {Safeguard.OWN_VIEW}}, False, False),
    ({"safeguards": ALL - {Safeguard.INFORMED}}, True, False),
    ({"special": Special.CONSENT}, True, True),
    ({"special": Special.PUBLIC_INTEREST}, True, True),
    ({"special": Special.OTHER}, False, False),
    ({"ground": Ground.CONSENT, "special": Special.PUBLIC_INTEREST}, True, False),
])
def test_each_condition_counts_by_itself(change, union, kingdom):
    decision = replace(LOAN, **change)
    assert judge(decision, Regime.UNION).allowed is union
    assert judge(decision, Regime.KINGDOM).allowed is kingdom


def test_the_article_told_is_that_of_the_ground():
    told = [judge(replace(LOAN, ground=ground), Regime.UNION).article for ground in (Ground.CONTRACT, Ground.LAW, Ground.CONSENT)]
    assert told == ["22(2)(a)", "22(2)(b)", "22(2)(c)"]


def test_the_review_is_by_another_person_who_can_change_the_decision():
    require_reviewer("b", ["a"], may_change=True)
    with pytest.raises(NotAllowed, match="took part"):
        require_reviewer("a", ["a"], may_change=True)
    with pytest.raises(NotAllowed, match="change"):
        require_reviewer("b", ["a"], may_change=False)


def test_the_record_names_the_articles_of_its_day():
    under = Under("uk_gdpr@2026-02-05")
    assert record_of(LOAN, "uk_gdpr", date(2026, 2, 5), under).article == "22C"
    assert dict(record_of(LOAN, "uk_gdpr", date(2026, 2, 4), under).inputs)["regime"] == "22"
