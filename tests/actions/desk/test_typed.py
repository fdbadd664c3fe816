"""What is typed arrives as it was written, or is refused in a sentence; with nothing kept and nothing of it repeated."""

from dataclasses import replace
from datetime import date

import pytest

from core.actions.answers import requests
from core.actions.answers.letters import letters
from core.actions.answers.refusal import extensions
from core.actions.cases import addresses, cases, clock, deaths, identity, intake, representatives
from core.actions.cases.representatives import Acting
from core.actions.oversight import holds
from core.actions.suppression import suppression_list
from core.law.errors import Invalid
from core.store.engine import new_id
from tests.conftest import NOW

WORDS = "MARKERWORDS of somebody"
BAD = {
    "half a character": WORDS + "\ud83d", "NUL": WORDS + "\x00", "a bell": WORDS + "\x07", "an escape": "\x1b[31m" + WORDS,
    "too long": WORDS * 6_000,
}
INTAKE = intake.Intake(("access",), "email", date(2026, 11, 20), name="Marker", email="m@example.com", body="My data, please.")


def drafted(walk):
    held = letters.list_letters(walk.steward, walk.case_ref)
    return held[0].id if held else letters.draft(walk.steward, walk.case_ref, "receipt", walk.request_id, key=new_id())


WRITTEN = {
    "a message": lambda walk, text: intake.take_in(walk.steward, replace(INTAKE, body=text), key=new_id()),
    "a name": lambda walk, text: intake.take_in(walk.steward, replace(INTAKE, name=text), key=new_id()),
    "a note": lambda walk, text: cases.add_note(walk.steward, walk.case_ref, text, key=new_id()),
    "a question": lambda walk, text: clock.ask(
        walk.steward, walk.request_id, "clarification", text, "They hold nine thousand rows.", key=new_id()),
    "why it is asked": lambda walk, text: clock.ask(
        walk.steward, walk.request_id, "clarification", "Which years?", text, key=new_id()),
    "a letter": lambda walk, text: letters.save(walk.steward, drafted(walk), text, key=new_id()),
    "why it was taken back": lambda walk, text: requests.withdraw(
        walk.steward, walk.request_id, text, version=walk.version, key=new_id()),
    "an address": lambda walk, text: addresses.add(walk.steward, walk.case_ref, "post", text, key=new_id()),
    "why somebody is who they say": lambda walk, text: identity.record(
        walk.checker, walk.case_ref, ["signed_in"], "proven", text, key=new_id()),
    "why more time is needed": lambda walk, text: extensions.prepare(
        walk.steward, walk.request_id, ["complexity"], text, version=walk.version, key=new_id()),
    "why nothing is deleted": lambda walk, text: holds.set_on(
        walk.steward, "case", "claim", text, request_id=walk.request_id, key=new_id()),
    "how a death is known": lambda walk, text: deaths.record(
        walk.steward, walk.case_ref, date(2026, 11, 1), text, key=new_id()),
    "who acts": lambda walk, text: representatives.add(
        walk.steward, walk.case_ref, Acting("lawyer", name=text, email="l@example.com"), key=new_id()),
    "the evidence of a suppression": lambda walk, text: suppression_list.add(
        walk.steward, "objection_marketing", "email", "x@example.com", own_words=text, since=date(2026, 11, 20), key=new_id()),
}


@pytest.mark.parametrize("field", WRITTEN)
def test_what_no_file_could_carry_is_refused_and_leaves_nothing(walk, field):
    for name, text in BAD.items():
        before = walk.row()
        with pytest.raises(Invalid) as told:
            WRITTEN[field](walk, text)
        assert "MARKERWORDS" not in str(told.value), name
        assert walk.row() == before, name
    with walk.store.transaction() as tx:
        assert "MARKERWORDS" not in str(tx.rows("log.all_rows", chain=walk.store.chain, first=0, last=10**9))


def test_line_ends_of_every_machine_become_one(walk):
    cases.add_note(walk.steward, walk.case_ref, " one\r\ntwo\rthree\ffour\n\tfive  \n", key=new_id())
    identity.record(walk.checker, walk.case_ref, ["signed_in"], "proven", " why\r\nso ", key=new_id())
    clock.ask(walk.steward, walk.request_id, "clarification", "Which\r\nyears?", "Nine\rthousand rows. ", key=new_id())
    file = cases.open_case(walk.steward, walk.case_ref)
    assert [note["body"] for note in file.notes] == ["one\ntwo\nthree\nfour\n\tfive"]
    assert file.checks[-1]["reason"] == "why\nso"
    (pause,) = file.requests[0].pauses
    assert (pause["question"], pause["reason"]) == ("Which\nyears?", "Nine\nthousand rows.")


def test_every_script_and_sign_arrives(walk):
    text = "Ωμέγα \u200fעברית\u200e العربية \U0001f9d1\u200d\U0001f91d e\u0301 \u00a0 ﷽ 中文 \u200d½"
    cases.add_note(walk.steward, walk.case_ref, text, key=new_id())
    (note,) = cases.open_case(walk.steward, walk.case_ref).notes
    assert note["body"] == text
    assert walk.row().received_at <= NOW
