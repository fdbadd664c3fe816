"""The clock of a request: how many days, why, the questions that pause it, and their answers; stopped once closed."""

from datetime import date

import streamlit as st

from core.actions import clock
from core.actions.cases import CaseFile, Request
from core.actions.clock import QUESTIONS
from core.actions.desk import Desk
from core.law.acts import Act, may
from core.law.workflow import State
from pages.parts import forms, identity, literal


def draw(desk: Desk, file: CaseFile, request: Request) -> None:
    """Draw the days, the reasons and, while the request is open, the questions."""
    with st.container(border=True):
        st.subheader("Clock")
        if request.state is State.CLOSED:
            _stopped(desk, request)
        else:
            _running(desk, request)
        with st.expander("Why this day"):
            for step in request.deadline.steps:
                st.text(step)
        open_kinds = [pause for pause in request.pauses if pause["answered_on"] is None]
        for pause in request.pauses:
            _pause(pause)
        if request.state is State.CLOSED:
            return
        for pause in open_kinds:
            if may(desk.person.roles, Act.REQUEST_ANSWERED) and st.button(
                "The answer came…", key=f"answered_{pause['id']}", icon=":material/play_arrow:", width="stretch"
            ):
                _answered(request.row["id"], pause["kind"], pause["asked_on"])
        free = [kind for kind in QUESTIONS if kind not in {pause["kind"] for pause in open_kinds}]
        if may(desk.person.roles, Act.REQUEST_ASK) and free and st.button(
            "Ask a question, pause the clock…", key="clock_ask", icon=":material/pause:", width="stretch"
        ):
            _ask(request.row["id"], free, file.received.date())


def _running(desk: Desk, request: Request) -> None:
    dates, today = request.deadline, clock.today_of(desk)
    if dates.paused_since is not None:
        st.markdown(f"**Paused** since {dates.paused_since:%d %b %Y}")
        if dates.due_if_answered_today:
            st.caption(f"Answered today, the last day would be {dates.due_if_answered_today:%d %b %Y}.")
    elif dates.final_due is None:
        st.markdown("**No fixed number of days**")
    else:
        total, day = (dates.final_due - dates.receipt_date).days, (today - dates.receipt_date).days
        over = day - total
        st.markdown(f"Day **{day}** of {total}" + (f", **{over} over**" if over > 0 else ""))
        st.progress(min(max(day / total, 0.0), 1.0) if total else 1.0)
        st.caption(f"Last day: {dates.final_due:%a %d %b %Y}")
    if dates.safe_due and dates.safe_due != dates.final_due:
        st.caption(f"Safe day, if no pause is recognised: {dates.safe_due:%a %d %b %Y}")


def _stopped(desk: Desk, request: Request) -> None:
    row, due = request.row, request.deadline.final_due
    from_sent = row["sent_at"] or row["closed_at"]
    day = clock.local_day(desk, from_sent)
    word = "Sent" if row["sent_at"] else "Closed"
    st.markdown(f"Stopped. **{word} {day:%d %b %Y}**")
    if due:
        left = (due - day).days
        st.caption(f"{left} days before the last day." if left > 0 else "On the last day." if left == 0
                   else f"{-left} days after the last day.")


def _pause(pause: dict[str, object]) -> None:
    asked, answered = pause["asked_on"], pause["answered_on"]
    state = f"answered {answered:%d %b %Y}" if isinstance(answered, date) else "open"
    with st.expander(f"{QUESTIONS[str(pause['kind'])]}: asked {asked:%d %b %Y}, {state}"):
        st.caption("The question")
        literal.show(pause["question"])
        st.caption("The facts that make it necessary")
        literal.show(pause["reason"])


@st.dialog("Ask the person a question")
def _ask(request_id: str, kinds: list[str], received: date) -> None:
    desk = identity.desk_or_stop()
    st.write("The clock stands still until the answer comes. Write the facts that make the question necessary; "
             "a question to everybody is not one.")
    kind = st.selectbox("What is it about", kinds, format_func=lambda code: QUESTIONS[code], key="ask_kind")
    question = st.text_area("The question", max_chars=4000, key="ask_question")
    reason = st.text_area("The facts that make it necessary", max_chars=2000, key="ask_reason")
    today = clock.today_of(desk)
    asked = st.date_input("Asked on", value=today, min_value=received, max_value=today, format="YYYY-MM-DD", key="ask_on")
    if st.button("Record the question", type="primary"):
        forms.attempt(
            f"ask_{request_id}",
            lambda key: clock.ask(desk, request_id, kind, question or "", reason or "", key=key, asked_on=asked),
            "The question is recorded and the clock is paused.",
        )


@st.dialog("The answer came")
def _answered(request_id: str, kind: str, asked: date) -> None:
    desk = identity.desk_or_stop()
    st.write(f"{QUESTIONS[kind]}. If the answer is a message, add it under Messages: that ends the pause too.")
    today = clock.today_of(desk)
    day = st.date_input("It came on", value=today, min_value=asked, max_value=today, format="YYYY-MM-DD", key="answer_on")
    if st.button("Let the clock run", type="primary"):
        forms.attempt(
            f"answered_{request_id}_{kind}", lambda key: clock.answered(desk, request_id, kind, day, key=key),
            "The clock runs again.",
        )
