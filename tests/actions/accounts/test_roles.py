"""Roles: two people for the privileged, never one's own, ended by their date."""

from datetime import timedelta

import pytest

from core.actions.accounts import accounts
from core.law.acts import Act
from core.law.errors import Invalid, NotAllowed, NotFound, NotPossible, StepUpNeeded
from core.law.roles import GRANTABLE, PRIVILEGED, Role
from core.store.engine import random_ref
from tests.actions.signing import enter, entries, first_administrator, founded, grant, make_account, proven
from tests.conftest import NOW

TODAY = NOW.date()


def roles_of(desk, account):
    return next(each for each in accounts.list_accounts(desk) if each.id == account).roles


def confirm(desk, role_id):
    accounts.confirm_role(proven(desk, Act.ROLE_CONFIRM, role_id), role_id, key=random_ref())


@pytest.mark.parametrize("role", GRANTABLE)
def test_a_privileged_role_waits_for_a_second_person_and_no_other_does(store, role):
    root, second, dpo = founded(store)
    account = make_account(root, "fresh")
    assert grant(second, account, role) == (role not in PRIVILEGED)
    (held,) = roles_of(dpo, account)
    assert held.state == ("proposed" if role in PRIVILEGED else "active")
    if role in PRIVILEGED:
        with pytest.raises(NotAllowed, match="role"):
            enter(store, "fresh")
        for refused, why in ((second, "proposed"), (root, "made the account")):
            with pytest.raises(NotAllowed, match=why):
                confirm(refused, held.id)
        confirm(dpo, held.id)
        with pytest.raises(NotPossible):
            confirm(dpo, held.id)
    assert enter(store, "fresh")[1].person.roles == {role}


def test_nobody_changes_their_own_roles(store):
    _, second, dpo = founded(store)
    with pytest.raises(NotAllowed):
        grant(second, second.person.account_id, Role.STEWARD)
    own = roles_of(second, second.person.account_id)[0]
    with pytest.raises(NotAllowed):
        accounts.end_role(second, own.id, key="end-own-01")
    grant(second, dpo.person.account_id, Role.APPROVER)
    _, dpo = enter(store, "dpo")
    waiting = next(each for each in roles_of(dpo, dpo.person.account_id) if each.state == "proposed")
    assert not waiting.may_confirm
    with pytest.raises(NotAllowed, match="the person it is about"):
        confirm(dpo, waiting.id)


def test_the_first_administrator_grants_alone_only_until_the_desk_is_founded_and_the_log_says_so(store):
    root, _, dpo = founded(store)
    alone = [row for row in entries(store) if row["act"] == "role.propose" and '"alone"' in row["details"]]
    assert len(alone) == 2
    assert roles_of(dpo, dpo.person.account_id)[0].alone
    account = make_account(root, "third")
    assert not grant(root, account, Role.ADMINISTRATOR)


def test_ending_the_others_does_not_bring_the_founding_back(store):
    root, second, dpo = founded(store)
    for who in (second, dpo):
        accounts.disable_account(root, who.person.account_id, key=f"disable-{who.person.name}".replace(" ", "-"))
    assert not grant(root, make_account(root, "puppet"), Role.DPO)


def test_a_granted_administrator_never_grants_alone(store):
    _, root = first_administrator(store)
    second = make_account(root, "second")
    grant(root, second, Role.ADMINISTRATOR)
    _, second = enter(store, "second")
    assert not grant(second, make_account(second, "puppet"), Role.DPO)


@pytest.mark.parametrize(("one", "other"), [
    (Role.DPO, Role.ADMINISTRATOR), (Role.DPO, Role.MARKETER), (Role.ADMINISTRATOR, Role.ANALYST),
    (Role.SETUP, Role.STEWARD), (Role.STEWARD, Role.SETUP),
])
def test_pairs_that_nobody_may_hold_are_refused_also_while_one_is_only_proposed(store, one, other):
    root, second, _ = founded(store)
    account = make_account(root, "fresh")
    grant(second, account, one)
    with pytest.raises(NotAllowed, match="together"):
        grant(root, account, other)


