"""The extension of a period: how it stands, the dialog that prepares it, the approval, and why it is barred."""

import streamlit as st

from core.actions.answers import approvals
from core.actions.answers.refusal import extensions
from core.actions.answers.refusal.extensions import EXTENSION, Extension
from core.actions.cases.cases import CaseFile, Request
from core.actions.cases.clock import profile_of
from core.actions.desk.desk import Desk
from core.law.acts import Act, may
from core.law.clock.disputed import Topic
from core.law.clock.extension import GROUNDS, PART_NAMES
from core.law.errors import Refused
from core.law.rights.mirror import Question
from core.law.workflow import State
from pages.parts import badges, forms, notes, session, typed, untrusted, visit
from pages.request import approval_panel, differ, mirror

_BADGES: dict[str, tuple[str, badges.Colour, str]] = {
    "effective": ("Extended", "green", ":material/event_available:"), "late": ("Without effect", "red", ":material/event_busy:"),
    "prepared": ("Extension prepared", "gray", ":material/edit_calendar:"),
    "asked": ("Extension asked", "orange", ":material/approval:"), "approved": ("Extension approved", "blue", ":material/send:"),
}


def draw(desk: Desk, file: CaseFile, request: Request) -> None:
    """Draw how the extension stands and, for those who may, the next step; a barred one says why."""
    shown = extensions.of_request(desk, request.row.id)
    if request.state is State.CLOSED and not shown.told_on:
        return
    st.markdown("**Extension**")
    if shown.standing.code in _BADGES:
        words, colour, icon = _BADGES[shown.standing.code]
        st.badge(words, color=colour, icon=icon)
    st.caption(shown.standing.sentence)
    if shown.returned:
        st.caption("Given back:")
        untrusted.show(shown.returned)
    if shown.asked_of and shown.standing.code == "asked":
        st.caption(f"{untrusted.colleague(file.names, shown.asked_of, 'A colleague')} decides.")
    if shown.told_on or request.state is State.CLOSED or not may(desk.person.roles, Act.EXTENSION_PREPARE):
        return
    if shown.strict_due and not shown.may_prepare and shown.strict_due != shown.notice_due:
        day = f"{shown.strict_due:%d %b %Y}"
        (st.warning if shown.strict_late else st.caption)(
            f"In the strict reading, which ignores every pause, the person {'should have been' if shown.strict_late else 'is'} "
            f"told by {day}."
        )
    mirror.draw(desk, request.row.id, "extension", {Question.EXTENSION})
    _steps(request, shown)


def _steps(request: Request, shown: Extension) -> None:
    key = f"{request.row.id}_{request.row.version}_{shown.version}"
    lacks = shown.lacks
    if shown.standing.code == "prepared":
        if lacks:
            words = " and ".join(PART_NAMES[part] for part in lacks)
            st.warning(f"The letter does not say {words}: complete it under Letters.")
        if st.button(
            "Ask for the approval of the extension…", type="primary", icon=":material/approval:", width="stretch",
            disabled=bool(lacks or shown.may_prepare), key=f"extension_ask_{key}",
        ):
            approval_panel.ask(EXTENSION, request.row.id, shown.version)
    if shown.standing.code != "asked" and st.button(
        "Change the extension…" if shown.id else "Extend the period…", icon=":material/more_time:", width="stretch",
        disabled=bool(shown.may_prepare), help=shown.may_prepare or None, key=f"extend_{key}",
    ):
        st.session_state.update(
            extend_facts=shown.facts, extend_grounds=[each.code for each in shown.grounds],
            extend_until=shown.until.isoformat() if shown.until else "",
        )
        _prepare(request.row.id, request.row.version, profile_of(request.row).law)


@visit.dialog("Extend the period", width="large")
def _prepare(request_id: str, version: int, law: str) -> None:
    desk = session.desk_or_stop()
    shown = extensions.of_request(desk, request_id)
    if shown.notice_due:
        st.write(f"Once, by law. The person must be told, with the reasons, by **{shown.notice_due:%a %d %b %Y}**; that day "
                 "still counts, a later notice has no effect.")
    else:
        st.write("Once, by law. The clock stands still at present; tell the person without undue delay.")
    if shown.new_due:
        st.write(f"Told today, the last day becomes **{shown.new_due:%a %d %b %Y}**.")
    differ.warn(law, Topic.EXTENSION)
    grounds = st.pills("Ground", list(GROUNDS), selection_mode="multi", key="extend_grounds",
                       format_func=lambda code: GROUNDS[code].title)
    facts = st.text_area("The facts of this request. They stand in the letter", key="extend_facts")
    until = None
    if not shown.caps:
        until = typed.day("The person has the answer by", "extend_until")
    st.caption("The letter is drafted with the reasons, the new day and where to complain. Somebody else than the handler "
               "approves it; the extension counts from the day the letter is sent.")
    if st.button("Prepare the extension", type="primary", key="extend_send"):
        forms.attempt(
            f"extend_{request_id}_{version}_{shown.version}",
            lambda key: extensions.prepare(
                desk, request_id, list(grounds), facts or "", until=until.given() if until else None,
                version=version, key=key,
            ), "The extension is prepared. Read its letter, then ask for the approval.",
        )


def decide(desk: Desk, request: Request) -> None:
    """Draw, for the person asked, the extension with its facts and letter, and the decision."""
    if not may(desk.person.roles, Act.EXTENSION_OPEN):
        return
    mine = next((
        row for row in approvals.waiting(desk) if (row["thing"], row["request_id"]) == (EXTENSION.code, request.row.id)
), None)
    if mine is None:
        return
    try:
        shown = approvals.compare(desk, EXTENSION, mine["id"])
    except Refused as refusal:
        notes.refused(refusal)
        return
    with st.container(border=True):
        st.header("Extension of the period")
        st.caption(shown.standing.sentence + (
            f" Told today, the last day becomes {shown.new_due:%a %d %b %Y}." if shown.new_due else ""
        ))
        st.markdown(f"**Ground:** {', '.join(ground.title for ground in shown.grounds)} (Art. 12(3))")
        left, right = st.columns(2, gap="large")
        with left:
            st.markdown("**Facts**")
            untrusted.show(shown.facts)
            st.caption("An extension is not automatic: the answer is still owed without undue delay.")
        with right:
            st.markdown("**The letter**")
            untrusted.show(shown.letter)
        mirror.draw(desk, request.row.id, "extending", {Question.EXTENSION})
        approval_panel.decide(
            desk, EXTENSION, shown.approval_id, shown.may_decide, "Approve the extension",
            "The extension is approved. It counts once its letter is sent.", icon=":material/more_time:",
            barred=bool(shown.may_prepare),
        )
