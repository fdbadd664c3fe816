"""What goes first when a person asks for several things, or twice for the same (ACC-6; Articles 15, 17)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.law.errors import NotPossible
from core.law.ways import RIGHTS, Kind


class Turn(StrEnum):
    """When a right has its turn among the open requests of one person."""

    AT_ONCE = "at_once"
    COPY = "copy"
    CORRECTION = "correction"
    ERASURE = "erasure"
    LAST = "last"


_COPIES = frozenset({Kind.ACCESS, Kind.PORTABILITY})
_ORDER = tuple(Turn)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as far as its order matters: its reference, right, scope code, local day of receipt, whether it is open."""

    reference: str
    kind: Kind
    scope: str
    received: date
    open: bool = True


def turn(kind: Kind) -> Turn:
    """Return when a right has its turn: what stops something at once, then the copy, the correction, the erasure.

    The copy shows what was held when it was asked for, so it comes before what changes or deletes the data.

    >>> [turn(kind).value for kind in (Kind.OBJECTION_MARKETING, Kind.ACCESS, Kind.RECTIFICATION, Kind.ERASURE)]
    ['at_once', 'copy', 'correction', 'erasure']
    """
    if RIGHTS[kind].reversible:
        return Turn.AT_ONCE
    if kind in _COPIES:
        return Turn.COPY
    return {Kind.RECTIFICATION: Turn.CORRECTION, Kind.ERASURE: Turn.ERASURE}.get(kind, Turn.LAST)


def ordered(requests: Iterable[Asked]) -> tuple[Asked, ...]:
    """Return requests in the order in which they are carried out; within one turn the earlier receipt first."""
    return tuple(sorted(requests, key=lambda each: (_ORDER.index(turn(each.kind)), each.received, each.reference)))


def waits_for(asked: Asked, others: Iterable[Asked]) -> tuple[Asked, ...]:
    """Return the open requests that must be answered before this one is carried out: an erasure waits for every copy.

    >>> copy, wipe = Asked("1", Kind.ACCESS, "all", date(2026, 3, 9)), Asked("2", Kind.ERASURE, "all", date(2026, 3, 2))
    >>> [each.reference for each in waits_for(wipe, [copy, wipe])], waits_for(copy, [wipe])
    (['1'], ())
    """
    return copies_waiting(others) if asked.kind is Kind.ERASURE else ()


def copies_waiting(requests: Iterable[Asked]) -> tuple[Asked, ...]:
    """Return the copies that are asked for and not yet answered, in their order."""
    return tuple(each for each in ordered(requests) if each.open and each.kind in _COPIES)


def require_deletable(open_requests: Iterable[Asked]) -> None:
    """Refuse every deletion of a person's data while a copy of them is asked for and not yet answered (ACC-6).

    That holds for the retention job too: where its day falls inside the period, the answer goes out first.
    """
    if waiting := copies_waiting(open_requests):
        names = ", ".join(each.reference for each in waiting)
        raise NotPossible(f"The person's copy goes first. Answer and send {names} before the data are deleted; where the "
                          "person does not want it any more, record on it that they withdrew it.")


def duplicates(requests: Iterable[Asked]) -> tuple[tuple[Asked, ...], ...]:
    """Return groups of open requests of one person for the same right and scope; each group's first one keeps its clock.

    >>> one, two = Asked("1", Kind.ACCESS, "all", date(2026, 3, 2)), Asked("2", Kind.ACCESS, "all", date(2026, 3, 4))
    >>> [[each.reference for each in group] for group in duplicates([two, one])]
    [['1', '2']]
    """
    groups: dict[tuple[Kind, str], list[Asked]] = {}
    for each in sorted(requests, key=lambda asked: (asked.received, asked.reference)):
        if each.open:
            groups.setdefault((each.kind, each.scope), []).append(each)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def first_asked(asked: Asked, others: Iterable[Asked]) -> Asked:
    """Return the earlier open request of the same person for the same, as whose duplicate this one may end.

    Raises NotPossible where there is none: what was answered before and is asked again is a request of its own, and
    the first receipt's clock must never go with a closing.

    >>> one, two = Asked("1", Kind.ACCESS, "all", date(2026, 3, 2)), Asked("2", Kind.ACCESS, "all", date(2026, 3, 4))
    >>> first_asked(two, [one]).reference
    '1'
    """
    group = next((each for each in duplicates({asked, *others}) if asked in each), ())
    if not group:
        raise NotPossible(
            "No other open request of this person asks for the same, so this one is no duplicate. What was answered "
            "before and is asked again is answered again, or refused as repetitive with its evidence."
        )
    if group[0] == asked:
        raise NotPossible(
            f"This is the first of the requests for the same: its clock counts. Close {group[1].reference} as the duplicate."
        )
    return group[0]
