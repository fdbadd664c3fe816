"""How the benches time: many single runs, the median, and ratios within one run."""

import statistics
import time
from collections.abc import Callable


def median_ms(action: Callable[[], object], runs: int = 200, warm: int = 10) -> float:
    """Return the median time of the action in milliseconds after some runs that do not count."""
    for _ in range(warm):
        action()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000
