"""Which characters our fonts can draw, read from the fonts, so that no letter leaves with a blank box in it."""

import struct
import unicodedata
from functools import lru_cache
from pathlib import Path

from core.law.errors import Invalid

FONTS = Path(__file__).resolve().parents[2] / "data" / "fonts"

# Unicode's characters that change direction for what follows them: shown by their code point, never obeyed, because
# they can make a page read otherwise than it is stored (CVE-2021-42574).
BIDI = frozenset({*range(0x202A, 0x202F), *range(0x2066, 0x206A)})
# Joiners, variation selectors, soft hyphen, direction marks and tags act on their neighbours: no glyph of their own.
SILENT = frozenset(
    {0x00AD, 0x034F, 0x061C, 0xFEFF, *range(0x180B, 0x180F), *range(0x200B, 0x2010), *range(0x2060, 0x2065)}
    | {*range(0xFE00, 0xFE10), *range(0xE0020, 0xE0080), *range(0xE0100, 0xE01F0)}
)
LAYOUT = frozenset({0x0A, 0x0D, 0x09, 0x2028, 0x2029})


def read_cmap(path: Path) -> frozenset[int]:
    """Return the code points that a TrueType or OpenType font file maps to a glyph (cmap formats 4 and 12)."""
    with path.open("rb") as font:
        count = struct.unpack(">4xH6x", font.read(12))[0]
        tables = [struct.unpack(">4s4xII", font.read(16)) for _ in range(count)]
        offset, length = next((start, size) for tag, start, size in tables if tag == b"cmap")
        font.seek(offset)
        cmap = font.read(length)
    points: set[int] = set()
    for record in range(struct.unpack_from(">H", cmap, 2)[0]):
        start = struct.unpack_from(">I", cmap, 8 + 8 * record)[0]
        kind = struct.unpack_from(">H", cmap, start)[0]
        if kind == 12:
            points |= _groups(cmap, start)
        elif kind == 4:
            points |= _segments(cmap, start)
    return frozenset(points)


def _groups(cmap: bytes, start: int) -> set[int]:
    points: set[int] = set()
    for group in range(struct.unpack_from(">I", cmap, start + 12)[0]):
        first, last, glyph = struct.unpack_from(">III", cmap, start + 16 + 12 * group)
        points.update(range(first + (glyph == 0), last + 1))
    return points


def _segments(cmap: bytes, start: int) -> set[int]:
    double = struct.unpack_from(">H", cmap, start + 6)[0]
    size = double // 2
    ends = struct.unpack_from(f">{size}H", cmap, start + 14)
    starts = struct.unpack_from(f">{size}H", cmap, start + 16 + double)
    deltas = struct.unpack_from(f">{size}H", cmap, start + 16 + 2 * double)
    place = start + 16 + 3 * double
    points: set[int] = set()
    for index, (first, last, delta) in enumerate(zip(starts, ends, deltas, strict=True)):
        jump = struct.unpack_from(">H", cmap, place + 2 * index)[0]
        for point in range(first, min(last, 0xFFFE) + 1):
            glyph = point
            if jump:
                glyph = struct.unpack_from(">H", cmap, place + 2 * index + jump + 2 * (point - first))[0]
                if glyph == 0:
                    continue
            if (glyph + delta) & 0xFFFF:
                points.add(point)
    return points


@lru_cache(maxsize=1)
def drawable() -> frozenset[int]:
    """Return every code point that one of the shipped fonts draws."""
    points = frozenset().union(*(read_cmap(path) for path in sorted(FONTS.glob("Noto*.[ot]tf"))))
    # fonts map control characters to empty glyphs, which would make them vanish unseen
    return frozenset(point for point in points if unicodedata.category(chr(point)) != "Cc")


def undrawable(text: str) -> frozenset[int]:
    """Return the code points of the text that no font of ours draws: control characters, half characters, rare scripts.

    A letter and its accent count as drawn where a font has them composed, as the shaper composes them.

    >>> sorted(undrawable("Zoë 😀" + chr(7)))
    [7]
    """
    known = _known()
    suspects = {ord(character) for character in unicodedata.normalize("NFC", text)} | {
        ord(c) for c in text if ord(c) < 32
    }
    return frozenset(point for point in suspects if point not in known or point in BIDI)


@lru_cache(maxsize=1)
def _known() -> frozenset[int]:
    """Return what leaves no blank box: made once, because a document asks for every cell and this joins 40,000 points."""
    return drawable() | SILENT | LAYOUT


def spelled(point: int) -> str:
    """Return the name of a code point as Unicode writes it.

    >>> spelled(0x1F600)
    'U+1F600'
    """
    return f"U+{point:04X}"


def require_drawable(text: str, field: str = "text") -> None:
    """Refuse a text that cannot be printed whole; the sentence names the code points, which is no value of anybody."""
    missing = sorted(undrawable(text))
    if missing:
        names = ", ".join(spelled(point) for point in missing[:5]) + (" and others" if len(missing) > 5 else "")
        raise Invalid(
            f"The text holds characters that no font of ours can print: {names}. Take them out or spell them.", field
        )


def show(text: str, *, ours: bool = True) -> str:
    """Return the text with what cannot be drawn written as its code point in brackets, so that no character is lost.

    With `ours` off the reader's own fonts draw it (in a browser): only control and direction characters are spelled.

    >>> show("a" + chr(0) + "b")
    'a[U+0000]b'
    """
    missing = undrawable(text) if ours else frozenset(ord(c) for c in text if _unseen(c))
    return text.translate({point: f"[{spelled(point)}]" for point in missing}) if missing else text


def _unseen(character: str) -> bool:
    point = ord(character)
    return point in BIDI or (point not in LAYOUT and unicodedata.category(character) in ("Cc", "Cs"))
