"""A day as it is typed: every text arrives here and is read aloud; a calendar drops or mends what it cannot take."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.law.errors import Invalid
from core.law.typed import read_day

_EXAMPLE = "Such as 2026-03-02 or 2 Mar 2026"


@dataclass(frozen=True)
class Day:
    """What was typed in the field of a day, and the day if it can be read as one."""

    name: str
    called: str
    text: str
    value: date | None

    def needed(self) -> date:
        """Return the day. Raises Invalid, with the field, where nothing was typed or it cannot be read."""
        return read_day(self.text, self.name, self.called)

    def given(self) -> date | None:
        """Return the day, or None where nothing was typed. Raises Invalid where what was typed cannot be read."""
        return read_day(self.text, self.name, self.called, needed=False)


def day(
    label: str, key: str, value: date | None = None, *, place: DeltaGenerator | None = None, note: str = "",
    on_change: Callable[[], None] | None = None,
) -> Day:
    """Draw the field of a day and, below it, the day as it is read, or why it cannot be; return what was typed.

    The field begins with `value`, or with the text that stands in the session's state under its key. An action gets
    `needed()` or `given()`, asked within `forms.attempt` or another place that shows a refusal.
    """
    with (place or st).container(gap="xxsmall"):  # always one line below: a button is not moved from under a click
        text = st.text_input(
            label, value.isoformat() if value else "", key=key, help=note or None, on_change=on_change or "rerun",
            autocomplete="off", placeholder="YYYY-MM-DD",
        ) or ""
        called = f"the day '{label.partition(' (')[0]}'"
        try:
            read = read_day(text, key, called, needed=False)
        except Invalid as refusal:
            st.caption(f":material/error: {refusal}")
            return Day(key, called, text, None)
        st.caption(f"{read:%A}, {read.day} {read:%B %Y}" if read else _EXAMPLE)
    return Day(key, called, text, read)
