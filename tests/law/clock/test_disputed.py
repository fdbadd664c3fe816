"""Differences between the authorities: each with a source, for laws that there are, on every step where one is known."""

from datetime import date

import pytest

from core.law.clock.disputed import DIFFERENCES, Topic, differences
from core.store.datafiles import profiles

LAWS = {profiles().on(name, date(2026, 11, 1)).law for name in profiles().ids()}


@pytest.mark.parametrize("topic", Topic)
def test_every_difference_names_its_source_and_a_law_that_there_is(topic):
    for each in DIFFERENCES[topic]:
        assert each.sentence.endswith(".")
        assert each.source
        assert each.laws <= LAWS
    assert differences(topic, "gdpr")
    assert differences(topic, "eu_institution") == differences(topic, "gdpr")
    assert not set(differences(topic, "gdpr")) & set(differences(topic, "uk"))
    assert differences(topic, "us_ca") == ()
