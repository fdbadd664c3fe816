"""The correction of a request: points proposed, what they re-key, their proof, what was told to whom."""

import streamlit as st

from core.actions.answers.rectification import rectification_trail, rectifications
from core.actions.answers.rectification.rectification_trail import Correction, Point
from core.actions.cases.cases import CaseFile, Request
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_day
from core.law.acts import Act, may
from core.law.errors import Refused
from core.law.rights.rectification import Proof, decide, title_of
from core.law.workflow import State
from pages.parts import forms, notes, tables, untrusted
from pages.request.answers import recipient_list, rectify_forms


def draw(desk: Desk, file: CaseFile, request: Request) -> None:
    """Draw the correction; its values are masked until shown, which is entered in the log."""
    if file.subject_ref is None:
        st.caption("Nothing was carried out." if request.state is State.CLOSED else
                   "Decide first, on the tab Person & data, which person the case is about.")
        return
    name = f"correction_shown_{request.row.id}"
    try:
        seen = rectification_trail.open_correction(desk, request.row.id, shown=bool(st.session_state.get(name)))
    except Refused as refusal:
        st.session_state.pop(name, None)
        notes.refused(refusal)
        return
    editing = request.state is State.IN_PROGRESS and may(desk.person.roles, Act.RECTIFY_PROPOSE)
    points, adding, keys, afterwards, telling = (st.container() for _ in range(5))  # places that no part moves for another
    with points:
        _points(desk, request, seen, name, editing=editing)
    with adding:
        if editing:
            _add(request, seen)
    with keys:
        _keys(desk, request, seen, editing=editing)
    with afterwards:
        _afterwards(desk, request, seen)
    with telling:
        recipient_list.draw(desk, file, request)


def compare(desk: Desk, request_id: str) -> None:
    """Draw old and new side by side for the person who decides; opening it is entered in the log."""
    try:
        seen = rectification_trail.open_correction(desk, request_id, shown=True)
    except Refused as refusal:
        notes.refused(refusal)
        return
    st.markdown("**What is corrected**")
    for point in seen.points:
        _point(point)
    for field, systems in seen.keyed.items():
        st.caption(f"{title_of(field)} is a key of: {', '.join(systems)}.")
    if seen.proofs:
        st.caption("Proven: " + ", ".join(rectify_forms.PROOFS[Proof(each)].lower() for each in seen.proofs) + ".")


def warn(desk: Desk, request: Request) -> None:
    """Warn where data would leave or vanish within 90 days of a changed identifier of the same person."""
    if request.right.kind not in rectification_trail.WATCHED or request.state is State.CLOSED:
        return
    try:
        recent = rectification_trail.recent_change(desk, request.row.id)
    except Refused:
        return  # the page shows the refusal where the person is opened
    if recent is not None:
        names = ", ".join(title_of(field).lower() for field in recent.fields)
        st.warning(
            f"This person's {names} was changed on {recent.changed_on:%d %b %Y}. A changed identifier followed by a "
            f"request for the data, or for their erasure, is the classic way to steal or destroy a file. Check by "
            f"another way that the person asks. Shown until {recent.until:%d %b %Y}.",
            icon=":material/warning:",
        )


