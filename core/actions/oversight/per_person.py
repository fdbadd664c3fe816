"""Figures of single people: off, until the data protection officer notes the works agreement that lets them be told."""

from core.actions.desk.act import act, look, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.teams import FACT, Teams, agreement, read_teams
from core.law.acts import Act
from core.law.errors import Invalid
from core.law.typed import read_text

LEAST, LONGEST = 10, 200  # characters of the note


def noted(desk: Desk) -> str:
    """Return the note of the works agreement; empty while figures are told by team."""
    with look(desk, Act.BOARD_LOOK) as now:
        return agreement(now.tx)


def told(desk: Desk) -> Teams:
    """Return whose figures are told: the teams that are large enough, and whether single people are."""
    with look(desk, Act.BOARD_LOOK) as now:
        return read_teams(now.tx)


@repeated
def switch(desk: Desk, note: str | None, *, key: str) -> None:
    """Tell figures of single people from now on, by the works agreement that the note names; None ends it.

    Raises Invalid for a note in which no agreement can stand.
    """
    with act(desk, Act.FIGURES_SWITCH, key=key) as now:
        if now.earlier is not None:
            return
        words = "" if note is None else read_text(note, "note", "the works agreement", longest=LONGEST)
        if note is not None and len(words) < LEAST:
            raise Invalid("Name the works agreement: what it is called, of which day.", "note")
        now.tx.run("store.forget_fact", name=FACT)
        if words:
            now.tx.run("store.put_fact", name=FACT, fact=words)
        now.words = words
        now.detail["per_person"] = int(bool(words))
