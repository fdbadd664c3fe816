"""Holds on the screen: those on a request's person and file, the dialogs to set one, and its release by two people."""

from collections.abc import Sequence

import streamlit as st

from core.actions.cases.cases import CaseFile, Request
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_time
from core.actions.oversight import holds
from core.actions.oversight.holds import LEVELS, HoldShown
from core.law.acts import Act, may
from core.law.rights.holds import REASONS, Reason
from pages.parts import forms, session, typed, untrusted, visit


def draw(desk: Desk, file: CaseFile, request: Request) -> None:
    """Draw the holds that concern the request, and let a steward or the data protection officer set one at once."""
    st.header("Holds")
    standing = holds.of_request(desk, request.row.id)
    if not standing:
        st.caption("No hold stands. Set one where a claim, an inquiry or a law demands that nothing is deleted.")
    for each in standing:
        one(desk, each)
    if may(desk.person.roles, Act.HOLD_SET) and st.button(
        "Set a hold…", icon=":material/front_hand:", key=f"hold_{request.row.id}"
    ):
        _set(request.row.id, decided=file.subject_ref is not None)


def one(desk: Desk, each: HoldShown) -> None:
    """Draw one hold: what it stops, why, since when, its review, and the step to its release that is open."""
    with st.container(border=True):
        about = LEVELS[each.level] + (f", {each.category}" if each.category else "")
        reference = f" · {each.case_reference}" if each.case_reference else ""
        st.markdown(f"**{each.number} · {about}**{reference}")
        st.markdown(f"Because of {REASONS[each.reason]}. It stops: {each.stops[0].lower()}{each.stops[1:]}")
        if each.words:
            untrusted.show(each.words)
        review = f" · looked at again on {each.review_on:%d %b %Y}" if each.review_on else ""
        st.caption(f"Set by {each.set_by} on {local_time(desk, each.set_at):%d %b %Y %H:%M}{review}")
        if each.review_due:
            st.warning("Its day of review has come: release it, or leave it standing.", icon=":material/event:")
        _release(desk, each)


def _release(desk: Desk, each: HoldShown) -> None:
    if each.asked_at is None:
        if may(desk.person.roles, Act.HOLD_RELEASE_ASK) and st.button(
            "Ask for its release…", icon=":material/lock_open:", key=f"hold_ask_{each.id}_{each.version}"
        ):
            _ask(each.id, each.version)
        return
    asked = f"Its release was asked for on {local_time(desk, each.asked_at):%d %b %Y}."
    if not may(desk.person.roles, Act.HOLD_RELEASE) or each.may_release:
        st.info(f"{asked} {each.may_release or 'The data protection officer and an approver release it together.'}")
    elif st.button("Release it", type="primary", icon=":material/lock_open:", key=f"hold_release_{each.id}_{each.version}"):
        forms.attempt(
            f"hold_release_{each.id}_{each.version}",
            lambda key: holds.release(desk, each.id, version=each.version, key=key), "The hold is released.",
        )
    else:
        st.caption(f"{asked} You may confirm it.")


@visit.dialog("Ask for the release of a hold")
def _ask(hold_id: str, version: int) -> None:
    desk = session.desk_or_stop()
    st.write("Another person confirms it: the data protection officer and an approver release a hold together.")
    words = st.text_area("Why it is not needed any more", key="hold_release_words")
    if st.button("Ask", type="primary", key="hold_release_send"):
        forms.attempt(
            f"hold_ask_{hold_id}_{version}",
            lambda key: holds.ask_release(desk, hold_id, words or "", version=version, key=key),
            "The release is asked for.",
        )


@visit.dialog("Set a hold")
def _set(request_id: str, *, decided: bool) -> None:
    desk = session.desk_or_stop()
    st.write("It stands from this moment, whoever wants to delete. Two people release it.")
    level = st.radio("What is held", ["person", "case"] if decided else ["case"], key="hold_level",
                     format_func=lambda code: LEVELS[code])
    category = _category("Which of it") if level == "person" else ""
    _send(desk, level, category, request_id, needs_review=False)


@visit.dialog("Set a hold on a category")
def on_category() -> None:
    """Ask for the category of everybody's data that is to be held, why, and when it is looked at again."""
    desk = session.desk_or_stop()
    st.write("It stands from this moment for everybody in every system. Two people release it.")
    category = st.selectbox("Category", holds.category_names(), key="hold_category_all", format_func=str.capitalize)
    _send(desk, "category", category, None, needs_review=True)


def _category(label: str) -> str:
    return st.selectbox(label, ["", *holds.category_names()], key="hold_category",
                        format_func=lambda code: code.capitalize() or "Every category") or ""


def _send(desk: Desk, level: str, category: str, request_id: str | None, *, needs_review: bool) -> None:
    reason = st.selectbox("Reason", [each.value for each in Reason], key="hold_reason",
                          format_func=lambda code: REASONS[Reason(code)].capitalize())
    words = st.text_area("In words, kept with the case", key="hold_words")
    review = typed.day("Looked at again on" + ("" if needs_review else " (may stay empty)"), "hold_review")
    if st.button("Set it now", type="primary", key="hold_send"):
        forms.attempt(
            f"hold_set_{request_id}_{level}",
            lambda key: holds.set_on(
                desk, level, reason, words or "", request_id=request_id, category=category,
                review_on=review.given(), key=key,
            ), "The hold stands. Nothing that it covers is deleted.",
        )


def listed(desk: Desk, standing: Sequence[HoldShown]) -> None:
    """Draw every hold that stands, each with what it stops."""
    if not standing:
        st.caption("No hold stands.")
    for each in standing:
        one(desk, each)
