"""How a request stands against its due date: words, a shape and an order for boards."""

from dataclasses import dataclass
from datetime import date

SOON_DAYS = 7  # from here on a board warns


@dataclass(frozen=True)
class Standing:
    """Words readable without colour, a level for styling, and a key that sorts the most urgent first."""

    words: str
    level: str
    sort_key: tuple[int, int]


def standing(due: date | None, today: date, *, paused: bool = False, closed: bool = False) -> Standing:
    """Say how far `today` is from the last day `due`; both are local dates of the controller.

    >>> standing(date(2026, 3, 1), date(2026, 4, 11)).words
    '■ 41 d late'
    >>> standing(date(2026, 4, 14), date(2026, 4, 11)).words
    '▲ 3 d left'
    """
    if closed:
        return Standing("closed", "closed", (4, 0))
    if paused:
        return Standing("paused", "paused", (2, 0))
    if due is None:
        return Standing("no fixed date", "open", (3, 0))
    left = (due - today).days
    if left < 0:
        return Standing(f"■ {-left} d late", "late", (0, left))
    if left == 0:
        return Standing("▲ due today", "soon", (1, 0))
    if left <= SOON_DAYS:
        return Standing(f"▲ {left} d left", "soon", (1, left))
    return Standing(f"● {left} d left", "open", (1, left))
