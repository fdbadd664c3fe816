"""The DuckDB behind the store: one hardened instance, opened under its key, with no way out to files or network."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from core.law.errors import Refused
from core.store.durable import no_space
from core.store.files import beside

VERSION = "1.5.5"
FAULTS = duckdb.Error
CONFIGURATION: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False, "autoload_known_extensions": False,
    "allow_community_extensions": False, "python_enable_replacements": False,
}
Cursor = duckdb.DuckDBPyConnection


class WriteConflict(Refused):
    """Two transactions wrote the same row; the whole act runs again."""


class Broken(Refused):
    """The engine gave up its instance; the store must be opened anew."""


class WrongKey(Broken):
    """The file is there and whole, but another key opens it."""


def connect(path: Path, key: bytes, *, threads: int = 1, memory: str = "2GB", reading_beside: Path | None = None) -> Cursor:
    """Open the file as `store`, encrypted, and lock the configuration. Raises Refused with what to do.

    With `reading_beside`, the path of a store, the file is only read, and the side folder is that store's: for a backup.
    """
    if duckdb.__version__ != VERSION:
        raise Refused(f"This desk runs on duckdb {VERSION}; {duckdb.__version__} is installed. Run `make run` again.")
    side = beside(reading_beside or path, ".d")
    (side / "next").mkdir(parents=True, exist_ok=True, mode=0o700)
    connection = duckdb.connect(config=dict(CONFIGURATION))
    reading = ", READ_ONLY" if reading_beside else ""
    library = files("duckdb_extension_httpfs") / "extensions" / f"v{VERSION}" / "httpfs.duckdb_extension"
    try:
        connection.execute(f"LOAD {quoted(str(library))}")
        connection.execute(f"ATTACH {quoted(str(path))} AS store (ENCRYPTION_KEY {quoted(key.hex())}{reading})")
        for setting in (
            "temp_file_encryption = true", f"temp_directory = {quoted(str(side / 'spill'))}",
            f"allowed_directories = [{quoted(str(side / 'next'))}]", f"threads = {threads}",
            f"memory_limit = {quoted(memory)}", "preserve_insertion_order = true",
            "enable_external_access = false", "lock_configuration = true",
        ):
            connection.execute(f"SET {setting}")
    except duckdb.Error as fault:
        connection.close()
        kind = WrongKey if "ncryption" in str(fault) else Broken
        raise kind(_sentence(fault, path)) from None
    return connection


def make_cursor(connection: Cursor) -> Cursor:
    """Return a cursor of its own, standing in the store: a fresh one stands in `memory`."""
    cursor = connection.cursor()
    cursor.execute("USE store")
    return cursor


def translate(fault: duckdb.Error) -> Refused:
    """Return the refusal for an engine fault: never its text, which can quote a person's values."""
    text = str(fault)
    if isinstance(fault, duckdb.FatalException) or "has been invalidated" in text:
        return Broken("The store's engine stopped and is being opened anew; try again.")
    if isinstance(fault, duckdb.TransactionException) and ("onflict" in text or "duplicate key" in text):
        return WriteConflict("Somebody changed the same thing at the same moment.")
    if isinstance(fault, duckdb.IOException | duckdb.TransactionException) and (full := no_space(text)) is not None:
        return full  # of these two kinds alone: the text of others may quote what somebody typed
    if isinstance(fault, duckdb.ConstraintException):
        return WriteConflict("Something with this key is already there.")
    return Refused(f"The store could not do this ({type(fault).__name__}). Nothing was changed.")


def parameter_names(sql: str) -> set[str]:
    """Return the named parameters of a statement."""
    return {name for statement in duckdb.extract_statements(sql) for name in statement.named_parameters}


@cache
def read(sql: str) -> duckdb.Statement:
    """Return the one statement of the text, parsed: the engine takes a copy of it at every run, so threads may share it."""
    (statement,) = duckdb.extract_statements(sql)
    return statement


def quoted(text: str) -> str:
    """Return the text as a literal of the engine."""
    return "'" + text.replace("'", "''") + "'"


def _sentence(fault: duckdb.Error, path: Path) -> str:
    if "ncryption" in str(fault):
        return f"The key does not open {path.name}: the key file belongs to another store."
    if "set lock" in str(fault):  # "block" is in many others
        return f"Another program has {path.name} open; close it first."
    return f"{path.name} cannot be opened as a store ({type(fault).__name__}). Restore a backup, or name another file."


def rows_of(cursor: Cursor) -> list[dict[str, Any]]:
    """Return the result of the cursor's last statement as one record a row."""
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
