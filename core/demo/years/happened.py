"""What happened in the years: a case, its requests and their moments, as values."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from core.law.identity import Channel
from core.law.ways import Kind
from core.law.workflow import Closing


class Way(StrEnum):
    """How a request came to its end."""

    COPY = "copy"  # a package, released by another person
    STOP = "stop"  # marketing stopped, and the plan carried out
    OUTSIDE = "outside"  # done outside the desk, recorded and approved
    REFUSAL = "refusal"
    RECORD = "record"  # what the law asks for is recorded, and a letter answers
    NONE = "none"  # closed without action


@dataclass(frozen=True, slots=True)
class Asked:
    """An approval: when it was asked for, when decided, and whether it was given back."""

    asked: datetime
    decided: datetime
    given_back: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the person that paused the clock; `reminded` where no answer came."""

    kind: str
    asked: datetime
    answered: datetime | None
    reminded: datetime | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension on its way: prepared and handed in, approved, told to the person."""

    prepared: datetime
    approved: datetime
    told: datetime


@dataclass(frozen=True, slots=True)
class Past:
    """One closed request and its moments (UTC), in their order; None for what did not come about."""

    kind: Kind
    closing: Closing
    way: Way
    owner: str
    received: datetime
    assigned: datetime
    started: datetime
    closed: datetime
    weighed: datetime | None = None  # the person was decided and, where it was needed, proven
    prepared: datetime | None = None
    approvals: tuple[Asked, ...] = ()
    carried: datetime | None = None
    sent: datetime | None = None
    entered: datetime | None = None  # when the sending was entered: now and then days later
    back: tuple[datetime, datetime] | None = None  # when the answer came back, and when it went out again
    question: Question | None = None
    extension: Extension | None = None
    named: date | None = None  # by which an authority wanted its answer


@dataclass(frozen=True, slots=True)
class PastCase:
    """One case: who asked (a number of a person; `known` where the systems hold them), how, and its requests."""

    who: int
    known: bool
    channel: Channel
    received: datetime
    entered: datetime
    clerk: str
    requests: tuple[Past, ...]
    receipt: datetime | None = None
    joined: datetime | None = None  # when the last request came, with a later message
    first: int | None = None  # the place in the history of the case of which it is a duplicate

    @property
    def closed(self) -> datetime:
        """When the last of its requests was closed."""
        return max(each.closed for each in self.requests)


def approved_letter(base: Past) -> bool:
    """Say whether the letter that answers a record is approved by another person."""
    refused = base.kind is Kind.OBJECTION and base.closing is Closing.REFUSED
    return refused or base.kind in {Kind.INQUIRY, Kind.DISCLOSURE}
