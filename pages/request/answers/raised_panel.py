"""What a withdrawal or an upheld objection left without a legal ground: the question, its answer, the way to the erasure."""

import streamlit as st

from core.actions.answers.erasure import raised
from core.actions.answers.erasure.raised import Question
from core.actions.cases.cases import CaseFile, Request
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_time
from core.law.acts import Act, may
from core.law.rights.erasure import article_of
from core.law.rights.raised import ANSWERS, Becomes
from core.law.ways import Kind
from core.law.workflow import State
from pages.parts import forms, navigation, session, untrusted, visit

_WHY = {
    Kind.CONSENT_WITHDRAWAL: "The consent was withdrawn.", Kind.OBJECTION_MARKETING: "Direct marketing has stopped.",
    Kind.OBJECTION: "The objection was upheld.",
}


def draw(desk: Desk, file: CaseFile, request: Request) -> None:
    """Draw the question where the request raised one, with the step that answers it; nothing otherwise."""
    asked = raised.of_request(desk, request.row.id)
    if asked is None:
        return
    with st.container(border=True, key="raised"):
        st.markdown(f"**What rested on it alone** (Art. {article_of(asked.ground)})")
        st.caption(f"{_WHY[request.right.kind]} By the data catalogue this served nothing else, and is held of the person:")
        _tables(asked)
        if asked.becomes is not None:
            _answered(desk, file, asked)
        elif request.state is State.CLOSED:
            st.caption("The request was closed without an answer to it.")
        elif may(desk.person.roles, Act.RAISED_ANSWER):
            if st.button("Say what becomes of it…", type="primary", icon=":material/rule:", key=f"raised_{asked.version}"):
                _form(request.row.id)
        else:
            st.caption("A steward or a Data Protection Officer says what becomes of it before the request is closed.")


def _tables(asked: Question) -> None:
    st.markdown("\n".join(f"- {untrusted.inline(table)}" for table in asked.tables))


def _answered(desk: Desk, file: CaseFile, asked: Question) -> None:
    st.markdown(f"**{ANSWERS[Becomes(asked.becomes)]}.**" if asked.becomes else "")
    if asked.reasons:
        untrusted.show(asked.reasons)
    if asked.answered_at is not None:
        by = untrusted.colleague(file.names, asked.answered_by)
        st.caption(f"Answered {local_time(desk, asked.answered_at):%d %b %Y %H:%M} by {by}")
    if asked.opened_id and st.button(
        "Open the request for erasure", type="tertiary", icon=":material/arrow_forward:", key="raised_erasure"
    ):
        navigation.go("request", id=asked.opened_id)


@visit.dialog("What becomes of it", width="large")
def _form(request_id: str) -> None:
    desk = session.desk_or_stop()
    asked = raised.of_request(desk, request_id)
    if asked is None:
        return
    _tables(asked)
    becomes = st.radio(
        "What becomes of these data", [each.value for each in Becomes], index=None, key="raised_becomes",
        format_func=lambda code: ANSWERS[Becomes(code)],
    )
    reasons = st.text_area(
        "The other ground or the exception, by its article. Needed where they are kept", key="raised_reasons", height=110,
    )
    if st.button("Record", type="primary", key="raised_send"):
        forms.attempt(
            f"raised_{request_id}_{asked.version}",
            lambda key: raised.answer(desk, request_id, becomes or "", reasons or "", version=asked.version, key=key),
            "It is recorded.",
        )
