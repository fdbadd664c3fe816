"""How entries of the suppression list leave or end: restrictions lifted by two, and the list exported by two."""

import streamlit as st

from core.actions.accounts import accounts
from core.actions.answers.restriction import restriction_lifts
from core.actions.answers.restriction.restriction_lifts import Lift
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_day, local_time
from core.actions.suppression import suppression_exports
from core.actions.suppression.suppression_exports import Export
from core.law.acts import PURPOSES, Act, may
from core.law.rights.restriction import GROUNDS
from core.law.rights.suppression import ALL, STATES, Legal
from pages.parts import forms, sealed_note, session, step_up, visit

_STATES = {"asked": "waits for approval", "approved": "approved", "refused": "refused",
           "expired": "approval has expired", "fetched": "downloaded"}
LISTED = {ALL: "All but restrictions"} | {state.value: STATES[state].name for state in Legal if state is not Legal.RESTRICTION}


@visit.dialog("Propose to lift the restriction")
def propose(entry_id: str, version: int) -> None:
    """Ask for the reason; the person is told next, and somebody else lifts it."""
    desk = session.desk_or_stop()
    st.write("The person is told first (Article 18(3)): draft and send the letter in the case. Then another person lifts it.")
    reason = st.text_area("Why it ends; the letter says it to the person", key="propose_reason")
    if st.button("Propose", type="primary", key="propose_send"):
        forms.attempt(
            f"propose_{entry_id}_{version}",
            lambda key: restriction_lifts.propose(desk, entry_id, reason or "", version=version, key=key),
            "Proposed. Tell the person now: the letter is in the case, under Letters.",
        )


def liftings(desk: Desk) -> None:
    """Draw the restrictions proposed for lifting, each with what is still missing."""
    proposed = restriction_lifts.proposals(desk)
    if not proposed:
        st.caption("No restriction is proposed for lifting.")
    for each in proposed:
        with st.container(border=True, width=900):
            _lifting(desk, each)
    sealed_note.draw(desk)


def _lifting(desk: Desk, each: Lift) -> None:
    st.markdown(f"**{each.number}** · Art. {GROUNDS[each.ground].article} · case {each.case_reference or 'none'}")
    st.caption(f"Proposed {local_time(desk, each.proposed_at):%d %b %Y %H:%M}. " + (
        f"The person was told on {local_day(desk, each.told_at):%d %b %Y}." if each.told_at else
        "The person is not told yet: send the letter 'Restriction will be lifted' and mark it as sent."
    ))
    if each.mine:
        st.caption("You proposed it: another person decides.")
        return
    if not may(desk.person.roles, Act.RESTRICTION_LIFT):
        return
    if st.button("Keep the restriction", key=f"keep_{each.id}_{each.version}"):
        forms.attempt(f"keep_{each.id}", lambda key: restriction_lifts.keep(desk, each.id, key=key),
                      "The restriction stays.")
    if each.told_at is not None and step_up.ready(desk, Act.RESTRICTION_LIFT, each.id) and st.button(
        "Lift the restriction", type="primary", icon=":material/lock_open:", key=f"lift_{each.id}_{each.version}"
    ):
        forms.attempt(f"lift_{each.id}", lambda key: restriction_lifts.lift(desk, each.id, key=key),
                      "The restriction is lifted.")


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
