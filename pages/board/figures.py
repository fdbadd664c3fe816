"""The five figures of the board in one row: number, formula, and the way to the requests behind each."""

import streamlit as st

from core.actions.oversight.board import Board, InTime
from core.law.clock.figures import MEANINGS, Figure
from pages.board import findings
from pages.parts import navigation


def draw(board: Board) -> None:
    """Draw the figures in one row, each with its formula, and the way to its requests where this role may go there."""
    ended = {"view": "closed"} | ({"since": board.since.isoformat()} if board.since else {})
    in_time, days = board.in_time, board.answered
    rows = [
        (Figure.OPEN, f"{board.open:,}", "", {"view": "open"}),
        (Figure.OVERDUE, f"■ {board.bands['overdue']:,}", "", {"band": "overdue"}),
        (Figure.SOON, f"▲ {board.bands['soon']:,}", "", {"band": "soon"}),
        (Figure.IN_TIME, findings.share(in_time) if in_time else "–", parts(in_time), ended | {"outcome": "in_time"}),
        (Figure.DAYS, f"{days.median:,.0f}" if days and days.median is not None else "–",
         f"90th percentile {days.ninth:,.0f}, of {days.answers:,}" if days and days.ninth is not None
         else "shown to others only" if board.least else "nothing answered",
         ended | {"outcome": "answered"}),
    ]
    with st.container(key="figures"):
        for column, (figure, number, beside, query) in zip(st.columns(len(rows)), rows, strict=True):
            with column.container(border=True, height="stretch"):
                small = board.least and number.strip("■▲ ") == "0"
                st.metric(MEANINGS[figure].name, f"< {board.least}" if small else number, help=MEANINGS[figure].formula)
                if beside:
                    st.caption(beside)
                if not board.least and st.button(
                    "Open in the queue", key=f"figure_{figure.value}", type="tertiary", icon=":material/arrow_forward:",
                    disabled=number.strip("■▲ ") in {"0", "–"},
                ):
                    navigation.go("queue", **behind(board, **query))


def parts(ended: InTime | None) -> str:
    """Return the formula of the share with its numbers; empty where there are none."""
    return f"{ended.in_time:,} ÷ ({ended.in_time + ended.late:,} + {ended.open_overdue:,})" if ended else ""


def behind(board: Board, **query: str) -> dict[str, str]:
    """Return what the queue is asked for: what the figure is of, and the filters of the board."""
    chosen = board.chosen
    owner = navigation.NOBODY if chosen.owner == "" else chosen.owner
    team = navigation.NO_TEAM if chosen.team == "" else chosen.team
    own = {"right": chosen.right or "", "owner": owner or "", "team": team or "", "channel": chosen.channel or ""}
    return {name: code for name, code in (own | query).items() if code}
