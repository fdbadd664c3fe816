"""A key file, a ledger or a log that is gone, emptied, older or changed is refused in a sentence; what ended lawfully is not."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.actions.answers.erasure import restores
from core.actions.cases import intake
from core.actions.desk import drafts
from core.actions.desk.desk import operator_desk
from core.actions.oversight import losses, proof
from core.law.errors import NotPossible, Refused
from core.law.roles import Role
from core.store.anchor import read_anchor
from core.store.durable import MAGIC, read_records
from core.store.engine import Store
from core.store.filekey import KeyMissing, master_key
from core.store.files import beside
from core.store.keys import KeyKind, KeyRing
from core.store.ledger import ERASED, LedgerBroken
from tests.conftest import NOW, desk_of
from tests.harms import change, rewrite
from tests.stores import PARTS, TAKEN_BACK, fresh

CASES = 6


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a closed store with some cases, a draft that was sent, and entries in ledger and log."""
    made = fresh(tmp_path / "desk.duckdb")
    store = Store.open(made, NOW)
    work(store, CASES)
    store.close()
    return made


def work(store: Store, cases: int) -> None:
    desk = desk_of(store, Role.STEWARD)
    for number in range(cases):
        intake.take_in(desk, intake.Intake(
            ("access",), "email", NOW.date(), email=f"marker-{number}@example.com", body="words"
        ), key=f"key-of-tests-{store.tip.count}")
    drafts.keep(desk, "intake", {"name": "half"})
    drafts.forget(desk, "intake")
    store.ledger.add(ERASED, f"{store.tip.count:032x}", "", NOW)
    drafts.keep(desk, "intake", {"name": "half again"})


def opened(path: Path) -> None:
    """Open the store as the desk does, and close it."""
    store = Store.open(path, NOW)
    try:
        restores.settle(operator_desk(store, "tester", NOW))
    finally:
        store.close()


def test_a_store_that_nobody_touched_opens_and_its_log_is_sound(path):
    opened(path)
    store = Store.open(path, NOW)
    assert proof.verify(operator_desk(store, "tester", NOW)).ok
    assert store.troubles == ()
    store.close()


def rows_of(path: Path, name: str) -> list[bytes]:
    return list(read_records(beside(path, name).read_bytes()).contents)


@pytest.mark.parametrize("harm", ["gone", "emptied", "halved", "older", "one record less", "another store's", "noise"])
def test_a_key_file_that_lacks_a_key_is_refused_with_what_to_do(path, harm, tmp_path):
    file = beside(path, ".keys")
    whole = file.read_bytes()
    if harm == "gone":
        file.unlink()
    elif harm == "emptied":
        file.write_bytes(b"")
    elif harm == "halved":
        file.write_bytes(whole[: len(whole) // 2])
    elif harm == "older":
        store = Store.open(path, NOW)
        work(store, 1)
        store.close()
        file.write_bytes(whole)
    elif harm == "one record less":
        file.write_bytes(whole[: whole.rfind(MAGIC)])
    elif harm == "another store's":
        other = fresh(tmp_path / "other" / "desk.duckdb")
        store = Store.open(other, NOW)
        work(store, CASES)
        store.close()
        file.write_bytes(beside(other, ".keys").read_bytes())
    else:
        file.write_bytes(b"\x00" * len(whole))
    with pytest.raises(KeyMissing, match=r"Put the newest copy back|put back an unharmed copy"):
        Store.open(path, NOW)
    file.write_bytes(whole)
    if harm != "older":
        opened(path)


def test_every_flipped_bit_of_the_key_file_is_refused(path):
    file = beside(path, ".keys")
    whole = file.read_bytes()
    unseen = []
    for place in range(0, len(whole), 11):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1:])
        try:
            Store.open(path, NOW).close()
        except KeyMissing:
            continue
        ring = KeyRing(path, master_key(path))  # a mark of a destroyed key is no key that is needed
        if not ring.damaged or len(ring.every()) != CASES + 1:
            unseen.append(place)
    file.write_bytes(whole)
    assert unseen == []


def test_a_key_that_was_destroyed_is_no_lack_but_one_that_was_only_taken_out_is(path):
    ring = KeyRing(path, master_key(path))
    first, second = (each for each in ring.every()[:2])
    ring.destroy(KeyKind(first.kind.encode()), first.owner)
    opened(path)
    file = beside(path, ".keys")
    kept = [each for each in rows_of(path, ".keys") if bytes.fromhex(second.owner) not in each]
    ring._journal.rewrite(kept)
    with pytest.raises(KeyMissing, match="lacks 1 of"):
        Store.open(path, NOW)
    forged = [each for each in rows_of(path, ".keys") if each[:1] == b"g"][-1]
    forged = forged[:1] + second.digest + forged[1 + 16:]
    ring._journal.rewrite([*kept, forged])
    with pytest.raises(KeyMissing, match="was changed"):
        Store.open(path, NOW)
    assert file.exists()


