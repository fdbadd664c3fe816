"""A list of addresses or numbers of one kind: a column of a table, or plain lines; in the order in which they came."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from core.connectors.fields import propose
from core.connectors.sheets import LARGEST, read_sheet
from core.law.errors import Invalid
from core.matching.normal_forms import KINDS

VALUE = "value"


@dataclass(frozen=True, slots=True)
class ValueList:
    """Values as they came; `column` is the heading of their column, empty where the file is plain lines."""

    column: str
    values: Sequence[str]

    def only(self, places: Sequence[int]) -> bytes:
        """Return a file of the same form with those at the given places."""
        text = io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        if self.column:
            table.writerow([self.column])
        table.writerows([self.values[place]] for place in places)
        return text.getvalue().encode()


def read_list(content: bytes, kind: str, largest: int = LARGEST) -> ValueList:
    r"""Read a CSV with one column of the kind, or named `value`; else plain lines.

    Blank lines do not count; an empty cell of a table does, so that its rows keep their numbers.
    Raises Invalid for a file that cannot be read, and for a table in which no column or several are of the kind.

    >>> read_list(b"e-mail,city\na@x.example,Bonn\n", "email").values
    ['a@x.example']
    >>> read_list(b"a@x.example\n\n b@x.example", "email").values
    ['a@x.example', 'b@x.example']
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("The file is not written in UTF-8. Save it as a text in UTF-8; nothing was changed.", "file") from None
    first = text.split("\n", 1)[0].strip().strip('"')
    if not any(each in first for each in ",;\t") and first.lower() != VALUE and not propose([first], KINDS):
        return ValueList("", [line.strip() for line in text.splitlines() if line.strip()])
    sheet = read_sheet(content, largest)
    columns = [each for each in sheet.columns if each.lower() == VALUE] or propose(sheet.columns, KINDS).get(kind, [])
    if len(columns) != 1:
        raise Invalid(
            f"{len(columns)} columns of the file are of the kind {kind}. Name exactly one of them so, or give a plain list with "
            "one value on each line.", "file",
        )
    return ValueList(columns[0], [row[columns[0]] for row in sheet.rows])
