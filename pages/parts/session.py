"""Who sits at this page: the one place that reads the cookie, asked again at every rerun, fragments included."""

import streamlit as st

from core.actions.accounts.sessions import resolve_session
from core.actions.desk.desk import Desk, opened_store, present
from core.law.errors import Refused
from pages.parts import notes

COOKIE = "desk_session"


def token() -> str | None:
    """Return the session token that the browser sent when it opened the page; None without one."""
    found = st.context.cookies.get(COOKIE)
    return found if isinstance(found, str) else None


def current_desk(*, active: bool = True) -> Desk | None:
    """Return the desk of the person whose session is valid at this moment, else None.

    A fragment that runs by itself asks with `active` False: polling is no use of the desk and keeps nobody signed in.
    """
    store, now = opened_store(), present()
    person = resolve_session(store, now, token(), active=active) if store else None
    return Desk(store, person, now) if store and person else None


def desk_or_stop(*, active: bool = True) -> Desk:
    """As `current_desk`, for fragments: without a session the whole page runs again, and then shows nothing.

    Where nobody can be known just now (the store is opening anew) the fragment says so, and the next run looks again.
    """
    try:
        desk = current_desk(active=active)
    except Refused as refusal:
        notes.refused(refusal)
        st.stop()
    if desk is None:
        st.rerun()
    return desk