def _points(desk: Desk, request: Request, seen: Correction, name: str, *, editing: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("What is contested", width="stretch")
        if may(desk.person.roles, Act.RECTIFY_OPEN):
            st.button(
                "Mask again" if seen.shown else "Show the values", key=f"toggle_{name}", on_click=_turn, args=(name,),
                icon=":material/visibility_off:" if seen.shown else ":material/visibility:",
            )
    if not seen.points:
        st.caption("Nothing is proposed yet.")
    for point in seen.points:
        _point(point)
        if point.held_by_other == rectifications.WAITS:
            _waits(desk, request, point, editing=editing)
        if editing and point.state == "proposed" and st.button(
            "Take back", key=f"take_back_{point.id}", icon=":material/undo:", type="tertiary"
        ):
            _take_back(desk, point.id)


def _take_back(desk: Desk, point_id: str) -> None:
    forms.attempt(
        f"take_back_{point_id}", lambda key: rectifications.withdraw(desk, point_id, key=key), "The proposal is taken back."
    )


def _point(point: Point) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(f"{title_of(point.field)} · {point.system}")
            st.badge("Done" if point.state == "done" else "Proposed" if point.changes else "Stays",
                     color="green" if point.state == "done" else "blue" if point.changes else "gray")
            if point.rekeys:
                st.badge("Recognises people", icon=":material/key:", color="orange")
            if point.held_by_other == rectifications.SHARED:
                st.badge("Shared with another person, as decided", icon=":material/group:", color="orange")
        left, right = st.columns(2)
        with left:
            st.caption("Before" if point.state == "done" else "Held now")
            untrusted.show(point.old or "–")
        with right:
            st.caption("New")
            untrusted.show(point.new or "(removed)" if point.changes else "stays as it is")
        st.caption(decide(point.finding).sentence)
        if point.reason:
            untrusted.show(point.reason)
        if decide(point.finding).restriction:
            st.info("Offer the person restriction while the accuracy is verified (Art. 18(1)(a)): take it in as a "
                    "request of its own.", icon=":material/lock:")


def _waits(desk: Desk, request: Request, point: Point, *, editing: bool) -> None:
    st.error(rectifications.ANOTHERS, icon=":material/block:")
    mine = point.proposed_by == desk.person.account_id
    if request.state is State.IN_PROGRESS and may(desk.person.roles, Act.RECTIFY_DECIDE) and not mine:
        if st.button("They really share it…", key=f"share_{point.id}", icon=":material/group:"):
            rectify_forms.share(point.id)
    elif editing:
        st.caption("Take the proposal back, or have the Data Protection Officer decide.")


def _add(request: Request, seen: Correction) -> None:
    with st.container(horizontal=True):
        if st.button("Propose a correction…", icon=":material/edit:", key="correction_propose",
                     type="secondary" if seen.points else "primary"):
            rectify_forms.propose(request.row.id, request.row.version)
        if st.button("Supplementary statement…", icon=":material/notes:", key="correction_statement"):
            rectify_forms.statement(request.row.id, request.row.version)


def _keys(desk: Desk, request: Request, seen: Correction, *, editing: bool) -> None:
    if not seen.keyed:
        return
    st.header("Changed keys")
    tables.show(
        [{"Field": title_of(field), "Systems keyed by it": ", ".join(systems)} for field, systems in seen.keyed.items()],
        alt="Systems keyed by the changed fields",
    )
    st.caption("Each system is re-keyed in one step. Objections, withdrawals, consents and restrictions come along; the "
               "old identifier stays suppressed where it was.")
    if seen.proofs:
        st.write("Proof: " + ", ".join(rectify_forms.PROOFS[Proof(each)].lower() for each in seen.proofs) + ".")
    if seen.lacking and not any(point.state == "done" for point in seen.points):
        st.warning(seen.lacking)
    if editing and may(desk.person.roles, Act.RECTIFY_PROVE) and st.button(
        "Record the proof…", icon=":material/verified_user:", key="correction_prove"
    ):
        rectify_forms.prove(request.row.id, request.row.version)


def _afterwards(desk: Desk, request: Request, seen: Correction) -> None:
    if seen.notice is not None:
        st.header("Notice to the old address")
        if seen.notice.sent_at is not None:
            st.write(f"Sent {local_day(desk, seen.notice.sent_at):%d %b %Y}.")
        elif seen.notice.reason:
            st.write("No notice goes out, for this reason:")
            untrusted.show(seen.notice.reason)
        else:
            st.write("It is drafted on the tab Letters: mark it as sent there." if seen.notice.letter_id else
                     "We hold no address for it.")
            if request.state is not State.CLOSED and may(desk.person.roles, Act.RECTIFY_NOTICE) and st.button(
                "It cannot go out…", key="notice_reason"
            ):
                rectify_forms.no_notice(request.row.id, seen.notice.version)
    if seen.flags:
        st.header("Consents to look at")
        st.warning("By the corrected birth date these consents were given on the other side of the age limit (Art. 8(1)).")
        tables.show([
            {"Purpose": flag.purpose, "Channel": flag.channel, "Given": f"{local_day(desk, flag.given_on):%d %b %Y}",
             "Age limit": flag.age_limit} for flag in seen.flags
        ], alt="Consents across the age limit")


def _turn(name: str) -> None:
    if not st.session_state.pop(name, False):
        st.session_state[name] = True
