"""The panels about who asks: every form opens, is filled in and sent, and what it says is drawn."""

import pytest
from streamlit.testing.v1 import AppTest

from core.actions.cases import children, deaths, representatives
from core.law.roles import Role
from core.law.ways import Kind
from pages.parts import session
from tests.actions.cases.test_representatives import asked, proven
from tests.actions.conftest import empty_walk, import_people  # noqa: F401 - fixtures
from tests.conftest import desk_of

SEATS: dict[str, object] = {}


def script(case_ref: str, panel: str, form: str) -> None:
    import importlib

    from core.actions.cases import cases
    from pages.request.person import acting_panel, death_panel, identity_panel
    from tests.pages.test_acting_panel import SEATS

    if form:  # what stands in the dialog: a test's page has no dialog that outlives a run
        getattr(importlib.import_module(f"pages.request.person.{panel}"), form).__wrapped__(*SEATS["asked"])
        return
    desk = SEATS["desk"]
    file = cases.open_case(desk, case_ref)
    identity_panel.draw(desk, file, movable=True)
    acting_panel.draw(desk, file, movable=True)
    death_panel.draw(desk, file, live=True)


@pytest.fixture
def page(empty_walk, monkeypatch):
    """Give a parent's request, and a way to draw its panels and press their buttons as a steward."""
    people = import_people(empty_walk.store, 2)
    walk = proven(asked(empty_walk, people[1], capacity="parent"))
    monkeypatch.setattr(session, "desk_or_stop", lambda **_: SEATS["desk"])  # the cookie of a browser
    SEATS["desk"] = walk.steward
    return walk


def drawn(walk, panel="", form="", *given):
    SEATS["asked"] = given or (walk.case_ref,)
    ran = AppTest.from_function(script, args=(walk.case_ref, panel, form), default_timeout=60).run()
    assert not ran.exception
    return ran


def press(ran, label):
    next(each for each in ran.button if each.label == label).click().run()
    assert not ran.exception
    return ran


def words(ran):
    kinds = ("markdown", "caption", "warning", "error", "success", "text")
    return " ".join(str(each.value) for kind in kinds for each in ran.get(kind))


def test_the_child_is_recorded_and_what_follows_is_said(page):
    assert "nothing is done for the parent before that" in words(drawn(page))
    ran = drawn(page, "child_panel", "_record")
    ran.text_input(key="child_born").input("1.3.2011").run()
    press(ran, "Record")
    assert children.show(page.steward, page.case_ref).verdict.hear_first
    assert "ask for their own view first" in words(drawn(page))
    ran = drawn(page, "child_panel", "_record")
    ran.checkbox(key="child_ban").check().run()
    press(ran, "Record")
    assert "the case is sealed" in words(drawn(page))


def test_a_death_is_recorded_shown_and_taken_back_by_a_data_protection_officer_only(page):
    press(drawn(page, "death_panel", "_record"), "Record the death")
    assert deaths.show(page.steward, page.case_ref).stopped > 1
    ran = drawn(page)
    assert "no letter goes to them" in words(ran)
    assert "This was wrong: the person lives…" not in {each.label for each in ran.button}
    SEATS["desk"] = desk_of(page.store, Role.DPO, name="dpo")
    assert "This was wrong: the person lives…" in {each.label for each in drawn(page).button}
    ran = drawn(page, "death_panel", "_correct")
    ran.text_area(key="death_evidence").set_value("They rang.").run()
    press(ran, "Take it back")
    assert deaths.show(page.steward, page.case_ref) is None


def test_an_authority_is_ended_and_another_person_entered(page):
    row = representatives.show(page.steward, page.case_ref).row
    press(drawn(page, "acting_panel", "_end", row), "End it")
    ran = drawn(page)
    assert "nothing goes on for them" in words(ran)
    assert "Somebody else acts for the person…" in {each.label for each in ran.button}
    ran = drawn(page, "acting_panel", "_add", page.case_ref, [Kind.ACCESS])
    ran.text_input(key="acting_name").set_value("Marker Guardian").run()
    press(ran, "Enter")
    assert representatives.show(page.steward, page.case_ref).person["name"] == "Marker Guardian"


@pytest.mark.parametrize(("button", "text"), [
    ("Keep a proof document…", "It lies apart from the files of the case"), ("Check the authority…", "Enter what the document says"),
    ("Record who they are…", "The second of two identities"), ("Record the identity check…", "Access: enough"),
])
def test_each_form_opens(page, button, text):
    assert text in words(press(drawn(page), button))
