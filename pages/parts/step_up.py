"""The form with which a person proves once more who they are, for one act on one thing."""

import streamlit as st

from core.actions.accounts.sessions import step_up, stepped_up
from core.actions.desk.desk import Desk
from core.law.acts import ACTS, Act
from core.law.errors import Refused, StepUpNeeded
from pages.parts import notes


def ready(desk: Desk, what: Act, thing: str = "") -> bool:
    """Whether the person proved who they are for this act on this thing; if not, draw the form that asks.

    Call it where the button of the act would stand, and draw the button only when it is true.
    """
    if stepped_up(desk, what, thing):
        return True
    with st.form(f"step_up_{what.value}_{thing}", clear_on_submit=True):  # a password does not stay on the screen
        st.write(f"**Prove once more who you are.** The log will say: you {ACTS[what].sentence}.")
        password = st.text_input("Your password", type="password")
        if st.form_submit_button("Confirm", type="primary"):
            try:
                step_up(desk, password, what, thing)
            except Refused as refusal:
                notes.refused(refusal)
            else:
                st.rerun()
    return False


def ask(desk: Desk, needed: StepUpNeeded) -> None:
    """Draw the form for the act that was just refused for want of a step-up."""
    ready(desk, Act(needed.act), needed.thing)
