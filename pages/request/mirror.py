"""How like cases were decided, beside a decision before it leaves: numbers by a click, a sentence where this one is unlike."""

from collections.abc import Collection

import streamlit as st

from core.actions.answers import mirror
from core.actions.answers.mirror import Mirror
from core.actions.desk.desk import Desk
from core.law.rights.mirror import FEW, LEAST, ON_THE_ANSWER, Question
from pages.parts import tables


def draw(desk: Desk, request_id: str, place: str, about: Collection[Question] = ON_THE_ANSWER) -> None:
    """Draw the sentence that marks unequal treatment, and below a switch, which stays as it was set, the numbers."""
    shown = mirror.of_request(desk, request_id, about)
    if not shown.rows:
        return
    _warning(shown)
    if st.toggle("How like cases were decided", key=f"mirror_{place}_{request_id}"):
        _numbers(shown)


def warn(desk: Desk, request_id: str) -> None:
    """Draw the sentence alone, where the answer is about to leave."""
    _warning(mirror.of_request(desk, request_id))


def _warning(shown: Mirror) -> None:
    if shown.warning:
        st.warning(shown.warning, icon=":material/balance:")


def _numbers(shown: Mirror) -> None:
    compared, alone = [each for each in shown.rows if each.ways], [each for each in shown.rows if not each.ways]
    for each in compared:
        st.markdown(f"{each.summary}.")
    if compared:
        tables.show(
            [{"What": each.title, "Here": each.here, "Like cases": way, "Number": cases}
             for each in compared for way, cases in each.ways],
            alt="How like cases were decided, by ground", longest=12,
        )
    if alone:
        st.caption(f"{', '.join(each.title for each in alone)}: {FEW}" if compared else FEW)
    st.caption(f"Requests of the same right by others, by their last decision. It is marked where at least {LEAST} are there and "
               "four fifths of them ended otherwise (Art. 5(1)(a)): say what is different here, or decide alike.")
