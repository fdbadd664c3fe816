"""Who acts for the person of a case: entered, identified, checked for its rights and its time, ended."""

from typing import Any

import streamlit as st

from core.actions.accounts import accounts
from core.actions.cases import representatives
from core.actions.cases.cases import CaseFile
from core.actions.cases.representatives import ENDS, OUTCOMES, Acting, Shows, shown_words
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.law.acts import Act, may
from core.law.representatives import PROOFS, SHOWN, Capacity, Goes
from core.law.ways import OF_PERSONS, RIGHTS, Kind
from pages.parts import forms, session, typed, untrusted, visit
from pages.request.person import child_panel, identity_panel

CAPACITIES = {
    Capacity.PARENT: "Parent or guardian of a child", Capacity.AGENT: "Lawyer or agent with a power of attorney",
    Capacity.GUARDIAN: "Guardian appointed by a court", Capacity.HEIR: "Heir of a person who has died",
}
_GOES = {
    Goes.PERSON: "The answer goes to the person.", Goes.REPRESENTATIVE: "By the authority the answer goes to the representative.",
    Goes.NOBODY: "The answer goes to nobody: the person has died, and this authority ended with it.",
}
_STATES = {"open": "identity not checked yet", "proven": "identity proven", "failed": "identity not proven"}


def draw(desk: Desk, file: CaseFile, *, movable: bool) -> None:
    """Draw who acts for the person and whether they may, or the way to enter somebody."""
    acting = representatives.show(desk, file.case_ref)
    able = movable and may(desk.person.roles, Act.REPRESENTATIVE_ADD)
    if acting is None:
        if able and st.button("Somebody acts for the person…", icon=":material/supervisor_account:", key="acting_add"):
            _add(file.case_ref, [each.right.kind for each in file.requests])
        return
    st.header("Acting for the person")
    with st.container(border=True):
        _who(file, acting)
        for sentence, kinds in _told(acting.refused).items():
            st.warning(f"{kinds}: {sentence}", icon=":material/block:")
        for sentence, kinds in _told(acting.covered).items():
            st.markdown(f":material/check_circle: {kinds}: {sentence}")
        if acting.capacity is Capacity.PARENT and acting.row["ended_at"] is None:
            child_panel.draw(desk, file, movable=movable)
        identity_panel.documents(desk, file, acting.row["id"])
        if movable:
            _steps(desk, file, acting)


def fields(capacity: str | None) -> str:
    """Return what a capacity must show, in words."""
    return PROOFS[Capacity(capacity)] if capacity else ""


def _who(file: CaseFile, acting: Shows) -> None:
    row = acting.row
    proofs = f": {shown_words(row['identity_proofs'])}" if row["identity_proofs"] else ""
    until = f"until {row['until']:%d %b %Y}" if row["until"] else "without an end"
    names = file.names
    untrusted.facts([
        ("Who", acting.person["name"]),
        ("As", CAPACITIES[acting.capacity]),
        ("Reached at", ", ".join(acting.person[name] for name in ("email", "phone", "address") if acting.person[name])),
        ("Who they are", _STATES[row["identity_state"]] + proofs
         + (f" ({names.get(row['identity_by'], 'a former colleague')})" if row["identity_by"] else "")),
        ("For which rights", ", ".join(RIGHTS[kind].name for kind in acting.rights)),
        ("When", f"from {row['since']:%d %b %Y}, {until}"),
        ("Checked", f"{OUTCOMES[row['outcome']]}, {row['checked_on']:%d %b %Y}, by "
                    f"{names.get(row['checked_by'], 'a former colleague')}" if row["checked_on"] else "not yet: it needs "
                    + fields(row["capacity"])),
    ])
    if acting.words:
        st.caption("What shows it, or what is missing")
        untrusted.show(acting.words)
    if row["revoked_on"]:
        st.error(f"Revoked on {row['revoked_on']:%d %b %Y}: nothing goes on for them.", icon=":material/cancel:")
    st.caption(_GOES[acting.goes_to])


def _told(verdicts: dict[str, str]) -> dict[str, str]:
    """Return each sentence once, with the rights it is about."""
    told: dict[str, list[str]] = {}
    for kind, sentence in verdicts.items():
        told.setdefault(sentence, []).append(RIGHTS[Kind(kind)].name)
    return {sentence: ", ".join(kinds) for sentence, kinds in told.items()}


def _steps(desk: Desk, file: CaseFile, acting: Shows) -> None:
    row, roles = acting.row, desk.person.roles
    if not may(roles, Act.AUTHORITY_CHECK):
        return
    with st.container(horizontal=True):
        if row["ended_at"] is None:
            if st.button("Record who they are…", icon=":material/badge:", key="acting_identity"):
                _identity(row)
            if st.button("Check the authority…", icon=":material/verified_user:", key="acting_check"):
                _check(row, [kind.value for kind in acting.rights])
            if st.button("Keep a proof document…", icon=":material/lock_person:", key="acting_document"):
                identity_panel.add_document(file.case_ref, "authority", row["id"])
            if st.button("End it…", icon=":material/link_off:", key="acting_end"):
                _end(row)
        elif st.button("Somebody else acts for the person…", icon=":material/supervisor_account:", key="acting_add"):
            _add(file.case_ref, [each.right.kind for each in file.requests])


