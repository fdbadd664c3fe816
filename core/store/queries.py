"""The named queries of `sql/queries`, read once: the one place from which SQL reaches the engine."""

import re
from functools import cache
from importlib.resources import files

_HEAD = re.compile(r"^-- name: ([a-z_]+)\s*$", re.MULTILINE)


@cache
def queries() -> dict[str, str]:
    """Return every query by its name `file.name`."""
    found: dict[str, str] = {}
    folder = files("core.store") / "sql" / "queries"
    for path in sorted(folder.iterdir(), key=lambda each: each.name):
        parts = _HEAD.split(path.read_text("utf-8"))
        for name, text in zip(parts[1::2], parts[2::2], strict=True):
            found[f"{path.name.removesuffix('.sql')}.{name}"] = text.strip().removesuffix(";")
    return found


@cache
def migrations() -> tuple[tuple[str, str], ...]:
    """Return the numbered schema files as (name, SQL), in order."""
    folder = files("core.store") / "sql" / "schema"
    paths = sorted((each for each in folder.iterdir() if each.name.endswith(".sql")), key=lambda each: each.name)
    return tuple((path.name.removesuffix(".sql"), path.read_text("utf-8")) for path in paths)
