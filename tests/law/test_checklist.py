"""The checklist follows the right and the recorded state, and nothing else."""

from dataclasses import replace

import pytest

from core.law.acts import Act
from core.law.checklist import checklist, next_step
from core.law.progress import Facts
from core.law.ways import RIGHTS, Kind
from core.law.workflow import Closing, State

FRESH = Facts(State.RECEIVED, None, False, "open", "open", None, sent=False, told=False)
ACCESS = RIGHTS[Kind.ACCESS]


def done(right, facts):
    return {item.title: item.done for item in checklist(right, facts)}


def test_nothing_is_done_at_receipt():
    for right in RIGHTS.values():
        assert not any(done(right, FRESH).values())


def test_identity_stands_only_where_the_right_needs_it():
    for right in RIGHTS.values():
        assert ("Check who is asking" in done(right, FRESH)) == right.needs_identity


def test_a_second_person_stands_only_where_a_package_leaves():
    named = "Have a second person approve the release"
    assert named in done(ACCESS, FRESH)
    assert named not in done(RIGHTS[Kind.OBJECTION], FRESH)
    assert named not in done(ACCESS, replace(FRESH, subject_state="nobody"))


def test_a_built_package_is_not_yet_approved_and_a_returned_one_is_no_longer():
    built = replace(FRESH, state=State.IN_PROGRESS, package_state="built")
    assert done(ACCESS, built)["Collect the data of every system"]
    assert not done(ACCESS, built)["Have a second person approve the release"]
    assert done(ACCESS, replace(built, state=State.CARRYING_OUT))["Have a second person approve the release"]


def test_a_fulfilled_request_has_every_item_done():
    closed = Facts(State.CLOSED, Closing.FULFILLED, True, "proven", "decided", "expired", sent=True, told=False)
    assert all(done(ACCESS, closed).values())


def test_a_request_without_action_needs_the_letter_that_says_so():
    failed = replace(FRESH, identity_state="failed")
    assert done(ACCESS, failed)["Tell the person why nothing is done"] is False
    assert done(ACCESS, replace(failed, told=True))["Tell the person why nothing is done"]


def test_a_refused_request_has_the_items_of_its_refusal_and_no_others():
    facts = Facts(State.READY_TO_SEND, None, True, "open", "open", None, False, False, refused=True)
    items = checklist(RIGHTS[Kind.ACCESS], facts)
    assert [(item.title.split()[0], item.done) for item in items] == [
        ("Confirm", True), ("Name", True), ("Have", True), ("Tell", False), ("Close", False),
    ]
    assert not checklist(RIGHTS[Kind.ACCESS], replace(facts, state=State.AWAITING_APPROVAL))[2].done


def titles(kind, **facts):
    return [item.title for item in checklist(RIGHTS[kind], replace(FRESH, state=State.IN_PROGRESS, **facts))]


PROVEN = {"identity_state": "proven", "subject_state": "decided"}


@pytest.mark.parametrize(("kind", "facts", "wanted"), [
    (Kind.ERASURE, {}, ["Name the grounds", "Prepare the plan", "Have the letter and the address ready",
                        "Have a second person approve the plan", "Erase in every system", "Destroy the person's key",
                        "Tell the outcome", "Mark the answer as sent"]),
    (Kind.ERASURE, {"copies": 1, "erases": False, "notices": 2}, [
        "Name the grounds", "Let the copy go first", "Prepare the plan", "Have the letter and the address ready",
        "Have a second person approve the plan", "Tell the outcome", "Mark the answer as sent", "Tell the recipients"]),
    (Kind.RECTIFICATION, {"waits": True, "proof_needed": True, "old_notice": "open"}, [
        "Propose what is corrected", "Decide about the value that another person holds", "Prove the new value",
        "Prepare the plan", "Have a second person approve the plan", "Correct every system", "Tell the old address",
        "Tell the outcome", "Mark the answer as sent"]),
    (Kind.RESTRICTION, {"notices": 1, "unreached": 1}, [
        "Record the ground and the day to look again", "Prepare the plan", "Restrict in every system",
        "Tell what is missing, and why", "Tell the person that it stands", "Mark the answer as sent", "Tell the recipients"]),
    (Kind.OBJECTION_MARKETING, {}, [
        "Widen it to all the person holds", "Confirm it to the person", "Mark the answer as sent"]),
    (Kind.CONSENT_WITHDRAWAL, {"subject_state": "nobody"}, [
        "Check that it stands", "Confirm it to the person", "Mark the answer as sent"]),
])
def test_each_right_has_its_own_items_in_their_order(kind, facts, wanted):
    found = titles(kind, **facts)
    assert [title for title in found if title in wanted] == wanted
    common = {"Confirm the receipt", "Stop it at once", "Check who is asking", "Find the person", "Close the request"}
    assert set(found) - set(wanted) <= common
    assert ("Stop it at once" in found) == (RIGHTS[kind].verb == "suppress")


