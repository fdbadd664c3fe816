"""On which minute messages came in the years, by week, season and trend."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random

from core.demo.years.pace import DAY, HOUR
from core.demo.years.shares import A_DAY, BURST, BURST_DAYS, WEEK, YEAR


def arrivals(chance: Random, first: datetime, last: datetime, burst: datetime) -> Iterator[tuple[datetime, bool]]:
    """Give each moment of receipt, and whether it came with the press story."""
    days = (last - first).days
    for number in range(days):
        day = datetime.combine(first.date() + number * DAY, time())
        rising = 0.82 + 0.36 * number / days
        for _ in range(_count(chance, A_DAY * rising * WEEK[day.weekday()] * YEAR[day.month - 1])):
            yield max(day + _minute(chance), first + HOUR), False
        place = (day.date() - burst.date()).days
        if 0 <= place < BURST_DAYS:  # most of it in its first days
            for _ in range(_count(chance, BURST * 2 * (BURST_DAYS - place) / (BURST_DAYS * (BURST_DAYS + 1)))):
                yield day + _minute(chance), True


def _minute(chance: Random) -> timedelta:
    return timedelta(minutes=int(chance.triangular(5 * 60, 21 * 60, 10 * 60)))


def _count(chance: Random, mean: float) -> int:
    """Draw how many come where so many come on average, each by itself."""
    count, left = 0, chance.expovariate(1)
    while left < mean:
        count, left = count + 1, left + chance.expovariate(1)
    return count
