import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.matching.likeness import LONGEST_KEY, address_key, city_key, name_key, postcode_key


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("  Zoë   O'Brien-Łukasz ", "zoe obrien lukasz"),
        ("O’Brien", "obrien"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Ｊｏ", "jo"),
        ("İan", "ian"),
        ("Jørgen Æsøy", "jorgen aesoy"),
        ("Ἀθηνᾶ", "αθηνα"),
        ("Йо Фёдор", "ио федор"),
        ("مُحَمَّد", "محمد"),
        ("王 小明", "王 小明"),
        ("がぎ", "がぎ"),
        ("김민수", "김민수"),
        ("हिन्दी", "हिन्दी"),
        ("🙂", "🙂"),
        ("<script>", "script"),
        ("zero\u200bwidth", "zerowidth"),
        ("---", ""),
        ("", ""),
    ],
)
def test_names_in_any_script(typed, key):
    assert name_key(typed) == key
    assert city_key(typed) == key
    assert address_key(typed) == key


def test_parts_are_joined_and_missing_ones_skipped():
    assert name_key("Jo", None, "", "Marsh") == "jo marsh"
    assert address_key("12", "High St.", None) == "12 high st"
    assert city_key(None) == ""
    assert name_key() == ""


def test_three_hundred_arabic_letters_survive_and_a_flood_is_cut():
    assert len(name_key("م" * 300)) == 300
    assert len(name_key("م" * 300, "ب" * 90)) == 391
    assert len(name_key("\ufdfa" * 5000)) <= LONGEST_KEY
    assert len(postcode_key("9" * 5000)) == LONGEST_KEY


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("sw1A 1aa", "sw1a1aa"),
        ("D-10115", "10115"),
        ("A - 1010", "1010"),
        (" 2600", "2600"),
        ("０１２３", "0123"),
        (None, ""),
        ("AB-C", "abc"),
    ],
)
def test_postal_codes(typed, key):
    assert postcode_key(typed) == key


@given(st.text(max_size=60))
def test_the_key_of_a_key_is_itself(text):
    for key in (name_key, address_key, city_key, postcode_key):
        once = key(text)
        assert key(once) == once
        assert once == once.strip()


@given(st.text(alphabet=st.characters(categories=("Lu", "Ll", "Lt", "Lo")), min_size=1, max_size=20))
def test_a_name_of_letters_never_becomes_empty(text):
    assert name_key(text)
