"""Whose owner has not answered in time: questions about systems worked in by hand, the oldest first."""

import streamlit as st

from core.actions.answers.owners import owner_tasks
from core.actions.desk.desk import Desk
from core.law.rights.owners import ASKS
from pages.parts import navigation, tables

_SHOWN = 10


def draw(desk: Desk, *, opens: bool) -> None:
    """Draw the questions whose day is over; nothing where every owner is in time."""
    found = owner_tasks.late(desk)
    if not found:
        return
    st.header("System owners who have not answered")
    shown = found[:_SHOWN]
    rows = [
        {"Answer by": f"{each.due_on:%d %b %Y}", "Reference": each.reference, "System": each.title, "Owner": each.owner,
         "Asked": ASKS[each.asked]}
        for each in shown
    ]
    alt = "System owners who have not answered in time"
    if len(found) > _SHOWN:
        st.caption(f"The first {_SHOWN} of {len(found)}.")
    if not opens:
        tables.show(rows, alt=alt)
        return
    chosen = tables.choose("home_owners", [each.request_id for each in shown], rows, alt=alt)
    if chosen:
        navigation.go("request", id=chosen[0])
