"""The case file: opening it, adding to it, sealing it, deciding which person it is about."""

import json
from dataclasses import dataclass
from datetime import datetime

from core.actions.cases.clock import is_sent, shown_dates
from core.actions.desk import things
from core.actions.desk.act import act, found, guard, look, new_id, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.desk.moment import today_of
from core.actions.suppression.suppressions import undo_widening, widen
from core.law.acts import Act
from core.law.clock.deadlines import Deadline
from core.law.clock.standing import Standing, standing
from core.law.errors import Invalid, NotPossible
from core.law.typed import LONGEST, read_text
from core.law.ways import RIGHTS, Kind, Right
from core.law.workflow import Closing, State
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Row
from core.store.records import RequestRecord


@dataclass(frozen=True)
class Request:
    """One request of the case as its page shows it."""

    row: RequestRecord
    right: Right
    state: State
    closing: Closing | None
    deadline: Deadline
    standing: Standing
    pauses: tuple[Row, ...]
    moves: tuple[Row, ...]
    owner: str

    @property
    def sent(self) -> bool:
        """Whether its answer is out."""
        return is_sent(self.row)


@dataclass(frozen=True)
class CaseFile:
    """Everything kept with a case, opened with its key."""

    case_ref: str
    reference: str
    version: int
    received: datetime
    entered: datetime
    channel: str
    person: dict[str, str]
    subject_ref: str | None
    subject_state: str
    identity_state: str
    sealed_to_names: bool
    requests: tuple[Request, ...]
    messages: tuple[Row, ...]
    notes: tuple[Row, ...]
    checks: tuple[Row, ...]
    names: dict[str, str]


@repeated
def open_case(desk: Desk, case_ref: str) -> CaseFile:
    """Open a case file; within 15 minutes of the first opening a rerun reads again and writes no further entry."""
    with act(desk, Act.CASE_OPEN, things.case(case_ref), disclosure=True) as now:
        case = now.at.case
        here = establishment(desk.store)

        def opened(rows: list[Row], table: str, *names: str) -> tuple[Row, ...]:
            return tuple(
                row | {name: decrypt(desk.store, case_ref, row[name], Cell(table, row["id"], name)) for name in names}
                for row in rows
            )

        names = {row["id"]: row["name"] for row in now.tx.rows("queue.owners")}
        today = today_of(desk)
        requests = []
        for row in now.tx.records(RequestRecord, "requests.of_case", case_ref=case_ref):
            dates = shown_dates(now.tx, row, today)
            requests.append(Request(
                row, RIGHTS[Kind(row.kind)], State(row.state),
                Closing(row.closing) if row.closing else None, dates,
                standing(
                    row.final_due, today, paused=row.clock_state == "paused", safe=row.safe_due,
                    closed=row.state == State.CLOSED, sent=row.sent_at is not None,
                ),
                opened(now.tx.rows("requests.pause_texts", request_id=row.id), "pauses", "reason", "question"),
                tuple(now.tx.rows("requests.moves", request_id=row.id)),
                names.get(row.owner_id or "", ""),
            ))
        attachments = opened(now.tx.rows("cases.attachments", case_ref=case_ref), "attachments", "name")
        rights = now.tx.rows("cases.message_rights", case_ref=case_ref)
        messages = tuple(
            row | {
                "attachments": [each for each in attachments if each["message_id"] == row["id"]],
                "rights": [each for each in rights if each["message_id"] == row["id"]],
            }
            for row in opened(
                now.tx.rows("cases.messages", case_ref=case_ref), "messages", "sender", "subject", "body", "remarks"
            )
        )
        person = json.loads(decrypt(desk.store, case_ref, case.person, Cell("cases", case_ref, "person")))
        return CaseFile(
            case_ref, str(case.reference), int(case.version), here.local(case.received_at),
            here.local(case.created_at), str(case.channel), person,
            case.subject_ref, str(case.subject_state), str(case.identity_state),
            bool(case.sealed_to_names), tuple(requests), messages,
            opened(now.tx.rows("cases.notes", case_ref=case_ref), "notes", "body"),
            opened(now.tx.rows("cases.identity_checks", case_ref=case_ref), "identity_checks", "reason"), names,
        )


def case_of(desk: Desk, request_id: str) -> str:
    """Return the case of a request, for those who may open it."""
    with look(desk, Act.CASE_OPEN, things.request(request_id)) as now:
        return str(now.at.case.case_ref)


@repeated
def add_note(desk: Desk, case_ref: str, body: str, *, key: str) -> None:
    """Write an internal note; it stays apart from the correspondence."""
    with act(desk, Act.CASE_NOTE, things.case(case_ref), key=key) as now:
        if now.earlier is not None:
            return
        words = read_text(body, "body", "the note", longest=LONGEST)
        number = new_id()
        now.tx.run(
            "cases.add_note", id=number, case_ref=case_ref, written_at=desk.now, written_by=desk.person.account_id,
            body=encrypt(desk.store, case_ref, words, Cell("notes", number, "body")),
        )


@repeated
def decide_person(desk: Desk, case_ref: str, subject_ref: str | None, *, version: int, key: str) -> None:
    """Decide which person the case is about, or that nobody in the systems is; a human decides, never a score."""
    chosen = things.person(subject_ref) if subject_ref is not None else None
    with act(desk, Act.CASE_PERSON, things.case(case_ref), beside=chosen, key=key) as now:
        if now.earlier is not None:
            return
        case = now.at.case
        rows = now.tx.records(RequestRecord, "requests.of_case", case_ref=case_ref)
        if any(row.state not in {State.RECEIVED, State.IN_PROGRESS, State.CLOSED} for row in rows):
            raise NotPossible("A request of this case is being approved or answered: take it back first.")
        if subject_ref is not None and not now.tx.rows("people.profiles_of", subjects=[subject_ref]):
            raise Invalid("There is no such person. Search again.", "subject_ref")
        guard(now.tx.run(
            "cases.decide_person", case_ref=case_ref, subject_ref=subject_ref, version=version,
            subject_state="decided" if subject_ref else "nobody",
        ))
        now.tx.run("cases.keep_decider", case_ref=case_ref, account_id=desk.person.account_id, now=desk.now)
        changed = case.subject_ref is not None and case.subject_ref != subject_ref
        if changed:  # who was proven to be one person is not proven to be another
            undo_widening(desk, now, found(case.subject_ref, "person"), case_ref)
            now.tx.run("cases.set_identity", case_ref=case_ref, identity_state="open")
        now.tx.run("deaths.name_subject", case_ref=case_ref, subject_ref=subject_ref)
        if subject_ref is not None:
            widen(desk, now, subject_ref, case_ref)
        now.detail |= {"decision": "person" if subject_ref else "nobody", "changed": int(changed)}


@repeated
def seal_to(desk: Desk, case_ref: str, account_ids: list[str], *, key: str) -> None:
    """Seal a case (employee, dispute, public figure, child protection) to the named people."""
    with act(desk, Act.CASE_SEAL, things.case(case_ref), key=key) as now:
        if now.earlier is not None:
            return
        if not account_ids:
            raise Invalid("Name at least one person who may see the case.", "account_ids")
        known = {row["id"] for row in now.tx.rows("queue.owners")}
        if not set(account_ids) <= known:
            raise Invalid("One of the named people has no account.", "account_ids")
        now.tx.run("cases.forget_named", case_ref=case_ref)
        for account in sorted(set(account_ids)):
            now.tx.run("cases.name_person", case_ref=case_ref, account_id=account)
        now.tx.run("cases.seal", case_ref=case_ref)
        now.detail["named"] = len(set(account_ids))
