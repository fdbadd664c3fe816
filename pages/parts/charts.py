"""Charts that can be read without colour, on light and dark alike: patterns and words beside every hue."""

from collections.abc import Mapping, Sequence
from datetime import date

import plotly.graph_objects as go
import streamlit as st

from core.law.clock.standing import BANDS, SIGNS

# Mid-tones that stand out on white and on near-black; the patterns say the same without them.
_LOOKS = {
    "done": ("Done", "#3b7dd8", ""),
    "refused": ("Refused", "#d9822b", "/"),
    "failed": ("Failed", "#c0392b", "x"),
}


def days_by_outcome(days: Sequence[tuple[date, str, int]], *, key: str) -> None:
    """Draw how many entries each day had, stacked by how they ended."""
    figure = go.Figure()
    for outcome, (title, colour, pattern) in _LOOKS.items():
        points = [(day, count) for day, ending, count in days if ending == outcome]
        if points:
            figure.add_bar(
                x=[day for day, _ in points], y=[count for _, count in points], name=title,
                marker={"color": colour, "pattern": {"shape": pattern, "solidity": 0.35}},
                hovertemplate="%{x|%d %b %Y}: %{y} " + title.lower() + "<extra></extra>",
            )
    figure.update_layout(
        barmode="stack", bargap=0.15, height=190, margin={"l": 8, "r": 8, "t": 8, "b": 8}, showlegend=True,
        legend={"orientation": "h", "y": 1.25, "x": 0},
        xaxis={"type": "date", "tickformat": "%d %b", "fixedrange": True, "nticks": 12},
        yaxis={"title": "entries a day", "rangemode": "tozero", "fixedrange": True},
    )
    st.plotly_chart(figure, key=key, alt="Entries a day, by how they ended", config={"displayModeBar": False})


def flow(days: Sequence[tuple[date, int, int, int]], *, key: str, alt: str) -> None:
    """Draw what was received and answered on each day as bars, and how many were open at its end as a line.

    `days` are (day, received, answered, open); a bar and the other are told apart by pattern, the line by its shape.
    """
    figure = go.Figure()
    for place, (title, colour, pattern) in enumerate((("Received", "#3b7dd8", ""), ("Answered", "#4f9a76", "/"))):
        figure.add_bar(
            x=[each[0] for each in days], y=[each[1 + place] for each in days], name=title, yaxis="y2",
            marker={"color": colour, "pattern": {"shape": pattern, "solidity": 0.35}},
            hovertemplate="%{x|%d %b %Y}: %{y:,} " + title.lower() + "<extra></extra>",
        )
    figure.add_scatter(
        x=[each[0] for each in days], y=[each[3] for each in days], name="Open at the end of the day", mode="lines",
        line={"color": "#d9822b", "width": 2.5}, hovertemplate="%{x|%d %b %Y}: %{y:,} open<extra></extra>",
    )
    most = max((max(each[1], each[2]) for each in days), default=1)
    figure.update_layout(
        barmode="group", bargap=0.15, height=280, margin={"l": 8, "r": 8, "t": 8, "b": 8}, showlegend=True, dragmode=False,
        legend={"orientation": "h", "y": 1.16, "x": 0, "itemclick": False, "itemdoubleclick": False},
        xaxis={"type": "date", "tickformat": "%d %b %Y" if len(days) > 366 else "%d %b", "fixedrange": True, "nticks": 10},
        yaxis={"title": "open", "rangemode": "tozero", "fixedrange": True, "domain": [0.38, 1], "tickformat": ",d"},
        yaxis2={"title": "a day", "rangemode": "tozero", "fixedrange": True, "domain": [0, 0.3], "tickformat": ",d",
                "range": [0, most * 1.1 or 1]},
    )
    st.plotly_chart(figure, key=key, alt=alt, config={"displayModeBar": False})


# How a month's requests ended; the patterns say the same in grey.
_ENDED = {
    "answered": ("Answered in full", "#4f9a76", ""), "partly": ("Answered in part", "#8fb3e6", "."),
    "refused": ("Refused", "#d9822b", "/"), "other": ("Ended without an answer", "#8a94a0", "-"),
}


def months(rows: Sequence[tuple[date, int, Mapping[str, int]]], *, key: str, alt: str) -> None:
    """Draw how the requests closed in each month ended, stacked, and how many were received, as a line.

    `rows` are (first day, received, number by a code of _ENDED).
    """
    figure, at = go.Figure(), [first for first, _, _ in rows]
    for code, (title, colour, pattern) in _ENDED.items():
        figure.add_bar(
            x=at, y=[ended.get(code, 0) for _, _, ended in rows], name=title,
            marker={"color": colour, "pattern": {"shape": pattern, "solidity": 0.35}},
            hovertemplate="%{x|%B %Y}: %{y:,} " + title.lower() + "<extra></extra>",
        )
    figure.add_scatter(
        x=at, y=[received for _, received, _ in rows], name="Received", mode="lines+markers",
        line={"color": "#3b7dd8", "width": 2.5}, marker={"size": 6},
        hovertemplate="%{x|%B %Y}: %{y:,} received<extra></extra>",
    )
    figure.update_layout(
        barmode="stack", bargap=0.25, height=280, margin={"l": 8, "r": 8, "t": 8, "b": 8}, showlegend=True, dragmode=False,
        legend={"orientation": "h", "y": 1.18, "x": 0, "itemclick": False, "itemdoubleclick": False},
        xaxis={"type": "date", "tickformat": "%b %Y", "dtick": "M3", "fixedrange": True},
        yaxis={"title": "a month", "rangemode": "tozero", "fixedrange": True, "tickformat": ",d"},
    )
    st.plotly_chart(figure, key=key, alt=alt, config={"displayModeBar": False})


