"""Accounts: made, invited, disabled, never one's own; and the demo's."""

from datetime import timedelta

import pytest

from core.actions.accounts import accounts, first_password
from core.law.acts import Act
from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.roles import Role
from core.store.engine import Store
from tests.actions.signing import COST, WORD, enter, entries, first_administrator, founded, grant, later, make_account
from tests.conftest import NOW, desk_of


def test_the_bootstrap_token_makes_one_administrator_and_is_gone(store):
    token = accounts.bootstrap(store, NOW)
    assert first_password.is_empty(store)
    assert first_password.token_kind(store, NOW, token) == "bootstrap"
    for moment, given in ((NOW + timedelta(minutes=30), token), (NOW, "x" * 43), (NOW, "")):
        with pytest.raises(NotAllowed):
            first_password.set_first_password(store, moment, given, "Root", WORD, sign_in_name="root", cost=COST)
    assert first_password.is_empty(store)
    with pytest.raises(Invalid) as told:
        first_password.set_first_password(store, NOW, token, "Root", WORD, sign_in_name="no blanks allowed", cost=COST)
    assert told.value.field == "sign_in_name"
    first_password.set_first_password(store, NOW, token, "Root", WORD, sign_in_name="Root ", cost=COST)
    with pytest.raises(NotAllowed):
        first_password.set_first_password(store, NOW, token, "Other", WORD, sign_in_name="other", cost=COST)
    with pytest.raises(NotPossible):
        accounts.bootstrap(store, NOW)
    assert enter(store, "ROOT")[1].person.roles == {Role.ADMINISTRATOR}
    assert token not in str(entries(store))
    assert any('"alone"' in row["details"] for row in entries(store) if row["act"] == "password.set")


def test_a_newer_bootstrap_token_voids_the_older(store):
    old, new = accounts.bootstrap(store, NOW), accounts.bootstrap(store, NOW)
    assert first_password.token_kind(store, NOW, old) is None
    assert first_password.token_kind(store, NOW, new) == "bootstrap"


def test_a_fresh_store_refuses_every_sign_in(store):
    from core.law.errors import SignedOut

    for name, password in (("admin", "admin"), ("root", ""), ("", ""), ("administrator", WORD)):
        with pytest.raises(SignedOut):
            enter(store, name, password=password)


def test_an_invitation_is_shown_once_and_used_once_within_three_days(store):
    _, root = first_administrator(store)
    made = accounts.create_account(root, "new.one", "New Marker", key="create-01")
    assert accounts.create_account(root, "new.one", "New Marker", key="create-01") == accounts.Invitation(
        made.account_id, ""
    )
    with pytest.raises(NotAllowed):
        first_password.set_first_password(store, NOW + timedelta(days=3), made.token, None, WORD, cost=COST)
    again = accounts.invite_again(root, made.account_id, key="invite-01")
    with pytest.raises(NotAllowed):
        first_password.set_first_password(store, NOW, made.token, None, WORD, cost=COST)
    assert first_password.set_first_password(store, NOW, again.token, None, WORD, cost=COST) == "new.one"
    with pytest.raises(NotAllowed):
        first_password.set_first_password(store, NOW, again.token, None, WORD, cost=COST)
    row = next(each for each in accounts.list_accounts(root) if each.id == made.account_id)
    assert (row.invited, row.roles, row.disabled) == (False, (), False)


def test_a_name_is_taken_once_in_any_spelling(store):
    _, root = first_administrator(store)
    with pytest.raises(Invalid, match="taken"):
        accounts.create_account(root, " ROOT", "Other", key="create-01")
    for signing, name in (("a", "X"), ("with blank", "X"), ("<script>", "X"), ("fine", ""), ("fine", "x" * 121)):
        with pytest.raises(Invalid):
            accounts.create_account(root, signing, name, key=f"create-{abs(hash((signing, name)))}")
    assert len(accounts.list_accounts(root)) == 1


def test_nobody_disables_or_invites_themselves_and_the_last_administrator_stays(store):
    root, second, dpo = founded(store)
    for doing in (accounts.disable_account, accounts.invite_again):
        with pytest.raises(NotAllowed):
            doing(root, root.person.account_id, key=f"own-{doing.__name__}")
    accounts.disable_account(root, second.person.account_id, key="disable-01")
    with pytest.raises(NotPossible, match="disabled"):
        accounts.disable_account(root, second.person.account_id, key="disable-02")
    held = next(each for each in accounts.list_accounts(dpo) if each.id == root.person.account_id).roles[0]
    with pytest.raises(NotPossible, match="last administrator"):
        accounts.end_role(dpo, held.id, key="end-last")


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.ADMINISTRATOR, Role.DPO}])
def test_no_other_role_sees_or_changes_accounts(store, role):
    desk = desk_of(store, role)
    for doing in (
        lambda: accounts.list_accounts(desk), lambda: accounts.create_account(desk, "nn", "N", key="create-01"),
        lambda: accounts.invite_again(desk, "a" * 32, key="invite-01"),
        lambda: accounts.disable_account(desk, "a" * 32, key="disable-01"),
        lambda: accounts.propose_role(desk, "a" * 32, Role.STEWARD, None, key="propose-01"),
        lambda: accounts.confirm_role(desk, "a" * 32, key="confirm-01"),
        lambda: accounts.end_role(desk, "a" * 32, key="end-role-01"),
    ):
        with pytest.raises(NotAllowed):
            doing()


def test_colleagues_are_those_who_may_do_it_now(store):
    _, root = first_administrator(store)
    approver, gone = make_account(root, "approver"), make_account(root, "gone")
    grant(root, approver, Role.APPROVER)
    grant(root, gone, Role.APPROVER, NOW.date())
    desk = desk_of(store, Role.STEWARD)
    assert {who for who, _ in accounts.colleagues(desk, Act.RELEASE_APPROVE)} == {approver, gone}
    assert {who for who, _ in accounts.colleagues(desk)} == {approver, gone, root.person.account_id}
    assert [who for who, _ in accounts.colleagues(later(desk, days=1), Act.RELEASE_APPROVE)] == [approver]
    accounts.disable_account(root, approver, key="disable-01")
    assert accounts.colleagues(later(desk, days=1), Act.RELEASE_APPROVE) == []


def test_demo_accounts_exist_only_in_a_demo_store(store, tmp_path):
    with pytest.raises(NotPossible):
        accounts.demo_accounts(store, NOW, WORD, cost=COST)
    demo = Store.create(tmp_path / "demo" / "desk.duckdb", "demo", NOW)
    try:
        names = accounts.demo_accounts(demo, NOW, WORD, cost=COST)
        held = {name: enter(demo, name, place=name)[1].person.roles for name in names}
        assert held["steward"] == {Role.STEWARD}
        assert {role for roles in held.values() for role in roles} == set(Role) - {Role.OPERATOR, Role.WORKER, Role.PUBLIC}
        with pytest.raises(NotPossible):
            accounts.demo_accounts(demo, NOW, WORD, cost=COST)
    finally:
        demo.close()
