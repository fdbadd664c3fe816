"""What a request of a kind with a path of its own needs: each need with its record, and one form for all of them."""

import streamlit as st

from core.actions.answers import needs
from core.actions.answers.need_records import Recorded
from core.actions.answers.needs import Needs
from core.actions.cases.cases import CaseFile, Request
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_time
from core.law.acts import Act, may
from core.law.kinds import NEEDS, PATHS, Need
from core.law.needs import ASKS, USE, Ask, Met
from core.law.rights.balancing import FOLLOWS, Outcome
from core.law.rights.mirror import Question
from core.law.ways import Kind
from core.law.workflow import State
from pages.parts import forms, navigation, session, typed, untrusted, visit
from pages.request import mirror
from pages.request.answers import raised_panel

KINDS = frozenset(PATHS)
TAB = "What it needs"
_SEEN = {
    Met.ACKNOWLEDGED: "The desk sees it when the letter 'Complaint acknowledged' is marked as sent, on the tab Letters.",
    Met.HELD: "The desk holds the case by itself as long as this inquiry is open.",
    Met.DRAFTED: "The desk sees it when the answer is drafted, on the tab Letters.",
    Met.APPROVED: "The desk sees it when the answer has its approvals, on the tab Letters.",
}


def draw(desk: Desk, file: CaseFile, request: Request) -> None:
    """Draw the needs in their order, what was recorded for each, and the way to record it."""
    shown = needs.of_request(desk, request.row.id)
    if shown is None:
        return
    total = len(PATHS[shown.kind].needs)
    st.caption(f"{len(shown.met)} of {total} met. The letter with the answer goes out only when all are.")
    if shown.barred:
        st.info(shown.barred, icon=":material/block:")
    _outcome(shown)
    mirror.draw(desk, request.row.id, "objection", {Question.OBJECTION})
    raised_panel.draw(desk, file, request)
    for need in PATHS[shown.kind].needs:
        with st.container(border=True, key=f"need_{need.value}"):
            _need(desk, file, request, shown, need)


def _outcome(shown: Needs) -> None:
    if shown.kind is not Kind.OBJECTION or not shown.outcome:
        return
    outcome = Outcome(shown.outcome)
    words = FOLLOWS[outcome].sentence
    if outcome is Outcome.NOT_GIVEN:
        words += " Refuse the request on that ground, beside the clock."
    st.info(words, icon=":material/balance:")
    if shown.told_by:
        told = f"They must be told by {shown.told_by:%a %d %b %Y}."
        if shown.late:
            st.warning(f"{told} That day is over: tell them now.", icon=":material/schedule:")
        else:
            st.caption(told)


def _need(desk: Desk, file: CaseFile, request: Request, shown: Needs, need: Need) -> None:
    ask, record = ASKS[need], shown.held.get(need)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{ask.title}**", width="stretch")
        met = need in shown.met
        st.badge("Met" if met else "Open", color="green" if met else "gray",
                 icon=":material/check:" if met else ":material/radio_button_unchecked:")
    st.caption(_nothing_to_do(shown, need) or NEEDS[need] + (f" {_SEEN[ask.met]}" if ask.met in _SEEN and not met else ""))
    if record is not None:
        _record(desk, file, shown, ask, record)
    if need is Need.RESTRICTION_OFFERED and shown.restriction_id and st.button(
        "Open the request for restriction", type="tertiary", icon=":material/arrow_forward:", key="need_restriction"
    ):
        navigation.go("request", id=shown.restriction_id)
    late = need is Need.NOTICE_PLANNED and request.row.sent_at is not None
    if (request.state is State.IN_PROGRESS or late) and ask.met is Met.RECORDED and may(desk.person.roles, Act.NEED_RECORD):
        mine = not ask.only or bool(ask.only & desk.person.roles)
        barred = bool(shown.barred) and need is not Need.LINKED
        if st.button(
            "Record it anew…" if record else "Record it…", disabled=barred or not mine, icon=":material/edit:",
            help=None if mine else f"For {' or '.join(sorted(ask.only))} only", type="secondary" if record else "primary",
            key=f"record_{need.value}_{request.row.version}",
        ):
            _open(request, shown, need, record)


def _nothing_to_do(shown: Needs, need: Need) -> str:
    """Return why a need asks for nothing here; empty where it does."""
    if need is Need.APPROVED and shown.outcome == Outcome.UPHELD:
        return "An objection that is upheld needs no approval."
    if need is Need.OPINION and shown.outcome == Outcome.UPHELD:
        return "An objection that is upheld needs no opinion."
    if need is Need.HOLD and Need.LINKED in shown.held and not shown.about:
        return "The inquiry is about no case of this desk: there is none to hold."
    return f"Held: {shown.about} (Art. 31)." if need is Need.HOLD and shown.about else ""


def _record(desk: Desk, file: CaseFile, shown: Needs, ask: Ask, record: Recorded) -> None:
    uses = needs.uses_of(shown.kind)
    for pick in ask.picks:
        options = uses if pick.name == USE else pick.options
        st.markdown(f"{pick.label.rstrip('?')}: **{options.get(record.answer.picks[pick.name], '–')}**")
    if record.answer.day is not None:
        st.markdown(f"{ask.day}: **{record.answer.day:%a %d %b %Y}**")
    told = [(field.label, record.answer.texts[field.name]) for field in ask.texts if record.answer.texts[field.name]]
    for label, text in told:
        st.caption(label)
        untrusted.show(text)
    by = untrusted.colleague(file.names, record.recorded_by)
    st.caption(f"Recorded {local_time(desk, record.recorded_at):%d %b %Y %H:%M} by {by}")


def _open(request: Request, shown: Needs, need: Need, record: Recorded | None) -> None:
    ask = ASKS[need]
    texts = record.answer.texts if record else {}
    st.session_state.update({f"need_text_{field.name}": texts.get(field.name, "") for field in ask.texts})
    day = record.answer.day if record else None
    if day is None and need is Need.DUE_DAY:
        day = request.row.final_due
    st.session_state["need_day"] = day.isoformat() if day else ""
    _form(request.row.id, shown.kind.value, need.value, request.row.version)


@visit.dialog("Record what it needs", width="large")
def _form(request_id: str, kind: str, need: str, version: int) -> None:
    desk = session.desk_or_stop()
    ask = ASKS[Need(need)]
    st.markdown(f"**{ask.title}.** {NEEDS[Need(need)]}")
    picks, texts = {}, {}
    for pick in ask.picks:
        options = needs.uses_of(Kind(kind)) if pick.name == USE else pick.options
        picks[pick.name] = st.selectbox(
            pick.label, list(options), index=None, key=f"need_pick_{pick.name}", placeholder="Choose one",
            format_func=options.__getitem__,
        ) or ""
    for field in ask.texts:
        texts[field.name] = st.text_area(field.label, height=110, key=f"need_text_{field.name}") or ""
    day = typed.day(ask.day, "need_day") if ask.day else None
    if st.button("Record", type="primary", key="need_send"):
        forms.attempt(
            f"need_{request_id}_{need}_{version}",
            lambda key: needs.record(
                desk, request_id, need, picks, texts, day.given() if day else None, version=version, key=key
            ), "It is recorded.",
        )
