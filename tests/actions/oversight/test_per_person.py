"""Figures by team, and of single people only where a works agreement lets them be told."""

import pandas as pd
import pytest

from core.actions.accounts import accounts
from core.actions.cases import queue
from core.actions.cases.queue import Only
from core.actions.desk.teams import LEAST_MEMBERS, TEAM, code_of, read_teams
from core.actions.oversight import board_file, per_person
from core.actions.oversight.board import Chosen, board
from core.actions.oversight.history import history
from core.law.errors import Invalid, NotAllowed, NotFound
from core.law.roles import Role
from core.store.engine import new_id
from tests.actions.duty.staff import employ
from tests.actions.oversight import counted
from tests.actions.oversight.requests_made_up import CASES, PAUSES, REQUESTS, TODAY, fill, made_up
from tests.conftest import NOW, desk_of
from tests.grounds import ground

NORTH, SOUTH = code_of("North"), code_of("South")


def key():
    return new_id(NOW)


@ground()
def teamed(store):
    """Give a store with requests of three owners: two with another in the team North, one alone in South."""
    rows = pd.DataFrame(made_up(400, 5)).assign(sealed=False)
    asked = rows.dropna(subset="asked").assign(
        request_id=lambda each: each["id"], asked_on=TODAY, answered_on=lambda each: each["asked"].map({"open": None, "answered": TODAY}),
    )[["id", "request_id", "asked_on", "answered_on"]]
    fill(store, [(rows, CASES), (rows, REQUESTS), (asked, PAUSES)])
    employ(store, dict.fromkeys(("a", "b", "c", "d"), Role.STEWARD) | {"root": Role.ADMINISTRATOR, "rest": Role.ADMINISTRATOR})
    root = desk_of(store, Role.ADMINISTRATOR, name="root")
    for name, team in (("a", "North"), ("b", "  North "), ("d", "North"), ("c", "South")):
        accounts.set_team(root, f"account-{name}", team, key=key())
    return store


@pytest.fixture
def root(teamed):
    return desk_of(teamed, Role.ADMINISTRATOR, name="root")


@pytest.fixture
def manager(teamed):
    return desk_of(teamed, Role.MANAGER, name="manager")


def of_team(rows):
    return rows["owner_id"].map({"account-a": TEAM + NORTH, "account-b": TEAM + NORTH, "account-c": TEAM}).fillna("")


def test_owners_are_told_by_team_and_a_small_team_is_none(teamed, manager):
    rows, shown = counted.rows_of(teamed), board(manager)
    told = counted.board(rows, Chosen(), TODAY)
    expected = {}
    for (owner, band), number in told["owners"].items():
        team = of_team(pd.DataFrame({"owner_id": [owner or None]})).iloc[0]
        expected[team, band] = expected.get((team, band), 0) + number
    assert shown.owners == expected
    assert len(shown.owners) > 12
    assert shown.names == {TEAM + NORTH: "North", TEAM: "people without a team of three"}
    assert not shown.per_person
    assert LEAST_MEMBERS == 3
    assert "account-a" not in repr(shown.owners)


@pytest.mark.parametrize(("team", "owners"), [(NORTH, {"account-a", "account-b"}), ("", {"account-c"})])
def test_a_team_is_a_filter_of_every_number_and_of_the_queue(teamed, manager, team, owners):
    rows = counted.rows_of(teamed)
    mine = counted.Rows(**{**vars(rows), "requests": rows.requests[rows.requests["owner_id"].isin(owners)]})
    chosen = Chosen(team=team)
    shown = board(manager, chosen)
    told = counted.board(mine, Chosen(), TODAY)
    told.pop("owners")
    assert {name: (getattr(shown, name), value) for name, value in told.items() if getattr(shown, name) != value} == {}
    assert counted.differences(history(manager, chosen), counted.history(mine, Chosen(), TODAY)) == {}
    for band, number in shown.bands.items():
        assert queue.list_requests(manager, only=Only(team=team, band=band)).total == number
    listed = queue.fetch(manager, f"team={team}").content.decode()
    assert listed.count("\r\n") - 1 == queue.list_requests(manager, only=Only(team=team)).total
    assert b"North" in board_file.fetch(manager, f"table=owners&team={team}").content or team == ""


def test_one_persons_figures_are_not_told_but_their_own_are(teamed, manager):
    for chosen in (Chosen(owner="account-a"), Chosen(owner="account-c")):
        for told in (board, history):
            with pytest.raises(Invalid, match="choose a team"):
                told(manager, chosen)
    with pytest.raises(Invalid, match="choose a team"):
        board_file.fetch(manager, "table=rights&owner=account-a")
    for chosen in (Chosen(team=SOUTH), Chosen(team="luck")):
        with pytest.raises(Invalid, match="too small"):
            board(manager, chosen)
        with pytest.raises(Invalid, match="too small"):
            queue.list_requests(manager, only=Only(team=chosen.team))
    assert board(desk_of(teamed, Role.STEWARD, name="a"), Chosen(owner="account-a")).open > 0
    assert board(manager, Chosen(owner="")).open > 0
    assert queue.list_requests(manager, owner="account-a").total > 0, "who works on what is no figure: work is given by it"


def test_a_works_agreement_lets_people_be_told_until_it_ends(teamed, manager, entries):
    dpo = desk_of(teamed, Role.DPO, name="dpo")
    for note in ("", "  ", "yes", "x" * 300, "agreement\x00 of May"):
        with pytest.raises(Invalid):
            per_person.switch(dpo, note, key=key())
    with pytest.raises(NotAllowed):
        per_person.switch(manager, "Works agreement of 3 May 2026", key=key())
    assert per_person.noted(manager) == ""
    per_person.switch(dpo, "Works agreement of 3 May 2026", key=key())
    assert per_person.noted(manager) == "Works agreement of 3 May 2026"
    assert {owner for owner, _ in board(manager).owners} == {"", "account-a", "account-b", "account-c"}
    assert board(manager, Chosen(owner="account-c")).open > 0
    assert per_person.told(manager).per_person
    per_person.switch(dpo, None, key=key())
    with pytest.raises(Invalid, match="choose a team"):
        board(manager, Chosen(owner="account-c"))
    told = [(row["act"], row["outcome"]) for row in entries() if row["act"] == "figures.switch"]
    assert told.count(("figures.switch", "done")) == 2
    assert "May" not in "".join(row["details"] for row in entries()), "the note stands in the store, its hash in the log"


def test_who_leaves_makes_a_team_too_small(teamed, manager, root):
    accounts.disable_account(root, "account-d", key=key())
    with teamed.transaction() as tx:
        assert read_teams(tx).names == {}
    assert {owner for owner, _ in board(manager).owners} == {"", TEAM}
    accounts.set_team(root, "account-c", "North", key=key())
    assert {owner for owner, _ in board(manager).owners} == {"", TEAM + NORTH}
    accounts.set_team(root, "account-b", "", key=key())
    assert {each.id: each.team for each in accounts.list_accounts(root)}["account-b"] == ""


def test_what_is_no_team_is_refused(teamed, root, manager):
    for name in ("x" * 41, "\x00", "\ud800"):
        with pytest.raises(Invalid):
            accounts.set_team(root, "account-a", name, key=key())
    with pytest.raises(NotFound):
        accounts.set_team(root, "account-nobody", "North", key=key())
    with pytest.raises(NotAllowed):
        accounts.set_team(manager, "account-a", "North", key=key())
    assert {each.id: each.team for each in accounts.list_accounts(root)}["account-a"] == "North"
