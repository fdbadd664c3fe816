"""How long work takes: hours of a week in which the desk works, and how quick it is."""

from datetime import datetime, time, timedelta
from math import log
from random import Random

DAY, HOUR, OPENS, HOURS = timedelta(days=1), timedelta(hours=1), 7, 8  # the desk works 8 hours from 7:00 UTC


def work(moment: datetime, hours: float) -> datetime:
    """Return the moment so many hours of work later: 8 a day from Monday to Friday."""
    if moment.weekday() > 4 or moment.hour >= OPENS + HOURS:
        moment = datetime.combine(moment.date() + DAY, time(OPENS, moment.minute))
    elif moment.hour < OPENS:
        moment = moment.replace(hour=OPENS)
    while moment.weekday() > 4:
        moment += DAY
    left = timedelta(hours=hours)
    while (today := datetime.combine(moment.date(), time(OPENS + HOURS)) - moment) < left:
        left -= today
        moment = datetime.combine(moment.date() + (3 * DAY if moment.weekday() == 4 else DAY), time(OPENS))
    return (moment + left).replace(second=_second(moment), microsecond=0)


def _second(moment: datetime) -> int:
    """Return a second of the minute that follows from the moment, so that not all entries stand on full minutes."""
    return (moment.day * 7 + moment.minute * 13) % 60


class Pace:
    """Draws how long things take: a usual length, a spread, and how slow these weeks are."""

    def __init__(self, chance: Random, slow: float) -> None:
        self.chance, self.slow = chance, slow

    def after(self, moment: datetime, usual: float, spread: float = 0.6) -> datetime:
        """Return the moment at which something is done that usually takes so many hours of work."""
        return work(moment, max(0.05, self.chance.lognormvariate(log(usual * self.slow), spread)))
