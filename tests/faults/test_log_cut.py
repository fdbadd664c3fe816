"""A log that is cut, changed or written anew, by whoever has the files or the database itself: each is found."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from core.actions.answers.erasure import restores
from core.actions.desk.desk import operator_desk, present
from core.actions.oversight import proof
from core.audit.leaf import Entry
from core.law.errors import Refused
from core.store.engine import Store
from core.store.files import beside
from tests.forked import ended
from tests.harms import change, rewrite
from tests.stores import PARTS, fresh

Harm = Callable[[Path], None]
TRUNCATIONS, FLIPS, EACH = 41, 30, 18  # with the three that are done once, 200


@pytest.fixture(scope="module")
def died(tmp_path_factory) -> Path:
    """Give a store whose process died: its last acts stand in the write-ahead log."""
    path = fresh(tmp_path_factory.mktemp("died") / "desk.duckdb")
    assert ended("tests.faults.anchored", path)[0] == -9
    assert beside(path, ".wal").stat().st_size > 10_000
    return path


def copied(model: Path, folder: Path) -> Path:
    """Put a copy of the store with all its files into a new folder."""
    folder.mkdir()
    for suffix in (*PARTS, ".wal"):
        if beside(model, suffix).exists():
            shutil.copy2(beside(model, suffix), folder / beside(model, suffix).name)
    return folder / model.name


def wal_harms(model: Path, random: Random) -> Iterator[tuple[str, Harm]]:
    """What one who has the files and no key can do to the acts that stand in the write-ahead log."""
    size = beside(model, ".wal").stat().st_size
    yield "wal gone", lambda path: beside(path, ".wal").unlink()
    yield "wal emptied", lambda path: beside(path, ".wal").write_bytes(b"")
    for at in sorted(random.sample(range(1, size), TRUNCATIONS)):
        yield f"wal cut at {at}", lambda path, at=at: os.truncate(beside(path, ".wal"), at)
    for at in sorted(random.sample(range(size), FLIPS)):
        yield f"wal flipped at {at}", lambda path, at=at: flip(beside(path, ".wal"), at)


def flip(file: Path, at: int) -> None:
    raw = bytearray(file.read_bytes())
    raw[at] ^= 4
    file.write_bytes(bytes(raw))


def log_harms(count: int, random: Random) -> Iterator[tuple[str, Harm]]:
    """What one who can write the database can do to the log; a rewrite makes all hashes after it fit."""
    yield "log emptied", lambda path: change(path, "delete from audit")
    for last in range(1, EACH + 1):
        yield f"last {last} cut", lambda path, last=last: change(path, f"delete from audit where seq >= {count - last}")
    for at in random.sample(range(count), EACH):
        yield f"written anew from {at}", lambda path, at=at: rewrite(path, by_nobody, at)
    for at in random.sample(range(count), EACH):
        yield f"cut to {at} and written anew", lambda path, at=at: rewrite(path, by_nobody, max(at - 1, 0), keep=max(at, 1))
    for at in random.sample(range(count), EACH):
        yield f"{at} taken out", lambda path, at=at: change(path, f"delete from audit where seq = {at}")
    for at in random.sample(range(count), EACH):
        yield f"{at} changed", lambda path, at=at: change(path, f"update audit set actor_ref = 'nobody' where seq = {at}")
    for at in random.sample(range(count), EACH):
        yield f"{at} repeated at the end", lambda path, at=at: change(
            path, f"insert into audit select * replace ({count} as seq) from audit where seq = {at}")
    for at in random.sample(range(count - 1), EACH):
        yield f"{at} exchanged with the next", lambda path, at=at: change(
            path, f"update audit set seq = {at} + {at + 1} - seq where seq in ({at}, {at + 1})")


def by_nobody(entry: Entry) -> Entry:
    return replace(entry, actor_ref="nobody")


def found(path: Path) -> str:
    """Return by what sentence the harm is told, at the opening, the start or the check; empty where it is not."""
    try:
        store = Store.open(path, present())
    except Refused as refusal:
        return str(refusal)
    try:
        report = proof.verify(operator_desk(store, "tester", present()))
        if report.first_fault:
            return report.first_fault
        restores.settle(operator_desk(store, "tester", present()))
    except Refused as refusal:
        return str(refusal)
    finally:
        store.close()
    return ""


def missed(died: Path, folder: Path, take: Callable[[list[tuple[str, Harm]]], list[tuple[str, Harm]]]) -> tuple[int, list[str]]:
    """Do each harm to a copy; return how many were done, and which of them nobody was told of."""
    random = Random(200)
    whole = copied(died, folder / "whole")
    assert found(whole) == "", "the store is refused although nobody touched it"
    store = Store.open(copied(died, folder / "counted"), present())
    count = store.tip.count
    store.close()
    harms = take([*wal_harms(died, random), *log_harms(count, random)])
    silent = []
    for number, (name, harm) in enumerate(harms):
        path = copied(died, folder / str(number))
        harm(path)
        if not found(path):
            silent.append(name)
        shutil.rmtree(path.parent)
    return len(harms), silent


def one_of_each(harms: list[tuple[str, Harm]]) -> list[tuple[str, Harm]]:
    return list({"".join(letter for letter in name if not letter.isdigit()): (name, harm) for name, harm in harms}.values())


def test_one_harm_of_each_kind_is_found(died, tmp_path):
    assert missed(died, tmp_path, one_of_each) == (12, [])


@pytest.mark.prove
def test_two_hundred_harms_are_found(died, tmp_path, capsys):
    done, silent = missed(died, tmp_path, list)
    with capsys.disabled():
        print(f"\n{done} harms to the log (cut, emptied, flipped, taken out, changed, exchanged, repeated, written anew): "
              f"{done - len(silent)} found")
    assert (done, silent) == (200, [])
