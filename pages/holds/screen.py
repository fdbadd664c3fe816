"""Holds and kept data: what must not be deleted and why, and what erasures left until which day."""

import streamlit as st

from core.actions.desk.desk import Desk
from core.actions.oversight import holds
from core.law.acts import Act, may, require
from pages.holds import hold_panel, kept_panel
from pages.parts import sealed_note

TITLE, ICON, GROUP, ORDER, ACT, URL = (
    "Holds and kept data", ":material/front_hand:", "People", 50, Act.HOLD_LOOK, "holds"
)
_WIDTH = 900


def show(desk: Desk) -> None:
    """Draw what is kept until which day, the holds that stand, and the button that sets one on a category."""
    require(desk.person.roles, ACT)
    st.title(TITLE)
    st.header("Kept until")
    st.caption("What erasures in part left, each with its ground and its last day. The day after, the plan that was approved "
               "erases it, and the letter to the person is drafted.")
    kept_panel.listed(desk)
    sealed_note.draw(desk)
    st.header("Holds")
    st.caption("What a hold covers is not deleted, whoever asks: by no erasure, no retention, and not with the file of a case. "
               "One person sets it at once; the data protection officer and an approver release it together.")
    with st.container(width=_WIDTH):
        hold_panel.listed(desk, holds.list_holds(desk))
        if may(desk.person.roles, Act.HOLD_SET) and st.button(
            "Set a hold on a category…", icon=":material/add:", key="hold_on_category"
        ):
            hold_panel.on_category()
