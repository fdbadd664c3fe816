"""How far a request is, on its page: the checklist, and beside the clock what is to be done next and by whom."""

import streamlit as st

from core.actions.answers.progress import Progress, Waiting
from core.actions.cases.cases import CaseFile, Request
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_day
from core.law.acts import Act
from core.law.progress import Item
from core.law.ways import Kind
from core.law.workflow import State
from pages.parts import untrusted

DECIDE = "decide"  # the anchor of the comparison that an approver sees
_TABS = {
    Act.IDENTITY_RECORD: "Person & data", Act.CASE_PERSON: "Person & data", Act.LETTER_SENT: "Letters",
    Act.LETTER_DRAFT: "Letters", Act.PLAN_CHOOSE: "Erasure", Act.RESTRICTION_TERMS: "Carrying out",
    Act.REQUEST_CARRY_OUT: "Carrying out", Act.RECTIFY_PROPOSE: "Correction", Act.RECTIFY_PROVE: "Correction",
    Act.RECTIFY_DECIDE: "Correction", Act.NEED_RECORD: "What it needs", Act.LETTER_ASK: "Letters",
    Act.AUTHORITY_CHECK: "Person & data", Act.OWNER_ANSWER: "Person & data",
}
_PLANS = {Kind.ERASURE: "Erasure", Kind.RECTIFICATION: "Correction"}


def checks(request: Request, progress: Progress) -> None:
    """Draw the checklist of the request's right; of a closed request, as it was when it was closed."""
    closed = request.state is State.CLOSED
    for item in progress.items:
        _item(item, left_out=closed and not item.done)
    done = sum(item.done for item in progress.items)
    st.caption(f"{done} of {len(progress.items)} done." + (
        " The request is closed; what is open was left out." if closed and done < len(progress.items) else ""
    ))


def _item(item: Item, *, left_out: bool) -> None:
    sign = ":green[:material/check_circle:]" if item.done else ":material/remove:" if left_out else (
        ":material/radio_button_unchecked:"
    )
    state = "done" if item.done else "left out" if left_out else "open"
    st.markdown(f"{sign} **{item.title}** · {state}  \n{item.why}")


def next_step(desk: Desk, file: CaseFile, request: Request, progress: Progress) -> None:
    """Say what comes next, who can do it, and where."""
    step = progress.next
    if step is None:
        return
    st.markdown(f"**Next: {step.title}**")
    st.caption(step.why)
    if progress.waiting is not None:
        _waits(desk, file, progress.waiting)
    elif step.act is None:
        st.caption("Nobody needs to do anything.")
    else:
        tab = _PLANS.get(request.right.kind, "Carrying out") if step.act in {Act.PLAN_PREPARE, Act.PLAN_ASK} else (
            _TABS.get(step.act)
        )
        if step.act is Act.RAISED_ANSWER:
            tab = "What it needs" if request.right.kind is Kind.OBJECTION else "Carrying out"
        where = f" On the tab {tab}." if tab else ""
        if desk.person.roles & step.who():
            st.caption(f":material/person: You can do it.{where}")
        else:
            roles = " or ".join(f"a {role.value}" for role in sorted(step.who()))
            st.caption(f":material/person: It is for {roles}.{where}")


def _waits(desk: Desk, file: CaseFile, waiting: Waiting) -> None:
    """Say for whom a decision waits; who may take it finds the comparison by a link, also on a narrow screen."""
    since = local_day(desk, waiting.asked_at)
    if waiting.mine:
        st.info(f"It waits for you since {since:%d %b %Y}. [Compare and decide](#{DECIDE})", icon=":material/balance:")
        return
    name = untrusted.colleague(file.names, waiting.approver_id, "a colleague")
    words = f":material/hourglass_top: It waits for {name} since {since:%d %b %Y}"
    if waiting.away is not None:
        stands = "nobody stands in, ask somebody else" if waiting.stand_in is None else (
            f"{untrusted.colleague(file.names, waiting.stand_in, 'a colleague')} stands in"
        )
        words += f", who is away until {waiting.away:%d %b %Y}: {stands}"
    if waiting.deputy_id is not None and waiting.deputy_from is not None:
        deputy = untrusted.colleague(file.names, waiting.deputy_id, "a deputy")
        words += f"; for {deputy} too from {local_day(desk, waiting.deputy_from):%d %b %Y}"
    st.markdown(f"{words}.")
    st.caption("The one who is asked finds it on Home, under Waiting for my approval.")
