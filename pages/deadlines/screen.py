"""Deadlines: what is late and what will be, for which right, on which day and with whom; a click opens the queue."""

from datetime import timedelta

import streamlit as st

from core.actions.desk.desk import Desk
from core.actions.oversight import deadlines
from core.actions.oversight.deadlines import FORMULA, PERIODS, Board, InTime
from core.law.acts import Act, require
from core.law.clock.standing import BANDS, SIGNS
from core.law.ways import RIGHTS, Kind
from pages.deadlines import calendar_grid, findings
from pages.parts import charts, navigation, tables, untrusted

TITLE, ICON, GROUP, ORDER, ACT, URL = (
    "Deadlines", ":material/event_upcoming:", "Oversight", 10, Act.QUEUE_LOOK, "deadlines"
)


def show(desk: Desk) -> None:
    """Draw the figures, open requests by right, the calendar of due days, the share in time and the load by owner."""
    require(desk.person.roles, ACT)
    st.title("Deadlines")
    period = st.session_state.get("deadlines_period", next(iter(PERIODS)))
    board = deadlines.board(desk, period)
    st.caption(
        f"{board.today:%A %d %B %Y}. Days count to each request's own last day, as its law and calendar set it."
        + (f" Counts of at least {board.least} only; totals add up what is shown." if board.least
           else " A figure, a bar or a day opens its requests in the queue.")
    )
    _figures(board)
    _rights(board)
    if not board.least:
        left, right = st.container(key="deadlines_columns").columns(2, gap="large")
        with left:
            _calendar(board)
        with right:
            _owners(board)
    _in_time(board)


def _figures(board: Board) -> None:
    rows = [
        ("Open", board.open, {"view": "open"}), ("■ Overdue", board.bands["overdue"], {"band": "overdue"}),
        ("▲ Due within 7 days", board.bands["soon"], {"band": "soon"}),
        ("‖ Paused", board.bands["paused"], {"band": "paused"}),
        ("✓ Sent, to be closed", board.bands["sent"], {"band": "sent"}),
    ]
    with st.container(key="figures"):
        for column, (name, number, query) in zip(st.columns(len(rows)), rows, strict=True):
            with column.container(border=True, height="stretch"):
                shown = f"< {board.least}" if board.least and not number else f"{number:,}"
                st.metric(name, shown)
                if not board.least and st.button(
                    "Open in the queue", key=f"figure_{'_'.join(query.values())}", type="tertiary", disabled=not number,
                    icon=":material/arrow_forward:",
                ):
                    navigation.go("queue", **query)


def _rights(board: Board) -> None:
    st.header(findings.of_rights(board))
    if not board.rights:
        st.caption("No request is open." if not board.least else "No cell is large enough to be shown.")
        return
    names = {kind.value: RIGHTS[kind].name for kind in Kind}
    picked = charts.stacked(
        board.rights, names, key="deadlines_rights", alt=findings.of_rights(board), clicks=not board.least
    )
    if picked is not None:
        navigation.go("queue", right=picked[0], band=picked[1])
    _table(board, {(names[kind], band): n for (kind, band), n in board.rights.items()}, "Right")


def _calendar(board: Board) -> None:
    st.header(findings.of_days(board.days, board.today))
    day = calendar_grid.draw(board.days, board.today)
    if day is not None:
        navigation.go("queue", due=day.isoformat())
    start = calendar_grid.first_day(board.today)
    end = start + timedelta(days=7 * calendar_grid.WEEKS)
    earlier = sum(number for each, number in board.days.items() if each < start)
    later = sum(number for each, number in board.days.items() if each >= end)
    st.caption(f"Before {start:%d %b %Y}: {earlier:,}. From {end:%d %b %Y} on: {later:,}. Paused requests have no day.")
    with st.expander("The days as a table"):
        tables.show(
            [{"Due": each, "Requests": number} for each, number in sorted(board.days.items())], alt="Requests by due day",
            columns={"Due": st.column_config.DateColumn(format="D MMM YYYY")}, empty="No request has a due day.",
        )


