import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.law.errors import Invalid
from core.matching.loose import loose_form, suppression_forms
from core.matching.normal_forms import KINDS, normal


def alike(kind, one, other):
    return loose_form(kind, one) == loose_form(kind, other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jo@example.com", "jo+news@example.com"),
        ("jo+a@example.com", "jo+b@example.com"),
        ("j.o@example.com", "jo@example.com"),
        ("j.o+x@example.com", "jo@example.com"),
        ("\ufb01ona@example.com", "fiona@example.com"),
        ("\uff4ao@example.com", "jo@example.com"),
        ("\u0430nna@example.com", "anna@example.com"),
        ("jo@ex\u0430mple.com", "jo@example.com"),
        ("jo\u200b@example.com", "jo@example.com"),
        ("İAN@example.com", "ian@example.com"),
        ("j.\u043e+x@example.com", "jo@example.com"),
        ("ilse.amsel@googlemail.com", "ilseamsel@gmail.com"),
        ("jo (at) example.com", "jo@example.com"),
        ("mailto:jo@example.com", "jo@example.com"),
        ("jo @example.com", "jo@example.com"),
    ],
)
def test_addresses_that_may_be_one(one, other):
    assert alike("email", one, other)
    assert alike("email", other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jo@example.com", "joe@example.com"),
        ("jo@example.com", "jo@example.org"),
        ("anna@example.com", "hanna@example.com"),
    ],
)
def test_addresses_that_are_not_alike(one, other):
    assert not alike("email", one, other)


def test_what_is_no_identifier_is_spelled_by_what_is_left_of_it():
    assert loose_form("email", "Ilse, see notes") == loose_form("email", "ilse see notes") != ""
    assert loose_form("phone", "see file") == "seefile"
    assert loose_form("email", " \u200b ") == ""


def test_other_kinds_have_loose_spellings_too():
    assert alike("phone", "030 1234567", "+49 30 1234567")
    assert alike("phone", "call +49 30 1234567!", "030 1234567")
    assert not alike("phone", "030 1234567", "+49 30 1234568")
    assert alike("customer_id", "C-00123", "c00123")
    assert alike("national_id", "\uff11\uff12\uff13\uff14", "1234")
    assert not alike("customer_id", "C-00123", "C-00124")


def test_an_objection_covers_tags_and_nothing_wider():
    assert set(suppression_forms("email", "jo@example.com")) & set(suppression_forms("email", "Jo+news@example.com"))
    assert not set(suppression_forms("email", "j.o@example.com")) & set(suppression_forms("email", "jo@example.com"))
    assert suppression_forms("phone", "030 1234567", "DE") == ("+49301234567",)
    assert set(suppression_forms("email", "jo@gmail.com")) & set(suppression_forms("email", "jo+x@googlemail.com"))
    with pytest.raises(Invalid):
        suppression_forms("email", "jo")


@given(st.sampled_from(KINDS), st.text(max_size=30))
def test_any_text_is_read_and_its_normal_form_is_spelled_alike(kind, text):
    try:
        form = normal(kind, text)
    except Invalid:
        loose_form(kind, text)
        return
    assert loose_form(kind, text) == loose_form(kind, form) != ""
    assert suppression_forms(kind, text)[0] == form


@given(st.from_regex(r"[a-z.+]{1,12}@[a-z]{1,8}\.example", fullmatch=True), st.sampled_from(KINDS))
def test_a_loose_form_of_a_loose_form_is_itself(text, kind):
    assert loose_form(kind, loose_form(kind, text)) == loose_form(kind, text)
