"""An older backup brought back: still erased, still suppressed, entered in the log, and only where it is meant."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.actions.answers.erasure import restores
from core.actions.desk import things
from core.actions.desk.act import act
from core.actions.desk.desk import operator_desk
from core.actions.oversight import proof, purges
from core.actions.people import imports
from core.audit.chain import Head, verify_chain
from core.audit.leaf import GENESIS, entry_hash
from core.connectors import erased
from core.connectors.local import Local
from core.law.acts import Act
from core.law.errors import NotPossible, Refused
from core.law.roles import Role
from core.store.durable import MAGIC
from core.store.engine import Store
from core.store.filekey import Secrets, master_key
from core.store.files import beside
from core.store.keys import KeyKind
from core.store.ledger import ERASED, RESTORED, SUPPRESSED
from core.store.lock import Held
from core.store.restore import put_over
from tests.actions.things_of import plant
from tests.conftest import NOW, desk_of
from tests.permits import own

CSV = (
    b"customer_id,given_name,surname,email,birth_date\n"
    b"c-1,Given0001x,Family0001x,marker0001x@people.example,not a date\n"
    b"c-2,Given0002x,Family0002x,marker0002x@people.example,1980-02-01\n"
)
LATER = NOW + timedelta(hours=5)


def operator(store, hours=0):
    return operator_desk(store, "tester", NOW + timedelta(hours=hours))


def note(store, number):
    with act(desk_of(store, Role.STEWARD), Act.CASE_NOTE, key=f"note-{number:08}"):
        pass


def people_of(store):
    with store.transaction() as tx:
        return {row[0]: row[1] for row in tx._cursor.execute("select customer_id, subject_ref from profiles").fetchall()}


def entries_of(store, name):
    with store.transaction() as tx:
        rows = tx.rows("log.all_rows", chain=store.chain, first=0, last=10**9)
    return [row for row in rows if row["act"] == name]


def erase(store, ref, scope=""):
    """Erase a person as the desk does: rows, then the ledger, then the key."""
    with act(desk_of(store, Role.STEWARD), Act.CASE_NOTE, things.person(ref)) as now:
        Local(store).erase(now.tx, own(ref), NOW)
    store.ledger.add(ERASED, ref, scope, NOW)
    store.keys.destroy(KeyKind.SUBJECT, ref)


@pytest.fixture
def backed(store, tmp_path):
    """Give a store with two people and a backup of it, and go on working."""
    imports.import_people(desk_of(store, Role.STEWARD), CSV, key="import-00001")
    made = purges.back_up(operator(store), tmp_path / "b")
    note(store, 1)
    return store, tmp_path / "b" / made.name


def bring_back(store, folder, **more):
    """Close the store and restore the backup over it, its head told."""
    path, head = store.path, store.tip.head.hex()
    store.close()
    return restores.restore(path, folder, "tester", LATER, **{"head": head} | more)


def test_who_was_erased_since_the_backup_is_erased_again(backed):
    store, folder = backed
    gone = people_of(store)["c-1"]
    erase(store, gone)
    old = store.tip
    opened, made, settled = bring_back(store, folder)
    assert (settled.erased, settled.restored) == (1, True)
    assert list(people_of(opened)) == ["c-2"]
    with opened.transaction() as tx:
        assert not tx.rows("erased.held", subjects=[gone])
        assert not tx._cursor.execute("select 1 from identifiers where subject_ref = $1", [gone]).fetchall()
    (entry,) = entries_of(opened, "store.restore")
    assert entry["seq"] == made.entries
    assert entry["subject_ref"] == gone
    assert entry["actor_ref"] == "operator:tester"
    for said in (f'"old_entries":{old.count}', f'"old_head":"{old.head.hex()}"', f'"restored_head":"{made.head}"'):
        assert said in entry["details"]
    assert proof.verify(operator(opened, 6)).ok
    opened.close()
    again = Store.open(store.path, LATER)
    assert restores.settle(operator(again, 7)) == restores.Settled(0, 0, 0, restored=False)
    assert len(entries_of(again, "store.restore")) == 1
    again.close()


def test_tables_that_an_erasure_left_standing_stand_again(backed):
    store, folder = backed
    ref = people_of(store)["c-2"]
    with store.transaction() as tx:
        tx._cursor.execute("insert into consents values ('1', $1, 'news', 'email', true, '2026-01-01', null, 'marker')", [ref])
        store.commit(tx)
    folder = folder.parent / purges.back_up(operator(store, 1), folder.parent).name
    store.ledger.add(ERASED, ref, erased.ledger_scope({"consents": ["source"]}, key_destroyed=False), NOW)
    opened, _, settled = bring_back(store, folder)
    assert settled.erased == 1
    with opened.transaction() as tx:
        assert [row["table_name"] for row in tx.rows("erased.held", subjects=[ref])] == ["consents"]
        assert [row["source"] for row in tx.rows("people.consents_of", subject=ref)] == [None], "what was emptied stays empty"
    assert restores.settle(operator(opened, 7)).erased == 0
    opened.close()


def test_suppressions_made_since_the_backup_are_entered_again(backed):
    store, folder = backed
    scope = '["objection", "email", "direct marketing", "", "21(3)", null]'
    store.ledger.add(SUPPRESSED, "ab" * 32, scope, NOW)
    opened, _, settled = bring_back(store, folder)
    assert settled.suppressed == 1
    with opened.transaction() as tx:
        rows = tx._cursor.execute("select h, state from suppressions where ended_at is null").fetchall()
    assert rows == [(bytes.fromhex("ab" * 32), "objection")]
    opened.close()


def test_sessions_of_the_backup_are_ended(backed):
    store, folder = backed
    with store.transaction() as tx:
        tx._cursor.execute("insert into sessions values ('h', 'a', 's', '2026-11-23', '2026-11-23', '2026-11-30', null, null, null)")
        store.commit(tx)
    folder = folder.parent / purges.back_up(operator(store, 1), folder.parent).name
    opened, *_ = bring_back(store, folder)
    with opened.transaction() as tx:
        assert tx._cursor.execute("select ended_at from sessions").fetchall() == [(LATER,)]
    opened.close()


@pytest.mark.parametrize("head", ["", "0" * 64, "told of another"])
def test_a_store_that_is_there_is_overwritten_only_by_its_head(backed, head):
    store, folder = backed
    want = store.tip.head.hex()
    with pytest.raises(NotPossible, match=f"--head {want}"):
        bring_back(store, folder, head=head)
    again = Store.open(store.path, NOW)
    assert again.tip.head.hex() == want
    assert list(again.ledger.entries(RESTORED)) == []
    again.close()


def test_a_store_that_a_desk_holds_is_not_touched(backed):
    store, folder = backed
    with pytest.raises(Held, match="held by process"):
        restores.restore(store.path, folder, "tester", LATER, head=store.tip.head.hex())


def test_a_start_that_finds_a_restore_cut_off_finishes_it(backed):
    """The process dies after the switch and before anything was repeated or entered."""
    store, folder = backed
    gone = people_of(store)["c-1"]
    erase(store, gone)
    made, keys = restores.read_backup(folder, master_key(store.path))
    put_over(store, folder, made, keys, LATER)
    store.close()
    again = Store.open(store.path, LATER)
    assert "c-1" in people_of(again)
    settled = restores.settle(operator(again, 6))
    assert (settled.erased, settled.restored) == (1, True)
    assert "c-1" not in people_of(again)
    assert len(entries_of(again, "store.restore")) == 1
    again.close()


def test_a_restore_cut_off_before_the_switch_leaves_the_store_and_no_entry(backed):
    store, _ = backed
    store.ledger.add(RESTORED, "name", f"{store.tip.count} {store.tip.head.hex()} 0 {'0' * 64}", NOW)
    assert restores.settle(operator(store, 1)).restored is False
    assert entries_of(store, "store.restore") == []


def test_an_older_file_put_there_by_hand_is_refused(backed, tmp_path):
    store, folder = backed
    note(store, 2)
    purges.purge(operator(store, 1))
    store.close()
    secrets = Secrets(folder / "desk.duckdb", master_key(store.path))
    secrets.load()
    store.path.write_bytes((folder / "desk.duckdb").read_bytes())
    secrets.write_for(store.path, secrets.current)
    again = Store.open(store.path, NOW)
    with pytest.raises(NotPossible, match="put in the store's place by hand"):
        restores.settle(operator(again, 2))
    again.close()


@pytest.mark.parametrize("change", ["gone", "cut"])
def test_a_ledger_that_lacks_what_the_log_tells_of_is_refused(backed, change):
    store, _ = backed
    erase(store, people_of(store)["c-1"])
    purges.purge(operator(store, 1))
    store.close()
    ledger = beside(store.path, ".ledger")
    whole = ledger.read_bytes()
    ledger.unlink() if change == "gone" else ledger.write_bytes(whole[: whole.rfind(MAGIC)])
    with pytest.raises(Refused, match="missing, emptied or an older copy"):
        Store.open(store.path, NOW)
    again = Store.open(store.path, NOW, tolerating=True)
    with pytest.raises(NotPossible, match="missing or an older copy"):
        restores.settle(operator(again, 2))
    again.close()
    ledger.write_bytes(whole)
    again = Store.open(store.path, NOW)
    assert restores.settle(operator(again, 3)) == restores.Settled(0, 0, 0, restored=False)
    again.close()


def test_purges_and_backups_go_on_after_restores_of_which_one_was_cut_off(backed, tmp_path):
    """Each start holds log and ledger against each other, whatever came between."""
    store, folder = backed
    store.ledger.add(RESTORED, "cut off", f"{store.tip.count} {store.tip.head.hex()} 0 {'0' * 64}", NOW)
    purges.purge(operator(store, 1))
    opened, *_ = bring_back(store, folder)
    purges.purge(operator(opened, 6))
    purges.back_up(operator(opened, 7), tmp_path / "b")
    opened.ledger.add(RESTORED, "cut off", f"{opened.tip.count} {opened.tip.head.hex()} 0 {'0' * 64}", NOW)
    note(opened, 3)
    opened.close()
    again = Store.open(store.path, LATER)
    assert restores.settle(operator(again, 8)).restored is False
    again.close()


def test_without_ledger_and_keys_a_lost_store_comes_back_where_that_is_said(backed, tmp_path):
    store, folder = backed
    purges.purge(operator(store, 1))
    folder = folder.parent / purges.back_up(operator(store, 2), folder.parent).name
    store.close()
    (tmp_path / "fresh").mkdir()
    path = tmp_path / "fresh" / "desk.duckdb"
    beside(path, ".master").write_bytes(beside(store.path, ".master").read_bytes())
    opened, _, settled = restores.restore(path, folder, "tester", LATER, unlisted=True)
    assert settled.restored
    assert sorted(people_of(opened)) == ["c-1", "c-2"]
    opened.close()
    again = Store.open(path, LATER)
    restores.settle(operator(again, 9))
    again.close()


def test_somebody_erased_who_stands_there_again_is_erased_at_the_next_start(backed):
    """Also without a restore: whatever brought the rows back."""
    store, _ = backed
    ref = people_of(store)["c-1"]
    store.ledger.add(ERASED, ref, erased.ledger_scope({}, key_destroyed=True), NOW)
    settled = restores.settle(operator(store, 1))
    assert (settled.erased, settled.keys) == (1, 1)
    assert "c-1" not in people_of(store)
    assert len(entries_of(store, "store.restore")) == 1
    assert not store.keys.holds(KeyKind.SUBJECT, ref)


def test_a_start_destroys_the_keys_that_are_due_and_no_other(backed):
    store, _ = backed
    people = people_of(store)
    with act(desk_of(store, Role.STEWARD), Act.CASE_NOTE) as now:
        Local(store).erase(now.tx, own(people["c-1"]), NOW)
    store.keys.ensure(KeyKind.SUBJECT, people["c-1"], people["c-2"])
    store.ledger.add(ERASED, people["c-1"], "", NOW)
    store.ledger.add(ERASED, people["c-2"], erased.ledger_scope({"profiles": []}, key_destroyed=False), NOW)
    assert restores.settle(operator(store, 1)).keys == 1
    assert not store.keys.holds(KeyKind.SUBJECT, people["c-1"])
    assert store.keys.holds(KeyKind.SUBJECT, people["c-2"])
    assert restores.settle(operator(store, 2)).keys == 0


def test_a_lost_store_comes_back_where_keys_and_ledger_are(backed, tmp_path):
    store, folder = backed
    erase(store, people_of(store)["c-1"])
    lost = Head(store.tip.count, store.tip.head)
    store.close()
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    for suffix in (".master",):
        (fresh / f"desk.duckdb{suffix}").write_bytes(beside(store.path, suffix).read_bytes())
    path = fresh / "desk.duckdb"
    with pytest.raises(Refused, match="belong beside the store"):
        restores.restore(path, folder, "tester", LATER, lost=lost)
    assert not path.exists()
    for suffix in (".keys", ".ledger"):
        beside(path, suffix).write_bytes(beside(store.path, suffix).read_bytes())
    opened, _, settled = restores.restore(path, folder, "tester", LATER, lost=lost)
    assert (settled.erased, settled.restored) == (1, True)
    assert list(people_of(opened)) == ["c-2"]
    (entry,) = entries_of(opened, "store.restore")
    assert f'"old_entries":{lost.count}' in entry["details"]
    opened.close()


def test_a_backup_of_another_store_is_not_put_over_this_one(backed, tmp_path):
    store, _ = backed
    (tmp_path / "other").mkdir()
    beside(tmp_path / "other" / "desk.duckdb", ".master").write_bytes(beside(store.path, ".master").read_bytes())
    other = Store.create(tmp_path / "other" / "desk.duckdb", "bench", NOW)
    foreign = purges.back_up(operator(other), tmp_path / "f")
    other.close()
    with pytest.raises(Refused, match="another store"):
        bring_back(store, tmp_path / "f" / foreign.name)
    Store.open(store.path, NOW).close()


def test_a_known_head_in_the_part_that_a_restore_replaced_is_a_note(backed):
    store, folder = backed
    note(store, 2)
    lost = Head(store.tip.count, store.tip.head)
    inside = Head(store.tip.count - 1, bytes(range(32)))
    opened, made, _ = bring_back(store, folder)
    for number in range(3, 9):
        note(opened, number)
    for head in (lost, inside):
        report = proof.verify(operator(opened, 6), head)
        assert report.ok, report.first_fault
        assert "replaced when an older backup was restored" in " ".join(report.notes)
    # What was not lost still counts: a head before the backup, and one beyond all that is recorded.
    assert not proof.verify(operator(opened, 6), Head(made.entries, bytes(32))).ok
    assert not proof.verify(operator(opened, 6), Head(lost.count + 10_000, lost.digest)).ok
    opened.close()


def test_a_refused_restore_forgives_no_head(backed):
    """Only an entry of a restore that was done replaces a part of the log."""
    store, folder = backed
    lost = Head(store.tip.count, store.tip.head)
    opened, _, _ = bring_back(store, folder)
    with opened.transaction() as tx:
        rows = list(proof.stored(tx, opened.chain))
    refused, head = [], GENESIS
    for entry, _, _ in rows:
        other = replace(entry, outcome="refused.invalid") if entry.act == "store.restore" else entry
        refused.append((other, head, entry_hash(head, other)))
        head = refused[-1][2]
    assert verify_chain(rows, expect_head=lost).ok
    assert verify_chain(refused).ok
    assert not verify_chain(refused, expect_head=lost).ok
    opened.close()


def test_a_ledger_without_stops_gets_those_that_stand_at_the_first_start_and_only_then(backed):
    store, folder = backed
    for number, ended in (("s1", None), ("s2", NOW)):
        plant(store, "suppressions", id=number, state="objection", h=number.encode() * 16, kind="email", purpose="direct_marketing",
              channel="all", ground="objection.request", started_at=NOW, source="desk", ended_at=ended)
    assert not list(store.ledger.entries(SUPPRESSED))
    for _ in range(2):
        restores.settle(operator(store, 1))
        assert [entry.ref for entry in store.ledger.entries(SUPPRESSED)] == [(b"s1" * 16).hex()]
    assert ['"stops_noted":1' in row["details"] for row in entries_of(store, "store.restore")] == [True]
    opened, _, settled = bring_back(store, folder)
    assert (settled.suppressed, settled.restored) == (1, True)
    with opened.transaction() as tx:
        assert [row["state"] for row in tx.rows("suppression.by_hash", tokens=[b"s1" * 16], today=NOW.date())] == ["objection"]
    opened.close()
