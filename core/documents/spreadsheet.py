"""Tables as CSV and XLSX whose cells no spreadsheet program can run as formulas."""

import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

import xlsxwriter

from core.documents.answer import Value

TRIGGERS = frozenset("=+-@")
LEADING = frozenset("\t\r\n\0")
MARK = "'"
CELL_LIMIT = 32_767  # characters in a cell, Excel's specification
ROW_LIMIT = 1_048_575  # rows under the heading row, Excel's specification
BIG_NUMBER = 999_999_999_999_999  # Excel keeps 15 digits; a longer number would come out changed


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: its title, its headings, and the cells row by row."""

    title: str
    headings: tuple[str, ...]
    rows: Sequence[tuple[Value, ...]]


def runs(text: str) -> bool:
    """Say whether a spreadsheet program might take the text as a formula, after spaces and unseen characters too.

    OWASP ASVS 1.2.10, and full-width signs, which some programs fold before they look.
    """
    for character in text:
        if character in LEADING:
            return True
        if character == MARK or character.isspace() or unicodedata.category(character) in ("Cc", "Cf"):
            continue
        return unicodedata.normalize("NFKC", character) in TRIGGERS
    return False


def neutralise(text: str) -> str:
    """Return the text with an apostrophe before it where it might run; `restore` gives back exactly what was there.

    >>> neutralise("=1+1"), neutralise("jo@example.com")
    ("'=1+1", 'jo@example.com')
    """
    return MARK + text if runs(text) else text


def restore(text: str) -> str:
    """Return what `neutralise` was given."""
    return text[1:] if text.startswith(MARK) and runs(text[1:]) else text


def plain(value: Value) -> str:
    """Return a value as the words of a file: ISO dates, true and false, plain numbers, nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def write_csv(headings: Iterable[str], rows: Iterable[tuple[Value, ...]]) -> bytes:
    """Return RFC 4180 bytes, UTF-8 with a byte order mark, text neutralised; an absent value has no quotes."""
    lines = [",".join(_quoted(heading) for heading in headings)]
    lines += [",".join("" if cell is None else _quoted(cell) for cell in row) for row in rows]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")


def _quoted(value: Value) -> str:
    words = neutralise(value) if isinstance(value, str) else plain(value)
    return '"' + words.replace('"', '""') + '"'


def write_xlsx(sheets: Sequence[Sheet], made_on: date) -> bytes:
    """Return a workbook in which text is text: no formula, no link, no number; same input, same bytes."""
    stream = io.BytesIO()
    options = {
        "in_memory": True,  # no temporary file with personal data
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"created": datetime.combine(made_on, time(), UTC).replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "bottom": 1})
        for number, sheet in enumerate(sheets, start=1):
            for start in range(0, max(len(sheet.rows), 1), ROW_LIMIT):
                page = book.add_worksheet(_sheet_name(number, sheet.title, start // ROW_LIMIT))
                page.freeze_panes(1, 0)
                page.set_column(0, max(len(sheet.headings) - 1, 0), 22)
                for column, heading in enumerate(sheet.headings):
                    page.write_string(0, column, _cell(heading), bold)
                for line, row in enumerate(sheet.rows[start : start + ROW_LIMIT], start=1):
                    for column, value in enumerate(row):
                        if value is None:
                            continue
                        if isinstance(value, bool):
                            page.write_boolean(line, column, value)
                        elif isinstance(value, int | float | Decimal) and _exact(value):
                            page.write_number(line, column, value)
                        else:
                            page.write_string(line, column, _cell(value))
    return stream.getvalue()


def _exact(value: int | float | Decimal) -> bool:
    # a Decimal of more than 15 digits, a huge whole number, and what is no number at all are written as text
    if isinstance(value, Decimal):
        return value.is_finite() and len(value.as_tuple().digits) <= 15 and abs(value) <= BIG_NUMBER
    return abs(value) <= BIG_NUMBER


def _cell(value: Value) -> str:
    words = neutralise(value) if isinstance(value, str) else plain(value)
    if len(words) <= CELL_LIMIT:
        return words
    return f"This text has {len(words)} characters, more than a spreadsheet cell holds. It is whole in data.json."


def _sheet_name(number: int, title: str, part: int) -> str:
    # Excel forbids these characters, more than 31 of them, and two sheets of one name
    clean = "".join(" " if c in "[]:*?/\\'" or ord(c) < 32 else c for c in title).strip()
    tail = f" ({part + 1})" if part else ""
    return f"{number:02d} {clean}"[: 31 - len(tail)].rstrip() + tail
