"""What an objection or a withdrawal stops at once: what it names further, what narrows it, and what was stopped."""

from collections.abc import Callable, Collection

import streamlit as st

from core.actions.desk.desk import Desk
from core.actions.suppression import suppression_list
from core.law.rights.suppression import ALL, CHANNELS
from core.law.ways import Kind

FIELDS = ("further", "own_words", "stop_channels", "stop_purpose")


def draw(
    desk: Desk, kinds: Collection[Kind], form: str, words: str, changed: Callable[[], None] | None = None
) -> None:
    """Draw the fields into the session's state under the form's name: suppressed before anybody is found."""
    st.caption(words)
    st.text_area(
        "Further e-mail addresses and numbers that the person names, one a line", key=f"{form}_further",
        height=80, on_change=changed,
    )
    with st.expander("Narrower, in the person's own words", expanded=bool(st.session_state.get(f"{form}_own_words"))):
        st.caption("Left empty, it stops everything, on every channel: do not ask the person to narrow it.")
        st.text_area("The words that limit it", key=f"{form}_own_words", height=80,
                     on_change=changed)
        st.multiselect(
            "Only these channels", [code for code in CHANNELS if code != ALL], key=f"{form}_stop_channels",
            format_func=lambda code: CHANNELS[code], on_change=changed, placeholder="every channel",
        )
        if Kind.CONSENT_WITHDRAWAL in kinds:
            known = ["", *suppression_list.purposes(desk)]
            if st.session_state.get(f"{form}_stop_purpose") not in known:
                st.session_state[f"{form}_stop_purpose"] = ""
            st.selectbox("Only the consent for this purpose", known, key=f"{form}_stop_purpose", on_change=changed,
                         format_func=lambda each: each or "every purpose")


def told(suppressed: int) -> None:
    """Say what the message stopped."""
    if suppressed:
        st.info("Stopped at once: the addresses and numbers of this message are on the suppression list.",
                icon=":material/block:")
    else:
        st.warning("The message names no address or number, so nothing could be stopped yet. Find the person: "
                   "it is stopped for all they hold.", icon=":material/warning:")
