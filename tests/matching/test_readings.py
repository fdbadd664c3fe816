"""What people write for an identifier: several in a cell, and marks around one that say nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.law.errors import Invalid
from core.matching.normal_forms import KINDS, normal
from core.matching.readings import BETWEEN, MOST, cleaned, read_all, read_one, several


def forms(kind, text, region="DE"):
    return [form for _, form in read_all(kind, text, region).read]


@pytest.mark.parametrize("text", [
    "\u202a+49 40 5550701\u202c", "tel:+49-40-5550701", "(+49) 40 5550701", "+49 (0)40 5550701", "'+49405550701",
    "Tel.: 040 5550701", "0049 40 5550701", "+49\u200b405550701", "Mobil 040/5550701", "+49 40 5550701;", "(0049) 40 5550701",
    "\uff0b\uff14\uff19 40 5550701", "040 5550701 ", '"040 5550701"',
])
def test_a_number_is_read_through_what_stands_around_it(text):
    assert forms("phone", text) == ["+49405550701"]


@pytest.mark.parametrize("text", ["K-1705550101", "C-5512", "order 1705550101", "x1705550101", "id: 0405550701"])
def test_letters_before_digits_are_no_label_of_a_telephone(text):
    """A customer number with a letter must never be found as somebody's telephone number."""
    assert forms("phone", text) == []


def test_an_extension_glued_to_a_number_stays_part_of_it():
    assert read_one("phone", "+49 40 5550701x456", "DE") == read_one("phone", "+49 40 5550701 ext. 456", "DE") == "+49405550701;ext=456"


@pytest.mark.parametrize("text", [
    "<ilse@amsel.example>", "Ilse Amsel <ilse@amsel.example>", "Amsel, Ilse <ilse@amsel.example>", "mailto:ilse@amsel.example",
    "'ilse@amsel.example'", "ilse@amsel.example;", "E-Mail: ilse@amsel.example", "\ufeffilse@amsel.example\u200f",
    "mailto:ilse@amsel.example?subject=Hello", "ilse (at) amsel.example", "ilse[at]amsel.example",
])
def test_an_address_is_read_through_what_stands_around_it(text):
    assert forms("email", text) == ["ilse@amsel.example"]


def test_a_mark_within_an_address_is_no_writing_slip():
    """A zero width character between two letters makes another address look like one: that is for a human."""
    with pytest.raises(Invalid):
        read_one("email", "il\u200bse@amsel.example")


@pytest.mark.parametrize("between", [" ::: ", ":::", "; ", ";", ", ", " / ", " | ", "\n", " and ", " und ", " "])
def test_several_addresses_of_a_cell_are_several(between):
    assert forms("email", f"a@x.example{between}b@y.example") == ["a@x.example", "b@y.example"]


@pytest.mark.parametrize("between", [" ::: ", ":::", "; ", ";", ", ", " / ", "/", " | ", "\n", " or ", " oder "])
@pytest.mark.parametrize("second", ["+49 170 5550101", "0170 5550101"])
def test_several_numbers_of_a_cell_are_several(between, second):
    assert forms("phone", f"040 5550102{between}{second}") == ["+49405550102", "+491705550101"]


@pytest.mark.parametrize(("kind", "text", "form"), [
    ("phone", "030 / 1234567", "+49301234567"), ("phone", "+49 30 1234567 ; ext=12", "+49301234567;ext=12"),
    ("phone", "030 1234567, ext 12", "+49301234567;ext=12"), ("email", "o'brien@x.example", "o'brien@x.example"),
    ("email", "a|b@x.example", "a|b@x.example"), ("email", "a/b@x.example", "a/b@x.example"),
    ("customer_id", "A ::: B", "A ::: B"), ("customer_id", "12, 13", "12, 13"), ("device_id", "a;b", "a;b"),
])
def test_what_reads_as_one_stays_one(kind, text, form):
    assert forms(kind, text) == [form]


def test_the_same_value_twice_is_one_and_what_is_none_is_kept_with_its_reason():
    found = read_all("email", "A@x.example; a@X.example ::: see notes", "DE")
    assert found.read == (("A@x.example", "a@x.example"),)
    assert [value for value, _ in found.unread] == ["see notes"]
    assert found.sentence == "An e-mail address has the form name@example.com, without blanks or brackets."
    assert read_all("phone", "040 5550102; ask reception", "DE").read == ()


def test_a_cell_without_end_is_read_to_a_bound():
    cell = BETWEEN.join(f"p{number}@x.example" for number in range(MOST + 20))
    found = read_all("email", cell)
    assert len(found.read) == MOST
    assert len(found.unread) == 1


@given(st.sampled_from(KINDS), st.text(max_size=40))
def test_whatever_reads_by_itself_is_read_the_same(kind, text):
    try:
        form = normal(kind, text, "DE")
    except Invalid:
        read_all(kind, text, "DE")
        return
    assert read_one(kind, text, "DE") == form
    if len(several(kind, text, "DE")) == 1:
        assert forms(kind, text) == [form]


@given(st.sampled_from(KINDS), st.text(max_size=40))
def test_cleaning_twice_is_cleaning_once_and_no_digit_is_lost(kind, text):
    once = cleaned(kind, text)
    assert cleaned(kind, once).strip() in once
