"""Erasure: its plan over every table, its doing in one transaction, the search afterwards, and its end."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from core.actions.answers.erasure import kept_parts, restricted
from core.actions.answers.erasure.erasure_ends import note_ahead
from core.actions.answers.erasure.erasure_words import HELD, HELD_UNTIL, PROVE, outcome
from core.actions.answers.erasure.erasures import item_of, made_public
from core.actions.answers.letters import recipients
from core.actions.answers.planned import Item, PlanBody, body_of, terms_of
from core.actions.answers.room import PlanRoom
from core.actions.cases import sequence
from core.actions.desk.act import Now, found
from core.actions.desk.deciding import under
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.actions.desk.opening import Opened
from core.actions.people.inventory import SystemCount, take_inventory
from core.actions.suppression import suppressions
from core.connectors import desk_records, erased, local
from core.connectors.catalogue import catalogue
from core.connectors.connector import Connector, Done, Exported, Kept, Token, Wanted
from core.connectors.held import on_table, standing_holds
from core.law.acts import Effect
from core.law.errors import NotPossible
from core.law.kinds import may_delete_case
from core.law.records import Record
from core.law.rights import erasure
from core.law.rights.erasure import Decision, Exemption, Ground, Retention
from core.law.rights.holds import Deletion, Hold, require_free
from core.law.rights.holds import record_of as hold_record
from core.law.rights.recipients import Change
from core.law.rights.sequencing import require_deletable
from core.law.ways import Kind
from core.law.workflow import Closing
from core.store.engine import Row
from core.store.records import PlanRecord

LETTERS = {
    Closing.FULFILLED: "erasure_carried_out", Closing.PARTLY_FULFILLED: "erasure_partly",
    Closing.REFUSED: "erasure_refused",
}


def _under_hold(item: Item, holds: Sequence[Hold], subject: str, at: datetime) -> Item:
    """Keep what a hold covers whole: nothing of it is deleted or emptied until the hold is released (Art. 17(3)(e))."""
    if item.action not in {"delete", "mask"} or not on_table(holds, item.system, item.table, subject, at):
        return item
    return replace(item, action="retain", ground=HELD, until=HELD_UNTIL, reference="", columns=())


def require_no_inquiry(now: Now, subject_ref: str) -> None:
    """Raise NotPossible while an authority's inquiry about a case of the person is open (Art. 31): its evidence stays."""
    held = now.tx.rows("needs.holding_person", subject=subject_ref)
    if held and not may_delete_case(Kind.INQUIRY, open_=True):
        names = ", ".join(row["reference"] for row in held)
        raise NotPossible(f"An inquiry of an authority about a case of this person is open ({names}): nothing is erased "
                          "until it is closed.")


def search_again(now: Now, connector: Connector, row: Row, body: PlanBody, before: Exported) -> Exported:
    """Search again: no table that was to be deleted holds a row, no masked column a value, and nobody finds the person.

    Returns what is held now. Raises NotPossible, and nothing of this system's erasure stands.
    """
    exported = connector.export(now.tx, now.permitted(row["subject_ref"]))
    after = {each.table: each.rows for each in exported.tables}
    for item in body.of(row["system"]):
        rows = after.get(item.table, ())
        if item.action in {"delete", PROVE} and rows:
            raise NotPossible("The search after the erasure still found rows of the person. Nothing was erased.")
        if item.action == "retain" and len(rows) != item.rows and row["system"] != desk_records.SYSTEM:
            raise NotPossible("The search after the erasure misses rows that must be kept. Nothing was erased.")
        if any(each.get(column) for each in rows for column in item.columns):
            raise NotPossible("The search after the erasure still found a value that must be masked. Nothing was erased.")
    if row["system"] == local.SYSTEM and _forgets(body):
        _search(now, connector, row["subject_ref"], before)
    return exported


def _forgets(body: PlanBody) -> bool:
    """Whether nobody can be recognised any more: the identifiers go, with everything that hangs on them."""
    return any(item.action == "delete" and item.table == "identifier_values" for item in body.of(local.SYSTEM))


