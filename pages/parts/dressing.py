"""What the theme cannot say: where the page begins, how narrow screens stack, whose desk this is."""

import html

import streamlit as st

from core.actions.desk.desk import Desk
from core.actions.desk.establishment import named

NAME = "Rightsdesk"
_LIGHT, _DARK = "#4d5a6a", "#b3bfcd"  # small print: the theme's own is too faint (axe)
_CAPTIONS = "[data-testid=stCaptionContainer][data-testid]"
_RULES = (
    ":root{color-scheme:light dark}"  # dialogs and menus stand outside the app, which alone says so by itself
    ".stMainBlockContainer{padding:3.5rem 2.5rem 3rem}[data-testid=stHeaderActionElements]{display:none}"
    "[data-testid=stSidebarContent]{position:relative}[data-testid=stSidebarNav]{padding-top:.5rem}"
    # The colour follows the browser's light and dark by itself, before the desk hears of the change.
    f"{_CAPTIONS},{_CAPTIONS} p{{color:light-dark({_LIGHT},{_DARK});opacity:1}}"
    'button[kind^="primary"]:not(:disabled),a[kind^="primary"]{color:light-dark(#ffffff,#0b1017)}'
    "[data-testid=stMultiSelect] [data-tag] *{color:light-dark(#ffffff,#0b1017)}"
    "[data-testid=stMarkdownContainer] code{font-size:.9em}"  # the theme's own is read with pain within small print
    ".brand{display:flex;align-items:center;gap:.65rem;min-width:0}"
    ".brand>span:first-child{flex:none;width:1.9rem;height:1.9rem;border-radius:.5rem;display:grid;place-items:center;"
    "font-weight:700;font-size:1.05rem;background:light-dark(#1f5fbf,#7fb0f5);color:light-dark(#ffffff,#0c1622)}"
    ".brand>span:last-child{min-width:0;line-height:1.2}.brand b{font-weight:650;font-size:1.1rem;letter-spacing:-.01em}"
    ".brand small{display:block;white-space:nowrap;overflow:hidden;text-overflow:ellipsis;font-size:.82rem;"
    f"color:light-dark({_LIGHT},{_DARK})}}"
    "[data-testid=stElementContainer]:has(>[data-testid=stHtml] .brand){position:absolute;width:auto}"
    ".brand-side{position:absolute}[data-testid=stElementContainer]:has(.brand-side){top:1.15rem;left:1.4rem;right:2.9rem}"
    ".brand-side{left:0;right:0}.brand-top{display:none;position:fixed;z-index:999991;top:1rem;left:3.6rem}"
    ".brand-top{animation:brand .2s .4s both}"  # once the sidebar has slid away
    "@keyframes brand{from{opacity:0}}"
    ".stApp:has([data-testid=stExpandSidebarButton]) .brand-top{display:flex}"
    ".stApp:has([data-testid=stExpandSidebarButton]) .stMainBlockContainer{padding-top:4.5rem}"
    # What was done stays in view, wherever on the page it was done.
    "[data-testid=stLayoutWrapper]:has(>[class*=st-key-said_]){position:sticky;top:.75rem;z-index:90;"
    "background:light-dark(#ffffff,#11161d);border-radius:.5rem;box-shadow:0 0 0 1px light-dark(#d5dbe3,#364253)}"
    "[class*=st-key-said_]{padding-right:.75rem}"
    ".stApp:has([data-testid=stExpandSidebarButton]) [data-testid=stLayoutWrapper]:has(>[class*=st-key-said_]){top:3.75rem}"
    ".st-key-clock_over [data-testid=stProgressBarTrack]>div{background-color:light-dark(#c0271a,#ff8a7a)}"
    # What a finger or an unsteady hand must hit is 24 pixels at least (WCAG 2.5.8).
    "[data-testid=stDateInput] [role=spinbutton]{display:inline-block;min-width:24px;line-height:24px;text-align:center}"
    "[data-testid=stMultiSelect] button,[data-testid=stSelectbox] button{min-width:24px;min-height:24px}"
    "@media(min-width:641px) and (max-width:1000px){.st-key-request_columns>[data-testid=stLayoutWrapper]>"
    "[data-testid=stHorizontalBlock]{gap:1.25rem;flex-wrap:nowrap}"
    ".st-key-request_columns>[data-testid=stLayoutWrapper]>[data-testid=stHorizontalBlock]>[data-testid=stColumn]"
    "{min-width:0;flex:1 1 60%}"
    ".st-key-request_columns>[data-testid=stLayoutWrapper]>[data-testid=stHorizontalBlock]>[data-testid=stColumn]:last-child"
    "{flex:0 0 17.5rem}}"
    # Two tables stand beside each other only where neither is cut.
    "@media(max-width:1400px){.st-key-home_columns [data-testid=stColumn]{min-width:100%}}"
    "@media(max-width:1000px){.stMainBlockContainer{padding-left:1.5rem;padding-right:1.5rem}"
    # What is known of a person is compared word by word: beside the clock there is no room for two halves of it.
    ".st-key-request_columns [data-testid=stColumn] [data-testid=stColumn]:has(dl.facts){min-width:100%}"
    "[class*=st-key-filters] [data-testid=stColumn]{min-width:28%}"
    "[class*=st-key-filters] [data-testid=stColumn]:first-child{min-width:100%}"
    "[class*=st-key-halves] [data-testid=stColumn]{min-width:45%}"
    "[class*=st-key-figures] [data-testid=stColumn]{min-width:30%}"
    "[class*=st-key-figures_suppression] [data-testid=stColumn]{min-width:45%}"
    ".st-key-board_columns [data-testid=stColumn]{min-width:100%}"
    "[class*=st-key-searchbox] [data-testid=stForm] [data-testid=stColumn]{min-width:45%}"
    "[class*=st-key-searchbox] [data-testid=stForm] [data-testid=stColumn]:first-child{min-width:100%}}"
)


def dress() -> None:
    """Set what the theme cannot."""
    st.html(f"<style>{_RULES}</style>")


def brand(desk: Desk, place: str) -> None:
    """Draw the desk's name and, where it is set, whose desk it is: `side` in the sidebar, `top` where that is folded away."""
    who = named(desk.store)
    below = f'<small title="{html.escape(who)}">{html.escape(who)}</small>' if who and place == "side" else ""
    st.html(f'<div class="brand brand-{place}"><span aria-hidden="true">R</span><span><b>{NAME}</b>{below}</span></div>')
