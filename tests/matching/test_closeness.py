import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.matching.closeness import Text, alike, jaro_winkler


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [
        ("martha", "marhta", 0.9611),
        ("dixon", "dicksonx", 0.8133),
        ("dwayne", "duane", 0.84),
        ("abc", "xyz", 0),
        ("", "a", 0),
    ],
)
def test_the_published_values(one, other, value):
    assert jaro_winkler(one, other) == pytest.approx(value, abs=0.0001)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("pridham street", "pridhamstreet"),
        ("6 mckillop circuit", "32 mckillop ecircuit"),
        ("mccarthy", "mccattmhy"),
        ("smith", "simth"),
        ("stubbs", "stubs"),
        ("2119", "2191"),
        ("王小芳", "王小方"),
        ("42 high street flat 3", "flat 3 42 high street"),
    ],
)
def test_slips_stay_alike(one, other):
    assert 0.55 <= alike(Text(one), other) < 1
    assert 0.55 <= alike(Text(other), one) < 1


@pytest.mark.parametrize(
    ("one", "other"), [("smith", "jones"), ("milton", "granville"), ("4011", "2602"), ("王芳", "李明"), ("", "a")]
)
def test_different_texts_differ(one, other):
    assert alike(Text(one), other) < 0.55


def test_a_remembered_likeness_is_the_same():
    asked = Text("smith")
    assert alike(asked, "smyth") == alike(asked, "smyth") == alike(Text("smith"), "smyth")


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_lies_between_nothing_and_equal(one, other):
    value = alike(Text(one), other)
    assert 0 <= value <= 1
    assert (value == 1) == (one == other)
    assert value == pytest.approx(alike(Text(other), one), abs=0.15)