def _search(now: Now, connector: Connector, subject: str, before: Exported) -> None:
    left = now.tx.one("erasure.hashes_left", subject=subject) or {"hashes": 1}
    held = next((each.rows for each in before.tables if each.table == "identifier_values"), ())
    found = any(
        subject in {each.subject_ref for each in connector.find(now.tx, Wanted(identifiers={r["kind"]: r["value"]})).exact}
        for r in held
    )
    if left["hashes"] or found:
        raise NotPossible("The person is still found by an identifier. Nothing was erased.")


def _prove(desk: Desk, now: Now, row: Row, body: PlanBody) -> list[Token]:
    """Keep the proof of each consent where the plan says so, while the addresses and numbers can still be read."""
    kept = []
    for item in body.of(row["system"]):
        if item.action == PROVE:
            retention = Retention(Exemption(item.ground), item.reference, date.fromisoformat(item.until))
            proven = erased.prove(
                desk.store, now.tx, row["subject_ref"], retention, row["case_ref"], desk.now, sourced="source" not in item.columns
            )
            if proven.consents != item.rows:
                raise NotPossible("The proofs of consent could not be kept as the plan says. Nothing was erased.")
            now.detail["consents_proven"] = proven.consents
            kept.append(Token("consent", proven.kinds, proven.hashes, item.ground, item.until))
    return kept


def _items(system: SystemCount, terms: dict[str, Any], today: date) -> list[Item]:
    if system.state not in {"found", "zero"}:
        return [Item(system.code, each.table, each.title, 0, system.state) for each in system.tables]
    if system.code == desk_records.SYSTEM:
        return [
            Item(system.code, each.table, each.title, each.rows, "retain", erasure.FILE_GROUND, desk_records.UNTIL)
            for each in system.tables
        ]
    grounds = frozenset(Ground(code) for code in terms["grounds"])
    claims = {(each["system"], each["table"]): each for each in terms.get("keep", [])}
    items = []
    for table in system.tables:
        claim = claims.get((system.code, table.table))
        retention = retention_of(claim) if claim else None
        decision = erasure.decide(item_of(terms, system.code, table.table, retention), today)
        if decision is Decision.ERASE:
            items.append(Item(system.code, table.table, table.title, table.rows, "delete", _join(grounds)))
        elif decision is Decision.NO_GROUND:
            items.append(Item(
                system.code, table.table, table.title, table.rows, "retain", "12.4", retention_until(system.code, table.table)
            ))
        else:
            columns = tuple(sorted(claim["masked"])) if claim else ()
            items.append(Item(
                system.code, table.table, table.title, table.rows, "mask" if columns else "retain",
                retention.exemption.value if retention else "",
                retention.until.isoformat() if retention and retention.until else "until the reason ends",
                retention.reference if retention else "", columns,
            ))
    return items


def _as_proof(items: Sequence[Item], *, provable: bool) -> tuple[Item, ...]:
    """Keep of consents that an exception keeps until a day the proof alone, once nobody is recognised by an address any more.

    Their rows could then be found by nobody: the proof stands under the keyed hashes of the addresses and numbers (ERA-5).
    """
    gone = any((item.system, item.table, item.action) == (local.SYSTEM, "identifier_values", "delete") for item in items)

    def proves(item: Item) -> bool:
        consents = (item.system, item.table) == (local.SYSTEM, "consents") and item.rows > 0
        return consents and item.ground in erasure.DATED and item.action in {"retain", "mask"}

    return tuple(replace(item, action=PROVE) if provable and gone and proves(item) else item for item in items)


def retention_until(system: str, table: str) -> str:
    """Return the catalogue's own retention of a table, in its words."""
    return next(field.retention for field in catalogue().of(system) if field.table == table)


