"""The recipients of a person's data after a change: who is told, who answered, who cannot be told and why."""

from collections.abc import Callable

import streamlit as st

from core.actions.answers.letters import letters, recipients
from core.actions.answers.letters.recipients import RecipientNotice
from core.actions.cases.cases import CaseFile, Request
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_day
from core.law.acts import Act, may
from core.law.errors import Refused
from core.law.letters import LetterKind
from core.law.rights.recipients import Change, Notice
from pages.parts import badges, forms, notes, session, untrusted, visit

STATES: dict[Notice, tuple[str, badges.Colour]] = {
    Notice.TO_SEND: ("To be told", "orange"), Notice.SENT: ("Told", "blue"), Notice.ANSWERED: ("Answered", "green"),
    Notice.DISPROPORTIONATE: ("Not told, with a reason", "gray"),
}


def draw(desk: Desk, file: CaseFile, request: Request) -> None:
    """Draw one line for each recipient, and what can be recorded about it; nothing where nobody is to be told."""
    try:
        listed = recipients.list_notices(desk, request.row.id)
    except Refused as refusal:
        notes.refused(refusal)
        return
    if not listed:
        return
    public = sum(each.change is Change.MADE_PUBLIC for each in listed)
    st.header("Who else is told (Art. 17(2), 19)" if public else "Recipients (Art. 19)")
    left = sum(each.state is Notice.TO_SEND for each in listed)
    of_public = f", {public} for what was made public" if public else ""
    st.caption(f"{len(listed) - public} in the disclosure log{of_public}, {left} still to be told. An open notice holds no "
               "closing up.")
    for each in listed:
        _line(desk, each)
    if may(desk.person.roles, Act.LETTER_DRAFT):
        st.caption("Where the person asks who they are, they are told (Art. 19).")
        row = request.row.id
        _button("Draft the list for the person", f"named_{row}", ":material/contact_mail:", lambda key: letters.draft(
            desk, file.case_ref, LetterKind.RECIPIENTS_NAMED.value, row, key=key
        ), "The letter that names the recipients is drafted: it stands on the tab Letters.")


def _line(desk: Desk, notice: RecipientNotice) -> None:
    words, colour = STATES[notice.state]
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(notice.recipient, width="stretch")
            st.badge(words, color=colour)
        moments = [
            f"{name} {local_day(desk, moment):%d %b %Y}"
            for name, moment in (("told", notice.sent_at), ("answered", notice.answered_at)) if moment
        ]
        received = notice.categories if notice.change is Change.MADE_PUBLIC else f"received: {notice.categories}"
        st.caption(" · ".join([received, *moments]))
        if notice.reason:
            untrusted.show(notice.reason)
        if may(desk.person.roles, Act.RECIPIENT_NOTICE):
            _buttons(desk, notice)


def _buttons(desk: Desk, notice: RecipientNotice) -> None:
    with st.container(horizontal=True):
        if notice.letter_id is None and notice.state is Notice.TO_SEND:
            _button("Draft the letter", f"draft_{notice.id}", ":material/edit_note:", lambda key: recipients.draft_notice(
                desk, notice.id, version=notice.version, key=key
            ), "The letter to the recipient is drafted: it stands on the tab Letters.")
        if notice.state in {Notice.TO_SEND, Notice.DISPROPORTIONATE} and notice.change is Change.MADE_PUBLIC:
            if st.button("Told…", key=f"steps_{notice.id}", icon=":material/send:"):
                _steps(notice.id, notice.version)
        elif notice.state in {Notice.TO_SEND, Notice.DISPROPORTIONATE}:
            _button("Told", f"told_{notice.id}_{notice.version}", ":material/send:", lambda key: recipients.record(
                desk, notice.id, Notice.SENT.value, version=notice.version, key=key
            ), "Recorded: the recipient was told.")
        if notice.state is Notice.SENT:
            _button("Answered", f"answered_{notice.id}", ":material/mark_email_read:", lambda key: recipients.record(
                desk, notice.id, Notice.ANSWERED.value, version=notice.version, key=key
            ), "Recorded: the recipient answered.")
        if notice.state in {Notice.TO_SEND, Notice.SENT} and st.button(
            "Cannot be told…", key=f"untold_{notice.id}", icon=":material/block:"
        ):
            _untold(notice.id, notice.version)


def _button(label: str, form: str, icon: str, action: Callable[[str], object], sentence: str) -> None:
    if st.button(label, key=f"do_{form}", icon=icon):
        forms.attempt(form, action, sentence)


@visit.dialog("They were told")
def _steps(notice_id: str, version: int) -> None:
    desk = session.desk_or_stop()
    st.write("Reasonable steps are enough, by what can be done and what it costs (Art. 17(2)).")
    steps = st.text_area("Which steps were taken", key="steps_words")
    if st.button("Record", type="primary", key="steps_send"):
        forms.attempt(
            f"steps_{notice_id}_{version}",
            lambda key: recipients.record(desk, notice_id, Notice.SENT.value, steps or "", version=version, key=key),
            "Recorded: they were told.",
        )


@visit.dialog("The recipient is not told")
def _untold(notice_id: str, version: int) -> None:
    desk = session.desk_or_stop()
    st.write("Only where telling them is impossible or would take a disproportionate effort (Art. 19).")
    reason = st.text_area("Why", key="untold_reason")
    if st.button("Record", type="primary", key="untold_send"):
        forms.attempt(
            f"untold_{notice_id}_{version}",
            lambda key: recipients.record(
                desk, notice_id, Notice.DISPROPORTIONATE.value, reason or "", version=version, key=key
            ), "The reason is recorded.",
        )
