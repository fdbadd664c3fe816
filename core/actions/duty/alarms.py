"""Due days on which nobody is on duty: said while there is time to answer before."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.actions.desk.act import look
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.desk.moment import today_of
from core.actions.duty.safe_starts import read_duty
from core.law.acts import Act
from core.store.datafiles import calendars

AHEAD = 62  # days: further off a rota is seldom known


@dataclass(frozen=True, slots=True)
class Gap:
    """Due days on which nobody handles requests, how many fall due on them, and the last day before on which somebody does.

    `shut` says that the desk is shut, else everybody is away; `before` is None where nobody is there any more until then.
    """

    first: date
    last: date
    requests: int
    shut: bool
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
    nobody, works = duty.handling(None), calendars().get(establishment(desk.store).calendar_id).works
    off = duty.closed | nobody
    gaps: list[Gap] = []
    for row in due:
        day = row["final_due"]
        if day not in off:
            continue
        before = day
        while before >= today and (before in off or not works(before)):
            before -= timedelta(days=1)
        gap = Gap(day, day, int(row["number"]), day in duty.closed, before if before >= today else None)
        last = gaps[-1] if gaps else None
        if last is not None and (last.shut, last.before) == (gap.shut, gap.before):
            gaps[-1] = replace(last, last=day, requests=last.requests + gap.requests)
        else:
            gaps.append(gap)
    return gaps
