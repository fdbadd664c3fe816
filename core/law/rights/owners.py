"""What is asked of the owner of a system that is worked in by hand, and until when (ERA-1; Art. 12(3), 24)."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from core.law.errors import NotPossible


class Asked(StrEnum):
    """What the owner of a system is asked to do; the codes beside `search` are those of a plan's verbs."""

    SEARCH = "search"
    ERASE = "erase"
    RESTRICT = "restrict"
    LIFT = "lift"
    RECTIFY = "rectify"
    SUPPRESS = "suppress"


class Stands(StrEnum):
    """How a question to an owner stands."""

    OPEN = "open"
    ANSWERED = "answered"
    CANNOT = "cannot"  # the owner said that it cannot be done, or did not answer in time
    WITHDRAWN = "withdrawn"


ASKS: Mapping[Asked, str] = {
    Asked.SEARCH: "Search for everything about the person", Asked.ERASE: "Erase what is listed here",
    Asked.RESTRICT: "Mark what is listed here as restricted",
    Asked.LIFT: "Take the mark of restriction off again", Asked.RECTIFY: "Correct what is listed here",
    Asked.SUPPRESS: "Stop what the person objected to, or does not agree to any more",
}
LEFT = timedelta(days=3)  # between the owner's last day and the one by which the answer is safely in time


def due_on(asked_on: date, days: int, safe_due: date | None) -> date:
    """Return the day by which an owner is to answer: after the days agreed, and three days before the answer is due.

    Never before the day after the question, even where the request is late already: that is nobody's fault there.

    >>> due_on(date(2026, 11, 23), 7, date(2026, 12, 21)), due_on(date(2026, 12, 16), 7, date(2026, 12, 21))
    (datetime.date(2026, 11, 30), datetime.date(2026, 12, 18))
    >>> due_on(date(2026, 12, 20), 7, date(2026, 12, 21))
    datetime.date(2026, 12, 21)
    """
    by = asked_on + timedelta(days=days)
    if safe_due is not None:
        by = min(by, safe_due - LEFT)
    return max(by, asked_on + timedelta(days=1))


def require_given_up(asked: str, *, carried: bool) -> None:
    """Refuse to give up what has no other way to be done: a mark to be taken off, a kept part whose day has come.

    A search that stays undone is told to the person, and what a plan asks for goes back to work.
    """
    if asked != Asked.SEARCH and not carried:
        raise NotPossible("This is not given up: it stays asked, and is shown as late, until its owner has done it.")


def require_open(state: str) -> None:
    """Refuse a second answer to one question; a new one is asked instead."""
    if state != Stands.OPEN:
        raise NotPossible("This was answered already, or is not asked any more. Ask again where something changed.")
