"""Facts that a caller tells, compared by the desk: match or no match, and never what is held."""

import streamlit as st

from core.actions.cases import told_facts
from core.actions.cases.told_facts import FACTS
from core.actions.desk.desk import Desk
from core.law.errors import Refused
from pages.parts import forms, notes, typed


def draw(desk: Desk, case_ref: str) -> None:
    """Draw the facts to ask for, and the result of each comparison; it is entered in the log without the facts."""
    # Buttons, not a list: a list closes when the dialog moves under it, as it does with each field that is added.
    with st.container(border=True):
        st.markdown(":material/call: **Compare facts told on the telephone**")
        st.caption("Ask for facts that only the person knows, and type what you hear. You see whether it matches, not what "
                   "is held; the log names the fields and how many matched.")
        chosen = st.pills("Facts you ask for", list(FACTS), selection_mode="multi", key="facts_asked",
                          format_func=lambda name: FACTS[name])
        told = {name: _told(name) for name in chosen}
        form = f"facts_{case_ref}"
        if st.button("Compare", key="facts_send", disabled=not chosen, icon=":material/compare_arrows:"):
            st.session_state.pop(f"result_{form}", None)
            try:
                matched = told_facts.compare(desk, case_ref, told, key=forms.key_of(form))
            except Refused as refusal:
                notes.refused(refusal)
            else:
                forms.sent(form)
                st.session_state[f"result_{form}"] = matched  # fields and whether they match: no value
        _result(st.session_state.get(f"result_{form}"), chosen)


def _told(name: str) -> str:
    if name == "birth_date":
        return typed.day(FACTS[name], f"fact_{name}").text
    return st.text_input(FACTS[name], key=f"fact_{name}", autocomplete="off", placeholder="As the caller says it") or ""


def _result(matched: object, chosen: list[str]) -> None:
    if not isinstance(matched, dict):
        return
    shown = {name: same for name, same in matched.items() if name in chosen}
    for name, same in shown.items():
        st.markdown(f"{':material/check_circle:' if same else ':material/cancel:'} **{FACTS[name]}**: "
                    f"{'match' if same else 'no match'}")
    if sum(shown.values()) >= 2:
        st.caption("Two facts match: you may tick that two facts we hold were right.")
