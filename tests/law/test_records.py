"""Records: canonical, readable again, and unable to carry a value of a person."""

import json
from datetime import date, datetime
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.law.errors import Invalid
from core.law.records import Under, read, record
from core.law.ways import Kind

UNDER = Under("eu_gdpr@2018-05-25", "profiles.people.email")
GOOD = {"article": "15", "rule": "ACC-1", "under": UNDER, "sentence": "It is so."}


def made(**inputs):
    return record(True, "open", **GOOD, **inputs)


def test_the_same_decision_is_the_same_text_whatever_the_order():
    one = made(right=Kind.ACCESS, asked=date(2026, 3, 2), told=True, kinds={Kind.ERASURE, Kind.ACCESS})
    two = made(kinds=[Kind.ACCESS, Kind.ERASURE], told=True, asked=date(2026, 3, 2), right=Kind.ACCESS)
    assert one.text() == two.text()
    assert read(one.text()) == one
    assert json.loads(one.text())["inputs"] == [
        ["asked", "2026-03-02"], ["kinds", "access erasure"], ["right", "access"], ["told", "yes"],
    ]


@pytest.mark.parametrize("value", ["Jo Smith", "jo@example.com", "access", 7, 1.5, b"x", ["access"], {"a": 1}, object(),
                                   datetime(2026, 3, 2, 9)])
def test_nothing_typed_and_nothing_held_enters(value):
    with pytest.raises(Invalid) as refused:
        made(fact=value)
    assert "Smith" not in str(refused.value)


@pytest.mark.parametrize("change", [
    {"rule": ""}, {"rule": "acc-1"}, {"article": ""}, {"sentence": "no full stop"}, {"sentence": ""},
    {"under": Under("eu_gdpr")}, {"under": Under("eu_gdpr@now")}, {"under": Under("eu_gdpr@2018-05-25", "Jo Smith")},
])
def test_a_record_without_its_rule_article_version_or_sentence_is_none(change):
    with pytest.raises(Invalid):
        record(True, "open", **(GOOD | change))


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "7", '{"inputs": 7}', '{"granted": true, "inputs": []}'])
def test_what_spells_no_decision_is_refused(text):
    with pytest.raises(Invalid):
        read(text)


class Code(StrEnum):
    A = "a"
    B = "b"


@settings(max_examples=80)
@given(st.dictionaries(
    st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True).filter(lambda name: name not in {*GOOD, "granted", "outcome"}),
    st.one_of(st.none(), st.booleans(), st.sampled_from(Code), st.dates(), st.sets(st.sampled_from(Code))), max_size=6,
))
def test_every_record_reads_back_as_itself(inputs):
    assert read(made(**inputs).text()) == made(**inputs)
    assert made(**inputs).text().isascii()