def _owners(board: Board) -> None:
    st.header(untrusted.inline(findings.of_owners(board)))
    if not board.owners:
        st.caption("No request is open.")
        return
    names = {owner: board.names.get(owner, "a former colleague") for owner, _ in board.owners} | {"": "(unassigned)"}
    picked = charts.stacked(board.owners, names, key="deadlines_owners", alt=findings.of_owners(board), clicks=True,
                            legend=False)
    if picked is not None:
        owner, band = picked
        navigation.go("queue", **({"view": "unassigned"} if not owner else {"owner": owner}), band=band)
    _table(board, {(names[owner], band): n for (owner, band), n in board.owners.items()}, "Owner")


def _in_time(board: Board) -> None:
    head, choice = st.columns([4, 2], vertical_alignment="bottom")
    length = (board.today - board.since).days if board.since else 0
    head.header(findings.of_time(board.in_time) + (f": closed in {PERIODS[length]}" if board.in_time else ""))
    choice.selectbox("Closed in", list(PERIODS), format_func=lambda days: PERIODS[days].capitalize(), key="deadlines_period")
    if board.in_time is None:
        st.caption("No number is large enough to be shown." if board.least else "No request was closed, and none is overdue.")
        return
    st.markdown(f"**Formula:** {FORMULA} = {_formula(board.in_time)}")
    st.caption(
        "In time is what was sent, or closed without an answer, before the end of its last day. A request closed while "
        "its clock stood still is in time. "
        + (f"{findings.requests(board.in_time.unmeasured)} under a law that sets no day stand outside."
           if board.in_time.unmeasured else "")
    )
    if not board.least:
        _ended(board, board.in_time)
    tables.show(
        [
            {"Right": RIGHTS[Kind(kind)].name, "Closed in time": each.in_time, "Closed late": each.late,
             "Open and overdue": each.open_overdue,
             "In time": findings.percent(each.share) if each.share is not None else "–",
             "Outside the desk": f"{each.outside}" if each.outside >= board.least else f"< {board.least}"}
            for kind, each in sorted(board.in_time_of.items())
        ], alt="The share in time, by right",
    )


def _ended(board: Board, ended: InTime) -> None:
    since = {"since": board.since.isoformat()} if board.since else {}
    with st.container(horizontal=True):
        for outcome, number, name in (("in_time", ended.in_time, "closed in time"), ("late", ended.late, "closed late")):
            if st.button(f"{number:,} {name}", key=f"ended_{outcome}", disabled=not number, icon=":material/arrow_forward:"):
                navigation.go("queue", view="closed", outcome=outcome, **since)
        if st.button(f"{ended.open_overdue:,} open and overdue", key="ended_overdue", disabled=not ended.open_overdue,
                     icon=":material/arrow_forward:"):
            navigation.go("queue", band="overdue")
        if ended.outside and st.button(
            f"{ended.outside:,} answered outside the desk", key="ended_outside", icon=":material/arrow_forward:"
        ):
            navigation.go("queue", view="closed", outcome="outside", **since)


def _formula(ended: InTime) -> str:
    closed = ended.in_time + ended.late
    result = findings.percent(ended.share) if ended.share is not None else "nothing to divide"
    return f"{ended.in_time:,} ÷ ({closed:,} + {ended.open_overdue:,}) = **{result}**"


def _table(board: Board, cells: dict[tuple[str, str], int], head: str) -> None:
    names = list(dict.fromkeys(name for name, _ in cells))
    hidden = f"< {board.least}" if board.least else "0"
    with st.expander("The numbers as a table"):
        tables.show(
            [
                {head: name} | {
                    f"{SIGNS[band]} {words[0].upper()}{words[1:]}": f"{cells[name, band]:,}" if (name, band) in cells else hidden
                    for band, words in BANDS.items()
                }
                for name in sorted(names)
            ], alt=f"Open requests by {head.lower()} and by days left",
        )
