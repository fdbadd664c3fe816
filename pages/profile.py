"""Profile lookup: find a person for a purpose, look masked, show for a reason; every search and opening is logged."""

import streamlit as st

from core.actions.accounts.accounts import colleagues
from core.actions.desk.desk import Desk
from core.actions.people import people
from core.law.acts import PURPOSES, Act, may, require
from pages.parts import forms, person, search, session, visit

TITLE, ICON, GROUP, ORDER, ACT, URL = (
    "Profile lookup", ":material/person_search:", "People", 10, Act.PERSON_FIND, "profile"
)
_CHOICES = [code for code in PURPOSES if code != "operator"]
_OPEN = "profile_open"
_WIDTH = 980


def show(desk: Desk) -> None:
    """Draw the purpose, the search, who was found, and the person that was opened."""
    require(desk.person.roles, ACT)
    st.title("Profile lookup")
    st.caption("Each search and each person opened or shown is entered in the log under your account.")
    with st.container(width=_WIDTH):
        purpose = st.selectbox(
            "Purpose (needed)", _CHOICES, index=None, format_func=lambda code: PURPOSES[code], key="profile_purpose",
            placeholder="Choose why you look", width=360, on_change=_forget,
        )
        if purpose is None:
            st.info("Choose a purpose first. Then the search opens.", icon=":material/rule:")
            return
        words = st.text_input(
            "Words about the purpose, if needed", key="profile_words", width=600,
            help="Kept sealed; the log holds a keyed hash only",
        ) or ""
        search.draw(desk, "profile", purpose=purpose, words=words)
        opened = st.session_state.get(_OPEN)
        if isinstance(opened, str):
            _person(desk, opened, purpose)
        search.results(desk, "profile", _open, "Open")


def _forget() -> None:
    for name in [_OPEN, "found_profile"]:
        st.session_state.pop(name, None)


def _open(subject_ref: str) -> None:
    st.session_state[_OPEN] = subject_ref
    st.rerun()


def _person(desk: Desk, subject_ref: str, purpose: str) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header("Person", width="stretch")
            if may(desk.person.roles, Act.PERSON_RELATE) and st.button("This is me, or somebody close"):
                _relate(subject_ref)
            if may(desk.person.roles, Act.ACCOUNT_LINK) and st.button("This is a colleague"):
                _link(subject_ref)
            if st.button("Close", icon=":material/close:"):
                st.session_state.pop(_OPEN, None)
                st.rerun()
        person.draw(desk, subject_ref, purpose=purpose)


@visit.dialog("My own or a related person's data")
def _relate(subject_ref: str) -> None:
    desk = session.desk_or_stop()
    st.write("From then on a colleague handles this person; you can neither open nor find them. It cannot be taken back "
             "here.")
    relation = st.radio("This person is", ["own", "related"],
                        format_func=lambda code: "myself" if code == "own" else "somebody close to me")
    if st.button("Declare", type="primary"):
        st.session_state.pop(_OPEN, None)
        forms.attempt(
            f"relate_{subject_ref}", lambda key: people.relate(desk, subject_ref, relation, key=key),
            "Declared. A colleague handles this person from now on.",
        )


@visit.dialog("A colleague's own data")
def _link(subject_ref: str) -> None:
    desk = session.desk_or_stop()
    st.write("From then on this colleague can neither find, open nor approve anything about this person.")
    names = dict(colleagues(desk))
    account = st.selectbox("Colleague", list(names), format_func=lambda each: names[each], index=None,
                           placeholder="Choose a colleague")
    if st.button("Link", type="primary", disabled=account is None):
        forms.attempt(
            f"link_{subject_ref}", lambda key: people.link_account(desk, account or "", subject_ref, key=key),
            "Linked. The colleague no longer reaches this person.",
        )
