"""The named queries of `sql/queries`, read once: the one place from which SQL reaches the engine."""

import re
from functools import cache
from importlib.resources import files

_HEAD = re.compile(r"^-- (name|part): ([a-z_]+)\s*$", re.MULTILINE)
_PLACE = re.compile(r"\{([a-z_]+)\}")


@cache
def queries() -> dict[str, str]:
    """Return every query by its name `file.name`."""
    folder = files("core.store") / "sql" / "queries"
    return {
        f"{path.name.removesuffix('.sql')}.{name}": sql
        for path in sorted(folder.iterdir(), key=lambda each: each.name)
        for name, sql in read_queries(path.read_text("utf-8")).items()
    }


def read_queries(text: str) -> dict[str, str]:
    """Return the queries of a file by their names, each with the parts of that file in their places.

    A part is what several queries of the file say, columns or conditions: it stands once, above them, and `{its_name}`
    stands in each. A view would say it too, but the engine works out all its columns at every run: a third more time for
    reading one row. Raises KeyError for a part that does not stand above.
    """
    parts: dict[str, str] = {}
    found: dict[str, str] = {}
    heads = _HEAD.split(text)
    for kind, name, body in zip(heads[1::3], heads[2::3], heads[3::3], strict=True):
        sql = _PLACE.sub(lambda place: parts[place[1]], body.strip().removesuffix(";"))
        (parts if kind == "part" else found)[name] = sql
    return found


@cache
def migrations() -> tuple[tuple[str, str], ...]:
    """Return the numbered schema files as (name, SQL), in order."""
    folder = files("core.store") / "sql" / "schema"
    paths = sorted((each for each in folder.iterdir() if each.name.endswith(".sql")), key=lambda each: each.name)
    return tuple((path.name.removesuffix(".sql"), path.read_text("utf-8")) for path in paths)
