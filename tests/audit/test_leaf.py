"""The bytes of an entry: fixed for ever, injective, and closed to words."""
# ruff: noqa: DTZ901 - the log keeps UTC without a zone

import re
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime
from enum import Enum, IntEnum, StrEnum
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.audit.leaf import GENESIS, LARGEST, VERSION, Entry, canonical, entry_hash, leaf, microseconds, read_details
from tests.audit.rows import FIRST, SECOND

DOC = Path(__file__).parents[2] / "docs" / "audit-log.md"
FIRST_HEX = (
    "7269676874736465736b2d61756469742d76310a01000000086c6f672d37663361010000000800000000000000000100000008"
    "00064c1b234b9d90010000000a6163746f722d35316330010000000c7369676e2d696e2d303864320100000007737465776172"
    "64010000000f726571756573742e74616b655f696e0100000004646f6e6500010000001052442d323032362d3030343231372d"
    "3301000000087265712d3162396501000000077265717565737401000000087265712d31623965010000001072657175657374"
    "5f68616e646c696e670001000000027b7d"
)
SECOND_HEX = (
    "7269676874736465736b2d61756469742d76310a01000000086c6f672d37663361010000000800000000000000010100000008"
    "00064c1b26ea9640010000000a6163746f722d35316330010000000c7369676e2d696e2d303864320100000007737465776172"
    "64010000000b706572736f6e2e6f70656e0100000004646f6e65010000000c7375626a6563742d63346439010000001052442d"
    "323032362d3030343231372d3301000000087265712d316239650100000006706572736f6e0100000000010000000e6964656e"
    "746974795f636865636b0100000020000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f01000000"
    "247b226669656c6473223a5b22656d61696c222c22626f726e225d2c22726f7773223a337d"
)
FIRST_HASH = "418fb55aa45c33ed92fbcfefe2a23e1215fcf077e14981995701f18d59d4ae22"
SECOND_HASH = "b9e4b512b34404a68bf5feb10833d172bb91334a44416d6fb8090f8f8ded84d7"

OPTIONAL = [
    "actor_ref", "sign_in_ref", "role", "subject_ref", "case_ref", "request_ref", "object_kind", "object_id",
    "purpose_code",
]  # fmt: skip
few = st.sampled_from(["", "a", "b", "ab", "a\x7eb", "01", "{}"])
codes = st.from_regex(r"[a-z0-9_.:-]{1,6}", fullmatch=True)
scalars = st.one_of(st.integers(-LARGEST, LARGEST), codes)
detail_maps = st.dictionaries(codes, st.one_of(scalars, st.lists(scalars, max_size=3)), max_size=3)
entries = st.builds(
    Entry,
    chain=st.sampled_from(["a", "b", "ab"]),
    seq=st.integers(0, LARGEST) | st.integers(0, 2),
    happened_at=st.datetimes() | st.just(datetime(2026, 3, 3)),
    act=st.sampled_from(["a", "ab"]),
    outcome=st.sampled_from(["b", "ab"]),
    words_hash=st.none() | st.binary(min_size=32, max_size=32),
    details=st.just({}) | detail_maps,
    **{name: st.none() | few for name in OPTIONAL},
)


def test_known_answers():
    assert canonical(FIRST).hex() == FIRST_HEX
    assert canonical(SECOND).hex() == SECOND_HEX
    assert entry_hash(GENESIS, FIRST).hex() == FIRST_HASH
    assert entry_hash(bytes.fromhex(FIRST_HASH), SECOND).hex() == SECOND_HASH


def test_the_document_shows_the_same_bytes_and_hashes():
    blocks = re.findall(r"```hex\n(.*?)```", DOC.read_text(), re.DOTALL)
    shown = ["".join(re.sub(r"#.*", "", block).split()) for block in blocks]
    assert shown == [FIRST_HEX, SECOND_HEX, FIRST_HASH, SECOND_HASH]


def test_a_leaf_is_what_rfc_9162_hashes():
    assert leaf(GENESIS, FIRST) == bytes(32) + canonical(FIRST)
    assert entry_hash(GENESIS, FIRST) == sha256(b"\x00" + leaf(GENESIS, FIRST)).digest()
    with pytest.raises(ValueError, match="prev"):
        entry_hash(b"", FIRST)


@given(entries, entries)
def test_entries_that_differ_have_different_bytes(one, other):
    assert (one == other) == (canonical(one) == canonical(other))


@given(entries)
def test_bytes_can_be_cut_into_their_fields_again(entry):
    raw, at, fields = canonical(entry), len(VERSION), []
    while at < len(raw):
        present, at = raw[at], at + 1
        if present:
            size = int.from_bytes(raw[at : at + 4], "big")
            fields.append(raw[at + 4 : at + 4 + size])
            at += 4 + size
        else:
            fields.append(None)
    assert raw.startswith(VERSION)
    assert len(fields) == 16
    assert fields[1] == entry.seq.to_bytes(8, "big")
    assert int.from_bytes(fields[2], "big", signed=True) == microseconds(entry.happened_at)
    assert [None if f is None else f.decode() for f in fields[8:14]] == [getattr(entry, n) for n in OPTIONAL[3:]]
    assert fields[14] == entry.words_hash
    assert read_details(fields[15].decode()) == entry.details


