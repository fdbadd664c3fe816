"""The schema alone, for what is held against its tables and columns."""

import duckdb
import pytest

from core.store.queries import migrations, queries


@pytest.fixture(scope="package")
def schema():
    """Give an empty store's tables, without a key: only the statements matter."""
    connection = duckdb.connect(":memory:")
    connection.execute(queries()["store.make_migrations"])
    for _, sql in migrations():
        connection.execute(sql)
    yield connection
    connection.close()
