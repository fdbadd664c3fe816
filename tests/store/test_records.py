"""Each record is held against the columns of every query that it is read by: names, types, and what may be empty."""

import ast
import dataclasses
import types
from datetime import date, datetime
from typing import get_args, get_type_hints

import pytest

from core.store import duckdb as engine
from core.store import records
from core.store.queries import queries
from tests.house.reading import modules

TABLES = {
    "CaseRecord": "cases", "RequestRecord": "requests", "PlanRecord": "plans", "ApprovalRecord": "approvals",
    "PackageRecord": "packages", "LetterRecord": "letters", "PrintedLetter": "letters",
}
TYPES = {"VARCHAR": str, "TIMESTAMP": datetime, "DATE": date, "BIGINT": int, "BOOLEAN": bool, "BLOB": bytes}
ALWAYS_THERE = {("plans", "verb")}  # the column came by a later migration, which filled it; every plan is added with it


def reads():
    """Every reading of a record in the code: the class and the query."""
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"record", "records"}:
                kind, name = (ast.unparse(each) for each in node.args[:2])
                if kind in TABLES:
                    yield kind, ast.literal_eval(name)


READS = sorted(set(reads()))


def test_every_noun_has_a_record_that_is_read():
    assert {kind for kind, _ in READS} == set(TABLES)


@pytest.mark.parametrize(("kind", "query"), READS)
def test_a_record_has_the_columns_of_its_query(schema, kind, query):
    """A wrong one would call a column by another name, or trust one that may be empty."""
    sql = queries()[query]
    schema.execute(sql, dict.fromkeys(engine.parameter_names(sql)) or None)
    columns = {name: str(kind) for name, kind, *_ in schema.description}
    record = getattr(records, kind)
    assert set(columns) == {each.name for each in dataclasses.fields(record)}


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_a_field_has_the_type_of_its_column_and_is_empty_only_where_that_may_be(schema, kind):
    table = TABLES[kind]
    held = {
        name: (TYPES[data_type], nullable) for name, data_type, nullable in schema.execute(
            "select column_name, data_type, is_nullable from duckdb_columns() where table_name = ?", [table]
        ).fetchall()
    }
    for name, hint in get_type_hints(getattr(records, kind)).items():
        parts = set(get_args(hint)) if isinstance(hint, types.UnionType) else {hint}
        wanted, nullable = held[name]
        assert parts - {type(None)} == {wanted}, name
        assert (type(None) in parts) == (nullable and (table, name) not in ALWAYS_THERE), name


def test_what_has_a_record_is_read_by_no_string_key():
    """The queries that give a record give it everywhere, so that a mistyped column is found before anything runs."""
    typed = {query for _, query in READS}
    assert [
        f"{module.name}:{node.lineno} {node.args[0].value}" for module in modules() for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"rows", "one"}
        and node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value in typed
    ] == []
