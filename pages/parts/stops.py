"""What an objection or a withdrawal stops at once: what it names further, what narrows it, and what was stopped."""

from collections.abc import Callable, Collection

import streamlit as st

from core.actions.desk.desk import Desk
from core.actions.suppression import suppression_list
from core.actions.suppression.suppressions import Limits
from core.law.rights.suppression import ALL, CHANNELS
from core.law.ways import Kind

FIELDS = ("further", "own_words", "stop_channels", "stop_purpose", "narrower")


def draw(
    desk: Desk, kinds: Collection[Kind], form: str, words: str, changed: Callable[[], None] | None = None
) -> None:
    """Draw the fields into the session's state under the form's name: suppressed before anybody is found."""
    st.caption(words)
    st.text_area(
        "Further e-mail addresses and numbers that the person names, one a line", key=f"{form}_further",
        height=80, on_change=changed,
    )
    narrower(desk, form, purpose=Kind.CONSENT_WITHDRAWAL in kinds, changed=changed)


def narrower(desk: Desk, form: str, *, purpose: bool, changed: Callable[[], None] | None = None) -> None:
    """Draw what limits a stop, and the words that limit it: folded away, for nobody is asked to narrow it."""
    # How it was first drawn stays: were it opened by the words typed in it, it would be drawn anew under the one who types.
    held = bool(st.session_state.get(f"{form}_own_words"))
    with st.expander("Narrower, in the person's own words", expanded=st.session_state.setdefault(f"{form}_narrower", held)):
        st.caption("Left empty, it stops everything, on every channel: do not ask the person to narrow it.")
        st.text_area("The words that limit it", key=f"{form}_own_words", height=80, on_change=changed)
        st.pills(
            "Only these channels", [code for code in CHANNELS if code != ALL], key=f"{form}_stop_channels",
            selection_mode="multi", format_func=lambda code: CHANNELS[code], on_change=changed,
        )
        if purpose:
            known = ["", *suppression_list.purposes(desk)]
            if st.session_state.get(f"{form}_stop_purpose") not in known:
                st.session_state[f"{form}_stop_purpose"] = ""
            st.selectbox("Only the consent for this purpose", known, key=f"{form}_stop_purpose", on_change=changed,
                         format_func=lambda each: each or "every purpose")


def limits(form: str) -> Limits:
    """Return what was typed and chosen under the form's name."""
    got = st.session_state
    return Limits(
        got.get(f"{form}_stop_purpose") or "", tuple(got.get(f"{form}_stop_channels") or ()), got.get(f"{form}_own_words") or ""
    )


def forget(form: str) -> None:
    """Let the next drawing begin empty: the words of one person limit nobody else's stop."""
    for name in FIELDS:
        st.session_state.pop(f"{form}_{name}", None)


def told(suppressed: int) -> None:
    """Say what the message stopped."""
    if suppressed:
        st.info("Stopped at once: the addresses and numbers of this message are on the suppression list.",
                icon=":material/block:")
    else:
        st.warning("The message names no address or number, so nothing could be stopped yet. Find the person: "
                   "it is stopped for all they hold.", icon=":material/warning:")
