"""What shows that a request is manifestly unfounded or excessive: chosen by whoever prepares it, seen by whoever decides."""

from collections.abc import Sequence

import streamlit as st

from core.actions.answers.refusal import fees
from core.actions.desk.desk import Desk
from core.law.refusal import ABUSE, CIRCUMSTANCES


def circumstances(desk: Desk, request_id: str, ground: str, form: str) -> list[str]:
    """Ask what shows a ground of Article 12(5), beside what is known of earlier answers; nothing for another ground."""
    if ground not in ABUSE:
        return []
    if hint := fees.repetition(desk, request_id):
        st.info(hint, icon=":material/repeat:")
    return st.multiselect(
        "What shows it. How often somebody asks is not enough", list(CIRCUMSTANCES), format_func=lambda code: CIRCUMSTANCES[code],
        key=f"{form}_circumstances", placeholder="Choose all that hold",
    )


def told(chosen: Sequence[str]) -> None:
    """Say what was chosen; nothing where the ground needs none."""
    if chosen:
        st.caption("What shows it: " + "; ".join(CIRCUMSTANCES[code] for code in chosen) + ".")
