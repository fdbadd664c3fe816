"""A restore tried on an empty folder: what came of it is on the desk, and nothing of it is left."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from core.actions.answers.erasure import drills
from core.actions.desk.desk import operator_desk
from core.actions.oversight import purges
from core.law.errors import NotAllowed, NotPossible, Refused
from core.law.roles import Role
from core.store import backup
from core.store import duckdb as engine
from core.store.backup import FILE
from core.store.filekey import master_key
from core.store.files import beside
from core.store.purge import copying_alone
from tests.actions.answers.erasure.test_erasures import planned, send
from tests.conftest import NOW, desk_of


def operator(store, now=NOW):
    return operator_desk(store, "root", now)


def back_up(store, folder, now=NOW):
    return folder / purges.back_up(operator(store, now), folder).name


def tried(store, folder, now=NOW):
    return drills.drill(operator(store, now), folder, "root")


def forge(store, folder):
    """Change an entry of the log inside a backup, and seal it anew: only who reads the whole log sees it."""
    made, secrets = backup.read_backup(folder, master_key(store.path))
    opened = engine.connect(folder / FILE, secrets.current)
    opened.execute("use store")
    opened.execute("update audit set purpose_code = 'forged' where seq = 1")
    opened.close()
    made = replace(made, sha256=backup.digest_of(folder / FILE))
    said = backup._fields(made) | {"seal": backup._seal(secrets, made)}
    (folder / backup.MANIFEST).write_text(json.dumps(said))


def test_a_backup_from_before_an_erasure_comes_back_without_the_person(erasure, tmp_path, entries):
    folder = back_up(erasure.store, tmp_path / "backups")
    letter = planned(erasure)
    erasure.approve()
    erasure.carry()
    send(erasure, letter)
    before, known = erasure.store.tip.count, list(erasure.store.ledger.entries())
    done = tried(erasure.store, folder)
    assert (done.trouble, done.erased_again, done.people) == ("", 1, 2)
    assert not beside(erasure.store.path, ".drill").exists()
    assert list(erasure.store.ledger.entries()) == known, "the store's own ledger knows of no restore"
    assert erasure.store.tip.count == before + 2
    (_, entry) = [row for row in entries() if row["act"] == "store.drill"]
    assert (entry["object_id"], json.loads(entry["details"])["sound"]) == (done.backup, 1)
    assert drills.standing(desk_of(erasure.store, Role.DPO)).last == drills.Drill(**{
        **{name: getattr(done, name) for name in done.__slots__}, "seconds": round(done.seconds, 3),
    })


def test_a_backup_that_does_not_come_back_is_told_on_the_desk(erasure, tmp_path):
    folder = back_up(erasure.store, tmp_path / "backups")
    forge(erasure.store, folder)
    done = tried(erasure.store, folder)
    assert "the log" in done.trouble.lower()
    standing = drills.standing(desk_of(erasure.store, Role.DPO))
    assert (standing.due, standing.last.trouble) == (True, done.trouble)
    assert not beside(erasure.store.path, ".drill").exists()


def test_what_is_no_backup_of_this_store_is_not_tried(erasure, tmp_path):
    folder = back_up(erasure.store, tmp_path / "backups")
    with (folder / FILE).open("ab") as file:
        file.write(b"x")
    with pytest.raises(Refused, match="not the one that was written"):
        tried(erasure.store, folder)
    with pytest.raises(Refused, match="no backup of this desk"):
        tried(erasure.store, tmp_path)
    assert drills.standing(desk_of(erasure.store, Role.DPO)).last is None


def test_a_restore_is_to_be_tried_once_a_quarter_and_where_there_is_a_backup(erasure, tmp_path):
    dpo = desk_of(erasure.store, Role.DPO)
    assert not drills.standing(dpo).due
    folder = back_up(erasure.store, tmp_path / "backups")
    assert drills.standing(dpo).due
    tried(erasure.store, folder)
    assert not drills.standing(desk_of(erasure.store, Role.DPO, now=NOW + drills.EVERY)).due
    assert drills.standing(desk_of(erasure.store, Role.DPO, now=NOW + drills.EVERY + timedelta(hours=1))).due


def test_what_a_try_that_was_cut_off_left_is_taken_away_by_the_next(erasure, tmp_path):
    folder = back_up(erasure.store, tmp_path / "backups")
    left = beside(erasure.store.path, ".drill")
    left.mkdir()
    (left / "desk.duckdb").write_bytes(b"left")
    assert tried(erasure.store, folder).trouble == ""
    assert not left.exists()


def test_another_copy_under_way_says_nothing_of_the_backup(erasure, tmp_path):
    folder = back_up(erasure.store, tmp_path / "backups")
    with copying_alone(erasure.store), pytest.raises(NotPossible, match="under way"):
        tried(erasure.store, folder)
    assert drills.standing(desk_of(erasure.store, Role.DPO)).last is None


def test_a_try_that_fails_in_the_middle_is_told_too(erasure, tmp_path):
    folder = back_up(erasure.store, tmp_path / "backups")
    beside(erasure.store.path, ".drill").write_bytes(b"a file in the place of the folder")
    assert "cannot be copied there" in tried(erasure.store, folder).trouble
    assert drills.standing(desk_of(erasure.store, Role.DPO)).due


def test_only_the_operator_tries(erasure, tmp_path):
    folder = back_up(erasure.store, tmp_path / "backups")
    with pytest.raises(NotAllowed):
        drills.drill(desk_of(erasure.store, Role.DPO), folder, "x")
