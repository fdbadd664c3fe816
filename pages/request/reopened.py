"""The way on where a request was closed by mistake: a linked request, and the way back from it."""

import streamlit as st

from core.actions.answers import reopening
from core.actions.cases.cases import Request
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_time
from core.law.acts import Act, may
from core.law.workflow import State
from pages.parts import forms, navigation, session, untrusted, visit


def draw(desk: Desk, request: Request) -> None:
    """Say what goes on for a closed request, or for what this one goes on; else offer to open one."""
    found = reopening.of_request(desk, request.row.id)
    for each in found:
        back = each.opened_id == request.row.id
        day = f"{local_time(desk, each.opened_at):%d %b %Y}"
        st.caption(
            f":material/link: Opened on {day} by {each.opened_by}, because the request before it was closed by mistake. "
            "The clock runs from the first receipt." if back else
            f":material/link: Closed by mistake, said {each.opened_by} on {day}: another request goes on for this one."
        )
        untrusted.show(each.reason)
        other, label = (each.request_id, "To the closed request") if back else (each.opened_id, "To the request that goes on")
        if st.button(label, key=f"reopened_{other}", type="tertiary", icon=":material/arrow_forward:"):
            navigation.go("request", id=other)
    if request.state is State.CLOSED and may(desk.person.roles, Act.REQUEST_REOPEN) and st.button(
        "It was a mistake: open a linked request…", key=f"reopen_{request.row.id}_{request.row.version}",
        icon=":material/restart_alt:", width="stretch",
    ):
        _reopen(request.row.id, request.row.version)


@visit.dialog("Open a linked request")
def _reopen(request_id: str, version: int) -> None:
    desk = session.desk_or_stop()
    st.write("The closed request stays as it is. A new one of the same right goes on in this case, with the clock of the first "
             "receipt: it may be late at once. Nobody is its owner yet.")
    reason = st.text_area("What the mistake was", key="reopen_reason")
    if st.button("Open the linked request", type="primary", key="reopen_send"):
        forms.attempt(
            f"reopen_{request_id}_{version}",
            lambda key: reopening.reopen(desk, request_id, reason or "", version=version, key=key),
            "A linked request goes on: the way to it stands under Decision.",
        )
