"""Refusing a request: ground, facts, evidence; the letter with its three parts; the decision of another person."""

import streamlit as st

from core.actions.answers import approvals
from core.actions.answers.refusal import refusals
from core.actions.answers.refusal.refusals import REFUSAL, Refusal
from core.actions.cases.cases import CaseFile, Request
from core.actions.cases.clock import profile_of
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_time
from core.law.acts import Act, may
from core.law.clock.disputed import Topic
from core.law.errors import Refused
from core.law.refusal import ABUSE, PART_NAMES, grounds, never
from core.law.rights.mirror import Question
from core.law.ways import Kind
from core.law.workflow import State
from pages.parts import forms, notes, session, untrusted, visit
from pages.request import approval_panel, differ, mirror, steps
from pages.request.answers import abuse


def draw(desk: Desk, file: CaseFile, request: Request) -> None:
    """Draw, for a request in progress, the way to refuse it and how far a prepared refusal is."""
    prepared = refusals.of_request(desk, request.row.id) if request.row.plan_id else None
    if prepared is not None and request.state is not State.CLOSED:
        _prepared(desk, file, request, prepared)
    if request.state is not State.IN_PROGRESS or not may(desk.person.roles, Act.REFUSAL_PREPARE):
        return
    if sentence := never(request.right.kind):
        st.caption(sentence)
        return
    version = request.row.version
    if st.button(
        "Change the refusal…" if prepared else "Refuse…", key=f"refuse_{request.row.id}_{version}",
        icon=":material/gavel:", width="stretch",
    ):
        st.session_state.update(
            refuse_facts=prepared.facts if prepared else "", refuse_evidence=prepared.evidence if prepared else "",
            refuse_circumstances=list(prepared.circumstances) if prepared else [],
        )
        _refuse(request.row.id, request.right.kind.value, version, profile_of(request.row).law)


def _prepared(desk: Desk, file: CaseFile, request: Request, prepared: Refusal) -> None:
    st.markdown(f"**A refusal is prepared:** {prepared.ground.title} (Art. {prepared.ground.article}).")
    _day(prepared)
    if request.state is State.AWAITING_APPROVAL:
        st.caption(f"The refusal waits for {untrusted.colleague(file.names, request.row.approver_id, 'a colleague')}.")
    elif request.state is State.READY_TO_SEND and not prepared.letter_sent:
        st.caption("The refusal is approved. Send its letter and mark it as sent under Letters; then mark the answer as sent.")
    elif request.state is State.IN_PROGRESS and may(desk.person.roles, Act.REFUSAL_ASK):
        mirror.draw(desk, request.row.id, "refusal", {Question.REFUSAL})
        lacks = prepared.lacks
        if lacks:
            st.warning("The letter lacks " + ", ".join(PART_NAMES[part] for part in lacks) + ": complete it under Letters.")
        if st.button(
            "Ask for the approval of the refusal…", type="primary", width="stretch", icon=":material/approval:",
            disabled=bool(lacks), key=f"ask_refusal_{request.row.id}_{request.row.version}",
        ):
            approval_panel.ask(REFUSAL, request.row.id, request.row.version)


def _day(shown: Refusal) -> None:
    if shown.due is None:
        st.caption("No day for a refusal runs at present.")
    elif shown.late:
        st.warning(f"The person should have been told by {shown.due:%d %b %Y} (Art. 12(4)). Send it at once; it is late.")
    else:
        st.caption(f"The person must be told by {shown.due:%d %b %Y} (Art. 12(4)), also where the period was extended.")


@visit.dialog("Refuse the request", width="large")
def _refuse(request_id: str, kind: str, version: int, law: str) -> None:
    desk = session.desk_or_stop()
    offered = {ground.code: ground for ground in grounds(Kind(kind))}
    ground = st.selectbox(
        "Ground", list(offered), key="refuse_ground",
        format_func=lambda code: f"{offered[code].title} (Art. {offered[code].article})",
    )
    st.caption(f"The letter says: we do not act on your request, because {offered[ground].sentence}.")
    differ.warn(law, Topic.REFUSAL, *((Topic.REPETITION,) if ground in ABUSE else ()))
    facts = st.text_area("The facts of this case. They stand in the letter", key="refuse_facts")
    circumstances = abuse.circumstances(desk, request_id, ground, "refuse")
    evidence = st.text_area(
        "Evidence, kept with the case" + (": the burden of proof is ours" if offered[ground].evidence else " (optional)"),
        key="refuse_evidence",
    )
    st.caption("The letter is drafted with the reasons, the complaint to an authority and the judicial remedy. Another "
               "person approves it before it goes out.")
    if st.button("Prepare the refusal", type="primary", key="refuse_send"):
        forms.attempt(
            f"refuse_{request_id}_{version}",
            lambda key: refusals.prepare(
                desk, request_id, ground, facts or "", evidence or "", circumstances, version=version, key=key
            ), "The refusal is prepared. Read its letter, then ask for the approval.",
        )


def decide(desk: Desk, approval_id: str) -> None:
    """Draw the refusal as its approver sees it, and the decision with its step-up."""
    try:
        shown = approvals.compare(desk, REFUSAL, approval_id)
    except Refused as refusal:
        notes.refused(refusal)
        return
    with st.container(border=True):
        st.header("Refusal of the request", anchor=steps.DECIDE)
        st.caption(f"Prepared {local_time(desk, shown.made_at):%d %b %Y %H:%M}. No system is touched; exactly this "
                   "letter goes out.")
        st.markdown(f"**Ground:** {shown.ground.title} (Art. {shown.ground.article})")
        _day(shown)
        left, right = st.columns(2, gap="large")
        with left:
            st.markdown("**Facts**")
            untrusted.show(shown.facts)
            abuse.told(shown.circumstances)
            st.markdown("**Evidence**")
            untrusted.show(shown.evidence or "–")
        with right:
            st.markdown("**The letter**")
            untrusted.show(shown.letter)
        mirror.draw(desk, shown.request_id, "decide", {Question.REFUSAL})
        approval_panel.decide(
            desk, REFUSAL, approval_id, shown.may_decide, "Approve the refusal",
            "The refusal is approved. Its letter is ready to send.", icon=":material/gavel:",
        )
