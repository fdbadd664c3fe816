"""Read an uploaded table: bytes in, columns and rows out, or one clear sentence; nothing is changed or kept."""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass

from core.law.errors import Invalid
from core.matching.normal_forms import outer_blanks_removed

LARGEST = 25 * 1024 * 1024  # bytes of a file
LONGEST_CELL = 64 * 1024  # bytes of a cell
MOST_COLUMNS = 200
LONGEST_NAME = 100  # characters of a column's name
_DELIMITERS = ",;\t"
_MARKED = re.compile(r"'\+?\d")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as read. Row numbers count the rows below the header, from 1; blank lines do not count."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    broken: frozenset[int]  # numbers of rows with a control character in a cell


def read_sheet(content: bytes, largest: int = LARGEST) -> Sheet:
    r"""Read CSV in UTF-8, with comma, semicolon or tab between cells; blanks around a cell are dropped, formulas stay.

    So is the apostrophe that a spreadsheet puts before digits to keep them as text.

    Raises Invalid with a sentence that names the row or column by number and never quotes a cell. RFC 4180.

    >>> read_sheet(b"rec_id, surname\n1, =1+1\n").rows
    ({'rec_id': '1', 'surname': '=1+1'},)
    """
    text = _text(content, largest)
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    columns: tuple[str, ...] | None = None
    rows: list[dict[str, str]] = []
    broken = set()
    try:
        for cells in reader:
            if not any(cells) and len(cells) <= 1:
                continue  # a blank line
            if columns is None:
                columns = _columns(cells)
                continue
            number = len(rows) + 1
            if len(cells) != len(columns):
                raise Invalid(
                    f"Row {number} has {len(cells)} cells where the header has {len(columns)}: its values would stand "
                    "under wrong names. Mend the row and import again; nothing was changed.", "file",
                )
            if any(_too_long(cell) for cell in cells):
                raise _cell_too_long(number)
            if any(_controlled(cell) for cell in cells):
                broken.add(number)
            rows.append(dict(zip(columns, map(_plain, cells), strict=True)))
    except csv.Error as fault:
        if "field limit" in str(fault):
            raise _cell_too_long(len(rows) + 1) from None
        raise Invalid(
            f"The file cannot be read as a table after row {len(rows)}: a quotation mark is open or stands in the "
            "middle of a quoted cell. Nothing was changed.", "file",
        ) from None
    if columns is None:
        raise Invalid("The file is empty. Choose a CSV file whose first line names the columns.", "file")
    return Sheet(columns, tuple(rows), frozenset(broken))


def _plain(cell: str) -> str:
    """Return a cell without outer blanks, and without the apostrophe by which a spreadsheet keeps digits from being counted."""
    plain = outer_blanks_removed(cell)
    return plain[1:] if _MARKED.match(plain) else plain


def _text(content: bytes, largest: int) -> str:
    if len(content) > largest:
        size = largest // 1024 // 1024
        raise Invalid(f"The file is larger than {size} MB. Split it and import the parts; nothing was changed.", "file")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Invalid("The file is written in UTF-16. Save it as CSV in UTF-8; nothing was changed.", "file")
    if b"\0" in content:
        raise Invalid("The file holds a NUL byte and is no text. Save it as CSV in UTF-8; nothing was changed.", "file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(
            "The file is not written in UTF-8. Save it as CSV in UTF-8; nothing was changed.", "file"
        ) from None


def _columns(cells: list[str]) -> tuple[str, ...]:
    if len(cells) > MOST_COLUMNS:
        raise Invalid(f"The file has more than {MOST_COLUMNS} columns; nothing was changed.", "file")
    columns = tuple(" ".join(cell.split()) for cell in cells)
    for number, name in enumerate(columns, 1):
        if not name or len(name) > LONGEST_NAME or _controlled(name):
            raise Invalid(
                f"Column {number} has no name, or one that is no name. The first line names every column; "
                "nothing was changed.", "file",
            )
        if name in columns[:number - 1]:
            raise Invalid(f"Column {number} has the name of an earlier one; nothing was changed.", "file")
    return columns


def _too_long(cell: str) -> bool:
    return len(cell) > LONGEST_CELL // 4 and len(cell.encode()) > LONGEST_CELL


def _cell_too_long(number: int) -> Invalid:
    return Invalid(f"Row {number} has a cell of more than 64 KB; nothing was changed.", "file")


def _controlled(cell: str) -> bool:
    if cell.isprintable():
        return False
    return any(unicodedata.category(each) == "Cc" and each not in "\t\r\n" for each in cell)
