"""How the benches time: many single runs, the median, and ratios within one run."""

import statistics
import time
from collections.abc import Callable


def median_ms(action: Callable[[], object], runs: int = 200, warm: int = 10) -> float:
    """Return the median time of the action in milliseconds after some runs that do not count."""
    return medians_ms(action, runs=runs, warm=warm)[0]


def medians_ms(*actions: Callable[[], object], runs: int = 200, warm: int = 10) -> list[float]:
    """Return the median time of each action in milliseconds, run in turn so that the machine's moods meet all alike."""
    times: list[list[float]] = [[] for _ in actions]
    for number in range(warm + runs):
        for action, kept in zip(actions, times, strict=True):
            start = time.perf_counter()
            action()
            if number >= warm:
                kept.append(time.perf_counter() - start)
    return [statistics.median(each) * 1000 for each in times]


def timed(action):
    """Return how many seconds an action takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start
