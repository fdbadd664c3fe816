"""Badges: stage, days, identity and standing, each in words; colour only adds to them."""

from typing import Literal

import streamlit as st

from core.law.clock.standing import Standing
from core.law.workflow import Closing, State

Colour = Literal["red", "orange", "yellow", "blue", "green", "violet", "gray"]

STAGES = {
    State.RECEIVED: "Received", State.IN_PROGRESS: "In progress", State.AWAITING_APPROVAL: "Awaiting approval",
    State.CARRYING_OUT: "Carrying out", State.READY_TO_SEND: "Ready to send", State.CLOSED: "Closed",
}
CLOSINGS = {
    Closing.FULFILLED: "Fulfilled", Closing.PARTLY_FULFILLED: "Partly fulfilled", Closing.REFUSED: "Refused",
    Closing.WITHDRAWN: "Withdrawn", Closing.NOT_IDENTIFIED: "Not identified", Closing.NO_DATA_HELD: "No data held",
    Closing.NO_ANSWER: "No answer came", Closing.DUPLICATE: "Duplicate", Closing.FORWARDED: "Forwarded",
    Closing.NOT_A_REQUEST: "Not a request", Closing.OUTSIDE: "Outside the rules",
}
IDENTITY: dict[str, tuple[str, Colour]] = {"open": ("Identity open", "gray"), "proven": ("Identity proven", "green"),
            "failed": ("Identity not proven", "orange")}
_LEVELS: dict[str, Colour] = {"late": "red", "soon": "orange", "paused": "violet"}

# Text colours for a table's cells, readable on the light and the dark background alike (at least 4.5 to 1 is held by
# a test); the words carry the meaning.
LATE, SOON = ("#c0271a", "#ff8a7a"), ("#8f5200", "#ffb454")


def stage_words(state: str, closing: str | None = None, *, sent: bool = False) -> str:
    """Return where a request stands, or how it ended; `sent` says that its answer is out."""
    return CLOSINGS[Closing(closing)] if closing else "Sent" if sent else STAGES[State(state)]


def stage(state: State, closing: Closing | None, *, sent: bool) -> None:
    """Draw the stage; a finished request says how it ended."""
    if state is State.CLOSED:
        st.badge(f"Closed: {CLOSINGS[closing].lower()}" if closing else "Closed", color="gray",
                 icon=":material/check:")
    else:
        st.badge(stage_words(state, sent=sent), color="blue")


def days(standing: Standing) -> None:
    """Draw the days left or late; nothing for a closed request, whose clock has stopped."""
    if standing.level != "closed":
        st.badge(standing.words, color=_LEVELS.get(standing.level, "gray"))


def identity(state: str) -> None:
    """Draw how far the identity check is."""
    words, colour = IDENTITY.get(state, IDENTITY["open"])
    st.badge(words, color=colour, icon=":material/badge:")


def dark() -> bool:
    """Whether the page is drawn dark."""
    return st.context.theme.type == "dark"


def deadline_style(words: object) -> str:
    """Return the cell style of a deadline, by its shape; a calm one keeps the theme's own colour."""
    text = str(words)
    pair = LATE if text.startswith("■") else SOON if text.startswith("▲") else None
    return f"color:{pair[dark()]};font-weight:600" if pair else ""
