"""The checklist is drawn from what is recorded, for every right, and stays as it was when the request was closed."""

from datetime import date, timedelta

import pytest

from core.actions.answers import carrying, progress
from core.actions.answers.erasure import erasures
from core.actions.answers.letters import letters
from core.actions.answers.restriction import restriction_lifts, stopping
from core.actions.cases import cases, identity, intake, joining
from core.law.errors import NotAllowed
from core.law.roles import Role
from core.store.engine import new_id
from tests.actions.conftest import import_people
from tests.actions.correcting import disclosed, take_in
from tests.conftest import NOW, desk_of


@pytest.fixture
def subject(empty_walk):
    return import_people(empty_walk.store, 2)[1]


def going(request, desk=None):
    return progress.of_request(desk or request.steward, request.request_id)


def open_items(request):
    return [item.title for item in going(request).items if not item.done]


def test_an_erasure_step_by_step(empty_walk, subject):
    request = take_in(empty_walk, "erasure", subject, 1)
    disclosed(request, subject, "Marker Carrier")
    assert going(request).next.title == "Name the grounds"
    erasures.choose(request.steward, request.request_id, ("17.1.a", "17.1.d"), (), version=request.version, key=new_id())
    assert going(request).next.title == "Prepare the plan"
    request.plan()
    assert going(request).next.title == "Have the letter and the address ready"
    letter = request.letter("erasure_carried_out", send=False)
    approval = request.ask_plan()
    told = going(request)
    assert (told.waiting.approval_id, told.waiting.approver_id) == (approval, request.approver.person.account_id)
    assert going(request, request.approver).next.title == "Have a second person approve the plan"
    request.approve(approval)
    assert going(request).next.act is None
    request.carry()
    assert open_items(request) == [
        "Confirm the receipt", "Tell the outcome", "Mark the answer as sent", "Tell the recipients", "Close the request",
    ]
    letters.mark_sent(request.steward, letter, "email", date(2026, 11, 23), key=new_id())
    request.close()
    assert open_items(request) == ["Confirm the receipt", "Tell the recipients"]


def test_a_copy_that_waits_goes_before_the_erasure(empty_walk, subject):
    request = take_in(empty_walk, "erasure", subject, 1)
    erasures.choose(request.steward, request.request_id, ("17.1.a",), (), version=request.version, key=new_id())
    joining.add_message(
        request.steward, request.case_ref, intake.Intake(("access",), "email", date(2026, 11, 22), body="And a copy."),
        key=new_id(),
    )
    told = going(request).next
    assert told.title == "Check who is asking", "the later message came from nobody known"
    identity.record(empty_walk.checker, request.case_ref, ["code"], "proven", key=new_id())
    assert going(request).next.title == "Let the copy go first"
    assert "not sent yet" in going(request).next.why


def test_a_correction_with_proof_and_an_old_address(empty_walk, subject):
    request = take_in(empty_walk, "rectification", subject, 1)
    assert going(request).next.title == "Propose what is corrected"
    request.propose("email", "marker-new@example.com")
    assert going(request).next.title == "Prove the new value"
    request.prove()
    assert going(request).next.title == "Prepare the plan"
    request.corrected()
    assert "Tell the old address" in open_items(request)
    assert "Correct every system" not in open_items(request)
    notice = next(each.id for each in letters.list_letters(request.steward, request.case_ref))
    letters.mark_sent(request.steward, notice, "email", date(2026, 11, 23), key=new_id())
    assert "Tell the old address" not in open_items(request)


def test_a_restriction_names_its_ground_and_tells_the_recipients(empty_walk, subject):
    request = take_in(empty_walk, "restriction", subject, 1)
    disclosed(request, subject, "Marker Carrier")
    assert going(request).next.title.startswith("Record the ground")
    restriction_lifts.record_terms(
        request.steward, request.request_id, "18.1.a", (NOW + timedelta(days=90)).date(), version=request.version, key=new_id()
    )
    request.plan()
    assert going(request).next.title == "Restrict in every system"
    carrying.start(request.steward, request.request_id, version=request.version, key=new_id())
    request.carry()
    assert going(request).next.title == "Tell the person that it stands"
    assert "Tell the recipients" in open_items(request)


def test_an_objection_of_nobody_is_confirmed_all_the_same(empty_walk):
    request = take_in(empty_walk, "objection_marketing", None, 1)
    assert "Stop it at once" not in open_items(request)
    version = cases.open_case(request.steward, request.case_ref).version
    cases.decide_person(request.steward, request.case_ref, None, version=version, key=new_id())
    assert going(request).next.title == "Check that it stands"
    stopping.confirm_for_nobody(request.steward, request.request_id, version=request.version, key=new_id())
    assert going(request).next.title == "Confirm it to the person"
    request.letter("objection_confirmed")
    request.close()
    assert open_items(request) == ["Confirm the receipt"]


def test_a_closed_request_stays_as_it_was(empty_walk, subject):
    request = take_in(empty_walk, "objection_marketing", subject, 1)
    request.plan()
    carrying.start(request.steward, request.request_id, version=request.version, key=new_id())
    request.carry()
    request.letter("objection_confirmed")
    request.close()
    before = going(request)
    joining.add_message(
        request.steward, request.case_ref, intake.Intake((), "email", date(2026, 11, 22), body="Thanks."), key=new_id()
    )
    with request.store.transaction() as tx:
        tx._cursor.execute("update cases set subject_state = 'open', identity_state = 'failed'")
        tx._cursor.execute("update letters set sent_at = null")
        request.store.commit(tx)
    assert going(request) == before
    assert before.next is None


def test_who_may_not_open_the_case_sees_nothing_of_it(empty_walk, subject):
    request = take_in(empty_walk, "erasure", subject, 1)
    for role in (Role.MANAGER, Role.APPROVER, Role.ANALYST):
        with pytest.raises(NotAllowed):
            going(request, desk_of(empty_walk.store, role))
