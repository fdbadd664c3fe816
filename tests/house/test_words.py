"""Files say their job in their first line, bear plain names, hold no SQL, and leave the live store's file alone."""

import ast
import re

import pytest

from tests.house.reading import ROOT, modules

VAGUE = re.compile(r"(^|_)(utils?|common|helpers?|managers?|misc|base)($|_)")
# SQL as it would stand in a string: two words that only a statement joins.
SQL = re.compile(
    r"^\s*(select\b.+\bfrom\b|insert\s+into\b|update\s+\w+\s+set\b|delete\s+from\b|create\s+(or\s+replace\s+)?"
    r"(table|view|index)\b|alter\s+table\b|drop\s+(table|view)\b|with\s+\w+\s+as\s*\()", re.IGNORECASE | re.DOTALL,
)
ENGINE = {"core.store.duckdb", "core.store.migrate", "core.store.copying"}  # settings of the engine, and the copy of every table
OPENERS = {"read_bytes", "read_text", "write_bytes", "write_text", "open"}


def test_every_module_says_its_job_in_one_sentence():
    wrong = []
    for module in modules():
        said = ast.get_docstring(module.tree)
        first = (said or "").partition("\n\n")[0].strip()
        if not first.endswith(".") or len(first.split()) < 3:
            wrong.append(module.name)
    assert wrong == []


def test_no_vague_names():
    names = [part for module in modules() for part in module.name.split(".")]
    assert [name for name in names if VAGUE.search(name)] == []


def strings(module):
    said = {
        id(node.body[0].value)
        for node in ast.walk(module.tree)
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)) and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node


def test_sql_stands_in_its_folder_only():
    wrong = [
        f"{module.name}:{node.lineno}"
        for module in modules() if module.name not in ENGINE
        for node in strings(module) if SQL.match(node.value)
    ]
    assert wrong == []


@pytest.mark.parametrize("text", ["select a from b", "insert into x values (1)", "  update t set a = 1", "with q as (x)"])
def test_the_search_for_sql_sees_sql(text):
    assert SQL.match(text)


def test_nothing_opens_the_live_store_file():
    """Closing any descriptor of it would drop the engine's own lock: `path` of a store is given to the engine alone."""
    wrong = []
    for module in modules():
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call):
                continue
            whom = node.func.value if isinstance(node.func, ast.Attribute) else None
            opened = isinstance(node.func, ast.Attribute) and node.func.attr in OPENERS
            if opened and isinstance(whom, ast.Attribute) and whom.attr in {"path", "_path"} and _is_store(whom.value):
                wrong.append(f"{module.name}:{node.lineno}")
            if isinstance(node.func, ast.Name) and node.func.id == "open" and node.args and "store.path" in ast.unparse(
                node.args[0]
            ):
                wrong.append(f"{module.name}:{node.lineno}")
    assert wrong == []


def _is_store(node):
    return ast.unparse(node).rpartition(".")[2] in {"store", "_store", "opened"}


def test_report_the_length_of_files():
    """Printed, not held: a file does one job in about 100 to 250 lines."""
    long = sorted(((module.text.count("\n"), module.name) for module in modules()), reverse=True)
    print("\nlonger than 250 lines:", [f"{name} {lines}" for lines, name in long if lines > 250] or "none")
    mirrored = {path.stem.removeprefix("test_") for path in (ROOT / "tests").rglob("test_*.py")}
    bare = [module.name for module in modules() if module.name.split(".")[-1].strip("_") not in mirrored]
    print("without a test of their name:", ", ".join(bare))
