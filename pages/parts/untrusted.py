"""Text of other people on the screen: every character as it was typed, none of it obeyed."""

import html
import unicodedata
from collections.abc import Mapping, Sequence
from string import punctuation

import streamlit as st

# Controls that turn the reading direction of what follows, or hide: shown by their code, so that nobody is misled.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff")

_PUNCTUATION = frozenset(punctuation) - set(",'")  # a backslash before any of it takes its meaning (CommonMark 2.4)


def literal(text: object) -> str:
    """Return a text as HTML that shows it literally: escaped, isolated from its surroundings' reading direction.

    >>> literal("<b>[x](http://e.example)")
    '<bdi>&lt;b&gt;[x](http://e.example)</bdi>'
    """
    shown = "".join(_visible(letter) for letter in str(text))
    return f"<bdi>{html.escape(shown)}</bdi>"


def inline(text: object) -> str:
    r"""Return a text of somebody for the middle of a sentence of ours in markdown: nothing in it is obeyed.

    >>> inline("**Ann** [x](http://e.example)")
    '\\*\\*Ann\\*\\* \\[x\\]\\(http\\:\\/\\/e\\.example\\)'
    """
    shown = " ".join("".join(_visible(letter) for letter in str(text)).split())
    return "".join(f"\\{letter}" if letter in _PUNCTUATION else letter for letter in shown)


def colleague(names: Mapping[str, str], account_id: str | None, otherwise: str = "a former colleague") -> str:
    """Return a colleague's name for the middle of a sentence of ours, or the words for one who is not known any more."""
    return inline(names[account_id]) if account_id and account_id in names else otherwise


def show(text: object) -> None:
    """Draw a longer text of a person literally, with its line breaks, never wider than its place."""
    st.html(
        '<div dir="auto" style="white-space:pre-wrap;overflow-wrap:anywhere;max-width:46rem">' + literal(text) + "</div>"
    )


def facts(rows: Sequence[tuple[str, object]]) -> None:
    """Draw pairs of our own word and a value of a person, one below the other; empty values get a dash."""
    cells = "".join(
        f'<dt style="opacity:.8;margin:0;padding:0">{html.escape(name)}</dt>'
        f'<dd style="margin:0;padding:0;overflow-wrap:anywhere">{literal(value) if str(value or "") else "–"}</dd>'
        for name, value in rows
    )
    st.html(
        '<dl class="facts" style="display:grid;grid-template-columns:minmax(6rem,max-content) 1fr;gap:.3rem 1rem;margin:0;'
        'padding:0">'
        f"{cells}</dl>"
    )


def tiles(rows: Sequence[tuple[str, str, str]]) -> None:
    """Draw figures of our own side by side as far as there is room: a word, the figure, and what it means below it."""
    cells = "".join(
        f'<div><dt style="opacity:.8;margin:0;padding:0;font-size:.85em">{html.escape(name)}</dt>'
        f'<dd style="margin:0;padding:0"><span style="white-space:nowrap;font-weight:600">{html.escape(figure)}</span>'
        f'<br><span style="opacity:.8;font-size:.85em">{html.escape(note)}</span></dd></div>'
        for name, figure, note in rows
    )
    st.html(
        '<dl style="display:grid;grid-template-columns:repeat(auto-fit,minmax(8rem,1fr));gap:.6rem 1rem;margin:0;padding:0">'
        f"{cells}</dl>"
    )


def _visible(letter: str) -> str:
    if letter in _TURNING or (unicodedata.category(letter) == "Cc" and letter not in "\n\t"):
        return f"⟨U+{ord(letter):04X}⟩"
    return letter
