"""Looking for many people at once."""

import csv
import io
from pathlib import Path

import pytest

from core.actions.people import imports, lookups
from core.connectors.sheets import read_sheet
from core.law.errors import Invalid
from core.law.roles import Role
from tests.conftest import desk_of

pytestmark = pytest.mark.process
FOLDER = Path(__file__).parents[2] / "people"
FIELDS = {
    "given_name": ["given_name"], "family_name": ["surname"], "birth_date": ["date_of_birth"],
    "postcode": ["postcode"], "address": ["street_number", "address_1", "address_2"], "city": ["suburb"],
}


def split(number):
    """Return one duplicate of each person, to be asked for, and the file of all other rows."""
    sheet = read_sheet((FOLDER / f"dataset{number}.csv").read_bytes())
    asked = {}
    for row in sheet.rows:
        if "-dup-" in row["rec_id"]:
            asked.setdefault(row["rec_id"].split("-dup")[0] + "-org", row)
    gone = {row["rec_id"] for row in asked.values()}
    return sheet.columns, asked, [row for row in sheet.rows if row["rec_id"] not in gone]


def as_csv(columns, rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def ask(store, number, most=None):
    columns, asked, rest = split(number)
    desk = desk_of(store, Role.OPERATOR)
    imports.import_people(desk, as_csv(columns, rest), key="import-0001")
    wanted = list(asked.items())[:most]
    content = as_csv([c for c in columns if c not in ("rec_id", "soc_sec_id", "state")], [
        {k: v for k, v in row.items() if k not in ("rec_id", "soc_sec_id", "state")} for _, row in wanted])
    lines = list(lookups.find_in_sheet(desk, content, mapping=FIELDS, top=5, purpose="operator"))
    missed = sum(
        original not in {each["source_id"] for each in line["possible"]}
        for (original, _), line in zip(wanted, lines, strict=True)
    )
    return lines, missed


def test_the_original_stands_among_the_first_five(store):
    lines, missed = ask(store, 3, 200)
    assert [line["row"] for line in lines] == list(range(1, 201))
    assert all(line["exact"] == [] for line in lines)
    assert missed <= 1


@pytest.mark.prove
@pytest.mark.parametrize("number", [2, 3])
def test_the_original_stands_among_the_first_five_of_the_whole_file(store, number):
    lines, missed = ask(store, number)
    print(f"dataset{number}: {len(lines)} asked for, {missed} without the original among the first five")
    assert missed <= 0.005 * len(lines)


def test_every_person_asked_for_gets_a_line_even_where_nothing_can_be_asked(store):
    desk = desk_of(store, Role.OPERATOR)
    imports.import_people(desk, b"customer_id,email,name\nc-1,one@example.com,x\n", key="import-0001")
    rows = [{"value": "one@example.com"}, {"birth_date": "20260231"}, {}, {"email": "one@example.com"}, {"email": "c-1"}]
    lines = list(lookups.find_many(desk, rows, 5, "operator"))
    assert [(line["row"], [each["source_id"] for each in line["exact"]]) for line in lines] == \
        [(1, ["c-1"]), (2, []), (3, []), (4, ["c-1"]), (5, [])]
    assert set(lines[0]) == {"row", "exact", "possible"}


def test_each_person_disclosed_is_an_entry_of_its_act(store):
    desk = desk_of(store, Role.OPERATOR)
    imports.import_people(desk, b"customer_id\nc-1\nc-2\n", key="import-0001")
    before = store.tip.count
    list(lookups.find_many(desk, [{"value": "c-1"}, {"value": "c-2"}, {"value": "c-1"}], 5, "operator"))
    assert store.tip.count - before == 2


def test_a_file_without_a_field_to_ask_for_is_refused(store):
    with pytest.raises(Invalid, match="field to ask for"):
        list(lookups.find_in_sheet(desk_of(store, Role.OPERATOR), b"shoe\n42\n", purpose="operator"))
