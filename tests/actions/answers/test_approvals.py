"""Who may approve the release of which bytes to which address, and what sends it back."""

from datetime import timedelta

import pytest

from core.actions.answers import approvals, plans
from core.actions.answers.packages.release import RELEASE
from core.actions.cases import addresses
from core.actions.people import imports
from core.law.errors import Conflict, Invalid, NotAllowed, NotPossible, StepUpNeeded
from core.law.roles import Role
from tests.actions.conftest import hold_role
from tests.conftest import NOW, desk_of
from tests.grounds import ground


@ground("walk")
def built(walk):
    walk.prepare()
    walk.work()
    return walk


def test_the_approver_sees_person_address_and_rows_side_by_side(built):
    shown = approvals.compare(built.approver, RELEASE, built.ask())
    assert shown.person.fields["family_name"] == "Family0001x"
    assert shown.address.standing == "held"
    assert not shown.needs_confirmation
    assert {each.code for each in shown.systems} == {"desk", "local"}
    assert len(shown.sha256) == 64
    assert shown.may_decide == ""


def test_own_work_is_not_approved(built):
    for account in ("account-steward", "account-checker"):
        hold_role(built.store, account, Role.DPO)
        with pytest.raises(Invalid, match="did not work on it"):
            built.ask(approver_id=account)
    approval = built.ask()
    for name in ("steward", "checker"):
        both = desk_of(built.store, Role.STEWARD, Role.DPO, name=name)
        with pytest.raises(NotAllowed, match="another person"):
            approvals.approve(both, RELEASE, approval, key=built.key())
    assert built.state == "awaiting_approval"


def test_roles_without_the_act_and_people_not_asked_are_refused(built):
    with pytest.raises(Invalid, match="may approve"):
        built.ask(approver_id="account-nobody")
    approval = built.ask()
    for role in (Role.STEWARD, Role.MANAGER, Role.ADMINISTRATOR, Role.ANALYST):
        with pytest.raises(NotAllowed):
            approvals.approve(desk_of(built.store, role, name="x"), RELEASE, approval, key=built.key())
    with pytest.raises(NotAllowed, match="asked of another"):
        approvals.approve(desk_of(built.store, Role.DPO, name="other"), RELEASE, approval, key=built.key())
    with pytest.raises(StepUpNeeded):
        approvals.approve(
            desk_of(built.store, Role.APPROVER, name="approver", stepped_up=False), RELEASE, approval, key=built.key()
        )


def test_a_deputy_decides_only_after_the_time(built):
    approval = built.ask(deputy_id="account-deputy", deputy_after_days=3)
    deputy = desk_of(built.store, Role.DPO, name="deputy")
    early, late = (built.at(deputy, NOW + timedelta(days=3, seconds=gap)) for gap in (-1, 0))
    assert approvals.waiting(early) == []
    with pytest.raises(NotAllowed, match="asked of another"):
        approvals.approve(early, RELEASE, approval, key=built.key())
    assert [row["id"] for row in approvals.waiting(late)] == [approval]
    approvals.approve(late, RELEASE, approval, key=built.key())
    assert built.state == "carrying_out"


def test_a_value_changed_after_the_build_sends_it_back(built, entries):
    approval = built.ask()
    csv = b"customer_id,city\nc1,Elsewhere\n"
    imports.import_people(built.steward, csv, update=True, key=built.key())
    with pytest.raises(NotPossible, match="changed"):
        approvals.approve(built.approver, RELEASE, approval, key=built.key())
    assert built.state == "in_progress"
    assert [(row["act"], row["outcome"]) for row in entries()][-2:] == [
        ("release.approve", "refused.data_changed"), ("release.return", "done"),
    ]
    with pytest.raises(NotPossible, match="decided already"):
        approvals.approve(built.approver, RELEASE, approval, key=built.key())
    built.prepare()
    built.work()
    approvals.approve(built.approver, RELEASE, built.ask(), confirmed=True, key=built.key())


def test_another_persons_change_sends_nothing_back(built):
    approval = built.ask()
    imports.import_people(built.steward, b"customer_id,city\nc2,Elsewhere\n", update=True, key=built.key())
    approvals.approve(built.approver, RELEASE, approval, key=built.key())


def test_it_is_given_back_with_a_reason(built):
    approval = built.ask()
    with pytest.raises(Invalid):
        approvals.give_back(built.approver, RELEASE, approval, "  ", key=built.key())
    approvals.give_back(built.approver, RELEASE, approval, "REASONWORDS", key=built.key())
    assert built.state == "in_progress"
    assert approvals.waiting(built.approver) == []
    approvals.approve(built.approver, RELEASE, built.ask(), key=built.key())


def test_a_new_address_needs_the_approvers_own_confirmation(built):
    new = addresses.add(built.steward, built.case_ref, "email", "elsewhere@example.com", key=built.key())
    approval = built.ask(address_id=new)
    assert approvals.compare(built.approver, RELEASE, approval).needs_confirmation
    with pytest.raises(Invalid, match="new"):
        approvals.approve(built.approver, RELEASE, approval, key=built.key())
    approvals.approve(built.approver, RELEASE, approval, confirmed=True, key=built.key())


def test_a_stale_version_and_an_unbuilt_package_are_refused(walk):
    with pytest.raises(NotPossible, match="Prepare"):
        walk.ask()
    walk.prepare()
    with pytest.raises(NotPossible, match="not built"):
        walk.ask()
    walk.work()
    with pytest.raises(Conflict):
        walk.ask(version=walk.version - 1)
    approval = walk.ask()
    with pytest.raises(NotPossible):
        walk.ask()
    with pytest.raises(NotPossible):
        plans.prepare(walk.steward, walk.request_id, version=walk.version, purpose="request", key=walk.key())
    assert approvals.open_of(walk.steward, walk.request_id)["id"] == approval


def test_an_address_of_another_case_is_refused(built):
    with pytest.raises(Invalid, match="of this case"):
        built.ask(address_id="0" * 32)
