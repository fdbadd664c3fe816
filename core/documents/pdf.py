"""Pages of ours set by typst, into which a person's words enter only as data."""

import json
import unicodedata
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import typst

from core.documents.glyphs import FONTS

TEMPLATES = Path(__file__).resolve().parents[2] / "data" / "letters"
# Tagged for screen readers and kept readable for decades; both standards make a missing glyph an error, not a box.
STANDARDS: list[Literal["ua-1", "a-2a"]] = ["ua-1", "a-2a"]
LONG_WORD = 24  # characters; a longer word gets places to break, or it would run out of its column


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """Return our own fonts, read once; neither the machine's nor typst's, so that a letter looks the same everywhere."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def set_page(template: str, data: dict[str, Any], made_on: date) -> bytes:
    """Return the PDF of a template file in data/letters filled with JSON data; the same data gives the same bytes."""
    return typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=STANDARDS,
        timestamp=int(datetime.combine(made_on, time(), UTC).timestamp()),
    )


def words(text: str) -> dict[str, Any]:
    """Return a text as the templates take it: pieces between which a line may break, and whether it reads from the right."""
    return {"pieces": _pieces(text), "rtl": reads_from_right(text)}


def reads_from_right(text: str) -> bool:
    """Say whether the first letter with a direction runs from right to left (Unicode UAX 9, rules P2 and P3)."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def _pieces(text: str) -> list[str]:
    pieces = [""]
    run = 0
    for character in text:
        run = 0 if character.isspace() else run + 1
        if run > LONG_WORD and (run - 1) % (LONG_WORD // 2) == 0 and not _joins(character):
            pieces.append("")
        pieces[-1] += character
    return pieces


def _joins(character: str) -> bool:
    return unicodedata.combining(character) != 0 or unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf", "Sk")
