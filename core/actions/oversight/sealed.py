"""Sealed cases as those see them who are not named for them: a count; and their dates, for the Data Protection Officer."""

from dataclasses import dataclass
from datetime import date

from core.actions.desk.act import look
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.law.acts import Act
from core.law.clock.standing import Standing, standing
from core.law.roles import Role


@dataclass(frozen=True, slots=True)
class Sealed:
    """How many cases are sealed to other people, and of the open requests in them when each is due (None: no day)."""

    cases: int
    due: tuple[tuple[date | None, Standing], ...] = ()  # for the Data Protection Officer only; the soonest first


def count(desk: Desk) -> Sealed:
    """Return what this person may know of the cases that are sealed to others: no reference, no right, nobody's name.

    A Data Protection Officer learns the days, so that nothing goes late unseen while everybody named is away.
    """
    with look(desk, Act.QUEUE_LOOK) as now:
        cases = int((now.tx.one("queue.sealed", me=desk.person.account_id) or {}).get("cases", 0))
        if now.least and cases < now.least:
            return Sealed(0)
        if not cases or Role.DPO not in desk.person.roles:
            return Sealed(cases)
        today = today_of(desk)
        return Sealed(cases, tuple(
            (row["final_due"], standing(
                row["final_due"], today, paused=row["clock_state"] == "paused", closed=False,
                sent=row["sent_at"] is not None, safe=row["safe_due"],
            ))
            for row in now.tx.rows("queue.sealed_due", me=desk.person.account_id)
        ))