def test_what_is_lost_for_good_is_accepted_once_and_stands_in_the_log(path):
    beside(path, ".keys").unlink()
    beside(path, ".ledger").unlink()
    with pytest.raises(KeyMissing, match=f"lacks {CASES + 2} of"):
        Store.open(path, NOW)
    store = Store.open(path, NOW, tolerating=True)
    assert [type(each) for each in store.troubles] == [KeyMissing, LedgerBroken]
    done = losses.accept_losses(operator_desk(store, "tester", NOW))
    assert (done.keys, done.ledger_entries, done.log_entries) == (CASES + 2, 1, 0)
    with pytest.raises(NotPossible, match="Nothing is lost"):
        losses.accept_losses(operator_desk(store, "tester", NOW))
    store.close()
    opened(path)
    store = Store.open(path, NOW)
    with store.transaction() as tx:
        acts = [(row["act"], row["details"]) for row in tx.rows("log.all_rows", chain=store.chain, first=0, last=10**6)]
    assert ("store.accept_loss", f'{{"keys":{CASES + 2},"ledger_entries":1,"old_entries":0}}') in acts
    store.close()


@pytest.mark.parametrize("harm", ["gone", "emptied", "one entry less", "older"])
def test_a_ledger_that_is_short_is_refused(path, harm):
    file = beside(path, ".ledger")
    whole = file.read_bytes()
    store = Store.open(path, NOW)
    work(store, 1)
    store.close()
    longer = file.read_bytes()
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes({"emptied": b"", "one entry less": longer[: longer.rfind(MAGIC)], "older": whole}[harm])
    with pytest.raises(LedgerBroken, match="Put the newest one back"):
        Store.open(path, NOW)
    file.write_bytes(longer)
    opened(path)


def test_files_made_before_there_were_journals_are_taken_over_and_checked(path):
    ring = KeyRing(path, master_key(path))
    ledger = rows_of(path, ".ledger")
    former = b"".join(each[1:] for each in rows_of(path, ".keys") if each[:1] == b"k")
    beside(path, ".keys").write_bytes(former + b"torn")
    beside(path, ".ledger").write_bytes(b"\n".join(ledger) + b"\n" + ledger[0][:20])
    again = KeyRing(path, master_key(path))
    assert set(again.every()) == set(ring.every())
    assert beside(path, ".keys").read_bytes().startswith(MAGIC)
    store = Store.open(path, NOW, tolerating=True)
    assert [entry.kind for entry in store.ledger.entries()] == [ERASED]
    assert rows_of(path, ".ledger") == ledger
    store.close()


def made_before(path: Path) -> None:
    """Make the store one of before there were rows of keys, as the migrations until then left it."""
    change(
        path, "drop table key_rows", "drop table ledger_marks", "delete from store_facts where name = 'keys_listed'",
        "delete from migrations where name >= '0050'", "drop table case_deciders",
        "alter table reply_addresses drop column added_by", *TAKEN_BACK,
    )
    beside(path, ".anchor").unlink()


def test_a_store_made_before_is_brought_up_to_date_with_every_key_listed_and_its_log_anchored(path):
    made_before(path)
    with pytest.raises(Refused, match="core migrate"):
        Store.open(path, NOW)
    Store.open(path, NOW, migrating=True).close()
    opened(path)
    whole = beside(path, ".keys").read_bytes()
    beside(path, ".keys").write_bytes(whole[: whole.rfind(MAGIC)])
    with pytest.raises(KeyMissing, match=f"lacks 1 of {CASES + 1} keys"):
        Store.open(path, NOW)


def test_a_store_made_before_that_has_lost_a_case_s_key_is_not_brought_up_to_date(path):
    made_before(path)
    whole = beside(path, ".keys").read_bytes()
    beside(path, ".keys").unlink()
    with pytest.raises(KeyMissing, match=f"lacks the keys of {CASES} of {CASES} case files"):
        Store.open(path, NOW, migrating=True)
    beside(path, ".keys").write_bytes(whole)
    Store.open(path, NOW, migrating=True).close()
    opened(path)


