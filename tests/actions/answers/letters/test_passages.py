"""What the law demands stands in a letter whatever is typed; the list offers what fits, and a draft can be deleted."""

from datetime import date

import pytest

from core.actions.answers import approvals
from core.actions.answers.letters import letter_choices, letters
from core.actions.answers.letters.letter_approvals import LETTER
from core.actions.answers.refusal import refusals
from core.actions.answers.refusal.refusals import REFUSAL
from core.actions.cases import clock, identity, intake
from core.actions.desk.establishment import Establishment, keep
from core.law.errors import NotAllowed, NotFound, NotPossible
from core.law.letters import LETTERS, of_right
from core.law.ways import Kind
from core.store.engine import new_id
from tests.actions.answers.refusal import test_refusals
from tests.actions.conftest import take_in
from tests.actions.in_one_piece import in_one_piece
from tests.conftest import NOW
from tests.documents.reading import pdf_words, squeeze

BRITISH = Establishment("Sample Ltd", "privacy@example.com", "dpo@example.com", "the ICO", "uk_gdpr", "GB-ENG", "Europe/London", "GB")
PARTS = ("because it is excessive", "complain to a supervisory authority", "judicial remedy (Article 79)")


def draft(walk, kind):
    return letters.draft(walk.steward, walk.case_ref, kind, walk.request_id, key=new_id())


def offered(walk):
    return {each.code: each for each in letter_choices.choices(walk.steward, walk.request_id)}


def shown(walk, letter):
    return next(each for each in letters.list_letters(walk.steward, walk.case_ref) if each.id == letter)


def test_a_refusal_that_only_says_no_goes_out_with_its_reasons_the_complaint_and_the_remedy(walk):
    letter = test_refusals.prepare(walk)
    letters.save(walk.steward, letter, "No.", key=new_id())
    text = shown(walk, letter).text
    assert text.startswith("No.\n\nWe do not act on this request")
    approval = test_refusals.ask(walk)
    assert approvals.compare(walk.approver, REFUSAL, approval).letter == text, "the approver reads what is printed"
    approvals.approve(walk.approver, REFUSAL, approval, key=new_id())
    letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=new_id())
    printed = pdf_words(letters.fetch(walk.steward, letter).content)
    for words in (*PARTS, test_refusals.FACTS):
        assert words in text
        assert squeeze(words) in printed


def test_a_refusal_drafted_in_one_piece_is_still_looked_through(walk):
    letter = test_refusals.prepare(walk)
    in_one_piece(walk.store, letter, "No.")
    with pytest.raises(NotPossible, match="the reasons, the possibility of a complaint"):
        test_refusals.ask(walk)
    assert (shown(walk, letter).text, shown(walk, letter).passages) == ("No.", "")
    assert refusals.of_request(walk.steward, walk.request_id).lacks == ("reasons", "complaint", "remedy")


def test_a_refusal_under_another_law_lacks_nothing_though_its_words_are_others(empty_walk):
    """A wrong check would look for the Regulation's words in a letter of another law, and hold it up."""
    here = Establishment("Sample AG", "privacy@example.com", "dpo@example.com", "the FDPIC", "ch_fadp", "CH-ZH", "Europe/Zurich", "CH")
    with empty_walk.store.transaction() as tx:
        keep(empty_walk.store, tx, here)
        empty_walk.store.commit(tx)
    walk = take_in(empty_walk, None)
    letter = test_refusals.prepare(walk)
    text = shown(walk, letter).text
    assert "Article 26(1)(c) of the Federal Act on Data Protection (FADP)" in text
    assert "judicial remedy" not in text
    assert refusals.of_request(walk.steward, walk.request_id).lacks == ()
    approvals.approve(walk.approver, REFUSAL, test_refusals.ask(walk), key=new_id())
    letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=new_id())


def test_a_letter_names_the_law_of_its_request(empty_walk):
    with empty_walk.store.transaction() as tx:
        keep(empty_walk.store, tx, BRITISH)
        empty_walk.store.commit(tx)
    walk = take_in(empty_walk, None)
    text = shown(walk, draft(walk, "receipt")).text
    assert "Article 12(3) of the UK General Data Protection Regulation (UK GDPR)" in text
    identity.record(walk.checker, walk.case_ref, [], "failed", "nobody answered.", key=new_id())
    text = shown(walk, draft(walk, "not_identified")).text
    assert "section 165 of the Data Protection Act 2018): the ICO." in text
    assert "Article 77" not in text


