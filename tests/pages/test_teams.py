"""Figures by team on the board: the filter, the switch of the data protection officer, the team of an account."""

import pytest

from core.actions.accounts import accounts
from core.actions.desk.teams import code_of
from core.actions.oversight import per_person
from core.law.roles import Role
from tests.actions.duty.staff import employ, key
from tests.conftest import desk_of
from tests.pages.test_every_page import drawn, taken
from tests.pages.test_queue import asked_in_address

NORTH = code_of("North")


@pytest.fixture
def manager(store):
    return employ(store)


@pytest.fixture
def in_teams(store, manager):
    root = desk_of(store, Role.ADMINISTRATOR, name="root")
    employ(store, {"root": Role.ADMINISTRATOR})
    for name in ("steward", "second", "deputy"):
        accounts.set_team(root, f"account-{name}", "North", key=key())
    taken(store)
    return store


def test_the_board_filters_by_team_and_says_so(in_teams, manager):
    ran = drawn(manager, "board")
    assert not ran.exception
    assert ran.selectbox(key="board_team").options == ["Every team", "Nobody yet", "North", "Without a team"]
    assert not [each for each in ran.selectbox if each.key == "board_owner"]
    assert any("Figures are told by team, of 3 people and more" in each.value for each in ran.caption)
    assert not [each for each in ran.button if each.key == "figures_on"], "a manager does not switch it"


def test_the_officer_notes_the_works_agreement_and_takes_it_back(in_teams, manager):
    dpo = desk_of(in_teams, Role.DPO, name="deputy")
    ran = drawn(dpo, "board")
    ran = ran.button(key="figures_on").click().run()
    assert any("works agreement" in each.value for each in ran.error), "an empty note is no agreement"
    ran.text_input(key="figures_note").set_value("Works agreement of 3 May 2026")
    ran = ran.button(key="figures_on").click().run()
    assert not ran.exception
    assert per_person.noted(dpo) == "Works agreement of 3 May 2026"
    assert "Name steward" in drawn(manager, "board").selectbox(key="board_owner").options
    ran = drawn(dpo, "board").button(key="figures_off").click().run()
    assert per_person.noted(dpo) == ""


def test_the_queue_takes_a_team_from_the_address(in_teams, manager):
    assert any("Only requests of North" in each.value for each in asked_in_address(manager, team=NORTH).markdown)
    assert any("of people without a team of three" in each.value for each in asked_in_address(manager, team="none").markdown)
    for wrong in ("luck", "'; drop table", code_of("South")):
        ran = asked_in_address(manager, team=wrong)
        assert not ran.exception
        assert not any("Only requests" in each.value for each in ran.markdown)
