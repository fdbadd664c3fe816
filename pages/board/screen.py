"""The board: what is late and what will be, for which right, on which day and on whom it waits; a click opens the queue."""

from datetime import timedelta
from functools import partial

import streamlit as st

from core.actions.accounts import accounts
from core.actions.cases.intake import CHANNELS
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.actions.desk.teams import TEAM
from core.actions.oversight import board as boards
from core.actions.oversight import board_file, per_person
from core.actions.oversight.board import PERIODS, Board, Chosen, InTime
from core.actions.oversight.history import history
from core.law.acts import Act, Scope, require, scope
from core.law.clock.figures import MEANINGS, WAITS, Figure
from core.law.clock.standing import BANDS, SIGNS
from core.law.identity import Channel
from core.law.ways import RIGHTS, Kind
from pages.board import alarms, figures, findings, heat, numbers, over_time, works_agreement
from pages.parts import charts, navigation, tables, untrusted

TITLE, ICON, GROUP, ORDER, ACT, URL = "Board", ":material/monitoring:", "Oversight", 10, Act.BOARD_LOOK, "board"
ANY = "any"
TABS = {"now": "Today", "then": "Over time"}
_PERIOD = 90  # days


def show(desk: Desk) -> None:
    """Draw the five figures, the field of due days, on whom requests wait, what came and went, and how they ended."""
    require(desk.person.roles, ACT)
    st.title("Board")
    cells = scope(desk.person.roles, ACT) is Scope.CELLS
    chosen = _chosen(desk, cells=cells)
    names = list(TABS.values())
    now, then = st.tabs(names, default=TABS[navigation.asked("tab", list(TABS))], key="board_tabs", on_change="rerun")
    navigation.keep("tab", "then" if then.open else "now", "now")
    if then.open:
        with then:
            over_time.draw(history(desk, chosen), partial(board_file.address, chosen=chosen, today=today_of(desk)))
    if now.open:
        with now:
            alarms.draw(desk)
            _today(desk, boards.board(desk, chosen))


def _today(desk: Desk, board: Board) -> None:
    st.caption(
        f"{board.today:%A %d %B %Y}. Days count to each request's own last day, as its law and calendar set it."
        + (f" Counts of at least {board.least} only; totals add up what is shown." if board.least
           else " A figure, a bar or a cell opens its requests in the queue.")
    )
    figures.draw(board)
    if not board.least:
        _heat(board)
        left, right = st.container(key="board_columns").columns(2, gap="large")
        with left:
            _waits(board)
        with right:
            _owners(board)
        _flow(board)
    _rights(board)
    _in_time(board)
    works_agreement.draw(desk)


def _chosen(desk: Desk, *, cells: bool) -> Chosen:
    """Draw the filters, whose choices stand in the address by their codes, and return them."""
    periods = [str(days) for days in PERIODS]
    row = st.container(key="filters_board").columns(1 if cells else 4, vertical_alignment="bottom")
    period = _pick(row[-1], "Came, answered and closed in", "period", periods, str(_PERIOD),
                   {code: PERIODS[int(code)].capitalize() for code in periods})
    since = today_of(desk) - timedelta(days=int(period)) if int(period) else None
    if cells:
        return Chosen(since=since)
    right: str | None = _pick(row[0], "Right", "right", [kind.value for kind in Kind], ANY,
                  {ANY: "All rights"} | {kind.value: RIGHTS[kind].name for kind in Kind})
    owner, team = _whose(desk, row[1])
    channel: str | None = _pick(row[2], "Came by", "channel", [each.value for each in Channel], ANY,
                    {ANY: "Every way"} | {each.value: CHANNELS[each] for each in Channel})
    right, channel = (None if code == ANY else code for code in (right, channel))
    return Chosen(right, owner, channel, since, team=team)


