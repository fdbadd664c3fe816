"""One person on the screen: masked until shown, with consents, devices, events and what to be careful about."""

from typing import Any

import streamlit as st

from core.actions.desk.desk import Desk
from core.actions.people import people
from core.actions.people.people import Profile
from core.law.acts import Act, may
from core.law.errors import Refused
from pages.parts import notes, tables
from pages.parts.search import IDENTIFIERS
from pages.parts.untrusted import facts

_TITLES = {
    "given_name": "Given name", "family_name": "Family name", "birth_date": "Born", "address": "Address",
    "postcode": "Postcode", "city": "City", "country": "Country", "language": "Language",
}


def draw(desk: Desk, subject_ref: str, *, purpose: str, case: str | None = None) -> Profile | None:
    """Draw a person and return the profile, or the refusal and None. Each showing in full is entered in the log."""
    name = f"shown_{subject_ref}_{purpose}"
    try:
        profile = people.open_person(
            desk, subject_ref, purpose=purpose, case=case, shown=bool(st.session_state.get(name))
        )
    except Refused as refusal:
        st.session_state.pop(name, None)
        notes.refused(refusal)
        return None
    _flags(profile)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Shown in full; the log says so." if profile.shown else "Masked. Showing it is entered in the log.",
                   width="stretch")
        if may(desk.person.roles, Act.PERSON_SHOW):
            st.button(
                "Mask again" if profile.shown else "Show", key=f"toggle_{name}", on_click=_turn, args=(name,),
                icon=":material/visibility_off:" if profile.shown else ":material/visibility:",
            )
    _fields(profile)
    _tables(profile)
    return profile


def _turn(name: str) -> None:
    if not st.session_state.pop(name, False):
        st.session_state[name] = True


def _flags(profile: Profile) -> None:
    with st.container(horizontal=True):
        if profile.restricted:
            st.badge("Restricted: stored only", icon=":material/lock:", color="orange")
        if profile.shares:
            st.badge("Shares an identifier with another person", icon=":material/group:", color="orange")
        if profile.source_texts:
            st.badge("Fields that could not be read", icon=":material/help:", color="gray")


def _fields(profile: Profile) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Person**")
        facts([
            ("Customer number", profile.source_id),
            *((title, profile.fields.get(name, "")) for name, title in _TITLES.items()),
        ])
    with right:
        st.markdown("**Identifiers**")
        facts([
            (IDENTIFIERS.get(each.kind, each.kind).capitalize(), each.value + (" (shared)" if each.shared else ""))
            for each in profile.identifiers
        ] or [("None", "")])
        if profile.attributes:
            st.markdown("**Attributes**")
            tables.show([{"Name": name, "Value": value} for name, value in profile.attributes], alt="Attributes",
                        longest=8)
        if profile.source_texts:
            st.markdown("**As it came, not readable**")
            facts(list(profile.source_texts.items()))


def _tables(profile: Profile) -> None:
    for title, rows, empty in (
        ("Consents", profile.consents, "No consent is on record."),
        ("Devices", profile.devices, "No device is on record."),
        ("Events", profile.events, "No event is on record."),
    ):
        st.markdown(f"**{title}** · {len(rows)}")
        held = {name for row in rows for name, value in row.items() if value is not None}  # a column of nothing tells nothing
        shown = [_row({name: value for name, value in row.items() if name in held}) for row in rows]
        shape = st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm")
        times = {name: shape for name in (shown[0] if shown else {}) if name in {"At", "First seen", "Last seen"}}
        tables.show(shown, alt=title, longest=8, empty=empty, columns=times)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    hidden = {"subject_ref", "id", "consent_id", "event_id", "import_id"}
    plain = {name: value for name, value in row.items() if name not in hidden}
    return {("At" if name in {"at", "happened_at"} else name.replace("_", " ").capitalize()): value
            for name, value in plain.items()}
