"""The answer as one page to read: HTML that needs nothing from outside, and PDF."""

from collections.abc import Callable
from datetime import date
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.documents import pdf
from core.documents.glyphs import show
from core.documents.outline import SYSTEMS_HEAD, Item, Outline

CELL_WORD = 10  # characters; a longer word in a cell gets places to break

_PAGES = Environment(
    loader=FileSystemLoader(pdf.TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_PAGES.filters["show"] = lambda text: show(text, ours=False)


def as_html(outline: Outline, language: str) -> bytes:
    """Return the page as HTML: every word escaped, no script, nothing fetched, readable light, dark and on paper."""
    template = _PAGES.get_template("answer.html")
    return template.render(page=outline, language=language, systems_head=SYSTEMS_HEAD).encode()


def as_pdf(outline: Outline, language: str, controller: str, made_on: date) -> bytes:
    """Return the page as PDF; a character that no font of ours draws is written as its code point."""
    data = {
        "title": show(outline.title),
        "author": show(controller),
        "language": language,
        "heading": _words(outline.heading),
        "intro": _each(outline.intro),
        "systems-head": _each(SYSTEMS_HEAD),
        "systems": [[_cell(cell) for cell in row] for row in outline.systems],
        "foot": _words(f"{controller} · {outline.title}"),
        "sections": [
            {
                "title": _words(section.title),
                "text": _each(section.text),
                "items": [_item(item) for item in section.items],
            }
            for section in outline.sections
        ],
    }
    return pdf.set_page("answer.typ", data, made_on)


def _item(item: Item) -> dict[str, Any]:
    made: dict[str, Any] = {"title": _words(item.title), "text": _each(item.text)}
    if item.rows:
        make: Callable[[str], dict[str, Any]] = _words if item.wide else _cell
        made |= {
            "wide": item.wide,
            "head": [_cell(cell) for cell in item.head],
            "rows": [[make(c) for c in row] for row in item.rows],
        }
        made["columns"] = _shares(item)
    if item.note:
        made["note"] = _words(item.note)
    return made


def _shares(item: Item) -> list[int]:
    # a column gets room by its longest cell, within bounds, so that a flag does not get as much as an address
    columns = zip(item.head, *item.rows, strict=True)
    return [min(max(9, *map(len, column)), 34) for column in columns]


def _words(text: str) -> dict[str, Any]:
    return pdf.words(show(text))


def _cell(text: str) -> dict[str, Any]:
    return pdf.words(show(text), CELL_WORD)


def _each(texts: tuple[str, ...]) -> list[dict[str, Any]]:
    return [_words(text) for text in texts]
