"""What is typed reaches the server and is refused there aloud: no field of a page drops, mends or cuts it before."""

import ast
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from core.actions.cases import cases
from core.law.errors import Invalid
from core.law.roles import Role
from pages.parts.typed import Day
from tests.conftest import desk_of
from tests.house.reading import called, modules
from tests.pages.test_acting_panel import drawn as dialog
from tests.pages.test_acting_panel import empty_walk, page  # noqa: F401 - fixtures
from tests.pages.test_acting_panel import press as pressed
from tests.pages.test_every_page import NAME, account, drawn, taken

NO_DAY = "There is no 31 February 2026."
CALENDARS = {"pages.logbook"}  # a range that filters: nothing is kept, and the table says what it shows
KINDS = {"default", "password", "search"}  # of the text fields whose content a browser does not judge
LONG = "MARKER " * 150_000


def faults(name: str, tree: ast.Module) -> list[str]:
    """Return where a page draws a field that refuses something before it reaches the server."""
    wrong = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        field = called(node)
        if field in {"date_input", "datetime_input", "chat_input", "data_editor"} and name not in CALENDARS:
            wrong.append(f"{name}:{node.lineno} draws {field}")
        given = {each.arg: each.value for each in node.keywords}
        wrong += [f"{name}:{node.lineno} sets {each}" for each in ("max_chars", "validate") if each in given]
        if field in {"text_input", "text_area"}:
            wrong += [f"{name}:{node.lineno} sets {each}" for each in ("required",) if each in given]
            kind = given.get("type", ast.Constant("default"))
            if len(node.args) > 2 or not isinstance(kind, ast.Constant) or kind.value not in KINDS:
                wrong.append(f"{name}:{node.lineno} lets the browser judge what is typed")
    return wrong


def test_no_field_of_a_page_refuses_what_is_typed_before_it_arrives():
    pages = [each for each in modules() if each.room == "pages"]
    assert pages
    assert [fault for each in pages for fault in faults(each.name, each.tree)] == []


@pytest.mark.parametrize("line", [
    'st.date_input("On")', 'third.date_input("On", key="x")', 'st.text_input("Name", max_chars=LIMITS["name"])',
    'st.text_area("Words", max_chars=20)', 'st.text_input("E-mail", type="email")', 'st.text_input("Phone", type=kind)',
    'st.text_input("Name", "", 20)', 'st.text_input("Name", required=True)', 'st.text_input("Name", validate="[a-z]+")',
])
def test_the_rule_finds_each_field_that_would(line):
    assert faults("pages.some", ast.parse(line))
    assert not faults("pages.some", ast.parse('st.text_input("Search", "", type="search"); st.number_input("Days", 1, 9, 3)'))


def widget(begins: str) -> None:
    from datetime import date

    import streamlit as st

    from core.law.errors import Refused
    from pages.parts import typed

    day = typed.day("Until (empty: no end)", "until", date.fromisoformat(begins) if begins else None)
    for name in ("needed", "given"):
        try:
            st.text(f"{name}: {getattr(day, name)()}")
        except Refused as refusal:
            st.error(f"{name}: {refusal}")


def seen(ran: AppTest) -> tuple[list[str], list[str], list[str]]:
    assert not ran.exception
    return tuple([each.value for each in ran.get(kind)] for kind in ("caption", "text", "error"))


def test_a_day_is_shown_below_its_field_as_it_is_read():
    ran = AppTest.from_function(widget, args=("2026-03-02",)).run()
    assert ran.text_input(key="until").value == "2026-03-02"
    assert seen(ran) == (["Monday, 2 March 2026"], ["needed: 2026-03-02", "given: 2026-03-02"], [])
    ran.text_input(key="until").input("3.3.2026").run()
    assert ran.text_input(key="until").value == "3.3.2026"
    assert seen(ran) == (["Tuesday, 3 March 2026"], ["needed: 2026-03-03", "given: 2026-03-03"], [])


def test_what_is_no_day_stands_in_its_field_with_the_reason_below_and_is_no_day_for_an_action():
    ran = AppTest.from_function(widget, args=("2026-03-02",)).run()
    for text, sentence in (
        ("31 Feb 2026", NO_DAY), ("tomorrow", "The day 'Until' cannot be read. Write it as 2026-03-02, 2.3.2026 or 2 March 2026."),
        ("2/3/2026", "Write the day 'Until' as 2026-03-02: written with slashes it may mean two days."),
    ):
        ran.text_input(key="until").input(text).run()
        assert ran.text_input(key="until").value == text
        assert seen(ran) == ([f":material/error: {sentence}"], [], [f"needed: {sentence}", f"given: {sentence}"])


def test_an_empty_field_shows_what_to_type_and_is_refused_only_where_the_day_is_needed():
    ran = AppTest.from_function(widget, args=("",)).run()
    assert seen(ran) == (["Such as 2026-03-02 or 2 Mar 2026"], ["given: None"], ["needed: Write the day 'Until'."])


def test_the_refusal_names_the_field():
    with pytest.raises(Invalid) as refused:
        Day("death_on", "the day 'Died on'", "soon", None).needed()
    assert refused.value.field == "death_on"


