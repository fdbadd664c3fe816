"""A link by mail on the request page: sent by the worker, its outcome shown when it is known."""

import streamlit as st

from core.actions.answers.packages import link_mail
from core.actions.answers.packages.ways_out import WayOut
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_time
from core.law.ways_out import MAILED, MAILING, UNMAILED
from pages.parts import forms, session, visit

_POLL = 2  # seconds


def draw(desk: Desk, now: WayOut) -> bool:
    """Draw the button, the waiting, or the outcome; return whether the link may still be shown instead."""
    if now.mail == MAILING:
        _wait(now.id, now.mail_tries, local_time(desk, now.mail_next).strftime("%H:%M:%S") if now.mail_next else "")
        return False
    if now.mail == UNMAILED:
        st.error(f"The mail did not leave, and its link is void. {now.mail_trouble}", icon=":material/unsubscribe:")
    if now.shown_at is not None:
        if now.mail == MAILED:
            st.success("Sent by mail to the approved address.", icon=":material/mark_email_read:")
        return False
    if now.channel == "email" and link_mail.mail_is_set() and st.button(
        "Send it again by mail" if now.mail == UNMAILED else "Send it by mail", type="primary", icon=":material/mail:",
        key=f"mail_{now.id}",
    ):
        forms.attempt(
            f"mail_{now.id}", lambda key: link_mail.ask(desk, now.id, key=key),
            "The mail is handed to the desk's worker. Its outcome stands here shortly.",
        )
    return True


@st.fragment(run_every=_POLL)
def _wait(way_id: str, tries: int, again: str) -> None:
    """Look whether the mail has left; looking is no use of the session."""
    desk = session.desk_or_stop(active=False)
    present = link_mail.sending(desk, way_id)
    if present.state != MAILING or present.tries != tries:
        visit.redraw()
    if again and tries:
        st.warning(
            f"The mail server did not take the mail yet ({tries} {'try' if tries == 1 else 'tries'}). It is tried again "
            f"at {again}; until then the link is kept.", icon=":material/schedule_send:",
        )
    else:
        st.markdown(":material/hourglass_top: The mail is on its way to the server.")
