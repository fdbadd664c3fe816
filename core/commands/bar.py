"""The bar that shows on a terminal that a long command is at work; nothing where nobody watches."""

import sys
import threading
from time import monotonic
from types import TracebackType

WIDTH, STEP = 24, 0.15  # characters; seconds


class Bar:
    """Moves while the block runs, with the seconds so far; drawn on standard error and wiped at the end."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._draw, name="bar", daemon=True)

    def __enter__(self) -> "Bar":
        """Start, where standard error is a terminal."""
        if sys.stderr.isatty():
            self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        """Wipe the bar."""
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join()
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _draw(self) -> None:
        start, turn = monotonic(), 0
        while not self._ended.wait(STEP):
            at = turn % (2 * WIDTH)
            left = at if at < WIDTH else 2 * WIDTH - at - 1
            sys.stderr.write(f"\r{self._title} [{'.' * left}={'.' * (WIDTH - left - 1)}] {monotonic() - start:.0f} s ")
            sys.stderr.flush()
            turn += 1
