"""Dates as people read them: 24 November 2026, whatever the locale of the machine."""

from datetime import date

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def written(day: date) -> str:
    """Return the date in words, the same on every machine.

    >>> written(date(2026, 11, 24))
    '24 November 2026'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
