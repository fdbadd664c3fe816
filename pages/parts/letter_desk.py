"""The letters of a case: drafted from its facts, edited, printed as PDF, marked as sent."""

from datetime import date

import streamlit as st

from core.actions import clock, letters
from core.actions.answering import CHANNELS
from core.actions.cases import CaseFile, Request
from core.actions.desk import Desk
from core.actions.letters import FORMS, LONGEST, Kind, LetterShown
from core.law.acts import Act, may
from pages.parts import forms, identity, literal

NAMES = {
    Kind.RECEIPT: "Receipt", Kind.IDENTITY_QUESTION: "Identity question", Kind.ANSWER: "Answer",
    Kind.NO_DATA_HELD: "No data held", Kind.NOT_IDENTIFIED: "Not identified",
    Kind.WITHDRAWAL_CONFIRMED: "Withdrawal confirmed",
}


def draw(desk: Desk, file: CaseFile, request: Request, written: tuple[LetterShown, ...]) -> None:
    """Draw the letters and the choice of a new one."""
    if not written:
        st.caption("No letter yet.")
    for letter in written:
        _letter(desk, file, letter)
    if not may(desk.person.roles, Act.LETTER_DRAFT):
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(
            "New letter", [each.value for each in Kind], key="letter_kind", width=320,
            format_func=lambda code: f"{NAMES[Kind(code)]}: {FORMS[Kind(code)].step}",
        )
        if st.button("Draft", icon=":material/edit_note:", key="letter_draft"):
            forms.attempt(
                f"letter_{request.row['id']}_{kind}",
                lambda key: letters.draft(desk, file.case_ref, kind, request.row["id"], key=key),
                "The letter is drafted. Read it before it goes out.",
            )


def _letter(desk: Desk, file: CaseFile, letter: LetterShown) -> None:
    sent = letter.sent_at is not None
    with st.container(border=True, key=f"letter_{letter.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{NAMES[Kind(letter.kind)]}**: {letter.subject}")
            st.badge("Sent" if sent else "Draft", color="green" if sent else "gray")
        by = file.names.get(letter.drafted_by, "a former colleague")
        st.caption(f"Drafted {clock.local_time(desk, letter.drafted_at):%d %b %Y %H:%M} by {by}"
                   + (f" · sent {clock.local_day(desk, letter.sent_at):%d %b %Y} by "
                      f"{CHANNELS.get(letter.sent_channel or '', '')}" if letter.sent_at else ""))
        if sent or not may(desk.person.roles, Act.LETTER_DRAFT):
            with st.expander("Text"):
                literal.show(letter.body)
        else:
            _edit(desk, letter)
        with st.container(horizontal=True):
            if may(desk.person.roles, Act.LETTER_FETCH):
                st.link_button("PDF", f"/letters/{letter.id}", icon=":material/picture_as_pdf:")
            if not sent and may(desk.person.roles, Act.LETTER_SENT) and st.button(
                "Mark as sent…", key=f"letter_sent_{letter.id}", icon=":material/send:"
            ):
                _sent(letter.id)


def _edit(desk: Desk, letter: LetterShown) -> None:
    with st.expander("Text"):
        body = st.text_area("Text of the letter", value=letter.body, max_chars=LONGEST, height=320,
                            key=f"letter_body_{letter.id}", label_visibility="collapsed")
        if st.button("Save the text", key=f"letter_save_{letter.id}", disabled=body == letter.body):
            forms.attempt(
                f"save_{letter.id}", lambda key: letters.save(desk, letter.id, body or "", key=key),
                "The text is saved.",
            )


@st.dialog("Mark the letter as sent")
def _sent(letter_id: str) -> None:
    desk = identity.desk_or_stop()
    st.write("From then on the letter stays as it is.")
    channel, day = sent_fields(desk, "letter")
    if st.button("Mark as sent", type="primary", key="letter_sent_send"):
        forms.attempt(
            f"letter_sent_{letter_id}", lambda key: letters.mark_sent(desk, letter_id, channel, day, key=key),
            "The letter is marked as sent.",
        )


def sent_fields(desk: Desk, name: str) -> tuple[str, date]:
    """Draw how and on which day something went out; return both."""
    channel = st.selectbox("Sent by", list(CHANNELS), format_func=lambda code: CHANNELS[code], key=f"{name}_channel")
    today = clock.today_of(desk)
    return channel, st.date_input("On", value=today, max_value=today, format="YYYY-MM-DD", key=f"{name}_on")
