"""What an empty desk tells each role to do first, and that it stops once it is done."""

import pytest

from core.actions.people import imports
from core.law.roles import GRANTABLE, Role
from tests.conftest import desk_of
from tests.pages.test_every_page import account, drawn, taken

PEOPLE = b"customer_id,email\nc-1,one@example.com\n"


def told(store, role):
    page = drawn(desk_of(store, role), "home")
    assert not page.exception
    return [each.value for each in page.header], [each.value for each in page.info]


@pytest.fixture
def empty(store):
    account(store, "somebody")
    return store


def test_who_handles_requests_is_led_to_people_and_to_the_first_request(empty):
    steps = ["Bring your people in", "Take the first request in"]
    assert told(empty, Role.STEWARD)[0][:2] == steps
    assert [each for each in told(empty, Role.DPO)[0] if each in steps] == steps
    imports.import_people(desk_of(empty, Role.STEWARD), PEOPLE, key="import-0001")
    assert told(empty, Role.STEWARD)[0][0] == "Take the first request in"
    taken(empty)
    assert not set(told(empty, Role.STEWARD)[0]) & set(steps)


def test_who_only_watches_is_told_what_will_stand_there(empty):
    for role in (Role.APPROVER, Role.MANAGER):
        assert told(empty, role)[1][0].startswith("No request was taken in yet.")
    taken(empty)
    assert told(empty, Role.MANAGER)[1] == []


def test_the_administrator_is_told_which_roles_nobody_holds(empty):
    assert told(empty, Role.ADMINISTRATOR)[0] == ["Give your colleagues their roles"]
    words = " ".join(each.value for each in drawn(desk_of(empty, Role.ADMINISTRATOR), "home").markdown)
    assert all(f"**{name}**" in words for name in ("dpo", "steward", "approver"))
    for role in set(GRANTABLE) - {"administrator"}:
        assert "Give your colleagues their roles" not in told(empty, role)[0]
