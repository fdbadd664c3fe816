import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.law.errors import Invalid
from core.matching.loose import loose_variants, suppression_forms
from core.matching.normal_forms import KINDS, normal


def alike(kind, one, other):
    return bool(set(loose_variants(kind, one)) & set(loose_variants(kind, other)))


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


def test_the_normal_form_comes_first():
    assert loose_variants("email", "J.o+x@Example.com")[0] == "j.o+x@example.com"
    assert loose_variants("email", "no address") == ()


def test_other_kinds_have_loose_spellings_too():
    assert alike("phone", "030 1234567", "+49 30 1234567")
    assert not alike("phone", "030 1234567", "+49 30 1234568")
    assert alike("customer_id", "C-00123", "c00123")
    assert alike("national_id", "\uff11\uff12\uff13\uff14", "1234")
    assert not alike("customer_id", "C-00123", "C-00124")


def test_an_objection_covers_tags_and_nothing_wider():
    assert set(suppression_forms("email", "jo@example.com")) & set(suppression_forms("email", "Jo+news@example.com"))
    assert not set(suppression_forms("email", "j.o@example.com")) & set(suppression_forms("email", "jo@example.com"))
    assert suppression_forms("phone", "030 1234567", "DE") == ("+49301234567",)
    with pytest.raises(Invalid):
        suppression_forms("email", "jo")


@given(st.sampled_from(KINDS), st.text(max_size=30))
def test_any_text_is_read_and_every_variant_leads_back(kind, text):
    variants = loose_variants(kind, text)
    assert len(set(variants)) == len(variants)
    try:
        assert normal(kind, text) in variants
        assert set(suppression_forms(kind, text)) <= set(variants)
    except Invalid:
        pass
