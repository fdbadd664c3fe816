"""Asking another person to approve: every dialog opens with the people who may, and its command is done."""

import pytest
from streamlit.testing.v1 import AppTest

from core.actions.answers.letters import letters
from core.actions.answers.letters.letter_approvals import LETTER
from core.actions.answers.packages.release import RELEASE
from core.actions.answers.plan_approvals import PLAN
from core.actions.answers.refusal import extensions
from core.actions.answers.refusal.extensions import EXTENSION
from core.actions.answers.refusal.refusals import REFUSAL
from core.actions.cases import identity
from core.store.engine import new_id
from pages.parts import session
from tests.actions import correcting
from tests.actions.answers.erasure import test_erasures
from tests.actions.answers.refusal import test_extensions, test_refusals
from tests.actions.answers.refusal.test_refusals import text_of
from tests.actions.conftest import empty_walk, import_people, walk  # noqa: F401 - fixtures
from tests.pages.test_every_page import account

SEATS: dict[str, object] = {}


def script() -> None:
    from pages.parts import notes
    from pages.request import approval_panel
    from tests.pages.test_asking import SEATS

    notes.show_done()
    # what stands in the dialog: a test's page has no dialog that outlives a run
    approval_panel.ask.__wrapped__(*SEATS["asked"], to_case=SEATS["to_case"])


def of_a_release(case):
    case.prepare()
    case.work()
    return case, RELEASE, case.request_id, case.version


def of_a_refusal(case):
    test_refusals.prepare(case)
    return case, REFUSAL, case.request_id, case.version


def of_an_extension(case):
    test_extensions.prepare(case)
    shown = extensions.of_request(case.steward, case.request_id)
    return case, EXTENSION, case.request_id, shown.version


def of_a_plan(case):
    mine = correcting.take_in(case, "erasure", import_people(case.store, 1)[0], 0)
    test_erasures.planned(mine)
    return mine, PLAN, mine.request_id, mine.version


def of_a_letter(case):
    identity.record(case.checker, case.case_ref, [], "failed", "nobody answered.", key=new_id())
    letter = letters.draft(case.steward, case.case_ref, "not_identified", case.request_id, key=new_id())
    letters.save(case.steward, letter, text_of(case, letter) + "\nWe say so because nothing is held.", key=new_id())
    return case, LETTER, letter, None


@pytest.mark.parametrize("of", [of_a_release, of_a_refusal, of_an_extension, of_a_plan, of_a_letter])
def test_it_is_asked_of_whoever_may_approve(walk, monkeypatch, of):
    for who in ("approver", "deputy", "checker"):
        account(walk.store, who)
    mine, *asked = of(walk)
    monkeypatch.setattr(session, "desk_or_stop", lambda **_: mine.steward)  # the cookie of a browser
    SEATS.update(asked=asked, to_case=mine.case_ref if of is of_a_release else "")
    ran = AppTest.from_function(script, default_timeout=60).run()
    assert not ran.exception
    who = next(each for each in ran.selectbox if each.label == "Who decides")
    assert set(who.options) == {"approver", "deputy", "checker"}
    who.set_value("account-approver")
    next(each for each in ran.button if each.label == "Ask").click().run()
    assert not ran.exception
    assert any("asked for" in each.value for each in ran.success), [each.value for each in ran.error]
