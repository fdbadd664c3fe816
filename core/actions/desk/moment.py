"""The establishment's own time: its day, and stored moments as its local time (everything is stored as naive UTC)."""

from datetime import date, datetime

from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.law.errors import Invalid


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
