"""A fee: its ground, evidence and itemised cost, the announcement, and what the person chose."""

from datetime import date

import streamlit as st

from core.actions.answers.refusal import fees
from core.actions.answers.refusal.fees import Fee
from core.actions.cases.cases import Request
from core.actions.cases.clock import profile_of
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.law.acts import Act, may
from core.law.clock.disputed import Topic
from core.law.clock.questions import SET_TIME
from core.law.fee import CURRENCIES, OUTCOMES, PART_NAMES, grounds, never
from core.law.refusal import ABUSE
from core.law.rights.mirror import Question
from core.law.ways import Kind
from core.law.workflow import State
from pages.parts import forms, session, typed, untrusted, visit
from pages.request import differ, mirror
from pages.request.answers import abuse


def draw(desk: Desk, request: Request) -> None:
    """Draw the fees of the request and, where one is thinkable, the way to it."""
    found = fees.of_request(desk, request.row.id)
    if found:
        st.markdown("**Fee**")
    for fee in found:
        _fee(desk, request, fee)
    current = found[-1] if found and found[-1].state != "ended" else None
    if current is not None and current.state == "prepared":
        mirror.draw(desk, request.row.id, "fee", {Question.PAYMENT})
    stopped = request.state is State.CLOSED or request.row.sent_at is not None
    if stopped or never(request.right.kind) or not may(desk.person.roles, Act.FEE_PREPARE):
        return
    if current is not None and current.state == "announced":
        return
    if st.button(
        "Change the fee…" if current else "Announce a fee…", icon=":material/payments:", width="stretch",
        key=f"fee_{request.row.id}_{request.row.version}_{current.version if current else len(found)}",
    ):
        st.session_state.update(
            fee_facts=current.facts if current else "", fee_evidence=current.evidence if current else "",
            fee_circumstances=list(current.circumstances) if current else [],
            fee_costs="\n".join(f"{each.title} {each.amount}" for each in current.costs) if current else "",
        )
        _prepare(request.row.id, request.right.kind.value, request.row.version, profile_of(request.row).law)


def _fee(desk: Desk, request: Request, fee: Fee) -> None:
    state = {
        "prepared": "prepared, not announced yet", "announced": "announced, the person chooses",
        "ended": OUTCOMES.get(fee.outcome, "").lower(),
    }[fee.state]
    with st.expander(f"{fee.total}: {state}"):
        st.caption(f"{fee.ground.title} (Art. {fee.ground.article})")
        untrusted.facts([(each.title, f"{each.amount:,.2f}") for each in fee.costs])
        st.caption("Facts, told to the person")
        untrusted.show(fee.facts)
        abuse.told(fee.circumstances)
        if fee.evidence:
            st.caption("Evidence, kept with the case")
            untrusted.show(fee.evidence)
    if fee.state == "prepared":
        st.caption("Nothing is charged before the announcement: send its letter and mark it as sent, under Letters.")
    elif fee.state == "announced" and fee.announced_on:
        st.caption(f"Announced {fee.announced_on:%d %b %Y}; the person chooses by {fee.reply_by:%d %b %Y}. {fee.clock}")
    elif fee.outcome == "not_paid":
        st.caption("Not paid: refuse the request on its ground, or answer it free of charge.")
    if fee.state != "ended" and request.state is not State.CLOSED and may(desk.person.roles, Act.FEE_OUTCOME) and st.button(
        "What became of the fee…", icon=":material/task_alt:", width="stretch", key=f"fee_outcome_{fee.id}_{fee.version}"
    ):
        _outcome(fee.id, fee.version, fee.announced_on, copies=fee.ground.code == "further_copies")


@visit.dialog("Announce a fee", width="large")
def _prepare(request_id: str, kind: str, version: int, law: str) -> None:
    desk = session.desk_or_stop()
    st.write("Rights are free of charge. A fee needs a ground that we can show, and is announced before anything is charged, "
             "so that the person may withdraw.")
    offered = {ground.code: ground for ground in grounds(Kind(kind))}
    ground = st.selectbox("Ground", list(offered), key="fee_ground",
                          format_func=lambda code: f"{offered[code].title} (Art. {offered[code].article})")
    differ.warn(law, Topic.PAYMENT, *((Topic.REPETITION,) if ground in ABUSE else ()))
    facts = st.text_area("The facts of this case. They stand in the letter", key="fee_facts")
    circumstances = abuse.circumstances(desk, request_id, ground, "fee")
    evidence = st.text_area(
        "Evidence, kept with the case" + (": the burden of proof is ours" if offered[ground].evidence else " (optional)"),
        key="fee_evidence",
    )
    first, second, third = st.columns([3, 1, 1.4])
    costs = first.text_area("Administrative cost, one item a line with its amount", key="fee_costs",
                            placeholder="Copying 210 pages 21.00\nPostage 6.99")
    currency = second.selectbox("Currency", list(CURRENCIES), key="fee_currency")
    reply = typed.day("The person chooses by", "fee_reply", today_of(desk) + SET_TIME, place=third)
    st.caption(f"The letter says {', '.join(PART_NAMES.values())}, and the items of the fee.")
    if st.button("Prepare the announcement", type="primary", key="fee_send"):
        forms.attempt(
            f"fee_{request_id}_{version}",
            lambda key: fees.prepare(
                desk, request_id, ground, facts or "", evidence or "", costs or "", circumstances, currency=currency,
                reply_by=reply.needed(), version=version, key=key,
            ), "The fee is prepared. Read its letter, send it, and mark it as sent.",
        )


@visit.dialog("What became of the fee")
def _outcome(fee_id: str, version: int, announced: date | None, *, copies: bool) -> None:
    desk = session.desk_or_stop()
    offered = list(OUTCOMES) if announced else ["waived"]
    outcome = st.selectbox("Outcome", offered, format_func=lambda code: OUTCOMES[code], key="fee_how")
    if outcome == "withdrawn":
        st.caption("Only the wish for further copies ends; the request goes on." if copies
                   else "The request is closed as withdrawn. This cannot be undone.")
    day = typed.day("On", "fee_on", today_of(desk))
    if st.button("Record it", type="primary", key="fee_outcome_send"):
        forms.attempt(
            f"fee_outcome_{fee_id}_{version}",
            lambda key: fees.record_outcome(desk, fee_id, outcome, day.needed(), version=version, key=key),
            "It is recorded.",
        )
