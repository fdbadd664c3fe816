"""The correspondence of a case, word for word, and the internal notes, kept apart from it."""

from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from core.actions.cases import cases, joining
from core.actions.cases.cases import CaseFile, Request
from core.actions.cases.dropped import SHOWN, excerpt
from core.actions.cases.intake import CHANNELS, Intake, preview_due
from core.actions.cases.joining import Joined
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_time, today_of
from core.law.acts import Act, may
from core.law.clock.questions import QUESTIONS
from core.law.identity import Channel
from core.law.languages import LANGUAGES
from core.law.rights.suppression import STATE_OF
from core.law.ways import OF_PERSONS, RIGHTS, Kind
from core.law.workflow import State
from pages.parts import dropped, forms, session, stops, typed, untrusted, visit
from pages.parts.dropped import Fields


def messages(desk: Desk, file: CaseFile, request: Request) -> None:
    """Draw the messages, newest last, and the way to add one."""
    with st.expander("Who asks, as the first message says", expanded=False):
        untrusted.facts([
            (name.capitalize(), LANGUAGES.get(value, value) if name == "language" else value)
            for name, value in file.person.items()
        ])
    for row in file.messages:
        _message(desk, file, row)
    if may(desk.person.roles, Act.CASE_MESSAGE) and st.button("Add a message…", icon=":material/add:", key="message_add"):
        kinds = {pause["kind"] for pause in request.pauses if pause["answered_on"] is None}
        stops.forget("message")
        for name in ("rights", "on", "email"):
            st.session_state.pop(f"message_{name}", None)
        dropped.forget("message")
        _add(
            file.case_ref, file.received.date(), sorted(kinds) if request.state is not State.CLOSED else [],
            live=any(each.state is not State.CLOSED for each in file.requests),
        )


def _message(desk: Desk, file: CaseFile, row: dict[str, Any]) -> None:
    with st.container(border=True):
        came = CHANNELS[Channel(row["channel"])]
        entered = local_time(desk, row["entered_at"])
        st.caption(
            f"{came} · received {local_time(desk, row['received_at']):%d %b %Y %H:%M} · entered "
            f"{entered:%d %b %Y %H:%M} by {untrusted.colleague(file.names, row['entered_by'])}"
            f"{' · attached to the message above' if row['within'] else ''}"
        )
        _dated(desk, row)
        if row["sender"]:
            untrusted.facts([("From", row["sender"])])
        if row["subject"]:
            untrusted.facts([("Subject", row["subject"])])
        _body(row)
        for remark in row["remarks"].splitlines():
            st.caption(f":material/info: {remark}")
        _used(file, row)
        for each in row["attachments"]:
            with st.container(horizontal=True, vertical_alignment="center"):
                name = "The message as it came, byte for byte" if each["original"] else each["name"]
                untrusted.show(f"{'✉' if each['original'] else '📎'} {name} ({_size(each['size_bytes'])})")
                if may(desk.person.roles, Act.ATTACHMENT_FETCH):
                    st.link_button("Download", f"/attachments/{each['id']}", icon=":material/download:")


def _dated(desk: Desk, row: dict[str, Any]) -> None:
    """Say when the message was sent, as it says itself, and warn where it arrived days before the receipt entered."""
    moment = row["arrived_at"] or row["sent_at"]
    if moment is None:
        return
    day, received = local_time(desk, moment), local_time(desk, row["received_at"])
    told = f"{'Arrived at the mail server on' if row['arrived_at'] else 'Dated'} {day:%d %b %Y %H:%M}"
    late = (received.date() - day.date()).days
    if row["within"] is None and late > 0:
        st.warning(f"{told}, {late} day{'s' if late > 1 else ''} before the receipt entered.", icon=":material/compare_arrows:")
    else:
        st.caption(told)


def _body(row: dict[str, Any]) -> None:
    body, whole = row["body"], f"message_whole_{row['id']}"
    if len(body) > SHOWN and not visit.kept(whole):
        untrusted.show(excerpt(body))
        st.button(f"Show all {len(body):,} characters", key=f"show_{whole}", icon=":material/unfold_more:",
                  on_click=visit.keep, args=(whole, True))
    else:
        untrusted.show(body or "(no text; see the file)")


def _size(size: int) -> str:
    return f"{size / 1_048_576:.1f} MB" if size >= 1_048_576 else f"{max(size // 1024, 1):,} kB"


