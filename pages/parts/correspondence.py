"""The correspondence of a case, word for word, and the internal notes, kept apart from it."""

from datetime import date
from typing import Any

import streamlit as st

from core.actions import cases, clock
from core.actions.cases import CaseFile, Request
from core.actions.clock import QUESTIONS
from core.actions.desk import Desk
from core.actions.intake import CHANNELS, Intake
from core.law.acts import Act, may
from core.law.identity import Channel
from core.law.workflow import State
from pages.parts import forms, identity, literal

FILES = ["eml", "txt", "pdf", "png", "jpg", "jpeg"]


def messages(desk: Desk, file: CaseFile, request: Request) -> None:
    """Draw the messages, newest last, and the way to add one."""
    with st.expander("Who asks, as the first message says", expanded=False):
        literal.facts([(name.capitalize(), value) for name, value in file.person.items()])
    for row in file.messages:
        _message(desk, file, row)
    if may(desk.person.roles, Act.CASE_MESSAGE) and st.button("Add a message…", icon=":material/add:", key="message_add"):
        kinds = {pause["kind"] for pause in request.pauses if pause["answered_on"] is None}
        _add(file.case_ref, file.received.date(), sorted(kinds) if request.state is not State.CLOSED else [])


def _message(desk: Desk, file: CaseFile, row: dict[str, Any]) -> None:
    with st.container(border=True):
        came = CHANNELS[Channel(row["channel"])]
        entered = clock.local_time(desk, row["entered_at"])
        st.caption(
            f"{came} · received {clock.local_time(desk, row['received_at']):%d %b %Y %H:%M} · entered "
            f"{entered:%d %b %Y %H:%M} by {file.names.get(row['entered_by'], 'a former colleague')}"
        )
        if row["sender"]:
            literal.facts([("From", row["sender"])])
        if row["subject"]:
            literal.facts([("Subject", row["subject"])])
        literal.show(row["body"] or "(no text; see the file)")
        for each in row["attachments"]:
            with st.container(horizontal=True, vertical_alignment="center"):
                literal.show(f"📎 {each['name']} ({_size(each['size_bytes'])})")
                if may(desk.person.roles, Act.ATTACHMENT_FETCH):
                    st.link_button("Download", f"/attachments/{each['id']}", icon=":material/download:")


def _size(size: int) -> str:
    return f"{size / 1_048_576:.1f} MB" if size >= 1_048_576 else f"{max(size // 1024, 1):,} kB"


@st.dialog("Add a message", width="large")
def _add(case_ref: str, received: date, open_kinds: list[str]) -> None:
    desk = identity.desk_or_stop()
    first, second = st.columns(2)
    channel = first.selectbox("Came by", [each.value for each in CHANNELS], key="message_channel",
                              format_func=lambda code: CHANNELS[Channel(code)])
    today = clock.today_of(desk)
    day = second.date_input("Received on", value=today, min_value=received, max_value=today, format="YYYY-MM-DD",
                            key="message_on")
    body = st.text_area("Message, or your note of the call", max_chars=20_000, height=160, key="message_body")
    files = st.file_uploader("Files: mail (.eml), text, PDF, PNG, JPEG", type=FILES, accept_multiple_files=True,
                             key="message_files")
    answers = ""
    if open_kinds:
        answers = st.selectbox(
            "It answers an open question", ["", *open_kinds], key="message_answers",
            format_func=lambda code: QUESTIONS.get(code, "No"), help="Its day then ends the pause",
        )
    if st.button("Add", type="primary"):
        what = Intake((), channel, day, body=body or "", files=tuple((each.name, each.getvalue()) for each in files))
        forms.attempt(
            f"message_{case_ref}",
            lambda key: cases.add_message(desk, case_ref, what, answers=answers, key=key), "The message is added.",
        )


def notes_of(desk: Desk, file: CaseFile) -> None:
    """Draw the internal notes and the form for another."""
    if not file.notes:
        st.caption("No note yet. Notes stay inside; they are part of what the person may ask for.")
    for row in file.notes:
        with st.container(border=True):
            st.caption(f"{clock.local_time(desk, row['written_at']):%d %b %Y %H:%M} · "
                       f"{file.names.get(row['written_by'], 'a former colleague')}")
            literal.show(row["body"])
    if may(desk.person.roles, Act.CASE_NOTE):
        with st.form(f"note_{forms.key_of(f'note_{file.case_ref}')}"):
            body = st.text_area("New note", max_chars=4000)
            if st.form_submit_button("Add the note"):
                forms.attempt(
                    f"note_{file.case_ref}", lambda key: cases.add_note(desk, file.case_ref, body or "", key=key),
                    "The note is added.",
                )
