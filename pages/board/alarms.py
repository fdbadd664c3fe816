"""The alarm that nobody is on duty on a due day, while there is time to answer before."""

from datetime import date

import streamlit as st

from core.actions.desk.desk import Desk
from core.actions.duty.alarms import Gap, Why, unattended
from core.law.acts import Act, may
from pages.board.findings import requests

_SHOWN = 4
_WHY = {
    Why.NOBODY: "no account handles requests", Why.SHUT: "the desk is shut", Why.AWAY: "whoever handles requests is away",
    Why.REST: "it is no working day",
}


def draw(desk: Desk) -> None:
    """Say on which due days nobody handles requests, and until when they can be answered; nothing where there is none."""
    gaps = unattended(desk) if may(desk.person.roles, Act.BOARD_LOOK) else []
    if not gaps:
        return
    more = f"  \nand on {len(gaps) - _SHOWN} further occasions" if len(gaps) > _SHOWN else ""
    st.warning("  \n".join(_words(each) for each in gaps[:_SHOWN]) + more, icon=":material/event_busy:")


def _words(gap: Gap) -> str:
    """Return the alarm of a gap.

    >>> _words(Gap(date(2026, 12, 28), date(2026, 12, 28), 2, Why.SHUT, date(2026, 12, 23)))
    '**Nobody is on duty on Mon 28 Dec**, the last day of 2 requests: the desk is shut. Answer by Wed 23 Dec.'
    """
    one = gap.first == gap.last
    when = f"on {_day(gap.last)}" if one else f"from {_day(gap.first)} to {_day(gap.last)}"
    by = f"Answer by {_day(gap.before)}." if gap.before else (
        "Nobody is there before it either: name somebody who handles requests."
    )
    return f"**Nobody is on duty {when}**, the last day{'' if one else 's'} of {requests(gap.requests)}: {_WHY[gap.why]}. {by}"


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"
