"""Reads the project's own Python files for the rules of the house."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = {
    "core.law": 0, "core.store": 1, "core.matching": 1, "core.connectors": 2, "core.audit": 2, "core.documents": 2,
    "core.messages": 2, "core.console": 2, "core.actions": 3, "core.web": 4, "core.work": 4,
    "core.control": 4, "core.demo": 4, "core.commands": 4, "core.__main__": 4,
    "pages": 5, "app": 6,
}


@dataclass(frozen=True)
class Module:
    name: str
    path: Path
    tree: ast.Module
    text: str

    @property
    def room(self):
        """The folder of the house it belongs to, such as `core.law`."""
        parts = self.name.split(".")
        return ".".join(parts[:2]) if parts[0] == "core" else parts[0]

    def imports(self):
        """Every module that is imported anywhere in the file, also inside a function."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (each.name for each in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, f"{self.name} imports relatively"
                for each in node.names:
                    whole = f"{node.module}.{each.name}"
                    yield whole if is_module(whole) else node.module


def is_module(name):
    path = ROOT / name.replace(".", "/")
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


@cache
def modules():
    found = [ROOT / "app.py", *sorted((ROOT / "core").rglob("*.py")), *sorted((ROOT / "pages").rglob("*.py"))]
    made = []
    for path in found:
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        text = path.read_text("utf-8")
        made.append(Module(name, path, ast.parse(text), text))
    return tuple(made)


def room_of(name):
    parts = name.split(".")
    return ".".join(parts[:2]) if parts[0] == "core" else parts[0]


def functions(module):
    """Top-level functions of a module, by name."""
    return {node.name: node for node in module.tree.body if isinstance(node, ast.FunctionDef)}


def called(node):
    """The plain name of what a call calls: `act`, or `act` of `roles.act`."""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
