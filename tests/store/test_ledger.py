"""The ledger keeps what it acknowledged, and refuses what this store did not write."""

import json
from datetime import timedelta

import pytest

from core.law.errors import Refused
from core.store.durable import MAGIC, framed, read_records
from core.store.engine import Store
from core.store.ledger import ERASED, SUPPRESSED, Ledger, LedgerBroken
from tests.conftest import NOW

KEY, OTHER = bytes(range(32)), bytes(32)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "desk.duckdb"


@pytest.fixture
def file(path):
    ledger = Ledger(path, KEY)
    for number in range(4):
        ledger.add(ERASED, f"{number:032x}", "", NOW + timedelta(hours=number, microseconds=number))
    return path.with_name("desk.duckdb.ledger")


def read(path, key=KEY):
    return list(Ledger(path, key).entries())


def test_entries_come_back_in_order_and_by_kind(path, file):
    Ledger(path, KEY).add(SUPPRESSED, "ab" * 32, "email:marketing", NOW)
    ledger = Ledger(path, KEY)
    assert [entry.ref for entry in ledger.entries()] == [f"{n:032x}" for n in range(4)] + ["ab" * 32]
    assert [entry.scope for entry in ledger.entries(SUPPRESSED)] == ["email:marketing"]
    assert next(iter(ledger.entries())).happened_at == NOW
    assert len(ledger) == 5
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("cut", [1, 2, 30, 100])
def test_a_torn_last_line_was_never_acknowledged(path, file, cut):
    whole = file.read_bytes()
    file.write_bytes(whole[:-cut])
    assert len(read(path)) == 3
    Ledger(path, KEY).add(ERASED, "f" * 32, "", NOW)  # and the next entry joins on to what stands
    assert [entry.ref for entry in read(path)][-1] == "f" * 32
    assert len(read(path)) == 4


def test_every_flipped_byte_is_seen(path, file):
    whole, kept = file.read_bytes(), Ledger(path, KEY).mark()
    last, unseen = whole.rfind(MAGIC), []
    for place in range(0, len(whole), 7):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1:])
        try:
            found = Ledger(path, KEY)
        except LedgerBroken:
            continue
        if place < last or found.reaches(*kept):  # the last entry is missed by the mark that the store keeps
            unseen.append(place)
    assert unseen == []


@pytest.mark.parametrize("change", ["middle gone", "first gone", "swapped", "repeated", "reworded", "nonsense"])
def test_lines_taken_out_moved_or_put_in_are_seen(path, file, change):
    lines = list(read_records(file.read_bytes()).contents)
    if change == "middle gone":
        del lines[1]
    elif change == "first gone":
        del lines[0]
    elif change == "swapped":
        lines[1], lines[2] = lines[2], lines[1]
    elif change == "repeated":
        lines.append(lines[-1])
    elif change == "reworded":  # the same content in other words would let two readers differ
        lines[0] = json.dumps(json.loads(lines[0])).encode()
    else:
        lines.append(b"\xff\xfe")
    file.write_bytes(b"".join(map(framed, lines)))
    with pytest.raises(LedgerBroken, match=r"Entry \d of desk.duckdb.ledger"):
        read(path)


def test_another_stores_ledger_is_refused(path, file):
    with pytest.raises(LedgerBroken, match="another store"):
        read(path, OTHER)


def test_only_known_kinds_enter(path):
    with pytest.raises(ValueError, match="no kind"):
        Ledger(path, KEY).add("forgiven", "x", "", NOW)
    assert not path.with_name("desk.duckdb.ledger").exists()


def test_a_store_keeps_its_ledger_and_refuses_a_foreign_one(tmp_path):
    first = Store.create(tmp_path / "first.duckdb", "bench", NOW)
    first.ledger.add(ERASED, "a" * 32, "", NOW)
    first.close()
    again = Store.open(tmp_path / "first.duckdb", NOW)
    assert [entry.ref for entry in again.ledger.entries(ERASED)] == ["a" * 32]
    again.close()
    Store.create(tmp_path / "second.duckdb", "bench", NOW).close()
    (tmp_path / "first.duckdb.ledger").rename(tmp_path / "second.duckdb.ledger")
    with pytest.raises(Refused, match="another store"):
        Store.open(tmp_path / "second.duckdb", NOW)