# From most urgent to calm: a hue that stands out on light and on dark, and a pattern that says the same in grey.
_BANDS = {
    "overdue": ("#c0392b", "x"), "soon": ("#d9822b", "/"), "next": ("#3b7dd8", ""), "later": ("#8fb3e6", "."),
    "paused": ("#8a6fc0", "|"), "undated": ("#8a94a0", "-"), "sent": ("#4f9a76", "+"),
}
_BAR = 34  # pixels
_LETTER = 7.5  # pixels of one letter of the numbers beside a bar
_MOST = 0.8  # of the place, for the numbers
_NARROWEST = (300, 560)  # pixels that bars and numbers share, without and with a legend, on a narrow screen


def stacked(
    cells: Mapping[tuple[str, str], int], names: Mapping[str, str], *, key: str, alt: str, clicks: bool, legend: bool = True
) -> tuple[str, str] | None:
    """Draw one bar a name, split by how urgent its requests are; return the (name, band) clicked, if any.

    The numbers stand beside the bars, never in the pattern, each with the sign of its band.
    """
    totals: dict[str, int] = {}
    for (name, _), number in cells.items():
        totals[name] = totals.get(name, 0) + number
    order = sorted(totals, key=lambda name: (totals[name], names.get(name, name)))
    figure = go.Figure()
    for band, (colour, pattern) in _BANDS.items():
        held = [name for name in order if (name, band) in cells]
        if held:
            words = f"{SIGNS[band]} {BANDS[band]}"
            figure.add_bar(
                y=[_short(names.get(name, name)) for name in held], x=[cells[name, band] for name in held], orientation="h",
                name=words, customdata=[[name, band] for name in held],
                marker={"color": colour, "line": {"width": 0},
                        "pattern": {"shape": pattern, "solidity": 0.3, "size": 7, "bgcolor": colour,
                                    "fgcolor": "rgba(255,255,255,.85)"}},
                hovertemplate="%{y}: %{x:,} " + BANDS[band] + "<extra></extra>",
            )
    told = {
        name: _lines([f"{SIGNS[band]} {cells[name, band]:,}" for band in _BANDS if (name, band) in cells], _NARROWEST[legend])
        for name in order
    }
    for name in order:
        figure.add_annotation(
            x=totals[name], y=_short(names.get(name, name)), text=" " + "<br> ".join(told[name]), showarrow=False,
            xanchor="left", align="left", font={"size": 13 if len(told[name]) == 1 else 11},
        )
    figure.update_layout(
        barmode="stack", bargap=0.3, showlegend=legend, height=(100 if legend else 20) + _BAR * len(order),
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": -0.12, "yanchor": "top", "x": 0, "traceorder": "normal", "itemclick": False,
                "itemdoubleclick": False},
        xaxis={"rangemode": "tozero", "fixedrange": True, "visible": False,
               "range": [0, max(_reach(totals[name], line, _NARROWEST[legend]) for name in order for line in told[name])]},
        yaxis={"fixedrange": True, "categoryorder": "array", "categoryarray": [_short(names.get(n, n)) for n in order],
               "ticksuffix": " "},
        dragmode=False,
    )
    settings = {"displayModeBar": False}
    if not clicks:
        st.plotly_chart(figure, key=key, alt=alt, config=settings)
        return None
    event = st.plotly_chart(
        figure, key=key, alt=alt, config=settings, on_select="rerun", selection_mode="points"
    )
    points = event.selection.points
    if not points:
        return None
    chosen = points[0]["customdata"]
    return str(chosen[0]), str(chosen[1])


def _lines(numbers: Sequence[str], pixels: int) -> list[str]:
    """Return the numbers beside a bar in one line, or in two where one would leave the bar no place.

    >>> _lines(["a 1", "b 2"], 200), _lines(["a 10,000", "b 10,000", "c 10,000"], 200)
    (['a 1  b 2'], ['a 10,000  b 10,000', 'c 10,000'])
    """
    line, half = "  ".join(numbers), -(-len(numbers) // 2)
    if len(line) * _LETTER <= _MOST * pixels or not numbers[half:]:
        return [line]
    return ["  ".join(numbers[:half]), "  ".join(numbers[half:])]


def _reach(total: int, told: str, pixels: int) -> float:
    """Return how far the axis must reach so that the numbers have their place beside the bar.

    >>> _reach(10, "", 560), _reach(10, "x" * 40, 600)
    (10.0, 20.0)
    """
    return total / (1 - min(len(told) * _LETTER / pixels, _MOST))


def _short(name: str) -> str:
    return name if len(name) <= 26 else f"{name[:25]}…"
