"""Whose figures are told: those of teams, and of single people only where a works agreement lets it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from core.store.engine import Tx

FACT = "figures.per_person"  # the note of the works agreement; none while figures of single people are off
LEAST_MEMBERS = 3  # in a smaller team each knows whose the other figures are
TEAM = "team:"  # before the name of a team, where a code may be an account too
NO_TEAM = ""  # no team, or one that is too small to be told


@dataclass(frozen=True, slots=True)
class Teams:
    """The teams that are told, and whether single people are."""

    per_person: bool
    names: Mapping[str, str]  # by the code of a team, only of those that are large enough
    team_of: Mapping[str, str]  # the code by account

    def code(self, owner_id: str) -> str:
        """Return under which code the requests of an owner are counted; nobody's under nothing."""
        if self.per_person or not owner_id:
            return owner_id
        return TEAM + self.team_of.get(owner_id, NO_TEAM)

    def members(self, team: str | None, everybody: Mapping[str, str]) -> list[str] | None:
        """Return the accounts of a team by its code, of NO_TEAM those of no told one; None where no team is asked for."""
        if team is None:
            return None
        return [who for who in everybody if self.team_of.get(who, NO_TEAM) == team]


def read_teams(tx: Tx) -> Teams:
    """Return whose figures are told."""
    members: dict[str, list[str]] = {}
    for row in tx.rows("accounts.teams"):
        members.setdefault(row["team"], []).append(row["account_id"])
    told = {name: code_of(name) for name, accounts in members.items() if len(accounts) >= LEAST_MEMBERS}
    return Teams(
        bool(agreement(tx)), {code: name for name, code in told.items()},
        {account: code for name, code in told.items() for account in members[name]},
    )


def code_of(name: str) -> str:
    """Return the code by which a team stands in an address and in the log."""
    return hashlib.sha256(name.encode()).hexdigest()[:8]


def agreement(tx: Tx) -> str:
    """Return the note of the works agreement that lets figures of single people be told; empty while there is none."""
    return str({row["name"]: row["fact"] for row in tx.rows("store.facts")}.get(FACT, ""))
