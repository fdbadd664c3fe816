"""Right by due day as a field of numbers: one hue, the numbers in the cells, and a click on one of them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from core.actions.oversight.board import AHEAD, Board
from core.law.ways import RIGHTS, Kind
from pages.parts import badges

EARLIER, LATER, PAUSED = "earlier", "later", "paused"
_CELL = 34  # pixels of a row
_INK = {False: "#16202c", True: "#f3f6fa"}  # on light and on dark
_HUE = {False: "31,95,191", True: "91,155,240"}


def columns(board: Board) -> list[tuple[str, str]]:
    """Return code and head of each column: what is late already, today and the days after it, later, and what is paused."""
    days = [board.today + timedelta(days=number) for number in range(AHEAD)]
    return [
        (EARLIER, "earlier"), *((day.isoformat(), f"{day:%a}<br>{day.day} {day:%b}") for day in days), (LATER, "later"),
        (PAUSED, "paused"),
    ]


def cells(board: Board) -> dict[tuple[str, str], int]:
    """Return the numbers by right and code of a column; a right without an open request has no row."""
    found: dict[tuple[str, str], int] = {}
    last = board.today + timedelta(days=AHEAD - 1)
    for (kind, day), number in board.heat.items():
        code = EARLIER if day < board.today else LATER if day > last else day.isoformat()
        found[kind, code] = found.get((kind, code), 0) + number
    return found | {(kind, PAUSED): number for (kind, band), number in board.rights.items() if band == "paused"}


def query(board: Board, kind: str, code: str) -> dict[str, str]:
    """Return what the queue is asked for behind a cell."""
    last = board.today + timedelta(days=AHEAD - 1)
    only = {EARLIER: {"band": "overdue"}, PAUSED: {"band": PAUSED}, LATER: {"after": last.isoformat()}}
    return {"right": kind} | only.get(code, {"due": code})


def draw(board: Board, alt: str) -> tuple[str, str] | None:
    """Draw the field; return right and column of the cell that was clicked."""
    numbers, heads = cells(board), columns(board)
    kinds = [kind.value for kind in Kind if any(right == kind for right, _ in numbers)]
    dark = badges.dark()
    figure = go.Figure()
    most = max(numbers.values())
    shown = [(kind, code) for kind in reversed(kinds) for code, _ in heads]
    figure.add_scatter(
        x=[dict(heads)[code] for _, code in shown], y=[RIGHTS[Kind(kind)].name for kind, _ in shown], mode="markers+text",
        text=[f"{numbers[cell]:,}" if numbers.get(cell) else "" for cell in shown], customdata=[list(cell) for cell in shown],
        textfont={"size": 13, "color": _INK[dark]}, textposition="middle center",
        marker={
            "symbol": "square", "size": _CELL - 4,
            "color": [f"rgba({_HUE[dark]},{_shade(numbers.get(cell, 0), most)})" for cell in shown],
            "line": {"width": [2 if numbers.get(cell) and cell[1] == EARLIER else 0 for cell in shown], "color": "#c0392b"},
        },
        hovertemplate="%{y}, %{x}: %{text}<extra></extra>", showlegend=False,
        selected={"marker": {"opacity": 1}}, unselected={"marker": {"opacity": 1}, "textfont": {"color": _INK[dark]}},
    )
    figure.update_layout(
        height=90 + _CELL * len(kinds), margin={"l": 8, "r": 8, "t": 52, "b": 8}, dragmode=False,
        xaxis={"side": "top", "fixedrange": True, "categoryorder": "array", "categoryarray": [head for _, head in heads],
               "showgrid": False, "zeroline": False, "tickangle": 0, "range": [-0.5, len(heads) - 0.5]},
        yaxis={"fixedrange": True, "showgrid": False, "zeroline": False, "ticksuffix": " ", "range": [-0.5, len(kinds) - 0.5]},
    )
    event = st.plotly_chart(
        figure, key="board_heat", alt=alt, config={"displayModeBar": False}, on_select="rerun", selection_mode="points"
    )
    points = event.selection.points
    if not points or not numbers.get(tuple(points[0]["customdata"])):
        return None
    kind, code = points[0]["customdata"]
    return str(kind), str(code)


def table(board: Board) -> Sequence[dict[str, Any]]:
    """Return the same numbers as rows."""
    numbers = cells(board)
    return [
        {"Right": RIGHTS[kind].name, **{_plain(code): numbers.get((kind.value, code), 0) for code, _ in columns(board)}}
        for kind in Kind if any(right == kind for right, _ in numbers)
    ]


def _plain(code: str) -> str:
    if code in {EARLIER, LATER, PAUSED}:
        return code.capitalize()
    day = date.fromisoformat(code)
    return f"{day.day} {day:%b}"


def _shade(number: int, most: int) -> float:
    """Return how strong the hue is: nearly nothing for none, never so strong that the number cannot be read.

    >>> _shade(0, 9), _shade(9, 9)
    (0.04, 0.5)
    """
    return round(0.14 + 0.36 * number / most, 2) if number else 0.04
