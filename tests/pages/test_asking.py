"""Asking another person to approve: every dialog opens with the people who may, and its command is done."""

import pytest
from streamlit.testing.v1 import AppTest

from core.actions import extensions, letters
from core.store.engine import new_id
from pages.parts import identity
from tests.actions import correcting, test_erasures, test_extensions, test_refusals
from tests.actions.conftest import empty_walk, import_people, walk  # noqa: F401 - fixtures
from tests.actions.test_refusals import text_of
from tests.pages.test_every_page import account

SEATS: dict[str, object] = {}


def script(panel: str, form: str) -> None:
    import importlib

    from pages.parts import notes
    from tests.pages.test_asking import SEATS

    notes.show_done()
    # what stands in the dialog: a test's page has no dialog that outlives a run
    getattr(importlib.import_module(f"pages.parts.{panel}"), form).__wrapped__(*SEATS["asked"])


def of_a_release(walk):  # noqa: F811 - the walk of the test
    walk.prepare()
    walk.work()
    return walk, "decision", "_ask_release", (walk.request_id, walk.case_ref, walk.version)


def of_a_refusal(walk):  # noqa: F811
    test_refusals.prepare(walk)
    return walk, "refusal_panel", "_ask", (walk.request_id, walk.version)


def of_an_extension(walk):  # noqa: F811
    test_extensions.prepare(walk)
    shown = extensions.of_request(walk.steward, walk.request_id)
    return walk, "extension_panel", "_ask", (walk.request_id, shown.version)


def of_a_plan(walk):  # noqa: F811
    mine = correcting.take_in(walk, "erasure", import_people(walk.store, 1)[0], 0)
    test_erasures.planned(mine)
    return mine, "carry_panel", "_ask", (mine.request_id, mine.version)


def of_a_letter(walk):  # noqa: F811
    letter = letters.draft(walk.steward, walk.case_ref, "no_data_held", walk.request_id, key=new_id())
    letters.save(walk.steward, letter, text_of(walk, letter) + "\nWe say so because nothing is held.", key=new_id())
    return walk, "letter_approval", "_ask", (letter, False)


@pytest.mark.parametrize("of", [of_a_release, of_a_refusal, of_an_extension, of_a_plan, of_a_letter])
def test_it_is_asked_of_whoever_may_approve(walk, monkeypatch, of):  # noqa: F811 - the fixture
    for who in ("approver", "deputy", "checker"):
        account(walk.store, who)
    mine, panel, form, asked = of(walk)
    monkeypatch.setattr(identity, "desk_or_stop", lambda **_: mine.steward)  # the cookie of a browser
    SEATS["asked"] = asked
    ran = AppTest.from_function(script, args=(panel, form), default_timeout=60).run()
    assert not ran.exception
    who = next(each for each in ran.selectbox if each.label == "Who decides")
    assert set(who.options) == {"approver", "deputy", "checker"}
    who.set_value("account-approver")
    next(each for each in ran.button if each.label == "Ask").click().run()
    assert not ran.exception
    assert any("asked for" in each.value for each in ran.success), [each.value for each in ran.error]
