"""The line under a list that says how many cases are sealed to other people and therefore not in it."""

import streamlit as st

from core.actions.desk.desk import Desk
from core.actions.oversight import sealed

SHOWN = 5  # due days that are named


def draw(desk: Desk, *, counted: bool = False) -> None:
    """Say how many cases are sealed to others, and to a Data Protection Officer when their open requests are due.

    `counted` says that the figures above the list count them.
    """
    there = sealed.count(desk)
    if not there.cases:
        return
    one = there.cases == 1
    words = "1 case is" if one else f"{there.cases} cases are"
    where = "counted above, and not listed" if counted else f"nothing of {'it' if one else 'them'} is listed here"
    st.caption(f":material/lock: {words} sealed to other people: {where}.{_days(there, 'Its' if one else 'Their')}")


def alarm(desk: Desk) -> None:
    """Warn a Data Protection Officer of requests of sealed cases that are late or due within a week."""
    due = sealed.count(desk).due
    late, soon = ([day for day, each in due if each.level == level and day] for level in ("late", "soon"))
    if late or soon:
        said = "; ".join(
            f"{len(days)} {words}, the first on {min(days):%d %b %Y}"
            for days, words in ((late, "overdue"), (soon, "due within a week")) if days
        )
        st.warning(
            f"**Sealed cases: {said}.** See that somebody who is named for them answers in time.", icon=":material/lock_clock:"
        )


def _days(there: sealed.Sealed, whose: str) -> str:
    if not there.due:
        return ""
    days = [f"{day:%d %b %Y} ({each.words})" if day else each.words for day, each in there.due[:SHOWN]]
    more = len(there.due) - SHOWN
    return f" {whose} open requests are due: {', '.join(days)}{f' and {more} more' if more > 0 else ''}."
