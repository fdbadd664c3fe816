"""Suppression: five legal states kept apart, one value checked, entries added, imported, exported and ended."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_day, today_of
from core.actions.suppression import suppression_files, suppression_list
from core.actions.suppression.suppression_list import ADDED, KINDS, Checked, Listed
from core.actions.suppression.suppressions import Limits
from core.law.acts import PURPOSES, Act, may, require
from core.law.errors import Refused
from core.law.rights.erasure import article_of
from core.law.rights.suppression import CHANNELS, STATES, Legal
from pages.parts import forms, navigation, notes, stops, tables, typed, visit
from pages.suppression import endings, entry, exits, words

TITLE, ICON, GROUP, ORDER, ACT, URL = (
    "Suppression", ":material/block:", "People", 40, Act.SUPPRESSION_LOOK, "suppression"
)
_WIDTH = 900
_CHECKED = "suppression_checked"
_PURPOSES = [code for code in PURPOSES if code != "operator"]


def show(desk: Desk) -> None:
    """Draw the counts, the list of one state, and what can be done with it."""
    require(desk.person.roles, ACT)
    st.title("Suppression")
    counted = {each.state: each for each in suppression_list.counts(desk)}
    for column, state in zip(st.container(key="figures_suppression").columns(len(Legal)), Legal, strict=True):
        each = counted[state]
        column.metric(STATES[state].name, f"{each.entries:,}", border=True, help=STATES[state].sentence,
                      delta=f"{each.review} due in two weeks" if each.review else None, delta_color="off",
                      delta_arrow="off")
    handles = may(desk.person.roles, Act.SUPPRESSION_ADD)
    names = ["List", *(["Check one", "Add", "Import"] if handles else []), "Endings", "Export"]
    tabs = st.tabs(names, key="suppression_tabs", on_change="rerun")
    draws = {"List": _list, "Check one": _check, "Add": _add, "Import": _import,
             "Endings": endings.draw, "Export": exits.exports}
    for tab, name in zip(tabs, names, strict=True):
        if tab.open:
            with tab:
                draws[name](desk)


def _list(desk: Desk) -> None:
    only = _only(desk)
    rule = STATES[Legal(only.state)]
    article = rule.article if rule.article.startswith("Recital") else f"Art. {rule.article}"
    st.caption(f"{article}. {rule.sentence} {rule.ends}")
    rows = suppression_list.list_entries(desk, only)
    if not rows:
        st.caption(_nothing(desk, only))
        return
    chosen = tables.choose(
        f"suppression_{only.state}", [row["id"] for row in rows], [_shown(desk, row) for row in rows],
        alt=f"Entries: {rule.name}",
        columns={name: st.column_config.DateColumn(format="YYYY-MM-DD") for name in ("Since", "Review on", "Ends on", "Ended")},
    )
    if len(rows) == suppression_list.SHOWN:
        st.caption(f"The newest {len(rows):,}; check one to find an older entry.")
    row = next((row for row in rows if row["id"] in chosen), None)
    if row is not None:
        entry.draw(desk, row)


def _only(desk: Desk) -> Listed:
    """Draw the filters, each kept in the address, and return what they say."""
    codes = [state.value for state in Legal]
    state = st.segmented_control(
        "State", codes, default=navigation.asked("state", codes), required=True, key="suppression_state",
        format_func=lambda code: STATES[Legal(code)].name, wrap=True,
    ) or codes[0]
    navigation.keep("state", state, codes[0])
    first, second, third = st.container(key="filters_suppression").columns([3, 3, 4], vertical_alignment="bottom")
    purposes = ["", *suppression_list.purposes_listed(desk, state)]
    purpose = first.selectbox(
        "Purpose", purposes, index=purposes.index(navigation.asked("purpose", purposes)), key=f"suppression_purpose_{state}",
        format_func=lambda code: words.purpose(code) if code else "Every purpose",
    ) or ""
    channels = ["", *CHANNELS]
    channel = second.selectbox(
        "Channel", channels, index=channels.index(navigation.asked("channel", channels)), key="suppression_channel",
        format_func=lambda code: CHANNELS[code] if code else "Any channel",
    ) or ""
    with third.container(horizontal=True):
        due = st.toggle("Due in two weeks", value=navigation.asked("due", ["", "yes"]) == "yes", key="suppression_due")
        ended = st.toggle("Ended ones too", value=navigation.asked("ended", ["", "yes"]) == "yes", key="suppression_ended")
    for name, value in (("purpose", purpose), ("channel", channel), ("due", "yes" * due), ("ended", "yes" * ended)):
        navigation.keep(name, value, "")
    return Listed(state, purpose, channel, due, ended)


def _nothing(desk: Desk, only: Listed) -> str:
    if only.purpose or only.channel or only.due:
        return "No entry is like that. Take a filter away."
    return "Nothing stands here yet. " + (
        "A restriction comes from a request that is carried out." if only.state == Legal.RESTRICTION else
        "It comes from a request, or by Add and Import." if may(desk.person.roles, Act.SUPPRESSION_ADD) else
        "It comes from requests and from lists that are imported."
    )


def _shown(desk: Desk, row: dict[str, Any]) -> dict[str, Any]:
    shown = {
        "Reference": row["number"], "About": words.KIND_NAMES.get(row["kind"], row["kind"]), "Value": row["value"],
        "Scope": words.scope(row), "Ground": words.ground(row["ground"]), "Since": local_day(desk, row["started_at"]),
        "Case": row["reference"] or "",
    }
    if row["review_on"] is not None:
        shown["Review on" if row["state"] == Legal.RESTRICTION else "Ends on"] = row["review_on"]
    if row["ended_at"] is not None:
        shown |= {"Ended": local_day(desk, row["ended_at"])}
    return shown


def _check(desk: Desk) -> None:
    with st.form("suppression_check", width=_WIDTH):
        first, second, third = st.columns([1, 2, 1])
        kind = first.selectbox("Kind", list(KINDS), format_func=lambda code: words.KIND_NAMES[code], key="check_kind")
        value = second.text_input("Address or number", key="check_value", autocomplete="off")
        purpose = third.selectbox("For what", _PURPOSES, format_func=lambda code: PURPOSES[code], key="check_purpose")
        asked = st.form_submit_button("Check", icon=":material/search:")
    if asked:
        visit.drop(_CHECKED)
        try:
            visit.keep(_CHECKED, suppression_list.check_one(desk, kind, value or "", purpose=purpose))
        except Refused as refusal:
            notes.refused(refusal)
    if (found := visit.kept(_CHECKED)) is not None:
        _answer(desk, found)
    else:
        st.caption("Each check is entered in the log, without the value.")


def _answer(desk: Desk, found: Checked) -> None:
    if found.suppressed:
        st.error("Yes. This value is suppressed.", icon=":material/block:")
        tables.show([
            {"State": STATES[Legal(row["state"])].name, "Scope": words.scope(row), "Ground": words.ground(row["ground"]),
             "Since": local_day(desk, row["started_at"]),
             "Until": f"{row['review_on']:%Y-%m-%d}" if row["review_on"] else "open"} for row in found.states
        ], alt="What stands under this value")
    else:
        st.success("No. Nothing stands under this value.", icon=":material/check_circle:")
    if found.proofs:
        st.markdown("**Proofs of consent of somebody who was erased**")
        st.caption("They prove what was agreed, for the reason given and until its day. They allow nobody to write to the value.")
        tables.show([
            {"Consent": f"{each.purpose}, {each.channel}", "What": "given" if each.given else "withdrawn or refused",
             "On": local_day(desk, each.happened_at), "Text": each.text_version, "Source": each.source,
             "Kept by": f"Art. {article_of(each.ground)}", "Until": each.until} for each in found.proofs
        ], alt="Proofs of consent under this value")


def _add(desk: Desk) -> None:
    today = today_of(desk)
    with st.container(border=True, width=_WIDTH):
        st.caption("An objection that comes as a message is taken in as a request. Here you add what came otherwise: an "
                   "unsubscribe, a list kept so far, the wish of somebody who was erased.")
        state = st.selectbox("State", [each.value for each in ADDED], key="add_state",
                             format_func=lambda code: STATES[Legal(code)].name)
        st.caption(STATES[Legal(state)].ends)
        first, second, third = st.columns([1, 2, 1])
        kind = first.selectbox("Kind", list(KINDS), format_func=lambda code: words.KIND_NAMES[code], key="add_kind")
        value = second.text_input("Address or number", key="add_value", autocomplete="off")
        since = typed.day("Since", "add_since", today, place=third)
        ends = None
        if state == Legal.DO_NOT_IMPORT:
            ends = typed.day("Ends on", "add_ends", today + timedelta(days=3 * 365))
        else:
            stops.narrower(desk, "add", purpose=state == Legal.WITHDRAWAL)
        reference = st.text_input("Reference of its case, if there is one", key="add_reference") or ""
        if st.button("Add", type="primary", icon=":material/add:", key="add_send"):
            forms.attempt("suppression_add", lambda key: _added(
                desk, state, kind, value or "", since.needed(), ends.needed() if ends else None, reference, key
            ), "Added to the suppression list.")


def _added(desk: Desk, state: str, kind: str, value: str, since: date, ends: date | None, reference: str, key: str) -> None:
    """Add the entry and empty the form, so that nothing of it stands in the next one."""
    limits = stops.limits("add") if state != Legal.DO_NOT_IMPORT else Limits()
    suppression_list.add(
        desk, state, kind, value, channels=limits.channels, purpose=limits.purpose, own_words=limits.own_words, since=since,
        review_on=ends, reference=reference, key=key,
    )
    stops.forget("add")
    for name in ("add_value", "add_since", "add_ends", "add_reference"):
        st.session_state.pop(name, None)


def _import(desk: Desk) -> None:
    mere = st.segmented_control(
        "The file is", [False, True], default=False, required=True, key="suppression_mere",
        format_func=lambda each: "A mere list of addresses or numbers" if each else "A table that says it for each row",
    )
    said = _said(desk) if mere else {}
    st.caption(
        "One address or number on each line, or one column of a table. A file only adds: nothing is lifted by it." if mere else
        f"CSV with the columns {', '.join(suppression_files.FIELDS)}; state, kind and value are needed. A file only adds: "
        "nothing is lifted, shortened or overwritten by it."
    )
    file = st.file_uploader("CSV or text file, UTF-8, 25 MB at most", type=["csv", "txt"],
                            key=f"suppression_file_{forms.key_of('suppression_import')}")
    if file is not None and st.button("Import", type="primary", icon=":material/upload:", key="suppression_import"):
        try:
            done = suppression_files.import_list(
                desk, file.getvalue(), all_rows=said, name=file.name, key=forms.key_of("suppression_import")
            )
        except Refused as refusal:
            notes.refused(refusal)
            return
        forms.sent("suppression_import")
        st.session_state["suppression_imported"] = done  # counts and row numbers; it holds no value
        st.rerun()
    if "suppression_imported" not in st.session_state:
        return
    done = st.session_state["suppression_imported"]
    numbers = (("Added", done.added), ("Here already", done.already_held), ("Rejected rows", done.rejected))
    for column, (name, count) in zip(st.columns(len(numbers)), numbers, strict=True):
        column.metric(name, f"{count:,}", border=True)
    _rejected(done.rejects)


def _said(desk: Desk) -> dict[str, str]:
    """Ask what holds for every line of a mere list."""
    first, second, third, fourth = st.columns(4)
    codes = [Legal.OBJECTION.value, Legal.WITHDRAWAL.value]
    state = first.selectbox("State", codes, key="mere_state", format_func=lambda code: STATES[Legal(code)].name)
    kind = second.selectbox("Kind", list(KINDS), key="mere_kind", format_func=lambda code: words.KIND_NAMES[code])
    channel = third.selectbox("Channel", list(CHANNELS), key="mere_channel", format_func=lambda code: CHANNELS[code])
    purpose = fourth.selectbox(
        "Purpose", ["", *suppression_list.purposes(desk)], key="mere_purpose", disabled=state == Legal.OBJECTION,
        format_func=lambda each: each or "every purpose",
    )
    return {"state": state, "kind": kind, "channel": channel} | ({"purpose": purpose} if state == Legal.WITHDRAWAL else {})


def _rejected(rejects: Sequence[tuple[int, str]]) -> None:
    if rejects:
        st.write("**Rejected rows** (the first row below the column names is 1)")
        st.dataframe(pd.DataFrame([{"Row": row, "Reason": reason} for row, reason in rejects]), hide_index=True,
                     alt="Rejected rows", height=tables.height(len(rejects), 10), row_height=tables.ROW)
