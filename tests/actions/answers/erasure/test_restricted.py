"""An erasure of restricted data: told first that the restriction ends, asked again where the person had wanted them kept."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.actions.answers import progress
from core.actions.answers.erasure import restricted
from core.actions.answers.letters import letters
from core.connectors.restricted import standing_on
from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.rights.restriction import Ground
from core.store.engine import new_id
from tests.actions.answers.erasure.test_erasures import dump, planned
from tests.actions.things_of import plant
from tests.conftest import NOW

ASKED = ("18.1.b", "18.1.c")
TODAY = date(2026, 11, 23)


def restrict(erasure, ground, at=NOW - timedelta(days=9)):
    plant(erasure.store, "restrictions", id=new_id(), subject_ref=erasure.subject, system="local", ground=ground,
          case_ref=erasure.case_ref, placed_at=at)


def tell(erasure):
    """Draft and send the letter; return its text."""
    number = letters.draft(erasure.steward, erasure.case_ref, "restriction_ends", erasure.request_id, key=new_id())
    letters.mark_sent(erasure.steward, number, "email", TODAY, key=new_id())
    return next(each.text for each in letters.list_letters(erasure.steward, erasure.case_ref) if each.id == number)


def wish(erasure, on=TODAY, words="WISHWORDS by mail", who=None):
    restricted.record_wish(who or erasure.steward, erasure.request_id, on, words, version=erasure.version, key=new_id())


def standing(erasure):
    with erasure.store.transaction() as tx:
        return standing_on(tx, [erasure.subject])


def titles(erasure):
    made = progress.of_request(erasure.steward, erasure.request_id)
    return {item.title: item.done for item in made.items}


@pytest.mark.parametrize("ground", [each.value for each in Ground])
def test_the_person_is_told_first_and_asked_again_where_they_had_wanted_the_data_kept(erasure, ground):
    restrict(erasure, ground)
    planned(erasure)
    with pytest.raises(NotPossible, match="Tell the person first"):
        erasure.ask_plan()
    text = tell(erasure)
    assert "Article 18(3)" in text
    assert ("You had wanted us to keep these data" in text) == (ground in ASKED)
    if ground in ASKED:
        with pytest.raises(NotPossible, match="had wanted these data kept"):
            erasure.ask_plan()
        wish(erasure)
    else:
        with pytest.raises(NotPossible, match="nothing is to be asked again"):
            wish(erasure)
    erasure.approve()
    erasure.carry()
    assert erasure.state == "ready_to_send"
    assert not standing(erasure), "the erasure ended it"
    found = restricted.ending(erasure.steward, erasure.request_id)
    assert (found.grounds, found.told_at is not None, found.wanted_on) == ((), True, TODAY if ground in ASKED else None)


def test_without_a_restriction_nobody_is_told_and_nothing_is_asked(erasure):
    assert restricted.ending(erasure.steward, erasure.request_id) is None
    with pytest.raises(NotPossible, match="nothing ends with the erasure"):
        tell(erasure)
    with pytest.raises(NotPossible, match="nothing is to be asked again"):
        wish(erasure)
    planned(erasure)
    erasure.approve()


def test_what_erases_nothing_ends_nothing(erasure):
    restrict(erasure, "18.1.c")
    planned(erasure, "erasure_refused", grounds=("17.1.f",))
    erasure.approve()
    erasure.carry()
    assert erasure.state == "ready_to_send"
    assert standing(erasure)


def test_what_was_said_before_they_were_told_or_before_the_restriction_does_not_count(erasure):
    restrict(erasure, "18.1.b")
    with pytest.raises(NotPossible, match="Tell the person first"):
        wish(erasure)
    tell(erasure)
    for on, match in ((TODAY - timedelta(days=1), "before they were told"), (TODAY + timedelta(days=1), "day")):
        with pytest.raises(Invalid, match=match):
            wish(erasure, on)
    for words in ("", "  ", "a\x00b"):
        with pytest.raises(Invalid):
            wish(erasure, words=words)
    wish(erasure)
    planned(erasure)
    erasure.ask_plan()
    restrict(erasure, "18.1.c", erasure.steward.now + timedelta(minutes=1))
    found = restricted.ending(erasure.steward, erasure.request_id)
    assert (found.told_at, found.wanted_on, found.asks) == (None, None, True)


def test_a_restriction_set_after_the_approval_stops_what_was_approved(erasure):
    planned(erasure)
    erasure.approve()
    restrict(erasure, "18.1.c", erasure.steward.now + timedelta(minutes=1))
    erasure.carry()
    assert erasure.state != "ready_to_send"
    assert "marker-1@example.com" in dump(erasure.store)


def test_only_who_handles_it_records_the_wish_and_its_words_are_sealed(erasure, entries):
    restrict(erasure, "18.1.c")
    tell(erasure)
    with pytest.raises(NotAllowed):
        wish(erasure, who=erasure.approver)
    wish(erasure)
    assert "WISHWORDS" not in dump(erasure.store)
    assert not [row for row in entries() if "WISHWORDS" in str(row)]
    later = replace(erasure.steward, now=erasure.steward.now)
    assert restricted.ending(later, erasure.request_id).wanted_on == TODAY


def test_the_checklist_names_both_steps_until_they_are_done(erasure):
    tell_it, ask_it = "Tell the person that the restriction ends", "Ask again whether they want it"
    assert not {tell_it, ask_it} & set(titles(erasure))
    restrict(erasure, "18.1.a")
    assert (titles(erasure)[tell_it], ask_it in titles(erasure)) == (False, False)
    restrict(erasure, "18.1.b")
    assert (titles(erasure)[tell_it], titles(erasure)[ask_it]) == (False, False)
    tell(erasure)
    assert (titles(erasure)[tell_it], titles(erasure)[ask_it]) == (True, False)
    wish(erasure)
    assert (titles(erasure)[tell_it], titles(erasure)[ask_it]) == (True, True)
