"""How a request stands against its due date: words, a shape and an order for boards."""

from dataclasses import dataclass
from datetime import date

SOON_DAYS = 7  # from here on a board warns
NEXT_DAYS = 21  # from here on it is planned; no line at 30 days, since no law of ours counts them
BANDS = {
    "overdue": "overdue", "soon": f"due within {SOON_DAYS} days", "next": f"due in {SOON_DAYS + 1} to {NEXT_DAYS} days",
    "later": f"due in more than {NEXT_DAYS} days", "paused": "paused", "undated": "without a fixed date",
    "sent": "answer sent, to be closed",
}
SIGNS = {"overdue": "■", "soon": "▲", "next": "◆", "later": "●", "paused": "‖", "undated": "○", "sent": "✓"}


@dataclass(frozen=True)
class Standing:
    """Words readable without colour, a level for styling, and a key that sorts the most urgent first."""

    words: str
    level: str
    sort_key: tuple[int, int]


def standing(
    due: date | None, today: date, *, paused: bool = False, closed: bool = False, sent: bool = False, safe: date | None = None
) -> Standing:
    """Say how far `today` is from the last day `due`; both are local dates of the controller.

    A sent answer has stopped the clock (Art. 12(3)): it is late or not by its day of sending, not by today. While a question
    is open, no day is due: what is told is the `safe` one, the last day if the pause is not recognised (PAU-7).

    >>> standing(date(2026, 3, 1), date(2026, 4, 11)).words
    '■ 41 d late'
    >>> standing(date(2026, 4, 14), date(2026, 4, 11)).words
    '▲ 3 d left'
    >>> standing(None, date(2026, 4, 11), paused=True, safe=date(2026, 4, 14)).words
    '‖ 3 d safe'
    """
    if closed:
        return Standing("closed", "closed", (4, 0))
    if sent:
        return Standing("answer sent", "sent", (3, 1))
    if paused:
        return _paused(safe, today)
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


def _paused(safe: date | None, today: date) -> Standing:
    if safe is None:
        return Standing("‖ paused", "paused", (2, 0))
    left = (safe - today).days
    if left < 0:
        return Standing(f"‖ {-left} d past safe", "paused", (2, left))
    return Standing("‖ safe today" if left == 0 else f"‖ {left} d safe", "paused", (2, left))
