"""A restriction, an objection or a withdrawal on the request page: its terms, and its doing without a second person."""

from datetime import timedelta

import streamlit as st

from core.actions.answers import carrying, plans
from core.actions.answers.restriction import restriction_lifts, stopping
from core.actions.cases.cases import CaseFile, Request
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.law.acts import Act, may
from core.law.rights.restriction import GROUNDS, Ground
from core.law.rights.suppression import STATE_OF
from core.law.ways import Kind
from core.law.workflow import State
from pages.parts import forms, typed
from pages.request import carry_panel
from pages.request.answers import raised_panel, recipient_list

_LOOK_AGAIN = timedelta(days=90)
KINDS = frozenset({Kind.RESTRICTION, *STATE_OF})


def draw(desk: Desk, file: CaseFile, request: Request) -> None:
    """Draw the tab: what the right needs, the plan, the step that carries it out, and each system's end."""
    terms, planned, doing, ending = (st.container() for _ in range(4))  # places that no part moves for another
    with terms:
        if request.right.kind is Kind.RESTRICTION:
            restriction(desk, file, request)
        else:
            suppression(desk, file, request)
    if file.subject_ref is None:
        if request.state is State.CLOSED:
            st.caption("Nothing was carried out.")
        elif file.subject_state == "open":
            st.caption("Decide first, on the tab Person & data, which person the case is about.")
        return
    with planned:
        if request.row.plan_id:
            carry_panel.plan(desk, request)
    with doing:
        if request.state is State.IN_PROGRESS and may(desk.person.roles, Act.REQUEST_CARRY_OUT):
            _carry(desk, file, request)
        carry_panel.wait(desk, request)
    with ending:
        carry_panel.ends(desk, request)
        raised_panel.draw(desk, file, request)
    if request.right.kind is Kind.RESTRICTION:
        recipient_list.draw(desk, file, request)


def _carry(desk: Desk, file: CaseFile, request: Request) -> None:
    row = request.row
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
        if row.plan_id and st.button("Carry it out", key=f"carry_{name}", type="primary", icon=":material/play_arrow:"):
            forms.attempt(
                f"carry_{name}", lambda key: carrying.start(desk, row.id, version=row.version, key=key),
                "It is being carried out, system by system.",
            )
    st.caption("It can be undone and may not wait: no second person is asked.")


def restriction(desk: Desk, _file: CaseFile, request: Request) -> None:
    """Draw the ground and the review date of a restriction, to be recorded while the request is in progress."""
    kept = restriction_lifts.terms(desk, request.row.id)
    if kept is not None:
        rule = GROUNDS[Ground(kept["ground"])]
        st.markdown(f"**Art. {rule.article}** · {rule.sentence}")
        st.caption(f"{rule.ends} Looked at again on {kept['review_on']:%d %B %Y}.")
    if request.state is not State.IN_PROGRESS or not may(desk.person.roles, Act.RESTRICTION_TERMS):
        return
    with st.expander("Ground of the restriction" if kept is None else "Another ground", expanded=kept is None):
        codes = [ground.value for ground in Ground]
        ground = st.selectbox(
            "Ground", codes, key=f"terms_ground_{request.row.version}",
            format_func=lambda code: f"Art. {GROUNDS[Ground(code)].article}: {GROUNDS[Ground(code)].sentence}",
        )
        review = typed.day(
            "Look at it again on", f"terms_review_{request.row.version}", today_of(desk) + _LOOK_AGAIN
        )
        if st.button("Record the ground", key=f"terms_send_{request.row.version}"):
            forms.attempt(
                f"terms_{request.row.id}_{request.row.version}",
                lambda key: restriction_lifts.record_terms(
                    desk, request.row.id, ground, review.needed(), version=request.row.version, key=key
                ), "The ground is recorded.",
            )


def suppression(desk: Desk, file: CaseFile, request: Request) -> None:
    """Say what stopped with the intake, and carry it out where nobody in the systems is the person."""
    if request.state in {State.RECEIVED, State.IN_PROGRESS}:
        st.caption("What the message came from and names was stopped when it was taken in. Carrying out widens it to all the "
                   "person holds.")
    if request.state is not State.IN_PROGRESS or file.subject_state != "nobody":
        return
    st.caption("Nobody in the systems is the person: what stopped at intake is all there is to stop.")
    if may(desk.person.roles, Act.REQUEST_CARRY_OUT) and st.button(
        "Check that it stands, and confirm", type="primary", icon=":material/check:",
        key=f"nobody_{request.row.id}_{request.row.version}",
    ):
        forms.attempt(
            f"nobody_{request.row.id}_{request.row.version}",
            lambda key: stopping.confirm_for_nobody(desk, request.row.id, version=request.row.version, key=key),
            "It stands. Send the confirmation.",
        )
