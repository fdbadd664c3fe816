"""Sealing a case to named people: an employee's, a dispute, a public figure, the protection of a child."""

import streamlit as st

from core.actions.accounts import accounts
from core.actions.cases import cases
from core.actions.cases.cases import CaseFile
from core.actions.desk.desk import Desk
from core.law.acts import Act, may
from pages.parts import forms, session, visit


def draw(desk: Desk, file: CaseFile) -> None:
    """Draw the button for those who may seal; a sealed case can be given to other people the same way."""
    if may(desk.person.roles, Act.CASE_SEAL) and st.button(
        "Sealed to…" if file.sealed_to_names else "Seal the case…", icon=":material/lock:", type="tertiary",
        key=f"seal_{file.case_ref}",
    ):
        _seal(file.case_ref, file.version)


@visit.dialog("Seal the case")
def _seal(case_ref: str, version: int) -> None:
    desk = session.desk_or_stop()
    st.write("Only the people named here see the case. Every other attempt is refused and entered in the log; boards "
             "count it, and show nothing of it. Name the handler and whoever will approve.")
    able = dict(accounts.colleagues(desk, Act.CASE_OPEN))
    named = st.multiselect(
        "Who may see it", list(able), default=[desk.person.account_id] if desk.person.account_id in able else [],
        format_func=lambda who: able[who], key="seal_named",
    )
    if desk.person.account_id not in named:
        st.caption("You are not named: you will not see the case any more.")
    if st.button("Seal", type="primary", disabled=not named, key="seal_send"):
        forms.attempt(
            f"seal_{case_ref}_{version}", lambda key: cases.seal_to(desk, case_ref, list(named), key=key),
            "The case is sealed to the people named.",
        )
