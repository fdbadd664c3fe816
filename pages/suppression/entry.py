"""One entry of the suppression list: what it says, what can end it, and its history once it is opened."""

from datetime import timedelta
from typing import Any

import streamlit as st

from core.actions.accounts.accounts import colleagues
from core.actions.answers.restriction import restriction_lifts
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_day, local_time, today_of
from core.actions.suppression import annulments, suppression_entries, suppression_list
from core.actions.suppression.suppression_entries import Event
from core.actions.suppression.suppression_list import KINDS
from core.law.acts import Act, may
from core.law.errors import Refused
from core.law.rights.restriction import GROUNDS, Ground
from core.law.rights.suppression import STATES, Legal, may_end
from pages.parts import forms, notes, session, tables, typed, untrusted, visit
from pages.suppression import words

_WIDTH = 900
_OPENED = "suppression_opened"  # the id of the entry that is open
_NEXT_LOOK = timedelta(days=90)
_ANNULLABLE = frozenset({Legal.OBJECTION, Legal.WITHDRAWAL, Legal.DO_NOT_IMPORT})


def draw(desk: Desk, row: dict[str, Any]) -> None:
    """Draw the entry that was chosen from the list."""
    state, roles = Legal(row["state"]), desk.person.roles
    with st.container(border=True, width=_WIDTH):
        st.markdown(f"**{row['number']}** · {STATES[state].name} · {words.scope(row)}")
        if row["ended_at"] is not None:
            st.caption(f"Ended {local_day(desk, row['ended_at']):%d %b %Y}: {words.end(row['end_ground'])}.")
        elif state is Legal.RESTRICTION:
            st.caption(GROUNDS[Ground(row["ground"])].sentence + " " + GROUNDS[Ground(row["ground"])].ends)
        else:
            st.caption(f"{STATES[state].ends} For {' or '.join(sorted(may_end(state)))} to enter.")
        with st.container(horizontal=True):
            if row["ended_at"] is None:
                _ends(row, state, roles)
            if may(roles, Act.SUPPRESSION_OPEN) and st.button(
                "Value and history", icon=":material/history:", key=f"open_{row['id']}"
            ):
                visit.keep(_OPENED, row["id"])
        if visit.kept(_OPENED) == row["id"]:
            _opened(desk, row["id"])


def _ends(row: dict[str, Any], state: Legal, roles: frozenset[Any]) -> None:
    name = f"{row['id']}_{row['version']}"
    if state is Legal.RESTRICTION:
        if not may(roles, Act.RESTRICTION_PROPOSE):
            st.caption("A DPO proposes its lifting.")
            return
        if st.button("Propose to lift…", icon=":material/lock_open:", key=f"propose_{name}"):
            propose(row["id"], row["version"])
        if st.button("It stands on…", icon=":material/event_repeat:", key=f"review_{name}"):
            review(row["id"], row["version"])
        return
    label = "Record a new relation…" if state is Legal.DO_NOT_IMPORT else "Record the person's opt-in…"
    if state is not Legal.DECEASED and may(roles, Act.SUPPRESSION_END) and st.button(
        label, icon=":material/how_to_reg:", key=f"end_{name}"
    ):
        _end(row["id"], row["version"], state.value, row["kind"])
    if state in _ANNULLABLE and may(roles, Act.SUPPRESSION_ANNUL_ASK) and st.button(
        "A mistake…", icon=":material/undo:", key=f"annul_{name}"
    ):
        _annul(row["id"], row["version"])


def _opened(desk: Desk, entry_id: str) -> None:
    """Draw what is behind the entry, read again: the session keeps which one is open, and no value of it."""
    try:
        entry = suppression_entries.open_entry(desk, entry_id)
    except Refused as refusal:
        notes.refused(refusal)
        return
    untrusted.facts([("Value", entry.value or "not kept, or its key was destroyed: the keyed hash goes on stopping it")])
    names = {**dict(colleagues(desk, Act.SUPPRESSION_LOOK)), "worker": "the desk"}
    tables.show([_line(desk, each, names) for each in entry.events], alt="What became of this entry")


