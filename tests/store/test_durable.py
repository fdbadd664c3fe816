"""A file of the desk takes a change as a whole or not at all, whatever the disk does, and is read to its last whole record."""

import errno
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.store import durable
from core.store.durable import MAGIC, Journal, Unsure, Unwritten, framed, read_records, replace
from tests.disk import small_disk

RECORDS = [b"first", b"", b"\x00" * 70, MAGIC * 3, b"last"]


class Disk:
    """A disk that fails at the n-th call of one kind, as the system reports it; `short` takes one byte first."""

    def __init__(self, monkeypatch, kind: str, at: int, code: int, *, short: bool = False, healed: bool = True) -> None:
        self.left, self.code, self.short, self.healed = at, code, short, healed
        self.real, self.kind = getattr(os, kind), kind
        monkeypatch.setattr(durable.os, kind, self)

    def __call__(self, descriptor, *given):
        self.left -= 1
        if self.left == 0 or (self.left < 0 and not self.healed):
            if self.short and self.kind == "write":
                self.short = False
                self.left = 1
                return self.real(descriptor, given[0][:1])
            raise OSError(self.code, os.strerror(self.code))
        return self.real(descriptor, *given)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    made = Journal(tmp_path / "desk.keys")
    made.append(RECORDS)
    return made


def held(path: Path) -> list[bytes]:
    return list(Journal(path).read().contents)


def test_records_come_back_and_nothing_is_damaged(journal):
    journal.append([b"one more"])
    assert held(journal.path) == [*RECORDS, b"one more"]
    assert Journal(journal.path).read().damaged == ()
    assert journal.path.stat().st_mode & 0o777 == 0o600
    assert held(journal.path.with_name("nothing")) == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT])
@pytest.mark.parametrize("short", [False, True])
@pytest.mark.parametrize("kind", ["write", "fsync"])
def test_an_append_that_fails_leaves_the_file_as_it_was_and_the_next_one_is_read(journal, monkeypatch, kind, code, short):
    before = journal.path.read_bytes()
    with monkeypatch.context() as patch:
        Disk(patch, kind, 1, code, short=short)
        with pytest.raises(Unwritten, match="Nothing was changed") as told:
            journal.append([b"lost"])
    assert ("free some" in str(told.value)) == (code != errno.EIO)
    assert journal.path.read_bytes() == before
    journal.append([b"kept"])
    assert held(journal.path) == [*RECORDS, b"kept"]


def test_a_short_write_is_gone_on_with(journal, monkeypatch):
    real = os.write
    with monkeypatch.context() as patch:
        patch.setattr(durable.os, "write", lambda descriptor, content: real(descriptor, content[:3]))
        journal.append([b"in small pieces"])
    assert held(journal.path) == [*RECORDS, b"in small pieces"]


def test_where_the_undoing_fails_too_nothing_more_is_written_until_it_is_read_anew(journal, monkeypatch):
    with monkeypatch.context() as patch:
        Disk(patch, "write", 1, errno.ENOSPC, short=True)
        Disk(patch, "ftruncate", 1, errno.EIO)
        with pytest.raises(Unsure, match="started again"):
            journal.append([b"half"])
    with pytest.raises(Unsure):
        journal.append([b"after"])
    with pytest.raises(Unsure):
        journal.rewrite([])
    again = Journal(journal.path)
    assert list(again.read().contents) == RECORDS
    again.append([b"after"])
    assert held(journal.path) == [*RECORDS, b"after"], "what was torn costs nothing behind it"


@pytest.mark.parametrize(("kind", "at"), [("write", 1), ("fsync", 1)])
def test_a_replacement_that_fails_leaves_the_old_file_and_no_other(journal, monkeypatch, kind, at):
    with monkeypatch.context() as patch:
        Disk(patch, kind, at, errno.ENOSPC, short=True)
        with pytest.raises(Unwritten):
            journal.rewrite([b"new"])
    assert held(journal.path) == RECORDS
    assert [each.name for each in journal.path.parent.iterdir()] == [journal.path.name]
    journal.rewrite([b"new"])
    assert held(journal.path) == [b"new"]


def test_a_replacement_whose_folder_cannot_be_synced_is_not_known(journal, monkeypatch):
    with monkeypatch.context() as patch:
        Disk(patch, "fsync", 2, errno.EIO)
        with pytest.raises(Unsure):
            journal.rewrite([b"new"])
    with pytest.raises(Unsure):
        journal.append([b"more"])


def test_a_file_that_cannot_be_opened_is_a_sentence(tmp_path):
    with pytest.raises(Unwritten, match=r"desk.keys cannot be written: No such file"):
        Journal(tmp_path / "none" / "desk.keys").append([b"x"])
    with pytest.raises(Unwritten, match="cannot be written"):
        replace(tmp_path / "none" / "desk.key", b"x")


WHOLE = b"".join(framed(each) for each in RECORDS)


