"""Profile: find a person with a purpose, tell namesakes apart by what agrees, open one masked, show it in full."""

from datetime import date

import streamlit as st

from core.actions import people, queue
from core.actions.desk import Desk
from core.actions.people import Asked, ExactMatch, Found, Masked, PossibleMatch, Profile
from core.law.acts import PURPOSES, Act, may
from core.law.errors import Refused
from pages.parts import forms, literal, notes, tables

TITLE, ICON, GROUP, ORDER, ACT, URL = "Profile lookup", ":material/person_search:", "People", 10, Act.PERSON_FIND, "profile"
_FOUND, _CHOSEN = "profile_found", "profile_chosen"
_WIDTH = 900
_WORDS = {"exact": "Exact", "possible": "Possible"}
_OFFERED = {code: name for code, name in PURPOSES.items() if code != "operator"}


def show(desk: Desk) -> None:
    """Draw the search, its result kept as references only, and the person chosen from it."""
    st.title("Profile lookup")
    st.caption("Every search and every person opened is entered in the log, with its purpose.")
    with st.container(width=_WIDTH):
        _search(desk)
    kept = st.session_state.get(_FOUND)
    if kept:
        _result(desk, kept)
    chosen = st.session_state.get(_CHOSEN)
    if chosen:
        _person(desk, *chosen)


def _search(desk: Desk) -> None:
    with st.form("profile_search"):
        first, second = st.columns(2)
        purpose = first.selectbox(
            "Purpose", list(_OFFERED), index=None, format_func=lambda code: _OFFERED[code], placeholder="Choose a purpose",
            key="profile_purpose",
        )
        case = second.text_input("Case reference, if there is one", max_chars=30, key="profile_case", placeholder="RD-2026-…")
        value = st.text_input(
            "Identifier", max_chars=320, key="profile_value",
            placeholder="E-mail, telephone, customer number, device or national number: found only if exactly equal",
        )
        st.caption("Or by what is known of the person:")
        one, two, three = st.columns([2, 1, 1])
        name = one.text_input("Name", max_chars=300, key="profile_name")
        born = two.date_input("Born", value=None, min_value=date(1880, 1, 1), max_value=date.today(), key="profile_born",  # noqa: DTZ011
                              format="YYYY-MM-DD")
        postcode = three.text_input("Postcode", max_chars=20, key="profile_postcode")
        one, two = st.columns([2, 1])
        address = one.text_input("Street and number", max_chars=300, key="profile_address")
        city = two.text_input("Town", max_chars=100, key="profile_city")
        words = st.text_input("Reason in your words (kept sealed, never in the log)", max_chars=500, key="profile_words")
        if not st.form_submit_button("Search", type="primary", icon=":material/search:"):
            return
    st.session_state.pop(_FOUND, None)
    st.session_state.pop(_CHOSEN, None)
    try:
        case_ref = queue.find_case(desk, case) if case.strip() else None
        if value.strip():
            asked: str | Asked = value
        else:
            asked = Asked(name=name or None, birth_date=born, postcode=postcode or None, address=address or None,
                          city=city or None)
        found = people.find(desk, asked, purpose=purpose or "", words=words, case=case_ref)
    except Refused as refusal:
        notes.refused(refusal)
        return
    st.session_state[_FOUND] = (purpose, case_ref, _references(found), found.note)


def _references(found: Found) -> list[tuple[str, str, int, tuple[str, ...], bool]]:
    """Return the result as references, whole per cents and our own words: nothing of a person stays in the session."""
    def exact(each: ExactMatch) -> tuple[str, str, int, tuple[str, ...], bool]:
        return each.subject_ref, "exact", 100, tuple(f"same {kind.replace('_', ' ')}" for kind in each.kinds), each.shared

    def possible(each: PossibleMatch) -> tuple[str, str, int, tuple[str, ...], bool]:
        return each.subject_ref, "possible", round(each.score * 100), each.why, False

    return [exact(each) for each in found.exact] + [possible(each) for each in found.possible]


