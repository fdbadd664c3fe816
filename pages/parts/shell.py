"""The shell that runs at every click: who sits here, which pages their roles open, and one of them drawn."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import ModuleType

import streamlit as st

from core.actions.accounts.sessions import end_sessions
from core.actions.desk.desk import Desk
from core.law.acts import may
from core.law.errors import Refused, StepUpNeeded
from pages.parts import badges, dressing, notes, session, step_up, untrusted, visit
from pages.parts.screens import address_of, screens

IDLE_CHECK = 10  # seconds


def drawn(page: ModuleType, desk: Desk) -> Callable[[], None]:
    """Return the page as Streamlit wants it: a function without arguments that shows a refusal as a sentence."""

    def draw() -> None:
        try:
            page.show(desk)
            visit.draw_dialog()
        except StepUpNeeded as needed:
            step_up.ask(desk, needed)
        except Refused as refusal:
            notes.refused(refusal)

    return draw


@st.fragment(run_every=IDLE_CHECK)
def watch() -> None:
    """Draw the page anew when the session has ended while nobody clicked, or the browser turned light or dark."""
    with suppress(Refused):  # the store may be opening anew; the next look tells
        if session.current_desk(active=False) is None:
            st.rerun()
    if st.session_state.get("drawn_dark") != badges.dark():
        visit.redraw()


def run() -> None:
    """Draw one page, or, without a session, only the way back to the sign-in."""
    st.set_page_config(page_title="Rightsdesk", page_icon="🗂️", layout="wide")
    try:
        desk = session.current_desk()
    except Refused as refusal:
        st.navigation([st.Page(partial(notes.refused, refusal), title="Not now", default=True)], position="hidden").run()
        return
    if desk is None or st.session_state.setdefault("sign_in_ref", desk.person.sign_in_ref) != desk.person.sign_in_ref:
        st.session_state.clear()
    if desk is None:
        st.navigation([st.Page(notes.signed_out, title="Session ended", default=True)], position="hidden").run()
        return
    st.session_state["sign_in_ref"] = desk.person.sign_in_ref
    offered: dict[str, list[st.Page]] = {}
    for name, page in screens().items():
        open_to = may(desk.person.roles, page.ACT)
        offered.setdefault(page.GROUP if open_to else "", []).append(st.Page(
            drawn(page, desk) if open_to else partial(notes.not_open, page.TITLE), title=page.TITLE, icon=page.ICON,
            default=name == "home", url_path=address_of(name, page),
            visibility="visible" if open_to and not getattr(page, "HIDDEN", False) else "hidden",
        ))
    chosen = st.navigation(offered, expanded=True)
    st.set_page_config(page_title=f"{chosen.title} · Rightsdesk", page_icon="🗂️", layout="wide")
    failed = None
    with st.sidebar:
        dressing.brand(desk, "side")
        if desk.store.kind == "demo":
            st.badge("Demo store", icon=":material/science:", color="orange")
        st.caption(f"**{untrusted.inline(desk.person.name)}** · {', '.join(sorted(desk.person.roles))}")
        if st.button("Sign out", icon=":material/logout:", width="stretch"):
            try:
                end_sessions(desk, only_this=True)
                st.rerun()
            except Refused as refusal:  # the session ends by itself when nobody uses it
                failed = refusal
        notes.keep_way_back()
    dressing.dress()
    dressing.brand(desk, "top")
    st.session_state["drawn_dark"] = badges.dark()
    watch()
    visit.arrive(f"{chosen.url_path}?{st.query_params.get('id', '')}")
    notes.show_done()
    if failed is not None:
        notes.refused(failed)
    chosen.run()


run()
