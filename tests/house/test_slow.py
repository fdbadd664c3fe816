"""Nothing slow inside a transaction: whoever sets, packs, locks or reads a file does it before the act or between two."""

import ast
from collections.abc import Iterator
from functools import cache

from tests.house.reading import called, modules

# What sets pages, packs, locks, reads mail or talks to a server: the modules that call a library or a program for it.
SLOW_LIBRARIES = {"typst", "zipfile", "pyzipper", "xlsxwriter", "pikepdf", "subprocess", "smtplib", "httpx"}
BLOCKS = {"act", "look", "transaction", "writing"}
# A function of ours that uses such a library inside a transaction, with its reason.
ALLOWED: dict[str, str] = {}


@cache
def edges() -> dict[str, tuple]:
    """Every function of core.documents, core.messages and core.actions with its node and what it calls, by full names."""
    found = {}
    for module in modules():
        if module.room not in {"core.documents", "core.messages", "core.actions"}:
            continue
        known = imported(module)
        own = {each.name for each in module.tree.body if isinstance(each, ast.FunctionDef)}
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef):
                found[f"{module.name}.{node.name}"] = (node, tuple(targets(node, module.name, known, own)))
    return found


def imported(module) -> dict[str, str]:
    """What each imported name of a module stands for."""
    known = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            known |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
        elif isinstance(node, ast.Import):
            known |= {(each.asname or each.name).partition(".")[0]: each.name for each in node.names}
    return known


def targets(node, module: str, known: dict[str, str], own: set[str]) -> Iterator[tuple[ast.Call, str]]:
    """Each call in a function with the full name of what it calls, as far as the names in the file tell."""
    for each in ast.walk(node):
        if not isinstance(each, ast.Call):
            continue
        if isinstance(each.func, ast.Name):
            name = each.func.id
            yield each, f"{module}.{name}" if name in own else known.get(name, name)
        elif isinstance(each.func, ast.Attribute):
            value = each.func.value
            if isinstance(value, ast.Name):
                yield each, f"{known.get(value.id, value.id)}.{each.func.attr}"
            elif isinstance(value, ast.Call) and called(value) == "copy_room":  # a room's own method
                yield each, f"room.{each.func.attr}"


@cache
def slow() -> frozenset[str]:
    """Every function that uses such a library, or calls one that does."""
    calls = {name: {target for _, target in found} for name, (_, found) in edges().items()}
    known = {name for name, its in calls.items() if any(each.partition(".")[0] in SLOW_LIBRARIES for each in its)}
    known.add("room.build")
    while more := {name for name, its in calls.items() if name not in known and its & known}:
        known |= more
    return frozenset(known)


def within(node) -> Iterator[ast.Call]:
    """Each call inside a block that holds a transaction."""
    for each in ast.walk(node):
        if isinstance(each, ast.With) and any(
            isinstance(item.context_expr, ast.Call) and called(item.context_expr) in BLOCKS for item in each.items
        ):
            for line in each.body:
                yield from (call for call in ast.walk(line) if isinstance(call, ast.Call))


def test_what_is_slow_is_found():
    assert {
        "core.documents.letter.print_letter", "core.documents.package.build", "core.documents.portable.build",
        "core.documents.locked.lock", "core.messages.incoming.read_message", "core.messages.outgoing.send",
        "core.actions.answers.packages.packages.build", "core.actions.answers.letters.letters._print",
    } <= slow()


def test_nothing_slow_is_called_inside_a_transaction():
    wrong = []
    for name, (node, found) in edges().items():
        if not name.startswith("core.actions."):
            continue
        inside = set(within(node))
        handed = {each.arg for each in (*node.args.args, *node.args.kwonlyargs)} & {"now", "tx"}
        wrong += [
            f"{name} calls {target}" for call, target in found
            if target in slow() and (call in inside or handed) and name not in ALLOWED
        ]
    assert wrong == []


def test_every_exception_is_still_there():
    assert set(ALLOWED) <= set(edges())
