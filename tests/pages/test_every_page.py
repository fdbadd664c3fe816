"""Pages by themselves, without the shell: what each refuses, keeps and shows; never a fault, never a name."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from core.actions.desk import act as acting
from core.law.acts import Act, may
from core.law.errors import NotAllowed
from core.law.roles import GRANTABLE, Role
from pages.parts.screens import screens
from tests.conftest import desk_of

PAGES = ("home", "queue", "board", "exports", "intake", "request", "profile", "imports", "holds")
NAME = "MARKER [x](http://e.example) <script>"
SEATS: dict[str, object] = {}


def script(name: str, request: str) -> None:
    import streamlit as st

    from core.law.errors import Refused
    from pages.parts.screens import screens
    from tests.pages.test_every_page import SEATS

    if request:
        st.query_params["id"] = request
    try:
        screens()[name].show(SEATS["desk"])
    except Refused as refusal:
        st.error(str(refusal))


def drawn(desk, name, request=""):
    SEATS["desk"] = desk
    return AppTest.from_function(script, args=(name, request), default_timeout=30).run()


def account(store, name):
    with store.transaction() as tx:
        tx.run("accounts.add", id=f"account-{name}", actor_ref=f"actor-{name}", sign_in_name=name, name=name,
               password_hash=None, now=desk_of(store).now, made_by="x")
        store.commit(tx)


def taken(store):
    from core.actions.cases import intake

    return intake.take_in(
        desk_of(store, Role.STEWARD), intake.Intake(
            ("access",), "email", date(2026, 11, 20), name=NAME, body=NAME, email="marker@example.com"
        ), key="a-key-of-tests",
    ).requests[0][0]


@pytest.mark.parametrize("role", GRANTABLE)
def test_a_page_refuses_whoever_may_not_by_itself(store, role):
    """The shell offers none of these; a page that is drawn all the same says why it is empty."""
    account(store, "somebody")
    request = taken(store)
    desk = desk_of(store, role)
    for name in PAGES:
        if not may(desk.person.roles, screens()[name].ACT):
            ran = drawn(desk, name, request)
            assert not ran.exception, (name, ran.exception)
            assert next(each.value for each in ran.error).startswith("Your role"), name


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_a_function_and_five_constants_and_does_nothing_on_import(name):
    page = screens()[name]
    assert page.TITLE
    assert page.ICON.startswith(":material/")
    assert page.ACT
    assert callable(page.show)


def test_an_analyst_gets_counts_and_no_row(store):
    taken(store)
    ran = drawn(desk_of(store, Role.ANALYST), "queue")
    assert next(each.value for each in ran.metric) == "< 5"
    assert not ran.dataframe
    assert not ran.button


def test_the_queue_names_no_data_subject(store):
    taken(store)
    ran = drawn(desk_of(store, Role.STEWARD), "queue")
    assert "MARKER" not in ran.dataframe[0].value.to_string()
    assert list(ran.dataframe[0].value.columns)[:3] == ["Deadline", "Due", "Reference"]
    assert [each for each in ran.button if each.label in {"Open", "Take"} and not each.disabled] == []


def test_a_request_that_does_not_exist_is_a_sentence(store):
    ran = drawn(desk_of(store, Role.STEWARD), "request", "nothing")
    assert [each.value for each in ran.error] == ["There is no such request."]


def test_what_was_typed_at_intake_stays_when_a_field_is_refused_and_survives_the_session(store):
    desk = desk_of(store, Role.STEWARD)
    ran = drawn(desk, "intake")
    ran.text_input(key="intake_name").input(NAME)
    ran.text_area(key="intake_body").input("words")
    ran.run()
    next(each for each in ran.button if each.label == "Take in").click().run()
    assert [each.value for each in ran.error] == ["Tick at least one right that the person uses."]
    assert ran.text_input(key="intake_name").value == NAME
    other = drawn(desk_of(store, Role.STEWARD), "intake")
    assert other.text_input(key="intake_name").value == NAME
    assert other.text_area(key="intake_body").value == "words"


def test_an_intake_is_done_and_its_draft_forgotten(store):
    desk = desk_of(store, Role.STEWARD)
    ran = drawn(desk, "intake")
    ran.multiselect(key="intake_rights").select("access")
    ran.text_input(key="intake_name").input(NAME)
    ran.text_area(key="intake_body").input("words")
    ran.run()
    next(each for each in ran.button if each.label == "Take in").click().run()
    assert not ran.error
    assert ran.success[0].value.startswith("Taken in as **RD-2026-")
    assert ran.text_input(key="intake_name").value == ""
    assert drawn(desk, "intake").text_input(key="intake_name").value == ""


def test_an_authority_s_letter_is_taken_in_with_the_day_that_it_names(store):
    desk = desk_of(store, Role.STEWARD)
    ran = drawn(desk, "intake")
    ran.multiselect(key="intake_rights").select("authority_inquiry").run()
    assert "Which authority is asking" in [each.value for each in ran.header]
    ran.text_input(key="intake_name").input(NAME)
    ran.text_area(key="intake_body").input("words")
    next(each for each in ran.button if each.label == "Take in").click().run()
    assert [each.value for each in ran.error] == ["Enter the day that the authority's letter names."]
    ran.text_input(key="intake_named_day").input("7 Dec 2026").run()
    next(each for each in ran.button if each.label == "Take in").click().run()
    assert not ran.error
    with store.transaction() as tx:
        (row,) = tx._cursor.execute("select kind, final_due from requests").fetchall()
    assert row == ("authority_inquiry", date(2026, 12, 7))


def test_a_profile_search_needs_a_purpose_first(store):
    ran = drawn(desk_of(store, Role.STEWARD), "profile")
    assert not ran.text_input
    ran.selectbox(key="profile_purpose").select("request").run()
    assert ran.text_input(key="search_profile_value")
    next(each for each in ran.button if each.label == "Search").click().run()
    assert [each.value for each in ran.error] == ["Fill in at least one field."]


def test_a_refused_act_is_the_cores_not_the_pages(store):
    with pytest.raises(NotAllowed), acting.look(desk_of(store, Role.MARKETER), Act.QUEUE_LOOK):
        pass
