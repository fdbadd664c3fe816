"""Import: people, events, consents and disclosures from a CSV file; rejects are listed by row and reason, never by value."""

from typing import Any

import pandas as pd
import streamlit as st

from core.actions.desk.desk import Desk
from core.actions.people import imports
from core.actions.people.imports import Imported
from core.law.acts import Act, require
from core.law.errors import Refused
from pages.parts import forms, notes, tables

TITLE, ICON, GROUP, ORDER, ACT, URL = "Import", ":material/upload_file:", "People", 30, Act.IMPORT_LOOK, "imports"
KINDS = {"people": "People", "events": "Events", "consents": "Consents", "disclosures": "Disclosures",
         "suppression": "Suppressions"}
_NEEDED = {"people": {"customer_id"}, "events": {"customer_id", "at", "kind"},
           "consents": {"customer_id", "purpose", "channel", "given", "at"},
           "disclosures": {"customer_id", "recipient", "categories", "at", "basis"}}
_HINTS = {
    "people": "One row a person, with a column names row on top. Columns that are no field become attributes.",
    "disclosures": "To whom data of people who are here were given: recipient, categories (separated by commas), when, on "
                   "what basis, and under which reference. The access package prints them; a recipient is told of "
                   "corrections, erasures and restrictions.",
}
_WIDTH = 900


def show(desk: Desk) -> None:
    """Draw the upload, the mapping of its columns, and the imports so far."""
    require(desk.person.roles, ACT)
    st.title("Import")
    with st.container(width=_WIDTH):
        kind = st.segmented_control(
            "What the file holds", list(imports.FIELDS_OF), default="people", required=True, key="imports_kind",
            format_func=lambda code: KINDS[code],
        ) or "people"
        file = st.file_uploader(
            "CSV file, UTF-8, 25 MB at most", type=["csv"], key=f"imports_file_{kind}_{forms.key_of('imports')}"
        )
        if file is not None:
            _file(desk, kind, file)
        else:
            st.caption(_HINTS.get(kind, "Rows belong to people who are here already, by their customer_id."))
        done = st.session_state.get("imports_done")
        if isinstance(done, Imported):
            _result(done)
    _earlier(desk)


def _file(desk: Desk, kind: str, file: Any) -> None:
    content = file.getvalue()
    try:
        seen = imports.preview(desk, content, kind)
    except Refused as refusal:
        notes.refused(refusal)
        return
    st.write(f"**{seen.row_count:,} rows, {len(seen.columns)} columns.** Say which columns make up each field; "
             "several are joined by a blank.")
    mapping: dict[str, list[str]] = {}
    left, right = st.columns(2)
    for number, name in enumerate(imports.FIELDS_OF[kind]):
        with left if number % 2 == 0 else right:
            mapping[name] = st.multiselect(
                name + (" (needed)" if name in _NEEDED[kind] else ""), seen.columns, default=seen.mapping.get(name, []),
                key=f"imports_map_{kind}_{name}_{file.file_id}", placeholder="no column",
            )
    used = {column for columns in mapping.values() for column in columns}
    others = [column for column in seen.columns if column not in used]
    if kind == "people" and others:
        st.caption(f"{len(others)} further column{'s' if len(others) > 1 else ''} become attributes:")
        st.text(", ".join(others))
    first, second = st.columns(2, vertical_alignment="bottom")
    prefix = first.text_input(
        "Prefix before each customer_id", key="imports_prefix", placeholder="for example d2-",
        help="Keeps files apart that use the same numbers",
    ) or ""
    update = kind == "people" and second.checkbox(
        "Update people who are here already", key="imports_update",
        help="Never changes a consent, an identifier or a birth date: those need a request for correction"
    )
    missing = sorted(name for name in _NEEDED[kind] if not mapping[name])
    if missing:
        st.warning(f"No column for: {', '.join(missing)}.")
    if st.button("Import", type="primary", icon=":material/upload:", disabled=bool(missing)):
        _import(desk, kind, content, mapping, prefix, update=update, name=file.name)


def _import(
    desk: Desk, kind: str, content: bytes, mapping: dict[str, list[str]], prefix: str, *, update: bool, name: str
) -> None:
    chosen = {field: columns for field, columns in mapping.items() if columns}
    key = forms.key_of("imports")
    try:
        with st.spinner("Importing. You can leave this page; the import goes on or does not happen at all."):
            if kind == "people":
                done = imports.import_people(
                    desk, content, mapping=chosen, prefix=prefix, update=update, name=name, key=key
                )
            elif kind == "events":
                done = imports.import_events(desk, content, mapping=chosen, prefix=prefix, name=name, key=key)
            elif kind == "disclosures":
                done = imports.import_disclosures(desk, content, mapping=chosen, prefix=prefix, name=name, key=key)
            else:
                done = imports.import_consents(desk, content, mapping=chosen, prefix=prefix, name=name, key=key)
    except Refused as refusal:
        notes.refused(refusal)
        return
    forms.sent("imports")
    st.session_state["imports_done"] = done  # counts and row numbers; it holds no value
    st.rerun()


def _result(done: Imported) -> None:
    st.header("What this import did")
    numbers = (("Added", done.added), ("Changed", done.changed), ("Here already", done.already_held),
               ("Rejected", done.rejected), ("Fields to look at", done.warned))
    for column, (name, count) in zip(st.columns(len(numbers)), numbers, strict=True):
        column.metric(name, f"{count:,}", border=True)
    if done.rejects:
        st.write("**Rejected rows** (the first row below the column names is 1)")
        tables.show([{"Row": row, "Reason": reason} for row, reason in done.rejects], alt="Rejected rows", longest=10,
                    columns={"Row": st.column_config.NumberColumn(width=80)})
    if done.warnings:
        st.write("**Fields to look at**: each says what was done with it")
        tables.show(
            [{"Row": row, "Field": name, "Reason": reason} for row, name, reason in done.warnings],
            alt="Fields to look at", longest=10, columns={"Row": st.column_config.NumberColumn(width=80)},
        )


def _earlier(desk: Desk) -> None:
    st.header("Imports so far")
    rows = imports.earlier(desk)
    tables.show(
        [
            {"When (UTC)": pd.Timestamp(row["imported_at"]), "What": KINDS.get(row["kind"], row["kind"]),
             "File": row["name"], "Rows": row["row_count"], "Added": row["added"], "Changed": row["changed"],
             "Here already": row["already_held"], "Rejected": row["rejected"], "To look at": row["warned"]}
            for row in rows
        ],
        alt="Imports so far", empty="Nothing was imported yet.",
        columns={"When (UTC)": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm")},
    )