@visit.dialog("Somebody acts for the person", width="large")
def _add(case_ref: str, kinds: list[Kind]) -> None:
    desk = session.desk_or_stop()
    st.write("Nothing is proven by this. Until both identities and the authority are, nothing is done for them; ask by a "
             "question about the authority, which moves the clock as the law says.")
    capacity = st.selectbox("As what", list(CAPACITIES), format_func=lambda code: CAPACITIES[code], key="acting_capacity")
    st.caption(f"It needs {fields(capacity)}.")
    first, second = st.columns(2)
    told = {
        name: (first if place % 2 == 0 else second).text_input(
            label, key=f"acting_{name}", autocomplete="off"
        ) or ""
        for place, (name, label) in enumerate(
            {"name": "Their name", "email": "Their e-mail", "phone": "Their phone", "address": "Their postal address"}.items()
        )
    }
    rights = _rights(kinds, [kind.value for kind in kinds], "acting_rights")
    colleagues = dict(accounts.colleagues(desk))
    account = st.selectbox(
        "A colleague of ours?", [None, *colleagues], key="acting_account",
        format_func=lambda who: colleagues[who] if who else "No", help="Whoever acts themselves checks nothing here.",
    )
    if st.button("Enter", type="primary", key="acting_send"):
        forms.attempt(
            f"acting_{case_ref}",
            lambda key: representatives.add(
                desk, case_ref, Acting(
                    capacity, told["name"], told["email"], told["phone"], told["address"], tuple(rights), account_id=account
                ), key=key
            ),
            "It is entered who acts for the person.",
        )


@visit.dialog("Who the representative is")
def _identity(row: dict[str, Any]) -> None:
    desk = session.desk_or_stop()
    st.write("The second of two identities. Record the outcome, never a document.")
    chosen = [proof.value for proof in SHOWN if st.checkbox(SHOWN[proof], key=f"shown_{proof.value}")]
    outcome = st.radio("Outcome", list(_STATES)[1:], format_func=lambda code: _STATES[code].capitalize(), horizontal=True,
                       key="shown_outcome")
    reason = st.text_area("The facts that made a document necessary, or why it is not proven", key="shown_reason")
    if st.button("Record", type="primary", key="shown_send"):
        forms.attempt(
            f"shown_{row['id']}",
            lambda key: representatives.record_identity(
                desk, row["id"], chosen, outcome, reason or "", version=row["version"], key=key
            ),
            "The identity of the representative is recorded.",
        )


@visit.dialog("Check the authority", width="large")
def _check(row: dict[str, Any], rights: list[str]) -> None:
    desk = session.desk_or_stop()
    st.write(f"It needs {fields(row['capacity'])}. Enter what the document says, not what was claimed.")
    outcome = st.radio("The authority is", list(OUTCOMES), format_func=lambda code: OUTCOMES[code].lower(), horizontal=True,
                       key="check_outcome")
    covered = _rights(list(OF_PERSONS), rights, "check_rights")
    first, second = st.columns(2)
    since = typed.day("From", "check_since", row["since"], place=first)
    until = typed.day("Until (empty: no end)", "check_until", row["until"], place=second)
    there = st.checkbox("It says that answers go to the representative", value=bool(row["answers_to_representative"]),
                        key="check_there")
    ruled_out = row["capacity"] == Capacity.HEIR and st.checkbox(
        "The person ruled out, in their lifetime, that others use their rights", value=bool(row["ruled_out"]),
        key="check_ruled_out",
    )
    words = st.text_area("What shows it, or what is missing (stays with the case)", key="check_words")
    if st.button("Record the check", type="primary", key="check_send"):
        forms.attempt(
            f"check_{row['id']}_{row['version']}",
            lambda key: representatives.check(
                desk, row["id"], outcome, words or "", rights=covered, since=since.needed(), until=until.given(),
                answers_to_representative=there, ruled_out=bool(ruled_out), version=row["version"], key=key,
            ),
            "The authority is checked.",
        )


@visit.dialog("End the authority")
def _end(row: dict[str, Any]) -> None:
    desk = session.desk_or_stop()
    reason = st.radio("Why", list(ENDS), format_func=lambda code: ENDS[code], key="end_reason")
    on = typed.day("On", "end_on", today_of(desk)) if reason == "revoked" else None
    if st.button("End it", type="primary", key="end_send"):
        forms.attempt(
            f"end_{row['id']}",
            lambda key: representatives.end(
                desk, row["id"], reason, on.given() if on else None, version=row["version"], key=key
            ),
            "The authority has ended.",
        )


def _rights(offered: list[Kind], chosen: list[str], key: str) -> list[str]:
    return st.multiselect(
        "For which rights", [kind.value for kind in dict.fromkeys(offered)], key=key,
        default=[kind for kind in chosen if kind in {each.value for each in offered}],
        format_func=lambda code: RIGHTS[Kind(code)].name,
    )
