"""The address to which an answer goes: chosen among those of the case, with how each stands, or a new one added."""

import streamlit as st

from core.actions.cases import addresses
from core.actions.cases.addresses import KINDS
from core.actions.desk.desk import Desk
from pages.parts import forms

STANDINGS = {
    "held": "Held before the request came", "proven": "Proven in this case",
    "new": "First seen in this request", "changed": "Changed in the 90 days before the request",
}


def choose(desk: Desk, case_ref: str) -> str:
    """Draw the choice and return the id of the address; empty while the case has none."""
    held = {each.id: each for each in addresses.list_addresses(desk, case_ref)}
    chosen = ""
    if held:
        chosen = st.selectbox(
            "Where the package goes", list(held), key="ask_address",
            format_func=lambda each: f"{KINDS.get(held[each].kind, held[each].kind)}: {held[each].address}",
        )
        st.caption(f"Standing: {STANDINGS[held[chosen].standing.value].lower()}.")
    else:
        st.caption("The case has no address yet.")
    with st.expander("Another address"):
        kind = st.selectbox("Kind", list(KINDS), format_func=lambda code: KINDS[code], key="ask_new_kind")
        text = st.text_area("Address", key="ask_new_text")
        if st.button("Add this address"):
            forms.attempt(
                f"address_{case_ref}", lambda key: addresses.add(desk, case_ref, kind, text or "", key=key),
                "The address is added. Ask for the approval again.",
            )
    return chosen
