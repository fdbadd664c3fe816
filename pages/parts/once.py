"""A secret that the desk shows once: it stays on the screen until it is hidden or the page is left, and is kept nowhere else."""

import streamlit as st

from pages.parts import visit


def keep(name: str, secret: str) -> None:
    """Have the secret shown from now on; it lies in the memory of this session alone."""
    visit.keep(_name(name), secret)


def drop(name: str) -> None:
    """Hide it: nobody can show it again."""
    visit.drop(_name(name))


def stands(name: str) -> bool:
    """Whether the secret is on the screen still."""
    return visit.kept(_name(name)) is not None


def draw(name: str, words: str = "Copy or read it out now.") -> None:
    """Draw the secret, if it was just given, with the way to hide it."""
    if not stands(name):
        return
    st.code(visit.kept(_name(name)), language=None, wrap_lines=True)
    st.caption(f"Shown this once. {words} It goes away when you hide it or leave the page.")
    st.button("Hide it", key=f"hide_{name}", icon=":material/visibility_off:", on_click=drop, args=(name,))


def _name(name: str) -> str:
    return f"secret_{name}"
