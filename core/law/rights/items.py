"""One item of data under one right, or one use of ours: basis, origin, restriction and hold together (ERA, POR, RES-1)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from core.law.errors import NotAllowed
from core.law.rights.bases import Use, reach, reached
from core.law.rights.holds import Hold
from core.law.rights.portability import ORIGINS, Origin
from core.law.rights.restriction import Gateway, Operation, Restriction, may_process
from core.law.ways import Kind

DELETIONS = frozenset({Operation.RETENTION, Operation.ACCOUNT_CLOSURE})


class Bar(StrEnum):
    """What stands in the way, if anything."""

    NONE = "none"
    BASIS = "basis"
    ORIGIN = "origin"
    MEANS = "means"
    HELD = "held"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class Item:
    """One item: its uses with their bases, its origin, how it is processed, and what stands on it."""

    uses: tuple[Use, ...]
    origin: Origin = Origin.PROVIDED
    automated: bool = True
    restrictions: tuple[Restriction, ...] = ()
    holds: tuple[Hold, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether it is open, what bars it where it is not, under which article, and why."""

    open: bool
    bar: Bar
    article: str
    sentence: str


def for_person(kind: Kind, item: Item) -> Answer:
    """Return whether a right of the person reaches an item, as far as the item itself goes.

    A restriction never bars the person's own right: it stops us, and their request is a gateway of 18(2). A hold stops
    the erasure alone. Whether a ground of Article 17(1) is there, and an exception of 17(3), is decided in `erasure`.

    >>> from core.law.rights.bases import Basis
    >>> score = Item((Use(Basis.CONTRACT, "scoring"),), Origin.DERIVED)
    >>> for_person(Kind.ACCESS, score).open, for_person(Kind.PORTABILITY, score).bar
    (True, <Bar.ORIGIN: 'origin'>)
    """
    if not reached(kind, item.uses):
        article = reach(kind, item.uses[0]).article if item.uses else "6(1)"
        reasons = "; ".join(dict.fromkeys(reach(kind, use).reason for use in item.uses)) or "no use of it is on record"
        return Answer(False, Bar.BASIS, article, f"It does not reach this item: {reasons}.")
    if kind is Kind.PORTABILITY and item.origin not in ORIGINS:
        return Answer(False, Bar.ORIGIN, "20(1)", f"It was {item.origin} by us, not provided by the person.")
    if kind is Kind.PORTABILITY and not item.automated:
        return Answer(False, Bar.MEANS, "20(1)(b)", "It is not processed by automated means.")
    if kind is Kind.ERASURE and item.holds:
        return Answer(False, Bar.HELD, "17(3)(e)", "A hold stands: it is erased when the hold is released.")
    return Answer(True, Bar.NONE, reach(kind, reached(kind, item.uses)[0]).article, "It reaches this item.")


def for_us(operation: Operation, item: Item, gateway: Gateway | None = None) -> Answer:
    """Return whether a use of ours is open for an item: a restriction bars all but storing, a hold bars each deletion.

    >>> from datetime import datetime
    >>> from core.law.rights.bases import Basis
    >>> from core.law.rights.restriction import Ground
    >>> kept = Item((Use(Basis.CONTRACT),), restrictions=(Restriction(Ground.CLAIMS, datetime(2026, 3, 2)),))
    >>> for_us(Operation.RETENTION, kept).bar, for_us(Operation.STORE, kept).open
    (<Bar.RESTRICTED: 'restricted'>, True)
    """
    try:
        may_process(item.restrictions, operation, gateway)
    except NotAllowed:
        return Answer(False, Bar.RESTRICTED, "18(2)", "The data are restricted and only stored.")
    if operation in DELETIONS and item.holds:
        return Answer(False, Bar.HELD, "17(3)(e)", "A hold stands: nothing is deleted until it is released.")
    return Answer(True, Bar.NONE, "18(2)" if item.restrictions else "6(1)", "Nothing bars this use.")


def stopped_purposes(item: Item, withdrawn: Collection[str], objected: Collection[str]) -> tuple[str, ...]:
    """Return the purposes of an item that stop for the future: whose consent was withdrawn, or to which an objection holds.

    Other purposes of the same item go on: each is judged by itself (CON-1, OBJ-1).

    >>> from core.law.rights.bases import Basis
    >>> item = Item((Use(Basis.CONSENT, "newsletter", marketing=True), Use(Basis.CONTRACT, "orders")))
    >>> stopped_purposes(item, ["newsletter", "orders"], [])
    ('newsletter',)
    """
    return tuple(
        use.purpose for use in item.uses
        if (use.purpose in withdrawn and reach(Kind.CONSENT_WITHDRAWAL, use).applies)
        or (use.purpose in objected and (
            reach(Kind.OBJECTION, use).applies or reach(Kind.OBJECTION_MARKETING, use).applies
        ))
    )
