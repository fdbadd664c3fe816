"""After an erasure and a purge nothing of the person is left: not in any file, not in what the keys open, not in a backup.

The person is erased through the desk's own acts. Searched is what lies on the disk: every other file as it is, and the
store's and the backups' own files block by block, opened with their keys and written without compression, so that no
encoding hides a value; free blocks are searched too. What the law keeps is the request file under its case key.
"""

import re

import pytest

from core.actions.answers.erasure import restores
from core.actions.desk.desk import operator_desk
from core.actions.oversight import proof, purges
from core.connectors import erased
from core.connectors.local import Local
from core.connectors.suppressed import standing, tokens
from core.store import duckdb as engine
from core.store.backup import FILE
from core.store.encryption import Cell, decrypt
from core.store.engine import Store
from core.store.files import beside
from core.store.keys import KeyKind
from tests.actions.answers.erasure.test_consent_proofs import CLAIM
from tests.actions.correcting import LATER
from tests.conftest import NOW
from tests.faults.marked import GONE, PHONE, STAYS, answered_copy, approved_erasure, desks, fill, mail, subject_of
from tests.faults.raw import holds, key_of, opened
from tests.permits import own

MARKS = (GONE, PHONE[GONE])
# Two hundred values of the erased person, each of which the search has to see before it may say that none is left.
EACH = {f"{GONE}-m{number:03d}".encode() for number in range(200)}


@pytest.fixture
def store(tmp_path, monkeypatch):
    """Give a store with two marked people, written without compression."""
    monkeypatch.setitem(engine.CONFIGURATION, "force_compression", "uncompressed")
    (tmp_path / "store").mkdir()
    made = Store.create(tmp_path / "store" / "desk.duckdb", "bench", NOW)
    fill(made)
    with made.transaction() as tx:
        tx._cursor.execute(
            "insert into attributes select $1, 'kept ' || n, $2 || '-m' || lpad(n::varchar, 3, '0') from range(200) t(n)",
            [subject_of(made, GONE), GONE],
        )
        made.commit(tx)
    yield made
    made.close()


def operator(store, hours):
    return operator_desk(store, "tester", LATER.replace(hour=LATER.hour + hours))


def found(folder, master_of):
    """Return the files under the folder, and the markers found in them, as they are and opened."""
    hits = []
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        content = path.read_bytes()
        if path.name == FILE:
            assert not beside(path, ".wal").exists()
            content += opened(path, key_of(path, master_of))
        hits += [(path.name, mark) for mark in holds(content, *MARKS)]
    return hits


def each_of(folder, master_of):
    """Return which of the two hundred values stand in the store's or the backup's own file under the folder."""
    files = (opened(path, key_of(path, master_of)) for path in folder.rglob(FILE))
    return {mark for content in files for mark in re.findall(GONE.encode() + rb"-m\d{3}", content)}


def secrets_of(store, subject):
    """Return the bytes by which the person could be known without any text: sealed details, hashes, the wrapped key."""
    with store.transaction() as tx:
        sealed = [bytes(row["detail"]) for row in tx.rows("people.events_of", subject=subject)]
        sealed += [bytes(row["source_texts"]) for row in tx.rows("people.profiles_of", subjects=[subject])]
        hashes = tx._cursor.execute("select h from identifiers where subject_ref = $1", [subject]).fetchall()
    keys = beside(store.path, ".keys").read_bytes()
    record = keys[keys.index(bytes.fromhex(subject)):][16:16 + 12 + 48]
    assert len(sealed) == 9
    assert len(hashes) >= 4
    return [*sealed, *(h.to_bytes(8, "little") for (h,) in hashes), record]


def left_of(tokens_before, folder, master_of):
    contents = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    contents += [opened(path, key_of(path, master_of)) for path in folder.rglob(FILE)]
    return [number for number, token in enumerate(tokens_before) if any(token in each for each in contents)]


