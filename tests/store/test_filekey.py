"""The master key and the key file: what is missing, wrong, changed or another store's is refused, and no sentence holds a secret."""

import base64
import json
import os
import shutil
import subprocess

import pytest

from core.law.errors import Refused
from core.store import duckdb as engine
from core.store import durable
from core.store.engine import Store
from core.store.filekey import MASTER_COMMAND, MASTER_VARIABLE, KeyMissing, Secrets, master_key
from core.store.files import beside
from core.store.keys import KeyKind
from core.store.ledger import ERASED
from core.store.purge import purge
from tests.conftest import NOW
from tests.stores import PARTS, fresh

NAMES = ("current", "root")


def written(key):
    return base64.b64encode(key).decode()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Give two closed stores with keys of their own: one that holds a fact and a key of a case, and another."""
    folder = tmp_path_factory.mktemp("made")
    own, other = fresh(folder / "own" / "desk.duckdb"), folder / "other" / "desk.duckdb"
    store = Store.open(own, NOW)
    store.keys.ensure(KeyKind.CASE, "0a" * 16)
    store.ledger.add(ERASED, "0b" * 16, "", NOW)
    with store.transaction() as tx:
        tx.run("store.put_fact", name="kept", fact="marker")
        store.commit(tx)
    store.close()
    Store.create(other, "bench", NOW).close()
    return own, other


@pytest.fixture
def path(made, tmp_path):
    return copied(made[0], tmp_path / "own")


@pytest.fixture
def other(made, tmp_path):
    return copied(made[1], tmp_path / "other")


def copied(path, folder):
    folder.mkdir()
    for part in PARTS:
        if beside(path, part).exists():
            shutil.copy2(beside(path, part), folder / (path.name + part))
    return folder / path.name


def secrets_of(path):
    """Return every secret of a store in each form in which it could be told."""
    master = master_key(path)
    held = Secrets(path, master)
    held.load()
    keys = [master, held.current, held._root, *([held.next] if held.next else [])]
    return [form for key in keys for form in (key.hex(), written(key), repr(key), written(key)[:20])]


def refused(path, secrets, *words):
    """Check that the store does not open, in one sentence with these words and none of the secrets, and stays as it was."""
    before = {each.name: each.read_bytes() for each in path.parent.iterdir() if each.is_file() and each.suffix != ".lock"}
    with pytest.raises(Refused) as told:
        Store.open(path, NOW)
    sentence = str(told.value)
    assert all(word in sentence for word in words), sentence
    assert "\n" not in sentence
    assert not [secret for secret in secrets if secret in sentence]
    assert told.value.__cause__ is None
    assert told.value.__suppress_context__ or told.value.__context__ is None, "the log of a fault would tell what it hid"
    assert {name: path.with_name(name).read_bytes() for name in before} == before
    return told.value


def opens(path):
    store = Store.open(path, NOW)
    assert store.facts["kept"] == "marker"
    assert store.keys.shut() == 0
    store.close()


@pytest.mark.parametrize("text", ["x", "", "AAAA", written(bytes(31)), written(bytes(33)), written(bytes(32)) + "!", "ä" * 44, "\0"])
def test_a_master_key_that_is_none_is_refused_and_not_quoted(path, text):
    known = secrets_of(path)
    file = beside(path, ".master")
    whole = file.read_bytes()
    file.write_text(text, "utf-8")
    refusal = refused(path, known, "desk.duckdb.master", "32 bytes in base64")
    assert isinstance(refusal, KeyMissing)
    assert not text.strip("\0") or text == "x" or text not in str(refusal)
    file.write_bytes(whole)
    opens(path)


def test_a_master_key_that_is_gone_is_named_and_never_made_anew(path):
    known = secrets_of(path)
    kept = beside(path, ".master").read_bytes()
    beside(path, ".master").unlink()
    refused(path, known, "desk.duckdb.master is missing", MASTER_VARIABLE, "Put the key back")
    assert not beside(path, ".master").exists()
    beside(path, ".master").write_bytes(kept)
    opens(path)


@pytest.mark.parametrize("way", ["file", "variable", "command"])
def test_another_master_key_opens_nothing_whichever_way_it_is_given(path, monkeypatch, way):
    known, wrong = secrets_of(path), written(bytes(range(32)))
    if way == "file":
        beside(path, ".master").write_text(wrong)
    elif way == "variable":
        monkeypatch.setenv(MASTER_VARIABLE, wrong)
    else:
        monkeypatch.setenv(MASTER_COMMAND, f"echo {wrong}")
    refused(path, [*known, wrong], "does not open desk.duckdb.key")


def test_the_right_one_opens_it_by_each_way_and_the_environment_comes_first(path, monkeypatch):
    right = beside(path, ".master").read_text()
    beside(path, ".master").unlink()
    monkeypatch.setenv(MASTER_COMMAND, f"echo {right}")
    opens(path)
    monkeypatch.setenv(MASTER_COMMAND, "echo nothing of this")
    monkeypatch.setenv(MASTER_VARIABLE, f" {right} ")
    opens(path)
    monkeypatch.setenv(MASTER_VARIABLE, "")
    assert not beside(path, ".master").exists()
    with pytest.raises(KeyMissing):
        Store.open(path, NOW)


@pytest.mark.parametrize(("command", "words"), [
    ("echo SECRETWORD; exit 3", "ended with 3"), ("echo SECRETWORD", "32 bytes in base64"), ("true", "32 bytes in base64"),
    ("echo SECRETWORD >&2; no-such-command-of-tests", "ended with 127"), ("printf '\\377\\376SECRETWORD'", "32 bytes in base64"),
])
def test_a_command_that_gives_no_key_is_refused_without_what_it_printed(path, monkeypatch, command, words):
    monkeypatch.setenv(MASTER_COMMAND, command)
    refusal = refused(path, ["SECRETWORD", command], MASTER_COMMAND, words)
    assert isinstance(refusal, KeyMissing)


def test_a_command_that_does_not_end_is_given_up(path, monkeypatch):
    real = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: real(*args, **kwargs | {"timeout": 0.05}))
    monkeypatch.setenv(MASTER_COMMAND, "exec sleep 30 # SECRETWORD")
    refused(path, ["SECRETWORD"], MASTER_COMMAND, "did not end")


def test_every_changed_byte_of_the_wrapped_keys_is_refused(path):
    known = secrets_of(path)
    file = beside(path, ".key")
    kept = json.loads(file.read_text())
    whole = file.read_bytes()
    master = master_key(path)
    for name in NAMES:
        raw = base64.b64decode(kept[name])
        for place in range(len(raw)):
            changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1:]
            file.write_text(json.dumps(kept | {name: written(changed)}))
            with pytest.raises(KeyMissing) as told:
                Secrets(path, master).load()
            assert not [secret for secret in known if secret in str(told.value)]
        refused(path, known, "belongs to another store or was changed")
    file.write_bytes(whole)
    opens(path)


@pytest.mark.parametrize("harm", [
    "gone", "empty", "cut", "noise", "no object", "a key left out", "a key that is a number", "a key too short", "exchanged",
])
def test_a_key_file_that_is_not_whole_is_refused(path, harm):
    known = secrets_of(path)
    file = beside(path, ".key")
    whole = file.read_bytes()
    kept = json.loads(whole)
    changed = {
        "empty": "", "cut": whole.decode()[:80], "noise": "\ufffd" * 90, "no object": "[1, 2]",
        "a key left out": json.dumps({"current": kept["current"]}), "a key that is a number": json.dumps(kept | {"root": 7}),
        "a key too short": json.dumps(kept | {"root": "AAAA"}),
        "exchanged": json.dumps({"current": kept["root"], "root": kept["current"]}),
    }
    if harm == "gone":
        file.unlink()
    else:
        file.write_text(changed[harm], "utf-8")
    if harm == "gone":
        with pytest.raises(KeyMissing, match=r"desk\.duckdb\.key is missing"):
            Store.open(path, NOW)
    else:
        refused(path, known, "desk.duckdb.key", "")
    file.write_bytes(whole)
    opens(path)


@pytest.mark.parametrize("parts", [(".key",), (".master",), (".key", ".master"), (".keys",), (".key", ".master", ".keys", ".ledger", ".anchor")])
def test_the_keys_of_another_store_open_nothing(path, other, parts):
    known = [*secrets_of(path), *secrets_of(other)]
    kept = {part: beside(path, part).read_bytes() for part in parts}
    for part in parts:
        beside(path, part).unlink()
        if beside(other, part).exists():
            shutil.copy2(beside(other, part), beside(path, part))
    refused(path, known, "desk.duckdb")
    for part, content in kept.items():
        beside(path, part).write_bytes(content)
    opens(path)


def test_a_database_of_another_store_under_these_keys_is_refused(path, other):
    known = [*secrets_of(path), *secrets_of(other)]
    kept = path.read_bytes()
    shutil.copy2(other, path)
    refused(path, known, "does not open desk.duckdb", "another store")
    path.write_bytes(kept)
    opens(path)


def test_the_engines_own_text_is_never_told(path):
    """DuckDB quotes what it was given; a key in a statement would come back in its fault."""
    with pytest.raises(engine.WrongKey) as told:
        engine.connect(path, bytes(range(32)))
    assert bytes(range(32)).hex() not in str(told.value)
    assert told.value.__suppress_context__


def test_two_stores_share_no_key_and_one_store_derives_a_secret_of_its_own_for_each_use(path, other):
    mine, theirs = Secrets(path, master_key(path)), Secrets(other, master_key(other))
    mine.load()
    theirs.load()
    assert len({mine.current, mine._root, theirs.current, theirs._root, master_key(path), master_key(other)}) == 6
    uses = ("ledger", "anchor", "tokens", "codes", "passphrases", "identifiers", "words", "")
    derived = [secrets.derive(use) for secrets in (mine, theirs) for use in uses]
    assert len(set(derived)) == len(derived)
    assert not mine.same_store(theirs)
    assert not mine.made_copy(other)
    assert mine.made_copy(path)


def test_a_purge_changes_the_files_key_and_the_old_one_opens_nothing_more(path):
    before = Secrets(path, master_key(path))
    before.load()
    wrapped = beside(path, ".key").read_bytes()
    store = Store.open(path, NOW)
    words = store.keyed_hash("words", "x")
    purge(store, NOW)
    assert store.secrets.current != before.current
    assert store.keyed_hash("words", "x") == words, "what the store's own secrets made stays findable"
    store.close()
    with pytest.raises(engine.WrongKey):
        engine.connect(path, before.current)
    now = beside(path, ".key").read_bytes()
    assert "next" not in json.loads(now)
    beside(path, ".key").write_bytes(wrapped)
    refused(path, secrets_of(path), "key file belongs to another store")
    beside(path, ".key").write_bytes(now)
    opens(path)


def test_a_key_prepared_and_not_used_is_destroyed_at_the_next_opening(path):
    secrets = Secrets(path, master_key(path))
    secrets.load()
    secrets.prepare("purge 2026-11-23T09:00:00 0 0 00")
    prepared = json.loads(beside(path, ".key").read_text())
    assert {"next", "next_for"} <= set(prepared)
    opens(path)
    assert set(json.loads(beside(path, ".key").read_text())) == set(NAMES)


def test_a_key_file_that_cannot_be_written_changes_no_key_here_either(path, monkeypatch):
    secrets = Secrets(path, master_key(path))
    secrets.load()
    held, whole = secrets.current, beside(path, ".key").read_bytes()

    def full(descriptor, content):
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patch:
        patch.setattr(durable.os, "write", full)
        with pytest.raises(Refused, match="no space left"):
            secrets.prepare("purge x")
    assert (secrets.current, secrets.next) == (held, None)
    assert beside(path, ".key").read_bytes() == whole
    opens(path)


def test_the_key_files_are_their_owners_alone_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        Store.create(tmp_path / "open" / "desk.duckdb", "bench", NOW).close()
    finally:
        os.umask(before)
    for suffix in (".master", ".key"):
        assert beside(tmp_path / "open" / "desk.duckdb", suffix).stat().st_mode & 0o077 == 0, suffix


def test_making_a_store_takes_over_a_master_key_that_is_there(tmp_path, path, other):
    """A store lost with its key kept is made anew beside it; the key is not written over."""
    target = tmp_path / "again" / "desk.duckdb"
    target.parent.mkdir()
    shutil.copy2(beside(path, ".master"), beside(target, ".master"))
    Store.create(target, "bench", NOW).close()
    assert beside(target, ".master").read_bytes() == beside(path, ".master").read_bytes()
    shutil.copy2(beside(other, ".key"), beside(target, ".key"))
    refused(target, [], "does not open desk.duckdb.key")
