"""A sealed case is a count to everybody who is not named for it, on every list; its dates reach the DPO."""

from datetime import timedelta

import pytest

from core.actions.answers import approvals, closing_checks, needs
from core.actions.answers.erasure import kept_parts
from core.actions.answers.packages import exports
from core.actions.answers.restriction import restriction_lifts
from core.actions.cases import cases, queue
from core.actions.desk.desk import Desk
from core.actions.oversight import failed_tasks, holds, sealed
from core.actions.suppression import annulments, suppression_list
from core.law.roles import Role
from core.store.engine import new_id
from tests.actions.conftest import import_people, take_in
from tests.actions.things_of import plant
from tests.conftest import NOW, desk_of


@pytest.fixture
def case(empty_walk):
    """A case sealed to its steward, with one thing on every list that could show it, and one that is open to all."""
    people = import_people(empty_walk.store, 2)
    hidden, open_to_all = (take_in(empty_walk, people[n], n) for n in (0, 1))
    for each in (hidden, open_to_all):
        same = {"case_ref": each.case_ref, "request_id": each.request_id, "subject_ref": each.subject}
        each.prepare()
        each.work()
        plant(each.store, "tasks", **same, id=new_id(), kind="package.build", state="failed", object_id="x")
        plant(each.store, "silences", **same, id=new_id(), look_on=NOW.date())
        plant(each.store, "holds", **same, id=new_id(), level="case", reason="claim")
        plant(each.store, "kept_items", **same, id=new_id(), state="kept", system="local", table_name="events", until=None)
        entry = new_id()
        plant(each.store, "suppressions", **same, id=entry, state="restriction", ground="18.1.a", h=b"x" * 32, ended_at=None,
              entry_ref=entry, version=1)
        due = new_id()
        plant(each.store, "suppressions", **same, id=due, state="restriction", ground="18.1.a", h=b"x" * 32, ended_at=None,
              entry_ref=due, review_on=NOW.date(), version=1)
        plant(each.store, "suppression_annulments", **same, id=new_id(), entry_ref=entry, state="objection", decision=None)
        plant(each.store, "restriction_lifts", **same, id=new_id(), suppression_id=entry, ground="18.1.a")
        plant(each.store, "closing_checks", **same, id=new_id(), closing="duplicate", closed_by="account-other")
    dpo = desk_of(empty_walk.store, Role.DPO, name="dpo")
    plant(empty_walk.store, "accounts", id="account-steward", actor_ref="actor-steward", sign_in_name="s", name="steward")
    cases.seal_to(dpo, hidden.case_ref, ["account-steward"], key=new_id())
    hidden.open_to_all, hidden.dpo = open_to_all, dpo
    return hidden


def listed(desk: Desk) -> dict[str, set[str]]:
    """Return by list which references this person reads in it."""
    return {
        "queue": {row.reference for row in queue.list_requests(desk).rows},
        "packages": {row.reference for row in exports.list_packages(desk).rows},
        "work that failed": {each.reference for each in failed_tasks.failing(desk)},
        "silences": {row["reference"] for row in needs.silences_due(desk)},
        "holds": {each.case_reference for each in holds.list_holds(desk)},
        "kept": {each.reference for each in kept_parts.list_kept(desk)},
        "suppression": {
            row["reference"] for row in suppression_list.list_entries(desk, suppression_list.Listed("restriction"))
        } - {""},
        "reviews": {each.case_reference for each in restriction_lifts.reviews_due(desk)},
        "annulments": {each.case_reference for each in annulments.annulments(desk)},
        "liftings": {each.case_reference for each in restriction_lifts.proposals(desk)},
        "closings": {each.reference for each in closing_checks.waiting(desk).rows},
    }


def test_it_stands_on_no_list_of_anybody_else_and_on_each_of_whoever_is_named(case):
    hidden, shown = case.row().reference.partition("/")[0], case.open_to_all.row().reference.partition("/")[0]
    for desk, there in ((case.steward, True), (case.checker, False), (case.dpo, False)):
        for name, references in listed(desk).items():
            cases_read = {each.partition("/")[0] for each in references}
            assert shown in cases_read, (desk.person.name, name)
            assert (hidden in cases_read) is there, (desk.person.name, name)


def test_it_is_counted_for_everybody_and_dated_for_the_dpo(case):
    due = case.row().final_due
    assert sealed.count(case.steward) == sealed.Sealed(0)
    assert sealed.count(case.checker) == sealed.Sealed(1)
    assert sealed.count(desk_of(case.store, Role.MANAGER)) == sealed.Sealed(1)
    assert sealed.count(desk_of(case.store, Role.ANALYST)) == sealed.Sealed(0), "fewer than five are no number"
    there = sealed.count(case.dpo)
    assert (there.cases, [day for day, _ in there.due]) == (1, [due])
    late = sealed.count(case.at(case.dpo, NOW + timedelta(days=60)))
    assert late.due[0][1].level == "late"


def test_what_waits_for_an_approval_is_left_out_for_whoever_is_not_named(case):
    for each in (case, case.open_to_all):
        asked = {
            "case_ref": each.case_ref, "request_id": each.request_id, "subject_ref": each.subject, "deputy_id": None,
            "approver_id": case.checker.person.account_id,
        }
        letter, extension = new_id(), new_id()
        plant(case.store, "extensions", **asked, id=extension, state="asked", told_on=None)
        plant(case.store, "letters", **asked, id=letter, kind="other", sent_at=None)
        for thing, thing_id in (("plan", "plan"), ("extension", extension), ("letter", letter)):
            plant(case.store, "approvals", **asked, id=new_id(), thing=thing, thing_id=thing_id, decision=None)
    with case.store.transaction() as tx:
        tx._cursor.execute("update requests set state = 'awaiting_approval', sent_at = null")
        case.store.commit(tx)
    assert [row["request_id"] for row in approvals.waiting(case.checker)] == [case.open_to_all.request_id] * 3
    plant(case.store, "case_named", case_ref=case.case_ref, account_id=case.checker.person.account_id)
    assert {(row["thing"], row["request_id"]) for row in approvals.waiting(case.checker)} == {
        (thing, request) for thing in ("plan", "extension", "letter") for request in (case.request_id, case.open_to_all.request_id)
    }


def test_an_inquiry_in_a_sealed_case_holds_another_without_its_reference(case):
    inquiry, request, about = new_id(), new_id(), case.open_to_all
    plant(case.store, "cases", case_ref=inquiry, reference="RD-SEALED", sealed_to_names=True)
    plant(case.store, "requests", id=request, case_ref=inquiry, reference="RD-SEALED/1", kind="authority_inquiry")
    plant(case.store, "needs_met", id=new_id(), request_id=request, case_ref=inquiry, need="linked", about_case=about.case_ref)
    assert needs.holding(case.checker, about.case_ref) == ("a sealed case",)
    with case.store.transaction() as tx:
        assert [row["reference"] for row in tx.rows("needs.holding_person", subject=about.subject)] == ["a sealed case"]


def test_its_dates_end_with_its_requests(case):
    with case.store.transaction() as tx:
        tx._cursor.execute("update requests set state = 'closed' where case_ref = $case", {"case": case.case_ref})
        case.store.commit(tx)
    assert sealed.count(case.dpo) == sealed.Sealed(1)