@pytest.mark.parametrize(("kind", "facts", "act"), [
    (Kind.ERASURE, {}, Act.CASE_PERSON),
    (Kind.ERASURE, {"subject_state": "decided"}, Act.IDENTITY_RECORD),
    (Kind.ERASURE, PROVEN, Act.PLAN_CHOOSE),
    (Kind.ERASURE, PROVEN | {"grounds": True, "copies": 1, "copies_waiting": 1}, Act.RELEASE_ASK),
    (Kind.ERASURE, PROVEN | {"grounds": True, "copies": 1}, Act.PLAN_PREPARE),
    (Kind.ERASURE, PROVEN | {"grounds": True, "planned": True}, Act.LETTER_DRAFT),
    (Kind.ERASURE, PROVEN | {"grounds": True, "planned": True, "drafted": True}, Act.PLAN_ASK),
    (Kind.ERASURE, PROVEN | {"state": State.AWAITING_APPROVAL}, Act.PLAN_APPROVE),
    (Kind.ACCESS, PROVEN | {"state": State.AWAITING_APPROVAL, "package_state": "built"}, Act.RELEASE_APPROVE),
    (Kind.ACCESS, {"state": State.AWAITING_APPROVAL, "refused": True}, Act.REFUSAL_APPROVE),
    (Kind.RECTIFICATION, PROVEN | {"points": 1, "waits": True}, Act.RECTIFY_DECIDE),
    (Kind.RECTIFICATION, PROVEN | {"points": 1, "proof_needed": True}, Act.RECTIFY_PROVE),
    (Kind.RESTRICTION, PROVEN | {"grounds": True, "planned": True}, Act.REQUEST_CARRY_OUT),
    (Kind.OBJECTION_MARKETING, {"subject_state": "nobody"}, Act.REQUEST_CARRY_OUT),
    (Kind.OBJECTION_MARKETING, {"state": State.READY_TO_SEND, "subject_state": "nobody"}, Act.LETTER_SENT),
    (Kind.OBJECTION_MARKETING, {"state": State.READY_TO_SEND, "subject_state": "nobody", "outcome_told": True},
     Act.ANSWER_SENT),
    (Kind.ERASURE, {"state": State.CARRYING_OUT}, None),
])
def test_the_next_step_is_one_act_that_somebody_may_do(kind, facts, act):
    assert next_step(RIGHTS[kind], replace(FRESH, **{"state": State.IN_PROGRESS} | facts)).act == act


def test_an_open_notice_holds_no_closing_up_and_a_closed_request_has_no_next_step():
    facts = replace(
        FRESH, **PROVEN, state=State.READY_TO_SEND, grounds=True, planned=True, drafted=True, approved=True, systems=2,
        systems_done=2, outcome_told=True, sent=True, notices=3, notices_open=2, key="destroyed",
    )
    assert next_step(RIGHTS[Kind.ERASURE], facts).act is Act.REQUEST_CLOSE
    assert next_step(RIGHTS[Kind.ERASURE], replace(facts, state=State.CLOSED)) is None


def test_a_system_that_is_not_done_yet_leaves_the_item_open():
    facts = replace(FRESH, **PROVEN, state=State.CARRYING_OUT, systems=2, systems_done=1)
    assert not done(RIGHTS[Kind.ERASURE], facts)["Erase in every system"]
    assert done(RIGHTS[Kind.ERASURE], replace(facts, systems_done=2))["Erase in every system"]
