"""Questions to the person: reasoned, never asked of everybody, and when silence ends a request (PAU-1, PAU-4, PAU-5)."""

from datetime import date, timedelta

import pytest

from core.law.clock.questions import SET_TIME, effect, read_question, require_unanswered, stops
from core.law.errors import Invalid, NotPossible
from core.store.datafiles import profiles

FACTS = "The address is new, and two people of that name are held."
ASKED = date(2026, 3, 2)


@pytest.mark.parametrize("question", [
    "Please send a copy of your passport.", "Send us your ID card", "a scan of an identity document, please",
    "We need your driving licence.", "Bitte Personalausweis", "Please upload your ID copy",
])
@pytest.mark.parametrize("reason", [
    "It is our policy.", "We always ask for it, to be safe.", "Every request needs an identity document here.",
    "Standard procedure of the company for access.", "doubt",
])
def test_a_blanket_demand_for_a_document_is_refused_and_asks_for_reasonable_doubt(question, reason):
    with pytest.raises(Invalid, match="reasonable doubt") as refusal:
        read_question("identity", question, reason)
    assert refusal.value.field == "reason"


def test_the_facts_of_this_person_allow_the_demand_and_a_light_question_needs_few_words():
    read_question("identity", "Please show your passport at the counter.", FACTS)
    read_question("identity", "Which were your last two orders?", "The name differs.")
    read_question("authority", "Please send the power of attorney.", "The mail names a client without one.")
    read_question("clarification", "Which years?", "Nine systems since 1998 hold data of this person.")


def test_no_policy_is_a_doubt_even_without_a_document():
    with pytest.raises(Invalid, match="reasonable doubt"):
        read_question("identity", "Who are you?", "We always ask.")


def test_a_document_is_never_a_question_about_the_scope():
    with pytest.raises(Invalid) as refusal:
        read_question("clarification", "Which years? And send your passport.", FACTS)
    assert refusal.value.field == "kind"


@pytest.mark.parametrize(("kind", "question", "reason", "field"), [
    ("weather", "Q", FACTS, "kind"), ("fee", "Q", FACTS, "kind"), ("identity", " ", FACTS, "question"),
    ("identity", "x" * 4001, FACTS, "question"), ("identity", "Who?", " ", "reason"), ("identity", "Who?", "x" * 2001, "reason"),
])
def test_a_question_without_its_parts_is_no_pause(kind, question, reason, field):
    with pytest.raises(Invalid) as refusal:
        read_question(kind, question, reason)
    assert refusal.value.field == field


def test_each_law_says_what_a_question_does():
    day = date(2026, 3, 1)
    eu, fr, uk, us = (profiles().on(name, day) for name in ("eu_gdpr", "fr_gdpr", "uk_gdpr", "us_ca_cpra"))
    assert [stops("clarification", each) for each in (eu, fr, uk, us)] == [True, False, True, False]
    assert [stops("identity", each) for each in (eu, fr, uk, us)] == [True, True, True, False]
    assert "does not stop" in effect("clarification", fr)
    assert "starts anew" in effect("identity", uk)
    assert "stands still" in effect("identity", eu)
    assert "does not stop" in effect("fee", eu)
    assert "starts anew" in effect("fee", uk)


def test_silence_ends_a_request_only_after_the_set_time_and_one_reminder():
    reminded = ASKED + SET_TIME
    over = reminded + SET_TIME + timedelta(days=1)
    require_unanswered("identity", ASKED, reminded, over)
    require_unanswered("authority", ASKED, reminded, over)
    with pytest.raises(NotPossible, match="The reminder went out"):
        require_unanswered("identity", ASKED, reminded, over - timedelta(days=1))
    with pytest.raises(NotPossible, match="one reminder"):
        require_unanswered("identity", ASKED, None, over)
    with pytest.raises(NotPossible, match="one reminder"):
        require_unanswered("identity", ASKED, reminded - timedelta(days=1), over)
    with pytest.raises(NotPossible, match="scope"):
        require_unanswered("clarification", ASKED, reminded, over)
    with pytest.raises(NotPossible, match="question"):
        require_unanswered(None, None, None, over)
