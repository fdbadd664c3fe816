"""Handing over a released package: one way is chosen, its secret goes another way, each is shown once."""

from collections.abc import Callable
from datetime import datetime

import streamlit as st

from core.actions.answers.packages import archives, links, ways_out
from core.actions.answers.packages.packages import PackageState
from core.actions.answers.packages.ways_out import WayOut
from core.actions.cases import addresses
from core.actions.cases.cases import CaseFile, Request
from core.actions.desk.desk import Desk
from core.actions.desk.moment import local_time
from core.law.acts import Act, may
from core.law.ways_out import CHANNELS, DAYS, MAILING, PRINTED_TO, SECRET_CHANNELS, WRONG_CODES, Way
from core.law.workflow import State
from pages.parts import forms, once, step_up, tables, untrusted
from pages.request.answers import link_mail

_WAYS = {
    "download": "Download it yourself", "link": "Link for the person", "archive": "Encrypted archive", "print": "Print",
}
_NAMES = {"link": ("Link", "Code"), "archive": ("Archive", "Passphrase")}
_STANDINGS = {
    "waiting": "● waiting", "fetched": "✓ fetched", "expired": "○ time is over",
    "wrong_codes": "■ ended by three wrong codes", "revoked": "○ revoked", "replaced": "○ replaced by another way",
}


def draw(desk: Desk, file: CaseFile, request: Request, package: PackageState | None) -> None:
    """Draw the choice of a way out or the one that is open, and what became of earlier ones."""
    if package is None or not may(desk.person.roles, Act.PACKAGE_FETCH):
        return
    listed = ways_out.list_ways_out(desk, request.row.id)
    live = package.state == "released" and request.state is State.READY_TO_SEND
    if not live and not listed:
        return
    with st.container(border=True, key=f"hand_over_{package.id}"):
        st.header("Hand over the answer")
        mine = (request.row.owner_id or request.row.prepared_by) == desk.person.account_id
        now = next((each for each in listed if each.package_id == package.id and _unfinished(each)), None)
        if live and not mine:
            st.caption("Only the person who handles the request may hand it over.")
        if now is not None and mine and request.state is not State.CLOSED:
            _open(desk, file, now)
        elif live and mine:
            _choose(desk, file, package)
        if now is not None and now.standing == "waiting" and may(desk.person.roles, Act.WAY_OUT_REVOKE):
            _revoke(desk, now)
        _listed(desk, file, listed)


def _unfinished(each: WayOut) -> bool:
    """Whether the handler has something left to do: wait, show, or record how it was passed on."""
    left = each.standing == "fetched" and (each.secret_passed_at is None or each.passed_at is None)
    return each.standing == "waiting" or left


def _choose(desk: Desk, file: CaseFile, package: PackageState) -> None:
    st.caption("The approved bytes leave once, by one way, to the approved address. Afterwards they are deleted here.")
    way = st.segmented_control(
        "Way out", list(_WAYS), default="download", format_func=lambda code: _WAYS[code], key=f"way_{package.id}",
        label_visibility="collapsed", required=True,
    )
    address_id, channels = ways_out.destination(desk, package.id)
    _to(desk, file, address_id)
    {"link": _link, "archive": _archive, "print": _print}.get(str(way), _download)(desk, package, channels)


def _download(desk: Desk, package: PackageState, channels: tuple[str, ...]) -> None:  # noqa: ARG001 - as its siblings
    if step_up.ready(desk, Act.PACKAGE_FETCH, package.id):
        st.link_button("Download once", f"/exports/{package.id}", type="primary", icon=":material/download:")
        st.caption("An interrupted download counts.")


def _link(desk: Desk, package: PackageState, channels: tuple[str, ...]) -> None:
    st.write("The person opens a page without an account and types a code of eight digits. "
             f"{WRONG_CODES} wrong codes end the link.")
    channel, secret, days = _fields(package, "link", channels, "The code")
    if channel and step_up.ready(desk, Act.LINK_MAKE, package.id) and st.button(
        "Make the link", type="primary", icon=":material/add_link:", key=f"make_link_{package.id}"
    ):
        forms.attempt(
            f"make_link_{package.id}", lambda key: links.make(
                desk, package.id, channel=channel, code_channel=secret, days=days, key=key,
            ), "The link is made. Hand it out, then its code by the other way.",
        )


def _archive(desk: Desk, package: PackageState, channels: tuple[str, ...]) -> None:
    st.write("A ZIP with AES-256, for an e-mail or a stick. 7-Zip, Windows and macOS open it with the passphrase.")
    channel, secret, days = _fields(package, "archive", channels, "The passphrase")
    if channel and st.button(
        "Choose the archive", type="primary", icon=":material/folder_zip:", key=f"make_archive_{package.id}"
    ):
        forms.attempt(
            f"make_archive_{package.id}", lambda key: archives.make(
                desk, package.id, channel=channel, passphrase_channel=secret, days=days, key=key,
            ), "The archive is chosen. Download it, and see its passphrase.",
        )


def _print(desk: Desk, package: PackageState, channels: tuple[str, ...]) -> None:
    if not PRINTED_TO & set(channels):
        st.write("The release was approved for an e-mail address: it does not leave on paper.")
        return
    st.write("The pages of the package as a PDF, for the envelope. The package counts as fetched.")
    if step_up.ready(desk, Act.PRINT_FETCH, package.id):
        st.link_button("Download the pages once", f"/exports/print/{package.id}", type="primary", icon=":material/print:")
        st.caption("An interrupted download counts.")


