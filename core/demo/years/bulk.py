"""The history of a demo store, written in one transaction: its people asked, its cases taken in, answered and closed."""

import csv
from collections.abc import Sequence
from datetime import datetime, timedelta

from core.actions.desk.act import enter_before
from core.actions.desk.establishment import establishment
from core.actions.people.inventory import Inventory, take_inventory
from core.connectors.disclosures import append_disclosure
from core.connectors.restricted import permit
from core.connectors.suppressed import enter, note_in_ledger
from core.demo.cast import Cast
from core.demo.sample import SAMPLE, STORIES
from core.demo.years.book import Book, Person, Teller
from core.demo.years.happened import PastCase
from core.demo.years.history import history
from core.demo.years.record import DEMANDS
from core.demo.years.telling import tell
from core.law.acts import Act
from core.law.needs import ARTICLES
from core.law.rights.restriction import Operation, gateway_of
from core.law.ways import RIGHTS, Asker, Kind
from core.store.engine import Row, Store, Tx, random_ref
from core.store.keys import KeyKind

QUERIES = {
    "cases": "cases.add_all",
    "case_identifiers": "cases.add_all_case_identifiers",
    "case_deciders": "cases.add_all_case_deciders",
    "reply_addresses": "cases.add_all_reply_addresses",
    "messages": "cases.add_all_messages",
    "message_rights": "cases.add_all_message_rights",
    "requests": "requests.add_all",
    "request_moves": "requests.add_all_request_moves",
    "pauses": "requests.add_all_pauses",
    "identity_checks": "cases.add_all_identity_checks",
    "letters": "letters.add_all",
    "plans": "plans.add_all",
    "packages": "packages.add_all",
    "carryings": "carrying.add_all_carryings",
    "approvals": "approvals.add_all",
    "extensions": "clock.add_all_extensions",
    "needs_met": "needs.add_all_needs_met",
    "named_days": "needs.add_all_named_days",
    "duplicates": "requests.add_all_duplicates",
    "closing_checks": "closing_checks.add_all",
    "closed_facts": "requests.add_all_closed_facts",
    "decisions": "decisions.add_all",
}
TYPES = dict.fromkeys((
    "subject_ref", "closing", "prepared_by", "approver_id", "plan_id", "package_id", "address_id", "deputy_id",
    "about_case", "opened_id", "proofs",
), "string") | dict.fromkeys((
    "person", "sender", "subject", "body", "passages", "words", "reason", "question", "answer", "result", "h",
    "address",
), "binary") | dict.fromkeys(("base_due", "final_due", "safe_due", "answered_on", "until", "day", "told_on"), "date32") | (
    dict.fromkeys(("sent_at", "came_back_at", "closed_at", "due_end", "deputy_from", "checked_at"), "timestamp[us]")
    | {"large_quantity": "bool"}
)
PATTERNS = 24
STRANGERS = ("The Supervisory Authority of the Example State", "The Tax Office of the Example State")


def add_history(store: Store, now: datetime, begin: timedelta) -> int:
    """Write the years of closed requests that end `begin` before now; return how many there are.

    The sample people and the accounts must be there. Nothing of it is open today.
    """
    cases, cast, here = history(now, begin), Cast(store), establishment(store)
    cast.now = now - begin
    with store.transaction() as tx:
        people = _people(tx)
        places: dict[int, Person] = {}
        askers = [_asker(number, case, people, places) for number, case in enumerate(cases)]
        refs = [random_ref() for _ in cases]
        store.keys.ensure(KeyKind.CASE, *refs)  # at once: one wait for the disk, not one a case
        teller = Teller(cast, Book(), _inventories(store, tx, people), here, now - begin)
        for place, (case, asker) in enumerate(zip(cases, askers, strict=True)):
            tell(teller, place, refs[place], case, asker)
        _write(store, tx, teller.book, now - begin)
    return sum(len(each.requests) for each in cases)


def _write(store: Store, tx: Tx, book: Book, now: datetime) -> None:
    for table, rows in book.rows.items():
        columns = {name: [row.get(name) for row in rows] for name in rows[0] if table != "request_moves" or name != "case_ref"}
        types = TYPES | ({"facts": "binary"} if table == "extensions" else {})
        tx.bulk(QUERIES[table], columns, types)
    tx.bulk("cases.add_all_numbers", {
        "year": list(book.numbers), "last_number": list(book.numbers.values())
    }, {"year": "int32", "last_number": "int32"})
    for subject, recipient, at in book.disclosed:
        append_disclosure(
            tx, subject, recipient=recipient, categories=["orders"], basis=f"{ARTICLES['6.1.c']}: {DEMANDS}",
            act=Act.ANSWER_SENT.value, source="desk", now=at,
        )
    enter(store, tx, book.marks, now, now.date(), newer=True)
    note_in_ledger(store, book.marks)
    enter_before(store, tx, sorted(book.entries, key=lambda each: each.happened_at))


def _people(tx: Tx) -> list[Row]:
    """Return the sample people whom no story touches, each with their place in the systems."""
    with (SAMPLE / "people.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    told = [rows[story.person] for story in STORIES]
    names = {(row["surname"], row["date_of_birth"]) for row in told} | {(row["given_name"], row["surname"]) for row in told}
    numbers = {row["soc_sec_id"] for row in told} | {row["rec_id"].rsplit("-", 1)[0].split("-dup")[0] for row in told}
    held = {row["customer_id"]: row["subject_ref"] for row in tx.rows(
        "people.by_customer", customers=[row["rec_id"] for row in rows]
    )}
    return [
        {**row, "subject_ref": held[row["rec_id"]]} for row in rows
        if row["rec_id"] in held and row["given_name"] and row["surname"] and row["soc_sec_id"] not in numbers
        and row["rec_id"].rsplit("-", 1)[0].split("-dup")[0] not in numbers
        and (row["surname"], row["date_of_birth"]) not in names and (row["given_name"], row["surname"]) not in names
    ]


def _asker(number: int, case: PastCase, people: Sequence[Row], places: dict[int, Person]) -> Person:
    """Return who asks in a case: a sample person, a name that no system holds, or an authority."""
    kind = case.requests[0].kind
    if RIGHTS[kind].asker is Asker.AUTHORITY:  # a disclosure is about somebody whom the systems hold
        about = people[case.who * 7 % len(people)]["subject_ref"] if case.known else None
        return Person(STRANGERS[kind is Kind.DISCLOSURE], "", "Example Square 1, 10115 Berlin", about)
    if case.first is not None and case.first in places:
        return places[case.first]
    row, other = people[case.who * 7 % len(people)], people[(case.who * 13 + 5) % len(people)]
    if case.known:
        name, email, subject = f"{row['given_name']} {row['surname']}", row["email"], row["subject_ref"]
    else:  # a given name of one and a surname of another: nobody in the systems
        name, email, subject = f"{row['given_name']} {other['surname']}", f"writes-{case.who}@people.example", None
    places[number] = asker = Person(
        name.title(), email, f"{row['street_number'] or 1} {row['address_1']}, {row['suburb']}", subject
    )
    return asker


def _inventories(store: Store, tx: Tx, people: Sequence[Row]) -> tuple[Inventory, ...]:
    """Return what is held of some of the people: the plans of the years show as much as these, for each person were slow."""
    gateway = gateway_of(Kind.ACCESS)
    return tuple(
        take_inventory(store, tx, permit(tx, row["subject_ref"], Operation.OWN_REQUEST, gateway), "")
        for row in people[:PATTERNS]
    )
