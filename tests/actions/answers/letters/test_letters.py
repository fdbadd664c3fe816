"""Letters: drafted from the case, edited within limits, printed, and fixed once they are marked as sent."""

from datetime import date

import pytest

from core.actions.answers import requests
from core.actions.answers.letters import letters
from core.actions.cases import clock, identity
from core.law.errors import Invalid, NotAllowed, NotPossible
from tests.actions.conftest import take_in
from tests.conftest import NOW

TODAY = NOW.date()


def draft(walk, kind):
    return letters.draft(walk.steward, walk.case_ref, kind, walk.request_id, key=walk.key())


def body(walk, letter):
    return next(each.text for each in letters.list_letters(walk.steward, walk.case_ref) if each.id == letter)


def test_a_receipt_names_the_day_and_prints(walk):
    letter = draft(walk, "receipt")
    assert "20 November 2026" in body(walk, letter)
    got = letters.fetch(walk.steward, letter)
    assert got.content.startswith(b"%PDF")
    assert got.media_type == "application/pdf"
    assert "Marker" not in got.file_name


def test_each_letter_needs_what_it_says(empty_walk):
    walk = take_in(empty_walk, None, proven=False)
    for kind in ("identity_question", "answer", "no_data_held", "not_identified", "withdrawal_confirmed"):
        with pytest.raises(NotPossible):
            draft(walk, kind)
    with pytest.raises(Invalid):
        draft(walk, "poem")
    clock.ask(walk.steward, walk.request_id, "identity", "who", "two people share the address", key=walk.key())
    assert "two people share the address" in body(walk, draft(walk, "identity_question"))
    identity.record(walk.checker, walk.case_ref, [], "failed", "nobody answered.", key=walk.key())
    assert "nobody answered." in body(walk, draft(walk, "not_identified"))
    requests.withdraw(walk.steward, walk.request_id, "x", version=walk.version, key=walk.key())
    assert "take it back" in body(walk, draft(walk, "withdrawal_confirmed"))


def test_the_answer_names_what_was_found(walk):
    walk.prepare()
    walk.work()
    assert "Customer profiles: " in body(walk, draft(walk, "answer"))


def test_limits_of_a_text(walk):
    letter = draft(walk, "receipt")
    for text in ("", "x" * 20_001, "a\x00b", "\ud800", "\U000e0001"):
        with pytest.raises(Invalid):
            letters.save(walk.steward, letter, text, key=walk.key())
    letters.save(walk.steward, letter, "x" * 20_000, key=walk.key())
    assert body(walk, letter).startswith("x" * 20_000 + "\n\nWe will answer")


def test_a_sent_letter_stays_as_it_is(walk):
    letter = draft(walk, "receipt")
    for day in (date(2026, 11, 24), date(2026, 11, 19)):
        with pytest.raises(Invalid, match="day of sending"):
            letters.mark_sent(walk.steward, letter, "email", day, key=walk.key())
    with pytest.raises(NotAllowed):
        letters.mark_sent(walk.approver, letter, "email", TODAY, key=walk.key())
    letters.save(walk.steward, letter, "First.", key=walk.key())
    first = letters.fetch(walk.steward, letter).content
    letters.save(walk.steward, letter, "Second.", key=walk.key())
    assert letters.fetch(walk.steward, letter).content != first
    for channel in ("", "phone", "pigeon"):
        with pytest.raises(Invalid, match="how the letter was sent"):
            letters.mark_sent(walk.steward, letter, channel, TODAY, key=walk.key())
    letters.mark_sent(walk.steward, letter, "email", TODAY, key=walk.key())
    with pytest.raises(NotPossible, match="sent"):
        letters.save(walk.steward, letter, "Third.", key=walk.key())
    with pytest.raises(NotPossible, match="already"):
        letters.mark_sent(walk.steward, letter, "post", TODAY, key=walk.key())
    (shown,) = letters.list_letters(walk.steward, walk.case_ref)
    assert (shown.body, shown.sent_by, shown.sent_channel) == ("Second.", "account-steward", "email")


def test_a_letter_edited_while_it_is_printed_is_printed_anew(walk, monkeypatch):
    letter = letters.draft(walk.steward, walk.case_ref, "receipt", walk.request_id, key=walk.key())
    printed, made = [], letters.set_letter

    def printing(kind, text, head, language):
        printed.append(text)
        if len(printed) == 1:
            letters.save(walk.steward, letter, text + "\nANOTHERWORD at the end.", key=walk.key())
        return made(kind, text, head, language)

    monkeypatch.setattr(letters, "set_letter", printing)
    letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=walk.key())
    assert ["ANOTHERWORD" in text for text in printed] == [False, True]
    assert letters.fetch(walk.steward, letter).content, "the sent bytes, printed no third time"
    assert len(printed) == 2


def test_a_letter_that_cannot_be_printed_says_so_in_its_own_act(walk, monkeypatch, entries):
    letter = letters.draft(walk.steward, walk.case_ref, "receipt", walk.request_id, key=walk.key())

    def fails(*_):
        raise Invalid("This letter cannot be drawn.", "text")

    monkeypatch.setattr(letters, "set_letter", fails)
    with pytest.raises(Invalid, match="cannot be drawn"):
        letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=walk.key())
    last = entries()[-1]
    assert (last["act"], last["outcome"]) == ("letter.sent", "refused.invalid")
