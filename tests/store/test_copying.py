"""A copied store holds every row that stands and no byte of one that was deleted, in files without encryption.

The engine compresses, which would hide bytes that are there: here it is told not to, and the search is shown to find.
"""

import duckdb
import pytest

from core.law.errors import NotPossible
from core.store.copying import copy_tables
from core.store.migrate import migrate
from tests.conftest import NOW

GONE, KEPT = b"q7Zm0pXw4Lk9Vt2Rb6Yc1Hs8Nd3Gf5Ja", b"Ja5fG3dN8sH1cY6bR2tV9kL4wXp0mZ7q"
PERSON, OTHER = "a" * 32, "b" * 32
TEXTS = (
    "insert into attributes values ($who, 'note', $mark)",
    "insert into identifier_values values ($who, 'email', $mark, $mark, false)",
    "insert into consents values ($mark, $who, 'marketing', 'email', true, '2026-01-01', null, null)",
    "insert into devices values ($who, $mark, '2026-01-01')",
    """insert into profiles (subject_ref, customer_id, family_name, made_at, changed_at, source)
    values ($who, $mark, $mark, '2026-01-01', '2026-01-01', 'test')""",
)
TABLES = ("attributes", "identifier_values", "consents", "devices", "profiles")


@pytest.fixture
def cursor(tmp_path):
    connection = duckdb.connect()
    connection.execute(f"ATTACH '{tmp_path}/old.duckdb' AS store")
    connection.execute(f"ATTACH '{tmp_path}/new.duckdb' AS next")
    connection.execute("USE store")
    connection.execute("PRAGMA force_compression='uncompressed'")
    migrate(connection, NOW)
    yield connection
    connection.close()


def fill(cursor, who, mark):
    for text in TEXTS:
        for _ in range(40):
            cursor.execute(text, {"who": who, "mark": mark.decode()})
    cursor.execute("CHECKPOINT store")


def bytes_of(folder, name):
    return b"".join(path.read_bytes() for path in folder.glob(f"{name}.duckdb*"))


def test_no_byte_of_a_deleted_row_goes_along(cursor, tmp_path):
    fill(cursor, PERSON, GONE)
    fill(cursor, OTHER, KEPT)
    for table in TABLES:
        cursor.execute(f"delete from {table} where subject_ref = '{PERSON}'")
    cursor.execute("CHECKPOINT store")
    assert GONE in bytes_of(tmp_path, "old")  # deleted is not gone
    copy_tables(cursor)
    cursor.execute("DETACH next")
    copied = bytes_of(tmp_path, "new")
    assert GONE not in copied
    assert copied.count(KEPT) >= 40 * len(TABLES)


def test_a_copy_into_a_file_that_holds_something_is_refused(cursor):
    fill(cursor, OTHER, KEPT)
    cursor.execute("create table next.attributes (subject_ref varchar, name varchar, value varchar)")
    with pytest.raises(duckdb.Error):
        copy_tables(cursor)


def test_a_copy_that_does_not_hold_every_row_is_refused(cursor):
    """A table the engine cannot count alike on both sides: a row that only the store's own count sees."""
    fill(cursor, OTHER, KEPT)

    class Miscounting:
        def __init__(self, inner):
            self._inner = inner

        def execute(self, text, *more):
            changed = text + " LIMIT 3" if text.startswith("INSERT INTO next.main.devices") else text
            return self._inner.execute(changed, *more)

    with pytest.raises(NotPossible, match="does not hold"):
        copy_tables(Miscounting(cursor))
