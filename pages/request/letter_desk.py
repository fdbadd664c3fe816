"""The letters of a case: drafted from its facts, edited, printed as PDF, marked as sent."""

import streamlit as st

from core.actions.answers.letters import letter_choices, letters
from core.actions.answers.letters.letter_choices import Choice
from core.actions.answers.letters.letters import LetterShown
from core.actions.cases.cases import CaseFile, Request
from core.actions.desk.delivery import CHANNELS
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_day, local_time, today_of
from core.law.acts import Act, may
from core.law.languages import FALLBACK, LANGUAGES
from core.law.letters import LETTERS, SEVERAL, TYPED, stands_in
from pages.parts import forms, session, typed, untrusted, visit
from pages.parts.typed import Day
from pages.request import letter_approval


def draw(desk: Desk, file: CaseFile, request: Request, written: tuple[LetterShown, ...]) -> None:
    """Draw the letters and the choice of a new one."""
    if not written:
        st.caption("No letter yet.")
    for letter in written:
        _letter(desk, file, letter)
    if not may(desk.person.roles, Act.LETTER_DRAFT):
        return
    _new(desk, file, request)


def _new(desk: Desk, file: CaseFile, request: Request) -> None:
    """Draw the choice among the letters that fit this right and this state, and ask for what no record of the desk holds."""
    right, offered = request.right.kind, letter_choices.choices(desk, request.row.id)
    fitting = [each for each in offered if not each.why_not]
    if fitting:
        _picker(desk, file, request, fitting)
    else:
        st.caption("No further letter fits this request now.")
    others = [each for each in offered if each.why_not]
    if others:
        with st.expander(f"Not now: {len(others)} other letters of this right", key=f"letters_not_now_{right.value}"):
            for each in others:
                st.markdown(f"**{LETTERS[each.code].title}**: {untrusted.inline(each.why_not)}")


def _picker(desk: Desk, file: CaseFile, request: Request, fitting: list[Choice]) -> None:
    right = request.right.kind
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "New letter", fitting, key=f"letter_kind_{right.value}", width=420,
            format_func=lambda each: f"{LETTERS[each.code].title}: {LETTERS[each.code].step}",
        )
        place = st.container(width="content")
    kind = chosen.code
    told = {
        field.name: st.text_area(field.label, height=90, key=f"letter_told_{kind}_{field.name}") or ""
        for field in TYPED.get(kind, ())
    }
    also = _also(file, request) if kind in SEVERAL else []
    st.caption(f"Stands in it whatever is typed: {stands_in(kind)}.")
    if chosen.sent_at:
        st.caption(f"One was sent on {local_day(desk, chosen.sent_at):%d %b %Y}.")
    if sentence := letters.language_for(kind, letters.person_language(desk, file.case_ref)).sentence:
        st.caption(f":material/translate: {sentence}")
    with place:
        if st.button("Draft", icon=":material/edit_note:", key="letter_draft"):
            forms.attempt(
                f"letter_{request.row.id}_{kind}",
                lambda key: letters.draft(desk, file.case_ref, kind, request.row.id, told=told, also=also, key=key),
                "The letter is drafted. Read it before it goes out.",
            )


def _also(file: CaseFile, request: Request) -> list[str]:
    """Ask of which further requests of the case the letter tells; nothing where none came on the same day, which it names."""
    day = request.deadline.receipt_date
    others = {
        each.row.id: f"{each.right.name} · {each.row.reference}" for each in file.requests
        if each.row.id != request.row.id and each.deadline.receipt_date == day
    }
    if not others:
        return []
    return st.pills(
        "The same letter tells of these too", list(others), selection_mode="multi", format_func=lambda each: others[each],
        key="letter_also",
    )


