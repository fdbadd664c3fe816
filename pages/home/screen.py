"""Home: what waits for the person who signed in, the most urgent first."""

from datetime import timedelta
from typing import Any

import streamlit as st

from core.actions.accounts.accounts import own_account
from core.actions.answers import approvals, needs
from core.actions.answers.erasure import erasure_ends, kept_parts
from core.actions.answers.letters.letter_approvals import LETTER
from core.actions.answers.outside.outside import OUTSIDE
from core.actions.answers.refusal.extensions import EXTENSION
from core.actions.answers.refusal.refusals import REFUSAL
from core.actions.answers.restriction import restriction_lifts
from core.actions.cases import queue
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_time, today_of
from core.actions.oversight import board, failed_tasks, holds, night
from core.actions.suppression import annulments, suppression_exports
from core.law.acts import Act, Scope, may, scope
from core.law.letters import LETTERS
from core.law.rights.kept import KeptStanding
from core.law.roles import MEANING, Role
from core.law.ways import RIGHTS, Kind
from pages.board import alarms, figures
from pages.home import begin, drill_result, late, late_owners, operator_uses
from pages.parts import badges, closing_check, navigation, sealed_note, tables

TITLE, ICON, GROUP, ORDER, ACT = "Home", ":material/home:", "", 0, Act.ACCOUNT_OWN
_SHOWN = 10
_PERIOD = 90  # days
_COLUMNS = {
    "Deadline": st.column_config.Column(width=88), "Reference": st.column_config.Column(width=130),
    "Right": st.column_config.Column(width=140), "Stage": st.column_config.Column(width=124),
}


def show(desk: Desk) -> None:
    """Greet, and list what waits: approvals, my requests, what is due this week, work that failed."""
    own = own_account(desk)
    st.title(f"Good day, {own.name}")
    words = [
        f"**{role.value}**{f' (until {last:%d %B %Y})' if last else ''}: {MEANING[role]}" for role, last in own.roles
    ]
    st.caption("  \n".join(words))
    begin.roles(desk)
    if not may(desk.person.roles, Act.QUEUE_LOOK) or scope(desk.person.roles, Act.QUEUE_LOOK) is Scope.CELLS:
        begin.elsewhere()
        return
    counts = queue.list_requests(desk).counts
    begin.requests(desk, empty=not (counts["open"] or counts["closed"]))
    opens = may(desk.person.roles, Act.CASE_OPEN)
    # Places of their own, so that no part moves for another.
    if desk.person.roles & {Role.DPO, Role.MANAGER}:
        alarms.draw(desk)
    if Role.MANAGER in desk.person.roles:
        figures.draw(board.board(desk, board.Chosen(since=today_of(desk) - timedelta(days=_PERIOD))))
        st.caption(f"Answered in time and days to answer: closed in {board.PERIODS[_PERIOD]}.")
        late.draw(desk)
    warned, first, second, checks, kept, searches, listed, failed = (st.container() for _ in range(8))
    with warned:
        if Role.DPO in desk.person.roles:
            _alarms(desk)
            sealed_note.alarm(desk)
        if may(desk.person.roles, Act.NEED_RECORD):
            _silences(desk, opens=opens)
    with first:
        if may(desk.person.roles, Act.RELEASE_APPROVE):
            _approvals(desk)
    with second:
        if may(desk.person.roles, Act.SUPPRESSION_OUT_APPROVE):
            _suppression(desk)
    with checks:
        closing_check.waiting(desk, "home")
    with kept:
        if may(desk.person.roles, Act.HOLD_LOOK):
            _kept(desk)
    with searches:
        late_owners.draw(desk, opens=opens)
        operator_uses.draw(desk)
    left, right = listed.container(key="home_columns").columns(2, gap="medium")
    mine, overdue = left.container(), left.container()
    with mine:
        if opens:
            _requests(desk, "mine", "My requests", "No open request is yours. Take one from the queue.", opens=opens)
    with overdue:
        _requests(desk, "overdue", "Overdue", "Nothing is overdue.", opens=opens)
    with right:
        _requests(desk, "soon", "Due this week", "Nothing is due in the next seven days.", opens=opens)
    with failed:
        _troubles(desk, opens=opens)
        sealed_note.draw(desk)


def _alarms(desk: Desk) -> None:
    """Say where an erasure did not come to its end, and whether a backup would bring nobody back."""
    left = erasure_ends.unfinished(desk)
    if left is not None:
        st.error(
            f"**{_erasures(left.people)} not finished** since {local_time(desk, left.since):%d %b %Y %H:%M}: the data are "
            "deleted, but the key that opens older copies of them could not be destroyed. Ask the operator to run `doctor`.",
            icon=":material/key_off:",
        )
    waits = night.standing(desk)
    if waits.overdue and waits.since:
        why = "The nightly purge has not come to its end" if waits.next_at else "The nightly purge is switched off"
        st.warning(
            f"**{_erasures(waits.waiting)} not gone from the bytes of the store** since "
            f"{local_time(desk, waits.since):%d %b %Y}. {why}: ask the operator to run `purge`.",
            icon=":material/auto_delete:",
        )
    drill_result.draw(desk)


def _erasures(count: int) -> str:
    return "One erasure is" if count == 1 else f"{count} erasures are"


