"""Home: what waits for the person who signed in, the most urgent first."""

from typing import Any

import streamlit as st

from core.actions import approvals, queue, troubles
from core.actions.accounts import own_account
from core.actions.desk import Desk
from core.law.acts import Act, Scope, may, scope
from core.law.rights import RIGHTS, Kind
from core.law.roles import MEANING
from pages.parts import badges, tables, ways

TITLE, ICON, GROUP, ORDER, ACT = "Home", ":material/home:", "", 0, Act.ACCOUNT_OWN
_SHOWN = 10


def show(desk: Desk) -> None:
    """Greet, and list what waits: approvals, my requests, what is due this week, work that failed."""
    own = own_account(desk)
    st.title(f"Good day, {own.name}")
    words = [
        f"**{role.value}**{f' (until {last:%d %B %Y})' if last else ''}: {MEANING[role]}" for role, last in own.roles
    ]
    st.caption("  \n".join(words))
    if not may(desk.person.roles, Act.QUEUE_LOOK) or scope(desk.person.roles, Act.QUEUE_LOOK) is Scope.CELLS:
        st.write("Choose a page on the left.")
        return
    opens = may(desk.person.roles, Act.CASE_OPEN)
    if may(desk.person.roles, Act.RELEASE_APPROVE):
        _approvals(desk)
    left, right = st.container(key="home_columns").columns(2, gap="large")
    with left:
        _requests(desk, "mine", "My requests", "No open request is yours. Take one from the queue.", opens=opens)
        _requests(desk, "overdue", "Overdue", "", opens=opens)
    with right:
        _requests(desk, "soon", "Due this week", "Nothing is due in the next seven days.", opens=opens)
    _troubles(desk, opens=opens)


def _approvals(desk: Desk) -> None:
    waiting = approvals.waiting(desk)
    st.subheader("Waiting for my approval")
    if not waiting:
        st.caption("Nothing waits for your approval.")
    for row in waiting:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            due = f"due {row['final_due']:%d %b %Y}" if row["final_due"] else "clock paused"
            st.markdown(f"**{row['reference']}** · {RIGHTS[Kind(row['kind'])].name} · {due}", width="stretch")
            if st.button("Compare and decide", key=f"approve_{row['id']}", icon=":material/balance:"):
                ways.go("request", id=row["request_id"])


def _requests(desk: Desk, view: str, title: str, empty: str, *, opens: bool) -> None:
    page = queue.list_requests(desk, view=view)
    if not page.rows and not empty:
        return
    st.subheader(title)
    if not page.rows:
        st.caption(empty)
        return
    rows = page.rows[:_SHOWN]
    shown = [
        {"Deadline": row.standing.words, "Reference": row.reference, "Right": row.right,
         "Stage": badges.stage_words(row.state, row.closing)} for row in rows
    ]
    chosen = tables.choose(
        f"home_{view}", [row.id for row in rows], shown, alt=f"{title}: choose one to open it", style=_coloured,
    ) if opens else tables.show(shown, alt=title)
    st.caption(f"{len(rows)} of {page.total}." + (" Choose one to open it." if opens else ""))
    if chosen:
        ways.go("request", id=chosen[0])


def _coloured(frame: Any) -> Any:
    return frame.style.map(badges.deadline_style, subset=["Deadline"])


def _troubles(desk: Desk, *, opens: bool) -> None:
    failing = troubles.failing(desk)
    if not failing:
        return
    st.subheader("Work that failed")
    for number, each in enumerate(failing[:_SHOWN]):
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            end = f"given up after {each.attempts} tries" if each.given_up else f"try {each.attempts} failed, tried again soon"
            st.markdown(f"**{each.work}** · {each.reference or 'the desk itself'} · {end}", width="stretch")
            if opens and each.request_id and st.button("Open", key=f"trouble_{number}_{each.request_id}"):
                ways.go("request", id=each.request_id)
