"""The data catalogue covers every column that can hold a person's data."""

from itertools import groupby

import pytest

from core.connectors.catalogue import catalogue, read_catalogue
from core.law.errors import Invalid

LINKS = {"subject_ref", "case_ref", "request_id", "message_id"}

SMALL = """
[purposes.contract]
title = "Contract"
legal_basis = "Art. 6(1)(b)"
[systems.shop]
title = "Shop"
what = "Orders"
[[table]]
system = "shop"
name = "orders"
title = "Orders"
category = "orders"
origin = "provided"
uses = ["contract"]
recipients = ["the carrier"]
retention = "10 years"
[table.columns]
number = "Number"
score = { title = "Score", origin = "derived" }
"""


def test_every_column_of_a_table_about_people_is_described_or_left_out_with_a_reason(store):
    with store.transaction() as tx:
        rows = tx.rows("people.columns")
    tables = {name: [row["column_name"] for row in group] for name, group in groupby(rows, lambda r: r["table_name"])}
    about_people = {name: columns for name, columns in tables.items() if LINKS & set(columns)}
    assert {"profiles", "identifiers", "events", "cases", "requests", "letters", "audit"} <= set(about_people)
    missing = {name: catalogue().undeclared(name, columns) for name, columns in about_people.items()}
    assert {name: columns for name, columns in missing.items() if columns} == {}


def test_a_new_column_would_be_noticed():
    assert catalogue().undeclared("profiles", ["given_name", "shoe_size"]) == ["shoe_size"]


def test_nothing_described_has_left_the_schema_and_no_reason_is_empty(store):
    with store.transaction() as tx:
        columns = {(row["table_name"], row["column_name"]) for row in tx.rows("people.columns")}
    linked = {(field.table, field.column) for field in catalogue().fields if field.column not in LINKS}
    assert linked - columns == set()
    tables = {table for table, _ in columns}
    for name, reason in catalogue().left_out.items():
        table, _, column = name.partition(".")
        assert reason
        assert table in tables
        assert not column or (table, column) in columns


def test_a_column_takes_what_its_table_says_unless_it_says_otherwise():
    number, score = read_catalogue(SMALL).fields
    assert (number.origin, number.legal_basis, number.recipients) == ("provided", ("Art. 6(1)(b)",), ("the carrier",))
    assert (score.title, score.origin, score.retention) == ("Score", "derived", "10 years")


@pytest.mark.parametrize("wrong", [
    SMALL.replace('uses = ["contract"]', 'uses = ["curiosity"]'),
    SMALL.replace('uses = ["contract"]', "uses = []"),
    SMALL.replace('origin = "derived"', 'origin = "guessed"'),
    SMALL.replace('system = "shop"', 'system = "unknown"'),
    SMALL + SMALL[SMALL.index("[[table]]"):],
])
def test_a_catalogue_with_an_unknown_purpose_origin_or_system_is_refused(wrong):
    with pytest.raises(Invalid, match="catalogue"):
        read_catalogue(wrong)
