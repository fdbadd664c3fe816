"""What was done, given once or half typed stays on the screen, whatever draws the page anew, and goes when the person moves on."""

import pytest
from streamlit.testing.v1 import AppTest


def script() -> None:
    import streamlit as st

    from core.law.errors import NotPossible
    from pages.parts import forms, notes, once, visit

    def fail(_key: str) -> None:
        raise NotPossible("Somebody was faster.")

    @visit.dialog("Words")
    def ask(name: str) -> None:
        st.text_area(f"Why, {name}", key="why")
        if st.button("Refused in it", key="dialog_refused"):
            forms.attempt("dialog", fail)
        if st.button("Done in it", key="dialog_done"):
            forms.attempt("dialog", lambda key: key, "The dialog is done.")

    visit.arrive(st.session_state.get("gone_to") or st.text_input("Place", "here", key="place"))
    notes.show_done()
    if st.button("Act"):
        forms.attempt("act", lambda key: key, lambda key: f"Done by {len(key)}.")
    if st.button("Refused"):
        forms.attempt("refused", fail)
    if st.button("Give"):
        forms.attempt("give", lambda _key: once.keep("thing", "one-time-words"))
    if st.button("Do and go on"):
        notes.done("Done, and gone on.")
        st.session_state["gone_to"] = "the next page"
        st.rerun()
    if st.button("Ask"):
        ask("you")
    once.draw("thing")
    st.button("Poll")
    visit.draw_dialog()


@pytest.fixture
def ran() -> AppTest:
    return AppTest.from_function(script, default_timeout=30).run()


def press(ran: AppTest, label: str) -> AppTest:
    next(each for each in ran.button if each.label == label).click().run()
    assert not ran.exception
    return ran


def said(ran: AppTest) -> list[str]:
    return [each.value for each in ran.success]


def test_what_was_done_is_said_until_the_next_act_whatever_draws_the_page_anew(ran):
    assert said(press(ran, "Act")) == ["Done by 32."]
    assert said(ran.run()) == ["Done by 32."]
    assert said(press(ran, "Poll")) == ["Done by 32."]
    press(ran, "Refused")
    assert said(ran) == []
    assert [each.value for each in ran.error] == ["Somebody was faster."]
    assert said(ran.run()) == []


def test_what_was_done_is_dismissed_by_the_person(ran):
    press(ran, "Act")
    assert said(press(ran, "Dismiss")) == []
    assert said(ran.run()) == []


def test_each_act_says_its_own_sentence_in_a_place_of_its_own(ran):
    press(ran, "Act")
    first = [each.key for each in ran.button if each.label == "Dismiss"]
    press(ran, "Act")
    assert said(ran) == ["Done by 32."]
    assert [each.key for each in ran.button if each.label == "Dismiss"] != first


def test_what_was_done_here_is_not_said_elsewhere_nor_on_coming_back(ran):
    press(ran, "Act")
    assert said(ran.text_input(key="place").input("elsewhere").run()) == []
    assert said(ran.text_input(key="place").input("here").run()) == []


def test_what_was_done_is_said_on_the_page_that_the_person_is_sent_to(ran):
    assert said(press(ran, "Do and go on")) == ["Done, and gone on."]
    assert said(ran.run()) == ["Done, and gone on."]


def test_a_secret_stays_until_it_is_hidden_or_the_page_is_left(ran):
    press(ran, "Give")
    assert [each.value for each in press(ran, "Poll").code] == ["one-time-words"]
    assert [each.value for each in press(ran, "Act").code] == ["one-time-words"]
    press(ran, "Hide it")
    assert not ran.code
    press(ran, "Give")
    ran.text_input(key="place").input("elsewhere").run()
    assert not ran.code
    assert "one-time-words" not in repr(ran.session_state)


def test_a_dialog_stays_open_with_what_was_typed_until_its_command_is_done(ran):
    press(ran, "Ask")
    ran.text_area(key="why").input("half a sentence").run()
    press(ran, "Poll")
    assert ran.text_area(key="why").value == "half a sentence"
    press(ran, "Refused in it")
    assert ran.text_area(key="why").value == "half a sentence"
    press(ran, "Done in it")
    assert said(ran) == ["The dialog is done."]
    assert [each.label for each in ran.text_area] == []
    assert [each.label for each in ran.run().text_area] == []


def test_a_dialog_does_not_follow_to_another_place(ran):
    press(ran, "Ask")
    assert ran.text_area
    ran.text_input(key="place").input("elsewhere").run()
    assert not ran.text_area
