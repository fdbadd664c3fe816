"""The search for a person: sent as a whole, never while typing; exact apart from possible; a human picks."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from core.actions.desk.desk import Desk
from core.actions.people import lookups, people
from core.law.errors import Invalid, Refused
from core.law.typed import read_text
from pages.parts import notes, typed
from pages.parts.typed import Day
from pages.parts.untrusted import facts

Pick = Callable[[str], None]
_LONGEST = {"value": 320, "name": 300, "address": 500, "city": 200, "postcode": 20}  # nobody's is longer
_CALLED = {"value": "the e-mail, phone or number", "address": "the street and number"}
_LONGEST_WORDS = 300
IDENTIFIERS = {
    "email": "e-mail", "phone": "phone", "customer_id": "customer number", "device_id": "device",
    "national_id": "national number",
}


def draw(
    desk: Desk, name: str, *, purpose: str, case: str | None = None, known: Mapping[str, str] | None = None,
    words: str = "",
) -> None:
    """Draw the form and do one search when it is sent; what was found is kept as references only."""
    known = known or {}
    with st.container(key=f"searchbox_{name}"), st.form(f"search_{name}", border=True):
        first, second, third = st.columns([3, 3, 2])
        value = first.text_input(
            "E-mail, phone, customer or national number", value=known.get("email") or known.get("phone") or "",
            autocomplete="off", key=f"search_{name}_value",
        )
        whole = second.text_input(
            "Name", value=known.get("name", ""), autocomplete="off", key=f"search_{name}_name"
        )
        born = typed.day("Born on", f"search_{name}_born", place=third)
        address = first.text_input(
            "Street and number", value=known.get("address", ""), autocomplete="off",
            key=f"search_{name}_address",
        )
        city = second.text_input("City", autocomplete="off", key=f"search_{name}_city")
        postcode = third.text_input("Postcode", autocomplete="off", key=f"search_{name}_postcode")
        sent = st.form_submit_button("Search", type="primary", icon=":material/search:")
    if sent:
        asked = {
            "value": value, "name": whole, "address": address, "city": city, "postcode": postcode,
        }
        _search(desk, name, asked, born, purpose, words, case)


def _search(
    desk: Desk, name: str, asked: Mapping[str, str], born: Day, purpose: str, words: str, case: str | None
) -> None:
    st.session_state.pop(f"found_{name}", None)
    try:
        read = {
            field: read_text(text or "", field, _CALLED.get(field, ""), needed=False, longest=_LONGEST[field])
            for field, text in asked.items()
        }
        day, about = born.given(), read_text(words, "words", "the words about the purpose", needed=False, longest=_LONGEST_WORDS)
        wanted = lookups.wanted_of(read | {"birth_date": day.isoformat() if day else ""})
        if wanted is None:
            raise Invalid("Fill in at least one field.", "value")
        found = people.find(desk, wanted, purpose=purpose, words=about, case=case)
    except Refused as refusal:
        notes.refused(refusal)
        return
    st.session_state[f"found_{name}"] = {
        "purpose": purpose, "note": found.note, "unread": found.unread,
        "exact": [(each.subject_ref, each.kinds, each.shared) for each in found.exact],
        "possible": [(each.subject_ref, round(each.score * 100), each.why) for each in found.possible],
    }


def results(desk: Desk, name: str, pick: Pick, label: str) -> None:
    """Draw who was found, read again and masked, each with a button that hands their reference on."""
    found = st.session_state.get(f"found_{name}")
    if not isinstance(found, dict):
        return
    every = [each[0] for each in (*found["exact"], *found["possible"])]
    masks = people.masked_again(desk, every, purpose=found["purpose"]) if every else {}
    if every and not masks:
        st.caption("The result of the search is no longer shown. Search again.")
        return
    if found["note"]:
        st.info(found["note"])
    exact = [each for each in found["exact"] if each[0] in masks]
    possible = [each for each in found["possible"] if each[0] in masks]
    st.header(f"Exact matches · {len(exact)}")
    for sentence in found["unread"]:
        st.warning(f"What was typed is no identifier, so nobody can hold exactly it. {sentence}", icon=":material/edit_off:")
    if not exact and not found["unread"]:
        st.caption("Nobody holds exactly this identifier.")
    if len(exact) > 1 or any(shared for _, _, shared in exact):
        st.warning(
            "More than one person holds this identifier. Nothing goes on until you decide which person it is.",
            icon=":material/group:",
        )
    for reference, kinds, shared in exact:
        agrees = ", ".join(IDENTIFIERS.get(kind, kind) for kind in kinds)
        _card(name, reference, masks[reference], f"Same {agrees}{' (shared)' if shared else ''}", label, pick)
    st.header(f"Possible matches · {len(possible)}")
    if not possible:
        st.caption("Nobody resembles what was asked.")
    for reference, score, why in possible:
        _card(name, reference, masks[reference], f"Possible, {score} %: {'; '.join(why)}", label, pick)


def _card(name: str, reference: str, masked: Any, reason: str, label: str, pick: Pick) -> None:
    with st.container(border=True, key=f"found_{name}_{reference}"):
        left, right = st.columns([5, 2], vertical_alignment="center")
        with left:
            st.text(reason)
            facts([("Initials", masked.name), ("Born", masked.born), ("Postcode", masked.postcode),
                   ("E-mail", masked.email)])
        with right:
            if st.button(label, key=f"pick_{name}_{reference}", width="stretch"):
                pick(reference)
