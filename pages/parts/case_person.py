"""Which person a case is about: searched, looked at, decided by a human; then what each system holds, in counts."""

from typing import Any

import streamlit as st

from core.actions import cases, clock, plans
from core.actions import identity as checking
from core.actions.cases import CaseFile, Request
from core.actions.desk import Desk
from core.actions.identity import OUTCOMES, PROOFS
from core.actions.inventory import SystemCount
from core.actions.packages import PackageState
from core.law.acts import Act, may
from core.law.errors import Refused
from core.law.workflow import State
from pages.parts import forms, identity, literal, notes, person, search, tables

_PURPOSE = "request"
_STATES = {"found": "● found", "zero": "○ nothing held", "failed": "■ did not answer", "not_connected": "▲ not connected"}


def draw(desk: Desk, file: CaseFile, request: Request, package: PackageState | None) -> None:
    """Draw the identity check, the person or the search for them, and the plan where there is one."""
    movable = all(each.state in {State.RECEIVED, State.IN_PROGRESS, State.CLOSED} for each in file.requests)
    live = any(each.state is not State.CLOSED for each in file.requests)
    if request.right.needs_identity:
        _identity(desk, file, movable=movable and live)
    st.subheader("The person")
    mine = may(desk.person.roles, Act.CASE_PERSON) and movable and live
    if file.subject_ref is not None:
        person.draw(desk, file.subject_ref, purpose=_PURPOSE, case=file.case_ref)
        if mine and st.button("This is the wrong person…", key="person_again"):
            st.session_state[f"again_{file.case_ref}"] = True
            st.rerun()
    elif file.subject_state == "nobody":
        st.write("Decided: nobody in the systems is the person.")
        if mine and st.button("Search again", key="person_again"):
            st.session_state[f"again_{file.case_ref}"] = True
            st.rerun()
    else:
        st.caption("Nobody is decided yet.")
    if mine and (file.subject_state == "open" or st.session_state.get(f"again_{file.case_ref}")):
        _search(desk, file)
    if package is not None:
        _plan(desk, request)


def _identity(desk: Desk, file: CaseFile, *, movable: bool) -> None:
    st.subheader("Identity")
    for row in file.checks:
        by = file.names.get(row["checked_by"], "a former colleague")
        proofs = ", ".join(PROOFS[proof].lower() for proof in PROOFS if proof.value in row["proofs"].split(","))
        st.markdown(f"**{OUTCOMES[row['outcome']]}** · {clock.local_time(desk, row['checked_at']):%d %b %Y %H:%M}")
        st.text(f"{by}: {proofs or 'no proof'}")
        if row["reason"]:
            literal.show(row["reason"])
    if not file.checks:
        st.caption("Not checked yet. One check holds for every request of the case.")
    if movable and may(desk.person.roles, Act.IDENTITY_RECORD) and st.button(
        "Record the identity check…", icon=":material/badge:", key="identity_record"
    ):
        _check(file.case_ref)


@st.dialog("Identity check", width="large")
def _check(case_ref: str) -> None:
    desk = identity.desk_or_stop()
    st.write("Record which proofs there were and the outcome, never the document or the facts themselves.")
    chosen = [proof.value for proof in PROOFS if st.checkbox(PROOFS[proof], key=f"proof_{proof.value}")]
    outcome = st.radio("Outcome", list(OUTCOMES), format_func=lambda code: OUTCOMES[code], key="identity_outcome",
                       horizontal=True)
    reason = st.text_area(
        "Reason: why it is not proven, or which facts made a document necessary", max_chars=2000, key="identity_reason"
    )
    if st.button("Record", type="primary", key="identity_send"):
        forms.attempt(
            f"identity_{case_ref}",
            lambda key: checking.record(desk, case_ref, chosen, outcome, reason or "", key=key),
            "The identity check is recorded.",
        )


def _search(desk: Desk, file: CaseFile) -> None:
    name = f"case_{file.case_ref}"
    st.caption("Filled in from the first message. Each search and each person opened is entered in the log.")
    known = {field: text.replace("\n", ", ") for field, text in file.person.items()}
    search.draw(desk, name, purpose=_PURPOSE, case=file.case_ref, known=known)
    looked = st.session_state.get(f"look_{file.case_ref}")
    if isinstance(looked, str):
        with st.container(border=True):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown("**Candidate**", width="stretch")
                if st.button("This is the person", type="primary", key=f"decide_{looked}_{file.version}"):
                    _sure(file.case_ref, looked, file.version)
                if st.button("Close", icon=":material/close:", key="look_close"):
                    st.session_state.pop(f"look_{file.case_ref}", None)
                    st.rerun()
            # Restricted data open only for the person's own request, from its case (Art. 18(2)).
            person.draw(desk, looked, purpose=_PURPOSE, case=file.case_ref if file.subject_ref is None else None)

    def look(reference: str) -> None:
        st.session_state[f"look_{file.case_ref}"] = reference
        st.rerun()

    search.results(desk, name, look, "Look at this person")
    if f"found_{name}" in st.session_state and st.button(
        "Nobody here is the person…", key=f"nobody_{file.version}", icon=":material/person_off:"
    ):
        _sure(file.case_ref, None, file.version)


@st.dialog("Decide")
def _sure(case_ref: str, subject_ref: str | None, version: int) -> None:
    desk = identity.desk_or_stop()
    st.write("The case is about this person: what we hold about them may leave to whoever asks."
             if subject_ref else "Nobody in the systems is the person: they will be told that no data are held.")
    if st.button("Decide", type="primary", key="person_decide"):
        for name in (f"look_{case_ref}", f"found_case_{case_ref}", f"again_{case_ref}"):
            st.session_state.pop(name, None)
        forms.attempt(
            f"decide_{case_ref}_{version}",
            lambda key: cases.decide_person(desk, case_ref, subject_ref, version=version, key=key),
            "The person is decided." if subject_ref else "It is decided that nobody here is the person.",
        )


def _plan(desk: Desk, request: Request) -> None:
    st.subheader("Data found")
    try:
        plan = plans.open_plan(desk, request.row["id"])
    except Refused as refusal:
        notes.refused(refusal)
        return
    st.caption(f"Planned {clock.local_time(desk, plan.made_at):%d %b %Y %H:%M}. Every registered system stands here.")
    systems(plan.systems)


def systems(found: tuple[SystemCount, ...]) -> None:
    """Draw every system and table with its count, in words readable without colour."""
    rows: list[dict[str, Any]] = []
    for system in found:
        for table in system.tables:
            filled = ", ".join(
                f"{field.title} {field.found}" for field in table.fields
                if field.found and not field.title.startswith("Pseudonym")
            )
            rows.append({"System": system.title, "Answer": _STATES[system.state], "Table": table.title,
                         "Rows": table.rows, "Fields filled": filled})
        if not system.tables:
            rows.append({"System": system.title, "Answer": _STATES[system.state], "Table": "", "Rows": 0,
                         "Fields filled": ""})
    tables.show(rows, alt="What every system holds", columns={"Rows": st.column_config.NumberColumn(width=70)})
    for system in found:
        if system.note:
            st.warning(f"{system.title}: {system.note}")
