"""Saved questions to the log, for a Data Protection Officer: each one a query with a name and a sentence."""

from dataclasses import dataclass
from datetime import date

from core.actions.desk import things
from core.actions.desk.act import act, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.oversight.logbook import PAGE, LogRow, days_between, read_row
from core.law.acts import Act, may
from core.law.errors import Invalid, NotAllowed


@dataclass(frozen=True, slots=True)
class Question:
    """A saved question: its title, and the sentence that says what its answer holds."""

    title: str
    sentence: str


QUESTIONS = {
    "sealed_looks": Question(
        "Who looked at sealed people",
        "Everybody who looked at, or was refused, a sealed case, the person of such a case, or a person who is a "
        "colleague or close to one. A look by somebody who is named for the case stands here too.",
    ),
}


@dataclass(frozen=True, slots=True)
class Answered:
    """One page of the answer, how many entries it has in all, and how many are left to another officer."""

    rows: tuple[LogRow, ...]
    total: int
    own: int  # they concern the person who asks, or somebody close to them


@repeated
def ask(
    desk: Desk, question: str, since: date | None = None, until: date | None = None, page: int = 1
) -> Answered:
    """Answer a saved question over local days (both included), the newest entry first; one look stands for 15 minutes.

    Raises NotAllowed for anybody but a Data Protection Officer: the answer tells who is sealed.
    """
    with act(desk, Act.LOG_LOOK, things.question(question), disclosure=True) as now:
        if not may(desk.person.roles, Act.LOG_ACTOR):
            raise NotAllowed("Only a Data Protection Officer asks the log this.")
        if question not in QUESTIONS:
            raise Invalid("There is no such question.", "question")
        here = establishment(desk.store)
        asked = {"chain": desk.store.chain, "account_id": desk.person.account_id} | days_between(here, since, until)
        rows = now.tx.rows(f"logbook.{question}", first=max(page - 1, 0) * PAGE, size=PAGE, **asked)
        return Answered(
            tuple(read_row(here, row, named=True) for row in rows if row["seq"] is not None),
            int(rows[0]["total"]), int(rows[0]["own"]),
        )
