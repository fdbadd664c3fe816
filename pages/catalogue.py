"""Data catalogue: what each connected system holds about people, and why."""

import streamlit as st

from core.actions.desk.desk import Desk
from core.actions.oversight.catalogue import list_fields
from core.law.acts import Act
from pages.parts import tables, untrusted

TITLE, ICON, GROUP, ORDER, ACT, URL = "Data catalogue", ":material/table_chart:", "Oversight", 70, Act.CATALOGUE_LOOK, "catalogue"


def show(desk: Desk) -> None:
    """Draw every column that can hold a person's data; it drives plans, packages and letters."""
    st.title("Data catalogue")
    st.caption("Every column that can hold a person's data. Plans, packages and letters are made from these rows.")
    fields = list_fields(desk)
    systems = list(dict.fromkeys(row["System"] for row in fields))
    system = st.segmented_control("System", systems, default=systems[0], required=True, key="catalogue_system")
    rows = [{name: text for name, text in row.items() if name != "System"} for row in fields if row["System"] == system]
    alike = {name: text for name, text in rows[0].items() if len(rows) > 1 and all(row[name] == text for row in rows)}
    if alike:
        untrusted.facts([(f"{name}, for all", text) for name, text in alike.items()])
    tables.show(
        [{name: text for name, text in row.items() if name not in alike} for row in rows],
        alt="Columns that can hold a person's data", longest=24, columns={
            "Table": st.column_config.Column(width=190), "Field": st.column_config.Column(width=190),
            "Category": st.column_config.Column(width=110), "Origin": st.column_config.Column(width=80),
            "Purposes": st.column_config.Column(width=220), "Legal basis": st.column_config.Column(width=200),
        },
    )
