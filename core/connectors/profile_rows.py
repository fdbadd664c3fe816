"""Take the rows of an imported table into the profile store: people, events, consents, in a few bulk statements."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.connectors import identifiers
from core.connectors.fields import PLAIN, read_choice, read_instant
from core.connectors.known_people import CHANGES_IDENTIFIER, changing
from core.connectors.local import Local
from core.connectors.reading import KEY_COLUMNS, Read, keys_of, read_person
from core.connectors.restricted import permits, shut
from core.connectors.suppressed import ERASED, Stopped, carry_stops, guard_import
from core.law.errors import Invalid
from core.law.rights.restriction import Operation
from core.law.rights.suppression import May
from core.store.encryption import Cell, encrypt
from core.store.engine import Store, Tx, new_id
from core.store.keys import KeyKind

_TEXTS = dict.fromkeys((
    *PLAIN, *KEY_COLUMNS, "text_version", "source", "channel", "recipient", "categories", "basis", "act",
), "string")
_TYPES = _TEXTS | {"birth_date": "date32", "source_texts": "binary", "detail": "binary", "given": "bool"}
NO_CUSTOMER = "The row has no customer_id."
BROKEN = "A cell holds a control character."
KNOWN = "This customer_id is already here; nothing of it was changed."
UNKNOWN = "There is nobody with this customer_id; import people first."
OPTED_OUT = (
    "The person objected or withdrew before: a newer consent needs its evidence, the text version and the source."
)
STANDS = "The person objected or withdrew before. That stands until their opt-in is recorded on the Suppression page."
SHARED = "Another person holds the same; it is kept and marked as shared."


@dataclass(slots=True)
class Taken:
    """What was taken in; reasons name rows and fields, never values."""

    added: int = 0
    changed: int = 0
    already_held: int = 0
    rejects: list[tuple[int, str]] = field(default_factory=list)
    warnings: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Person:
    row: int
    subject_ref: str
    customer_id: str
    read: Read
    attributes: Mapping[str, str]


def take_people(
    store: Store, tx: Tx, rows: Sequence[tuple[Mapping[str, str], Mapping[str, str]]], broken: Set[int], *,
    prefix: str, update: bool, now: datetime,
) -> Taken:
    """Take in people, each as (fields, attributes), in the order of the file. A known one is changed with `update`.

    A change sets what the row holds and leaves what it leaves empty; consents are never touched. A row that would
    change an identifier or the birth date of a known person is listed and not applied.
    """
    taken = Taken()
    known = _known(tx, [prefix + fields["customer_id"] for fields, _ in rows if fields.get("customer_id")])
    may, restricted = permits(tx, known.values(), Operation.EDIT) if update else ({}, {})
    fresh: dict[str, _Person] = {}
    changes: dict[str, _Person] = {}
    for number, (fields, attributes) in enumerate(rows, 1):
        customer = prefix + fields["customer_id"] if fields.get("customer_id") else ""
        reason = _reason(number, customer, broken)
        seen = customer in known or customer in fresh
        if reason is None and seen and not update:
            reason = KNOWN
        reason = reason or restricted.get(known.get(customer, ""))
        if reason is None and customer in (changes if customer in known else fresh):
            reason = "This customer_id stands in an earlier row of the file."
        if reason is not None:
            taken.rejects.append((number, reason))
            continue
        subject = known.get(customer) or new_id(now)
        read = read_person(subject, {**fields, "customer_id": customer}, store.facts.get("establishment.region"))
        if "customer_id" in read.reasons:
            taken.rejects.append((number, read.reasons["customer_id"]))
            continue
        (changes if customer in known else fresh)[customer] = _Person(number, subject, customer, read, attributes)
        taken.warnings += [(number, name, why) for name, why in read.reasons.items()]
    _keep_erased_out(store, tx, fresh, taken, now)
    _keep_identified(tx, changes, taken)
    taken.added, taken.changed = len(fresh), len(changes)
    _add(store, tx, list(fresh.values()), now)
    settled = _change(store, tx, list(changes.values()), may, now)
    identifiers.respell(store, tx, settled)
    people = [*fresh.values(), *changes.values()]
    for each, kind in _enter_identifiers(store, tx, people, now):
        taken.warnings.append((each.row, kind, SHARED))
    return taken


def take_events(
    store: Store, tx: Tx, rows: Sequence[Mapping[str, str]], broken: Set[int], *, prefix: str
) -> Taken:
    """Take in events of known people, none of a restricted one; the same event of an earlier import is left as it is."""
    taken, made = Taken(), []
    people = of_known(tx, rows, broken, prefix, taken)
    restricted = shut(tx, (subject for _, subject, _ in people), Operation.EDIT)
    for number, subject, row in people:
        if subject in restricted:
            taken.rejects.append((number, restricted[subject]))
            continue
        try:
            made.append({"subject_ref": subject, "happened_at": read_instant(row.get("at", "")), "row": row})
        except Invalid as refusal:
            taken.rejects.append((number, str(refusal)))
            continue
        if not row.get("kind"):
            made.pop()
            taken.rejects.append((number, "The row does not say of what kind the event is."))
    fresh = not_held(store, tx, "events", made, ("kind", "channel", "detail"), taken)
    store.keys.ensure(KeyKind.SUBJECT, *{each["subject_ref"] for each in fresh if each["row"].get("detail")})
    for each in fresh:
        text = each["row"].get("detail")
        each["detail"] = encrypt(store, each["subject_ref"], text, Cell("events", each["id"], "detail")) if text else None
        each |= {"kind": each["row"]["kind"], "channel": each["row"].get("channel") or None}
    put_in(tx, "people.add_events", fresh, ("id", "subject_ref", "happened_at", "kind", "channel", "detail"))
    taken.added = len(fresh)
    return taken


def take_consents(
    store: Store, tx: Tx, rows: Sequence[Mapping[str, str]], broken: Set[int], *, prefix: str
) -> Taken:
    """Take in consents given and withdrawn; nothing that is there is changed, the history only grows.

    A consent never ends an objection or a withdrawal: an older one is history, a newer one needs its evidence (text
    version and source) and still changes nothing in the suppression list (CON-1). Of a restricted
    person withdrawals are taken in, which are the person's own (Art. 7(3)), and no consent that would open a use.
    """
    taken, made = Taken(), []
    asked: list[tuple[int, str, bool, datetime, Mapping[str, str]]] = []
    people = of_known(tx, rows, broken, prefix, taken)
    restricted = shut(tx, (subject for _, subject, _ in people), Operation.EDIT)
    for number, subject, row in people:
        try:
            if not row.get("purpose") or not row.get("channel"):
                raise Invalid("The row does not say for which purpose and channel.")
            given, moment = read_choice(row.get("given", "")), read_instant(row.get("at", ""))
        except Invalid as refusal:
            taken.rejects.append((number, str(refusal)))
            continue
        if given and subject in restricted:
            taken.rejects.append((number, restricted[subject]))
            continue
        asked.append((number, subject, given, moment, row))
    stopped = Stopped(tx, {subject for _, subject, given, _, _ in asked if given})
    for number, subject, given, moment, row in asked:
        since = stopped.since(subject, row["purpose"], row["channel"]) if given else None
        if since is not None and moment > since:
            if not (row.get("text_version") and row.get("source")):
                taken.rejects.append((number, OPTED_OUT))
                continue
            taken.warnings.append((number, "given", STANDS))
        made.append({"subject_ref": subject, "happened_at": moment, "given": given, "row": row})
    fresh = not_held(store, tx, "consents", made, ("purpose", "channel", "given", "text_version", "source"), taken)
    for each in fresh:
        row = each["row"]
        each |= {name: row.get(name) or None for name in ("purpose", "channel", "text_version", "source")}
    columns = ("id", "subject_ref", "purpose", "channel", "given", "happened_at", "text_version", "source")
    put_in(tx, "people.add_consents", fresh, columns)
    taken.added = len(fresh)
    return taken


def _keep_erased_out(store: Store, tx: Tx, fresh: dict[str, _Person], taken: Taken, now: datetime) -> None:
    """Reject the rows of people who were erased and are kept out; they come back only by proof of a new relation."""
    customers = list(fresh)
    held = [
        [*((one.kind, one.normal) for one in fresh[each].read.held), ("customer_id", each)] for each in customers
    ]
    for place in guard_import(store, tx, held, now.date()):
        gone = fresh.pop(customers[place])
        taken.rejects.append((gone.row, ERASED))
        taken.warnings = [each for each in taken.warnings if each[0] != gone.row]


def _keep_identified(tx: Tx, changes: dict[str, _Person], taken: Taken) -> None:
    """Leave out the rows that would change how a known person is recognised: that is done by a correction."""
    customers = list(changes)
    found = changing(tx, [(changes[each].subject_ref, changes[each].read) for each in customers])
    for place, fields in found.items():
        row = changes.pop(customers[place]).row
        taken.warnings = [each for each in taken.warnings if each[0] != row]
        taken.warnings += [(row, name, CHANGES_IDENTIFIER) for name in fields]


def _reason(number: int, customer: str, broken: Set[int]) -> str | None:
    if number in broken:
        return BROKEN
    return None if customer else NO_CUSTOMER


def _known(tx: Tx, customers: list[str]) -> dict[str, str]:
    if not customers:
        return {}
    return {row["customer_id"]: row["subject_ref"] for row in tx.rows("people.by_customer", customers=customers)}


def _add(store: Store, tx: Tx, people: Sequence[_Person], now: datetime) -> None:
    local = Local(store)
    store.keys.ensure(KeyKind.SUBJECT, *(each.subject_ref for each in people if each.read.unread))
    rows = [
        dict.fromkeys((*PLAIN, "birth_date")) | each.read.values | keys_of(each.read.values) | {
            "subject_ref": each.subject_ref, "customer_id": each.customer_id, "made_at": now, "changed_at": now,
            "source": "import", "source_texts": local.seal_source_texts(each.subject_ref, each.read.unread),
        }
        for each in people
    ]
    columns = ("subject_ref", "customer_id", *PLAIN, "birth_date", *KEY_COLUMNS, "made_at", "changed_at", "source",
               "source_texts")
    put_in(tx, "people.add_profiles", rows, columns)
    _add_attributes(tx, people)


def _change(
    store: Store, tx: Tx, people: Sequence[_Person], may: Mapping[str, May], now: datetime
) -> list[tuple[str, str]]:
    """Change the profiles; return each (person, kind) whose text that was no identifier gives way to one that is."""
    if not people:
        return []
    local, settled = Local(store), []
    held = {row["subject_ref"]: row for row in tx.rows(
        "people.profiles_of", subjects=[each.subject_ref for each in people])}
    rows = []
    for each in people:
        row = held[each.subject_ref] | each.read.values
        before, told = local.source_texts(row), {*each.read.values, *(one.kind for one in each.read.held)}
        texts = {name: text for name, text in before.items() if name not in told} | each.read.unread
        settled += [(each.subject_ref, name) for name in before if name in told]
        rows.append(row | keys_of(row) | {
            "changed_at": now, "source": "import", "source_texts": local.seal_source_texts(each.subject_ref, texts),
        })
    local.change_profiles(tx, [may[each.subject_ref] for each in people], rows)
    pairs = [(each.subject_ref, name) for each in people for name in each.attributes]
    if pairs:
        columns = {"subject_ref": [ref for ref, _ in pairs], "name": [name for _, name in pairs]}
        tx.bulk("people.drop_attributes", columns)
    _add_attributes(tx, people)
    return settled


def _add_attributes(tx: Tx, people: Sequence[_Person]) -> None:
    put_in(tx, "people.add_attributes", [
        {"subject_ref": each.subject_ref, "name": name, "value": value}
        for each in people for name, value in each.attributes.items()
    ], ("subject_ref", "name", "value"))


def _enter_identifiers(
    store: Store, tx: Tx, people: Sequence[_Person], now: datetime
) -> list[tuple[_Person, str]]:
    """Enter the identifiers that are new, beside those held; return who now shares one, and of what kind."""
    subjects = [each.subject_ref for each in people]
    rows = tx.rows("people.identifiers_of", subjects=subjects) if subjects else []
    before = {(row["subject_ref"], row["kind"], row["normal"]) for row in rows}
    fresh = [
        one for each in people for one in each.read.held if (one.subject_ref, one.kind, one.normal) not in before
    ]
    shared = identifiers.add(store, tx, [*fresh, *(one for each in people for one in each.read.alike)])
    known = {subject for subject, _, _ in before}
    carry_stops(store, tx, [(one.subject_ref, one.kind, one.normal) for one in fresh if one.subject_ref in known], now)
    devices = [one for one in fresh if one.kind == "device_id"]
    put_in(tx, "people.add_devices", [
        {"subject_ref": one.subject_ref, "device_id": one.value, "first_seen_at": now} for one in devices
    ], ("subject_ref", "device_id", "first_seen_at"))
    entered = {(one.subject_ref, one.kind) for one in fresh}
    return [
        (each, one.kind) for each in people for one in each.read.held
        if (one.kind, one.normal) in shared and (one.subject_ref, one.kind) in entered
    ]


def of_known(
    tx: Tx, rows: Sequence[Mapping[str, str]], broken: Set[int], prefix: str, taken: Taken
) -> list[tuple[int, str, Mapping[str, str]]]:
    """Return (number, person, row) of the rows about people who are here; the others are rejected in `taken`."""
    known = _known(tx, [prefix + row["customer_id"] for row in rows if row.get("customer_id")])
    kept = []
    for number, row in enumerate(rows, 1):
        customer = prefix + row["customer_id"] if row.get("customer_id") else ""
        reason = _reason(number, customer, broken) or (None if customer in known else UNKNOWN)
        if reason:
            taken.rejects.append((number, reason))
        else:
            kept.append((number, known[customer], row))
    return kept


def not_held(
    store: Store, tx: Tx, table: str, made: list[dict[str, Any]], parts: Sequence[str], taken: Taken
) -> list[dict[str, Any]]:
    """Give each row an id that the same row gets again, and return those not held; equal rows of one file all count."""
    seen: Counter[str] = Counter()
    for each in made:
        told = [str(each["row"].get(part, "")) for part in parts]
        cells = [each["subject_ref"], each["happened_at"].isoformat(), *told]
        same = hashlib.sha256("\0".join(cells).encode()).hexdigest()
        each["id"] = store.keyed_hash(table, f"{same}\0{seen[same]}").hex()[:32]
        seen[same] += 1
    if not made:
        return []
    held = {row["id"] for row in tx.rows(f"people.known_{table}", ids=[each["id"] for each in made])}
    taken.already_held = len(held)
    return [each for each in made if each["id"] not in held]


def put_in(tx: Tx, query: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Add rows in one statement, these columns of them."""
    if rows:
        tx.bulk(query, {name: [row[name] for row in rows] for name in columns}, _TYPES)
