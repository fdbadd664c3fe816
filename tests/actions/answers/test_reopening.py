"""A mistake opens a linked request: with the old receipt and clock, once, and the closed one never moves."""

from datetime import date

import pytest

from core.actions.answers import reopening, requests
from core.actions.cases import cases, intake
from core.law.errors import Conflict, Invalid, NotAllowed, NotFound, NotPossible
from core.law.roles import Role
from core.store.engine import new_id
from tests.actions.things_of import plant
from tests.conftest import desk_of

WHY = "MISTAKEWORDS: it was no advertisement, it asks for a copy."


@pytest.fixture
def desk(store):
    return desk_of(store, Role.STEWARD, name="steward")


def row(desk, request_id):
    with desk.store.transaction() as tx:
        return tx.one("requests.one", id=request_id)


def closed(desk, rights=("access",)):
    case = intake.take_in(
        desk, intake.Intake(rights, "email", date(2026, 11, 2), email="marker@example.com", body="B"), key=new_id()
    )
    request = case.requests[0][0]
    requests.withdraw(desk, request, "Back.", version=row(desk, request)["version"], key=new_id())
    return case.case_ref, request


def reopen(desk, request, reason=WHY, version=None, key=None):
    return reopening.reopen(desk, request, reason, version=version or row(desk, request)["version"], key=key or new_id())


def test_a_linked_request_goes_on_with_the_first_receipt_and_its_clock(desk, entries):
    case_ref, request = closed(desk)
    before = row(desk, request)
    opened = reopen(desk, request)
    new = row(desk, opened)
    assert row(desk, request) == before, "a closed request never moves"
    same = ("case_ref", "kind", "received_at", "profile_id", "profile_version", "calendar_id", "zone", "base_due", "final_due")
    assert [new[name] for name in same] == [before[name] for name in same]
    assert (new["state"], new["owner_id"], new["reference"]) == ("received", None, f"{before['reference'].partition('/')[0]}/2")
    for request_id in (request, opened):
        (shown,) = reopening.of_request(desk, request_id)
        assert (shown.request_id, shown.opened_id, shown.reason) == (request, opened, WHY)
    assert [each.row.id for each in cases.open_case(desk, case_ref).requests] == [request, opened]
    entry = next(each for each in entries() if each["act"] == "request.reopen")
    assert (entry["request_ref"], '"closing":"withdrawn"' in entry["details"]) == (request, True)


def test_what_paused_the_closed_one_does_not_pause_the_one_that_goes_on(desk):
    case_ref, request = closed(desk)
    day = row(desk, request)["final_due"]
    plant(desk.store, "pauses", id=new_id(), case_ref=case_ref, request_id=request, kind="identity",
          asked_on=date(2026, 11, 3), answered_on=date(2026, 11, 13), reason=b"", question=b"")
    opened = row(desk, reopen(desk, request))
    assert (opened["final_due"], opened["clock_state"]) == (day, "running")


def test_it_is_opened_once_as_long_as_that_is_open_and_again_after(desk):
    _, request = closed(desk)
    key = new_id()
    opened = reopen(desk, request, key=key)
    assert reopen(desk, request, key=key) == opened
    with pytest.raises(NotPossible, match="goes on for this one already"):
        reopen(desk, request)
    with pytest.raises(NotPossible, match="is open"):
        reopen(desk, opened)
    requests.withdraw(desk, opened, "Back again.", version=row(desk, opened)["version"], key=new_id())
    assert reopen(desk, request) != opened


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001])
def test_without_its_reason_nothing_is_opened(desk, reason):
    case_ref, request = closed(desk)
    with pytest.raises(Invalid):
        reopen(desk, request, reason)
    with pytest.raises(Conflict):
        reopen(desk, request, version=99)
    assert len(cases.open_case(desk, case_ref).requests) == 1


@pytest.mark.parametrize("role", [Role.APPROVER, Role.MANAGER, Role.ANALYST, Role.ADMINISTRATOR])
def test_who_handles_no_requests_opens_none(desk, store, role):
    _, request = closed(desk)
    with pytest.raises((NotAllowed, NotFound)):
        reopen(desk_of(store, role, name="other"), request)
    reopen(desk_of(store, Role.DPO, name="dpo"), request)
