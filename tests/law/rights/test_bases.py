"""The table of rights by legal basis, cell by cell, against the page of the law written out by hand."""

import pytest

from core.law.errors import Invalid
from core.law.rights.bases import ALWAYS, BY_BASIS, TABLE, Basis, Use, basis_of, erasure_grounds, reach, reached, use_of
from core.law.ways import Kind

# basis: letters of 17(1), portability, 21(1), 21(2) of a marketing use (None: none can rest on it), 7(3)
WRITTEN = {
    "a": ("abdef", True, False, True, True),
    "b": ("ade", True, False, True, False),
    "c": ("ade", False, False, None, False),
    "d": ("ade", False, False, None, False),
    "e": ("acde", False, True, True, False),
    "ea": ("acde", False, True, True, False),
    "f": ("acde", False, True, True, False),
}


@pytest.mark.parametrize("basis", Basis)
def test_each_line_says_what_the_page_says(basis):
    erasure, portable, objection, marketing, withdrawal = WRITTEN[basis.value]
    use = Use(basis, "billing")
    assert erasure_grounds(use) == set(erasure)
    assert reach(Kind.PORTABILITY, use).applies is portable
    assert reach(Kind.OBJECTION, use).applies is objection
    assert reach(Kind.CONSENT_WITHDRAWAL, use).applies is withdrawal
    assert TABLE[basis].marketing is marketing
    assert not reach(Kind.OBJECTION_MARKETING, use).applies  # there is nothing to stop
    assert all(reach(kind, use).applies for kind in (Kind.ACCESS, Kind.RECTIFICATION, Kind.RESTRICTION))


@pytest.mark.parametrize("basis", Basis)
def test_marketing_stops_whatever_the_register_names_as_its_basis(basis):
    use = Use(basis, "newsletter", marketing=True)
    assert reach(Kind.OBJECTION_MARKETING, use).applies
    assert "c" in erasure_grounds(use)


@pytest.mark.parametrize("basis", Basis)
def test_explicit_consent_to_special_data_is_consent_beside_any_basis(basis):
    use = Use(basis, "care", explicit=True)
    assert "b" in erasure_grounds(use)
    assert reach(Kind.CONSENT_WITHDRAWAL, use).applies
    assert reach(Kind.PORTABILITY, use).applies


@pytest.mark.parametrize("basis", Basis)
@pytest.mark.parametrize("kind", BY_BASIS)
@pytest.mark.parametrize("marketing", [True, False])
def test_every_cell_has_its_article_and_a_reason(basis, kind, marketing):
    cell = reach(kind, Use(basis, "p", marketing))
    assert cell.article[0].isdigit()
    assert cell.reason
    assert not cell.reason.endswith(".")


def test_a_legal_duty_or_a_public_task_names_the_exception_that_limits_an_erasure():
    limited = {basis for basis in Basis if reach(Kind.ERASURE, Use(basis)).article == "17(3)(b)"}
    assert limited == {Basis.OBLIGATION, Basis.PUBLIC_TASK}


def test_each_purpose_is_judged_by_itself():
    uses = (Use(Basis.CONTRACT, "orders"), Use(Basis.INTERESTS, "fraud"), Use(Basis.CONSENT, "survey"))
    assert [use.purpose for use in reached(Kind.OBJECTION, uses)] == ["fraud"]
    assert [use.purpose for use in reached(Kind.PORTABILITY, uses)] == ["orders", "survey"]
    assert reached(Kind.ACCESS, uses) == uses


def test_what_does_not_depend_on_a_basis_is_no_question_for_the_table():
    assert set(BY_BASIS) > ALWAYS
    for kind in set(Kind) - set(BY_BASIS):
        with pytest.raises(Invalid):
            reach(kind, Use(Basis.CONSENT))


@pytest.mark.parametrize(("text", "basis", "explicit"), [
    ("Art. 6(1)(a)", "a", False), ("Article 6(1)(ea) UK GDPR", "ea", False), ("Art. 6(1)(b) with 9(2)(a)", "b", True),
    ("Art. 6(1)(c) with Art. 12 and 5(2)", "c", False),
])
def test_the_catalogue_s_words_are_read(text, basis, explicit):
    assert use_of(text, "p") == Use(Basis(basis), "p", explicit=explicit)


@pytest.mark.parametrize("text", ["", "consent", "Art. 9(2)(a)", "Art. 6(1)(g)", "Art. 6"])
def test_a_basis_that_names_no_point_is_refused(text):
    with pytest.raises(Invalid):
        basis_of(text)
