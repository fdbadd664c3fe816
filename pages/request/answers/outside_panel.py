"""A request answered outside the desk: a line for each system with its evidence, the letter, another person's decision."""

import streamlit as st

from core.actions.answers import approvals
from core.actions.answers.outside import outside
from core.actions.answers.outside.outside import OUTSIDE, Outside
from core.actions.answers.rooms import ROOMS
from core.actions.cases.cases import CaseFile, Request
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_time
from core.law.acts import Act, may
from core.law.errors import Refused
from core.law.outside import OUTCOMES, Done, Line
from core.law.ways import Kind
from core.law.workflow import State
from pages.parts import badges, forms, notes, session, typed, untrusted, visit
from pages.parts.untrusted import facts
from pages.request import approval_panel, steps

_TOLD = {
    Done.DONE: "What was done, in words for the person", Done.KEPT: "Why it is kept: the ground and the statute, for the person",
    Done.NOT_DONE: "Why it was not done, in words for the person",
}


def draw(desk: Desk, file: CaseFile, request: Request) -> None:
    """Draw, for a request in progress, the way to record it, and how far a recorded one is."""
    if not outside.may_be_outside(request.right.kind):
        return
    recorded = outside.of_request(desk, request.row.id) if request.row.plan_id else None
    if recorded is not None and request.state is not State.CLOSED:
        _recorded(desk, file, request, recorded)
    if request.state is not State.IN_PROGRESS or not may(desk.person.roles, Act.OUTSIDE_RECORD):
        return
    name = f"{request.row.id}_{request.row.version}"
    if st.button(
        "Change what was done outside…" if recorded else "Answered outside the desk…", key=f"outside_{name}",
        icon=":material/output:", width="stretch",
    ):
        _fill(recorded)
        _record(request.row.id, request.right.kind.value, request.row.version)


def _recorded(desk: Desk, file: CaseFile, request: Request, recorded: Outside) -> None:
    st.markdown(f"**Answered outside the desk:** {badges.CLOSINGS[recorded.ending].lower()}.")
    if request.state is State.AWAITING_APPROVAL:
        st.caption(f"It waits for {untrusted.colleague(file.names, request.row.approver_id, 'a colleague')}.")
    elif request.state is State.READY_TO_SEND and not recorded.letter_sent:
        st.caption("It is approved. Send its letter and mark it as sent under Letters; then mark the answer as sent.")
    elif request.state is State.IN_PROGRESS and may(desk.person.roles, Act.OUTSIDE_ASK) and st.button(
        "Ask for its approval…", type="primary", width="stretch", icon=":material/approval:",
        key=f"ask_outside_{request.row.id}_{request.row.version}",
    ):
        approval_panel.ask(OUTSIDE, request.row.id, request.row.version)


def _fill(recorded: Outside | None) -> None:
    """Put what was recorded before into the form."""
    held = {line.system: line for _, line in recorded.lines} if recorded else {}
    st.session_state["outside_reason"] = recorded.reason if recorded else ""
    for code, _ in outside.systems():
        line = held.get(code)
        st.session_state[f"outside_what_{code}"] = line.outcome if line else None
        st.session_state[f"outside_told_{code}"] = line.told if line else ""
        st.session_state[f"outside_evidence_{code}"] = line.evidence if line else ""
        st.session_state[f"outside_until_{code}"] = line.until.isoformat() if line and line.until else ""


@visit.dialog("Answered outside the desk", width="large")
def _record(request_id: str, kind: str, version: int) -> None:
    desk = session.desk_or_stop()
    st.write("For what system owners did themselves, on paper or in systems that the desk does not reach. The same law holds; "
             "another person approves it with its letter.")
    reason = ""
    if Kind(kind) in ROOMS:
        reason = st.text_area("Why it was not answered by the desk", key="outside_reason", height=70)
    lines = [_line(code, title) for code, title in outside.systems()]
    st.caption("What is written for the person stands in the letter. The evidence stays with the case.")
    if st.button("Record it", type="primary", key="outside_send", disabled=None in lines):
        forms.attempt(
            f"outside_{request_id}_{version}",
            lambda key: outside.record(
                desk, request_id, [line for line in lines if line is not None], reason or "", version=version, key=key
            ), "It is recorded. Read its letter, then ask for the approval.",
        )


def _line(code: str, title: str) -> Line | None:
    with st.container(border=True):
        what = st.selectbox(
            title, list(Done), index=None, format_func=lambda each: OUTCOMES[each], key=f"outside_what_{code}",
            placeholder="Choose what was done there",
        )
        if what is None:
            return None
        until = typed.day("Kept until", key=f"outside_until_{code}") if what is Done.KEPT else None
        told = st.text_area(_TOLD[what], key=f"outside_told_{code}", height=70) if what in _TOLD else ""
        evidence = st.text_area(
            "Evidence: who did or searched what, when, and where it is filed", key=f"outside_evidence_{code}", height=70
        )
    return Line(code, what, told or "", evidence or "", until.value if until else None)


def decide(desk: Desk, approval_id: str) -> None:
    """Draw what was done in each system beside the letter, and the decision with its step-up."""
    try:
        seen = approvals.compare(desk, OUTSIDE, approval_id)
    except Refused as refusal:
        notes.refused(refusal)
        return
    with st.container(border=True):
        st.header("Answered outside the desk", anchor=steps.DECIDE)
        st.caption(f"Recorded {local_time(desk, seen.made_at):%d %b %Y %H:%M}. It ends as "
                   f"{badges.CLOSINGS[seen.ending].lower()}; exactly this letter goes out.")
        if seen.reason:
            st.markdown("**Why not by the desk**")
            untrusted.show(seen.reason)
        for title, line in seen.lines:
            _compared(title, line)
        st.markdown("**The letter**")
        untrusted.show(seen.letter)
        approval_panel.decide(
            desk, OUTSIDE, approval_id, seen.may_decide, "Approve the answer", "Approved. Its letter is ready to send.",
        )


def _compared(title: str, line: Line) -> None:
    with st.container(border=True):
        until = f", {line.until:%d %b %Y}" if line.until else ""
        st.markdown(f"**{untrusted.inline(title)}** · {OUTCOMES[line.outcome]}{until}")
        facts([(name, text) for name, text in (("The person is told", line.told), ("Evidence", line.evidence)) if text])
