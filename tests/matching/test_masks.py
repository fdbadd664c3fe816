"""Masks hide enough that nobody can be written to."""

from hypothesis import given
from hypothesis import strategies as st

from core.matching.masks import HIDDEN, masked_identifier, masked_name, masked_start
from core.matching.normal_forms import KINDS


@given(st.sampled_from(KINDS), st.text(min_size=3, max_size=60))
def test_a_masked_identifier_never_holds_the_whole_value(kind, value):
    masked = masked_identifier(kind, value)
    assert HIDDEN in masked
    assert value not in masked.replace(HIDDEN, "") or value in HIDDEN


def test_an_address_without_a_dot_is_masked_too():
    assert masked_identifier("email", "jo@localhost") == "j•••@l•••"
    assert masked_identifier("email", "no address") == "no•••"


def test_short_values_show_nothing_or_half():
    assert masked_start("1") == HIDDEN
    assert masked_start(None) == ""
    assert masked_identifier("phone", "110") == HIDDEN


def test_initials_stay_in_order_and_missing_names_are_skipped():
    assert masked_name(None, "van Dam", "") == "v. D."
