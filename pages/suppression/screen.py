"""Suppression: five legal states kept apart, one value checked, entries added, imported, exported and ended."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_day, today_of
from core.actions.suppression import suppression_files, suppression_list
from core.actions.suppression.suppression_list import ADDED, KINDS, Checked
from core.law.acts import PURPOSES, Act, may, require
from core.law.errors import Refused
from core.law.rights.restriction import GROUNDS, Ground
from core.law.rights.suppression import ALL, CHANNELS, STATES, Legal
from pages.parts import forms, navigation, notes, session, tables, typed, visit
from pages.suppression import exits

TITLE, ICON, GROUP, ORDER, ACT, URL = (
    "Suppression", ":material/block:", "People", 40, Act.SUPPRESSION_LOOK, "suppression"
)
KIND_NAMES = {"email": "E-mail", "phone": "Telephone", "customer_id": "Customer number", "device_id": "Device",
              "national_id": "National number", "person": "The person as a whole", "case": "Whoever asked in the case"}
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
    names = ["List", *(["Check one", "Add", "Import"] if handles else []), "Liftings", "Export"]
    tabs = st.tabs(names, key="suppression_tabs", on_change="rerun")
    draws = {"List": _list, "Check one": _check, "Add": _add, "Import": _import,
             "Liftings": exits.liftings, "Export": exits.exports}
    for tab, name in zip(tabs, names, strict=True):
        if tab.open:
            with tab:
                draws[name](desk)


def _list(desk: Desk) -> None:
    codes = [state.value for state in Legal]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        state = st.segmented_control(
            "State", codes, default=navigation.asked("state", codes), required=True, key="suppression_state",
            format_func=lambda code: STATES[Legal(code)].name,
        ) or codes[0]
        ended = st.toggle("Ended ones too", key="suppression_ended")
    navigation.keep("state", state, codes[0])
    rule = STATES[Legal(state)]
    article = rule.article if rule.article.startswith("Recital") else f"Art. {rule.article}"
    st.caption(f"{article}. {rule.sentence} {rule.ends}")
    rows = suppression_list.list_entries(desk, state, ended=ended)
    if not rows:
        st.caption(
            "Nothing stands here yet. " + (
                "A restriction comes from a request that is carried out." if state == Legal.RESTRICTION else
                "It comes from a request, or by Add and Import." if may(desk.person.roles, Act.SUPPRESSION_ADD) else
                "It comes from requests and from lists that are imported."
            )
        )
        return
    chosen = tables.choose(
        f"suppression_{state}", [row["id"] for row in rows], [_shown(desk, row) for row in rows],
        alt=f"Entries: {rule.name}",
        columns={name: st.column_config.DateColumn(format="YYYY-MM-DD") for name in ("Since", "Review on", "Ends on", "Ended")},
    )
    if len(rows) == suppression_list.SHOWN:
        st.caption(f"The newest {len(rows):,}; check one to find an older entry.")
    row = next((row for row in rows if row["id"] in chosen), None)
    if row is not None:
        _entry(desk, row)


def _shown(desk: Desk, row: dict[str, Any]) -> dict[str, Any]:
    shown = {
        "Reference": row["number"], "About": KIND_NAMES.get(row["kind"], row["kind"]), "Scope": scope_words(row),
        "Ground": ground_words(row["ground"]), "Since": local_day(desk, row["started_at"]),
        "Case": row["reference"] or "",
    }
    if row["review_on"] is not None:
        shown["Review on" if row["state"] == Legal.RESTRICTION else "Ends on"] = row["review_on"]
    if row["ended_at"] is not None:
        shown |= {"Ended": local_day(desk, row["ended_at"])}
    return shown


def scope_words(row: dict[str, Any]) -> str:
    """Return what an entry stops, and where."""
    what = {"direct_marketing": "Direct marketing", ALL: "Everything", "import": "Imports"}.get(
        row["purpose"], row["purpose"])
    return what if row["channel"] == ALL else f"{what}: {CHANNELS.get(row['channel'], row['channel'])}"


def ground_words(code: str) -> str:
    """Return a ground in words."""
    if code in set(Ground):
        return f"Art. {GROUNDS[Ground(code)].article}"
    by = {"request": "asked by the person", "desk": "entered at the desk", "import": "from a file",
          "certificate": "death certificate", "relative": "told by a relative", "authority": "told by an authority",
          "own_records": "known from our records", "objection": "erased, had objected",
          "withdrawal": "erased, had withdrawn", "wish": "erased, at their wish"}
    return by.get(code.rpartition(".")[2], code).capitalize()


def _entry(desk: Desk, row: dict[str, Any]) -> None:
    state = Legal(row["state"])
    with st.container(border=True, width=_WIDTH):
        st.markdown(f"**{row['number']}** · {STATES[state].name} · {scope_words(row)}")
        if row["ended_at"] is not None:
            st.caption(f"Ended {local_day(desk, row['ended_at']):%d %b %Y}: "
                       f"{(row['end_ground'] or '').replace('_', ' ')}.")
        elif state is Legal.RESTRICTION:
            st.caption(GROUNDS[Ground(row["ground"])].sentence + " " + GROUNDS[Ground(row["ground"])].ends)
            if not may(desk.person.roles, Act.RESTRICTION_PROPOSE):
                st.caption("A DPO proposes its lifting.")
            elif st.button("Propose to lift…", icon=":material/lock_open:", key=f"propose_{row['id']}_{row['version']}"):
                exits.propose(row["id"], row["version"])
        elif state is Legal.DECEASED:
            st.caption(STATES[state].ends)
        else:
            st.caption(STATES[state].ends)
            label = "Record a new relation…" if state is Legal.DO_NOT_IMPORT else "Record the person's opt-in…"
            if may(desk.person.roles, Act.SUPPRESSION_END) and st.button(
                label, icon=":material/how_to_reg:", key=f"end_{row['id']}_{row['version']}"
            ):
                _end(row["id"], row["version"], state.value, row["kind"])


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
                          format_func=lambda code: KIND_NAMES[code])
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


def _check(desk: Desk) -> None:
    with st.form("suppression_check", width=_WIDTH):
        first, second, third = st.columns([1, 2, 1])
        kind = first.selectbox("Kind", list(KINDS), format_func=lambda code: KIND_NAMES[code], key="check_kind")
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
    if not found.suppressed:
        st.success("No. Nothing stands under this value.", icon=":material/check_circle:")
        return
    st.error("Yes. This value is suppressed.", icon=":material/block:")
    tables.show([
        {"State": STATES[Legal(row["state"])].name, "Scope": scope_words(row), "Ground": ground_words(row["ground"]),
         "Since": local_day(desk, row["started_at"]),
         "Until": f"{row['review_on']:%Y-%m-%d}" if row["review_on"] else "open"} for row in found.states
    ], alt="What stands under this value")


def _add(desk: Desk) -> None:
    today = today_of(desk)
    with st.container(border=True, width=_WIDTH):
        st.caption("An objection that comes as a message is taken in as a request. Here you add what came otherwise: an "
                   "unsubscribe, a list kept so far, the wish of somebody who was erased.")
        state = st.selectbox("State", [each.value for each in ADDED], key="add_state",
                             format_func=lambda code: STATES[Legal(code)].name)
        st.caption(STATES[Legal(state)].ends)
        first, second, third = st.columns([1, 2, 1])
        kind = first.selectbox("Kind", list(KINDS), format_func=lambda code: KIND_NAMES[code], key="add_kind")
        value = second.text_input("Address or number", key="add_value", autocomplete="off")
        since = typed.day("Since", "add_since", today, place=third)
        ends, channels, purpose, words = None, [], "", ""
        if state == Legal.DO_NOT_IMPORT:
            ends = typed.day("Ends on", "add_ends", today + timedelta(days=3 * 365))
        else:
            with st.expander("Narrower, in the person's own words"):
                words = st.text_area("The words that limit it", key="add_words") or ""
                channels = st.multiselect("Only these channels", [code for code in CHANNELS if code != ALL],
                                          format_func=lambda code: CHANNELS[code], key="add_channels",
                                          placeholder="every channel")
                if state == Legal.WITHDRAWAL:
                    purpose = st.selectbox("Only the consent for this purpose", ["", *suppression_list.purposes(desk)],
                                           format_func=lambda each: each or "every purpose", key="add_purpose")
        reference = st.text_input("Reference of its case, if there is one", key="add_reference") or ""
        if st.button("Add", type="primary", icon=":material/add:", key="add_send"):
            forms.attempt("suppression_add", lambda key: suppression_list.add(
                desk, state, kind, value or "", channels=channels, purpose=purpose, own_words=words,
                since=since.needed(), review_on=ends.needed() if ends else None, reference=reference, key=key,
            ), "Added to the suppression list.")


def _import(desk: Desk) -> None:
    st.caption(f"CSV with the columns {', '.join(suppression_files.FIELDS)}; state, kind and value are needed. A file only "
               "adds: nothing is lifted, shortened or overwritten by it.")
    file = st.file_uploader("CSV file, UTF-8, 25 MB at most", type=["csv"],
                            key=f"suppression_file_{forms.key_of('suppression_import')}")
    if file is not None and st.button("Import", type="primary", icon=":material/upload:", key="suppression_import"):
        try:
            done = suppression_files.import_list(
                desk, file.getvalue(), name=file.name, key=forms.key_of("suppression_import")
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


def _rejected(rejects: Sequence[tuple[int, str]]) -> None:
    if rejects:
        st.write("**Rejected rows** (the first row below the column names is 1)")
        st.dataframe(pd.DataFrame([{"Row": row, "Reason": reason} for row, reason in rejects]), hide_index=True,
                     alt="Rejected rows", height=tables.height(len(rejects), 10), row_height=tables.ROW)