def _whose(desk: Desk, place: st.delta_generator.DeltaGenerator) -> tuple[str | None, str | None]:
    """Draw the filter by team, or by owner where figures of single people are told; return the owner and the team."""
    told = per_person.told(desk)
    if told.per_person:
        names = dict(accounts.colleagues(desk, Act.CASE_OPEN))
        owner = _pick(place, "Owner", "owner", [navigation.NOBODY, *names], ANY,
                      {ANY: "Anyone", navigation.NOBODY: "Nobody yet"} | names)
        return {ANY: None, navigation.NOBODY: ""}.get(owner, owner), None
    names = {navigation.NOBODY: "Nobody yet", **told.names, navigation.NO_TEAM: "Without a team"}
    team = _pick(place, "Team", "team", list(names), ANY, {ANY: "Every team"} | names)
    if team == navigation.NOBODY:
        return "", None
    return None, {ANY: None, navigation.NO_TEAM: ""}.get(team, team)


def _pick(place: st.delta_generator.DeltaGenerator, label: str, name: str, codes: list[str], default: str,
          words: dict[str, str]) -> str:
    options = [default, *(code for code in codes if code != default)]
    with place:
        code = st.selectbox(
            label, options, index=options.index(navigation.asked(name, options)), key=f"board_{name}",
            format_func=lambda each: words.get(each, "A former colleague"),
        )
    navigation.keep(name, code, default)
    return code


def _heat(board: Board) -> None:
    st.header(findings.of_days(board.days, board.today))
    if not heat.cells(board):
        st.caption("No open request has a due day.")
        return
    picked = heat.draw(board, findings.of_days(board.days, board.today))
    if picked is not None:
        navigation.go("queue", **figures.behind(board, **heat.query(board, *picked)))
    undated, sent = board.bands["undated"], board.bands["sent"]
    st.caption(
        "Open requests by the last day of their own law; paused ones have none until the answer comes. "
        f"Not in it: {undated:,} without a fixed date, {sent:,} answered and to be closed."
    )
    numbers.draw(heat.table(board), _file(board, "days"), alt="Open requests by right and due day")


def _waits(board: Board) -> None:
    st.header(findings.of_waits(board))
    if not board.waits:
        st.caption("No request is open.")
        return
    names = {code.value: words[0].upper() + words[1:] for code, words in WAITS.items()}
    picked = charts.stacked(board.waits, names, key="board_waits", alt=findings.of_waits(board), clicks=True, legend=False)
    if picked is not None:
        navigation.go("queue", **figures.behind(board, waits=picked[0], band=picked[1]))
    _table(board, {(names[code], band): n for (code, band), n in board.waits.items()}, "Waits for", "waits")


def _flow(board: Board) -> None:
    st.header(findings.of_flow(board.flow))
    if not board.flow:
        return
    charts.flow(
        [(each.day, each.received, each.answered, each.open) for each in board.flow], key="board_flow",
        alt=findings.of_flow(board.flow),
    )
    numbers.draw(
        [{"Day": each.day, "Received": each.received, "Answered": each.answered, "Open at its end": each.open}
         for each in reversed(board.flow)], _file(board, "flow"), alt="Received, answered and open requests by day",
        columns={"Day": st.column_config.DateColumn(format="D MMM YYYY")},
    )


def _rights(board: Board) -> None:
    st.header(findings.of_rights(board))
    if not board.rights:
        st.caption("No request is open." if not board.least else "No cell is large enough to be shown.")
        return
    names = {kind.value: RIGHTS[kind].name for kind in Kind}
    picked = charts.stacked(
        board.rights, names, key="board_rights", alt=findings.of_rights(board), clicks=not board.least
    )
    if picked is not None:
        navigation.go("queue", **figures.behind(board, right=picked[0], band=picked[1]))
    _table(board, {(names[kind], band): n for (kind, band), n in board.rights.items()}, "Right", "rights")


