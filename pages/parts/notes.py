"""What the desk says to the person: a refusal as one sentence, and what was just done."""

from secrets import token_hex

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.law.errors import Refused
from pages.parts import visit

_DONE, _PLACE = "done", "notes_place"
CLEARING = 5  # seconds


def refused(refusal: Refused) -> None:
    """Show why something does not happen; the sentence names no value of a data subject."""
    st.error(str(refusal), icon=":material/block:")


def not_open(title: str) -> None:
    """Say that a page is another role's: an address can be sent to somebody, or be left from a role that has ended."""
    st.title(title)
    st.error("Your roles do not open this page. Ask whoever manages the accounts which role does.", icon=":material/block:")


def done(sentence: str) -> None:
    """Say what was done (without a name or a value) from the next run on, until the person acts again or dismisses it."""
    visit.keep(_DONE, (token_hex(4), sentence), along=True)


def show_done() -> None:
    """Show what was done, in a place that is always there: the page below it does not move."""
    st.session_state[_PLACE] = place = st.empty()
    if (said := visit.kept(_DONE)) is None:
        return
    mark, sentence = said
    with place.container(key=f"said_{mark}", horizontal=True, vertical_alignment="center"):
        st.success(sentence, icon=":material/check_circle:")
        st.button("Dismiss", icon=":material/close:", type="tertiary", key=f"dismiss_{mark}", on_click=visit.drop,
                  args=(_DONE,))


def clear_done() -> None:
    """Take the sentence away: the person acts again. Behind a dialog it cannot be emptied, and is gone when that closes."""
    visit.drop(_DONE)
    if not visit.dialog_open() and isinstance(place := st.session_state.get(_PLACE), DeltaGenerator):
        place.empty()


def keep_way_back() -> None:
    """Let the browser load what `signed_out` is drawn with: the gate gives it nothing once the session has ended."""
    st.html("<span hidden></span>")


def signed_out() -> None:
    """Show that the session has ended, the way back, and nothing else: dialogs, lists and toasts lie beside the page."""
    st.html(
        "<style>[data-testid=stSidebar],.stMain [data-testid=stElementContainer]:not(:has(.session-ended)),"
        "body>:not(#root),[role=dialog],[data-testid=stToastContainer],[data-testid=stToast]{display:none!important}</style>"
        '<h1 class="session-ended">Your session has ended</h1><p>You signed out, were away for a while, or your roles changed. '
        'What you saved is on the desk.</p><p><a href="/auth/sign-in" target="_self">Sign in again</a></p>'
    )
    _clear_away()


@st.fragment(run_every=CLEARING)
def _clear_away() -> None:
    """Draw the ended page anew: where two runs cross, the browser may miss the end of one, and keeps what stood there before.

    The shell empties the state in each whole run without a session; a mark in it tells that only this fragment runs.
    """
    if st.session_state.get("ended"):
        st.rerun()
    st.session_state["ended"] = True
