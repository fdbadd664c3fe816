"""Pages of ours set by typst, into which a person's words enter only as data."""

import json
import unicodedata
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from core.documents.glyphs import FONTS

TEMPLATES = Path(__file__).resolve().parents[2] / "data" / "letters"
LONG_WORD = 24  # characters; a longer word gets places to break, or it would run out of its column
JOINING = ("Mn", "Mc", "Me", "Cf", "Sk")  # categories of characters that belong to the one before them


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """Return our own fonts, read once; not the machine's, so that a letter looks the same everywhere."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def set_page(template: str, data: dict[str, Any], made_on: date) -> bytes:
    """Return the PDF of a template file in data/letters filled with JSON data; the same data gives the same bytes."""
    made: bytes = typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        # tagged for screen readers, readable for decades; both standards make a missing glyph an error, not a box
        pdf_standards=["ua-1", "a-2a"],
        timestamp=int(datetime.combine(made_on, time(), UTC).timestamp()),
    )
    return made


def words(text: str, longest: int = LONG_WORD) -> dict[str, Any]:
    """Return a text as the templates take it: pieces between which a line may break, and its direction.

    A word of more than `longest` characters may break; a cell of a table asks for less than a line of a letter.
    """
    return {"pieces": _pieces(text, longest), "rtl": reads_from_right(text)}


def reads_from_right(text: str) -> bool:
    """Say whether the first letter with a direction runs from right to left (Unicode UAX 9, rules P2 and P3)."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def _pieces(text: str, longest: int) -> list[str]:
    pieces = [""]
    run = 0
    joined = False  # after a joiner the next character belongs to the same sign, as in a family emoji
    for character in text:
        run = 0 if character.isspace() else run + 1
        # letters of Arabic script are written together: a break there is the last resort
        limit = LONG_WORD if unicodedata.bidirectional(character) == "AL" else longest
        if (
            run > limit
            and (run - 1) % (limit // 2) == 0
            and not joined
            and unicodedata.category(character) not in JOINING
        ):
            pieces.append("")
        pieces[-1] += character
        joined = character == "\u200d"
    return pieces
