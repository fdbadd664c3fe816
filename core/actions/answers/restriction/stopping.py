"""Restriction, objection to marketing and withdrawal: planned, done system by system, looked at again, finished."""

from dataclasses import replace
from datetime import date

from core.actions.answers.erasure import raised
from core.actions.answers.letters import recipients
from core.actions.answers.planned import Item, PlanBody, body_of, read_body
from core.actions.answers.restriction.restriction_lifts import place, terms_of
from core.actions.answers.room import PlanRoom
from core.actions.cases.transitions import move
from core.actions.desk import things
from core.actions.desk.act import Now, act, found, repeated
from core.actions.desk.deciding import keep, under
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.actions.desk.opening import Opened
from core.actions.people.inventory import Inventory, take_inventory
from core.actions.suppression.suppressions import append_withdrawals, widen
from core.connectors import desk_records, local
from core.connectors.catalogue import catalogue
from core.connectors.connector import Connector, Done, Exported
from core.connectors.registered import by_hand
from core.connectors.suppressed import standing, tokens_of_subject
from core.law.acts import Act
from core.law.errors import NotPossible
from core.law.records import Record
from core.law.rights.bases import Basis
from core.law.rights.recipients import Change
from core.law.rights.restriction import ground_of, record_set
from core.law.rights.suppression import ALL, MARKETING, STATE_OF, record_of
from core.law.ways import Kind
from core.law.workflow import Step
from core.store.engine import Row
from core.store.records import CaseRecord, RequestRecord

RESTRICT, SUPPRESS, KEEP = "restrict", "suppress", "retain"


def _check_suppressed(desk: Desk, now: Now, request: RequestRecord, subject_ref: str) -> None:
    state = STATE_OF[Kind(request.kind)]
    held = tokens_of_subject(desk.store, now.tx, subject_ref)
    stopped = {
        bytes(each["h"]) for each in standing(now.tx, (each.h for each in held), today_of(desk)) if each["state"] == state
    }
    if missing := sum(each.h not in stopped for each in held):
        raise NotPossible(f"{missing} address or number of the person is not suppressed yet. Try again.")


def _effect(now: Now, at: Opened, *, widened: bool) -> Record:
    state = STATE_OF[Kind(at.request.kind)]
    own = [
        row for row in now.tx.rows("suppression.of_case", case_ref=at.case.case_ref)
        if row["state"] == state and row["source"] == "intake"
    ]
    limited = any((row["purpose"], row["channel"]) not in {(MARKETING, ALL), (ALL, ALL)} for row in own)
    return record_of(state, under(at.request), limited=limited, stopped=True, widened=widened)


