"""New request: one message becomes one case, with a request and a clock for each right it uses."""

from datetime import date, time
from typing import Any

import streamlit as st

from core.actions.cases import intake
from core.actions.cases.intake import CHANNELS, EARLIEST, Intake
from core.actions.desk import drafts
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.law.acts import Act, require
from core.law.errors import Refused
from core.law.identity import Channel
from core.law.languages import LANGUAGES
from core.law.representatives import PROOFS, Capacity
from core.law.rights.suppression import ALL, STATE_OF
from core.law.rights.suppression import CHANNELS as STOPPABLE
from core.law.ways import RIGHTS, Asker, Kind
from pages.parts import dropped, forms, navigation, notes, stops, typed, visit
from pages.parts.dropped import Fields
from pages.parts.typed import Day
from pages.request.person.acting_panel import CAPACITIES

TITLE, ICON, GROUP, ORDER, ACT, URL = "New request", ":material/add_circle:", "Requests", 20, Act.CASE_TAKE_IN, "intake"
_TAKEN = "intake_taken"
_TEXTS = ("name", "email", "phone", "address", "subject", "body", "further", "own_words", "stop_purpose", "for_name",
          "for_email", "for_phone", "for_address")
_KEPT = ("rights", "channel", "received_on", "received_time", "named_day", "language", "stop_channels", "capacity", *_TEXTS)
_WHOM = {
    "for_name": "Name of the person", "for_email": "E-mail of the person", "for_phone": "Phone of the person",
    "for_address": "Postal address of the person",
}
_WIDTH = 760


def show(desk: Desk) -> None:
    """Draw the form; what is typed is kept as a draft until it is sent."""
    require(desk.person.roles, ACT)
    st.title("New request")
    with st.container():
        if taken := visit.kept(_TAKEN):
            _taken(*taken)
    if st.session_state.pop("intake_afresh", False):
        drafts.forget(desk, "intake")
        _empty()
    if "intake_drawn" not in st.session_state or "intake_body" not in st.session_state:
        _begin(desk)
    elif st.session_state.pop("intake_changed", False):
        _keep(desk)
    with st.container(border=True, width=_WIDTH):
        files = dropped.uploader(
            desk, "The mail (.eml), text, PDF, PNG or JPEG as it came; 25 MB at most. A mail fills the form in.",
            f"intake_files_{forms.key_of('intake')}", Fields(
                "intake", "intake_received_on", "intake_email", EARLIEST, today_of(desk), "intake_name", "intake_subject",
                "intake_received_time", _changed,
            ),
        )
        received, named = _what(desk)
        _who()
        _stops(desk)
        _message()
        dropped.settled("intake")
        if st.button("Take in", type="primary", icon=":material/inbox:"):
            _send(desk, files, received, named)
    if st.session_state.pop("intake_changed", False):  # by a mail that was just read
        _keep(desk)
    _kept()


def _begin(desk: Desk) -> None:
    held = drafts.take(desk, "intake")
    st.session_state["intake_drawn"] = True
    st.session_state["intake_from_draft"] = bool(held)
    values = held or {}
    stops.forget("intake")
    for name in _TEXTS:
        st.session_state[f"intake_{name}"] = values.get(name, "")
    known = set(Kind)
    st.session_state["intake_rights"] = [each for each in values.get("rights", "").split(",") if each in known]
    st.session_state["intake_stop_channels"] = [
        each for each in values.get("stop_channels", "").split(",") if each in STOPPABLE and each != ALL
    ]
    capacity = values.get("capacity", "")
    st.session_state["intake_capacity"] = capacity if capacity in set(Capacity) else ""
    channel = values.get("channel", "")
    st.session_state["intake_channel"] = channel if channel in set(Channel) else Channel.EMAIL.value
    st.session_state["intake_received_on"] = values.get("received_on") or today_of(desk).isoformat()
    st.session_state["intake_named_day"] = values.get("named_day", "")
    language = values.get("language", "")
    st.session_state["intake_language"] = language if language in LANGUAGES else ""
    st.session_state["intake_received_time"] = _time(values.get("received_time"))


