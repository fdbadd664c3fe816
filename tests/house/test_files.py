"""What the desk keeps in files is written in one place, which takes it whole or not at all; a file that is named is there."""

import ast
import re

from tests.house.reading import ROOT, called, modules

WRITING = {"write_bytes", "write_text", "ftruncate", "truncate", "fsync"}
MODES = set("wax+")
# Modules that write a file past core/store/durable, each with its reason.
BESIDE = {
    "core.store.durable": "the place itself",
    "core.control.terminal": "a file that a person asked for by name: written whole beside it and renamed, nothing is kept in it",
    "core.store.lock": "the number of the process that holds the store",
}


def writes(module):
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        name = called(node)
        if name in WRITING or (name == "write" and ast.unparse(node.func) == "os.write"):
            yield ast.unparse(node)
        elif name in {"open", "fdopen"}:
            modes = [each.value for each in [*node.args, *(word.value for word in node.keywords if word.arg == "mode")]
                     if isinstance(each, ast.Constant) and isinstance(each.value, str)]
            if any(MODES & set(mode) and len(mode) <= 3 for mode in modes):
                yield ast.unparse(node)


def test_no_file_of_the_desk_is_written_elsewhere():
    found = {module.name: list(writes(module)) for module in modules()}
    assert {name: calls for name, calls in found.items() if calls and name not in BESIDE} == {}
    assert {name for name in BESIDE if not found[name]} == set(), "a reason for which there is no case"


def test_every_file_that_a_text_names_is_there():
    named = re.compile(r"`((?:app|core|pages|tests|data|docs)(?:/[\w.-]+)+\.(?:py|md|toml|sql|csv|txt))\b")
    texts = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    found = {(str(path.relative_to(ROOT)), name) for path in texts for name in named.findall(path.read_text("utf-8"))}
    assert len(found) > 20
    assert sorted(each for each in found if not (ROOT / each[1]).exists()) == []
