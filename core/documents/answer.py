"""What an answer to an access request consists of: the values that every file of the package is made from."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from core.documents.statutes import GDPR

Value = str | int | float | bool | Decimal | date | datetime | None
State = Literal["found", "zero", "failed", "asked", "not_connected"]
MISSING: frozenset[str] = frozenset({"failed", "asked", "not_connected"})


@dataclass(frozen=True)
class Column:
    """A field of a table: its name in the system, and the title that a person reads."""

    name: str
    title: str


@dataclass(frozen=True)
class Row:
    """One record, with the reference of the person it was fetched for; the cells follow the table's columns."""

    subject_ref: str
    cells: tuple[Value, ...]


@dataclass(frozen=True)
class Table:
    """The rows that one table of a system holds about the person."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class SystemPart:
    """What one system answered; `note` says in a sentence why it failed or is not connected."""

    name: str
    title: str
    state: State
    tables: tuple[Table, ...] = ()
    note: str = ""

    @property
    def rows(self) -> int:
        """The number of rows that the system holds about the person."""
        return sum(len(table.rows) for table in self.tables)


@dataclass(frozen=True)
class PurposeFact:
    """Why data is used, after Article 15(1)(a) to (d) and (g), one purpose at a time."""

    purpose: str
    legal_basis: str
    categories: str
    recipients: str
    retention: str
    origin: str


@dataclass(frozen=True)
class Disclosure:
    """One time that data about the person was given to somebody: the actual recipient (15(1)(c), C-154/21)."""

    happened_on: date
    recipient: str
    categories: str
    basis: str


@dataclass(frozen=True)
class Consent:
    """One yes or no of the person, in the order in which they were given."""

    happened_on: date
    purpose: str
    channel: str
    given: bool
    text_version: str = ""
    source: str = ""


@dataclass(frozen=True)
class LookUp:
    """One look at the person's data: the day, what was done, for what purpose, and by whom, never by name (C-579/21)."""

    happened_on: date
    what: str
    purpose: str
    by: str


@dataclass(frozen=True)
class Fact:
    """A point of Article 15: either what holds, or why the point does not apply; never both, never neither."""

    text: str = ""
    not_applicable: str = ""

    @property
    def words(self) -> str:
        """The sentence to print."""
        return self.text or f"Not applicable: {self.not_applicable}"


@dataclass(frozen=True)
class AnswerFacts:
    """The checklist of Article 15(1)(a) to (h) and 15(2)."""

    purposes: Fact
    categories: Fact
    recipients: Fact
    retention: Fact
    rights: Fact
    complaint: Fact
    source: Fact
    automated_decisions: Fact
    transfers: Fact


POINTS: tuple[tuple[str, str, str], ...] = (
    ("purposes", "15(1)(a)", "What we use the data for"),
    ("categories", "15(1)(b)", "Kinds of data"),
    ("recipients", "15(1)(c)", "Who receives the data"),
    ("retention", "15(1)(d)", "How long we keep it"),
    ("rights", "15(1)(e)", "Your other rights"),
    ("complaint", "15(1)(f)", "Your right to complain"),
    ("source", "15(1)(g)", "Where the data comes from"),
    ("automated_decisions", "15(1)(h)", "Automated decisions and profiling"),
    ("transfers", "15(2)", "Transfers outside the European Economic Area"),
)


@dataclass(frozen=True)
class AccessAnswer:
    """Everything the answer to one person says; `made_on` is the date printed on it and set in its files."""

    case_ref: str
    subject_ref: str
    controller: str
    controller_contact: str
    dpo_contact: str
    made_on: date
    systems: tuple[SystemPart, ...]
    purposes: tuple[PurposeFact, ...]
    disclosures: tuple[Disclosure, ...]
    consents: tuple[Consent, ...]
    facts: AnswerFacts
    rights_statement: str
    complaint_authority: str
    language: str = "en"
    look_ups: tuple[LookUp, ...] | None = None  # None: the person did not ask who looked
    law: str = GDPR  # under which the answer is given
