"""Carrying out on the request page, for every verb: the plan, its approval by another person, and each system's end."""

import streamlit as st

from core.actions.answers import approvals, carrying, plans, requests
from core.actions.answers.carrying import Carrying
from core.actions.answers.erasure.erasure_words import HELD
from core.actions.answers.owners import owner_tasks
from core.actions.answers.plan_approvals import PLAN
from core.actions.answers.planned import Item
from core.actions.cases.cases import CaseFile, Request
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_time
from core.actions.people.inventory import MISSING, SystemCount
from core.law.acts import Act, may
from core.law.errors import Refused
from core.law.rights.erasure import FILE_GROUND, Exemption, article_of
from core.law.rights.mirror import Question
from core.law.rights.suppression import STATES, Legal
from core.law.ways import RIGHTS, Kind
from core.law.workflow import State
from pages.holds import kept_panel
from pages.parts import forms, notes, session, tables, untrusted, visit
from pages.parts.search import IDENTIFIERS
from pages.parts.untrusted import facts
from pages.request import approval_panel, mirror, steps
from pages.request.answers import rectify_panel
from pages.request.answers.release import NAMES

_ACTIONS = {
    "restrict": "is marked", "suppress": "is widened", "retain": "stays", "delete": "is deleted",
    "mask": "stays, with details emptied", "rectify": "is corrected",
    "prove": "is deleted; the proof stays under a coded fingerprint",
}
_STATES = {"waiting": "○ waits", "running": "◐ at work", "done": "● done", "failed": "■ failed",
           "not_connected": "▲ not connected", "asked": "◔ asked of its owner"}
_POLL = 2  # seconds
_BY_TABLE = (Question.ERASURE, Question.CORRECTION)
_BY_LAW = {*Exemption, "12.4", HELD}  # the request file has its own line


def plan(desk: Desk, request: Request) -> None:
    """Draw what the request's plan does with each table, and the systems that it does not reach."""
    made = plans.open_plan(desk, request.row.id)
    st.header("Plan")
    _items(made.systems, made.items)
    missing = [system.title for system in made.systems if system.state in MISSING]
    if missing:
        st.warning(f"Not reached: {', '.join(missing)}. Ask their owners; it ends as partly fulfilled.")


def _tokens(rows: tuple[Carrying, ...]) -> None:
    """Draw which keyed hashes stay of a person who was erased."""
    left = [
        {"What it is": "Proof of consent" if token.what == "consent" else STATES[Legal(token.what)].name,
         "Made of": ", ".join(IDENTIFIERS.get(kind, kind) for kind in token.kinds), "Number": token.hashes,
         "Until": token.until or "the person's own newer consent"}
        for row in rows for token in row.tokens
    ]
    if left:
        st.markdown("**Coded fingerprints that stay**")
        tables.show(left, alt="Coded fingerprints that stay")


def _items(systems: tuple[SystemCount, ...], items: tuple[Item, ...]) -> None:
    rows = [
        {"System": system.title, "What": item.title, "Rows": item.rows, "What happens": _what(item)}
        for system in systems for item in items
        if item.system == system.code and item.ground != FILE_GROUND and (item.rows or item.action == "suppress")
    ]
    tables.show(rows, alt="Plan by system and table", empty="No system holds anything that this concerns.")
    if any(item.ground == FILE_GROUND for item in items):
        st.caption("The file of the request itself stays here, to show that the right was answered (Art. 5(2)).")


def _what(item: Item) -> str:
    words = _ACTIONS.get(item.action, item.action)
    if item.action == "delete" and item.ground:
        return f"{words} ({', '.join(f'Art. {article_of(code)}' for code in item.ground.split())})"
    if item.action not in {"retain", "mask", "prove"}:
        return words
    return f"{words} ({kept_panel.ground(item.ground)}), {item.until}" if item.ground else words


