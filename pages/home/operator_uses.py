"""What the command line searched for people, until a Data Protection Officer has looked at it."""

import streamlit as st

from core.actions.desk.desk import Desk
from core.actions.people import operator_search
from core.law.acts import Act, may
from pages.parts import forms, tables

_LONGEST = 8


def draw(desk: Desk) -> None:
    """List the searches that were not looked at yet; nothing where there is none."""
    if not may(desk.person.roles, Act.FIND_USES):
        return
    found = operator_search.uses(desk)
    if not found:
        return
    st.header("Searched from the command line")
    tables.show(
        [
            {"When": f"{each.happened_at:%d %b %Y %H:%M}", "By": each.actor, "Purpose": each.purpose,
             "Ended": each.outcome.replace("_", " ").replace(".", ": "), "People told of": each.people}
            for each in found
        ],
        alt="Searches from the command line", longest=_LONGEST,
    )
    last = found[-1].seq
    if st.button("I have looked at these", icon=":material/visibility:", key=f"operator_looked_{last}"):
        forms.attempt(
            f"operator_looked_{last}", lambda key: operator_search.looked(desk, last, key=key), "Recorded: you looked at them."
        )
