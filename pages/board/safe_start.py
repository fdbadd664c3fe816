"""The latest safe start in a table and in a list: what has to be done by which day, and why not later."""

from datetime import date
from typing import Any

from core.actions.cases.queue import QueueRow
from core.actions.duty.safe_starts import SafeStart
from pages.parts import badges

ASSUMED = (
    "Where fewer than five requests have left a stage in the last year its days are assumed: seven for the work, three for an "
    "approval, one each for carrying out and sending."
)


def cell(row: QueueRow, today: date) -> dict[str, Any]:
    """Return a request as the queue shows it by its latest safe start; what has to be done says the stage too."""
    return {
        "To do by": by(row.safe, today) or badges.stage_words(row.state, row.closing, sent=row.sent),
        "Why not later": why(row.safe), "Reference": row.reference, "Deadline": row.standing.words, "Right": row.right,
        "Owner": row.owner or "(unassigned)",
    }


def by(safe: SafeStart | None, today: date) -> str:
    """Return what has to be done by which day; a sign says where that day is near or past, as with a deadline."""
    if safe is None:
        return ""
    day = safe.start.day
    left = (day - today).days
    sign = "■ " if left < 0 else "▲ " if left <= 2 else ""
    return f"{sign}{safe.verb} by {day:%a} {day.day} {day:%b}"


def why(safe: SafeStart | None) -> str:
    """Return which days do not count, as a sentence without its stop; empty where all do."""
    words = safe.why if safe else ""
    return words[:1].upper() + words[1:]
