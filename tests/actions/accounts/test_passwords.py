"""Passwords: the choice, the trap at 72 bytes, the same work for everybody."""

import bcrypt
import pytest

from core.actions.accounts import passwords
from core.law.errors import Invalid

COST = 4


def test_passwords_equal_in_their_first_72_bytes_differ(store):
    start = "x" * 72
    kept = passwords.hash_password(store, start + "a", cost=COST)
    assert passwords.verify(store, start + "a", kept)
    assert not passwords.verify(store, start + "b", kept)
    assert not passwords.verify(store, start, kept)


@pytest.mark.parametrize("password", [
    "é" * 40, "a" * 80, "before\0after the nul",
    "日本語のパスワードはこれです、とても長い", "x" * 1024, " padded with blanks ",
])
def test_long_nul_and_foreign_passwords_are_kept_whole(store, password):
    kept = passwords.hash_password(store, password, cost=COST)
    assert kept.startswith("v1$")
    assert passwords.verify(store, password, kept)
    assert not passwords.verify(store, password[:-1], kept)
    assert not passwords.verify(store, password.strip(" ") + "!", kept)


def test_the_part_after_a_nul_counts(store):
    kept = passwords.hash_password(store, "same start\0one end", cost=COST)
    assert not passwords.verify(store, "same start\0other end", kept)


def test_the_same_password_typed_on_two_keyboards_is_one(store):
    kept = passwords.hash_password(store, "caf\u00e9 caf\u00e9 caf\u00e9", cost=COST)
    assert passwords.verify(store, "cafe\u0301 cafe\u0301 cafe\u0301", kept)
    assert not passwords.verify(store, "cafe cafe cafe", kept)


def test_a_megabyte_is_refused_before_any_work(store):
    huge = "a" * 2**20
    with pytest.raises(Invalid, match="1024"):
        passwords.hash_password(store, huge, cost=COST)
    kept = passwords.hash_password(store, "a" * 1024, cost=COST)
    assert not passwords.verify(store, huge, kept)
    assert not passwords.verify(store, "ä" * 513, kept)
    with pytest.raises(Invalid):
        passwords.check_choice(huge)


def test_a_hash_of_another_store_does_not_fit_here(store, tmp_path):
    from core.store.engine import Store
    from tests.conftest import NOW

    other = Store.create(tmp_path / "other" / "desk.duckdb", "bench", NOW)
    try:
        kept = passwords.hash_password(other, "a password of some length", cost=COST)
        assert passwords.verify(other, "a password of some length", kept)
        assert not passwords.verify(store, "a password of some length", kept)
    finally:
        other.close()


def test_nobody_s_password_is_never_right_and_costs_the_same_work(store, monkeypatch):
    worked = []
    real = bcrypt.checkpw
    monkeypatch.setattr(bcrypt, "checkpw", lambda *given: worked.append(given[1][:7]) or real(*given))
    kept = passwords.hash_password(store, "somebody has this one", cost=COST)
    for hashed in (kept, None, "not of this scheme"):
        assert not passwords.verify(store, "nobody has this password", hashed, cost=COST)
    assert worked == [b"$2b$04$"] * 3


@pytest.mark.parametrize("password", [
    "fourteen chars", "passwordpassword", "PasswordPassword", "123456789012345", "aaaaaaaaaaaaaaaa", "qwertyuiopasdfg",
    "the-sign-in-name",
])
def test_short_and_common_passwords_are_refused_without_quoting_them(password):
    with pytest.raises(Invalid) as told:
        passwords.check_choice(password, "the-sign-in-name")
    assert told.value.field == "password"
    assert password not in str(told.value)


@pytest.mark.parametrize("password", ["fifteen letters", "all small letters and blanks", "0" * 14 + "1x"])
def test_nothing_but_length_and_commonness_is_asked(password):
    passwords.check_choice(password)
