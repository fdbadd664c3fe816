"""Six weeks as a calendar whose days are buttons: the number due stands in each, the shade only repeats it."""

from collections.abc import Mapping
from datetime import date, timedelta

import streamlit as st

from pages.parts import badges

WEEKS = 6
_RULES = (
    ".st-key-due_calendar [data-testid=stColumn]{min-width:2.6rem}"
    ".st-key-due_calendar [data-testid=stHorizontalBlock]{flex-wrap:nowrap;gap:.3rem}"
    ".st-key-due_calendar button{min-height:2.9rem;padding:.1rem;line-height:1.15}"
    ".st-key-due_calendar button p{white-space:pre-line;font-variant-numeric:tabular-nums}"
    ".st-key-due_calendar button:disabled{border-color:transparent;background:transparent}"
)
_HUE = ("31,95,191", "91,155,240")  # the theme's blue, on light and on dark


def first_day(today: date) -> date:
    """Return the Monday of this week."""
    return today - timedelta(days=today.weekday())


def shade(number: int, most: int) -> float:
    """Return how strong the shade of a day is: nothing for none, never so strong that the number cannot be read.

    >>> shade(0, 9), shade(9, 9)
    (0.0, 0.45)
    """
    return round(0.1 + 0.35 * number / most, 2) if number and most else 0.0


def draw(days: Mapping[date, int], today: date) -> date | None:
    """Draw the weeks from this one on; return the day that was clicked. Days without a request are off."""
    start = first_day(today)
    shown = [start + timedelta(days=number) for number in range(7 * WEEKS)]
    most = max((days.get(day, 0) for day in shown), default=0)
    hue = _HUE[badges.dark()]
    rules = [_RULES, f".st-key-due_{today:%Y%m%d} button{{border:2px solid currentColor!important}}"]
    clicked: date | None = None
    with st.container(key="due_calendar", gap="xxsmall"):
        heads = st.columns(7)
        for head, name in zip(heads, ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True):
            head.caption(name, text_alignment="center")
        for week in range(WEEKS):
            for column, day in zip(st.columns(7), shown[week * 7 : week * 7 + 7], strict=True):
                number = days.get(day, 0)
                if number:
                    rules.append(f".st-key-due_{day:%Y%m%d} button{{background:rgba({hue},{shade(number, most)})}}")
                if _day(column, day, number, today):
                    clicked = day
    st.html(f"<style>{''.join(rules)}</style>")
    return clicked


def _day(column: st.delta_generator.DeltaGenerator, day: date, number: int, today: date) -> bool:
    name = f"{day.day} {day:%b}" if day.day == 1 or day.weekday() == 0 else str(day.day)
    label = f":small[{name}]" + (f"  \n**{number:,}**" if number else "")
    help_text = f"{day:%A %d %B %Y}" + (", today" if day == today else "")
    with column:
        return st.button(
            label, key=f"due_{day:%Y%m%d}", width="stretch", disabled=not number,
            help=f"{help_text}: {number:,} due. Opens the queue." if number else None,
        )