def test_the_list_offers_what_can_be_drafted_now_and_says_why_not_the_rest(empty_walk):
    walk = take_in(empty_walk, None, proven=False)
    assert [code for code, each in offered(walk).items() if not each.why_not] == [
        "receipt", "forwarded", "not_a_request", "outside", "misdelivery_notice",
    ]
    assert "question about the identity first" in offered(walk)["identity_question"].why_not
    assert not {"refusal", "extension", "fee_announcement", "answered_outside", "kept_part_erased"} & set(offered(walk))
    clock.ask(walk.steward, walk.request_id, "identity", "who", "two people share the address", key=new_id())
    assert offered(walk)["identity_question"].why_not == ""
    letter = draft(walk, "identity_question")
    assert "there already" in offered(walk)["identity_question"].why_not
    letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=new_id())
    again = offered(walk)["identity_question"]
    assert (again.why_not, again.sent_at is not None) == ("", True), "another question may be asked"


@pytest.mark.parametrize("kind", Kind)
def test_every_letter_that_is_offered_can_be_drafted_and_no_other(empty_walk, kind):
    """A wrong list would offer what drafting refuses, or hide what it takes."""
    extra = {"named_day": date(2026, 12, 7)} if kind in {Kind.INQUIRY, Kind.DISCLOSURE} else {}
    taken = intake.take_in(empty_walk.steward, intake.Intake(
        (kind.value,), "email", date(2026, 11, 20), email="marker0@example.com", name="Marker", body="W", **extra,
    ), key=new_id())
    empty_walk.case_ref, empty_walk.request_id = taken.case_ref, taken.requests[0][0]
    walk = empty_walk
    told = {"reason": "R" * 30, "controller": "Sample SE, 2 Sample Street", "what_happened": "W" * 30, "consequences": "C" * 30,
            "measures": "M" * 30, "to": "Marker, 1 Sample Street"}
    listed = offered(walk)
    assert set(listed) <= {row.code for row in of_right(kind)}
    for code, each in listed.items():
        names = {field.name for field in letters.TYPED.get(code, ())}
        try:
            letters.draft(
                walk.steward, walk.case_ref, code, walk.request_id, told={name: told[name] for name in names}, key=new_id()
            )
            refused = ""
        except (NotPossible, NotAllowed) as reason:
            refused = str(reason)
        assert refused == each.why_not, code


def test_no_letter_is_drafted_twice_unless_what_it_says_can_come_again(walk):
    letter = draft(walk, "receipt")
    with pytest.raises(NotPossible, match="there already"):
        draft(walk, "receipt")
    letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=new_id())
    with pytest.raises(NotPossible, match="sent already"):
        draft(walk, "receipt")
    assert not LETTERS["receipt"].again
    assert LETTERS["reminder"].again


def test_a_draft_is_deleted_with_an_entry_and_a_sent_letter_never(walk, entries):
    letter, key = draft(walk, "receipt"), new_id()
    for _ in range(2):  # a second click of the same button
        letters.discard(walk.steward, walk.case_ref, letter, key=key)
    assert letters.list_letters(walk.steward, walk.case_ref) == ()
    (last,) = [row for row in entries() if row["act"] == "letter.discard"]
    assert (last["outcome"], last["object_id"]) == ("done", letter)
    with pytest.raises(NotFound):
        letters.discard(walk.steward, walk.case_ref, letter, key=new_id())
    again = draft(walk, "receipt")
    with pytest.raises(NotAllowed):
        letters.discard(walk.approver, walk.case_ref, again, key=new_id())
    letters.mark_sent(walk.steward, again, "email", NOW.date(), key=new_id())
    with pytest.raises(NotPossible, match="it stays"):
        letters.discard(walk.steward, walk.case_ref, again, key=new_id())
    assert shown(walk, again).sent_at is not None


def test_a_letter_that_a_decision_or_an_approval_holds_is_not_deleted(walk):
    refusal = test_refusals.prepare(walk)
    with pytest.raises(NotPossible, match="belongs to the decision"):
        letters.discard(walk.steward, walk.case_ref, refusal, key=new_id())
    identity.record(walk.checker, walk.case_ref, [], "failed", "nobody answered.", key=new_id())
    letter = draft(walk, "not_identified")
    asked = approvals.ask(walk.steward, LETTER, letter, approver_id="account-approver", key=new_id())
    with pytest.raises(NotPossible, match="given back first"):
        letters.discard(walk.steward, walk.case_ref, letter, key=new_id())
    approvals.give_back(walk.approver, LETTER, asked, "Say what would help.", key=new_id())
    letters.discard(walk.steward, walk.case_ref, letter, key=new_id())
    assert [each.id for each in letters.list_letters(walk.steward, walk.case_ref)] == [refusal]
