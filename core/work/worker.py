"""The worker: one thread that takes tasks from the table, started and joined by whoever holds the store."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from core.store.engine import Store
from core.work.tasks import lease, notice_calendar, run_task, wind

POLL = 1.0  # seconds between two looks into the table

_log = logging.getLogger("rightsdesk.work")


def utc_now() -> datetime:
    """Return the moment as naive UTC, as the store keeps times."""
    return datetime.now(UTC).replace(tzinfo=None)


def run_once(store: Store, now: datetime) -> bool:
    """Do one task that is due now; return whether there was one. For tests and the command line."""
    return _step(store, lambda: now)


def run_due(store: Store, now: datetime) -> int:
    """Do every task that is due now, one after the other; return how many there were."""
    count = 0
    while run_once(store, now):
        count += 1
    return count


class Worker:
    """The thread of the desk's background work; killing the process leaves a lease that runs out."""

    def __init__(self, store: Store, clock: Callable[[], datetime] = utc_now) -> None:
        self._store, self._clock = store, clock
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rightsdesk-worker", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end after its present task, and wait for it."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            notice_calendar(self._store, self._clock())
        except Exception as fault:  # noqa: BLE001 - the hourly clockwork looks again
            _log.warning("the worker could not compare the calendars: %s", type(fault).__name__)
        trouble = ""
        while not self._stop.is_set():
            try:
                wind(self._store, self._clock())
                if _step(self._store, self._clock):
                    continue
                trouble = ""
            except Exception as fault:  # noqa: BLE001 - the store may be opening anew; the next look tells
                if trouble != (trouble := type(fault).__name__):  # a full disk lasts, and its log may be on it
                    _log.warning("the worker could not look for tasks: %s", trouble)
            self._stop.wait(POLL)


def _step(store: Store, clock: Callable[[], datetime]) -> bool:
    row = lease(store, clock())
    if row is None:
        return False
    run_task(store, row, clock)
    return True