def _time(text: str | None) -> time | None:
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        return None


def _keep(desk: Desk) -> None:
    values: dict[str, str] = {}
    for name in _KEPT:
        value = st.session_state.get(f"intake_{name}") or ""
        if isinstance(value, list):
            values[name] = ",".join(value)
        else:
            values[name] = value.isoformat() if isinstance(value, time) else value
    try:
        drafts.keep(desk, "intake", values)
    except Refused as refusal:
        notes.refused(refusal)


def _changed() -> None:
    st.session_state["intake_changed"] = True


def _what(desk: Desk) -> tuple[Day, Day | None]:
    """Ask for rights, channel and days; return the day of the receipt, and the one that an authority names."""
    rights = st.multiselect(
        "Rights the person uses, or what an authority asks", [kind.value for kind in Kind], key="intake_rights",
        on_change=_changed,
        format_func=lambda code: f"{RIGHTS[Kind(code)].name} (Art. {RIGHTS[Kind(code)].article})",
        placeholder="Choose one or several",
    )
    first, second, third = st.columns(3)
    first.selectbox(
        "Came by", [channel.value for channel in CHANNELS], key="intake_channel", on_change=_changed,
        format_func=lambda code: CHANNELS[Channel(code)],
    )
    received = typed.day(
        "Received on", "intake_received_on", place=second, on_change=_changed,
        note="The day it arrived, not the day you enter it: the clock runs from then.",
    )
    third.time_input("At (if known)", key="intake_received_time", on_change=_changed, value=None)
    if _from_authority():
        named = typed.day(
            "Answer by, as the authority's letter says", "intake_named_day", on_change=_changed,
            note="That day counts, not a period of ours.",
        )
        if named.value:
            st.caption(f":material/event: Due by **{named.value:%a} {named.value:%d %B %Y}**, as the letter says.")
        return received, named
    if received.value:
        _due(desk, received.value, rights)
    return received, None


def _due(desk: Desk, received: date, rights: list[str]) -> None:
    dropped.differences("intake", received, st.session_state.get("intake_email") or "")
    for code in rights or [Kind.ACCESS.value]:
        due = intake.preview_due(desk, received, code)
        if due:
            name = RIGHTS[Kind(code)].name if rights else "An answer"
            st.caption(f":material/event: {name}: due by **{due:%a} {due:%d %B %Y}** at the latest.")


def _from_authority() -> bool:
    """Whether what is taken in comes from an authority, which names its own day."""
    chosen = st.session_state.get("intake_rights") or ()
    return any(RIGHTS[Kind(code)].asker is Asker.AUTHORITY for code in chosen)


def _who() -> None:
    st.header("Which authority is asking" if _from_authority() else "Who is asking")
    first, second = st.columns(2)
    first.text_input("Name", key="intake_name", on_change=_changed, autocomplete="off")
    # What a browser refuses (a kind, a length, a day) it never sends: so it refuses nothing, and intake does, aloud.
    second.text_input("E-mail", key="intake_email", on_change=_changed, autocomplete="off")
    first.text_input("Phone", key="intake_phone", on_change=_changed, autocomplete="off")
    second.text_input("Postal address", key="intake_address", on_change=_changed, autocomplete="off")
    first.selectbox(
        "Writes in", ["", *LANGUAGES], key="intake_language", on_change=_changed,
        format_func=lambda code: LANGUAGES.get(code, "Not said"),
        help="Letters go out in this language where its letters are held, else in English.",
    )
    st.caption("Left empty, name and e-mail are read from the mail above.")
    capacity = st.selectbox(
        "Asks for themselves, or for another", ["", *CAPACITIES], key="intake_capacity", on_change=_changed,
        format_func=lambda code: CAPACITIES[Capacity(code)] if code else "For themselves",
    )
    if capacity:
        _for_whom(capacity)