def test_a_role_may_be_shortened_by_one_and_lengthened_only_by_two(store):
    root, second, dpo = founded(store)
    account = make_account(root, "fresh")
    grant(second, account, Role.STEWARD, TODAY + timedelta(days=30))
    (held,) = roles_of(dpo, account)
    accounts.end_role(dpo, held.id, key="shorten-01", last_day=TODAY + timedelta(days=10))
    for longer in (TODAY + timedelta(days=10), TODAY + timedelta(days=11)):
        with pytest.raises(Invalid, match="shortened"):
            accounts.end_role(dpo, held.id, key=f"shorten-{longer}", last_day=longer)
    with pytest.raises(NotPossible, match="already"):
        grant(second, account, Role.STEWARD, TODAY + timedelta(days=5))
    assert not grant(second, account, Role.STEWARD, TODAY + timedelta(days=40))
    waiting = next(each for each in roles_of(dpo, account) if each.state == "proposed")
    confirm(dpo, waiting.id)
    active = [each for each in roles_of(dpo, account) if each.state == "active"]
    assert [each.valid_until for each in active] == [TODAY + timedelta(days=40)]


def test_set_up_ends_after_fourteen_days_and_is_not_renewed(store):
    root, second, dpo = founded(store)
    account = make_account(root, "connector")
    with pytest.raises(Invalid, match="14"):
        grant(second, account, Role.SETUP, TODAY + timedelta(days=14))
    assert grant(second, account, Role.SETUP)
    (held,) = roles_of(dpo, account)
    assert held.valid_until == TODAY + timedelta(days=13)
    assert enter(store, "connector", NOW.replace(hour=23) + timedelta(days=13))
    with pytest.raises(NotAllowed):
        enter(store, "connector", NOW + timedelta(days=14))
    accounts.end_role(dpo, held.id, key="end-setup-1")
    _, after = enter(store, "second", NOW + timedelta(days=1))
    with pytest.raises(NotPossible, match="14"):
        grant(after, account, Role.SETUP)


def test_a_last_day_is_a_whole_day_and_not_in_the_past(store):
    _, root = first_administrator(store)
    account = make_account(root, "short")
    with pytest.raises(Invalid, match="past"):
        grant(root, account, Role.STEWARD, TODAY - timedelta(days=1))
    grant(root, account, Role.STEWARD, TODAY)
    assert enter(store, "short", NOW.replace(hour=23, minute=59))
    with pytest.raises(NotAllowed):
        enter(store, "short", NOW.replace(hour=0) + timedelta(days=1))


def test_giving_and_confirming_need_a_step_up_for_this_account_and_this_role(store):
    root, second, dpo = founded(store)
    account = make_account(root, "fresh")
    with pytest.raises(StepUpNeeded):
        accounts.propose_role(proven(second, Act.ROLE_PROPOSE, dpo.person.account_id), account, Role.APPROVER, None,
                              key="propose-01")
    grant(second, account, Role.APPROVER)
    with pytest.raises(StepUpNeeded):
        accounts.confirm_role(dpo, roles_of(dpo, account)[0].id, key="confirm-01")


def test_a_proposal_whose_last_day_is_over_and_one_that_was_dropped_are_not_confirmed(store):
    root, second, dpo = founded(store)
    account = make_account(root, "fresh")
    grant(second, account, Role.APPROVER, TODAY)
    (held,) = roles_of(dpo, account)
    _, after = enter(store, "dpo", NOW + timedelta(days=1))
    with pytest.raises(NotPossible):
        confirm(after, held.id)
    accounts.end_role(second, held.id, key="drop-01-x")
    with pytest.raises(NotPossible):
        confirm(enter(store, "dpo")[1], held.id)
    with pytest.raises(NotFound):
        confirm(enter(store, "dpo")[1], "f" * 32)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.WORKER, Role.PUBLIC])
def test_the_machine_s_own_roles_are_given_to_nobody(store, role):
    _, root = first_administrator(store)
    with pytest.raises(Invalid):
        grant(root, make_account(root, "fresh"), role)
