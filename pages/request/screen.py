"""One request: its head, the work on the left, clock and decision always in view on the right."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import streamlit as st

from core.actions.answers import approvals, decisions, needs, progress
from core.actions.answers.letters import letters
from core.actions.answers.outside.outside import OUTSIDE
from core.actions.answers.packages import packages
from core.actions.answers.packages.release import RELEASE
from core.actions.answers.plan_approvals import PLAN
from core.actions.answers.refusal.refusals import REFUSAL
from core.actions.cases import cases, queue
from core.actions.cases.cases import CaseFile, Request
from core.actions.cases.intake import CHANNELS
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_time
from core.law.acts import Act, may, require
from core.law.errors import NotFound, Refused
from core.law.identity import Channel
from core.law.ways import Kind
from core.law.workflow import State
from pages.parts import badges, navigation, untrusted
from pages.request import (
    carry_panel,
    clock_panel,
    correspondence,
    decision,
    extension_panel,
    letter_approval,
    letter_desk,
    sealing,
    steps,
    timeline,
    twins,
    why,
)
from pages.request.answers import (
    erase_panel,
    need_panel,
    outside_panel,
    rectify_panel,
    refusal_panel,
    release,
    release_ways,
    stop_panel,
)
from pages.request.person import case_person

_DECIDED = {
    PLAN.code: carry_panel.decide, RELEASE.code: release.draw, REFUSAL.code: refusal_panel.decide,
    OUTSIDE.code: outside_panel.decide,
}
TITLE, ICON, GROUP, ACT, URL, HIDDEN = "Request", ":material/description:", "Requests", Act.CASE_OPEN, "request", True


def show(desk: Desk) -> None:
    """Open the case file of the request in the address and draw it."""
    require(desk.person.roles, ACT)
    request_id = st.query_params.get("id", "")
    if not request_id:
        st.title("Request")
        st.write("No request is chosen.")
        st.page_link(navigation.page("queue"), label="To the queue", icon=":material/arrow_back:")
        return
    file = _opened(desk, request_id)
    request = next((each for each in file.requests if each.row.id == request_id), None)
    if request is None:
        raise NotFound("There is no such request.")
    package = packages.state(desk, request_id)
    approval = approvals.open_of(desk, request_id) if request.state is State.AWAITING_APPROVAL else None
    written = letters.list_letters(desk, file.case_ref)
    going, decided = progress.of_request(desk, request_id), decisions.of_request(desk, request_id)
    # Each part has a place that is always there: what comes and goes moves nothing, and no tab stands twice in between.
    head, warning = st.container(), st.container()
    with head:
        _head(desk, file, request)
    with warning:
        rectify_panel.warn(desk, request)
        twins.draw(desk, request)
        _held(desk, file)
    left, right = st.container(key="request_columns").columns([7, 3], gap="large")
    with right:
        clock_panel.draw(desk, file, request)
        decision.draw(desk, file, request, package, going, decided)
    extending, deciding, handing_over, watching, working = (left.container() for _ in range(5))
    with extending:
        extension_panel.decide(desk, request)
        letter_approval.decide(desk, request)
    with deciding:
        if approval and may(desk.person.roles, Act.RELEASE_OPEN):
            _decide(desk, approval)
    with handing_over:
        release_ways.draw(desk, file, request, package)
    with watching:
        if package and package.state == "released":
            decision.watch(request_id, request.row.version, package.state, "")  # the person may fetch it at any moment
    with working:
        _tabs(desk, file, request, package, written, going, decided)


def _opened(desk: Desk, request_id: str) -> CaseFile:
    """Open the case file; where that is refused, the page still has its title and the way back above the reason."""
    try:
        return cases.open_case(desk, cases.case_of(desk, request_id))
    except Refused:
        st.title("Request")
        st.page_link(navigation.page("queue"), label="To the queue", icon=":material/arrow_back:")
        raise


def _held(desk: Desk, file: CaseFile) -> None:
    """Say which open inquiry of an authority holds the case."""
    if names := ", ".join(needs.holding(desk, file.case_ref)):
        st.info(f"An inquiry of an authority about this case is open ({names}): nothing of it is deleted until it is closed.",
                icon=":material/lock_clock:")


def _decide(desk: Desk, approval: dict[str, Any]) -> None:
    """Draw what is to be decided for the person who was asked."""
    if any(row["id"] == approval["id"] for row in approvals.waiting(desk)):
        _DECIDED[approval["thing"]](desk, approval["id"])


def _tabs(
    desk: Desk, file: CaseFile, request: Request, package: packages.PackageState | None,
    written: tuple[letters.LetterShown, ...], going: progress.Progress, decided: tuple[decisions.Decided, ...],
) -> None:
    names: dict[str, Callable[[], None]] = {
        "Checklist": lambda: steps.checks(request, going),
        "Messages": lambda: correspondence.messages(desk, file, request),
        **({need_panel.TAB: lambda: need_panel.draw(desk, file, request)} if request.right.kind in need_panel.KINDS else {}),
        "Person & data": lambda: case_person.draw(desk, file, request, package),
        **({"Carrying out": lambda: stop_panel.draw(desk, file, request)} if request.right.kind in stop_panel.KINDS else {}),
        **({"Correction": lambda: _correction(desk, file, request)} if request.right.kind is Kind.RECTIFICATION else {}),
        **({"Erasure": lambda: erase_panel.draw(desk, file, request)} if request.right.kind is Kind.ERASURE else {}),
        "Letters": lambda: letter_desk.draw(desk, file, request, written),
        "Decisions": lambda: why.draw(desk, decided),
        "Timeline": lambda: timeline.draw(desk, file, request),
        "Notes": lambda: correspondence.notes_of(desk, file),
    }
    # The names hold no counts: a name that changes would throw the reader back to the first tab.
    tabs = st.tabs(list(names), key=f"request_tabs_{request.row.id}", on_change="rerun")
    for tab, draw in zip(tabs, names.values(), strict=True):
        if tab.open:
            with tab:
                draw()


def _correction(desk: Desk, file: CaseFile, request: Request) -> None:
    rectify_panel.draw(desk, file, request)
    if file.subject_ref is None:
        return
    asking, ending = st.container(), st.container()
    with asking:
        carry_panel.ask(desk, file, request)
        carry_panel.wait(desk, request)
    with ending:
        carry_panel.ends(desk, request)


def _head(desk: Desk, file: CaseFile, request: Request) -> None:
    row = request.row
    _neighbours(desk, row.id)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(f"{request.right.name} · {row.reference}", width="content")
        badges.stage(request.state, request.closing, sent=request.sent)
        badges.days(request.standing)
        if request.right.needs_identity:
            badges.identity(file.identity_state)
        if file.sealed_to_names:
            st.badge("Sealed", icon=":material/lock:", color="violet")
        if row.came_back_at is not None:
            st.badge("Answer came back", icon=":material/undo:", color="orange")
        sealing.draw(desk, file)
    due = request.deadline.final_due or row.final_due
    facts = [
        f"Art. {request.right.article}",
        f"received {local_time(desk, row.received_at):%d %b %Y %H:%M} ({CHANNELS[_came_by(file, row.id)].lower()})",
        f"entered {_entered(desk, file, row.id):%d %b %Y %H:%M}", f"due {due:%d %b %Y}" if due else "no due date at present",
        f"owner {untrusted.inline(request.owner or 'nobody yet')}",
    ]
    st.caption(" · ".join(facts))
    others = [each for each in file.requests if each.row.id != row.id]
    if others:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("In the same case:", width="content")
            for each in others:
                if st.button(
                    f"{each.right.name}: {badges.stage_words(each.state, each.closing, sent=each.sent).lower()}",
                    key=f"other_{each.row.id}", type="tertiary",
                ):
                    navigation.go("request", id=each.row.id)


def _opening(file: CaseFile, request_id: str) -> dict[str, Any] | None:
    """Return the later message that opened the request, where the first did not."""
    return next((
        each for each in file.messages[1:]
        if any(right["opened"] and right["request_id"] == request_id for right in each["rights"])
    ), None)


def _came_by(file: CaseFile, request_id: str) -> Channel:
    later = _opening(file, request_id)
    return Channel(later["channel"] if later else file.channel)


def _entered(desk: Desk, file: CaseFile, request_id: str) -> datetime:
    later = _opening(file, request_id)
    return local_time(desk, later["entered_at"]) if later else file.entered


def _neighbours(desk: Desk, request_id: str) -> None:
    rows = [each.id for each in queue.list_requests(desk).rows]
    place = rows.index(request_id) if request_id in rows else None
    with st.container(horizontal=True):
        if st.button("Queue", icon=":material/arrow_back:", type="tertiary", key="request_back"):
            navigation.go("queue")
        if place is None:
            return
        if st.button("Previous", icon=":material/chevron_left:", type="tertiary", disabled=place == 0):
            navigation.go("request", id=rows[place - 1])
        if st.button("Next", icon=":material/chevron_right:", type="tertiary", disabled=place == len(rows) - 1):
            navigation.go("request", id=rows[place + 1])


