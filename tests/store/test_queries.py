"""Every named query is whole against the schema, every call names a query that is there, with its very parameters."""

import ast
import re

import pytest

from core.actions.oversight.log_questions import QUESTIONS
from core.connectors import desk_records, local
from core.store import duckdb as engine
from core.store.queries import queries, read_queries
from tests.house.reading import ROOT, called, modules

CALLS = {"rows", "one", "run", "bulk", "record", "records"}
TYPED = {"record", "records"}  # their first argument is the class of the record
NAME = re.compile(r"[a-z_]+\.[a-z_]+")
ONLY_DUCKDB = re.compile(
    r"\b(?:u?hugeint|u(?:big|small|tiny)?int(?:eger)?|tinyint|timestamptz|timestamp_\w+|struct|map|union_value|bitstring)\b"
    r"|->|json_\w+|::|\b\w+_csv\(|\bread_\w+\("
    r"|\b(?:qualify|autoincrement|asof|pivot|unpivot|exclude|semi join|anti join|ilike|glob|or replace|or ignore)\b"
    r"|\b(?:group|order) by all\b|\b(?:list|array(?!_agg\b)|map|struct|regexp)_\w+\(|\b(?:max|min)_by\(|\barg_(?:max|min)\("
    r"|\b(?:epoch|strptime|try_cast|any_value|hash|range)\(|\{\s*''\s*:|(?<![\w\])])\[|\w\[[^\]]|^\s*from\b"
)
PROFILES = ("people.", "likeness.", "masking.")  # the profile store
OF_DUCKDB: dict[str, list[str]] = {}
OF_TESTS = {"log.count", "people.columns", "store.nothing"}
BEFORE_SCHEMA = {"store.make_migrations"}


def calls():
    """Every call of a query in the code: where, its name, the parameters written there, whether more may come."""
    for module in modules():
        for node in ast.walk(module.tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CALLS):
                continue
            named = node.args[1:] if node.func.attr in TYPED else node.args
            for first in _names(named[0] if named else None):
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


def macros(schema):
    """Every macro of the schema, with the names of its arguments."""
    return dict(schema.execute(
        "select function_name, parameters from duckdb_functions() where function_type like '%macro' and not internal"
    ).fetchall())


def test_every_macro_of_the_schema_is_called_by_queries_of_several_files(schema):
    callers = {
        macro: {name.partition(".")[0] for name, sql in queries().items() if re.search(rf"\b{macro}\(", sql)}
        for macro in macros(schema)
    }
    assert "barred_from" in callers
    assert {macro: files for macro, files in callers.items() if len(files) < 2} == {}


def test_no_argument_of_a_macro_is_called_as_a_column_is(schema):
    columns = {name for (name,) in schema.execute("select column_name from duckdb_columns() where not internal").fetchall()}
    assert {macro for macro, names in macros(schema).items() if columns & set(names)} == set()


PARTED = """-- A file.

-- part: columns
id, name
-- part: open
ended_at is null and ({held})
-- name: one
-- What it returns.
select {columns} from x where id = $id and {open};
"""


def test_a_part_stands_in_its_place_in_every_query_below_it():
    held = "-- part: held\nheld_by = $me or held_by is null;\n"
    assert read_queries(PARTED.replace("-- part: open", held + "-- part: open")) == {
        "one": "-- What it returns.\nselect id, name from x where id = $id and ended_at is null and (held_by = $me or held_by is null)"
    }


@pytest.mark.parametrize("text", [PARTED, "-- name: one\nselect {columns} from x;\n-- part: columns\nid\n"])
def test_a_part_that_does_not_stand_above_is_no_query_s(text):
    with pytest.raises(KeyError):
        read_queries(text)


def test_every_part_is_said_more_than_once():
    once = []
    for path in sorted((ROOT / "core" / "store" / "sql" / "queries").iterdir()):
        text = path.read_text("utf-8")
        once += [f"{path.name} {part}" for part in re.findall(r"^-- part: (\w+)", text, re.MULTILINE) if text.count(f"{{{part}}}") < 2]
    assert once == []


def test_a_table_is_written_by_the_queries_of_one_file():
    """Emptied columns of the profile store alone stand in a file by themselves, each under its own name."""
    writers = {}
    for name, sql in queries().items():
        plain = re.sub(r"--[^\n]*", "", sql)
        for table in re.findall(r"^\s*(?:update|insert into|delete from)\s+(\w+)", plain, re.MULTILINE):
            writers.setdefault(table, set()).add(name.partition(".")[0])
    assert writers["requests"] == {"requests"}
    assert {table: sorted(found) for table, found in writers.items() if len(found - {"masking"}) > 1} == {}


def composed():
    """Every name that the code puts together, out of the tables and columns that it is put together from."""
    kept = {
        node.args[2].value for module in modules() for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and called(node) == "not_held" and isinstance(node.args[2], ast.Constant)
    }
    return (
        {f"desk_records.{table}" for table in desk_records.TABLES} | {f"people.known_{table}" for table in kept}
        | {f"people.erase_{table}" for table in (*local.TABLES, "identifiers")}
        | {f"masking.{table}_{column}" for table, columns in local.MASKABLE.items() for column in columns}
        | {f"logbook.{name}" for name in QUESTIONS}
    )


def test_every_name_that_is_put_together_is_there():
    assert composed() - set(queries()) == set()
    assert len(composed()) > 40


def test_no_query_is_left_over():
    assert set(queries()) - written() - composed() == OF_TESTS


def test_what_only_tests_ask_is_asked_by_one():
    texts = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py") if path.name != "test_queries.py")
    assert {name for name in OF_TESTS if f'"{name}"' not in texts} == set()


def own_words(sql):
    """Return what of a statement only DuckDB understands."""
    plain = re.sub(r"'[^']*'|--[^\n]*", "''", sql.lower())
    found = re.findall(ONLY_DUCKDB, plain)
    if "like" in re.findall(r"\b(like|escape)\b", plain) and "escape" not in plain:
        found.append("LIKE without ESCAPE")
    return found


@pytest.mark.parametrize("sql", [
    "select cast($hashes as ubigint[])", "create table x (h hugeint)", "select x::varchar", "select a.* exclude (b) from a",
    "select body ->> 'x' from y", "select * from x where name like $like", "select * from x qualify row_number() over () = 1",
    "select list_contains(x, 1)", "select {'a': 1}", "from x", "select * from x group by all", "select x from y order by all",
    "insert or replace into x values (1)", "select max_by(a, b) from c", "select cast(x as struct(a varchar))", "select [1, 2]",
    "select epoch(x)", "select try_cast(x as integer)", "select * from x semi join y using (a)", "select x[1]",
    "select now()::timestamptz", "select * from read_csv($path)", "select * from x asof join y using (t)",
])
def test_what_only_duckdb_understands_is_seen(sql):
    assert own_words(sql)


@pytest.mark.parametrize("sql", [
    "select a from b where c in (select unnest(cast($ids as varchar[])))", "select a from b where c like $d escape '!'",
    "delete from x where y = 'from x; ::'", "select count(*) filter (where a) from b", "select cast(a as varchar) from b -- a::b",
])
def test_other_sql_is_not(sql):
    assert own_words(sql) == []


def test_queries_of_cases_accounts_and_the_log_are_understood_by_other_engines_too():
    """The profile store counts on DuckDB's own types; what a person is owed does not, but for what OF_DUCKDB names."""
    found = {name: own_words(sql) for name, sql in queries().items() if not name.startswith(PROFILES)}
    assert {name: words for name, words in found.items() if words} == OF_DUCKDB
