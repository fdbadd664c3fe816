"""The figures of the board: what each counts, by which formula, what it leaves out, and on whom an open request waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from core.law.clock.standing import SOON_DAYS
from core.law.ways import RIGHTS, Kind
from core.law.workflow import Closing, State

LEAST = 5  # below so many requests no per cent is said: one more or less would turn it round

# Closed without an answer that could be in time or late: they stand in no share, and beside it.
LEFT_OUT = frozenset({Closing.WITHDRAWN, Closing.DUPLICATE, Closing.NOT_A_REQUEST, Closing.FORWARDED})


class Figure(StrEnum):
    """The five numbers of the board."""

    OPEN = "open"
    OVERDUE = "overdue"
    SOON = "soon"
    IN_TIME = "in_time"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Meaning:
    """How a figure is called, and by which formula it is counted, in words."""

    name: str
    formula: str


MEANINGS: Mapping[Figure, Meaning] = {
    Figure.OPEN: Meaning("Open", "Requests that are not closed today; a sent answer stays open until it is closed."),
    Figure.OVERDUE: Meaning(
        "Overdue", "Open, not sent, its clock running, and the last day of its own law and calendar lies before today."
    ),
    Figure.SOON: Meaning(
        f"Due within {SOON_DAYS} days",
        f"Open, not sent, its clock running, and the last day is today or one of the next {SOON_DAYS} days.",
    ),
    Figure.IN_TIME: Meaning(
        "Answered in time",
        "In time ÷ (closed in the period + open and overdue today). In time is what was sent, or closed without an answer, "
        "before the end of its last day. Left out: withdrawn, duplicate, not a request, forwarded, and what has no period.",
    ),
    Figure.DAYS: Meaning(
        "Days to answer, median",
        "Calendar days from the day of receipt to the first day of sending, of what was closed in the period with an answer. "
        "The 90th percentile beside it; both lie between the two nearest values. Left out: withdrawn, duplicate, not a "
        "request, forwarded.",
    ),
}


class Waits(StrEnum):
    """On whom an open request waits."""

    PERSON = "person"  # a question to them is open
    IDENTITY = "identity"
    US = "us"
    APPROVER = "approver"
    SYSTEM = "system"
    SENDING = "sending"
    CLOSING = "closing"  # the answer is sent


WAITS: Mapping[Waits, str] = {
    Waits.PERSON: "the person", Waits.IDENTITY: "the identity check", Waits.US: "us",
    Waits.APPROVER: "an approver", Waits.SYSTEM: "a system owner", Waits.SENDING: "the sending",
    Waits.CLOSING: "the closing",
}


def waits_for(state: State, kind: Kind, *, sent: bool, asked: bool, identity: str) -> Waits:
    """Return on whom an open request waits; `asked` says that a question to the person is open, `identity` how the check stands.

    >>> waits_for(State.IN_PROGRESS, Kind.ACCESS, sent=False, asked=False, identity="open")
    <Waits.IDENTITY: 'identity'>
    >>> waits_for(State.READY_TO_SEND, Kind.ACCESS, sent=True, asked=False, identity="proven")
    <Waits.CLOSING: 'closing'>
    """
    if sent:
        return Waits.CLOSING
    if asked:
        return Waits.PERSON
    if state is State.AWAITING_APPROVAL:
        return Waits.APPROVER
    if state is State.CARRYING_OUT:
        return Waits.SYSTEM
    if state is State.READY_TO_SEND:
        return Waits.SENDING
    if state is State.IN_PROGRESS and RIGHTS[kind].needs_identity and identity == "open":
        return Waits.IDENTITY
    return Waits.US


def standings(who: Waits) -> list[tuple[State, Kind, bool, bool, str]]:
    """Return every way in which a request that waits for `who` can stand: state, kind, sent, asked, identity.

    >>> standings(Waits.PERSON)[0]
    (<State.RECEIVED: 'received'>, <Kind.ACCESS: 'access'>, False, True, 'open')
    """
    return [
        (state, kind, sent, asked, identity)
        for state, kind, sent, asked, identity in product(
            State, Kind, (False, True), (False, True), ("open", "proven", "failed")
        )
        if state is not State.CLOSED and waits_for(state, kind, sent=sent, asked=asked, identity=identity) is who
    ]


def share(in_time: int, late: int, open_overdue: int) -> float | None:
    """Return the share answered in time, from 0 to 1; None where there is nothing to divide.

    >>> share(9, 0, 1), share(0, 0, 0)
    (0.9, None)
    """
    whole = in_time + late + open_overdue
    return in_time / whole if whole else None