def _result(desk: Desk, kept: tuple[str, str | None, list[tuple[str, str, int, tuple[str, ...], bool]], str]) -> None:
    purpose, case_ref, references, note = kept
    masks = people.masked_again(desk, [each[0] for each in references], purpose=purpose)
    shown = [each for each in references if each[0] in masks]
    st.subheader("Found")
    if note:
        st.info(note, icon=":material/visibility_off:")
    if not shown:
        st.caption("Nobody was found." if not references else "The result is older than 15 minutes. Search again.")
        return
    if any(shared for *_, shared in shown):
        st.warning(
            "Two people hold this identifier. Which of them asks must be decided by other signs; nothing is picked for you.",
            icon=":material/group:",
        )
    chosen = tables.choose(
        "profile_found", [each[0] for each in shown], [_line(each, masks[each[0]]) for each in shown],
        alt="People found, masked", longest=12,
    )
    if chosen:
        st.session_state[_CHOSEN] = (chosen[0], purpose, case_ref)


def _line(each: tuple[str, str, int, tuple[str, ...], bool], mask: Masked) -> dict[str, object]:
    _, kind, score, why, _shared = each
    return {
        "Match": "Exact" if kind == "exact" else f"Possible, {score} %", "Name": mask.name, "Born": mask.born,
        "Postcode": mask.postcode, "E-mail": mask.email, "What agrees and what does not": ", ".join(why),
    }


def _person(desk: Desk, subject_ref: str, purpose: str, case_ref: str | None) -> None:
    shown = st.session_state.get("profile_shown") == subject_ref
    try:
        person = people.open_person(desk, subject_ref, purpose=purpose, case=case_ref, shown=shown)
    except Refused as refusal:
        notes.refused(refusal)
        return
    st.divider()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("Person", width="content")
        if person.restricted:
            st.badge("Restricted (Art. 18): only stored", color="orange", icon=":material/lock:")
        if person.shares:
            st.badge("Shares an identifier with another person", color="orange", icon=":material/group:")
        st.space("stretch")
        if not shown and st.button("Show in full", icon=":material/visibility:", help="Entered in the log with the purpose"):
            st.session_state["profile_shown"] = subject_ref
            st.rerun()
        if shown and st.button("Mask again", icon=":material/visibility_off:"):
            st.session_state.pop("profile_shown", None)
            st.rerun()
    draw(person)
    if may(desk.person.roles, Act.PERSON_RELATE):
        _relate(desk, subject_ref)


def draw(person: Profile) -> None:
    """Draw a person: fields and identifiers, then consents, devices and events in tabs."""
    left, right = st.columns(2, gap="large")
    with left:
        literal.facts([(name.replace("_", " ").capitalize(), value) for name, value in person.fields.items()])
    with right:
        literal.facts([
            (each.kind.replace("_", " ").capitalize() + (" (shared)" if each.shared else ""), each.value)
            for each in person.identifiers
        ])
        if person.source_texts:
            st.caption("Could not be read at import, kept as it came:")
            literal.facts(sorted(person.source_texts.items()))
    tabs = st.tabs([
        f"Consents ({len(person.consents)})", f"Devices ({len(person.devices)})", f"Events ({len(person.events)})",
        f"Attributes ({len(person.attributes)})",
    ])
    for tab, rows, what in zip(
        tabs, (person.consents, person.devices, person.events, [dict(Name=n, Value=v) for n, v in person.attributes]),
        ("consents", "devices", "events", "attributes"), strict=True,
    ):
        with tab:
            tables.show(
                [{k.replace("_", " ").capitalize(): v for k, v in row.items() if k not in {"id", "subject_ref"}} for row in rows],
                alt=f"The person's {what}", empty=f"No {what} are held.", longest=10,
            )


def _relate(desk: Desk, subject_ref: str) -> None:
    with st.expander("This is me, or somebody close to me"):
        st.write("A colleague handles the person from then on: you can neither find, open nor approve anything of theirs.")
        relation = st.radio("Relation", list(people.RELATIONS), horizontal=True, key="profile_relation",
                            format_func=lambda code: {"own": "This is me", "related": "Somebody close to me"}[code])
        if st.button("Declare", key="profile_declare"):
            st.session_state.pop(_CHOSEN, None)
            forms.attempt(
                "profile_relate", lambda key: people.relate(desk, subject_ref, relation, key=key),
                "Declared. A colleague handles this person from now on.",
            )
