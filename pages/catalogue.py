"""Data catalogue: what each connected system holds about people, and why."""

import streamlit as st

from core.actions.catalogue import list_fields
from core.actions.desk import Desk
from core.law.acts import Act
from pages.parts import tables

TITLE, ICON, GROUP, ORDER, ACT, URL = "Data catalogue", ":material/table_chart:", "Oversight", 70, Act.CATALOGUE_LOOK, "catalogue"


def show(desk: Desk) -> None:
    """Draw every column that can hold a person's data; it drives plans, packages and letters."""
    st.title("Data catalogue")
    st.write("Every plan, package and letter is made from these rows. A column that is not here fails the tests.")
    fields = list_fields(desk)
    system = st.segmented_control("System", list(dict.fromkeys(row["System"] for row in fields)), key="catalogue_system")
    tables.show(
        [row for row in fields if system in {None, row["System"]}], alt="Columns that can hold a person's data", longest=24
    )
