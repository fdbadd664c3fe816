"""Requests that ask for the same: which came first, which came later, and what was closed as a duplicate of what."""

from collections.abc import Sequence

import streamlit as st

from core.actions.cases import sequence
from core.actions.cases.cases import Request
from core.actions.cases.sequence import Other
from core.actions.desk.desk import Desk
from pages.parts import navigation


def draw(desk: Desk, request: Request) -> None:
    """Say what else of this person asks for the same, with the way there; nothing where nothing does."""
    found = sequence.beside(desk, request.row.id)
    if found.first:
        st.info(
            f"**Asked twice.** {_told([found.first])} asks for the same and came first: its clock counts. Answer that one, "
            "and close this one as a duplicate.", icon=":material/content_copy:",
        )
        _links([found.first])
    if found.later:
        st.info(
            f"**Asked again.** {_told(found.later)} asks for the same and came later. Answer this one, and close the other "
            "as a duplicate.", icon=":material/content_copy:",
        )
        _links(found.later)
    if found.duplicate_of:
        st.caption(f"Closed as a duplicate of {_told([found.duplicate_of])}.")
        _links([found.duplicate_of])
    if found.closed_as_same:
        st.caption(f"Closed as duplicates of this one: {_told(found.closed_as_same)}.")
        _links(found.closed_as_same)


def _told(others: Sequence[Other]) -> str:
    return ", ".join(f"{each.reference} (received {each.received:%d %b %Y})" for each in others)


def _links(others: Sequence[Other]) -> None:
    with st.container(horizontal=True):
        for each in others:
            if st.button(f"Open {each.reference}", key=f"twin_{each.id}", type="tertiary", icon=":material/arrow_forward:"):
                navigation.go("request", id=each.id)