def _line(desk: Desk, event: Event, names: dict[str, str]) -> dict[str, str]:
    what = words.event(event.code) + (f" {event.day:%d %b %Y}" if event.day else "")
    return {
        "When": f"{local_time(desk, event.at):%d %b %Y %H:%M}", "What": what,
        "By": untrusted.colleague(names, event.by) if event.by else "", "Words": event.words,
    }


@visit.dialog("Propose to lift the restriction")
def propose(entry_id: str, version: int) -> None:
    """Ask for the reason; the person is told next, and somebody else lifts it."""
    desk = session.desk_or_stop()
    st.write("The person is told first (Article 18(3)): draft and send the letter in the case. Then another person lifts it.")
    reason = st.text_area("Why it ends; the letter says it to the person", key="propose_reason")
    if st.button("Propose", type="primary", key="propose_send"):
        forms.attempt(
            f"propose_{entry_id}_{version}",
            lambda key: restriction_lifts.propose(desk, entry_id, reason or "", version=version, key=key),
            "Proposed. Tell the person now: the letter is in the case, under Letters.",
        )


@visit.dialog("The restriction stands on")
def review(entry_id: str, version: int) -> None:
    """Ask for the next review date and why the restriction still stands."""
    desk = session.desk_or_stop()
    st.write("Its reason still holds. No date lifts a restriction by itself: on this day it is looked at again.")
    day = typed.day("Look at it again on", "review_day", today_of(desk) + _NEXT_LOOK)
    reason = st.text_area("Why it still stands (kept with the case)", key="review_reason")
    if st.button("Record", type="primary", key="review_send"):
        forms.attempt(
            f"review_{entry_id}_{version}",
            lambda key: restriction_lifts.review_later(
                desk, entry_id, day.needed(), reason or "", version=version, key=key
            ), "Recorded. The restriction stands.",
        )


@visit.dialog("An entry made by mistake")
def _annul(entry_id: str, version: int) -> None:
    desk = session.desk_or_stop()
    st.write("For an entry that never stood for the person: a value mistyped, a line of the wrong file. Another person decides "
             "by your evidence; the entry stays in the list as annulled. What the person themselves takes back is an opt-in.")
    evidence = st.text_area("The evidence that it was a mistake, and where its record is", key="annul_evidence")
    if st.button("Ask another person to annul it", type="primary", key="annul_send"):
        forms.attempt(
            f"annul_{entry_id}_{version}",
            lambda key: annulments.ask(desk, entry_id, evidence or "", version=version, key=key),
            "Asked. Until another person decides, it goes on stopping.",
        )


@visit.dialog("What the person did since")
def _end(entry_id: str, version: int, state: str, kind: str) -> None:
    desk = session.desk_or_stop()
    st.write(
        "Only a new relation that began after the erasure brings the person back; the old objection stays."
        if state == Legal.DO_NOT_IMPORT else
        "Only the person's own opt-in, newer than the entry and proven, ends it. Nobody at the desk can."
    )
    known = kind if kind in KINDS else "email"
    chosen = st.selectbox("Kind", list(KINDS), index=list(KINDS).index(known), key="end_kind",
                          format_func=lambda code: words.KIND_NAMES[code])
    value = st.text_input("The address or number, as in the person's opt-in", key="end_value",
                          autocomplete="off")
    day = typed.day("On", "end_on", today_of(desk))
    evidence = st.text_area("Evidence: what they agreed to, how, and where the record of it is",
                            key="end_evidence")
    if st.button("Record", type="primary", key="end_send"):
        forms.attempt(
            f"end_{entry_id}_{version}",
            lambda key: suppression_list.end_entry(
                desk, entry_id, chosen, value or "", happened_on=day.needed(), evidence=evidence or "", version=version, key=key,
            ), "Recorded. The entry has ended.",
        )
