"""What stays on the screen while a person is at one page, whatever draws it anew: a sentence, a secret, an open dialog.

A page is drawn again by polls, by other sessions' work and by every click. What one run of it alone would show is lost to
the next; so it is kept here, until the person dismisses it, acts again or goes to another page or another request.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal

import streamlit as st

_VISIT = "visit"  # the number of the visit and where it is
_KEPT = "visit_kept"  # name -> (number of the visit, or None until the next one begins or goes on; what is kept)
_DIALOG = "dialog"
_DRAWN = "visit_dialog_drawn"
_DIALOGS: dict[str, Callable[..., None]] = {}


def arrive(place: str) -> None:
    """Begin a whole run of the page at a place: another place than before is a new visit, which what was kept does not see."""
    number, before = st.session_state.get(_VISIT, (0, place))
    number += before != place
    st.session_state[_VISIT] = (number, place)
    held = st.session_state.get(_KEPT, {})
    st.session_state[_KEPT] = {
        name: (number, value) for name, (visit, value) in held.items() if visit in {number, None}
    }
    st.session_state[_DRAWN] = False


def keep(name: str, value: Any, *, along: bool = False) -> None:
    """Keep a value for this visit; `along` takes it to the page that the person is sent to next."""
    number = None if along else st.session_state.get(_VISIT, (0, ""))[0]
    st.session_state[_KEPT] = {**st.session_state.get(_KEPT, {}), name: (number, value)}


def kept(name: str) -> Any:
    """Return what is kept under the name, or None."""
    return st.session_state.get(_KEPT, {}).get(name, (None, None))[1]


def drop(name: str) -> None:
    """Keep it no longer."""
    st.session_state[_KEPT] = {each: held for each, held in st.session_state.get(_KEPT, {}).items() if each != name}


def dialog(title: str, *, width: Literal["small", "large"] = "small") -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a function the content of a dialog that stays open, with what was typed, until it is closed or its command done."""

    def decorate(content: Callable[..., None]) -> Callable[..., None]:
        name = f"{content.__module__}.{content.__qualname__}"
        shown = st.dialog(title, width=width, on_dismiss=close_dialog)(content)
        _DIALOGS[name] = shown

        @wraps(content)
        def opened(*given: Any, **named: Any) -> None:
            keep(_DIALOG, (name, given, named))
            st.session_state[_DRAWN] = True
            shown(*given, **named)

        return opened

    return decorate


def close_dialog() -> None:
    """Leave the open dialog out of the next run, which follows at once."""
    drop(_DIALOG)


def dialog_open() -> bool:
    """Whether a dialog lies over the page."""
    return kept(_DIALOG) is not None


def redraw() -> None:
    """Draw the whole page anew for a poll; while a dialog is open it waits, since what is typed there would be lost."""
    if not dialog_open():
        st.rerun()


def draw_dialog() -> None:
    """Draw the dialog that is open, unless this run has opened it."""
    held = kept(_DIALOG)
    if held is not None and not st.session_state.get(_DRAWN):
        name, given, named = held
        _DIALOGS[name](*given, **named)
