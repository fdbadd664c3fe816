"""What the engine of a desk is forbidden, asked of the engine itself."""

import duckdb
import pytest

from core.store import duckdb as engine
from tests import stores

SETTINGS = {
    "allow_unsigned_extensions": False, "allow_community_extensions": False, "autoinstall_known_extensions": False,
    "autoload_known_extensions": False, "python_enable_replacements": False, "enable_external_access": False,
    "lock_configuration": True, "temp_file_encryption": True,
}


@pytest.fixture
def cursor(tmp_path, monkeypatch):
    """Give a cursor of an engine opened as a desk opens it."""
    monkeypatch.setattr(duckdb, "connect", stores.CONNECT)
    connection = engine.connect(tmp_path / "desk.duckdb", bytes(range(32)))
    yield engine.make_cursor(connection)
    connection.close()


def test_every_way_out_is_shut(cursor):
    found = {name: cursor.execute("select current_setting($name)", {"name": name}).fetchone()[0] for name in SETTINGS}
    assert found == SETTINGS


@pytest.mark.parametrize("statement", [
    "SET allow_unsigned_extensions = true", "SET enable_external_access = true", "SET lock_configuration = false",
    "select * from read_csv('/etc/hostname')", "COPY (select 1) TO '/tmp/marker.csv'", "ATTACH '/tmp/marker.duckdb' AS other",
    "INSTALL json", "LOAD '/tmp/marker.duckdb_extension'",
])
def test_no_statement_opens_one(cursor, statement):
    with pytest.raises(engine.FAULTS):
        cursor.execute(statement)
