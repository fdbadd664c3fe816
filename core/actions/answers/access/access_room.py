"""The right of access (Article 15): the copy with all its facts, and by wish who looked at the data."""

from collections.abc import Sequence

from core.actions.answers.access.access_answer import compose
from core.actions.answers.room import CopyRoom
from core.actions.cases.clock import profile_of
from core.actions.desk.act import Now
from core.actions.desk.deciding import under
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.desk.moment import today_of
from core.actions.people.inventory import Inventory, SystemCount, unreached
from core.actions.people.who_looked import look_ups
from core.connectors.catalogue import catalogue
from core.connectors.disclosures import disclosures_of
from core.documents import package as package_of_access
from core.documents.answer import AccessAnswer
from core.documents.archive import Package
from core.law.records import Record
from core.law.rights.access import record_copy
from core.store.records import PackageRecord, RequestRecord


class AccessRoom(CopyRoom[AccessAnswer]):
    """Access: everything held, to whom it went, and the facts of Article 15(1)."""

    harms_nobody = "15(4)"
    look_ups = True

    def compose(self, desk: Desk, now: Now, package: PackageRecord, inventory: Inventory, *, disclosures: bool) -> AccessAnswer:
        """Return the copy of Article 15(3) with the facts of 15(1)."""
        subject = package.subject_ref
        return compose(
            inventory, catalogue(), establishment(desk.store), subject_ref=subject, made_on=today_of(desk),
            reference=now.at.request.reference,
            recipients=disclosures_of(now.tx, subject) if disclosures else [],
            look_ups=look_ups(desk, now, package.id, subject) if package.look_ups else None,
            law=profile_of(now.at.request).law,
        )

    def build(self, answer: AccessAnswer) -> Package:
        """Return the pages, the tables and the data in one ZIP."""
        return package_of_access.build(answer)

    def decide(self, request: RequestRecord, systems: Sequence[SystemCount]) -> list[Record]:
        """Return the decision on the copy as a whole."""
        return [record_copy(under(request), systems_left_out=bool(unreached(tuple(systems))))]

    def categories(self, systems: Sequence[SystemCount]) -> list[str]:
        """Return the categories of the tables in which something was found."""
        held = {(each.code, table.table) for each in systems for table in each.tables if table.rows}
        return sorted({field.category for field in catalogue().fields if (field.system, field.table) in held})


ACCESS = AccessRoom()
