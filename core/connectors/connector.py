"""The contract of a connected system: five verbs about one person, each of which may be repeated without harm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from core.law.errors import Refused
from core.law.rights.restriction import Operation
from core.law.rights.suppression import May
from core.matching.scores import Asked
from core.store.engine import Tx

Row = dict[str, Any]
READING = (Operation.OWN_REQUEST, Operation.LOOK_UP)
CORRECTING = (Operation.OWN_REQUEST, Operation.EDIT)
DELETING = (Operation.OWN_REQUEST, Operation.RETENTION)


class WrongPerson(Refused):
    """A row of somebody else came up; nothing is disclosed."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is looked for: a value of any kind, identifiers by kind, and a description by which people are alike."""

    value: str | None = None
    identifiers: Mapping[str, str] = field(default_factory=dict)
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Exact:
    """A person who holds exactly the identifier asked for; `shared` where another person holds it too."""

    subject_ref: str
    source_id: str
    kinds: tuple[str, ...]
    shared: bool


@dataclass(frozen=True, slots=True)
class Possible:
    """A person who resembles what was asked: a score from 0 to 1 and its reasons, in words without a value."""

    subject_ref: str
    source_id: str
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Who was found, exact matches apart from possible ones; a human decides, nothing is merged or picked."""

    exact: tuple[Exact, ...] = ()
    possible: tuple[Possible, ...] = ()

    def subjects(self) -> set[str]:
        """Return everybody who came up."""
        return {each.subject_ref for each in self.exact} | {each.subject_ref for each in self.possible}


@dataclass(frozen=True, slots=True)
class TableRows:
    """The rows that one table holds about the person; every row carries their `subject_ref`."""

    table: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """Everything a system holds about one person; an empty table says that it was searched and held nothing."""

    system: str
    subject_ref: str
    tables: tuple[TableRows, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a system keeps although it was asked otherwise: which table, how many rows, on what ground, until when.

    `masked` names the columns that are emptied in the rows kept.
    """

    table: str
    rows: int
    ground: str
    until: str
    masked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """Keyed hashes that stay of an erased person: what they stop or prove, of which kinds of value, on what ground, until when.

    `what` is a state of the suppression list, or `consent` for the proof of one; `until` a day, or empty where none ends it.
    """

    what: str
    kinds: tuple[str, ...]
    hashes: int
    ground: str
    until: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What a verb did: the names of the fields or tables touched with their counts, what was kept and why, which tokens."""

    system: str
    subject_ref: str
    touched: Mapping[str, int]
    kept: tuple[Kept, ...] = ()
    tokens: tuple[Token, ...] = ()


class Connector(Protocol):
    """One system. It writes in the transaction given and never commits; a system outside ignores `tx`.

    What uses a person's data takes the answer of the one rule that says so (`may_use`), and with it the person; what only
    stores, finds or stops takes their pseudonym. Raises SourceUnavailable where the system does not answer in full: never a
    part that looks like the whole.
    """

    @property
    def system(self) -> str:
        """The system's code in the data catalogue."""

    def find(self, tx: Tx, wanted: Wanted, top: int = 10) -> Found:
        """Find people: by identifier exactly, by description as possible matches, at most `top`."""

    def export(self, tx: Tx, may: May) -> Exported:
        """Return every row about the person, from every declared table."""

    def rectify(self, tx: Tx, may: May, changes: Mapping[str, str | None], now: datetime) -> Done:
        """Set the fields named; None empties one. Identifiers are found under their new value afterwards."""

    def restrict(self, tx: Tx, subject_ref: str, ground: str, case_ref: str | None, now: datetime) -> Done:
        """Mark the person's data as restricted (Art. 18): from now on they are only stored."""

    def erase(self, tx: Tx, may: May, now: datetime, keep: Sequence[Kept] = ()) -> Done:
        """Delete what is held but for the tables of `keep`, empty their masked columns, and name what stays.

        The caller destroys the subject key after the commit, where nothing that stays is sealed with it.
        """


def only_of(subject_ref: str, rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows if every one is the person's own. Raises WrongPerson otherwise: the last check before disclosure.

    >>> only_of("s1", [{"subject_ref": "s2"}])
    Traceback (most recent call last):
    core.connectors.connector.WrongPerson: The system answered with another person's row; nothing is shown. Report it.
    """
    if any(row["subject_ref"] != subject_ref for row in rows):
        raise WrongPerson("The system answered with another person's row; nothing is shown. Report it.")
    return tuple(rows)
