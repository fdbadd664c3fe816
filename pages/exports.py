"""Exports: every package that was built, how far it is, by which ways it left and to whom, when it ends; never a name."""

from datetime import datetime
from typing import Any

import streamlit as st

from core.actions.answers.packages import exports
from core.actions.answers.packages.exports import KINDS, STATES, WAYS, PackageRow, WayRow
from core.actions.cases.queue import PAGE
from core.actions.desk.desk import Desk
from core.law.acts import Act, may, require
from core.law.ways import RIGHTS
from core.law.ways_out import CHANNELS
from pages.parts import navigation, sealed_note, tables

TITLE, ICON, GROUP, ORDER, ACT, URL = (
    "Exports", ":material/inventory_2:", "Requests", 40, Act.PACKAGE_LOOK, "export-list"
)
ANY = "any"
_SIGNS = {"waiting": "○", "built": "◆", "released": "▲", "fetched": "●", "expired": "–", "failed": "■"}
_LEFT = {"download": "Download", "link": "Link", "archive": "Archive", "print": "Print"}
_STANDINGS = {
    "waiting": "open", "fetched": "fetched", "expired": "time is over", "wrong_codes": "three wrong codes",
    "revoked": "revoked", "replaced": "replaced",
}
_MAILS = {"waiting": "mail on its way", "sent": "sent by mail", "arrived": "sent by mail", "refused": "mail did not leave"}


def show(desk: Desk) -> None:
    """Draw the filters, the packages that fit them, the ways out of the one chosen, and the way to its request."""
    require(desk.person.roles, ACT)
    st.title("Exports")
    st.caption("A package is built from a plan, released by a second person and leaves once: by download, a link for the "
               "person, an encrypted archive or on paper. Its bytes are deleted then, or after 30 days. It is prepared and "
               "handed over in its request.")
    state, right, way, search = _filters()
    number = int(st.session_state.get("exports_page", 1))
    found = exports.list_packages(desk, state, right, search, number, way)
    if not found.rows and number > 1:
        found = exports.list_packages(desk, state, right, search, 1, way)
    sealed_note.draw(desk)
    if not found.rows:
        st.write(
            "No package fits these filters." if state or right or way or search else "No package was built yet. The first "
            "one comes from a request for access or a portable copy, with Prepare the package."
        )
        return
    bar = st.container(horizontal=True, vertical_alignment="center")
    chosen = tables.choose(
        "exports", [row.id for row in found.rows], [_cells(row) for row in found.rows],
        alt="Packages, the latest first", columns=_COLUMNS, longest=PAGE,
    )
    if found.total > PAGE:
        st.pagination(-(-found.total // PAGE), key="exports_page")
    one = next((row for row in found.rows if row.id in chosen), None)
    with bar:
        st.markdown(f"**{len(found.rows):,}** of **{found.total:,}** packages")
        if may(desk.person.roles, Act.CASE_OPEN) and st.button(
            "Open the request", icon=":material/open_in_new:", disabled=one is None
        ) and one is not None:
            navigation.go("request", id=one.request_id)
    if one is None:
        st.caption("Choose a package to see each link and archive that was made of it.")
        return
    _ways_out(one)


_COLUMNS = {
    "Reference": st.column_config.Column(width=134), "Right": st.column_config.Column(width=92),
    "State": st.column_config.Column(width=152), "Way out": st.column_config.Column(width=120),
    **{name: st.column_config.Column(width=114) for name in ("Fetched", "Ends", "Made")},
    "Fetched by": st.column_config.Column(width=110),
    "Rows": st.column_config.NumberColumn(width=52, format="localized"), "Size": st.column_config.Column(width=60),
}


def _filters() -> tuple[str | None, str | None, str | None, str]:
    columns = st.container(key="filters_exports").columns([3, 2, 2, 2], vertical_alignment="bottom")
    first, second, third, fourth = columns
    with first:
        search = st.text_input(
            "Search", key="exports_search", placeholder="RD-2026-004217-3", type="search", on_change=_first_page,
        ) or ""
    with second:
        state = _choice("State", "state", STATES, "All states")
    with third:
        way = _choice("Way out", "way", WAYS, "All ways")
    with fourth:
        right = _choice("Right", "right", {kind.value: RIGHTS[kind].name for kind in KINDS}, "All rights")
    return state, right, way, search


def _choice(label: str, name: str, options: dict[str, str], every: str) -> str | None:
    codes = [ANY, *options]
    chosen = st.selectbox(
        label, codes, index=codes.index(navigation.asked(name, codes)), key=f"exports_{name}", on_change=_first_page,
        format_func=lambda code: every if code == ANY else f"{options[code][0].upper()}{options[code][1:]}",
    )
    navigation.keep(name, chosen, ANY)
    return None if chosen == ANY else chosen


def _first_page() -> None:
    st.session_state["exports_page"] = 1


def _cells(row: PackageRow) -> dict[str, Any]:
    return {
        "Reference": row.reference, "Right": row.right, "State": f"{_SIGNS[row.state]} {STATES[row.state]}",
        "Way out": _way_words(row), "Fetched": _when(row.fetched), "Fetched by": row.fetched_by, "Ends": _when(_end(row)),
        "Made": _when(row.made), "Rows": row.rows, "Size": _size(row.size),
    }


def _way_words(row: PackageRow) -> str:
    """Say by what it left; before that, how its newest link or archive stands."""
    if row.left_by:
        return _LEFT[row.left_by]
    return f"{_LEFT[row.ways[0].way]}, {_STANDINGS[row.ways[0].standing]}" if row.ways else ""


def _end(row: PackageRow) -> datetime | None:
    """Return when what is open ends: its link or archive, else the bytes."""
    if row.state != "released":
        return None
    return next((each.expires for each in row.ways if each.standing == "waiting"), row.expires)


def _ways_out(row: PackageRow) -> None:
    st.header(f"Links and archives of {row.reference}")
    tables.show([
        {
            "Way": _LEFT[each.way], "Stands": f"{_STANDINGS[each.standing]}{_at(each)}", "Made": _when(each.made),
            "By": each.made_by, "Passed on": _passed(each), "Expires": _when(each.expires),
        } for each in row.ways
    ], alt=f"Links and archives of {row.reference}", empty=(
        f"It left by {_LEFT[row.left_by].lower()}; no link or archive was made." if row.left_by
        else "No link or archive was made of it."
    ), columns={
        "Way": st.column_config.Column(width=75), "Stands": st.column_config.Column(width=215),
        **{name: st.column_config.Column(width=128) for name in ("Made", "Expires")},
        "By": st.column_config.Column(width=135), "Passed on": st.column_config.Column(width=330),
    })


def _at(each: WayRow) -> str:
    moment = each.fetched if each.standing == "fetched" else each.ended
    return f", {_when(moment)}" if moment and each.standing not in {"waiting", "expired"} else ""


def _passed(each: WayRow) -> str:
    if each.mail in {"waiting", "refused"}:
        return _MAILS[each.mail]
    if each.passed is None:
        return "not yet"
    return f"{_MAILS.get(each.mail) or CHANNELS[each.channel].lower()}, {_when(each.passed)}, {each.passed_by}"


def _when(moment: datetime | None) -> str:
    return f"{moment.day} {moment:%b %Y %H:%M}" if moment else ""


def _size(size: int | None) -> str:
    if size is None:
        return ""
    return f"{max(size // 1024, 1):,} kB" if size < 10 * 1024 * 1024 else f"{size // (1024 * 1024):,} MB"
