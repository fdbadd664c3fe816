"""Due days on which nobody is on duty: said while there is time to answer before."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from core.actions.desk.act import look
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.desk.moment import today_of
from core.actions.duty.safe_starts import Duty, read_duty
from core.law.acts import Act
from core.store.datafiles import calendars

AHEAD = 62  # days: further off a rota is seldom known


class Why(StrEnum):
    """Why nobody is on duty."""

    NOBODY = "nobody"  # no account handles requests at all
    SHUT = "shut"
    AWAY = "away"
    REST = "rest"  # a weekend or a holiday: a day that an authority named may be one


@dataclass(frozen=True, slots=True)
class Gap:
    """Due days on which nobody handles requests, how many fall due on them, and the last day before on which somebody does.

    `before` is None where nobody is there any more until then.
    """

    first: date
    last: date
    requests: int
    why: Why
    before: date | None


def unattended(desk: Desk) -> list[Gap]:
    """Return the due days ahead of open requests on which nobody is on duty, the next one first; totals only, no request.

    Days with the same last day before them are one gap.
    """
    with look(desk, Act.BOARD_LOOK) as now:
        today = today_of(desk)
        if now.least:
            return []
        due = now.tx.rows("queue.due_days", today=today, until=today + timedelta(days=AHEAD))
        duty = read_duty(desk, now.tx, today)
    works = calendars().get(establishment(desk.store).calendar_id).works
    gaps: list[Gap] = []
    for row in due:
        day = before = row["final_due"]
        why = _why(duty, day, works)
        if why is None:
            continue
        while before >= today and _why(duty, before, works) is not None:
            before -= timedelta(days=1)
        gap = Gap(day, day, int(row["number"]), why, before if before >= today else None)
        last = gaps[-1] if gaps else None
        if last is not None and (last.why, last.before) == (gap.why, gap.before):
            gaps[-1] = replace(last, last=day, requests=last.requests + gap.requests)
        else:
            gaps.append(gap)
    return gaps


def _why(duty: Duty, day: date, works: Callable[[date], bool]) -> Why | None:
    """Return why nobody is on duty on a day; None where somebody is."""
    if not duty.handlers:
        return Why.NOBODY
    if day in duty.closed:
        return Why.SHUT
    if not works(day):
        return Why.REST
    return Why.AWAY if day in duty.handling(None) else None
