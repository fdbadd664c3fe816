"""How far the machine's clock was set since the store was opened: what must not move with it is measured by another clock.

The machine's clock says when something happened and when an answer is due. For how long somebody has done nothing, and for
how long a guesser waits, the clock that only runs forward is asked: setting the other one neither ends nor prolongs either.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

SKEW = timedelta(minutes=1)  # what bears a moment later than this from now was dated by a clock that was set back since
SLIP = 2  # seconds: less is the clock being led, not set
FAR = timedelta(hours=1)  # set by more, it is doubted ...
BELIEVED = timedelta(days=1)  # ... until it has stood like that for so long


def _forward() -> float:
    """Return the seconds of a clock that nobody sets and that counts while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Clock:
    """Compares the machine's clock with one that only runs forward, both in seconds."""

    def __init__(self, machine: Callable[[], float] = time.time, forward: Callable[[], float] = _forward) -> None:
        self._machine, self._forward = machine, forward
        self._start = machine() - forward()
        self._told = 0
        self._believed, self._doubted, self._since = 0, 0, forward()

    def set_by(self) -> int:
        """Return by how many seconds the clock was set ahead since the store was opened; less than 0: back."""
        seconds = round(self._machine() - self._forward() - self._start)
        return seconds if abs(seconds) >= SLIP else 0

    def steady(self, moment: datetime) -> datetime:
        """Return a moment of now as the clock would show it had nobody set it since the store was opened."""
        seconds = self.set_by()
        return moment - timedelta(seconds=seconds) if seconds else moment

    def news(self) -> int:
        """Return by how many seconds it was set since `told` was called last; the caller holds the writer lock."""
        seconds = self.set_by() - self._told
        return seconds if abs(seconds) >= SLIP else 0

    def told(self) -> None:
        """Know that the log says so."""
        self._told = self.set_by()

    def doubtful(self) -> bool:
        """Whether the clock was set by more than an hour within the last day: nothing is deleted by its word then."""
        seconds = self.set_by()
        if abs(seconds - self._doubted) > FAR.total_seconds():
            self._doubted, self._since = seconds, self._forward()
        elif self._doubted != self._believed and self._forward() - self._since >= BELIEVED.total_seconds():
            self._believed = self._doubted
        return abs(seconds - self._believed) > FAR.total_seconds()