@pytest.mark.parametrize("cut", range(len(WHOLE)))
def test_cut_anywhere_every_record_before_the_cut_is_read_and_every_one_appended_after_it(cut, tmp_path):
    read = read_records(WHOLE[:cut])
    whole = [each for n, each in enumerate(RECORDS) if sum(len(framed(one)) for one in RECORDS[:n + 1]) <= cut]
    assert list(read.contents) == whole
    assert bool(read.damaged) == (b"".join(framed(each) for each in whole) != WHOLE[:cut])
    path = tmp_path / "desk.keys"
    path.write_bytes(WHOLE[:cut])
    Journal(path).append([b"after"])
    assert held(path) == [*whole, b"after"]


@pytest.mark.parametrize("last", [b"\x00", b"\xff", b"\xab", b"\x00" * 9, b"\xff" * 16, MAGIC])
def test_a_torn_record_is_not_made_whole_by_what_is_appended(tmp_path, last):
    path = tmp_path / "desk.keys"
    path.write_bytes(framed(b"kept") + framed(b"never acknowledged" + last)[: -len(last)])
    Journal(path).append([b"after"])
    assert held(path) == [b"kept", b"after"]


@pytest.mark.parametrize("place", range(len(WHOLE)))
def test_a_flipped_bit_costs_the_record_it_stands_in_and_no_other(place):
    read = read_records(WHOLE[:place] + bytes([WHOLE[place] ^ 4]) + WHOLE[place + 1:])
    assert len(read.damaged) == 1
    assert len(read.contents) == len(RECORDS) - 1
    assert [each for each in read.contents if each not in RECORDS] == []


@given(st.lists(st.binary(max_size=200), max_size=6), st.binary(max_size=60))
def test_whatever_stands_between_records_they_are_found(records, between):
    raw = between.join(framed(each) for each in records)
    found = read_records(raw)
    assert list(found.contents) == records or MAGIC in between
    assert sum(length for _, length in found.damaged) + sum(len(framed(each)) for each in found.contents) == len(raw)


def fill(journal: Journal) -> int:
    """Append until the disk takes no more; return how many records it acknowledged."""
    count = 0
    while count < 5000:
        try:
            journal.append([count.to_bytes(4, "big") * 40])
        except Unwritten:
            return count
        count += 1
    return count


def test_on_a_real_full_disk_what_was_acknowledged_is_there_and_goes_on_when_there_is_room(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    with small_disk(folder, 64 * 1024):
        journal = Journal(folder / "desk.keys")
        (folder / "filler").write_bytes(bytes(24 * 1024))
        count = fill(journal)
        assert count > 10
        assert held(journal.path) == [each.to_bytes(4, "big") * 40 for each in range(count)]
        with pytest.raises(Unwritten, match="free some"):
            journal.rewrite([bytes(50_000)])
        assert len(held(journal.path)) == count
        (folder / "filler").unlink()
        journal.append([b"room again"])
        assert held(journal.path)[-1] == b"room again"


def test_at_the_limit_of_a_files_size_what_was_acknowledged_is_there(tmp_path):
    journal = Journal(tmp_path / "desk.keys")
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        count = fill(journal)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert 10 < count < 200
    assert held(journal.path) == [each.to_bytes(4, "big") * 40 for each in range(count)]
    journal.append([b"above it"])
    assert held(journal.path)[-1] == b"above it"


KILLED = """
import os, sys
from pathlib import Path
from core.store import durable
from core.store.durable import Journal
calls, last = 0, int(sys.argv[2])
def dying(name):
    real = getattr(os, name)
    def call(*given):
        global calls
        calls += 1
        if calls == last:
            if name == "write":
                real(given[0], given[1][:len(given[1]) // 2])
            os.kill(os.getpid(), 9)
        return real(*given)
    return call
for name in ("write", "fsync", "ftruncate"):
    setattr(durable.os, name, dying(name))
journal = Journal(Path(sys.argv[1]))
for number in range(3):
    journal.append([b"record %d" % number])
    print(number, flush=True)
journal.rewrite([b"record %d" % number for number in range(1, 3)])
print("rewritten", flush=True)
"""


@pytest.mark.parametrize("last", range(1, 12))
def test_killed_at_every_write_what_was_acknowledged_is_there(tmp_path, last):
    path = tmp_path / "desk.keys"
    done = subprocess.run([sys.executable, "-c", KILLED, str(path), str(last)], capture_output=True, text=True, check=False,
                          env=os.environ | {"PYTHONPATH": "."}, timeout=60)
    said = done.stdout.split()
    found = held(path)
    if "rewritten" in said:
        assert found == [b"record 1", b"record 2"]
        return
    assert done.returncode == -9, done.stderr
    acknowledged = [b"record %d" % int(each) for each in said]
    assert found[:len(acknowledged)] == acknowledged or found == [b"record 1", b"record 2"]
    Journal(path).append([b"goes on"])
    assert held(path) == [*found, b"goes on"]
