"""Charts that can be read without colour, on light and dark alike: patterns and words beside every hue."""

from collections.abc import Sequence
from datetime import date

import plotly.graph_objects as go
import streamlit as st

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