@pytest.mark.parametrize("name", OPTIONAL)
def test_none_is_not_the_empty_text(name):
    assert canonical(replace(FIRST, **{name: None})) != canonical(replace(FIRST, **{name: ""}))


@pytest.mark.parametrize(("left", "right"), list(pairwise(OPTIONAL)))
def test_a_letter_cannot_move_to_the_neighbour(left, right):
    seen = {
        canonical(replace(FIRST, **{left: a, right: b}))
        for a, b in [("ab", ""), ("a", "b"), ("", "ab"), ("ab", None), (None, "ab")]
    }
    assert len(seen) == 5


@given(entries)
def test_stored_details_give_identical_bytes(entry):
    again = replace(entry, details=read_details(entry.details_text))
    assert again == entry
    assert canonical(again) == canonical(entry)


def test_details_are_sorted_copied_and_cannot_be_changed():
    given_details = {"rows": 1, "fields": ["b", "a"]}
    entry = replace(FIRST, details=given_details)
    given_details["rows"] = 2
    given_details["fields"].append("c")
    assert entry.details_text == '{"fields":["b","a"],"rows":1}'
    with pytest.raises(TypeError):
        entry.details["rows"] = 5
    with pytest.raises(FrozenInstanceError):
        entry.act = "other"


def test_codes_and_numbers_of_an_enumeration_are_plain_values():
    kind = StrEnum("kind", {"PERSON": "person"})
    size = IntEnum("size", {"TWO": 2})
    assert replace(FIRST, details={"k": kind.PERSON, "n": size.TWO}).details_text == '{"k":"person","n":2}'
    assert canonical(replace(FIRST, object_kind=kind.PERSON)) == canonical(replace(FIRST, object_kind="person"))


@pytest.mark.parametrize(
    "details",
    [
        {"note": "Marker Person rang"}, {"note": "marker person"}, {"email": "marker@example.com"}, {"name": "Marker"},
        {"name": "märker"}, {"name": ""}, {"name": "m" * 65}, {"name": "marker\n"}, {"n": 1.0}, {"n": True},
        {"n": None},
        {"n": LARGEST + 1}, {"n": b"marker"}, {"n": {"a": 1}}, {"n": [["a"]]}, {"n": ["Marker Person"]}, {"n": [True]},
        {"Rows": 1}, {"": 1}, {"rows erased": 1}, {1: 1}, ["rows"], None,
        {"n": Enum("plain", {"A": "a"}).A}, {"n": ["m" * 64] * 1000},
    ],
)  # fmt: skip
def test_details_take_no_words(details):
    with pytest.raises(ValueError, match="details") as refused:
        replace(FIRST, details=details)
    assert "arker" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}', '{"b":1,"a":1}', '{"a":1,"a":1}', '{"a":1.0}', '{"a":-0}', '{"a":1e2}', '{"a":true}', "[]", "", "{",
        '{"a":"Marker Person"}', '{"\\u0061":1}', '{"a":1}\n', " {}", "[" * 60_000, "x" * 70_000, '{"a":NaN}',
    ],
)  # fmt: skip
def test_details_have_one_text_only(text):
    with pytest.raises(ValueError):  # noqa: PT011 - whichever way it is not the text
        read_details(text)


@pytest.mark.parametrize(
    "change",
    [{n: v} for n in (*OPTIONAL, "chain", "act", "outcome")
     for v in ("a marker", "marker@example.com", "märker", "a\n", 7)]
    + [{n: v} for n in ("chain", "act", "outcome") for v in ("", None)]
    + [{"act": "a" * 201}, {"seq": -1}, {"seq": True}, {"seq": "1"}, {"seq": LARGEST + 1}, {"words_hash": b"marker"}]
    + [{"words_hash": "0" * 32}, {"happened_at": datetime(2026, 3, 3, tzinfo=UTC)}, {"happened_at": "2026-03-03"}],
)  # fmt: skip
def test_no_field_takes_words_or_another_type(change):
    with pytest.raises(ValueError, match=next(iter(change))) as refused:
        replace(FIRST, **change)
    assert "marker@" not in str(refused.value)


def test_time_is_exact_to_the_microsecond_on_both_sides_of_1970():
    assert microseconds(datetime(1970, 1, 1)) == 0
    assert microseconds(datetime(1969, 12, 31, 23, 59, 59, 999_999)) == -1
    assert microseconds(datetime(2026, 3, 3, 9, 15, 0, 250_000)) == 1_772_529_300_250_000
    assert microseconds(datetime.max) == 253_402_300_799_999_999
