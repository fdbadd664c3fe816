"""Permissions: the table of acts and roles, exactly as the desk checks it."""

import pandas as pd
import streamlit as st

from core.actions.desk import Desk
from core.actions.permissions import list_permissions
from core.law.acts import Act

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
    st.subheader("The roles")
    for role, meaning in table.meanings:
        st.write(f"**{role}**: {meaning}")
