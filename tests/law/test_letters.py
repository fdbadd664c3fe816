"""The table of letters: every one that people send, whole in its fields, and obeyed by those that are printed."""

import pytest

from core.documents.languages import words_of
from core.law.errors import Invalid, NotAllowed
from core.law.languages import FALLBACK
from core.law.letters import FACT_WORDS, LETTERS, REMEDY, TYPED, Approval, LetterKind, To, lacking, of_right, require_approved
from core.law.ways import OF_PERSONS, Kind

# What daily work asks for, by hand.
ASKED_FOR = {
    "clarification_question", "fee_announcement", "not_identified", "representative_unproven", "no_data_held",
    "restriction_set", "objection_upheld", "objection_not_upheld", "consent_withdrawn", "rectified", "partly_rectified",
    "not_rectified", "recipient_notice", "public_notice", "restriction_ends", "recipients_named", "reminder", "extension", "withdrawal_confirmed", "forwarded",
    "late_answer", "kept_part_erased", "resent", "misdelivery_notice", "authority_cover",
}


def test_every_letter_that_people_really_send_is_there():
    assert set(LETTERS) >= ASKED_FOR
    for code, letter in LETTERS.items():
        assert letter.code == code
        assert letter.article
        assert letter.step
        assert letter.rights


def test_every_letter_has_its_row_and_its_subject_and_there_is_no_other():
    assert {kind.value for kind in LetterKind} == set(LETTERS) == set(words_of(FALLBACK).subjects)


def test_what_no_record_holds_is_typed_for_a_letter_that_needs_it():
    for code, fields in TYPED.items():
        assert {field.name for field in fields} <= LETTERS[code].required | {"to"}
        assert all(field.label for field in fields)


def test_a_letter_of_two_needs_a_dpo_among_them():
    with pytest.raises(NotAllowed):
        require_approved("authority_cover", "a", ["b", "c"], by_dpo=False)
    require_approved("refusal", "a", ["b"], by_dpo=False)


def test_a_decision_against_the_person_tells_its_remedies():
    against = {"refusal", "erasure_refused", "erasure_partly", "not_rectified", "partly_rectified", "not_identified",
               "objection_not_upheld", "no_data_held", "no_answer"}
    for code in against:
        assert LETTERS[code].remedies
        assert LETTERS[code].required >= REMEDY
        assert LETTERS[code].approval is Approval.ANOTHER
    assert not LETTERS["receipt"].remedies


@pytest.mark.parametrize("kind", OF_PERSONS)
def test_every_right_has_a_receipt_an_answer_and_an_end(kind):
    codes = {letter.code for letter in of_right(kind)}
    assert {"receipt", "withdrawal_confirmed", "forwarded"} <= codes
    assert ("refusal" in codes) is (kind is not Kind.OBJECTION_MARKETING)


@pytest.mark.parametrize("code", list(LETTERS))
def test_each_required_field_counts(code):
    required = LETTERS[code].required
    assert lacking(code, required) == ()
    for name in required:
        assert lacking(code, required - {name}) == (name,)


def test_approvals_are_by_another_and_some_by_two():
    require_approved("receipt", "a", [])
    with pytest.raises(NotAllowed):
        require_approved("refusal", "a", [])
    with pytest.raises(NotAllowed):
        require_approved("refusal", "a", ["a"])
    require_approved("refusal", "a", ["b"])
    for approved in ([], ["a"], ["b"]):
        with pytest.raises(NotAllowed):
            require_approved("misdelivery_notice", "a", approved)
    require_approved("misdelivery_notice", "a", ["a", "b"])
    require_approved("authority_cover", "a", ["c", "b"])


def test_an_unknown_letter_is_refused():
    with pytest.raises(Invalid):
        lacking("love_letter", [])


def test_letters_to_others_are_for_no_person():
    assert {code for code, letter in LETTERS.items() if letter.to is not To.PERSON} == {
        "old_address_notice", "recipient_notice", "public_notice", "authority_cover",
    }


def test_every_fact_that_stands_in_a_letter_has_its_words():
    assert {name for row in LETTERS.values() for name in row.stands} == set(FACT_WORDS)
