"""Forms: the key minted when one is drawn, so that one form sent twice is one command, and what follows a click."""

from collections.abc import Callable
from secrets import token_hex
from typing import NoReturn, TypeVar

import streamlit as st

from core.law.errors import Refused, StepUpNeeded
from pages.parts import notes, visit

T = TypeVar("T")


def key_of(form: str) -> str:
    """Return the key of this drawing of the form."""
    name = f"form_key_{form}"
    if name not in st.session_state:
        st.session_state[name] = token_hex(16)
    return str(st.session_state[name])


def sent(form: str) -> None:
    """Let the next drawing of the form have a fresh key: its command was done."""
    st.session_state.pop(f"form_key_{form}", None)


def attempt(form: str, action: Callable[[str], T], sentence: str | Callable[[T], str] = "") -> None:
    """Do a command with the form's key; a refusal is shown where the form stands, and what was typed stays.

    When it was done, the whole page is drawn anew with the sentence on top, which may say what came of it. A missing
    step-up is asked for by the caller before; here it is a refusal like others.
    """
    notes.clear_done()
    try:
        done = action(key_of(form))
    except StepUpNeeded:
        raise
    except Refused as refusal:
        notes.refused(refusal)
        return
    sent(form)
    finish(sentence if isinstance(sentence, str) else sentence(done))


def finish(sentence: str = "") -> NoReturn:
    """Close the dialog, if one is open, and draw the whole page anew with what was done on top."""
    visit.close_dialog()
    if sentence:
        notes.done(sentence)
    st.rerun()
