"""Purge and backup as acts: entered in the log at their begin and end, and the three dates of an erasure."""

from datetime import timedelta

import pytest

from core.actions.desk.desk import operator_desk, worker_desk
from core.actions.oversight import proof, purges
from core.law.errors import Invalid, NotAllowed, Refused
from core.law.roles import Role
from core.store.backup import FILE, MANIFEST, read_backup
from core.store.engine import Store
from core.store.filekey import master_key
from core.store.keys import KeyKind
from core.store.ledger import ERASED, RESTORED
from tests.conftest import NOW, desk_of

PERSON = "0" * 31 + "1"
HOUR = timedelta(hours=1)


def desk_at(store, hours=0):
    return operator_desk(store, "tester", NOW + hours * HOUR)


def erase(store, hours, ref=PERSON):
    store.ledger.add(ERASED, ref, "", NOW + hours * HOUR)


def entries_of(store, act):
    with store.transaction() as tx:
        rows = tx.rows("log.all_rows", chain=store.chain, first=0, last=10**9)
    return [row for row in rows if row["act"] == act]


def test_a_purge_is_entered_at_its_begin_and_its_end(store):
    done = purges.purge(desk_at(store))
    begun, ended = entries_of(store, "store.purge")
    assert '"step":"begun"' in begun["details"]
    assert '"step":"done"' in ended["details"]
    assert (begun["actor_ref"], begun["role"]) == ("operator:tester", "operator")
    assert purges.last_purge(desk_at(store)) == NOW == done.started_at
    assert proof.verify(desk_at(store)).ok


@pytest.mark.parametrize("role", [Role.DPO, Role.ADMINISTRATOR, Role.STEWARD])
def test_only_the_operator_purges_and_backs_up(store, tmp_path, role):
    desk = desk_of(store, role)
    for action in (
        lambda: purges.purge(desk), lambda: purges.back_up(desk, tmp_path / "b"), lambda: purges.forget_backup(desk, "2026-11-24"),
    ):
        with pytest.raises((NotAllowed, Invalid)):
            action()
    assert not (tmp_path / "b").exists()
    assert purges.last_purge(desk_of(store, Role.DPO)) is None


def test_what_was_erased_before_a_purge_began_is_purged_and_not_what_came_after(store):
    purges.purge(desk_at(store, 0))
    erase(store, 1)
    assert purges.dates_of(desk_at(store), PERSON) == purges.Dates(NOW + HOUR, None, NOW + HOUR, 0)
    purges.purge(desk_at(store, 2))
    purges.purge(desk_at(store, 5))
    assert purges.dates_of(desk_at(store), PERSON).purged_at == NOW + 2 * HOUR
    assert purges.dates_of(worker_desk(store, NOW), "f" * 32) == purges.Dates(None, None, None, 0)


def test_an_erasure_that_came_while_the_copy_was_made_is_not_purged_by_it(store):
    def told(step):
        if step == "wait":  # the copy is made
            erase(store, -5)  # even dated before: the order counts, not the clock

    purges.purge(desk_at(store), told)
    assert purges.dates_of(desk_at(store), PERSON).purged_at is None


def test_after_an_older_file_came_back_only_a_new_purge_counts(store):
    erase(store, 0)
    purges.purge(desk_at(store, 1))
    store.ledger.add(RESTORED, "name", f"0 {'0' * 64} 0 {'0' * 64}", NOW + 2 * HOUR)
    assert purges.dates_of(desk_at(store), PERSON).purged_at is None
    purges.purge(desk_at(store, 3))
    assert purges.dates_of(desk_at(store), PERSON).purged_at == NOW + 3 * HOUR


