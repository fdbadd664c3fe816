"""The keys of forms: minted when a form is drawn, so that one form sent twice is one command."""

from secrets import token_hex

import streamlit as st


def key_of(form: str) -> str:
    """Return the key of this drawing of the form."""
    name = f"form_key_{form}"
    if name not in st.session_state:
        st.session_state[name] = token_hex(16)
    return str(st.session_state[name])


def sent(form: str) -> None:
    """Let the next drawing of the form have a fresh key: its command was done."""
    st.session_state.pop(f"form_key_{form}", None)
