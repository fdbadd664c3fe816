"""The approval of a letter by itself: how far it is, whom to ask, and the decision of the person who was asked."""

import streamlit as st

from core.actions.answers import approvals
from core.actions.answers.letters import letter_approvals
from core.actions.answers.letters.letter_approvals import LETTER
from core.actions.answers.letters.letters import LetterShown
from core.actions.cases.cases import CaseFile, Request
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_time
from core.law.acts import Act, may
from core.law.errors import Refused
from core.law.letters import APPROVED_ALONE, LETTERS, Approval
from core.law.rights.mirror import Question
from pages.parts import notes, untrusted
from pages.request import approval_panel, mirror

_STATES = {
    "asked": "was asked", "approved": "approved it", "given_back": "gave it back",
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
        approval_panel.ask(
            LETTER, letter.id, None, also_own=two,
            hint="Ask the Data Protection Officer and an approver, one after the other." if two else "",
        )


def decide(desk: Desk, request: Request) -> None:
    """Draw, for the person asked, each letter of the request that waits for them, and the decision with its step-up."""
    if not may(desk.person.roles, Act.LETTER_OPEN):
        return
    for row in approvals.waiting(desk):
        if (row["thing"], row["request_id"]) == (LETTER.code, request.row.id):
            _decide(desk, request.row.id, row["id"])


def _decide(desk: Desk, request_id: str, approval_id: str) -> None:
    try:
        shown = approvals.compare(desk, LETTER, approval_id)
    except Refused as refusal:
        notes.refused(refusal)
        return
    with st.container(border=True, key=f"letter_decision_{approval_id}"):
        st.header(f"Letter: {LETTERS[shown.kind].title}")
        st.caption(f"Asked {local_time(desk, shown.asked_at):%d %b %Y %H:%M}. Exactly this text goes out.")
        untrusted.show(shown.text)
        mirror.draw(desk, request_id, f"letter_{approval_id}", {Question.OBJECTION})
        approval_panel.decide(desk, LETTER, approval_id, shown.may_decide, "Approve the letter", "The letter is approved.")
