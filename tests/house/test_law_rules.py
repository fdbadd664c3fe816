"""Every rule of the law that the code cites is one row of docs/law.md, and every row names modules that cite it."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.house.reading import ROOT

PAGE = ROOT / "docs" / "law.md"
READ = {".py", ".sql", ".toml"}
# One id, or several of a family such as "EXT-1 to EXT-3".
CITED = re.compile(r"\b([A-Z]{3})-([1-9][0-9]?)(?:\s+to\s+(?:\1-)?([1-9][0-9]?))?\b")
NO_FAMILY = {"PDF", "UTF"}  # of the same shape, and no rules: PDF-1.7, UTF-8
WORD = re.compile(r"\b[A-Z]{3}\b(?!-[0-9])")  # a family that decides item by item is an id without a number
ID = re.compile(r"[A-Z]{3}(?:-[1-9][0-9]?)?")
MODULE = re.compile(r"`([^`]+)`")


@cache
def rows() -> tuple[tuple[str, ...], ...]:
    """The cells of every row of the page that is no heading: id, rule, source, where."""
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("|")]
    cells = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
    return tuple(row for row in cells if row[0] != "id" and set("".join(row)) != {"-"})


def listed() -> tuple[str, ...]:
    return tuple(row[0].strip("*") for row in rows())


@cache
def texts(*places: str) -> dict[Path, str]:
    """Every text file of a place of the repository that can cite a rule."""
    found = (ROOT / place for place in places)
    files = [path for each in found for path in (each.rglob("*") if each.is_dir() else [each])]
    return {path: path.read_text("utf-8") for path in sorted(files) if path.suffix in READ}


def numbered(text: str) -> Iterator[str]:
    for family, first, last in CITED.findall(text):
        if family not in NO_FAMILY:
            yield from (f"{family}-{number}" for number in range(int(first), int(last or first) + 1))


def words(text: str) -> set[str]:
    """The families that a text of the law names without a number."""
    return set(WORD.findall(text)) & {each.partition("-")[0] for each in listed()}


def written(rule: str, text: str) -> bool:
    """Whether a text cites the id itself, in full, so that a search for it finds the place."""
    return re.search(rf"\b{rule}\b(?!-?[0-9])", text) is not None


def given(call: ast.Call, tree: ast.Module) -> set[str]:
    """The ids that a decision record is given: those in the call, or in the table of the module it takes them from."""
    (named,) = (each.value for each in call.keywords if each.arg == "rule")
    within: ast.AST = named if not isinstance(named, ast.Name) else tree
    strings = {node.value for node in ast.walk(within) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return {each for each in strings if ID.fullmatch(each)}


def records() -> Iterator[tuple[str, set[str]]]:
    """Every call that makes a decision record, with the ids it is given."""
    for path, text in texts("core").items():
        tree = ast.parse(text) if path.suffix == ".py" else ast.Module([], [])
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "record" and any(
                each.arg == "rule" for each in node.keywords
            ):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", given(node, tree)


def test_every_row_is_whole() -> None:
    assert [row[0] for row in rows() if len(row) != 4 or not all(row) or row[0].strip("*") == row[0]] == []
    assert [each for each in listed() if not ID.fullmatch(each)] == []


def test_every_id_that_the_code_cites_is_one_row() -> None:
    known = Counter(listed())
    assert {each: count for each, count in known.items() if count != 1} == {}
    wrong = {
        f"{path.relative_to(ROOT)}: {each}"
        for path, text in texts("app.py", "core", "pages", "tests", "data/profiles").items()
        for each in numbered(text) if each not in known
    }
    assert wrong == set()


def test_every_family_named_without_a_number_is_one_row() -> None:
    """Outside of core/law three capitals are often no rule; what decides there is held by the test of the records."""
    assert {
        f"{path.relative_to(ROOT)}: {each}"
        for path, text in texts("core/law").items() for each in words(text) - set(listed())
    } == set()


def test_no_row_is_dead() -> None:
    cited = {each for text in texts("core").values() for each in numbered(text)}
    cited |= {each for text in texts("core/law").values() for each in words(text)}
    assert set(listed()) - cited == set()


def test_every_module_of_a_row_is_there_and_cites_it() -> None:
    wrong = []
    for row in rows():
        rule, modules = row[0].strip("*"), MODULE.findall(row[3])
        wrong += [] if modules else [f"{rule} names no module"]
        for each in modules:
            text = texts("core").get(ROOT / each)
            if text is None or not written(rule, text):
                wrong.append(f"{rule}: {each} {'is not there' if text is None else 'does not cite it'}")
    assert wrong == []


def test_every_decision_record_names_a_row() -> None:
    found = dict(records())
    assert {place for place, rules in found.items() if not rules} == set()
    assert {f"{place}: {each}" for place, rules in found.items() for each in rules - set(listed())} == set()
    assert len(found) > 15


@pytest.mark.parametrize(("text", "found"), [
    ("by another person (EXT-3)", {"EXT-3"}), ("EXT-1 to EXT-3", {"EXT-1", "EXT-2", "EXT-3"}),
    ("CLK-9 to 11", {"CLK-9", "CLK-10", "CLK-11"}), ("UTF-8, SHA-256, RD-2026-004217-3", set()),
])
def test_the_search_for_ids_sees_them(text: str, found: set[str]) -> None:
    assert set(numbered(text)) == found


@pytest.mark.parametrize(("rule", "text", "there"), [
    ("CLK-1", "CLK-1 is", True), ("CLK-1", "CLK-10", False), ("ERA", "(ERA)", True), ("ERA", "ERA-3", False),
])
def test_a_longer_id_does_not_stand_for_a_shorter_one(rule: str, text: str, there: bool) -> None:
    assert written(rule, text) is there


@pytest.mark.parametrize(("call", "found"), [
    ('record(True, rule="OUT")', {"OUT"}), ('record(True, rule="OBJ-2" if absolute else "OBJ-1")', {"OBJ-1", "OBJ-2"}),
    ('WHICH = {"late": (False, "EXT-2", "Too late.")}\nrecord(True, rule=rule)', {"EXT-2"}), ("record(True, rule=rule)", set()),
])
def test_the_ids_of_a_record_are_seen(call: str, found: set[str]) -> None:
    tree = ast.parse(call)
    (node,) = (each for each in ast.walk(tree) if isinstance(each, ast.Call))
    assert given(node, tree) == found
