"""What narrows a stop on the screen: the words of one person never stand in the form of the next, and are seen where they stand."""

import pytest
from streamlit.testing.v1 import AppTest

from core.law.roles import Role
from tests.conftest import desk_of

SEATS: dict[str, object] = {}


def add() -> None:
    from pages.parts import notes
    from pages.suppression import screen
    from tests.pages.test_stops import SEATS

    notes.show_done()
    screen._add(SEATS["desk"])


def narrow() -> None:
    from pages.parts import stops
    from tests.pages.test_stops import SEATS

    stops.narrower(SEATS["desk"], "form", purpose=False)


@pytest.fixture
def desk(store):
    SEATS["desk"] = desk_of(store, Role.STEWARD)
    return SEATS["desk"]


def run(script, **state):
    ran = AppTest.from_function(script, default_timeout=60)
    for name, value in state.items():
        ran.session_state[name] = value
    ran.run()
    assert not ran.exception
    return ran


def test_after_an_entry_nothing_of_it_stands_in_the_form(desk):
    ran = run(add)
    ran.text_input(key="add_value").set_value("marker@example.com")
    ran.text_input(key="add_since").set_value("2026-11-02")
    ran.text_area(key="add_own_words").set_value("MARKERWORDS no mails")
    ran.button(key="add_send").click().run()
    assert "limit it to nothing yet" in ran.error[0].value
    assert ran.text_input(key="add_value").value == "marker@example.com", "what was typed stays where it is refused"
    ran.button_group(key="add_stop_channels").set_value(["email"])
    ran.button(key="add_send").click().run()
    assert "Added to the suppression list." in [each.value for each in ran.success]
    assert ran.text_input(key="add_value").value == ran.text_area(key="add_own_words").value == ""
    assert ran.text_input(key="add_since").value == f"{desk.now:%Y-%m-%d}"
    assert ran.button_group(key="add_stop_channels").value == []
    with desk.store.transaction() as tx:
        assert tx._cursor.execute("select distinct channel from suppressions").fetchall() == [("email",)]


@pytest.mark.parametrize(("held", "opened"), [("just do not ring", True), ("", False)])
def test_words_that_are_held_are_not_folded_away_and_typing_folds_nothing(desk, held, opened):
    ran = run(narrow, form_own_words=held)
    assert ran.expander[0].proto.expanded is opened
    ran.text_area(key="form_own_words").set_value("other words").run()
    assert ran.expander[0].proto.expanded is opened
