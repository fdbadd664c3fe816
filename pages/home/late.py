"""What will be late: the requests whose latest safe start is past or near, the earliest first."""

from typing import Any

import streamlit as st

from core.actions.cases import queue
from core.actions.cases.queue import WORKING_DAYS, Behind
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from pages.board import safe_start
from pages.board.findings import requests
from pages.parts import badges, navigation, tables

_SHOWN = 10


def draw(desk: Desk) -> None:
    """Draw what is behind its latest safe start, and what reaches it in the next working days."""
    found, today = queue.list_behind(desk), today_of(desk)
    st.header(title(found))
    if not found.rows:
        return
    tables.show(
        [safe_start.cell(row, today) for row in found.rows[:_SHOWN]], alt=title(found), style=_coloured,
        columns={
            "To do by": st.column_config.Column(width=206), "Why not later": st.column_config.Column(width=270),
            "Reference": st.column_config.Column(width=130), "Deadline": st.column_config.Column(width=88),
        },
    )
    if st.button("All in this order in the queue", key="home_late", icon=":material/arrow_forward:", type="tertiary"):
        navigation.go("queue", order="start")


def title(found: Behind) -> str:
    """Say how many requests will be late at our own pace, and how many have to move on soon.

    >>> from datetime import date
    >>> title(Behind((), 1, 2, date(2026, 12, 8)))
    '1 request will be late at our pace, 2 more have to move on within 5 working days'
    """
    within = f"within {WORKING_DAYS} working days"
    if not (found.behind or found.soon):
        return f"Nothing has to move on {within} to be in time"
    if not found.behind:
        return f"{requests(found.soon)} {'has' if found.soon == 1 else 'have'} to move on {within} to be in time"
    more = f", {found.soon:,} more {'has' if found.soon == 1 else 'have'} to move on {within}" if found.soon else ""
    return f"{requests(found.behind)} will be late at our pace{more}"


def _coloured(frame: Any) -> Any:
    return frame.style.map(badges.deadline_style, subset=["To do by", "Deadline"])
