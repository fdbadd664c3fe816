"""A store that the machine does not let this user reach, or whose head is damaged, is refused in a sentence that says which."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from core.law.errors import Refused
from core.store.engine import Store
from core.store.files import beside
from tests.conftest import NOW
from tests.stores import fresh

OWN = "The user who runs the desk must own the store's folder"
NOBODY = 65534


@pytest.mark.parametrize("at", [0, 5, 20, 60, 100, 4096, 4100, 8192, 8200])
def test_a_flipped_head_is_not_taken_for_another_program(tmp_path, at):
    path = fresh(tmp_path / "desk.duckdb")
    content = bytearray(path.read_bytes())
    content[at] ^= 0x80
    path.write_bytes(bytes(content))
    told = sentence(path, lambda store: Store.open(store, NOW).close())
    assert told == "opened" or "Restore a backup" in told
    assert "Another program" not in told


def sentence(path, act):
    """Do it, and return its sentence, or what it raised else: what a user would see as a traceback."""
    try:
        act(path)
    except Refused as refusal:
        return str(refusal)
    except BaseException as fault:  # noqa: BLE001 - it is told
        return f"RAW {type(fault).__name__}"
    return "opened"


def as_nobody(path, act):
    """Do it in a child as a user who owns nothing else, and return its sentence."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setuid(NOBODY)
        os.write(writing, sentence(path, act).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        told = answer.read().decode()
    os.waitpid(child, 0)
    return told


@pytest.fixture
def folder():
    """A folder that every user of the machine can come to: those of pytest are closed."""
    with TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.mark.process
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become a user who may not")
@pytest.mark.parametrize("closed", ["folder", "", ".key"])
def test_what_this_user_may_not_reach_is_named(folder, closed):
    path = fresh(folder / "desk.duckdb")
    for each in (folder, *folder.iterdir()):
        os.chown(each, NOBODY, NOBODY)
    (folder if closed == "folder" else beside(path, closed)).chmod(0o500 if closed == "folder" else 0o000)
    told = as_nobody(path, lambda store: Store.open(store, NOW).close())
    assert OWN in told
    assert told.startswith(f"desk.duckdb{'.lock' if closed == 'folder' else closed} cannot be opened: ")
    if closed == "folder":
        assert OWN in as_nobody(folder / "new.duckdb", lambda store: Store.create(store, "bench", NOW).close())
