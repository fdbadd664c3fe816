"""An approval on the request page, whatever it is of: whom to ask, and the decision of the person who was asked."""

from typing import Any

import streamlit as st

from core.actions.accounts import accounts
from core.actions.answers import approvals
from core.actions.answers.approvals import Approvable
from core.actions.desk import asking
from core.actions.desk.desk import Desk
from core.actions.duty import absences
from core.law.acts import ACTS
from pages.parts import forms, session, step_up, untrusted, visit
from pages.request import reply_address


@visit.dialog("Ask for the approval", width="large")
def ask(
    of: Approvable[Any], about_id: str, version: int | None, *, hint: str = "", also_own: bool = False, to_case: str = ""
) -> None:
    """Ask a colleague and perhaps a deputy; `to_case` is the case of whose addresses one is approved with it.

    `also_own` offers oneself too: a letter that is signed by two may be one's own for one of them.
    """
    desk = session.desk_or_stop()
    st.write(f"You ask for {of.called}.")
    address = reply_address.choose(desk, to_case) if to_case else None
    able = {
        who: name for who, name in accounts.colleagues(desk, of.approves) if also_own or who != desk.person.account_id
    }
    away = absences.words_of_absence(desk)
    first, second, third = st.columns([2, 2, 1])
    approver = first.selectbox("Who decides", list(able), format_func=lambda who: able[who], key="approval_who")
    deputy = second.selectbox("Deputy", ["", *(who for who in able if who != approver)], key="approval_deputy",
                              format_func=lambda who: able.get(who, "Nobody"))
    days = third.number_input("After days", 1, asking.LONGEST_WAIT, 3, key="approval_days", disabled=not deputy)
    for who in (each for each in (approver, deputy) if each in away):
        st.caption(f":material/event_busy: {untrusted.inline(able[who])} is {untrusted.inline(away[who])}.")
    if hint:
        st.caption(hint)
    if st.button("Ask", type="primary", disabled=approver is None or address == "", key="approval_send"):
        forms.attempt(
            f"ask_{of.code}_{about_id}_{version}_{approver}",
            lambda key: approvals.ask(
                desk, of, about_id, approver_id=str(approver), deputy_id=deputy or None, deputy_after_days=int(days),
                address_id=address, version=version, key=key,
            ), f"{of.called.capitalize()} is asked for.",
        )


def decide(
    desk: Desk, of: Approvable[Any], approval_id: str, may_decide: str, label: str, told: str, *, icon: str = ":material/check:",
    confirmed: bool = True, barred: bool = False,
) -> None:
    """Draw, for the person asked, the buttons below what they compared, with the step-up where the act needs one.

    Until an address new to the desk is `confirmed` there is nothing to approve; a `barred` one can be given back alone.
    """
    if may_decide:
        st.info(may_decide)
        return
    if st.button("Give back…", icon=":material/undo:", key=f"return_{approval_id}"):
        _give_back(of, approval_id)
    if not confirmed:
        st.caption("The approval opens once the address is confirmed.")
        return
    if ACTS[of.approves].step_up and not step_up.ready(desk, of.approves, approval_id):
        return
    if st.button(label, type="primary", icon=icon, disabled=barred, key=f"approve_{approval_id}"):
        forms.attempt(
            f"approve_{approval_id}",
            lambda key: approvals.approve(desk, of, approval_id, confirmed=confirmed, key=key), told,
        )


@visit.dialog("Give it back")
def _give_back(of: Approvable[Any], approval_id: str) -> None:
    desk = session.desk_or_stop()
    reason = st.text_area("What is wrong, for the preparer", key="return_reason")
    if st.button("Give back", type="primary", key="return_send"):
        forms.attempt(
            f"return_{approval_id}", lambda key: approvals.give_back(desk, of, approval_id, reason or "", key=key),
            "Given back to its preparer.",
        )
