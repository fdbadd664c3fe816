"""Drafts: kept sealed, found again after a new sign-in, seen by nobody else, gone with their key once sent."""

import pytest

from core.actions.desk import drafts
from core.law.errors import Invalid, NotAllowed, Refused
from core.law.roles import Role
from core.store.encryption import Cell, decrypt
from tests.conftest import desk_of

TYPED = {"name": "Marker Name", "body": "MARKERBODY 'x' <b>", "email": ""}


def kept(store):
    with store.transaction() as tx:
        return tx.one("cases.draft", account_id="account-one", form="intake")


def test_a_draft_survives_the_end_of_a_session(store):
    drafts.keep(desk_of(store, Role.STEWARD, name="one"), "intake", TYPED)
    assert drafts.take(desk_of(store, Role.STEWARD, name="one"), "intake") == TYPED


def test_a_later_draft_stands_in_place_of_the_first_under_the_same_key(store):
    desk = desk_of(store, Role.STEWARD, name="one")
    drafts.keep(desk, "intake", TYPED)
    owner = kept(store)["case_ref"]
    drafts.keep(desk, "intake", TYPED | {"name": "Other"})
    assert drafts.take(desk, "intake")["name"] == "Other"
    assert kept(store)["case_ref"] == owner


def test_nobody_sees_another_persons_draft(store):
    drafts.keep(desk_of(store, Role.STEWARD, name="one"), "intake", TYPED)
    assert drafts.take(desk_of(store, Role.DPO, name="two"), "intake") is None
    with pytest.raises(NotAllowed):
        drafts.take(desk_of(store, Role.MANAGER, name="one"), "intake")


def test_what_is_kept_is_sealed_and_no_word_of_it_is_logged(store):
    drafts.keep(desk_of(store, Role.STEWARD, name="one"), "intake", TYPED)
    assert b"MARKERBODY" not in bytes(kept(store)["body"])
    with store.transaction() as tx:
        rows = tx.rows("log.all_rows", chain=store.chain, first=0, last=10**9)
    assert rows[-1]["act"] == "draft.keep"
    assert "MARKER" not in str(rows)
    assert '"fields":["body","name"]' in rows[-1]["details"].replace(" ", "")


def test_a_forgotten_draft_is_gone_with_its_key(store):
    desk = desk_of(store, Role.STEWARD, name="one")
    drafts.keep(desk, "intake", TYPED)
    row = kept(store)
    drafts.forget(desk, "intake")
    assert drafts.take(desk, "intake") is None
    with pytest.raises((Refused, KeyError)):
        decrypt(store, row["case_ref"], row["body"], Cell("drafts", "intake", "body"))
    drafts.forget(desk, "intake")


def test_too_much_and_an_unknown_form_are_refused(store):
    desk = desk_of(store, Role.STEWARD, name="one")
    with pytest.raises(Invalid, match="too much"):
        drafts.keep(desk, "intake", {"body": "x" * 130_000})
    with pytest.raises(Invalid, match="no such form"):
        drafts.keep(desk, "other", TYPED)
    assert kept(store) is None
