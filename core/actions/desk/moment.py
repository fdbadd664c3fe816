"""The establishment's own time: its day, and stored moments as its local time (everything is stored as naive UTC)."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.law.errors import Invalid

_EARLIEST, _APPLIES = date(1970, 1, 1), date(2018, 1, 1)  # no stored moment lies before; the Regulation's first year


def today_of(desk: Desk) -> date:
    """Return today's date where the establishment is."""
    return establishment(desk.store).local(desk.now).date()


def local_day(desk: Desk, moment: datetime) -> date:
    """Return the local day of a stored moment (naive UTC)."""
    return establishment(desk.store).local(moment).date()


def local_time(desk: Desk, moment: datetime) -> datetime:
    """Return a stored moment (naive UTC) as local time of the establishment."""
    return establishment(desk.store).local(moment)


def moment_of(desk: Desk, day: date, hour: int = 12, minute: int = 0) -> datetime:
    """Return a local day and time of the establishment as naive UTC."""
    return establishment(desk.store).utc(datetime(day.year, day.month, day.day, hour, minute))  # noqa: DTZ001 - local


def sent_moment(desk: Desk, day: date, received: datetime) -> datetime:
    """Return a day of sending as naive UTC, never later than now. Raises Invalid outside of receipt and today."""
    local = establishment(desk.store).local
    if day > today_of(desk):
        raise Invalid("The day of sending lies in the future.", "sent_at")
    if day < local(received).date():
        raise Invalid("The day of sending lies before the receipt of the request.", "sent_at")
    return min(moment_of(desk, day), desk.now)


@lru_cache(maxsize=8)
def shifts_of(zone: str, last: date) -> dict[str, list[Any]]:
    """Return from when to when (naive UTC) a zone's local time was shifted by how much, until a day: as columns.

    With them a query tells local days of stored moments, without any knowledge of zones of its own. Before 2018, when no
    request was received under the Regulation, the shift is taken to have been that of its first day.

    >>> [shift.total_seconds() / 3600 for shift in shifts_of("Europe/Berlin", date(2026, 4, 2))["shift"][-2:]]
    [1.0, 2.0]
    """
    place, first, end = ZoneInfo(zone), datetime.combine(_APPLIES, time()), datetime.combine(last, time())
    columns: dict[str, list[Any]] = {"starts": [datetime.combine(_EARLIEST, time())], "ends": [], "shift": []}

    def shift(moment: datetime) -> timedelta:
        return moment.replace(tzinfo=UTC).astimezone(place).utcoffset() or timedelta()

    standing = shift(first)
    for week in range((end - first).days // 7 + 1):
        before, after = first + timedelta(days=7 * week), first + timedelta(days=7 * week + 7)
        if shift(after) == standing:
            continue
        while after - before > timedelta(minutes=1):
            middle = before + (after - before) / 2
            before, after = (middle, after) if shift(middle) == standing else (before, middle)
        changed = after.replace(second=0, microsecond=0)
        columns["ends"].append(changed)
        columns["shift"].append(standing)
        columns["starts"].append(changed)
        standing = shift(changed)
    columns["ends"].append(max(end, columns["starts"][-1] + timedelta(minutes=1)))
    columns["shift"].append(standing)
    return columns