def _letter(desk: Desk, file: CaseFile, letter: LetterShown) -> None:
    sent = letter.sent_at is not None
    with st.container(border=True, key=f"letter_{letter.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{LETTERS[letter.kind].title}**: {untrusted.inline(letter.subject)}")
            st.badge("Sent" if sent else "Draft", color="green" if sent else "gray")
        by = untrusted.colleague(file.names, letter.drafted_by)
        st.caption(f"Drafted {local_time(desk, letter.drafted_at):%d %b %Y %H:%M} by {by}"
                   + (f" · sent {local_day(desk, letter.sent_at):%d %b %Y} by "
                      f"{CHANNELS.get(letter.sent_channel or '', '')}" if letter.sent_at else "")
                   + (f" · in {LANGUAGES[letter.language]}" if letter.language != FALLBACK else ""))
        if letter.also:
            told = [each.row.reference for each in file.requests if each.row.id in {letter.request_id, *letter.also}]
            st.caption(f"Tells of {', '.join(told)}.")
        if sent or not may(desk.person.roles, Act.LETTER_DRAFT):
            with st.expander("Text"):
                untrusted.show(letter.text)
        else:
            _edit(desk, letter)
        with st.container(horizontal=True):
            if may(desk.person.roles, Act.LETTER_FETCH):
                st.link_button("PDF", f"/letters/{letter.id}", icon=":material/picture_as_pdf:")
            if not sent and may(desk.person.roles, Act.LETTER_SENT) and st.button(
                "Mark as sent…", key=f"letter_sent_{letter.id}", icon=":material/send:"
            ):
                _sent(letter.id)
            if not sent and may(desk.person.roles, Act.LETTER_DISCARD) and letter.kind not in letters.OF_ITS_CHANGE and st.button(
                "Delete the draft…", key=f"letter_discard_{letter.id}", icon=":material/delete:", type="tertiary"
            ):
                _discard(file.case_ref, letter)
        letter_approval.draw(desk, file, letter)


def _edit(desk: Desk, letter: LetterShown) -> None:
    with st.expander("Text"):
        body = st.text_area("Text of the letter", value=letter.body, height=240,
                            key=f"letter_body_{letter.id}", label_visibility="collapsed")
        if st.button("Save the text", key=f"letter_save_{letter.id}", disabled=body == letter.body):
            forms.attempt(
                f"save_{letter.id}", lambda key: letters.save(desk, letter.id, body or "", key=key),
                "The text is saved.",
            )
        if letter.passages:
            st.caption(":material/lock: Printed below your text, whatever is typed: the law demands it.")
            with st.container(border=True, key=f"letter_passages_{letter.id}"):
                untrusted.show(letter.passages)


@visit.dialog("Delete the draft")
def _discard(case_ref: str, letter: LetterShown) -> None:
    desk = session.desk_or_stop()
    st.write("The draft and its text are deleted; that one was there stays in the case's log.")
    if letter.sha256:
        st.warning("It was fetched as a PDF. If it went out, mark it as sent instead.", icon=":material/warning:")
    if st.button("Delete the draft", type="primary", key="letter_discard_send"):
        forms.attempt(
            f"letter_discard_{letter.id}", lambda key: letters.discard(desk, case_ref, letter.id, key=key),
            "The draft is deleted.",
        )


@visit.dialog("Mark the letter as sent")
def _sent(letter_id: str) -> None:
    desk = session.desk_or_stop()
    st.write("From then on the letter stays as it is.")
    channel, day = sent_fields(desk, "letter")
    if st.button("Mark as sent", type="primary", key="letter_sent_send"):
        forms.attempt(
            f"letter_sent_{letter_id}", lambda key: letters.mark_sent(desk, letter_id, channel, day.needed(), key=key),
            "The letter is marked as sent.",
        )


def sent_fields(desk: Desk, name: str, ways: dict[str, str] = CHANNELS) -> tuple[str, Day]:
    """Draw how and on which day something went out; return both."""
    channel = st.selectbox("Sent by", list(ways), format_func=lambda code: ways[code], key=f"{name}_channel")
    return channel, typed.day("On", f"{name}_on", today_of(desk))