def test_more_keys_than_are_noted_one_by_one_are_all_noted(path):
    store = Store.open(path, NOW)
    store.keys.ensure(KeyKind.SUBJECT, *(f"{number:032x}" for number in range(50)))
    work(store, 1)
    store.close()
    ring = KeyRing(path, master_key(path))
    kept = [each for each in rows_of(path, ".keys") if bytes.fromhex(f"{31:032x}") not in each]
    ring._journal.rewrite(kept)
    with pytest.raises(KeyMissing, match="1 of people"):
        Store.open(path, NOW)


def log_of(path: Path) -> list[tuple]:
    store = Store.open(path, NOW, tolerating=True)
    with store.transaction() as tx:
        rows = tx._cursor.execute("select * from audit order by seq").fetchall()
    store.close()
    return rows


def refused(path: Path) -> str:
    """Return the sentence with which the start refuses the store, and hold that `verify` tells the same."""
    store = Store.open(path, NOW)
    try:
        with pytest.raises(NotPossible) as told:
            restores.settle(operator_desk(store, "tester", NOW))
        report = proof.verify(operator_desk(store, "tester", NOW))
        assert not report.ok
    finally:
        store.close()
    return str(told.value)


@pytest.mark.parametrize("entries", [1, 2, 7])
def test_a_log_cut_by_so_many_entries_is_refused_at_the_start(path, entries):
    count = len(log_of(path))
    kept = beside(path, ".anchor").read_bytes()
    change(path, f"delete from audit where seq >= {count - entries}")
    assert f"the last {entries} are missing" in refused(path)
    assert beside(path, ".anchor").read_bytes() == kept, "the witness stays as it was"
    while len(log_of(path)) <= count:  # each check is an entry, and the log is as long again, and longer
        refused(path)
    assert beside(path, ".anchor").read_bytes() == kept


def test_a_log_written_anew_with_fitting_hashes_is_refused(path):
    rewrite(path, lambda entry: replace(entry, happened_at=entry.happened_at - timedelta(1)))
    assert "written anew" in refused(path)


@pytest.mark.parametrize("harm", ["gone", "emptied", "another's", "forged", "noise"])
def test_an_anchor_that_is_not_this_stores_is_refused_and_can_be_accepted(path, harm, tmp_path):
    file = beside(path, ".anchor")
    whole = file.read_bytes()
    if harm == "gone":
        file.unlink()
    elif harm == "another's":
        Store.create(tmp_path / "other" / "desk.duckdb", "bench", NOW).close()
        file.write_bytes((tmp_path / "other" / "desk.duckdb.anchor").read_bytes())
    else:
        file.write_bytes({"emptied": b"", "forged": whole.replace(b'"count":', b'"count":1'), "noise": bytes(80)}[harm])
    told = refused(path)
    assert ".anchor" in told
    store = Store.open(path, NOW, tolerating=True)
    losses.accept_losses(operator_desk(store, "tester", NOW))
    store.close()
    opened(path)


def test_an_older_store_put_in_place_by_hand_is_refused(path, tmp_path):
    for suffix in PARTS:
        if beside(path, suffix).exists():
            shutil.copy2(beside(path, suffix), tmp_path / f"old{suffix}")
    store = Store.open(path, NOW)
    work(store, 2)
    store.close()
    shutil.copy2(tmp_path / "old", path)
    assert "are missing" in refused(path)


def test_acts_are_anchored_by_themselves_and_at_the_end(path):
    store = Store.open(path, NOW)
    key = store.secrets.derive("anchor")
    work(store, 1)
    store.close()
    anchor = read_anchor(path, key)
    assert anchor is not None
    assert anchor.count == len(log_of(path))


def test_where_the_anchor_cannot_be_written_the_next_act_is_refused_until_it_can(path, monkeypatch):
    from core.store import anchor as anchors
    from core.store.durable import Unwritten

    store = Store.open(path, NOW)
    real = anchors.replace

    def full(*_given):
        raise Unwritten("desk.duckdb.anchor cannot be written: there is no space left; free some.")

    monkeypatch.setattr(anchors, "replace", full)
    store.grown(store.tip.count, bytes(32))
    with pytest.raises(Refused):
        store.anchoring.write()
    before = store.tip.count
    with pytest.raises(Unwritten, match="no space left"):
        work(store, 1)
    assert store.tip.count == before
    monkeypatch.setattr(anchors, "replace", real)
    work(store, 1)
    assert store.tip.count > before
    store.close()
    opened(path)
