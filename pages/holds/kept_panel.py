"""What erasures left and until when: the list over all requests, the parts of one request, and what can be done with one."""

import streamlit as st

from core.actions.answers.erasure import kept_parts
from core.actions.answers.erasure.erasure_words import HELD
from core.actions.answers.erasure.kept_parts import KeptPart
from core.actions.cases.cases import Request
from core.actions.desk.desk import Desk
from core.law.acts import Act, may
from core.law.rights.erasure import EXEMPTIONS, Exemption, article_of
from core.law.rights.kept import WORDS, KeptStanding
from pages.parts import forms, navigation, session, step_up, tables, typed, untrusted, visit

_SIGNS = {
    KeptStanding.DUE: "● due", KeptStanding.KEPT: "○ kept", KeptStanding.HELD: "■ held", KeptStanding.CHANGED: "▲ something new",
    KeptStanding.OPEN_ENDED: "◌ no day",
}


def listed(desk: Desk) -> None:
    """Draw every kept part with its day, the first due on top, and the letters that are still to be sent."""
    parts = kept_parts.list_kept(desk)
    due = sum(each.standing is KeptStanding.DUE for each in parts)
    changed = sum(each.standing is KeptStanding.CHANGED for each in parts)
    if due:
        st.info(f"{due} due: the desk erases what is due within the hour. What stays here longer needs the operator's eye.")
    if changed:
        st.warning(f"{changed} with something new since the plan: open the request, and keep it on another ground or confirm.")
    chosen = tables.choose(
        "kept", [each.id for each in parts], [
            {"Request": each.reference, "What": each.title, "Rows": each.rows, "Ground": ground(each.ground),
             "Until": f"{each.until:%Y-%m-%d}" if each.until else "no day", "Standing": _SIGNS[each.standing]}
            for each in parts
        ], alt="What is kept after erasures, and until when",
    ) if parts else []
    if not parts:
        st.caption("No erasure left anything that still stands.")
    for each in parts:
        if each.id in chosen and st.button("Open the request", icon=":material/open_in_new:", key=f"kept_open_{each.id}"):
            navigation.go("request", id=each.request_id)
    _letters(desk)


def _letters(desk: Desk) -> None:
    rows = kept_parts.untold(desk)
    if not rows:
        return
    st.markdown("**Erased on their day: the person is told next**")
    for row in rows:
        if st.button(f"{row['reference']}: send the letter", icon=":material/mail:", key=f"kept_letter_{row['id']}"):
            navigation.go("request", id=row["id"])


def draw(desk: Desk, request: Request) -> None:
    """Draw what is kept after the erasure of one request, and what came in since its plan."""
    parts = kept_parts.of_request(desk, request.row.id)
    for new in kept_parts.news(desk, request.row.id):
        st.warning(
            f"**{new.title}**: something came in or changed since the plan ({new.then} rows then, {new.now} now). An invoice, a "
            "payment or a claim may have its own ground: look before it is erased.", icon=":material/new_releases:",
        )
    if not parts:
        return
    st.header("Kept until")
    for each in parts:
        _one(desk, each)


def _one(desk: Desk, each: KeptPart) -> None:
    with st.container(border=True, key=f"kept_{each.id}"):
        day = f"until {each.until:%d %b %Y}" if each.until else "without a day"
        st.markdown(f"**{each.title}** · {each.rows} rows · {ground(each.ground)} · {day}")
        if each.rests_on:
            untrusted.show(each.rests_on)
        st.caption(f"{_SIGNS[each.standing]}: it {WORDS[each.standing]}. It is used for this ground alone.")
        with st.container(horizontal=True):
            if may(desk.person.roles, Act.KEPT_PROLONG) and st.button(
                "Keep it longer…", icon=":material/event_repeat:", key=f"kept_longer_{each.id}_{each.version}"
            ):
                _longer(each.id, each.title, each.version)
            if each.standing in {KeptStanding.CHANGED, KeptStanding.OPEN_ENDED} and may(desk.person.roles, Act.KEPT_CONFIRM):
                _confirm(desk, each)


def _confirm(desk: Desk, each: KeptPart) -> None:
    if step_up.ready(desk, Act.KEPT_CONFIRM, each.id) and st.button(
        "Confirm its erasure", type="primary", icon=":material/delete:", key=f"kept_confirm_{each.id}_{each.version}"
    ):
        forms.attempt(
            f"kept_confirm_{each.id}_{each.version}",
            lambda key: kept_parts.confirm(desk, each.id, version=each.version, key=key),
            "Confirmed. The desk erases it within the hour.",
        )


@visit.dialog("Keep it longer")
def _longer(kept_id: str, title: str, version: int) -> None:
    desk = session.desk_or_stop()
    st.markdown(f"**{title}** stays on an exception of Article 17(3), which needs its record. A shorter time is not possible.")
    exemption = st.selectbox("Exception", [each.value for each in Exemption], index=1, key="kept_exemption",
                             format_func=lambda code: f"Art. {article_of(code)}: {EXEMPTIONS[Exemption(code)]}")
    reference = st.text_input("Statute, provision or claim", key="kept_reference")
    until = typed.day("Until", "kept_until")
    why = st.text_area("Reasons", key="kept_why", height=80)
    if st.button("Keep it", type="primary", key="kept_longer_send"):
        forms.attempt(
            f"kept_longer_{kept_id}_{version}",
            lambda key: kept_parts.prolong(
                desk, kept_id, exemption, reference or "", until.given(), why or "",
                version=version, key=key,
            ), "It is kept longer; the person is told by a letter of yours.",
        )


def ground(code: str) -> str:
    """Return a ground as it is shown: the point of Article 17(3), or the hold."""
    return "a hold, Art. 17(3)(e)" if code == HELD else f"Art. {article_of(code)}"
