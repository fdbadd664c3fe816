"""Figures of single people: off until the data protection officer notes the works agreement that lets them be told."""

import streamlit as st

from core.actions.desk.desk import Desk
from core.actions.desk.teams import LEAST_MEMBERS
from core.actions.oversight import per_person
from core.law.acts import Act, Scope, may, scope
from pages.parts import forms, untrusted


def draw(desk: Desk) -> None:
    """Say by what figures are told, and let the data protection officer switch it."""
    if scope(desk.person.roles, Act.BOARD_LOOK) is Scope.CELLS:
        return
    note = per_person.noted(desk)
    if note:
        st.caption(f"Figures of single people are told, by: {untrusted.inline(note)}.")
    else:
        st.caption(
            f"Figures are told by team, of {LEAST_MEMBERS} people and more; an administrator sets the teams. Those of single "
            "people are off until a Data Protection Officer notes the works agreement that lets them be told."
        )
    if not may(desk.person.roles, Act.FIGURES_SWITCH):
        return
    if note:
        if st.button("Tell figures by team again", icon=":material/groups:", key="figures_off"):
            forms.attempt("figures_off", lambda key: per_person.switch(desk, None, key=key), "Figures are told by team.")
        return
    with st.expander("Tell figures of single people", icon=":material/person:"):
        words = st.text_input("The works agreement: what it is called, of which day", key="figures_note")
        if st.button("Tell them from now on", type="primary", key="figures_on"):
            forms.attempt(
                "figures_on", lambda key: per_person.switch(desk, words or "", key=key),
                "Figures of single people are told from now on.",
            )
