"""How the suppression list leaves the desk: asked for by one, approved by another, downloaded once."""

import streamlit as st

from core.actions.accounts import accounts
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_time
from core.actions.suppression import suppression_exports
from core.actions.suppression.suppression_exports import Export
from core.law.acts import PURPOSES, Act, may
from core.law.rights.suppression import ALL, STATES, Legal
from pages.parts import forms, step_up

_STATES = {"asked": "waits for approval", "approved": "approved", "refused": "refused",
           "expired": "approval has expired", "fetched": "downloaded"}
LISTED = {ALL: "All but restrictions"} | {state.value: STATES[state].name for state in Legal if state is not Legal.RESTRICTION}


def exports(desk: Desk) -> None:
    """Draw the exports: asking, deciding, the one download."""
    if may(desk.person.roles, Act.SUPPRESSION_OUT_ASK):
        _ask(desk)
    listed = suppression_exports.exports(desk)
    if not listed:
        st.caption("The list has not left the desk yet.")
    for each in listed:
        with st.container(border=True, width=900):
            _export(desk, each)


def _ask(desk: Desk) -> None:
    able = {who: name for who, name in accounts.colleagues(desk, Act.SUPPRESSION_OUT_APPROVE)
            if who != desk.person.account_id}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        listed = st.selectbox("Which entries", list(LISTED), format_func=lambda code: LISTED[code], key="out_listed",
                              width=260)
        purpose = st.selectbox("For what", [code for code in PURPOSES if code != "operator"], key="out_purpose",
                               format_func=lambda code: PURPOSES[code], width=240)
        approver = st.selectbox("Who approves", list(able), format_func=lambda who: able[who], key="out_approver", width=240)
        if st.button("Ask for the list", icon=":material/approval:", disabled=approver is None, key="out_ask"):
            forms.attempt(
                "suppression_out",
                lambda key: suppression_exports.ask(desk, listed, str(approver), purpose=purpose, key=key),
                "The export is asked for.",
            )
    st.caption("The list names addresses and numbers that the desk holds: it is a download of personal data.")


def _export(desk: Desk, each: Export) -> None:
    row = each.row
    st.markdown(f"**{LISTED.get(row['listed'], row['listed'])}** · {row['counted']:,} entries · "
                f"{PURPOSES.get(row['purpose_code'], '')} · {_STATES[each.state]}")
    st.caption(f"Asked {local_time(desk, row['asked_at']):%d %b %Y %H:%M}")
    if each.mine_to_decide and may(desk.person.roles, Act.SUPPRESSION_OUT_APPROVE):
        if st.button("Refuse", key=f"out_refuse_{row['id']}"):
            forms.attempt(f"out_refuse_{row['id']}",
                          lambda key: suppression_exports.refuse(desk, row["id"], key=key), "Refused.")
        if step_up.ready(desk, Act.SUPPRESSION_OUT_APPROVE, row["id"]) and st.button(
            "Approve the export", type="primary", icon=":material/check:", key=f"out_approve_{row['id']}"
        ):
            forms.attempt(f"out_approve_{row['id']}",
                          lambda key: suppression_exports.approve(desk, row["id"], key=key), "Approved.")
    elif each.state == "approved" and each.mine and step_up.ready(desk, Act.SUPPRESSION_OUT_FETCH, row["id"]):
        st.link_button("Download once", f"/suppression-lists/{row['id']}", type="primary", icon=":material/download:")
        st.caption("Within 24 hours of the approval; an interrupted download counts.")