def ask(desk: Desk, file: CaseFile, request: Request) -> None:
    """Draw, for a right that cannot be undone, the steps to its approval: prepare the plan, ask another person."""
    row = request.row
    if request.state in {State.IN_PROGRESS, State.AWAITING_APPROVAL}:
        mirror.draw(desk, row.id, "plan", _BY_TABLE)
    if request.state is State.AWAITING_APPROVAL:
        st.caption(f"The plan waits for {untrusted.colleague(file.names, row.approver_id, 'a colleague')}.")
    if request.state is not State.IN_PROGRESS or not may(desk.person.roles, Act.PLAN_ASK):
        return
    if request.right.needs_identity and file.identity_state != "proven":
        st.caption("Record the identity check first.")
        return
    name = f"{row.id}_{row.version}"
    with st.container(horizontal=True):
        if st.button("Prepare the plan" if not row.plan_id else "Prepare it again", key=f"plan_{name}",
                     type="secondary" if row.plan_id else "primary", icon=":material/checklist:"):
            forms.attempt(
                f"plan_{name}",
                lambda key: plans.prepare_plan(desk, row.id, version=row.version, purpose="request", key=key),
                "The plan is made. Nothing is done yet.",
            )
        if row.plan_id and st.button("Ask for the approval…", key=f"ask_{name}", type="primary", icon=":material/approval:"):
            approval_panel.ask(PLAN, row.id, row.version)


def decide(desk: Desk, approval_id: str) -> None:
    """Draw person and plan side by side for the approver, and the decision with its step-up."""
    try:
        seen = approvals.compare(desk, PLAN, approval_id)
    except Refused as refusal:
        notes.refused(refusal)
        return
    with st.container(border=True):
        right = RIGHTS[seen.right]
        st.header(f"Plan: {right.name.lower()}", anchor=steps.DECIDE)
        st.caption(f"Asked {local_time(desk, seen.asked_at):%d %b %Y %H:%M}. Exactly this plan is carried out; where the "
                   "data change before, it goes back." + ("" if right.reversible else " It cannot be undone."))
        st.markdown("**The person**")
        left, second = st.columns(2, gap="large")
        with left:
            facts([(NAMES.get(name, name), value) for name, value in seen.person.fields.items()])
        with second:
            facts([(IDENTIFIERS.get(kind, kind).capitalize(), value + (" (shared)" if shared else ""))
                   for kind, value, shared in seen.person.identifiers if kind != "customer_id"])
        if right.kind is Kind.RECTIFICATION:
            rectify_panel.compare(desk, seen.request_id)
        else:
            st.markdown("**What happens where**")
            _items(seen.systems, seen.items)
        missing = [system.title for system in seen.systems if system.state in MISSING]
        if missing:
            st.warning(f"Not reached: {', '.join(missing)}. It ends as partly fulfilled.")
        mirror.draw(desk, seen.request_id, "decide", _BY_TABLE)
        approval_panel.decide(
            desk, PLAN, approval_id, seen.may_decide, "Approve the plan",
            "Approved. The desk carries the plan out, system by system.",
        )


def wait(desk: Desk, request: Request) -> None:
    """Say that the desk carries it out, or which owner does, while they do, and draw the page anew when it is done."""
    if request.state is not State.CARRYING_OUT:
        return
    if owners := owner_tasks.waited_for(desk, request.row.id):
        st.markdown(f":material/hourglass_top: It waits for the owner of: {', '.join(owners)}. What they answer is recorded on "
                    "the tab Person & data.")
    else:
        _watch(request.row.id, request.row.version)


@st.fragment(run_every=_POLL)
def _watch(request_id: str, version: int) -> None:
    # Looking is no use of the session.
    desk = session.desk_or_stop(active=False)
    if requests.version_of(desk, request_id) != version:
        visit.redraw()
    st.markdown(":material/hourglass_top: The desk carries it out, system by system.")


def ends(desk: Desk, request: Request) -> None:
    """Draw what was done in each system, and what stayed there by which ground until when."""
    rows = carrying.carryings_of(desk, request.row.id) if request.row.plan_id else ()
    if not rows:
        return
    st.header("Carried out")
    tables.show([
        {"System": each.title, "State": _STATES.get(each.state, each.state),
         "Done": ", ".join(f"{count} {name}" for name, count in each.touched.items() if count) or (
             "nothing to change" if each.ended_at else ""),
         "Ended": f"{local_time(desk, each.ended_at):%Y-%m-%d %H:%M}" if each.ended_at else ""}
        for each in rows
    ], alt="What was carried out, by system")
    for words in dict.fromkeys(each.trouble for each in rows if each.trouble):
        st.error(words, icon=":material/error:")
    _tokens(rows)
    kept = [
        {"System": each.title, "What stays": kept.table.replace("_", " "), "Rows": kept.rows,
         "Ground": kept_panel.ground(kept.ground), "Until": kept.until}
        for each in rows for kept in each.kept if kept.rows and kept.ground in _BY_LAW
    ]
    if kept:
        st.markdown("**What stays**")
        tables.show(kept, alt="What stays, by system and table")