@visit.dialog("Add a message", width="large")
def _add(case_ref: str, received: date, open_kinds: list[str], *, live: bool) -> None:
    desk = session.desk_or_stop()
    today = today_of(desk)
    st.session_state.setdefault("message_on", today.isoformat())
    files = dropped.uploader(
        desk, "The mail (.eml), text, PDF, PNG or JPEG as it came; 25 MB at most. A mail fills the form in.", "message_files",
        Fields("message", "message_on", "message_email", received, today),
    )
    first, second = st.columns(2)
    channel = first.selectbox("Came by", [each.value for each in CHANNELS], key="message_channel",
                              format_func=lambda code: CHANNELS[Channel(code)])
    day = typed.day("Received on", "message_on", place=second)
    email = first.text_input("From this e-mail address", key="message_email", autocomplete="off",
                             help="Left empty, it is read from the mail above")
    phone = second.text_input("From this number", key="message_phone", autocomplete="off")
    dropped.differences("message", day.value, email or "")
    body = st.text_area("Message, or your note of the call", height=160, key="message_body")
    answers = ""
    if open_kinds:
        answers = st.selectbox(
            "It answers an open question", ["", *open_kinds], key="message_answers",
            format_func=lambda code: QUESTIONS.get(code, "No"), help="Its day then ends the pause",
        )
    rights = _rights(desk, day.value or today) if live else []
    dropped.settled("message")
    if st.button("Add", type="primary"):
        got, seen = st.session_state, tuple((each.name, each.getvalue()) for each in files)

        def what() -> Intake:
            """Return the message as it was typed; raises Invalid where its day cannot be read."""
            plain = Intake((), channel, day.needed(), email=email or "", phone=phone or "", body=body or "", files=seen)
            if not rights:
                return plain
            limits = stops.limits("message")
            return replace(
                plain, rights=tuple(rights), further=got.get("message_further") or "", stop_channels=limits.channels,
                own_words=limits.own_words, stop_purpose=limits.purpose,
            )

        forms.attempt(
            f"message_{case_ref}",
            lambda key: joining.add_message(desk, case_ref, what(), answers=answers, key=key), _told,
        )


def _rights(desk: Desk, day: date) -> list[str]:
    """Ask which rights the message uses, and what a stop names further."""
    rights = st.multiselect(
        "Rights it uses", [kind.value for kind in OF_PERSONS], key="message_rights",
        format_func=lambda code: f"{RIGHTS[Kind(code)].name} (Art. {RIGHTS[Kind(code)].article})",
        placeholder="None: it belongs to what was asked before",
        help="Each opens a further request in this case, with its own clock from this day; one that is open is joined",
    )
    for code in rights:
        due = preview_due(desk, day, code)
        if due:
            st.caption(f":material/event: {RIGHTS[Kind(code)].name}: due by **{due:%a} {due:%d %B %Y}** at the latest.")
    kinds = {Kind(code) for code in rights} & set(STATE_OF)
    if kinds:
        stops.draw(
            desk, kinds, "message", "Marketing stops with this message: for its sender and every address in it, for what the "
            "case is known by, for all that the decided person holds, and for what you add here.",
        )
    return rights


def _told(done: Joined) -> str:
    """Say what came of the message: what stopped, what was opened, what must be checked again."""
    words = ["The message is added."]
    if done.suppressed:
        words.append("Stopped at once: its addresses and numbers are on the suppression list.")
    elif done.suppressed == 0:
        words.append("It names no address or number: find the person, and it is stopped for all they hold.")
    if done.opened:
        words.append(f"Opened: {', '.join(f'{RIGHTS[Kind(kind)].name} ({number})' for _, number, kind in done.opened)}.")
    if done.joined:
        words.append(f"Joined: {', '.join(f'{RIGHTS[Kind(kind)].name} ({number})' for _, number, kind in done.joined)}.")
    if done.identity_again:
        words.append("Check the identity again: the check on record does not cover this.")
    return " ".join(words)


def _used(file: CaseFile, row: dict[str, Any]) -> None:
    """Say which requests a message opened or joined, and what it stopped at once."""
    for each in row["rights"]:
        name = RIGHTS[Kind(each["kind"])].name
        if Kind(each["kind"]) in STATE_OF:
            count = each["stopped"]
            st.markdown(
                f":material/block: **Stopped at once** ({name.lower()}): {count} "
                f"{'address or number' if count == 1 else 'addresses and numbers'}" if count
                else f":material/warning: {name}: it named no address or number to stop"
            )
        if row["id"] != file.messages[0]["id"]:
            st.caption(f"{'Opened' if each['opened'] else 'Joined'}: {name}, {each['reference']}")


def notes_of(desk: Desk, file: CaseFile) -> None:
    """Draw the internal notes and the form for another."""
    if not file.notes:
        st.caption("No note yet. Notes stay inside; they are part of what the person may ask for.")
    for row in file.notes:
        with st.container(border=True):
            st.caption(f"{local_time(desk, row['written_at']):%d %b %Y %H:%M} · "
                       f"{untrusted.colleague(file.names, row['written_by'])}")
            untrusted.show(row["body"])
    if may(desk.person.roles, Act.CASE_NOTE):
        with st.form(f"note_{forms.key_of(f'note_{file.case_ref}')}"):
            body = st.text_area("New note")
            if st.form_submit_button("Add the note"):
                forms.attempt(
                    f"note_{file.case_ref}", lambda key: cases.add_note(desk, file.case_ref, body or "", key=key),
                    "The note is added.",
                )