def check_standing(store, subject, moment):
    """The other person is whole, the erased one is not found and stays suppressed, a consent is proven, the log verifies."""
    with store.transaction() as tx:
        assert str(Local(store).export(tx, own(subject_of(store, STAYS)))).count(STAYS) > 20
        assert not tx.rows("people.by_customer", customers=[f"{GONE}-id"])
        assert not tx.rows("erased.held", subjects=[subject])
        states = {row["state"] for row in standing(tx, tokens(store, "email", mail(GONE)), NOW.date())}
        (proof_of_consent,) = erased.proofs_under(store, tx, "email", mail(GONE), NOW.date())
        assert (proof_of_consent.source, proof_of_consent.ground) == (f"{GONE}-form", "17.3.e")
    assert states == {"objection", "do_not_import"}
    assert not store.keys.holds(KeyKind.SUBJECT, subject)
    assert proof.verify(operator_desk(store, "tester", moment)).ok


def test_no_marker_of_an_erased_person_is_left_and_no_older_backup_brings_one_back(store, tmp_path):
    walk, path, folder = desks(store), store.path, store.path.parent
    subject = subject_of(store, GONE)
    with store.transaction() as tx:
        assert str(Local(store).export(tx, own(subject))).count(GONE) > 20
    answered_copy(walk)
    known = secrets_of(store, subject)
    older = purges.back_up(operator(store, 0), tmp_path / "older", tmp_path / "keys")
    erasure = approved_erasure(walk, "erasure_partly", CLAIM)
    erasure.carry()
    assert erasure.state == "ready_to_send"
    check_standing(store, subject, LATER)
    store.close()

    # The negative control: deleted and checkpointed, the rows' bytes are all still there, and the search sees them.
    assert {mark for _, mark in found(folder, path)} == set(MARKS)
    assert each_of(folder, path) == EACH
    assert {name for name, _ in found(folder, path)} == {FILE}
    assert left_of(known[:-1], folder, path), "sealed texts and hashes are still there too"

    again = Store.open(path, LATER)
    purges.purge(operator(again, 1))
    newer = purges.back_up(operator(again, 2), tmp_path / "newer", tmp_path / "keys")
    dates = purges.dates_of(operator(again, 2), subject)
    assert (dates.erased_at, dates.purged_at, dates.backups_left) == (LATER, operator(again, 1).now, 1)
    check_standing(again, subject, operator(again, 3).now)
    head = again.tip.head.hex()
    again.close()
    for place in (folder, tmp_path / "newer", tmp_path / "keys"):
        assert found(place, path) == []
        assert left_of(known, place, path) == []
    assert STAYS.encode() in opened(path, key_of(path)), "the search reads what is there"
    assert STAYS.encode() in opened(tmp_path / "newer" / newer.name / FILE, key_of(tmp_path / "newer" / newer.name / FILE, path))
    assert {path.name for path in folder.rglob("*") if path.is_file()} == {
        FILE, *(FILE + suffix for suffix in (".anchor", ".key", ".keys", ".ledger", ".lock", ".master")),
    }, "no log of the engine, no copy, no spill file, no export"

    # The request file is kept by law: its words open with the case key, and with it alone.
    kept = Store.open(path, LATER)
    with kept.transaction() as tx:
        messages = tx.rows("desk_records.messages", subject=subject)
    assert f"{GONE}-body" in {
        decrypt(kept, each["case_ref"], each["body"], Cell("messages", each["id"], "body"))
        for each in messages if each["case_ref"] == erasure.case_ref
    }
    kept.close()

    # The backup from before the erasure holds the person; brought back, the ledger is repeated before anybody signs in.
    backup = tmp_path / "older" / older.name
    assert {mark for _, mark in found(backup, path)} == set(MARKS)
    assert each_of(backup, path) == EACH
    restored, _, settled = restores.restore(path, backup, "tester", operator(store, 4).now, head=head)
    assert (settled.erased, settled.restored) == (1, True)
    check_standing(restored, subject, operator(store, 5).now)
    with restored.transaction() as tx:
        rows = [row for row in tx.rows("log.all_rows", chain=restored.chain, first=0, last=10**9) if row["act"] == "store.restore"]
    assert [(row["subject_ref"], row["outcome"]) for row in rows] == [(subject, "done")]
    assert head in rows[0]["details"]
    purges.purge(operator(restored, 5))
    restored.close()
    assert found(folder, path) == []
    assert left_of(known, folder, path) == []