def _owners(board: Board) -> None:
    st.header(untrusted.inline(findings.of_owners(board)))
    if not board.owners:
        st.caption("No request is open.")
        return
    names = {owner: board.names.get(owner, "a former colleague") for owner, _ in board.owners} | {"": "(unassigned)"}
    whose = "Owner" if board.per_person else "Team"
    picked = charts.stacked(board.owners, names, key="board_owners", alt=findings.of_owners(board), clicks=True,
                            legend=False)
    if picked is not None:
        owner, band = picked
        if owner.startswith(TEAM):
            navigation.go("queue", **figures.behind(board, team=owner.removeprefix(TEAM) or navigation.NO_TEAM, band=band))
        navigation.go("queue", **figures.behind(board, owner=owner or navigation.NOBODY, band=band))
    _table(board, {(names[owner], band): n for (owner, band), n in board.owners.items()}, whose, "owners")


def _in_time(board: Board) -> None:
    length = (board.today - board.since).days if board.since else 0
    st.header(findings.of_time(board.in_time) + (f": closed in {PERIODS[length]}" if board.in_time else ""))
    if board.in_time is None:
        st.caption("No number is large enough to be shown." if board.least else "No request was closed, and none is overdue.")
        return
    ended = board.in_time
    st.markdown(f"**{MEANINGS[Figure.IN_TIME].name}:** {figures.parts(ended)} = **{findings.share(ended)}**")
    st.caption(
        "In time is what was sent, or closed without an answer, before the end of its last day. A request closed while "
        "its clock stood still is in time. "
        + (f"{findings.requests(ended.left_out)} withdrawn, duplicate, forwarded or not a request stand outside. "
           if ended.left_out else "")
        + (f"{findings.requests(ended.unmeasured)} under a law that sets no day stand outside." if ended.unmeasured else "")
    )
    if not board.least:
        _ended(board, ended)
    tables.show(
        [
            {"Right": RIGHTS[Kind(kind)].name, "Closed in time": each.in_time, "Closed late": each.late,
             "Open and overdue": each.open_overdue, "In time": findings.share(each), "Left out": each.left_out,
             "Outside the desk": f"{each.outside}" if each.outside >= board.least else f"< {board.least}"}
            for kind, each in sorted(board.in_time_of.items())
        ], alt="The share in time, by right",
    )
    numbers.link(_file(board, "in_time"))


def _ended(board: Board, ended: InTime) -> None:
    since = {"since": board.since.isoformat()} if board.since else {}
    with st.container(horizontal=True):
        for outcome, number, name in (
            ("in_time", ended.in_time, "closed in time"), ("late", ended.late, "closed late"),
            ("left_out", ended.left_out, "left out"), ("outside", ended.outside, "answered outside the desk"),
        ):
            if (number or outcome in {"in_time", "late"}) and st.button(
                f"{number:,} {name}", key=f"ended_{outcome}", disabled=not number, icon=":material/arrow_forward:"
            ):
                navigation.go("queue", **figures.behind(board, **({"view": "closed", "outcome": outcome} | since)))
        if st.button(f"{ended.open_overdue:,} open and overdue", key="ended_overdue", disabled=not ended.open_overdue,
                     icon=":material/arrow_forward:"):
            navigation.go("queue", **figures.behind(board, band="overdue"))


def _file(board: Board, table: str) -> str:
    return board_file.address(table, board.chosen, board.today)


def _table(board: Board, cells: dict[tuple[str, str], int], head: str, table: str) -> None:
    names = list(dict.fromkeys(name for name, _ in cells))
    hidden = f"< {board.least}" if board.least else "0"
    numbers.draw(
        [
            {head: name} | {
                f"{SIGNS[band]} {words[0].upper()}{words[1:]}": f"{cells[name, band]:,}" if (name, band) in cells else hidden
                for band, words in BANDS.items()
            }
            for name in sorted(names)
        ], _file(board, table), alt=f"Open requests by {head.lower()} and by days left",
    )
