"""The form of what was answered outside the desk: a line for each system, sent only whole, with what was typed kept."""

import pytest
from streamlit.testing.v1 import AppTest

from core.actions.answers.outside import outside
from core.law.outside import Done
from pages.parts import session
from tests.actions.answers.outside.test_outside import EVIDENCE, UNTIL, WHY, record
from tests.actions.conftest import empty_walk, walk  # noqa: F401 - fixtures
from tests.pages.test_every_page import account

SEATS: dict[str, object] = {}


def script() -> None:
    from pages.parts import notes
    from pages.request.answers import outside_panel
    from tests.pages.test_outside_panel import SEATS

    notes.show_done()
    if SEATS.pop("fill", False):
        outside_panel._fill(SEATS["recorded"])
    outside_panel._record.__wrapped__(*SEATS["asked"])


@pytest.fixture
def form(walk, monkeypatch):
    account(walk.store, "steward")
    monkeypatch.setattr(session, "desk_or_stop", lambda **_: walk.steward)
    monkeypatch.setattr(outside, "systems", lambda: (("local", "Our shop"), ("paper", "The archive")))

    def opened():
        recorded = outside.of_request(walk.steward, walk.request_id)
        SEATS.update(asked=(walk.request_id, "access", walk.version), recorded=recorded, fill=True)
        return AppTest.from_function(script, default_timeout=60).run()

    return opened


def typed(ran, label, text, at=0):
    [each for each in ran.text_area if each.label.startswith(label)][at].set_value(text)


def test_it_is_sent_once_every_system_has_its_line(walk, form):
    ran = form()
    assert [each.label for each in ran.selectbox] == ["Our shop", "The archive"]
    assert next(each for each in ran.button if each.label == "Record it").disabled
    ran.selectbox[0].set_value(Done.DONE)
    ran.selectbox[1].set_value(Done.KEPT)
    ran.run()
    typed(ran, "Why it was not answered", WHY)
    typed(ran, "What was done", "The copy is enclosed.")
    typed(ran, "Why it is kept", "the tax code demands it (section 147).")
    for at in (0, 1):
        typed(ran, "Evidence", EVIDENCE, at)
    next(each for each in ran.button if each.label == "Record it").click().run()
    assert any("day until" in each.value for each in ran.error), [each.value for each in ran.error]
    assert [each.value for each in ran.text_area if each.label.startswith("What was done")] == ["The copy is enclosed."]
    ran.text_input[0].set_value(UNTIL.isoformat())
    next(each for each in ran.button if each.label == "Record it").click().run()
    assert not ran.exception
    assert any("It is recorded" in each.value for each in ran.success), [each.value for each in ran.error]
    shown = outside.of_request(walk.steward, walk.request_id)
    assert [(title, line.outcome) for title, line in shown.lines] == [("Our shop", "done"), ("The archive", "kept")]


def test_what_was_recorded_before_stands_in_the_form(walk, form):
    record(walk, Done.DONE, Done.KEPT)
    ran = form()
    assert [each.value for each in ran.selectbox] == [Done.DONE, Done.KEPT]
    assert [each.value for each in ran.text_area if each.label.startswith("Evidence")] == [EVIDENCE, EVIDENCE]
    assert ran.text_input[0].value == UNTIL.isoformat()
