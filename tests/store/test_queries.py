"""Every named query is whole against the schema, every call names a query that is there, with its very parameters."""

import ast
import re

import pytest

from core.store import duckdb as engine
from core.store.queries import migrations, queries
from tests.house.reading import modules

CALLS = {"rows", "one", "run", "bulk"}
NAME = re.compile(r"[a-z_]+\.[a-z_]+")
BEFORE_SCHEMA = {"store.make_migrations"}


def calls():
    """Every call of a query in the code: where, its name, the parameters written there, whether more may come."""
    for module in modules():
        for node in ast.walk(module.tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CALLS):
                continue
            for first in _names(node.args[0] if node.args else None):
                given = {each.arg for each in node.keywords if each.arg}
                yield f"{module.name}:{node.lineno}", node.func.attr, first, given, any(
                    each.arg is None for each in node.keywords)


def _names(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.fullmatch(node.value):
        yield node.value
    if isinstance(node, ast.IfExp):
        yield from _names(node.body)
        yield from _names(node.orelse)


def written():
    """Every string in the code that has the form of a query's name and of a query's file."""
    topics = {name.partition(".")[0] for name in queries()}
    return {
        node.value
        for module in modules() for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.fullmatch(node.value)
        and node.value.partition(".")[0] in topics
    }


def test_every_call_names_a_query_that_is_there():
    wrong = [f"{where} {name}" for where, _, name, _, _ in calls() if name not in queries()]
    assert wrong == []


def test_every_call_gives_the_very_parameters():
    wrong = []
    for where, kind, name, given, more in calls():
        if kind == "bulk" or name not in queries():
            continue
        wanted = {each for sql in [queries()[name]] for each in re.findall(r"\$([a-z_0-9]+)", sql)}
        if given - wanted or (not more and wanted - given):
            wrong.append(f"{where} {name}: given {sorted(given - wanted)}, missing {sorted(wanted - given)}")
    assert wrong == []


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    """An empty store's tables, without a key: only the statements matter."""
    import duckdb

    connection = duckdb.connect(":memory:")
    connection.execute(queries()["store.make_migrations"])
    for _, sql in migrations():
        connection.execute(sql)
    yield connection
    connection.close()


@pytest.mark.parametrize("name", sorted(queries()))
def test_a_query_is_whole_against_the_schema(schema, name):
    if name in BEFORE_SCHEMA:
        return
    sql = queries()[name]
    if "incoming" in sql:
        return  # its rows come from a table of the caller; the import tests run it
    parameters = dict.fromkeys(engine.parameter_names(sql))
    schema.execute("BEGIN")
    try:
        schema.execute(f"EXPLAIN {sql}", parameters or None)
    finally:
        schema.execute("ROLLBACK")


def test_no_query_is_left_over():
    print("\nnamed by no line of core or pages:", sorted(set(queries()) - written()))


def test_control_queries_stay_portable():
    wrong = []
    for name, sql in queries().items():
        plain = re.sub(r"'[^']*'|--[^\n]*", "''", sql.lower())
        if re.search(r"\blike\b", plain) and "escape" not in plain:
            wrong.append(f"{name}: LIKE without ESCAPE")
        if "->" in plain or "json_" in plain:
            wrong.append(f"{name}: JSON")
        if re.search(r"\btimestamptz\b|\bqualify\b|\bautoincrement\b", plain):
            wrong.append(f"{name}: not portable")
    assert wrong == []