@repeated
def confirm_for_nobody(desk: Desk, request_id: str, *, version: int, key: str) -> None:
    """Carry out an objection or a withdrawal of somebody whom no system knows: what came with the intake is all there is.

    Looks whether it stands. Raises NotPossible while nobody decided that nobody here is the person, and where the case
    names no address or number that could be suppressed.
    """
    with act(desk, Act.REQUEST_CARRY_OUT, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return
        at = now.at.of_version(version)
        state = STATE_OF.get(Kind(at.request.kind))
        if state is None:
            raise NotPossible("Only an objection to marketing or a withdrawal of consent is carried out so.")
        if at.case.subject_state != "nobody":
            raise NotPossible("Search first, and record the decision that nobody in the systems is the person.")
        rows = now.tx.rows("suppression.of_case", case_ref=at.case.case_ref)
        entries = [row for row in rows if row["state"] == state and row["kind"] != "case"]
        if not entries:
            raise NotPossible("The case names no address or number that could be suppressed. Add it on the Suppression page.")
        move(desk, now, at.request, Step.CARRY_OUT, version=version)
        move(desk, now, found(now.tx.record(RequestRecord, "requests.one", id=request_id), "request"), Step.CARRIED_OUT)
        keep(desk, now, at.request, [_effect(now, at, widened=False)])
        now.detail |= {"suppressed": len(entries), "person": "nobody"}


def _inventory(desk: Desk, now: Now, at: Opened) -> Inventory:
    return take_inventory(desk.store, now.tx, now.permitted(at.data_subject), at.case.case_ref)


def _items(inventory: Inventory, action: str, ground: str, until: str) -> tuple[Item, ...]:
    return tuple(
        Item(system.code, table.table, table.title, table.rows, KEEP, "18.2.claims", desk_records.UNTIL)
        if system.code == desk_records.SYSTEM else
        Item(system.code, table.table, table.title, table.rows, action, ground, until)
        for system in inventory.systems for table in system.tables
    )


def _subject(now: Now, request: RequestRecord) -> str:
    case = found(now.tx.record(CaseRecord, "cases.one", case_ref=request.case_ref), "case")
    return str(case.subject_ref)


class RestrictionRoom(PlanRoom):
    """Restriction (Art. 18): a mark on every table, until it is lifted."""

    def prepare(self, desk: Desk, now: Now, at: Opened) -> PlanBody:
        """Plan the mark on every table (Art. 18(1)). Raises NotPossible until ground and review date are recorded."""
        if at.request.kind != Kind.RESTRICTION:
            raise NotPossible("Only a request for restriction is carried out as one.")
        row = terms_of(now, at.request.id)
        inventory = _inventory(desk, now, at)
        terms = {"ground": row["ground"], "review_on": row["review_on"].isoformat()}
        return body_of(inventory, _items(inventory, RESTRICT, row["ground"], terms["review_on"]), terms)

    def decide(self, desk: Desk, now: Now, at: Opened, body: PlanBody) -> list[tuple[Record, str]]:
        """Return the decision on the ground of the restriction (Art. 18(1))."""
        review = date.fromisoformat(body.terms["review_on"])
        return [(record_set(ground_of(body.terms["ground"]), under(at.request), review_on=review), "")]

    def carry_out(self, desk: Desk, now: Now, connector: Connector, row: Row, body: PlanBody) -> Done:
        """Mark every table of the system."""
        return connector.restrict(now.tx, row["subject_ref"], body.terms["ground"], row["case_ref"], desk.now)

    def verify(
        self, desk: Desk, now: Now, connector: Connector, row: Row, body: PlanBody, before: Exported
    ) -> None:
        """Look again whether the mark stands; the request file serves the person's own claim and is not marked."""
        marks = now.tx.rows("people.restrictions_of", subject=row["subject_ref"])
        if connector.system != desk_records.SYSTEM and not any(
            (each["system"], each["ground"], each["case_ref"]) == (connector.system, body.terms["ground"], row["case_ref"])
            and each["lifted_at"] is None for each in marks
        ):
            raise NotPossible("The system does not show the restriction. Try again, or tell its owner.")

    def finish(self, desk: Desk, now: Now, request: RequestRecord) -> None:
        """Enter it in the list, and propose one notice for each recipient of the person's data (Art. 19)."""
        subject = _subject(now, request)
        place(desk, now, subject, request.case_ref, request.id)
        recipients.propose(desk, now, request, subject, Change.RESTRICTION)


RESTRICTION = RestrictionRoom()


def _serves(kind: Kind, system: str, table: str) -> bool:
    """Whether a table serves what the person stopped: direct marketing, or a use that rests on consent."""
    uses = catalogue().uses(system, table)
    return any(each.marketing if kind is Kind.OBJECTION_MARKETING else each.basis is Basis.CONSENT for each in uses)


class SuppressionRoom(PlanRoom):
    """An objection to marketing or a withdrawal of consent (Art. 21(2), 7(3)): widened to all the person holds."""

    def concerns(self, kind: Kind, system: str) -> bool:
        """Whether a system serves what was stopped: nobody looks through an archive for a newsletter."""
        return any(_serves(kind, system, table) for table in catalogue().tables(system))

    def prepare(self, desk: Desk, now: Now, at: Opened) -> PlanBody:
        """Plan to widen what stopped at intake: the desk's own list, and the consents for a withdrawal."""
        kind = Kind(at.request.kind)
        inventory = _inventory(desk, now, at)
        inventory = replace(inventory, systems=tuple(
            each for each in inventory.systems if not by_hand(each.code) or self.concerns(kind, each.code)
        ))
        concerned = {(desk_records.SYSTEM, "suppressions")}
        if kind is Kind.CONSENT_WITHDRAWAL:
            concerned.add((local.SYSTEM, "consents"))
        concerned |= {
            (each.code, table.table) for each in inventory.systems if by_hand(each.code)
            for table in each.tables if _serves(kind, each.code, table.table)
        }
        items = tuple(
            Item(system.code, table.table, table.title, table.rows, SUPPRESS, STATE_OF[Kind(at.request.kind)].value)
            for system in inventory.systems for table in system.tables if (system.code, table.table) in concerned
        )
        return body_of(inventory, items)

    def decide(self, desk: Desk, now: Now, at: Opened, body: PlanBody) -> list[tuple[Record, str]]:
        """Return the decision that what was stopped at the intake stands, for all the person holds."""
        return [(_effect(now, at, widened=True), "")]

    def carry_out(self, desk: Desk, now: Now, connector: Connector, row: Row, body: PlanBody) -> Done:
        """Widen to all the person holds (OBJ-2), and add the withdrawal to the history of their consents (CON-1)."""
        touched: dict[str, int] = {}
        if connector.system == desk_records.SYSTEM:
            touched["suppressions"] = widen(desk, now, row["subject_ref"], row["case_ref"])
        elif connector.system == local.SYSTEM:
            touched["consents"] = append_withdrawals(desk, now, row["subject_ref"], row["case_ref"])
        return Done(connector.system, row["subject_ref"], touched)

    def verify(
        self, desk: Desk, now: Now, connector: Connector, row: Row, body: PlanBody, before: Exported
    ) -> None:
        """Look again whether everything the person holds is suppressed."""
        if connector.system != desk_records.SYSTEM:
            return
        request = found(now.tx.record(RequestRecord, "requests.one", id=row["request_id"]), "request")
        _check_suppressed(desk, now, request, row["subject_ref"])

    def finish(self, desk: Desk, now: Now, request: RequestRecord) -> None:
        """Look once more, with every system done: what the person got meanwhile is suppressed too.

        Then the question of Article 17(1)(b) or (c) is put: whether anything rested on it alone.
        """
        subject = _subject(now, request)
        widen(desk, now, subject, request.case_ref)
        _check_suppressed(desk, now, request, subject)
        raised.put(desk, now, request, subject, read_body(desk, now, str(request.plan_id)).systems)


SUPPRESSION = SuppressionRoom()