def _kept(desk: Desk) -> None:
    """Say what of the kept data waits for a human: something new in it, a letter to send, a hold whose review has come."""
    parts, told, review = kept_parts.list_kept(desk), kept_parts.untold(desk), holds.list_holds(desk)
    words = [
        words for count, words in (
            (sum(each.standing is KeptStanding.CHANGED for each in parts), "with something new since its plan"),
            (len(told), "erased on its day, the letter to send"),
            (sum(each.review_due or (each.asked_at is not None and not each.may_release) for each in review),
             "on hold, to be looked at or released"),
        ) for words in ([f"{count} {words}"] if count else [])
    ]
    if words:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f"**Kept data:** {'; '.join(words)}", width="stretch")
            if st.button("Open kept data", icon=":material/front_hand:", key="home_kept"):
                navigation.go("holds")


def _approvals(desk: Desk) -> None:
    waiting = approvals.waiting(desk)
    st.header("Waiting for my approval")
    if not waiting:
        st.caption("Nothing waits for your approval.")
    for row in waiting:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{row['reference']}** · {RIGHTS[Kind(row['kind'])].name} · {_waits(row)}", width="stretch")
            if st.button("Compare and decide", key=f"approve_{row['id']}", icon=":material/balance:"):
                navigation.go("request", id=row["request_id"])


def _waits(row: dict[str, Any]) -> str:
    """Return what is to be approved, where it is not the answer itself, and by when."""
    if row["thing"] == EXTENSION.code:
        last = f"tell the person by {row['base_due']:%d %b %Y}" if row["base_due"] else "no fixed date"
        return f"extension of the period, {last}"
    due = f"due {row['final_due']:%d %b %Y}" if row["final_due"] else "no fixed date"
    if row["thing"] == LETTER.code:
        return f"letter '{LETTERS[row['letter']].title}', {due}"
    return {REFUSAL.code: f"refusal, {due}", OUTSIDE.code: f"answered outside the desk, {due}"}.get(row["thing"], due)


def _silences(desk: Desk, *, opens: bool) -> None:
    """Say of which disclosures the people concerned are to be told now, or when silence is looked at again."""
    for row in needs.silences_due(desk):
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            words = "Look again whether the law still demands silence" if row["open_ended"] else (
                "The law no longer demands silence: tell the person of the disclosure"
            )
            st.markdown(f":material/notifications_active: **{row['reference']}** · {words}, since "
                        f"{row['look_on']:%d %b %Y}", width="stretch")
            if opens and st.button("Open", key=f"silence_{row['request_id']}"):
                navigation.go("request", id=row["request_id"])


def _suppression(desk: Desk) -> None:
    """Say what of the suppression list waits for this person: exports, liftings, mistakes, and reviews that are due."""
    lists, lifts = len(suppression_exports.waiting(desk)), len(restriction_lifts.waiting(desk))
    mistakes = len(annulments.waiting(desk)) if may(desk.person.roles, Act.SUPPRESSION_ANNUL) else 0
    reviews = len(restriction_lifts.reviews_due(desk)) if may(desk.person.roles, Act.RESTRICTION_REVIEW) else 0
    words = [
        words for count, words in (
            (lists, f"{lists} export{'s' * (lists > 1)} of the suppression list"),
            (lifts, f"{lifts} restriction{'s' * (lifts > 1)} to be lifted, the person is told"),
            (mistakes, f"{mistakes} entr{'ies' if mistakes > 1 else 'y'} held for a mistake"),
            (reviews, f"{reviews} restriction{'s' * (reviews > 1)} to be looked at again"),
        ) if count
    ]
    if words:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f"**Suppression:** {'; '.join(words)}", width="stretch")
            if st.button("Open suppression", icon=":material/block:", key="home_suppression"):
                navigation.go("suppression")


def _requests(desk: Desk, view: str, title: str, empty: str, *, opens: bool) -> None:
    page = queue.list_requests(desk, view=view)
    st.header(title)
    if not page.rows:
        st.caption(empty)
        return
    rows = page.rows[:_SHOWN]
    shown = [
        {"Deadline": row.standing.words, "Reference": row.reference, "Right": row.right,
         "Stage": badges.stage_words(row.state, row.closing, sent=row.sent)} for row in rows
    ]
    counted = f"{len(rows)} of {page.total:,}."
    if not opens:
        tables.show(shown, alt=title, style=_coloured, columns=_COLUMNS)
        st.caption(counted)
        return
    chosen = tables.choose(
        f"home_{view}", [row.id for row in rows], shown, alt=f"{title}: choose one to open it", style=_coloured,
        columns=_COLUMNS,
    )
    st.caption(f"{counted} Choose one to open it.")
    if chosen:
        navigation.go("request", id=chosen[0])


def _coloured(frame: Any) -> Any:
    return frame.style.map(badges.deadline_style, subset=["Deadline"])


def _troubles(desk: Desk, *, opens: bool) -> None:
    failing = failed_tasks.failing(desk)
    if not failing:
        return
    st.header("Work that failed")
    for number, each in enumerate(failing[:_SHOWN]):
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            end = f"given up after {each.attempts} tries" if each.given_up else f"try {each.attempts} failed, tried again soon"
            st.markdown(f"**{each.work}** · {each.reference or 'the desk itself'} · {end}", width="stretch")
            if opens and each.request_id and st.button("Open", key=f"trouble_{number}_{each.request_id}"):
                navigation.go("request", id=each.request_id)
