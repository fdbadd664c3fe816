"""The checklist follows the right and the recorded state, and nothing else."""

from dataclasses import replace

from core.law.checklist import Facts, checklist
from core.law.rights import RIGHTS, Kind
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
