"""What stays after an erasure in part: locked to its ground, and erased on its day (Article 17(3), 5(1)(b) and (e); ERA)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.law.errors import Invalid, NotAllowed
from core.law.rights.erasure import Exemption, Retention, check, erase_on
from core.law.rights.restriction import Operation
from core.law.typed import check_day

# Which uses the ground of what is kept leaves open. Storing is what it is kept for; the person's own rights stay theirs.
_ALWAYS = frozenset({Operation.STORE, Operation.OWN_REQUEST})
_OPEN: dict[Exemption, frozenset[Operation]] = {
    Exemption.EXPRESSION: frozenset({Operation.PUBLIC_INTEREST}),
    Exemption.OBLIGATION: frozenset({Operation.PUBLIC_INTEREST}),
    Exemption.PUBLIC_HEALTH: frozenset({Operation.PUBLIC_INTEREST}),
    Exemption.RESEARCH: frozenset({Operation.PUBLIC_INTEREST}),
    Exemption.CLAIMS: frozenset({Operation.LEGAL_CLAIM}),
}


class KeptStanding(StrEnum):
    """How a kept item stands on a day."""

    KEPT = "kept"
    DUE = "due"
    HELD = "held"
    CHANGED = "changed"
    OPEN_ENDED = "open_ended"


WORDS: dict[KeptStanding, str] = {
    KeptStanding.KEPT: "is kept until its day",
    KeptStanding.DUE: "is due: it is erased by the plan that was approved",
    KeptStanding.HELD: "a hold stands: it waits until the hold is released",
    KeptStanding.CHANGED: "holds something new since the plan: keep it on another ground, or confirm the erasure",
    KeptStanding.OPEN_ENDED: "is kept until its reason ends: confirm the erasure then",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """One kept item: its exception (None where a hold alone kept it), its last day, whether its rows changed since."""

    exemption: Exemption | None
    until: date | None
    changed: bool = False
    confirmed: bool = False


def standing(item: Kept, today: date, *, held: bool) -> KeptStanding:
    """Return how an item stands: nothing is erased before its day, under a hold, or unseen where it changed.

    The day after the last one it is due, on the last one it is not; what a hold alone kept is due once none stands.

    >>> tax = Kept(Exemption.OBLIGATION, date(2034, 12, 31))
    >>> [standing(tax, day, held=False).value for day in (date(2034, 12, 31), date(2035, 1, 1))]
    ['kept', 'due']
    >>> standing(tax, date(2035, 1, 1), held=True)
    <KeptStanding.HELD: 'held'>
    >>> standing(Kept(None, None), date(2026, 3, 2), held=False)
    <KeptStanding.DUE: 'due'>
    """
    if held:
        return KeptStanding.HELD
    if item.confirmed:
        return KeptStanding.DUE
    if item.changed:
        return KeptStanding.CHANGED
    if item.exemption is None:
        return KeptStanding.DUE
    if item.until is None:
        return KeptStanding.OPEN_ENDED
    due = erase_on(Retention(item.exemption, until=item.until))
    return KeptStanding.DUE if due is not None and due <= today else KeptStanding.KEPT


def serves(grounds: Collection[Exemption], operation: Operation) -> None:
    """Refuse every use of kept data but that of their ground (Article 5(1)(b)); storing and the person's own rights stand.

    >>> serves([Exemption.CLAIMS], Operation.LEGAL_CLAIM)
    >>> serves([Exemption.OBLIGATION], Operation.AUDIENCE)
    Traceback (most recent call last):
    ...
    core.law.errors.NotAllowed: What an erasure left of this person is kept for its ground alone: no other use is open.
    """
    if not grounds or operation in _ALWAYS or any(operation in _OPEN[each] for each in grounds):
        return
    raise NotAllowed("What an erasure left of this person is kept for its ground alone: no other use is open.")


def require_longer(item: Kept, retention: Retention, today: date) -> Retention:
    """Return the exception by which an item is kept longer. Raises Invalid where its record lacks a part, or the day is over.

    A shorter time is none of it: what was approved is erased on its day, or when another person confirms it.
    """
    checked = check(retention)
    if checked.until is not None and checked.until < today:
        raise Invalid("The day until which it is kept lies behind us.", "until")
    if item.until is not None and checked.until is not None and checked.until < item.until:
        raise Invalid("This is shorter than what was approved: it is erased on that day.", "until")
    if checked.until is not None:
        check_day(checked.until, "until", "the day until which it is kept")
    return checked
