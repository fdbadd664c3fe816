"""Tables of whole rows, narrow enough to be read at once, whose selection never slips to another row."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

ROW = 28  # pixels
HEAD = 33  # pixels of the column names, whatever the height of a row
_EDGE = 0  # the frame lies within
LONGEST = 20  # rows before a table scrolls


def height(rows: int, longest: int = LONGEST) -> int:
    """Return the height in pixels of a table that cuts no row: its head, whole rows, the frame."""
    return HEAD + min(max(rows, 1), longest) * ROW + _EDGE


def key_of(name: str, ids: Iterable[Hashable]) -> str:
    """Return a key made of the row ids: when the rows change, the selection is dropped instead of slipping."""
    return f"{name}_{hash(tuple(ids))}"


def choose(
    name: str, ids: Sequence[str], rows: Sequence[Mapping[str, Any]], *, alt: str, several: bool = False,
    columns: Mapping[str, Any] | None = None, style: Callable[[pd.DataFrame], Any] | None = None,
    longest: int = LONGEST,
) -> list[str]:
    """Draw a table to choose from and return the ids, never the positions, of the chosen rows."""
    frame = pd.DataFrame(list(rows))
    event = st.dataframe(
        style(frame) if style else frame, key=key_of(name, ids), hide_index=True, row_height=ROW,
        height=height(len(rows), longest), on_select="rerun",
        selection_mode="multi-row" if several else "single-row", column_config=columns, alt=alt,
    )
    return [ids[position] for position in event.selection.rows if position < len(ids)]


def show(
    rows: Sequence[Mapping[str, Any]], *, alt: str, columns: Mapping[str, Any] | None = None, longest: int = LONGEST,
    empty: str = "Nothing here.", style: Callable[[pd.DataFrame], Any] | None = None,
) -> None:
    """Draw a table to read; one sentence in its place where there are no rows."""
    if not rows:
        st.caption(empty)
        return
    frame = pd.DataFrame(list(rows))
    st.dataframe(
        style(frame) if style else frame, hide_index=True, row_height=ROW, height=height(len(rows), longest),
        column_config=columns, alt=alt,
    )