def test_the_last_backup_that_held_the_person_gives_the_third_date(store, tmp_path):
    first = purges.back_up(desk_at(store, 0), tmp_path / "b")
    second = purges.back_up(desk_at(store, 1), tmp_path / "b")
    erase(store, 2)
    later = purges.back_up(desk_at(store, 3), tmp_path / "b")
    assert purges.dates_of(desk_at(store), PERSON).backups_left == 2
    assert purges.forget_backup(desk_at(store, 4), first.name) == 1
    assert purges.dates_of(desk_at(store), PERSON) == purges.Dates(NOW + 2 * HOUR, None, None, 1)
    purges.forget_backup(desk_at(store, 5), second.name)
    assert purges.dates_of(desk_at(store), PERSON).backups_gone_at == NOW + 5 * HOUR
    known = {each.name: each.forgotten_at for each in purges.backups(desk_at(store))}
    assert known == {first.name: NOW + 4 * HOUR, second.name: NOW + 5 * HOUR, later.name: None}
    with pytest.raises(Invalid, match="No backup"):
        purges.forget_backup(desk_at(store, 6), second.name)
    for ahead in ("2026-11-24", "9999-12-31"):
        with pytest.raises(Invalid, match="lies after"):
            purges.forget_backup(desk_at(store, 6), ahead)
    assert purges.forget_backup(desk_at(store, 6), f"{NOW:%Y-%m-%d}") == 1


def test_a_backup_opens_under_its_own_key_and_holds_no_key_of_a_person(store, tmp_path):
    store.keys.ensure(KeyKind.SUBJECT, PERSON)
    wrapped = (store.path.parent / "desk.duckdb.keys").read_bytes()
    made = purges.back_up(desk_at(store), tmp_path / "b", tmp_path / "keys")
    folder = tmp_path / "b" / made.name
    assert sorted(each.name for each in folder.iterdir()) == [MANIFEST, FILE, FILE + ".key"]
    assert {each.stat().st_mode & 0o077 for each in [folder, *folder.iterdir()]} == {0}
    assert not any(wrapped[50:] in each.read_bytes() for each in folder.iterdir())
    read, keys = read_backup(folder, master_key(store.path))
    assert read == made
    assert keys.current not in {store.secrets.current}
    assert keys.same_store(store.secrets)
    assert (tmp_path / "keys" / "desk.duckdb.keys").read_bytes() == wrapped
    store.keys.destroy(KeyKind.SUBJECT, PERSON)
    purges.back_up(desk_at(store, 1), tmp_path / "b", tmp_path / "keys")
    newest = (tmp_path / "keys" / "desk.duckdb.keys").read_bytes()  # one copy: the mark of a key that was destroyed
    assert newest == (store.path.parent / "desk.duckdb.keys").read_bytes()
    assert bytes.fromhex(PERSON) not in newest
    assert [each.name for each in tmp_path.joinpath("b").iterdir() if each.name.startswith(".")] == []


def test_keys_beside_backups_are_refused(store, tmp_path):
    for keys in (tmp_path / "b", tmp_path / "b" / "keys"):
        with pytest.raises(Invalid, match="apart"):
            purges.back_up(desk_at(store), tmp_path / "b", keys)
    assert purges.backups(desk_at(store)) == ()


def test_a_folder_that_cannot_be_written_is_a_sentence_and_leaves_nothing(store, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Refused, match="cannot be written there"):
        purges.back_up(desk_at(store), tmp_path / "file")
    assert purges.backups(desk_at(store)) == ()
    assert list((store.path.parent / "desk.duckdb.d" / "next").iterdir()) == []


@pytest.mark.parametrize("name", [FILE, MANIFEST, FILE + ".key"])
def test_a_backup_that_was_changed_is_refused(store, tmp_path, name):
    made = purges.back_up(desk_at(store), tmp_path)
    path = tmp_path / made.name / name
    content = path.read_bytes()
    middle = len(content) // 2
    path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1:])
    with pytest.raises(Refused):
        read_backup(tmp_path / made.name, master_key(store.path))


def test_a_backup_of_another_store_is_refused(store, tmp_path):
    made = purges.back_up(desk_at(store), tmp_path)
    (tmp_path / "other").mkdir()
    other = Store.create(tmp_path / "other" / "desk.duckdb", "bench", NOW)
    with pytest.raises(Refused, match="another store"):
        read_backup(tmp_path / made.name, master_key(other.path))
    other.close()
