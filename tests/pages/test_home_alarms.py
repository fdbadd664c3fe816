"""What the home page of a Data Protection Officer says of erasures that did not come to their end; and nobody else's."""

from datetime import timedelta

import pytest

from core.actions.oversight import night
from core.connectors.erased import ledger_scope
from core.law.roles import Role
from core.store.keys import KeyKind
from core.store.ledger import ERASED
from tests.conftest import NOW, desk_of
from tests.pages.test_every_page import account, drawn

PERSON = "0" * 31 + "1"


@pytest.fixture
def left_behind(store, monkeypatch):
    """Give a store with an erasure of four days ago whose key stands and whose bytes were never purged."""
    monkeypatch.delenv(night.VARIABLE, raising=False)
    account(store, "somebody")
    store.keys.ensure(KeyKind.SUBJECT, PERSON)
    store.ledger.add(ERASED, PERSON, ledger_scope({}, key_destroyed=True), NOW - timedelta(days=4))
    return store


def said(store, role):
    page = drawn(desk_of(store, role), "home")
    assert not page.exception
    return [each.value for each in page.error], [each.value for each in page.warning]


def test_the_officer_is_told_of_the_key_and_of_the_bytes(left_behind, monkeypatch):
    (key,), (bytes_,) = said(left_behind, Role.DPO)
    assert key.startswith("**One erasure is not finished** since 19 Nov 2026")
    assert "doctor" in key
    assert bytes_.startswith("**One erasure is not gone from the bytes of the store** since 19 Nov 2026")
    assert "has not come to its end" in bytes_
    assert PERSON not in key + bytes_
    monkeypatch.setenv(night.VARIABLE, "off")
    assert "switched off" in said(left_behind, Role.DPO)[1][0]


@pytest.mark.parametrize("role", [Role.STEWARD, Role.APPROVER, Role.MANAGER, Role.ANALYST])
def test_others_are_not(left_behind, role):
    assert said(left_behind, role) == ([], [])


def test_nothing_is_said_where_all_came_to_its_end(store):
    account(store, "somebody")
    assert said(store, Role.DPO) == ([], [])
