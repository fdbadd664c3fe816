"""The room of a right: how its answer is prepared, what an approval binds, how it is carried out, and how it is verified.

Every right that is answered by a copy or by a plan has one; the desk knows rights by their rooms alone.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from core.actions.answers.planned import PlanBody, body_of
from core.actions.desk.act import Now
from core.actions.desk.desk import Desk
from core.actions.desk.opening import Opened
from core.actions.people.inventory import Inventory, SystemCount, take_inventory
from core.connectors.connector import Connector, Done, Exported
from core.documents.archive import Package
from core.documents.portable import FieldFact
from core.law.records import Record
from core.law.ways import Kind
from core.law.workflow import Closing
from core.store.engine import Row
from core.store.records import PackageRecord, RequestRecord

Answer = TypeVar("Answer")  # what the package of a right says, as values


class Room(ABC):
    """How one right is answered. What a right does not need does nothing."""

    own_endings: ClassVar[bool] = False  # its plan alone says how a request ends, refused too

    @abstractmethod
    def prepare(self, desk: Desk, now: Now, at: Opened) -> PlanBody:
        """Return the plan. Raises NotPossible while something is missing.

        It is made again at the approval, and another hash sends it back to its preparer.
        """

    def concerns(self, kind: Kind, system: str) -> bool:
        """Whether a system worked in by hand has anything to do with the right: where not, its owner is not asked."""
        return True

    def require_lawful(self, desk: Desk, now: Now, at: Opened) -> None:
        """Raise NotPossible for what the law asks for before this right is answered, by the desk or outside it."""

    def require_ending(self, desk: Desk, now: Now, at: Opened, body: PlanBody, ending: Closing) -> None:
        """Raise NotPossible for an ending that is not the plan's, or whose letter was not sent."""


class CopyRoom(Room, Generic[Answer]):
    """A right answered with a copy: its package is built from what every system holds, and says what the right asks for."""

    harms_nobody: ClassVar[str]  # the article by which the copy must not harm others
    look_ups: ClassVar[bool] = False  # whether it can say who looked at the person's data

    def prepare(self, desk: Desk, now: Now, at: Opened) -> PlanBody:
        """Return what every system holds: nothing is done with it but to copy it."""
        return body_of(take_inventory(desk.store, now.tx, now.permitted(at.data_subject), at.case.case_ref), ())

    @abstractmethod
    def compose(self, desk: Desk, now: Now, package: PackageRecord, inventory: Inventory, *, disclosures: bool) -> Answer:
        """Return what the package says, as values; without its `disclosures` where they are kept from who acts for a child."""

    @abstractmethod
    def build(self, answer: Answer) -> Package:
        """Return the bytes of the package: typesetting and packing, outside every transaction."""

    @abstractmethod
    def decide(self, request: RequestRecord, systems: Sequence[SystemCount]) -> list[Record]:
        """Return the decisions that a release stands for."""

    @abstractmethod
    def categories(self, systems: Sequence[SystemCount]) -> list[str]:
        """Return the categories of data that leave, for the log of disclosures."""

    def fields(self) -> tuple[FieldFact, ...]:
        """Return for every field of the catalogue whether it is in the copy, and why; nothing where all of them are."""
        return ()


class PlanRoom(Room):
    """A right carried out by a plan, system by system, each verified by searching again.

    `carry_out` and `verify` share one transaction for each system, and may be repeated.
    """

    def require_ready(self, desk: Desk, now: Now, at: Opened, body: PlanBody) -> None:
        """Raise NotPossible for what must be there before the plan is approved or carried out."""

    def decide(self, desk: Desk, now: Now, at: Opened, body: PlanBody) -> Sequence[tuple[Record, str]]:
        """Return the decisions that a plan holds, one for each item, each with the words typed beside it."""
        return ()

    @abstractmethod
    def carry_out(self, desk: Desk, now: Now, connector: Connector, row: Row, body: PlanBody) -> Done:
        """Do in one system what the plan says, and return what was touched and kept."""

    @abstractmethod
    def verify(self, desk: Desk, now: Now, connector: Connector, row: Row, body: PlanBody, before: Exported) -> None:
        """Search again; `before` is what the system held. Raises NotPossible with the sentence, and nothing stands."""

    def finish(self, desk: Desk, now: Now, request: RequestRecord) -> None:
        """Do what follows once, with the last system's end."""

    def note_ahead(self, desk: Desk, now: Now, row: Row, body: PlanBody) -> None:
        """Note, last before each system's commit, what must be known outside the database in any case; it may be repeated."""
