"""What the owner of a system found, as it was handed over: a number of rows by table, or the rows themselves as CSV."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.connectors.catalogue import catalogue
from core.connectors.sheets import read_sheet
from core.law.errors import Invalid

MOST = 1_000_000  # rows of one table about one person


@dataclass(frozen=True, slots=True)
class Holding:
    """What one table holds about the person: how many rows, and those rows by column where they were handed over."""

    rows: int
    content: Sequence[Mapping[str, str]] = ()


def read_file(system: str, table: str, file: bytes) -> Holding:
    """Return the rows of a CSV file whose header names columns of the table, by their codes or their titles.

    Raises Invalid with a sentence that names the column or row by number and never quotes a cell.
    """
    sheet = read_sheet(file)
    known: dict[str, str] = {}
    for field in catalogue().of(system):
        if field.table == table:
            known |= {field.column.casefold(): field.column, field.title.casefold(): field.column}
    columns: dict[str, str] = {}
    for number, name in enumerate(sheet.columns, 1):
        column = known.get(name.casefold())
        if column is None or column in columns.values():
            raise Invalid(
                f"Column {number} of the file is no column of this table by the data catalogue, or stands twice. It knows: "
                f"{', '.join(dict.fromkeys(known.values()))}.", table,
            )
        columns[name] = column
    if sheet.broken:
        raise Invalid(f"Row {min(sheet.broken)} of the file holds a control character. Mend it, and choose it again.", table)
    return Holding(len(sheet.rows), tuple(
        {columns[name]: cell for name, cell in row.items() if cell} for row in sheet.rows
    ))


def read_holdings(system: str, given: Mapping[str, Holding], *, copy_wanted: bool) -> dict[str, Holding]:
    """Return what was found in each table of a system. Raises Invalid, with the table, where one is not answered for.

    Where the person gets a copy, a number alone is not enough.
    """
    known, titles = catalogue().tables(system), catalogue().titles
    if unknown := next((table for table in given if table not in known), None):
        raise Invalid("This table is not in the data catalogue.", unknown)
    for table in known:
        title, found = titles[system, table], given.get(table)
        if found is None or not 0 <= found.rows <= MOST:
            raise Invalid(f"Say how many rows were found: {title}. 0 where there are none.", table)
        if found.content and len(found.content) != found.rows:
            raise Invalid(f"The file has {len(found.content)} rows, not {found.rows}: {title}. Which is right?", table)
        if found.rows and copy_wanted and not found.content:
            raise Invalid(f"The person gets a copy: add the rows themselves as a file: {title}.", table)
    return {table: given[table] for table in known}
