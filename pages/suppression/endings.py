"""What ends by two: restrictions looked at again and lifted, and entries held for a mistake."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from core.actions.answers.restriction import restriction_lifts
from core.actions.answers.restriction.restriction_lifts import Lift, ReviewDue
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_day, local_time
from core.actions.suppression import annulments
from core.actions.suppression.annulments import Annulment
from core.law.acts import Act, may
from core.law.rights.restriction import GROUNDS
from core.law.rights.suppression import STATES
from pages.parts import forms, sealed_note, step_up, untrusted, visit
from pages.suppression import entry

T = TypeVar("T")
_WIDTH = 900
_EVIDENCE = "annulment_evidence"  # the id of the annulment whose evidence is read


def draw(desk: Desk) -> None:
    """Draw what is due to be looked at, what is proposed for lifting, and what is held for a mistake."""
    due, lifts, mistakes = restriction_lifts.reviews_due(desk), restriction_lifts.proposals(desk), annulments.annulments(desk)
    if not (due or lifts or mistakes):
        st.caption("No restriction is due to be looked at again or proposed for lifting, and no entry is held for a mistake.")
    _each("To be looked at again", due, lambda each: _due(desk, each))
    _each("Restrictions to be lifted", lifts, lambda each: _lifting(desk, each))
    _each("Held for a mistake", mistakes, lambda each: _mistake(desk, each))
    sealed_note.draw(desk)


def _each(title: str, rows: Sequence[T], draw_one: Callable[[T], None]) -> None:
    if rows:
        st.header(f"{title} · {len(rows)}")
    for each in rows:
        with st.container(border=True, width=_WIDTH):
            draw_one(each)


def _case(reference: str) -> str:
    return f" · case {reference}" if reference else ""


def _due(desk: Desk, each: ReviewDue) -> None:
    st.markdown(f"**{each.number}** · Art. {GROUNDS[each.ground].article}{_case(each.case_reference)}")
    st.caption(f"Due since {each.review_on:%d %b %Y}; it stands until it is lifted. {GROUNDS[each.ground].ends}")
    if not may(desk.person.roles, Act.RESTRICTION_PROPOSE):
        return
    with st.container(horizontal=True):
        if st.button("Propose to lift…", icon=":material/lock_open:", key=f"due_propose_{each.entry_id}_{each.version}"):
            entry.propose(each.entry_id, each.version)
        if st.button("It stands on…", icon=":material/event_repeat:", key=f"due_review_{each.entry_id}_{each.version}"):
            entry.review(each.entry_id, each.version)


def _lifting(desk: Desk, each: Lift) -> None:
    st.markdown(f"**{each.number}** · Art. {GROUNDS[each.ground].article}{_case(each.case_reference)}")
    st.caption(f"Proposed {local_time(desk, each.proposed_at):%d %b %Y %H:%M}. " + (
        f"The person was told on {local_day(desk, each.told_at):%d %b %Y}." if each.told_at else
        "The person is not told yet: send the letter 'Restriction will be lifted' and mark it as sent."
    ))
    if each.mine:
        st.caption("You proposed it: another person decides.")
        return
    if not may(desk.person.roles, Act.RESTRICTION_LIFT):
        return
    if st.button("Keep the restriction", key=f"keep_{each.id}_{each.version}"):
        forms.attempt(f"keep_{each.id}", lambda key: restriction_lifts.keep(desk, each.id, key=key),
                      "The restriction stays.")
    if each.told_at is not None and step_up.ready(desk, Act.RESTRICTION_LIFT, each.id) and st.button(
        "Lift the restriction", type="primary", icon=":material/lock_open:", key=f"lift_{each.id}_{each.version}"
    ):
        forms.attempt(f"lift_{each.id}", lambda key: restriction_lifts.lift(desk, each.id, key=key),
                      "The restriction is lifted.")


def _mistake(desk: Desk, each: Annulment) -> None:
    st.markdown(f"**{each.number}** · {STATES[each.state].name}{_case(each.case_reference)}")
    st.caption(f"Asked {local_time(desk, each.asked_at):%d %b %Y %H:%M}. Until it is decided, the entry goes on stopping.")
    if each.mine:
        st.caption("You asked for it: another person decides.")
        return
    if not may(desk.person.roles, Act.SUPPRESSION_ANNUL):
        return
    if visit.kept(_EVIDENCE) != each.id:
        if st.button("Read the evidence", icon=":material/visibility:", key=f"evidence_{each.id}"):
            visit.keep(_EVIDENCE, each.id)
            st.rerun()
        return
    untrusted.facts([("Evidence", annulments.evidence_of(desk, each.id))])
    if st.button("It is no mistake: keep the entry", key=f"annul_keep_{each.id}_{each.version}"):
        forms.attempt(f"annul_keep_{each.id}", lambda key: annulments.keep(desk, each.id, key=key), "The entry stays.")
    if step_up.ready(desk, Act.SUPPRESSION_ANNUL, each.id) and st.button(
        "Annul the entry", type="primary", icon=":material/undo:", key=f"annul_do_{each.id}_{each.version}"
    ):
        forms.attempt(f"annul_do_{each.id}", lambda key: annulments.annul(desk, each.id, key=key), "The entry is annulled.")
