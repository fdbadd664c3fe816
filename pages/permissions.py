"""Permissions: the table of acts and roles, exactly as the desk checks it."""

from datetime import timedelta

import pandas as pd
import streamlit as st

from core.actions.accounts.permissions import list_permissions
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_day
from core.actions.people import operator_search
from core.law.acts import Act, may
from pages.parts import closing_check, forms, typed

TITLE, ICON, GROUP, ORDER, ACT = "Permissions", ":material/rule:", "Oversight", 80, Act.PERMISSIONS_LOOK


def show(desk: Desk) -> None:
    """Draw the table, one family after another, and what each role is for."""
    table = list_permissions(desk)
    st.title("Permissions")
    st.write("Who may do what. An empty cell means no. The desk checks this table at every act and logs by it.")
    roles = [role for role, _ in table.meanings]
    mine = st.multiselect("Roles", roles, default=sorted(desk.person.roles & set(roles)) or roles[:1])
    frame = pd.DataFrame(table.rows)[["Family", "Act", *mine, "Needs"]]
    st.dataframe(
        frame, hide_index=True, height="content", row_height=30, alt="Acts by role: an empty cell means no",
        column_config={"Act": st.column_config.Column(width="large"), "Needs": st.column_config.Column(width="medium")},
    )
    st.header("The roles")
    for role, meaning in table.meanings:
        st.write(f"**{role}**: {meaning}")
    if may(desk.person.roles, Act.FIND_SWITCH):
        _search(desk)
    closing_check.share(desk)


def _search(desk: Desk) -> None:
    st.header("The command line's search for people")
    until = operator_search.until(desk)
    if desk.store.kind != "live":
        st.write("This is no live store: the command line may search here.")
    elif until is None:
        st.write("Off. Whoever works on the machine cannot search for people.")
    else:
        last_day = local_day(desk, until - timedelta(seconds=1))
        st.write(f"On, until the end of {last_day:%d %B %Y}. Each search is an entry of the log.")
    with st.form("operator_search", width=480):
        last = typed.day("Last day (empty: off)", "operator_search_last")
        if st.form_submit_button("Switch"):
            forms.attempt(
                "operator_search", lambda key: operator_search.switch(desk, last.given(), key=key),
                "The switch stands as you set it.",
            )
