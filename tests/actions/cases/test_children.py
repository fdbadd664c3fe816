"""A parent asks for a child: age, own view, which parent, contact ban, and what was told in confidence."""

import io
import zipfile
from datetime import date

import pytest

from core.actions.answers import approvals
from core.actions.answers.packages import packages
from core.actions.answers.packages.release import RELEASE
from core.actions.cases import cases, children, representatives
from core.actions.people.inventory import take_inventory
from core.law.errors import Conflict, Invalid, NotAllowed, NotPossible
from core.law.roles import Role
from core.store.engine import new_id
from tests.actions.cases.test_representatives import address, asked, proven
from tests.actions.conftest import hold_role, import_people
from tests.conftest import NOW, desk_of
from tests.permits import own

FIFTEEN = date(2011, 3, 1)
MARK = b"marker0001x"


@pytest.fixture
def parent(empty_walk):
    """Give a proven request of a parent whose authority says that answers go to them."""
    people = import_people(empty_walk.store, 3)
    return proven(asked(empty_walk, people[1], capacity="parent"), answers_to_representative=True)


def record(walk, born=FIFTEEN, desk=None, **facts):
    shown = children.show(desk or walk.steward, walk.case_ref)
    return children.record(
        desk or walk.steward, walk.case_ref, born, facts.pop("parent", "mother"), version=shown.version if shown else 0,
        key=new_id(), **facts,
    )


def test_a_child_of_fifteen_is_heard_before_a_parent_gets_an_answer(parent):
    with pytest.raises(NotPossible, match="Record the child first"):
        parent.prepare()
    assert record(parent).hear_first
    with pytest.raises(NotPossible, match="own view"):
        parent.prepare()
    assert record(parent, own_view="agrees").granted
    assert children.show(parent.steward, parent.case_ref).age == 15
    parent.prepare()
    parent.work()
    assert approvals.compare(parent.approver, RELEASE, parent.ask(address_id=address(parent, "representative").id)).needs_confirmation


def test_a_small_child_needs_not_be_heard_and_one_of_age_asks_alone(parent):
    assert record(parent, date(2018, 3, 1)).granted
    parent.prepare()
    assert not record(parent, date(2008, 11, 23)).granted  # eighteen today
    with pytest.raises(NotPossible, match="of age"):
        parent.prepare()


@pytest.mark.parametrize("facts", [{"contact_ban": True}, {"conflict": True}, {"own_view": "disagrees"}])
def test_a_ban_a_conflict_or_a_no_seals_the_case_at_once_to_named_people(parent, store, facts):
    hold_role(store, "account-dpo", Role.DPO)
    with store.transaction() as tx:
        tx.run("accounts.add", id="account-dpo", actor_ref="actor-dpo", sign_in_name="dpo", name="dpo", password_hash=None,
               now=NOW, made_by="x")
        store.commit(tx)
    assert record(parent, **facts).sealed
    for stranger in (parent.checker, parent.approver, desk_of(store, Role.DPO, name="another")):
        with pytest.raises(NotAllowed, match="sealed"):
            cases.open_case(stranger, parent.case_ref)
    assert cases.open_case(parent.steward, parent.case_ref).sealed_to_names
    assert cases.open_case(desk_of(store, Role.DPO, name="dpo"), parent.case_ref).sealed_to_names
    with pytest.raises(NotPossible):
        parent.prepare()


def test_a_seal_that_stands_names_nobody_further(parent, store):
    def named():
        with store.transaction() as tx:
            return tx._cursor.execute("select account_id from case_named where case_ref = ?", [parent.case_ref]).fetchall()

    record(parent, contact_ban=True)
    before = named()
    record(parent, contact_ban=True, conflict=True)
    assert named() == before


def test_what_was_told_in_confidence_is_in_no_file_of_the_parents_copy(parent):
    record(parent, own_view="agrees", in_confidence=["desk.messages", "local.consents"])
    parent.prepare()
    parent.work()
    approval = parent.ask(address_id=address(parent, "representative").id)
    assert "messages" in str(approvals.compare(parent.approver, RELEASE, approval).left_out).lower()
    approvals.approve(parent.approver, RELEASE, approval, confirmed=True, key=new_id())
    parent.work()
    with zipfile.ZipFile(io.BytesIO(packages.fetch(parent.steward, parent.package_id, key=new_id()).content)) as package:
        everything = b"".join(package.read(name) for name in package.namelist())
    assert b"I act for her" not in everything
    assert b"2011-03-01" not in everything
    assert MARK in everything
    assert b"Art. 15(4)" in everything


def test_without_a_parent_nothing_is_left_out(walk):
    with walk.store.transaction() as tx:
        whole = take_inventory(walk.store, tx, own(walk.subject), walk.case_ref)
    walk.released()
    with zipfile.ZipFile(io.BytesIO(packages.fetch(walk.steward, walk.package_id, key=new_id()).content)) as package:
        everything = b"".join(package.read(name) for name in package.namelist())
    assert b"BODYWORDS" in everything
    assert whole.rows["desk", "messages"]


@pytest.mark.parametrize(("born", "facts"), [
    (date(2027, 1, 1), {}), (FIFTEEN, {"parent": "aunt"}), (FIFTEEN, {"own_view": "perhaps"}),
    (FIFTEEN, {"in_confidence": ["nothing.here"]}), (FIFTEEN, {"in_confidence": ["desk.children"]}),
])
def test_what_is_no_child_parent_or_table_is_refused(parent, born, facts):
    with pytest.raises(Invalid):
        record(parent, born, **facts)
    assert children.show(parent.steward, parent.case_ref) is None


def test_an_older_page_changes_nothing(parent):
    record(parent)
    with pytest.raises(Conflict):
        children.record(parent.steward, parent.case_ref, FIFTEEN, "mother", version=0, key=new_id())


def test_an_authority_of_another_capacity_asks_for_no_child(empty_walk):
    people = import_people(empty_walk.store, 3)
    lawyer = proven(asked(empty_walk, people[1]))
    assert representatives.show(lawyer.steward, lawyer.case_ref).covered
