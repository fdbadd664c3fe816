"""The clock of a request: its dates and why, the extension, the fee, the questions; stopped once closed."""

from datetime import date

import streamlit as st

from core.actions.cases import clock
from core.actions.cases.cases import CaseFile, Request
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_day, today_of
from core.law.ways import Asker
from core.law.workflow import State
from pages.parts import untrusted
from pages.request import extension_panel, fee_panel, question_panel


def draw(desk: Desk, file: CaseFile, request: Request) -> None:
    """Draw the days and the reasons and, while the request is open, what moves the clock."""
    with st.container(border=True, key="clock_panel"):
        st.header("Clock")
        if request.state is State.CLOSED:
            _stopped(desk, request)
        else:
            _running(desk, request)
            _dates(desk, request)
        with st.expander("Why this day"):
            _steps(request)
        if request.right.asker is Asker.AUTHORITY:
            st.caption("The day is the authority's own. Ask it for more time where needed, and enter the day that it names.")
            return
        extension_panel.draw(desk, file, request)
        fee_panel.draw(desk, request)
        question_panel.draw(desk, file, request)


def _running(desk: Desk, request: Request) -> None:
    dates, today = request.deadline, today_of(desk)
    if request.standing.level == "sent":
        _stopped(desk, request)
    elif dates.paused_since is not None:
        st.markdown(f"**Paused** since {dates.paused_since:%d %b %Y}")
    elif dates.final_due is None:
        st.markdown("**No fixed number of days**")
    else:
        total, day = (dates.final_due - dates.anchor).days, (today - dates.anchor).days
        over = day - total
        st.markdown(f"Day **{day}** of {total}" + (f", **{over} over**" if over > 0 else ""))
        with st.container(key="clock_over" if over > 0 else "clock_bar"):
            st.progress(min(max(day / total, 0.0), 1.0) if total else 1.0)


def _dates(desk: Desk, request: Request) -> None:
    dates, today = request.deadline, today_of(desk)
    rows: list[tuple[str, str, str]] = []
    if dates.acknowledge_by and request.row.final_due == dates.acknowledge_by and not dates.final_due:
        rows.append(_day("Confirm receipt by", dates.acknowledge_by, today))
    if dates.final_due:
        rows.append(_day("Last day", dates.final_due, today))
    if dates.paused_since is not None:
        if dates.due_if_answered_today:
            rows.append(_day("If answered today", dates.due_if_answered_today, today))
        if dates.days_kept is not None:
            rows.append(("Days kept", f"{dates.days_kept} days", "from the answer on"))
    if dates.safe_due:
        rows.append(_day("Safe day", dates.safe_due, today))
    if dates.target:
        rows.append(_day("Our target", dates.target, today))
    if dates.refusal_due and dates.refusal_due != dates.final_due:
        rows.append(_day("A refusal by", dates.refusal_due, today))
    if dates.latest_arguable:
        rows.append(_day("Arguable until", dates.latest_arguable, today))
    if rows:
        untrusted.tiles(rows)
    if dates.safe_due and dates.safe_due != dates.final_due:
        st.caption("The safe day is the last one if no pause is recognised, and no weekend or holiday moves it.")
    if dates.latest_arguable:
        st.caption("Another rule could be read to give the later day: see *Why this day*. The last day is the one to keep.")


def _day(name: str, day: date, today: date) -> tuple[str, str, str]:
    left = (day - today).days
    words = "today" if left == 0 else f"in {left} days" if left > 0 else f"{-left} days ago"
    return name, f"{day:%a %d %b %Y}", words.replace("1 days", "1 day") if abs(left) == 1 else words


def _steps(request: Request) -> None:
    for number, step in enumerate(request.deadline.steps, 1):
        st.text(f"{number}. {step}")
    due = request.row.final_due
    if request.state is State.CLOSED and due != request.deadline.final_due:
        st.caption(
            f"The request ended with {due:%d %b %Y} as its last day; that stays, whatever changed in the calendars since."
            if due else "The request ended while its clock stood still."
        )
    law = clock.profile_of(request.row)
    st.caption(f"Law: {law.name}, version {request.row.profile_version}, in force at receipt: {law.source}. {law.checked}")
    st.caption(f"Calendar {request.row.calendar_id}. {clock.calendar_source(request.row)}")


def _stopped(desk: Desk, request: Request) -> None:
    row, due = request.row, request.row.final_due
    ended = row.sent_at or row.closed_at
    day = local_day(desk, ended) if ended else today_of(desk)
    word = "Sent" if row.sent_at else "Closed"
    st.markdown(f"Stopped. **{word} {day:%d %b %Y}**")
    if due:
        left = (due - day).days
        st.caption(f"{left} days before the last day." if left > 0 else "On the last day." if left == 0
                   else f"{-left} days after the last day.")
