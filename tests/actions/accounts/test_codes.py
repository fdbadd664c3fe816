"""One-time codes: asked for once confirmed, each good for one sign-in."""

from datetime import UTC, timedelta

import pyotp
import pytest

from core.actions.accounts import accounts, codes, first_password, sessions
from core.law.errors import Invalid, NotPossible, SignedOut
from core.law.roles import Role
from tests.actions.signing import COST, WORD, enter, entries, first_administrator, grant, later, make_account
from tests.conftest import NOW


def code_at(secret, moment):
    return pyotp.TOTP(secret).at(moment.replace(tzinfo=UTC))


def test_codes_are_asked_for_only_after_a_first_one_was_given(store):
    _, desk = first_administrator(store)
    made = codes.begin(desk)
    assert "<svg" in made.picture
    assert enter(store, "root")
    with pytest.raises(Invalid):
        codes.confirm(desk, "000000" if code_at(made.secret, NOW) != "000000" else "000001")
    codes.confirm(desk, code_at(made.secret, NOW))
    assert accounts.own_account(desk).has_codes
    with pytest.raises(SignedOut) as told:
        enter(store, "root")
    assert str(told.value) == sessions.NOT_IN
    soon = NOW + timedelta(minutes=1)
    assert enter(store, "root", soon, code=code_at(made.secret, soon))
    with pytest.raises(SignedOut):
        enter(store, "root", soon, code=code_at(made.secret, soon))  # used


def test_the_steps_beside_this_one_fit_and_no_further(store):
    _, desk = first_administrator(store)
    secret = codes.begin(desk).secret
    with store.transaction() as tx:
        account = tx.one("accounts.by_id", id=desk.person.account_id)
    for seconds, fits in ((-61, False), (-30, True), (0, True), (30, True), (61, False)):
        found = codes.matching_step(store, account, code_at(secret, NOW + timedelta(seconds=seconds)), NOW)
        assert (found is not None) == fits
    for wrong in ("", "12345", "1234567", "abcdef", "１２３４５６", "x" * 10**5):
        assert codes.matching_step(store, account, wrong, NOW) is None


def test_a_confirmed_seed_is_not_replaced_and_goes_only_with_a_code(store):
    _, desk = first_administrator(store)
    secret = codes.begin(desk).secret
    codes.confirm(desk, code_at(secret, NOW))
    with pytest.raises(NotPossible):
        codes.begin(desk)
    with pytest.raises(Invalid):
        codes.switch_off(desk, code_at(secret, NOW))
    after = later(desk, minutes=2)
    codes.switch_off(after, code_at(secret, after.now))
    assert enter(store, "root")


def test_the_seed_is_sealed_and_not_in_the_log_and_an_invitation_takes_it_away(store):
    _, root = first_administrator(store)
    account = make_account(root, "loser")
    grant(root, account, Role.STEWARD)
    _, desk = enter(store, "loser")
    secret = codes.begin(desk).secret
    codes.confirm(desk, code_at(secret, NOW))
    with store.transaction() as tx:
        assert secret.encode() not in bytes(tx.one("accounts.by_id", id=account)["totp_seed"])
    assert secret not in str(entries(store))
    invited = accounts.invite_again(root, account, key="invite-01")
    first_password.set_first_password(store, NOW, invited.token, None, WORD, cost=COST)
    assert enter(store, "loser")
