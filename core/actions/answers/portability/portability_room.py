"""The right to a portable copy (Article 20): narrower than access, each field with its reason."""

from collections.abc import Sequence

from core.actions.answers.portability.portability import categories, compose, decided
from core.actions.answers.room import CopyRoom
from core.actions.cases.clock import profile_of
from core.actions.desk.act import Now
from core.actions.desk.deciding import under
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.desk.moment import today_of
from core.actions.people.inventory import Inventory, SystemCount
from core.connectors.catalogue import catalogue
from core.documents import portable
from core.documents.archive import Package
from core.documents.portable import FieldFact, PortableAnswer
from core.law.records import Record
from core.law.rights.portability import record_of
from core.store.records import PackageRecord, RequestRecord


class PortabilityRoom(CopyRoom[PortableAnswer]):
    """A portable copy: what the person provided or we observed, on consent or contract."""

    harms_nobody = "20(4)"

    def compose(self, desk: Desk, now: Now, package: PackageRecord, inventory: Inventory, *, disclosures: bool) -> PortableAnswer:
        """Return the copy of Article 20(1); it holds no disclosures in any case."""
        return compose(
            inventory, catalogue(), establishment(desk.store), subject_ref=package.subject_ref,
            reference=now.at.request.reference, made_on=today_of(desk),
            law=profile_of(now.at.request).law,
        )

    def build(self, answer: PortableAnswer) -> Package:
        """Return the data with their schema in one ZIP."""
        return portable.build(answer)

    def decide(self, request: RequestRecord, systems: Sequence[SystemCount]) -> list[Record]:
        """Return for each field of the catalogue the decision whether it is in the copy."""
        return [
            record_of(
                field.origin, field.legal_basis, under(request, f"{field.system}.{field.table}.{field.column}"),
                automated=field.automated,
            )
            for field in catalogue().fields
        ]

    def categories(self, systems: Sequence[SystemCount]) -> list[str]:
        """Return the categories of the fields that are in the copy and of which something was found."""
        return categories(catalogue(), systems)

    def fields(self) -> tuple[FieldFact, ...]:
        """Return the decision on every field of the catalogue, in its order."""
        return decided(catalogue())


PORTABILITY = PortabilityRoom()
