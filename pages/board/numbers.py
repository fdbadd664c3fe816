"""The numbers of a chart as a table beneath it, and as a file."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from pages.parts import tables

Files = Callable[[str], str]  # from the code of a table to its address


def draw(
    rows: Sequence[Mapping[str, Any]], address: str, *, alt: str, columns: Mapping[str, Any] | None = None,
    longest: int = tables.LONGEST,
) -> None:
    """Draw the table, folded away, with the way to its file."""
    with st.expander("The numbers as a table"):
        tables.show(rows, alt=alt, columns=columns, longest=longest)
        link(address)


def link(address: str) -> None:
    """Draw the way to the file of a table."""
    st.link_button(
        "CSV", address, icon=":material/download:", type="tertiary",
        help="This table as a file; the download is entered in the log",
    )
