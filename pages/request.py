"""One request: its head, the work on the left, clock and decision always in view on the right."""

import streamlit as st

from core.actions import approvals, cases, letters, packages, queue
from core.actions.cases import CaseFile, Request
from core.actions.desk import Desk
from core.actions.intake import CHANNELS
from core.law.acts import Act, may, require
from core.law.errors import NotFound
from core.law.identity import Channel
from core.law.workflow import State
from pages.parts import badges, case_person, clock_panel, correspondence, decision, letter_desk, release, timeline, ways

TITLE, ICON, GROUP, ACT, URL, HIDDEN = "Request", ":material/description:", "Requests", Act.CASE_OPEN, "request", True


def show(desk: Desk) -> None:
    """Open the case file of the request in the address and draw it."""
    require(desk.person.roles, ACT)
    request_id = st.query_params.get("id", "")
    if not request_id:
        st.title("Request")
        st.write("No request is chosen.")
        st.page_link(ways.page("queue"), label="To the queue", icon=":material/arrow_back:")
        return
    file = cases.open_case(desk, cases.case_of(desk, request_id))
    request = next((each for each in file.requests if each.row["id"] == request_id), None)
    if request is None:
        raise NotFound("There is no such request.")
    package = packages.state(desk, request_id)
    approval = approvals.open_approval(desk, request_id) if request.state is State.AWAITING_APPROVAL else None
    written = letters.list_letters(desk, file.case_ref)
    _head(desk, file, request)
    left, right = st.columns([7, 3], gap="large")
    with right:
        clock_panel.draw(desk, file, request)
        decision.draw(desk, file, request, package)
    with left:
        if approval and may(desk.person.roles, Act.RELEASE_OPEN):
            _release(desk, approval)
        _tabs(desk, file, request, package, written)


def _release(desk: Desk, approval: str) -> None:
    if any(row["id"] == approval for row in approvals.waiting(desk)):
        release.draw(desk, approval)


def _tabs(
    desk: Desk, file: CaseFile, request: Request, package: packages.PackageState | None,
    written: tuple[letters.LetterShown, ...],
) -> None:
    names = {
        "Checklist": lambda: decision.checks(request, file, package, written),
        "Messages": lambda: correspondence.messages(desk, file, request),
        "Person & data": lambda: case_person.draw(desk, file, request, package),
        "Letters": lambda: letter_desk.draw(desk, file, request, written),
        "Timeline": lambda: timeline.draw(desk, file, request),
        "Notes": lambda: correspondence.notes_of(desk, file),
    }
    # The names hold no counts: a name that changes would throw the reader back to the first tab.
    tabs = st.tabs(list(names), key=f"request_tabs_{request.row['id']}", on_change="rerun")
    for tab, draw in zip(tabs, names.values(), strict=True):
        if tab.open:
            with tab:
                draw()


def _head(desk: Desk, file: CaseFile, request: Request) -> None:
    row = request.row
    _neighbours(desk, row["id"])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(f"{request.right.name} · {row['reference']}", width="content")
        badges.stage(request.state, request.closing)
        badges.days(request.standing)
        if request.right.needs_identity:
            badges.identity(file.identity_state)
        if file.sealed_to_names:
            st.badge("Sealed", icon=":material/lock:", color="violet")
        if row["came_back_at"] is not None:
            st.badge("Answer came back", icon=":material/undo:", color="orange")
    due = request.deadline.final_due
    facts = [
        f"Art. {request.right.article}",
        f"received {file.received:%d %b %Y %H:%M} ({CHANNELS[Channel(file.channel)].lower()})",
        f"entered {file.entered:%d %b %Y %H:%M}", f"due {due:%d %b %Y}" if due else "no due date at present",
        f"owner {request.owner or 'nobody yet'}",
    ]
    st.caption(" · ".join(facts))
    others = [each for each in file.requests if each.row["id"] != row["id"]]
    if others:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("In the same case:")
            for each in others:
                if st.button(
                    f"{each.right.name}: {badges.stage_words(each.state, each.closing).lower()}",
                    key=f"other_{each.row['id']}", type="tertiary",
                ):
                    ways.go("request", id=each.row["id"])


def _neighbours(desk: Desk, request_id: str) -> None:
    rows = [each.id for each in queue.list_requests(desk).rows]
    place = rows.index(request_id) if request_id in rows else None
    with st.container(horizontal=True):
        if st.button("Queue", icon=":material/arrow_back:", type="tertiary", key="request_back"):
            ways.go("queue")
        if place is None:
            return
        if st.button("Previous", icon=":material/chevron_left:", type="tertiary", disabled=place == 0):
            ways.go("request", id=rows[place - 1])
        if st.button("Next", icon=":material/chevron_right:", type="tertiary", disabled=place == len(rows) - 1):
            ways.go("request", id=rows[place + 1])


