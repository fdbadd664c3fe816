"""The approval of a letter by itself: how far it is, whom to ask, and the decision of the person who was asked."""

import streamlit as st

from core.actions.accounts import accounts
from core.actions.answers.letters import letter_approvals
from core.actions.answers.letters.letters import FORMS, LetterKind, LetterShown
from core.actions.cases.cases import CaseFile, Request
from core.actions.desk import asking
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_time
from core.law.acts import Act, may
from core.law.errors import Refused
from core.law.letters import APPROVED_ALONE, LETTERS, Approval
from pages.parts import forms, notes, session, step_up, untrusted, visit

_STATES = {
    "asked": "was asked", "approved": "approved it", "returned": "gave it back",
    "changed": "was asked about an earlier text",
}


def draw(desk: Desk, file: CaseFile, letter: LetterShown) -> None:
    """Say, below a letter that needs it, how far its approval is, and offer to ask for it."""
    if letter.kind not in APPROVED_ALONE or letter.sent_at is not None:
        return
    grant = letter_approvals.of_letter(desk, letter.id)
    two = LETTERS[letter.kind].approval is Approval.DPO_AND_APPROVER
    if grant.whole:
        st.badge("Approved", color="green", icon=":material/check:")
    else:
        st.caption("The Data Protection Officer and an approver approve it together before it goes out." if two
                   else "Another person approves it before it goes out.")
    for account, state, words in grant.asked:
        st.caption(f"{untrusted.colleague(file.names, account, 'A colleague')} {_STATES[state]}.")
        if words:
            untrusted.show(words)
    if not grant.whole and may(desk.person.roles, Act.LETTER_ASK) and st.button(
        "Ask for its approval…", key=f"letter_ask_{letter.id}", icon=":material/approval:"
    ):
        _ask(letter.id, two)


@visit.dialog("Ask for the approval of the letter", width="large")
def _ask(letter_id: str, two: bool) -> None:
    desk = session.desk_or_stop()
    # Whoever handles an authority's letter as its Data Protection Officer signs beside an approver.
    able = {
        who: name for who, name in accounts.colleagues(desk, Act.LETTER_APPROVE) if two or who != desk.person.account_id
    }
    first, second, third = st.columns([2, 2, 1])
    approver = first.selectbox("Who decides", list(able), format_func=lambda who: able[who], key="letter_approver")
    deputy = second.selectbox("Deputy", ["", *(who for who in able if who != approver)], key="letter_deputy",
                              format_func=lambda who: able.get(who, "Nobody"))
    days = third.number_input("After days", 1, asking.LONGEST_WAIT, 3, key="letter_days", disabled=not deputy)
    if two:
        st.caption("Ask the Data Protection Officer and an approver, one after the other.")
    if st.button("Ask", type="primary", disabled=approver is None, key="letter_ask_send"):
        forms.attempt(
            f"letter_ask_{letter_id}_{approver}",
            lambda key: letter_approvals.ask(
                desk, letter_id, approver_id=str(approver), deputy_id=deputy or None, deputy_after_days=int(days), key=key
            ), "The approval of the letter is asked for.",
        )


def decide(desk: Desk, request: Request) -> None:
    """Draw, for the person asked, each letter of the request that waits for them, and the decision with its step-up."""
    if not may(desk.person.roles, Act.LETTER_OPEN):
        return
    for row in letter_approvals.waiting(desk):
        if row["request_id"] == request.row["id"]:
            _decide(desk, row["id"])


def _decide(desk: Desk, approval_id: str) -> None:
    try:
        shown = letter_approvals.compare(desk, approval_id)
    except Refused as refusal:
        notes.refused(refusal)
        return
    with st.container(border=True, key=f"letter_decision_{approval_id}"):
        st.header(f"Letter: {FORMS[LetterKind(shown.kind)].subject}")
        st.caption(f"Asked {local_time(desk, shown.asked_at):%d %b %Y %H:%M}. Exactly this text goes out.")
        untrusted.show(shown.text)
        if shown.may_decide:
            st.info(shown.may_decide)
            return
        if st.button("Give back…", icon=":material/undo:", key=f"letter_return_{approval_id}"):
            _give_back(approval_id)
        if step_up.ready(desk, Act.LETTER_APPROVE, approval_id) and st.button(
            "Approve the letter", type="primary", icon=":material/check:", key=f"letter_approve_{approval_id}"
        ):
            forms.attempt(
                f"letter_approve_{approval_id}", lambda key: letter_approvals.approve(desk, approval_id, key=key),
                "The letter is approved.",
            )


@visit.dialog("Give the letter back")
def _give_back(approval_id: str) -> None:
    desk = session.desk_or_stop()
    reason = st.text_area("What is wrong, for the preparer", key="letter_return_reason")
    if st.button("Give back", type="primary", key="letter_return_send"):
        forms.attempt(
            f"letter_return_{approval_id}",
            lambda key: letter_approvals.give_back(desk, approval_id, reason or "", key=key), "Given back to its preparer.",
        )
