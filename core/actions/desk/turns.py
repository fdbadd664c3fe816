"""A door that many push against: one at a time, some seconds apart, everybody's lane in its turn. For one process."""

import threading
import time
from collections.abc import Callable

PATIENCE = 25.0  # seconds that somebody waits for their turn
LANES = 6  # that wait in one group
MOST = 24  # that wait in one line


class Line:
    """Who waits at one door.

    The groups take turns, and in a group its lanes. A lane holds one place: who pushes through it a second time, while
    the first still waits, is sent away at once. So it counts how many different people wait, and not how hard one pushes.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._waiting: dict[str, dict[str, None]] = {}  # group -> lanes, both in the order in which their turn comes
        self._last = -float("inf")

    @property
    def idle(self) -> bool:
        """Whether nobody waits and the last turn is long over."""
        with self._changed:
            return not self._waiting and self._clock() - self._last > 10 * PATIENCE

    def wait(self, group: str, lane: str, gap: float, patience: float = PATIENCE) -> bool:
        """Wait for the turn of this lane, `gap` seconds after the turn before it.

        False at once where the lane has its place already or too many wait, and after `patience` seconds without a turn.
        """
        with self._changed:
            lanes = self._waiting.get(group, {})
            if lane in lanes or len(lanes) >= LANES or sum(map(len, self._waiting.values())) >= MOST:
                return False
            self._waiting.setdefault(group, lanes)[lane] = None
            end = self._clock() + patience
            try:
                return self._stand(group, lane, gap, end)
            finally:
                del lanes[lane]
                if not lanes:
                    del self._waiting[group]
                self._changed.notify_all()

    def _stand(self, group: str, lane: str, gap: float, end: float) -> bool:
        while (now := self._clock()) < end:
            first = next(iter(self._waiting))
            mine = first == group and next(iter(self._waiting[group])) == lane
            if mine and now >= self._last + gap:
                self._last = now
                self._waiting[group] = self._waiting.pop(group)  # the next turn is another group's
                return True
            self._changed.wait(min(end, self._last + gap if mine else end) - now)
        return False


class Lines:
    """A line for each door, by its name; those where nobody is are forgotten."""

    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}
        self._lock = threading.Lock()

    def at(self, door: str) -> Line:
        """Return the line of a door."""
        with self._lock:
            if door not in self._lines and len(self._lines) >= 1_000:
                self._lines = {name: line for name, line in self._lines.items() if not line.idle}
            return self._lines.setdefault(door, Line())