def press(ran: AppTest, label: str) -> AppTest:
    next(each for each in ran.button if each.label == label).click().run()
    assert not ran.exception
    return ran


def cases_of(store):
    with store.transaction() as tx:
        return tx._cursor.execute("select received_at from cases").fetchall()


def intake(desk, day):
    ran = drawn(desk, "intake")
    ran.multiselect(key="intake_rights").select("access")
    ran.text_input(key="intake_name").input(NAME)
    ran.text_area(key="intake_body").input("words")
    ran.text_input(key="intake_received_on").input(day).run()
    return press(ran, "Take in")


def test_a_31_february_at_intake_is_refused_nothing_is_taken_in_and_the_form_keeps_all(store):
    ran = intake(desk_of(store, Role.STEWARD), "31.2.2026")
    assert [each.value for each in ran.error] == [NO_DAY]
    assert cases_of(store) == []
    assert ran.text_input(key="intake_received_on").value == "31.2.2026"
    assert (ran.text_input(key="intake_name").value, ran.text_area(key="intake_body").value) == (NAME, "words")
    assert ran.multiselect(key="intake_rights").value == ["access"]
    again = drawn(desk_of(store, Role.STEWARD), "intake")  # another session: the draft holds the day as it was typed
    assert again.text_input(key="intake_received_on").value == "31.2.2026"
    again.text_input(key="intake_received_on").input("2026-11-20").run()
    assert not press(again, "Take in").error
    assert len(cases_of(store)) == 1


@pytest.mark.parametrize("text", ["2026-11-20", "20261120", "20.11.2026", "20 Nov 2026"])
def test_a_good_day_arrives_however_it_is_written(store, text):
    desk = desk_of(store, Role.STEWARD)
    assert not intake(desk, text).error
    with store.transaction() as tx:
        (row,) = tx._cursor.execute("select case_ref from cases").fetchall()
    assert cases.open_case(desk, row[0]).received.date() == date(2026, 11, 20)


def test_a_dialog_refuses_a_day_that_is_none_and_stays_as_it_was_typed(page):
    ran = dialog(page, "death_panel", "_record")
    ran.text_input(key="death_on").input("31 February 2026").run()
    pressed(ran, "Record the death")
    assert [each.value for each in ran.error] == [NO_DAY]
    assert ran.text_input(key="death_on").value == "31 February 2026"
    ran = dialog(page, "child_panel", "_record")
    pressed(ran, "Record")
    assert [each.value for each in ran.error] == ["Write the day 'Born on'."]
    ran = dialog(page, "acting_panel", "_end", {"id": "x", "version": 1})
    ran.text_input(key="end_on").input("2/3/2026").run()
    pressed(ran, "End it")
    assert next(each.value for each in ran.error).startswith("Write the day 'On' as 2026-03-02")


def test_a_search_for_more_than_anybody_s_name_says_so_and_keeps_it(store):
    ran = drawn(desk_of(store, Role.STEWARD), "profile")
    ran.selectbox(key="profile_purpose").select("request").run()
    for field, sentence in (
        ("name", "The name is longer than 300 characters. Shorten it."),
        ("value", "The e-mail, phone or number is longer than 320 characters. Shorten it."),
        ("born", "The day 'Born on' cannot be read. Write it as 2026-03-02, 2.3.2026 or 2 March 2026."),
    ):
        ran.text_input(key=f"search_profile_{field}").input(LONG)
        press(ran, "Search")
        assert [each.value for each in ran.error] == [sentence]
        assert ran.text_input(key=f"search_profile_{field}").value == LONG
        ran.text_input(key=f"search_profile_{field}").input("")


@pytest.mark.parametrize(("name", "key", "role"), [
    ("queue", "queue_search", Role.STEWARD), ("exports", "exports_search", Role.STEWARD), ("logbook", "log_case", Role.DPO),
    ("logbook", "log_subject", Role.DPO), ("logbook", "log_actor", Role.DPO),
])
def test_a_filter_longer_than_anything_there_is_finds_nothing_and_is_no_fault(store, name, key, role):
    taken(store)
    ran = drawn(desk_of(store, role), name)
    ran.text_input(key=key).input(LONG).run()
    assert not ran.exception
    assert "MARKER" not in " ".join(each.value for each in ran.error)
    assert not any(len(each.value) for each in ran.dataframe)


def test_a_new_account_that_is_refused_keeps_what_was_typed_and_one_that_is_made_leaves_an_empty_form(store):
    account(store, "t.admin")
    desk = desk_of(store, Role.ADMINISTRATOR, name="t.admin")

    def field(ran, label):
        return next(each for each in ran.text_input if each.label == label)

    ran = drawn(desk, "accounts")
    field(ran, "Name").input("Marker Person")
    field(ran, "Sign-in name").input(LONG)
    press(ran, "Make the account")
    assert ran.error
    assert (field(ran, "Name").value, field(ran, "Sign-in name").value) == ("Marker Person", LONG)
    field(ran, "Sign-in name").input("marker")
    press(ran, "Make the account")
    assert not ran.error
    assert (field(ran, "Name").value, field(ran, "Sign-in name").value) == ("", "")
