"""Questions to the person that pause the clock: asked with their facts, answered, and warned about where they are late."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from core.actions.cases import clock
from core.actions.cases.cases import CaseFile, Request
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.law.acts import Act, may
from core.law.clock.disputed import Topic
from core.law.clock.questions import QUESTIONS, WHY, About, bar_of, effect, late_words, stops, waits
from core.law.identity import Proof
from core.law.ways import Kind
from core.law.workflow import State
from pages.parts import forms, session, typed, untrusted, visit
from pages.request import differ
from pages.request.person.identity_panel import SHORT


def draw(desk: Desk, file: CaseFile, request: Request) -> None:
    """Draw the questions of the request and, while it is open, the ways to answer one or ask another."""
    for number, pause in enumerate(request.pauses):
        _pause(request, pause, _came_before(request.pauses[:number], pause))
    if request.state is State.CLOSED or request.standing.level == "sent":
        return
    open_kinds = [pause for pause in request.pauses if pause["answered_on"] is None]
    for pause in open_kinds:
        if may(desk.person.roles, Act.REQUEST_ANSWERED) and st.button(
            "The answer came…", key=f"answered_{pause['id']}", icon=":material/play_arrow:", width="stretch"
        ):
            _answered(request.row.id, pause["kind"], pause["asked_on"])
    free = [
        kind for kind in QUESTIONS
        if kind not in {pause["kind"] for pause in open_kinds} and waits(request.right.kind, kind)
    ]
    if may(desk.person.roles, Act.REQUEST_ASK) and free and st.button(
        "Ask a question, pause the clock…", key="clock_ask", icon=":material/pause:", width="stretch"
    ):
        _ask(request, free, file.received.date())


def _came_before(earlier: Sequence[dict[str, Any]], pause: dict[str, Any]) -> date | None:
    """Return the day on which an answer came that was not enough, so that this question was asked again."""
    same = [each for each in earlier if each["kind"] == pause["kind"]]
    return same[-1]["answered_on"] if same and same[-1]["enough"] is False else None


def _pause(request: Request, pause: dict[str, Any], after: date | None) -> None:
    asked, answered, kind = pause["asked_on"], pause["answered_on"], str(pause["kind"])
    state = "open"
    if isinstance(answered, date):
        state = f"answered {answered:%d %b %Y}" + (", not enough" if pause["enough"] is False else "")
    profile, bar = clock.profile_of(request.row), clock.bar_of_pause(request.row, pause)
    with st.expander(f"{QUESTIONS[kind]}: asked {asked:%d %b %Y}, {state}"):
        st.caption("The question")
        untrusted.show(pause["question"])
        st.caption("The facts that make it necessary")
        untrusted.show(pause["reason"])
    if not stops(kind, profile, bar):
        st.caption(effect(kind, profile, bar))
    elif clock.asked_late(request.row, asked, after) and request.state is not State.CLOSED:
        st.warning(late_words(asked, again=after is not None), icon=":material/schedule:")


@visit.dialog("Ask the person a question")
def _ask(request: Request, kinds: list[str], received: date) -> None:
    desk = session.desk_or_stop()
    row, today = request.row, today_of(desk)
    request_id, profile = row.id, clock.profile_of(row)
    kind = st.selectbox("What is it about", kinds, format_func=lambda code: QUESTIONS[code], key="ask_kind")
    large = _large() if kind == About.CLARIFICATION and request.right.kind is Kind.ACCESS and stops(kind, profile) else False
    bar = bar_of(request.right.kind, kind, large=large)
    if stops(kind, profile, bar):
        st.write(f"{effect(kind, profile)} A question to everybody is not one: write {WHY[kind]}.")
    else:
        st.info(f"{effect(kind, profile, bar)} You may ask all the same; the last day stays.", icon=":material/timer:")
    if kind in set(Topic):
        differ.warn(profile.law, Topic(kind))
    after = _again(request, kind)
    question = st.text_area("The question", key="ask_question")
    reason = st.text_area("The facts that make it necessary", key="ask_reason")
    proofs = _proofs() if kind == "identity" else []
    asked = typed.day("Asked on", "ask_on", today, note=f"Not before {received:%d %b %Y}, when the case came")
    if asked.value and stops(kind, profile, bar) and clock.asked_late(row, asked.value, after):
        st.warning(late_words(asked.value, again=after is not None), icon=":material/schedule:")
    if st.button("Record the question", type="primary"):
        forms.attempt(
            f"ask_{request_id}",
            lambda key: clock.ask(
                desk, request_id, kind, question or "", reason or "", proofs=proofs, key=key, asked_on=asked.needed(),
                large=large, again=after is not None,
            ),
            lambda _: "The question is recorded and the clock is paused." if clock.is_paused(desk, request_id)
            else "The question is recorded; the clock runs on.",
        )


def _large() -> bool:
    """Ask for the fact without which a question about the scope stops no clock."""
    return st.checkbox(
        "We process a large quantity of data about this person", key="ask_large",
        help="Only then may the answer wait until the person says what they mean (Recital 63). Write what shows it.",
    )


def _again(request: Request, kind: str) -> date | None:
    """Ask whether the last answer was not enough, where there was one; return the day on which it came if so."""
    answers = [pause["answered_on"] for pause in request.pauses if pause["kind"] == kind and pause["answered_on"]]
    if not answers:
        return None
    again = st.checkbox(
        f"What came on {answers[-1]:%d %b %Y} was not enough", key="ask_again",
        help="Then both questions are one suspension, from the first of them until enough has arrived.",
    )
    return answers[-1] if again else None


def _proofs() -> list[str]:
    """Ask by which proofs the person can answer, the lightest first; a document is never the only one."""
    return st.pills(
        "By which of these the person can answer", list(SHORT), selection_mode="multi", key="ask_proofs",
        default=[Proof.SIGNED_IN, Proof.CODE], format_func=lambda proof: SHORT[proof].capitalize(),
    )


@visit.dialog("The answer came")
def _answered(request_id: str, kind: str, asked: date) -> None:
    desk = session.desk_or_stop()
    st.write(f"{QUESTIONS[kind]}. If the answer is a message, add it under Messages: that ends the pause too.")
    day = typed.day(
        "It came on", "answer_on", today_of(desk), note=f"Not before {asked:%d %b %Y}, when the question was asked"
    )
    if st.button("Let the clock run", type="primary"):
        forms.attempt(
            f"answered_{request_id}_{kind}", lambda key: clock.answered(desk, request_id, kind, day.needed(), key=key),
            lambda _: "The answer is recorded; another question is open." if clock.is_paused(desk, request_id)
            else "The answer is recorded.",
        )
