"""Which person a case is about: searched, looked at, decided by a human; then what each system holds, in counts."""

from typing import Any

import streamlit as st

from core.actions.answers import plans
from core.actions.answers.packages.packages import PackageState
from core.actions.cases import cases
from core.actions.cases.cases import CaseFile, Request
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_time
from core.actions.people.inventory import SystemCount
from core.law.acts import Act, may
from core.law.errors import Refused
from core.law.ways import Kind
from core.law.workflow import State
from pages.holds import hold_panel
from pages.parts import forms, notes, person, search, session, tables, visit
from pages.request.person import acting_panel, death_panel, identity_panel, owner_panel

_PURPOSE = "request"
_STATES = {"found": "● found", "zero": "○ nothing held", "failed": "■ did not answer", "not_connected": "▲ not connected",
           "asked": "◔ asked of its owner"}


def draw(desk: Desk, file: CaseFile, request: Request, package: PackageState | None) -> None:
    """Draw the identity check, the person or the search for them, and the plan where there is one."""
    movable = all(each.state in {State.RECEIVED, State.IN_PROGRESS, State.CLOSED} for each in file.requests)
    live = any(each.state is not State.CLOSED for each in file.requests)
    moving = any(
        each.right.needs_identity and each.state not in {State.RECEIVED, State.IN_PROGRESS, State.CLOSED}
        for each in file.requests
    )
    if request.right.needs_identity:
        identity_panel.draw(desk, file, movable=live and (file.identity_state == "open" or not moving))
    acting_panel.draw(desk, file, movable=live and movable)
    st.header("The person")
    death_panel.draw(desk, file, live=live)
    mine = may(desk.person.roles, Act.CASE_PERSON) and movable and live
    if file.subject_ref is not None:
        person.draw(desk, file.subject_ref, purpose=_PURPOSE, case=file.case_ref)
        if mine and st.button("This is the wrong person", key="person_again"):
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
    owner_panel.draw(desk, request)
    if package is not None:
        _plan(desk, request)
    hold_panel.draw(desk, file, request)


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


@visit.dialog("Decide")
def _sure(case_ref: str, subject_ref: str | None, version: int) -> None:
    desk = session.desk_or_stop()
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
    st.header("Data found")
    try:
        plan = plans.open_plan(desk, request.row.id)
    except Refused as refusal:
        notes.refused(refusal)
        return
    st.caption(f"Planned {local_time(desk, plan.made_at):%d %b %Y %H:%M}. Every registered system stands here.")
    systems(plan.systems)
    if request.right.kind is Kind.PORTABILITY:
        _portable(desk, request, plan)


def _portable(desk: Desk, request: Request, plan: plans.Plan) -> None:
    st.header("What is in the portable copy")
    found = {
        (system.code, table.table, field.column): field.found
        for system in plan.systems for table in system.tables for field in table.fields
    }
    decided = plans.open_fields(desk, request.row.id)
    inside = sum(each.included for each in decided)
    st.caption(f"{inside} fields are in the copy, {len(decided) - inside} are left out, each by its article.")
    tables.show(
        [
            {"Field": each.title, "Table": each.table.replace("_", " "), "Filled": found.get(
                (each.system, each.table, each.column), 0),
             "Copy": "● included" if each.included else "○ left out", "Why": each.reason, "Article": f"Art. {each.article}"}
            for each in sorted(decided, key=lambda each: not each.included)
        ], alt="Every field, whether it is in the portable copy, and why",
        columns={"Filled": st.column_config.NumberColumn(width=60), "Why": st.column_config.Column(width="large")},
    )


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
    tables.show(rows, alt="What every system holds", columns={
        "System": st.column_config.Column(width=154), "Answer": st.column_config.Column(width=78),
        "Table": st.column_config.Column(width=176), "Rows": st.column_config.NumberColumn(width=46),
    })
    for system in found:
        if system.note:
            st.warning(f"{system.title}: {system.note}")
