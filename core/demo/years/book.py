"""What is written down of the years, and by whom: rows by table, entries of the log, and the accounts of the cast."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from core.actions.answers.planned import PlanBody
from core.actions.desk.act import Before
from core.actions.desk.establishment import Establishment
from core.actions.people.inventory import FAILED as FAILED_NOTE
from core.actions.people.inventory import Inventory
from core.connectors import desk_records
from core.connectors.suppressed import Mark
from core.demo.cast import Cast

WORKER = ("worker", "worker", "worker")  # account, pseudonym in the log, role


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: the name and ways to reach them, and their place in the systems where these hold them."""

    name: str
    email: str
    address: str
    subject: str | None


@dataclass
class Book:
    """What is written down so far: rows by table, the entries of the log, what was stopped, the last number of each year."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    entries: list[Before] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)
    closed_so: dict[str, int] = field(default_factory=dict)
    disclosed: list[tuple[str, str, datetime]] = field(default_factory=list)  # of whom, to whom, when
    # place of a case -> id, reference and day of receipt of its first request
    requests: dict[int, tuple[str, str, date]] = field(default_factory=dict)


@dataclass
class Teller:
    """Writes one case after the other into the book, as the accounts of the cast."""

    cast: Cast
    book: Book
    inventories: Sequence[Inventory]
    here: Establishment
    last: datetime  # before which everything lies
    who: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    bodies: dict[tuple[int, bool], tuple[PlanBody, str]] = field(default_factory=dict)

    def person(self, name: str) -> tuple[str, str, str]:
        """Return account, pseudonym and role of a demo account, or of the worker."""
        if name == "worker":
            return WORKER
        if name not in self.who:
            desk = self.cast.desk(name)
            self.who[name] = (desk.person.account_id, desk.person.actor_ref, next(iter(desk.person.roles)).value)
        return self.who[name]

    def body(self, who: int, *, whole: bool = True) -> tuple[PlanBody, str]:
        """Return what a plan about a person shows, and its text; not `whole` where a system did not answer."""
        place = who % len(self.inventories)
        if (place, whole) not in self.bodies:
            held = self.inventories[place]
            systems = held.systems if whole else tuple(
                each if each.code == desk_records.SYSTEM else replace(
                    each, state="failed", note=FAILED_NOTE, tables=tuple(replace(table, rows=0) for table in each.tables)
                ) for each in held.systems
            )
            made = PlanBody(systems, (), held.hash)
            self.bodies[place, whole] = (made, made.text)
        return self.bodies[place, whole]
