"""What was made public and is erased: who links to it or copied it is told, with the steps that were taken (Art. 17(2))."""

import pytest

from core.actions.answers import decisions
from core.actions.answers.letters import letters, recipients
from core.law.errors import Invalid
from core.law.rights.erasure import MOST_PUBLIC, MadePublic, read_public
from core.law.rights.recipients import Change, Notice
from core.store.engine import new_id
from tests.actions.answers.erasure.test_erasures import choose, planned
from tests.actions.correcting import disclosed

PUBLIC = MadePublic("WHEREWORD, the team page", ("Marker Engine", "Marker Archive"))


def notices(erasure):
    return {(each.recipient, each.change): each for each in recipients.list_notices(erasure.steward, erasure.request_id)}


def erase(erasure, letter="erasure_carried_out", **terms):
    number = planned(erasure, letter, public=PUBLIC, **terms)
    erasure.approve()
    erasure.carry()
    return number


def record(erasure, notice, state, words=""):
    recipients.record(erasure.steward, notice.id, state, words, version=notice.version, key=new_id())


def test_each_of_them_has_a_notice_beside_those_to_the_recipients(erasure, entries):
    disclosed(erasure, erasure.subject, "Marker Engine")
    letter = erase(erasure)
    assert sorted(notices(erasure)) == [
        ("Marker Archive", Change.MADE_PUBLIC), ("Marker Engine", Change.ERASURE), ("Marker Engine", Change.MADE_PUBLIC),
    ], "a recipient who also copied what was public owes two things"
    (body,) = [each.text for each in letters.list_letters(erasure.steward, erasure.case_ref) if each.id == letter]
    for part in ("WHEREWORD, the team page", "Marker Engine, Marker Archive", "Article 17(2)"):
        assert part in body
    assert "17(2)" in [each.article for each in decisions.of_request(erasure.steward, erasure.request_id)]
    assert not [row for row in entries() if "WHEREWORD" in str(row) or "Marker Archive" in str(row)]


def test_told_are_they_with_the_steps_taken_and_an_answer_loses_none_of_them(erasure):
    erase(erasure)
    key = ("Marker Archive", Change.MADE_PUBLIC)
    for words in ("", "  "):
        with pytest.raises(Invalid, match="which steps"):
            record(erasure, notices(erasure)[key], "sent", words)
    record(erasure, notices(erasure)[key], "sent", "STEPSWORDS: their form for removals")
    record(erasure, notices(erasure)[key], "answered")
    notice = notices(erasure)[key]
    assert (notice.state, notice.reason) == (Notice.ANSWERED, "STEPSWORDS: their form for removals")
    with pytest.raises(Invalid):
        record(erasure, notices(erasure)["Marker Engine", Change.MADE_PUBLIC], "disproportionate")
    record(erasure, notices(erasure)["Marker Engine", Change.MADE_PUBLIC], "disproportionate", "It was online for an hour")


def test_the_letter_to_them_names_the_place_and_no_address_of_the_person(erasure):
    erase(erasure)
    notice = notices(erasure)["Marker Archive", Change.MADE_PUBLIC]
    number = recipients.draft_notice(erasure.steward, notice.id, version=notice.version, key=new_id())
    (letter,) = [each for each in letters.list_letters(erasure.steward, erasure.case_ref) if each.id == number]
    assert letter.kind == "public_notice"
    for part in ("WHEREWORD, the team page", "Article 17(2)", "any link to these data", "Marker"):
        assert part in letter.text
    assert "@" not in letter.text.replace("dpo@", "")
    assert letters.fetch(erasure.steward, number).content.startswith(b"%PDF")


def test_where_nothing_was_erased_nobody_is_told(erasure):
    letter = erase(erasure, "erasure_refused", grounds=("17.1.f",))
    assert not notices(erasure)
    assert "17(2)" not in [each.article for each in decisions.of_request(erasure.steward, erasure.request_id)]
    (body,) = [each.text for each in letters.list_letters(erasure.steward, erasure.case_ref) if each.id == letter]
    assert "WHEREWORD" not in body


def test_what_was_made_public_has_a_place_and_somebody_to_tell(erasure):
    for public in (
        MadePublic("The team page"), MadePublic("", ("A search engine",)), MadePublic("  ", ("x",)),
        MadePublic("The page", (" ", "")), MadePublic("x" * 501, ("x",)), MadePublic("The page", ("x" * 121,)),
        MadePublic("The page", tuple(f"Engine {number}" for number in range(MOST_PUBLIC + 1))), MadePublic("a\x00b", ("x",)),
    ):
        with pytest.raises(Invalid):
            choose(erasure, public=public)
    with pytest.raises(Invalid, match="Write where"):
        read_public("", [], needed=True)
    choose(erasure, public=MadePublic(" "))
