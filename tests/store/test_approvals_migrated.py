"""Approvals of before they were of things: a store made by the migrations of that version is brought up to date whole."""

from datetime import timedelta

import pytest

from core.actions.answers import approvals
from core.actions.answers.approvals import words_of
from core.actions.answers.letters import letter_approvals
from core.law.errors import Refused
from core.law.roles import Role
from core.store import migrate
from core.store.encryption import Cell, encrypt
from core.store.engine import Store
from core.store.queries import migrations
from core.store.records import ApprovalRecord
from tests.actions import things_of
from tests.actions.things_of import fill
from tests.conftest import NOW, desk_of

LAST = "0060_mail"  # the newest migration of that version
CASE, REQUEST, OTHER = "c" * 32, "r" * 32, "o" * 32
HOUR = timedelta(hours=1)


def older(monkeypatch):
    known = tuple(each for each in migrations() if each[0] <= LAST)
    monkeypatch.setattr(migrate, "migrations", lambda: known)
    monkeypatch.setattr(things_of, "_COLUMNS", {})  # of this version's tables


def written(store, tx):
    """Write one row of every kind and state that version knew, as its queries wrote them."""
    def row(table, **values):
        values = {"case_ref": CASE, "request_id": REQUEST, "version": 1} | values
        columns = {name for name, *_ in tx._cursor.execute(
            "select column_name from information_schema.columns where table_name = $t", {"t": table}).fetchall()}
        fill(tx, table, {name: value for name, value in values.items() if name in columns})

    def asked(table, number, hours, *, words="", **values):
        cell = Cell(table, number, "words")
        row(table, id=number, asked_by="account-steward", asked_at=NOW + hours * HOUR, approver_id="account-approver",
            words=encrypt(store, CASE, words, cell) if words else None, **values)

    row("cases", subject_ref="s" * 32, reference="RD-1")
    for number in (REQUEST, OTHER):
        row("requests", id=number, kind="erasure", state="awaiting_approval", reference=f"RD-1/{number[0]}")
    # a plan made twice with one hash, a plan that changed, a refusal; of another request a plan with the same hash
    for number, verb, hours, hashed in (("p1", "erase", 0, "h1"), ("p2", "erase", 2, "h1"), ("p3", "erase", 4, "h3"),
                                        ("p4", "refuse", 6, "h4")):
        row("plans", id=number, made_at=NOW + hours * HOUR, verb=verb, plan_hash=hashed)
    row("plans", id="po", request_id=OTHER, made_at=NOW + HOUR, verb="export", plan_hash="h1")
    back = {"decision": "given_back", "decided_by": "account-approver", "decided_at": NOW}
    asked("approvals", "a1", 1, plan_hash="h1", words="WORDS of a1", **back)
    asked("approvals", "a2", 3, plan_hash="h1", decision="data_changed", decided_by="account-approver", decided_at=NOW)
    asked("approvals", "a3", 5, plan_hash="h3", decision="approved", decided_by="account-deputy", decided_at=NOW)
    asked("approvals", "a4", 7, plan_hash="h4", deputy_id="account-deputy", deputy_from=NOW + 9 * HOUR)
    asked("approvals", "a5", 8, request_id=OTHER, plan_hash="h1", package_id="k1", package_sha256="5" * 64,
          address_id="d1", decision="approved", decided_by="account-approver", decided_at=NOW)
    for number in ("l1", "l2"):
        row("letters", id=number, kind="no_data_held", sent_at=None)
    asked("letter_approvals", "b1", 1, letter_id="l1", letter_hash="t1", state="returned", words="WORDS of b1",
          decided_by="account-approver", decided_role="approver", decided_at=NOW)
    asked("letter_approvals", "b2", 2, letter_id="l1", letter_hash="t2", state="asked")
    asked("letter_approvals", "b3", 2, letter_id="l2", letter_hash="t3", state="approved", decided_by="account-dpo",
          decided_role="dpo", decided_at=NOW)
    asked("extensions", "e1", 1, letter_id="l1", letter_hash="t4", state="prepared", words="WORDS of e1",
          decided_by="account-approver", decided_at=NOW)
    asked("extensions", "e2", 2, request_id=OTHER, letter_id="l2", letter_hash="t5", state="asked")
    row("extensions", id="e3", letter_id="l2", state="prepared")


@pytest.fixture
def store(tmp_path, monkeypatch):
    """Give a store of that version with its rows, brought up to date."""
    path = tmp_path / "desk.duckdb"
    with monkeypatch.context() as before:
        older(before)
        made = Store.create(path, "bench", NOW)
        with made.transaction() as tx:
            written(made, tx)
            made.commit(tx)
        made.close()
    with pytest.raises(Refused, match="core migrate"):
        Store.open(path, NOW)
    store = Store.open(path, NOW, migrating=True)
    yield store
    store.close()


def rows(store, sql):
    with store.transaction() as tx:
        return tx._cursor.execute(sql).fetchall()


def test_each_becomes_the_approval_of_its_thing(store):
    assert rows(store, "select id, thing, thing_id, hash, address_id, decision, decided_role from approvals order by id") == [
        ("a1", "plan", "p1", "h1", None, "given_back", None),
        ("a2", "plan", "p2", "h1", None, "data_changed", None),
        ("a3", "plan", "p3", "h3", None, "approved", None),
        ("a4", "refusal", "p4", "h4", None, None, None),
        ("a5", "package", "k1", "5" * 64, "d1", "approved", None),
        ("b1", "letter", "l1", "t1", None, "given_back", "approver"),
        ("b2", "letter", "l1", "t2", None, None, None),
        ("b3", "letter", "l2", "t3", None, "approved", "dpo"),
        ("e1", "extension", "e1", "t4", None, "given_back", None),
        ("e2", "extension", "e2", "t5", None, None, None),
    ]
    assert rows(store, "select id, asked_by, approver_id, deputy_id, deputy_from from approvals where id = 'a4'") == [
        ("a4", "account-steward", "account-approver", "account-deputy", NOW + 9 * HOUR)
    ]
    assert rows(store, "select id, state from extensions order by id") == [("e1", "prepared"), ("e2", "asked"), ("e3", "prepared")]


def test_what_was_typed_beside_a_decision_can_still_be_read(store):
    with store.transaction() as tx:
        told = {number: words_of(store, tx.record(ApprovalRecord, "approvals.one", id=number)) for number in ("a1", "a2", "b1", "e1")}
    assert told == {"a1": "WORDS of a1", "a2": "", "b1": "WORDS of b1", "e1": "WORDS of e1"}


def test_what_was_open_waits_on_for_the_same_people(store):
    approver = desk_of(store, Role.APPROVER, name="approver")
    assert [(row["id"], row["thing"]) for row in approvals.waiting(approver)] == [
        ("b2", "letter"), ("e2", "extension"), ("a4", "refusal")
    ]
    deputy = desk_of(store, Role.APPROVER, name="deputy")
    assert approvals.waiting(deputy) == []
    later = desk_of(store, Role.APPROVER, name="deputy", now=NOW + 9 * HOUR)
    assert [row["id"] for row in approvals.waiting(later)] == ["a4"]
    approvals.give_back(approver, letter_approvals.LETTER, "b2", "Once more.", key="give-back-0001")
    assert [row["id"] for row in approvals.waiting(approver)] == ["e2", "a4"]
