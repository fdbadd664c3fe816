"""That the person of a case has died: recorded, shown, and taken back where it was wrong."""

import streamlit as st

from core.actions.cases import deaths
from core.actions.cases.cases import CaseFile
from core.actions.cases.deaths import SOURCES
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.law.acts import Act, may
from pages.parts import forms, session, typed, untrusted, visit


def draw(desk: Desk, file: CaseFile, *, live: bool) -> None:
    """Draw the death on record with what it stopped, or the way to record one."""
    death = deaths.show(desk, file.case_ref)
    if death is None:
        if live and may(desk.person.roles, Act.DEATH_RECORD) and st.button(
            "The person has died…", icon=":material/event_busy:", key="death_record"
        ):
            _record(file.case_ref)
        return
    by = untrusted.colleague(file.names, death.recorded_by)
    st.error(
        f"This person died on {death.died_on:%d %b %Y} ({SOURCES[death.source].lower()}; recorded by {by}). Marketing has "
        f"stopped on {death.stopped} of their addresses and numbers, and no letter goes to them: write to the heir, or close "
        "the request as outside.", icon=":material/event_busy:",
    )
    if may(desk.person.roles, Act.DEATH_CORRECT) and st.button(
        "This was wrong: the person lives…", icon=":material/undo:", key="death_correct"
    ):
        _correct(file.case_ref)


@visit.dialog("The person has died")
def _record(case_ref: str) -> None:
    desk = session.desk_or_stop()
    st.write("Marketing stops at once on every address and number of the person, never on those of whoever writes. What heirs "
             "may ask is for national law to say: the desk knows the rule of the country in which you answer.")
    day = typed.day("Died on", "death_on", today_of(desk))
    source = st.selectbox("Known from", list(SOURCES), format_func=lambda code: SOURCES[code], key="death_source")
    if st.button("Record the death", type="primary", key="death_send"):
        forms.attempt(
            f"death_{case_ref}", lambda key: deaths.record(desk, case_ref, day.needed(), source, key=key),
            "The death is recorded, and marketing has stopped.",
        )


@visit.dialog("The person lives")
def _correct(case_ref: str) -> None:
    desk = session.desk_or_stop()
    st.write("What was stopped because of the death ends with it; objections of the person stay.")
    words = st.text_area("The evidence (stays with the case)", key="death_evidence")
    if st.button("Take it back", type="primary", key="death_correct_send"):
        forms.attempt(
            f"life_{case_ref}", lambda key: deaths.correct(desk, case_ref, words or "", key=key),
            "The death is taken back.",
        )
