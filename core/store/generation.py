"""The engine's instances, one after the other: the cursors of the present one, and the change to the next."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core.law.errors import NotPossible, Refused
from core.store import duckdb as engine

IDLE = 16  # cursors kept for the next act


class Generations:
    """Counts the open cursors, so that an instance is let go only when nobody reads from it any more.

    `start` opens the next instance and returns its connection; it is called by whoever needs a cursor first.
    """

    def __init__(self, start: Callable[[], engine.Cursor]) -> None:
        self._start = start
        self._turn = threading.Condition()
        self._open = 0
        self._idle: list[engine.Cursor] = []
        self._broken = False
        self._connection: engine.Cursor | None = None
        self.changing = False  # new cursors are held back; whoever waits for the writer lock must let go of its own

    def begin(self) -> None:
        """Open the first instance. Raises what opening raises."""
        with self._turn:
            self._connection = self._start()

    def take(self) -> engine.Cursor:
        """Return a cursor that nobody else has; opens the next instance first where the last one broke."""
        with self._turn:
            self._turn.wait_for(lambda: not self.changing and (not self._broken or self._open == 0))
            if self._broken:
                self._let_go()
                self._connection = self._start()
                self._broken = False
                self._turn.notify_all()
            if self._connection is None:
                raise Refused("The store is closed.")
            self._open += 1
            return self._idle.pop() if self._idle else engine.make_cursor(self._connection)

    def give_back(self, cursor: engine.Cursor, *, healthy: bool) -> None:
        """Take a cursor back; one that saw the engine fail is closed."""
        with self._turn:
            self._open -= 1
            if healthy and not self._broken and not self.changing and len(self._idle) < IDLE:
                self._idle.append(cursor)
            else:
                cursor.close()
            self._turn.notify_all()

    def break_off(self) -> None:
        """Give up the instance: no new cursor of it, and the next instance once the last cursor is back."""
        with self._turn:
            self._broken = True

    @contextmanager
    def change(self, patience: float) -> Iterator[Callable[[], None]]:
        """Hold new cursors back, wait for the open ones, and open the next instance at the end, come what may.

        Gives the function that checkpoints and closes the present instance. Raises NotPossible where somebody keeps
        a cursor for longer than `patience` seconds; nothing has changed then.
        """
        with self._turn:
            self.changing = True
            if not self._turn.wait_for(lambda: self._open == 0, timeout=patience):
                self.changing = False
                self._turn.notify_all()
                raise NotPossible("Something has been reading for long. Nothing was changed; try again when it is done.")
        try:
            yield self._close_whole
        finally:
            with self._turn:
                self._let_go()
                self._broken = True  # until the next instance stands
                try:
                    self._connection = self._start()
                    self._broken = False
                finally:
                    self.changing = False
                    self._turn.notify_all()

    def end(self, patience: float) -> None:
        """Wait for the open cursors and close the instance."""
        with self._turn:
            self._turn.wait_for(lambda: self._open == 0, timeout=patience)
            self._let_go()

    def _close_whole(self) -> None:
        if self._connection is not None:
            try:
                self._connection.execute("CHECKPOINT store")
            except engine.FAULTS as fault:
                raise engine.translate(fault) from None
        self._let_go()

    def _let_go(self) -> None:
        for cursor in self._idle:
            cursor.close()
        self._idle.clear()
        if self._connection is not None:
            self._connection.close()
            self._connection = None
