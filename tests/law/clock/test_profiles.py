"""Profiles: dated versions, pins, and data files that say exactly what the rules know."""

from datetime import date

import pytest

from core.law.clock.profiles import read_profiles
from core.law.errors import Invalid
from core.store.datafiles import profiles

GOOD = """id = "x"
version = "1"
valid_from = 2020-01-01
name = "X"
source = "test"
"""
MONTH = '[period]\nunit = "month"\nn = 1\n'


@pytest.mark.parametrize(
    ("day", "version", "count"),
    [(date(2026, 2, 4), "2018-05-25", "half_open"), (date(2026, 2, 5), "2026-02-05", "inclusive")],
)
def test_the_version_of_the_receipt_date_is_taken(day, version, count):
    profile = profiles().on("uk_gdpr", day)
    assert (profile.version, profile.pause_on["clarification"]) == (version, count)
    assert profiles().pinned(profile.pin) is profile


def test_every_law_of_the_desk_is_there():
    assert profiles().ids() == [
        "br_lgpd", "br_lgpd_simplified", "ch_fadp", "de_gdpr", "eu_art14_notice", "eu_breach72", "eu_gdpr",
        "eu_institution", "fr_gdpr", "ie_gdpr", "uk_complaint", "uk_complaint_ack", "uk_gdpr", "us_ca_cpra",
        "us_ca_optout", "weeks3",
    ]  # fmt: skip


def test_only_the_kingdom_knows_a_restart_and_france_pauses_for_identity_alone():
    day = date(2026, 7, 1)
    assert [each for each in profiles().ids() if profiles().on(each, day).restart_on] == ["uk_gdpr"]
    assert set(profiles().on("fr_gdpr", day).pause_on) == {"identity"}


def test_unknown_ids_early_dates_and_unknown_pins_are_refused():
    with pytest.raises(Invalid, match="no such profile"):
        profiles().on("atlantis", date(2026, 1, 1))
    with pytest.raises(Invalid, match="2026-06-19"):
        profiles().on("uk_complaint", date(2026, 6, 18))
    with pytest.raises(Invalid, match="pinned"):
        profiles().pinned("eu_gdpr@1999")


@pytest.mark.parametrize(
    "text",
    [
        "id = ",
        GOOD,  # neither a period nor the words for having none
        GOOD + 'no_period = "none"\n' + MONTH,
        GOOD + MONTH.replace("month", "fortnight"),
        GOOD + MONTH.replace("1", "0"),
        GOOD + MONTH.replace("1", '"1"'),
        GOOD + MONTH + "first_day_counts = true\n",
        GOOD + 'surprise = "x"\n' + MONTH,
        GOOD + 'refusal_by = "never"\n' + MONTH,
        GOOD + MONTH + '[pause_on]\nweather = "half_open"\n',
        GOOD + MONTH + '[pause_on]\nidentity = "double"\n',
        GOOD + 'restart_on = ["identity"]\n' + MONTH + '[pause_on]\nidentity = "half_open"\n',
        GOOD.replace("2020-01-01", '"2020-01-01"') + MONTH,
        GOOD.replace('id = "x"\n', "") + MONTH,
        GOOD + MONTH + '[extension]\nunit = "month"\n',
    ],
)
def test_a_malformed_profile_is_refused_with_a_sentence(text):
    with pytest.raises(Invalid, match=r"\.$"):
        read_profiles([text])


def test_two_versions_from_one_day_are_refused():
    with pytest.raises(Invalid, match="two versions"):
        read_profiles([GOOD + MONTH, GOOD.replace('version = "1"', 'version = "2"') + MONTH])
