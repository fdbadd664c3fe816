"""Teams: an account belongs to one or to none; the board tells figures by them."""

from core.actions.desk import things
from core.actions.desk.act import act, repeated
from core.actions.desk.desk import Desk
from core.law.acts import Act
from core.law.errors import NotFound
from core.law.typed import read_text

LONGEST = 40  # characters of a name


@repeated
def set_team(desk: Desk, account_id: str, team: str, *, key: str) -> None:
    """Put an account into a team by its name; an empty one takes it out. Raises Invalid for a name that is none."""
    with act(desk, Act.ACCOUNT_TEAM, things.account(account_id), key=key) as now:
        if now.earlier is not None:
            return
        name = " ".join(read_text(team, "team", "the name of the team", needed=False, longest=LONGEST).split())
        if now.tx.one("accounts.by_id", id=account_id) is None:
            raise NotFound("There is no such account.")
        now.tx.run("accounts.leave_team", account_id=account_id)
        if name:
            now.tx.run("accounts.join_team", account_id=account_id, team=name)
        now.detail["team"] = int(bool(name))
