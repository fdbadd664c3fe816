"""The screens of the desk by name: a file of pages, or a folder whose `screen.py` is one."""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import pages

GROUPS = ("", "Requests", "People", "Oversight", "Administration", "You")


def screens() -> dict[str, ModuleType]:
    """Return the module of each screen by its name, in the order of their groups; `parts` is none."""
    found = {
        each.name: import_module(f"pages.{each.name}.screen" if each.ispkg else f"pages.{each.name}")
        for each in iter_modules(pages.__path__) if each.name != "parts"
    }
    return dict(sorted(found.items(), key=lambda item: (
        GROUPS.index(item[1].GROUP), getattr(item[1], "ORDER", 50), item[1].TITLE
    )))


def address_of(name: str, page: ModuleType) -> str:
    """Return the path of a screen's address; Home has none."""
    return "" if name == "home" else str(getattr(page, "URL", name.replace("_", "-")))
