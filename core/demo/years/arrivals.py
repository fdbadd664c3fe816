"""On which minute messages came in the years, by week, season and trend."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random

from core.demo.years.pace import DAY, HOUR
from core.demo.years.shares import A_MONTH, BURST, BURST_DAYS, EVEN, WEEK, YEAR

MONTH = sum(WEEK) / 7 * sum(YEAR) / 12 * 365.25 / 12  # the days of a month, each as heavy as it is in its week and year


def arrivals(chance: Random, first: datetime, last: datetime, burst: datetime) -> Iterator[tuple[datetime, bool]]:
    """Give each moment of receipt, and whether it came with the press story."""
    days, usual, story = (last.date() - first.date()).days, _Coming(chance), _Coming(chance)
    for number in range(days):
        day = datetime.combine(first.date() + number * DAY, time())
        a_month = A_MONTH[0] + (A_MONTH[1] - A_MONTH[0]) * number / days
        for _ in range(usual.on(a_month / MONTH * WEEK[day.weekday()] * YEAR[day.month - 1])):
            yield max(day + _minute(chance), first + HOUR), False
        place = (day.date() - burst.date()).days
        if 0 <= place < BURST_DAYS:  # most of it in its first days
            for _ in range(story.on(BURST * 2 * (BURST_DAYS - place) / (BURST_DAYS * (BURST_DAYS + 1)))):
                yield day + _minute(chance), True


def _minute(chance: Random) -> timedelta:
    return timedelta(minutes=int(chance.triangular(5 * 60, 21 * 60, 10 * 60)))


class _Coming:
    """Draws how many come on one day after the other, more evenly over the months than if each came by itself."""

    def __init__(self, chance: Random) -> None:
        self.chance, self.held, self.due = chance, 0.0, chance.random()

    def on(self, mean: float) -> int:
        """Return how many come on the next day, on which so many come on average."""
        self.held, count = self.held + mean, 0
        while self.due < self.held:
            self.due, count = self.due + self.chance.gammavariate(EVEN, 1 / EVEN), count + 1
        return count
