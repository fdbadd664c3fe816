"""Ways from page to page, and the filters that stand in the address: codes and ids only, never a name."""

from collections.abc import Sequence
from typing import NoReturn

import streamlit as st

NOBODY = "nobody"  # in an address: the owner of what has none
NO_TEAM = "none"  # and the team of whoever is in none that is told


def _nowhere() -> None:
    """Stand in for a page of the shell, which is known by its address."""


def page(name: str) -> st.Page:
    """Return a page of the shell by the path of its address."""
    return st.Page(_nowhere, url_path=name, title=name)


def go(name: str, **query: str) -> NoReturn:
    """Leave this page for another, with ids in the address."""
    st.switch_page(page(name), query_params=query)


def asked(name: str, options: Sequence[str]) -> str:
    """Return what the address asks for, or the first option where it asks for nothing that there is."""
    value = st.query_params.get(name, options[0])
    return value if value in options else options[0]


def keep(name: str, value: str, default: str) -> None:
    """Write a choice into the address, so that it can be reloaded and shared; the default needs no word.

    A widget's own binding writes the label, which here carries a count or a colleague's name; this writes the code.
    """
    if value == default:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value