def _fields(
    package: PackageState, way: str, channels: tuple[str, ...], secret_name: str
) -> tuple[str, str, int]:
    if not channels:
        st.caption("No way leads to the approved address.")
        return "", "", DAYS
    first, second, third = st.columns([2, 2, 1])
    channel = first.selectbox(
        "It goes by", channels, format_func=lambda code: CHANNELS[code], key=f"{way}_by_{package.id}"
    )
    others = [code for code in SECRET_CHANNELS if code != channel]
    secret = second.selectbox(
        f"{secret_name} goes by", others, format_func=lambda code: CHANNELS[code], key=f"{way}_secret_{package.id}"
    )
    days = third.number_input("Days", 1, 30, DAYS, key=f"{way}_days_{package.id}")
    return str(channel), str(secret), int(days)


def _to(desk: Desk, file: CaseFile, address_id: str) -> None:
    held = {each.id: each for each in addresses.list_addresses(desk, file.case_ref)}
    if address_id in held:
        untrusted.facts([("Approved for", held[address_id].address)])


def _open(desk: Desk, file: CaseFile, now: WayOut) -> None:
    name, second = _NAMES[now.way]
    _to(desk, file, now.address_id)
    until = local_time(desk, now.expires_at)
    if now.standing == "waiting":
        st.write(f"{name} open until {until:%d %b %Y %H:%M}. Wrong codes: {now.wrong_codes} of {WRONG_CODES}."
                 if now.way == Way.LINK else f"{name} chosen, until {until:%d %b %Y %H:%M}.")
    else:
        st.write(f"{name} fetched. Record how both parts reached the person.")
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**1. {name}** · {CHANNELS[now.channel].lower()}")
        shown = now.shown_at is not None
        if now.way == Way.LINK:
            if link_mail.draw(desk, now):
                _once("Show the link once", f"link_{now.id}", lambda key: links.show_link(desk, now.id, key=key))
        elif now.way == Way.ARCHIVE and not shown:
            _hand_out_archive(desk, now)
        once.draw(f"link_{now.id}")
        if shown and now.mail != MAILING:
            _passed(desk, now, second=False)
    with right:
        st.markdown(f"**2. {second}** · {CHANNELS[now.secret_channel].lower()}")
        once.draw(f"secret_{now.id}")
        if now.secret_shown_at is None:
            show = links.show_code if now.way == Way.LINK else archives.show_passphrase
            _once(f"Show the {second.lower()} once", f"secret_{now.id}", lambda key: show(desk, now.id, key=key))
        else:
            _passed(desk, now, second=True)


def _hand_out_archive(desk: Desk, now: WayOut) -> None:
    if step_up.ready(desk, Act.ARCHIVE_FETCH, now.id):
        st.link_button("Download the archive once", f"/exports/archive/{now.id}", type="primary",
                       icon=":material/download:")
        st.caption("An interrupted download counts.")


def _once(label: str, form: str, show: Callable[[str], str]) -> None:
    """Draw the button that has a secret shown, once."""

    def give(key: str) -> None:
        once.keep(form, show(key))

    if st.button(label, icon=":material/visibility:", key=f"show_{form}"):
        forms.attempt(form, give)


def _passed(desk: Desk, now: WayOut, *, second: bool) -> None:
    at = now.secret_passed_at if second else now.passed_at
    if at is not None:
        st.caption(f"Passed on {local_time(desk, at):%d %b %Y %H:%M}.")
        return
    planned, other = (now.secret_channel, now.channel) if second else (now.channel, now.secret_channel)
    possible = [planned, *(code for code in SECRET_CHANNELS if code not in {planned, other})] if second else [planned]
    part = f"{'secret' if second else 'way'}_{now.id}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        channel = st.selectbox(
            "Passed on by", possible, format_func=lambda code: CHANNELS[code], key=f"passed_by_{part}", width=230
        ) if len(possible) > 1 else planned
        if st.button("Record: passed on", icon=":material/check:", key=f"passed_{part}"):
            forms.attempt(
                f"passed_{part}",
                lambda key: ways_out.pass_on(desk, now.id, secret=second, channel=str(channel), key=key), "Recorded.",
            )


def _revoke(desk: Desk, now: WayOut) -> None:
    if st.button(f"Revoke the {_NAMES[now.way][0].lower()}", icon=":material/link_off:", type="tertiary",
                 key=f"revoke_{now.id}"):
        forms.attempt(
            f"revoke_{now.id}", lambda key: ways_out.revoke(desk, now.id, key=key),
            "Revoked: it gives nothing more. Choose a way anew.",
        )


def _listed(desk: Desk, file: CaseFile, listed: tuple[WayOut, ...]) -> None:
    if not listed:
        return

    def when(moment: datetime | None, by: str | None, channel: str) -> str:
        if moment is None:
            return ""
        return f"{CHANNELS[channel]}, {local_time(desk, moment):%d %b %H:%M}, {file.names.get(by or '', '')}"

    tables.show([
        {
            "Way": _NAMES[each.way][0], "State": _STANDINGS[each.standing],
            "Made": f"{local_time(desk, each.made_at):%d %b %Y %H:%M}",
            "Passed on": when(each.passed_at, each.passed_by, each.channel),
            "Secret passed on": when(each.secret_passed_at, each.secret_passed_by, each.secret_channel),
            "Fetched": f"{local_time(desk, each.fetched_at):%d %b %Y %H:%M}" if each.fetched_at else "",
        } for each in listed
    ], alt="Ways out of this answer")