def retention_of(claim: dict[str, Any]) -> Retention:
    """Return the exception that the preparer claimed for a table."""
    until = date.fromisoformat(claim["until"]) if claim.get("until") else None
    return Retention(Exemption(claim["exemption"]), claim.get("reference", ""), until, claim.get("why", ""))


def _held(systems: tuple[SystemCount, ...], item: Item, column: str) -> bool:
    return any(
        field.found for system in systems if system.code == item.system for table in system.tables
        if table.table == item.table for field in table.fields if field.column == column
    )


def _join(grounds: frozenset[Ground]) -> str:
    return " ".join(sorted(grounds))


class ErasureRoom(PlanRoom):
    """Erasure (Art. 17): every table deleted, masked or kept, and the search afterwards."""

    own_endings = True

    def prepare(self, desk: Desk, now: Now, at: Opened) -> PlanBody:
        """Decide every table of every system: delete, mask or retain, with ground and until (Art. 17: ERA, POR).

        The desk's own records stay as the request file (ERA-3). Raises NotPossible until the grounds are chosen.
        """
        terms = terms_of(desk, now, at.request)
        if not terms.get("grounds"):
            raise NotPossible("Choose first on which grounds of Article 17(1) the person's data are to be erased.")
        inventory = take_inventory(desk.store, now.tx, now.permitted(at.data_subject), at.case.case_ref)
        today, subject = today_of(desk), at.data_subject
        holds = standing_holds(now.tx, [subject])
        items = _as_proof([
            _under_hold(item, holds, subject, desk.now) for system in inventory.systems for item in _items(system, terms, today)
        ], provable=bool(erased.provable(desk.store, now.tx, subject)))
        sealed = any(
            item.system == local.SYSTEM and item.action in {"retain", "mask"} and table == item.table
            and column not in item.columns and _held(inventory.systems, item, column)
            for item in items for table, column in local.SEALED
        )
        return body_of(inventory, items, terms | {"subject_key": "kept" if sealed else "destroyed"})

    def require_lawful(self, desk: Desk, now: Now, at: Opened) -> None:
        """Raise NotPossible while a copy is still owed (ACC-6), or an authority's inquiry about a case of them is open."""
        if at.data_subject is not None:
            require_no_inquiry(now, at.data_subject)
        require_deletable(sequence.theirs(desk, now, at.case))

    def require_ready(self, desk: Desk, now: Now, at: Opened, body: PlanBody) -> None:
        """Raise NotPossible unless it is lawful, an address is in the case, and the letter is drafted."""
        self.require_lawful(desk, now, at)
        if outcome(body) is not Closing.REFUSED:
            restricted.require(now, at.request.id, at.data_subject)
        if not now.tx.rows("approvals.addresses", case_ref=at.case.case_ref):
            raise NotPossible("The case has no address for the answer. Add it first: after the erasure it cannot be found.")
        kind = LETTERS[outcome(body)]
        made = found(now.tx.record(PlanRecord, "plans.one", id=at.request.plan_id), "plan")
        drafted = now.tx.one("erasure.certificate", request_id=at.request.id, kind=kind)
        if drafted is None or drafted["address_id"] is None or drafted["drafted_at"] < made.made_at:
            raise NotPossible(
                "Draft the letter that confirms the outcome of this plan first, on the Letters tab: "
                f"'{kind.replace('_', ' ')}'."
            )

    def decide(self, desk: Desk, now: Now, at: Opened, body: PlanBody) -> list[tuple[Record, str]]:
        """Return the decision on each table reached, with the reference of its exception, and that on the file (ERA-3)."""
        claims = {(each["system"], each["table"]): each for each in body.terms.get("keep", [])}
        made = []
        for item in body.items:
            if item.system == desk_records.SYSTEM or item.action not in {"delete", "retain", "mask", PROVE}:
                continue
            if item.ground == HELD:
                held = on_table(standing_holds(now.tx, [at.data_subject]), item.system, item.table,
                                at.data_subject, desk.now)
                made.append((hold_record(held, Deletion.ERASURE, under(at.request, f"{item.system}.{item.table}")), ""))
                continue
            claim = claims.get((item.system, item.table))
            record = erasure.record_of(
                item_of(body.terms, item.system, item.table, retention_of(claim) if claim else None),
                today_of(desk), under(at.request, f"{item.system}.{item.table}"),
            )
            told = [claim.get("reference", ""), claim.get("why", "")] if claim else []
            made.append((record, " · ".join(each for each in told if each)))
        if (public := made_public(body.terms)) and outcome(body) is not Closing.REFUSED:
            made.append((erasure.record_public(under(at.request)), public.where))
        return [*made, (erasure.record_file(under(at.request, desk_records.SYSTEM)), "")]

    def carry_out(self, desk: Desk, now: Now, connector: Connector, row: Row, body: PlanBody) -> Done:
        """Erase in one system what the plan says, every subject table in this one transaction."""
        subject = row["subject_ref"]
        holds = standing_holds(now.tx, [subject])
        for item in body.of(row["system"]):  # one may be set since the approval
            if item.action in {"delete", "mask", PROVE}:
                require_free(on_table(holds, item.system, item.table, subject, desk.now), Deletion.ERASURE)
        require_no_inquiry(now, subject)
        if outcome(body) is not Closing.REFUSED and row["system"] != desk_records.SYSTEM:  # it may be set since, too
            restricted.require(now, now.at.request.id, subject)
        keep = [
            Kept(item.table, item.rows, item.ground, item.until, item.columns)
            for item in body.of(row["system"]) if item.action in {"retain", "mask"}
        ]
        tokens = _prove(desk, now, row, body)
        if row["system"] == local.SYSTEM and _forgets(body):  # while their hashes can still be read
            told = suppressions.after_erasure(
                desk, now, subject, row["case_ref"], wished=bool(body.terms.get("wished"))
            )
            tokens += told.tokens
        done = replace(connector.erase(now.tx, now.permitted(subject), desk.now, keep), tokens=tuple(tokens))
        if any(item.action in {"delete", PROVE} for item in body.of(row["system"])):
            now.detail["effect"] = Effect.DELETED.value
        if row["system"] == local.SYSTEM and outcome(body) is not Closing.REFUSED:
            recipients.propose(desk, now, now.at.request, subject, Change.ERASURE)  # while it is known to whom the data went
            recipients.propose_public(desk, now, now.at.request, subject, made_public(body.terms).whom)
            now.tx.run("log.forget_disclosures_of", subject=subject)
            now.detail["packages_deleted"] = now.tx.run("packages.end_of_subject", subject=subject)
        return done

    def verify(self, desk: Desk, now: Now, connector: Connector, row: Row, body: PlanBody, before: Exported) -> None:
        """Search again as `search_again` does, and note what stays on the list of kept parts, with what it holds now."""
        kept_parts.note(desk, now, row, body, search_again(now, connector, row, body, before))

    def require_ending(self, desk: Desk, now: Now, at: Opened, body: PlanBody, ending: Closing) -> None:
        """Refuse an ending that is not the plan's own, or whose letter was not sent (12(4), REF-1)."""
        right = outcome(body)
        if ending is not right:
            raise NotPossible(f"By what was carried out it ends as {right.replace('_', ' ')}.")
        letter = now.tx.one("erasure.certificate", request_id=at.request.id, kind=LETTERS[right])
        if letter is None or letter["sent_at"] is None:
            raise NotPossible("Send the person the letter with the outcome first, and mark it as sent on the Letters tab.")

    def note_ahead(self, desk: Desk, now: Now, row: Row, body: PlanBody) -> None:
        """Note an erasure and its proofs in the ledger before its commit, and leave the task behind that finishes it."""
        if any(item.action == PROVE for item in body.of(row["system"])):
            erased.note_proofs(desk.store, now.tx, row["case_ref"])
        note_ahead(desk, now, row, body)


ERASURE = ErasureRoom()