def _for_whom(capacity: str) -> None:
    """Ask for the person whose rights are used: the fields above are then those of whoever acts."""
    st.caption(f"Above stands who acts; here, for whom. It will need {PROOFS[Capacity(capacity)]}.")
    first, second = st.columns(2)
    for place, (name, label) in enumerate(_WHOM.items()):
        (first if place % 2 == 0 else second).text_input(
            label, key=f"intake_{name}", on_change=_changed, autocomplete="off"
        )


def _stops(desk: Desk) -> None:
    """Ask what an objection or a withdrawal names further: it is suppressed with the intake, before anybody is found."""
    kinds = {Kind(code) for code in st.session_state.get("intake_rights") or ()} & set(STATE_OF)
    if kinds:
        st.header("What stops at once")
        stops.draw(
            desk, kinds, "intake", "Marketing stops with the intake for the addresses and the number above, for the sender "
            "and every address in the mail above, and for what you add here; whether we know the person or not.", _changed,
        )


def _message() -> None:
    st.header("What was said")
    st.text_input("Subject", key="intake_subject", on_change=_changed)
    st.text_area("Message, or your note of the call", key="intake_body", height=160, on_change=_changed)


def _send(desk: Desk, files: list[Any], received: Day, named: Day | None) -> None:
    got = st.session_state
    visit.drop(_TAKEN)
    try:
        taken = intake.take_in(
            desk,
            Intake(
                tuple(got["intake_rights"]), got["intake_channel"], received.needed(),
                got["intake_received_time"], stop_channels=tuple(got.get("intake_stop_channels") or ()),
                language=got.get("intake_language") or "", named_day=named.given() if named else None,
                files=tuple((each.name, each.getvalue()) for each in files),
                capacity=got.get("intake_capacity") or "",
                **{name: got.get(f"intake_{name}") or "" for name in _TEXTS},
            ),
            key=forms.key_of("intake"),
        )
    except Refused as refusal:
        notes.refused(refusal)
        return
    drafts.forget(desk, "intake")
    _empty()
    visit.keep(
        _TAKEN, (taken.reference, [(each[0], each[2]) for each in taken.requests], taken.earlier_cases, taken.suppressed)
    )
    st.toast(f"{taken.reference} is taken in.", icon=":material/check_circle:")
    st.rerun()


def _taken(reference: str, requests: list[tuple[str, str]], earlier: int, suppressed: int) -> None:
    with st.container(border=True, width=_WIDTH):
        st.success(f"Taken in as **{reference}**.", icon=":material/check_circle:")
        if {Kind(kind) for _, kind in requests} & set(STATE_OF):
            stops.told(suppressed)
        for request, kind in requests:
            st.page_link(
                navigation.page("request"), label=f"Open the request: {RIGHTS[Kind(kind)].name}",
                icon=":material/arrow_forward:", query_params={"id": request},
            )
        if earlier:
            st.warning(
                f"{earlier} other open case{'s come' if earlier > 1 else ' comes'} from the same address or number. "
                "Look whether this is the same matter.", icon=":material/content_copy:",
            )


def _kept() -> None:
    words = "A half-filled form was taken up again. " if st.session_state.get("intake_from_draft") else ""
    with st.container(horizontal=True, vertical_alignment="center", width=_WIDTH):
        st.caption(
            words + "What you type is kept for you, sealed, until you send it; files are chosen anew.", width="stretch"
        )
        st.button("Start afresh", type="tertiary", on_click=_start_afresh)


def _start_afresh() -> None:
    """Have this very drawing begin empty: a file dropped meanwhile then fills the new form, and not the old one."""
    st.session_state["intake_afresh"] = True


def _empty() -> None:
    """Let the next drawing begin with an empty form: values, files and what was read of them."""
    forms.sent("intake")
    dropped.forget("intake")
    for name in (*_KEPT, "drawn", "changed"):
        st.session_state.pop(f"intake_{name}", None)
