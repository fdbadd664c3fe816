"""What happened to a request, in order, by whom; the words typed beside a step stay with the case."""

from datetime import datetime

import streamlit as st

from core.actions.accounts.accounts import colleagues
from core.actions.answers.refusal import extensions
from core.actions.cases import cases
from core.actions.cases.cases import CaseFile, Request
from core.actions.cases.identity import OUTCOMES
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_time, moment_of
from core.law.acts import Act, may
from core.law.clock.questions import QUESTIONS
from core.law.workflow import State, Step
from pages.parts import badges, forms, session, tables, visit

_STEPS = {
    Step.START: "Work started", Step.ASK_APPROVAL: "Approval asked for", Step.ASK_REFUSAL: "Approval of the refusal asked for",
    Step.ASK_OUTSIDE: "Approval of the answer outside the desk asked for", Step.RETURN: "Given back", Step.APPROVE: "Approved",
    Step.REFUSE: "Refusal approved", Step.ACCEPT_OUTSIDE: "Answer outside the desk approved",
    Step.CARRY_OUT: "Begun to carry out", Step.HAND_BACK: "Handed back by the desk", Step.CARRIED_OUT: "Carried out",
    Step.SETTLE: "Settled with its letter", Step.REVISE: "Taken back to work on it", Step.SEND: "Answer sent",
    Step.CAME_BACK: "Answer came back", Step.CLOSE_ANSWERED: "Closed", Step.WITHDRAW: "Withdrawn", Step.CLOSE: "Closed",
}


def draw(desk: Desk, file: CaseFile, request: Request) -> None:
    """Draw receipt, checks, questions, the extension and moves, the first on top."""
    who = {**file.names, "worker": "the desk"}
    rows: list[tuple[datetime, str, str]] = [(request.row.received_at, "Received", "")]
    rows += [
        (row["checked_at"], OUTCOMES.get(row["outcome"]) or "Identity checked", who.get(row["checked_by"], ""))
        for row in file.checks
    ]
    rows += [
        (row["happened_at"], _STEPS[Step(row["step"])], who.get(row["account_id"], ""))
        for row in request.moves
    ]
    for pause in request.pauses:
        rows.append((moment_of(desk, pause["asked_on"]), f"Asked the person: {QUESTIONS[pause['kind']].lower()}", ""))
        if pause["answered_on"]:
            rows.append((moment_of(desk, pause["answered_on"]), "The person answered", ""))
    told = extensions.of_request(desk, request.row.id).told_on
    if told:
        rows.append((moment_of(desk, told), "Told of the extension", ""))
    rows.sort(key=lambda row: row[0])
    tables.show(
        [{"When": f"{local_time(desk, at):%d %b %Y %H:%M}", "What": what, "By": name} for at, what, name in rows],
        alt="What happened to this request",
    )
    if request.state is not State.CLOSED:
        st.caption(f"Now: {badges.stage_words(request.state, sent=request.sent).lower()}.")
    if may(desk.person.roles, Act.CASE_SEAL):
        label = "Change who may see this case…" if file.sealed_to_names else "Seal this case to named people…"
        if st.button(label, icon=":material/lock:", key="case_seal"):
            _seal(file.case_ref)


@visit.dialog("Seal the case")
def _seal(case_ref: str) -> None:
    desk = session.desk_or_stop()
    st.write("For employees, disputes, public figures and child protection: only the named people see the case; every "
             "other attempt is refused and logged.")
    names = dict(colleagues(desk, Act.CASE_OPEN))
    chosen = st.multiselect("Who may see it", list(names), default=[me for me in [desk.person.account_id] if me in names],
                            format_func=lambda code: names[code], key="seal_names")
    if st.button("Seal", type="primary"):
        forms.attempt(f"seal_{case_ref}", lambda key: cases.seal_to(desk, case_ref, chosen, key=key), "The case is sealed.")
