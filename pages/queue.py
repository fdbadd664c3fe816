"""The queue: every request by reference, right, owner and days, never by name; the most urgent on top."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from core.actions.accounts import accounts
from core.actions.cases import assigning, queue
from core.actions.cases.intake import CHANNELS
from core.actions.cases.queue import ORDERS, OUTCOMES, OWNER, PAGE, VIEWS, Asked, Only, Page, QueueRow
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.actions.duty import absences
from core.law.acts import SMALLEST_CELL, Act, Scope, may, may_take, require, scope
from core.law.clock.figures import Waits
from core.law.clock.standing import BANDS
from core.law.errors import Refused
from core.law.identity import Channel
from core.law.ways import RIGHTS, Kind
from pages.board import safe_start
from pages.parts import badges, closing_check, forms, navigation, sealed_note, session, tables, untrusted, visit

TITLE, ICON, GROUP, ORDER, ACT, URL = "Queue", ":material/inbox:", "Requests", 10, Act.QUEUE_LOOK, "queue"
ANY = "any"
FROM_BOARD = ("band", "due", "after", "outcome", "since", "until", "channel", "waits", "team")
ISO_LENGTH = 10
_TO = "queue_assign_to"


def show(desk: Desk) -> None:
    """Draw the views with their counts, the filters, one page of rows and what can be done with the chosen ones."""
    require(desk.person.roles, ACT)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title("Request queue", width="stretch")
        if may(desk.person.roles, Act.CASE_TAKE_IN) and st.button(
            "New request", type="primary", icon=":material/add:", shortcut="n"
        ):
            navigation.go("intake")
    counts = queue.list_requests(desk).counts
    if scope(desk.person.roles, Act.QUEUE_LOOK) is Scope.CELLS:
        _cells(counts)
        return
    closing_check.waiting(desk, "queue")
    view = _view(counts)
    right, owner, search, order = _filters(desk)
    with st.container():
        only, said = _only(queue.teams(desk))
    number = int(st.session_state.get("queue_page", 1))
    page = queue.list_requests(desk, view, right, owner, search, number, only, order)
    if page.total and not page.rows:  # the last page emptied
        page = queue.list_requests(desk, view, right, owner, search, 1, only, order)
    with st.container():
        if page.rows:
            _rows(desk, page, Asked(view, right, owner, search, only, order))
        else:
            _nothing(
                filtered=bool(right or owner is not None or search or said), view=view,
                first=not (counts["open"] or counts["closed"]) and may(desk.person.roles, Act.CASE_TAKE_IN),
            )
    sealed_note.draw(desk, counted=True)


def _only(teams: Mapping[str, str]) -> tuple[Only, str]:
    """Read what a figure of the board asks for from the address, and say it; what it cannot be is no filter."""
    asked = st.query_params
    band, outcome = asked.get("band", ""), asked.get("outcome", "")
    only = Only(
        band if band in BANDS else None, _day(asked.get("due", "")), outcome if outcome in OUTCOMES else None,
        _day(asked.get("since", "")), _day(asked.get("until", "")),
        channel if (channel := asked.get("channel", "")) in set(Channel) else None,
        waits if (waits := asked.get("waits", "")) in set(Waits) else None, _day(asked.get("after", "")),
        _team(teams, asked.get("team", "")),
    )
    said = only.words(teams)
    if said:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(f"Only requests {untrusted.inline(said)}", icon=":material/filter_alt:")
            st.button("Show all days", type="tertiary", on_click=_all_days, key="queue_all_days")
    return only, said


def _team(teams: Mapping[str, str], code: str) -> str | None:
    """Return the code of a team that is told, "" for no team; None where the address asks for none."""
    return "" if code == navigation.NO_TEAM else code if code in teams else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == ISO_LENGTH else None
    except ValueError:
        return None


def _all_days() -> None:
    for name in FROM_BOARD:
        st.query_params.pop(name, None)
    _first_page()


def _view(counts: dict[str, int | None]) -> str:
    names = list(VIEWS)
    view = st.segmented_control(
        "View", names, default=navigation.asked("view", names), required=True, key="queue_view", on_change=_first_page,
        format_func=lambda name: f"{VIEWS[name]} · {counts[name]:,}", wrap=True,
    ) or names[0]
    navigation.keep("view", view, names[0])
    return view


def _filters(desk: Desk) -> tuple[str | None, str | None, str, str | None]:
    columns = st.container(key="filters_queue").columns([5, 4, 4, 4, 2], vertical_alignment="bottom")
    first, second, third, ordered, fourth = columns
    with first:
        search = st.text_input(
            "Search", key="queue_search", placeholder="Reference, such as RD-2026-004217-3", type="search",
            on_change=_first_page,
        ) or ""
    rights = [ANY, *(kind.value for kind in Kind)]
    with second:
        right = st.selectbox(
            "Right", rights, index=rights.index(navigation.asked("right", rights)), key="queue_right", on_change=_first_page,
            format_func=lambda code: "All rights" if code == ANY else RIGHTS[Kind(code)].name,
        )
    names = dict(accounts.colleagues(desk, Act.CASE_OPEN)) | {navigation.NOBODY: "Nobody yet"}
    owners = [ANY, *names]
    asked = st.query_params.get("owner", ANY)
    if OWNER.fullmatch(asked) and asked not in owners:  # an owner who lost the role, from the board
        owners.append(asked)
        names[asked] = "A former colleague"
    with third:
        owner = st.selectbox(
            "Owner", owners, index=owners.index(navigation.asked("owner", owners)), key="queue_owner",
            on_change=_first_page, format_func=lambda code: names.get(code, "Anyone"),
        )
    orders = list(ORDERS)
    with ordered:
        order = st.selectbox(
            "In the order of", orders, index=orders.index(navigation.asked("order", orders)), key="queue_order",
            on_change=_first_page, format_func=lambda code: ORDERS[code].capitalize(),
            help="The latest safe start is counted back from the last day: through what is left to do at our own pace, days on "
            "which the desk is shut, and absences.",
        )
    with fourth:
        st.button("Clear filters", on_click=_clear, width="stretch", disabled=(right, owner, search) == (ANY, ANY, ""))
    navigation.keep("right", right, ANY)
    navigation.keep("owner", owner, ANY)
    navigation.keep("order", order, orders[0])
    whose = {ANY: None, navigation.NOBODY: ""}.get(owner, owner)
    return None if right == ANY else right, whose, search, None if order == orders[0] else order


def _first_page() -> None:
    st.session_state["queue_page"] = 1


def _clear() -> None:
    _all_days()
    st.session_state.update(queue_right=ANY, queue_owner=ANY, queue_search="", queue_page=1)


def _rows(desk: Desk, page: Page, asked: Asked) -> None:
    bar = st.container(horizontal=True, vertical_alignment="center")
    by_start, today = asked.order == "start", today_of(desk)
    cells = [safe_start.cell(row, today) if by_start else _cell(row) for row in page.rows]
    if by_start and any(row.safe and row.safe.assumed for row in page.rows):
        st.caption(safe_start.ASSUMED)
    chosen = tables.choose(
        "queue", [row.id for row in page.rows], cells, several=True, style=_coloured,
        longest=PAGE, alt="Requests, the most urgent first",
        columns={
            "To do by": st.column_config.Column(width=206), "Why not later": st.column_config.Column(width=236),
            "Deadline": st.column_config.Column(width=88), "Due": st.column_config.Column(width=104),
            "Reference": st.column_config.Column(width=128), "Right": st.column_config.Column(width=146),
            "Stage": st.column_config.Column(width=148), "Owner": st.column_config.Column(width=116),
            "Received": st.column_config.DateColumn(format="D MMM YYYY", width=86),
        },
    )
    if page.total > PAGE:
        st.pagination(-(-page.total // PAGE), key="queue_page")
    rows = [row for row in page.rows if row.id in chosen]
    with bar:
        st.markdown(f"**{len(page.rows):,}** of **{page.total:,}** · {len(rows)} selected")
        if may(desk.person.roles, Act.CASE_OPEN) and st.button(
            "Open", icon=":material/open_in_new:", disabled=len(rows) != 1, shortcut="o"
        ) and len(rows) == 1:  # a click on an older drawing arrives although the rows, and the choice, are gone
            navigation.go("request", id=rows[0].id)
        _take(desk, rows)
        if scope(desk.person.roles, Act.REQUEST_ASSIGN) is Scope.YES:
            live = [row for row in rows if row.state != "closed"]
            if st.button("Assign…", icon=":material/group:", disabled=not live) and live:
                _assign([(row.id, row.reference, row.version) for row in live], len(rows))
        if may(desk.person.roles, Act.QUEUE_FETCH):
            st.link_button(
                "CSV", f"/lists/requests?{asked.address}", icon=":material/download:", type="tertiary",
                help=f"All {page.total:,} requests of this view and these filters; the download is entered in the log",
            )


def _take(desk: Desk, rows: list[QueueRow]) -> None:
    if not may_take(desk.person.roles):
        return
    free = [row for row in rows if row.state != "closed" and not row.owner]
    mark = "_".join(f"{row.id}.{row.version}" for row in free)
    if st.button(
        "Take" if len(free) < 2 else f"Take {len(free)}", icon=":material/person_add:", disabled=not free,
        help="Become the owner of the unassigned requests among the chosen ones", key=f"queue_take_{hash(mark)}",
    ):
        _give(desk, [(row.id, row.reference, row.version) for row in free], desk.person.account_id)


@visit.dialog("Assign requests")
def _assign(rows: list[tuple[str, str, int]], selected: int) -> None:
    desk = session.desk_or_stop()
    st.write(f"{len(rows)} of {selected} selected can be assigned; closed ones stay as they are.")
    st.write(", ".join(reference for _, reference, _ in rows))
    names, away = dict(accounts.colleagues(desk, Act.CASE_TAKE_IN)), absences.words_of_absence(desk)
    owner = st.selectbox("New owner", list(names), format_func=lambda code: names[code], key=_TO)
    if owner in away:
        st.caption(f":material/event_busy: {untrusted.inline(names[owner])} is {untrusted.inline(away[owner])}.")
    if st.button("Assign", type="primary", disabled=owner is None):
        _give(desk, rows, str(owner))


def _give(desk: Desk, rows: list[tuple[str, str, int]], owner: str) -> None:
    done, refusals, elsewhere = 0, [], set()
    for request, reference, version in rows:
        form = f"assign_{request}_{version}"
        try:
            given = assigning.assign(desk, request, owner, version=version, key=forms.key_of(form))
        except Refused as refusal:
            refusals.append(f"{reference}: {refusal}")
        else:
            forms.sent(form)
            done += 1
            elsewhere |= {given} - {owner, None}
    if refusals:
        for each in refusals:
            st.error(each)
        if done:
            st.write(f"{done} assigned.")
        return
    names = dict(accounts.colleagues(desk, Act.CASE_TAKE_IN))
    to = ", ".join(sorted(names.get(str(each), "a colleague") for each in elsewhere))
    forms.finish(f"{done} request{'s' if done != 1 else ''} assigned" + (f" to {to}, who stands in." if to else "."))


def _cell(row: QueueRow) -> dict[str, Any]:
    stage = badges.stage_words(row.state, row.closing, sent=row.sent) + (" · came back" if row.came_back else "")
    return {
        "Deadline": row.standing.words, "Due": _due(row), "Reference": row.reference, "Right": row.right, "Stage": stage,
        "Owner": row.owner or "(unassigned)", "Received": row.received, "Came by": CHANNELS[Channel(row.channel)],
    }


def _due(row: QueueRow) -> str:
    paused = row.standing.level == "paused"
    day = row.safe_due if paused else row.due
    if day is not None:
        return f"{day.day} {day:%b %Y}" + (" (safe)" if paused else "")
    return "" if row.standing.level == "closed" else "none"


def _coloured(frame: Any) -> Any:
    return frame.style.map(badges.deadline_style, subset=[name for name in ("To do by", "Deadline") if name in frame])


def _nothing(*, filtered: bool, view: str, first: bool) -> None:
    with st.container(border=True, horizontal_alignment="center"):
        st.write("No request fits these filters." if filtered else f"No request in the view {VIEWS[view]}.")
        if first and not filtered:
            st.caption("None was taken in yet: New request, above, takes the first one in.")
        if filtered:
            st.button("Clear filters", on_click=_clear, key="queue_clear_empty")


def _cells(counts: dict[str, int | None]) -> None:
    st.caption(f"Counts only. A number below {SMALLEST_CELL} is not shown.")
    for column, name in zip(st.columns(len(VIEWS)), VIEWS, strict=True):
        count = counts[name]
        column.metric(VIEWS[name], f"< {SMALLEST_CELL}" if count is None else f"{count:,}", border=True)
