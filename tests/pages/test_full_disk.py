"""A page on a full disk is drawn, or says that there is no space: never a fault of the framework."""

from core.law.acts import may
from core.law.roles import Role
from core.store import durable
from pages.parts.screens import screens
from tests.conftest import desk_of
from tests.pages.test_every_page import account, drawn, taken


def test_every_page_is_drawn_or_says_that_there_is_no_space(store, monkeypatch):
    account(store, "somebody")
    request = taken(store)
    monkeypatch.setattr(durable, "RESERVE", 1 << 60)  # more than any disk has left
    listed, refused = [], []
    for role in (Role.STEWARD, Role.DPO, Role.ADMINISTRATOR):
        desk = desk_of(store, role)
        for name, page in screens().items():
            if not may(desk.person.roles, page.ACT):
                continue
            ran = drawn(desk, name, request if name == "request" else "")
            assert not ran.exception, (name, ran.exception)
            told = [each.value for each in ran.error]
            assert all("no space left" in each for each in told), (name, told)
            (refused if told else listed).append(f"{role.value} {name}")
    assert {"steward request", "dpo logbook"} <= set(refused), "these need an entry"
    assert {"steward home", "steward queue", "dpo board"} <= set(listed), f"these name nobody: {refused}"
