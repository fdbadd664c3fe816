"""The suppression list as systems ask it: identifiers by keyed hash, entries added, and the guard of every import."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from core.law.errors import Invalid, NotFound
from core.law.rights.suppression import STATES, STOPPING, Legal, covers
from core.matching.loose import suppression_forms
from core.matching.normal_forms import KINDS, NORMAL_FORM
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Row, Store, Tx, new_id
from core.store.keys import KeyKind
from core.store.ledger import ENDED, RESTRICTED, SUPPRESSED, Entry

CASE, PERSON = "case", "person"  # an entry about whoever asked in a case, and about a known person as a whole
ERASED = "erased: ask for proof of a new relation"
# A device is used by several people and outlives its owners, so it brings nobody back.
_GUARDED = frozenset(KINDS) - {"device_id"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One entry to be added: what is stopped, for which keyed hash, on what ground."""

    state: Legal
    h: bytes
    kind: str
    purpose: str
    channel: str
    ground: str
    started_at: datetime
    source: str
    case_ref: str | None = None
    subject_ref: str | None = None
    review_on: date | None = None
    value: str = ""  # as it was given, where it may be kept

    @property
    def same(self) -> tuple[object, ...]:
        """What makes a second entry superfluous."""
        return self.state.value, bytes(self.h), self.purpose, self.channel, self.case_ref

    @property
    def entry(self) -> tuple[object, ...]:
        """What makes it one entry with others: the same thing stopped for another form of the same value."""
        about = self.value or bytes(self.h)
        return self.state.value, self.kind, about, self.purpose, self.channel, self.case_ref, self.started_at


def token(store: Store, kind: str, form: str) -> bytes:
    """Return the 32-byte keyed hash under which a form of an identifier stands in the list."""
    return store.keyed_hash("suppressions", f"{kind}\0{form}")


def tokens(store: Store, kind: str, value: str) -> tuple[bytes, ...]:
    """Return the hashes under which a value is both written and checked. Raises Invalid for what cannot be read."""
    if kind not in KINDS:
        raise Invalid(f"Choose the kind of identifier: {', '.join(KINDS)}.", "kind")
    region = store.facts.get("establishment.region")
    return tuple(token(store, kind, form) for form in suppression_forms(kind, value, region))


class Target(NamedTuple):
    """What an entry stands on: a form of a value by its hash, and the value itself where there is one."""

    kind: str
    h: bytes
    value: str = ""


def tokens_of_subject(store: Store, tx: Tx, subject_ref: str) -> list[Target]:
    """Return the hash of every form of every identifier that a person holds, and of the person as a whole."""
    rows = tx.rows("people.identifiers_of", subjects=[subject_ref])
    found = {PERSON: Target(PERSON, token(store, PERSON, subject_ref))}
    for row in rows:
        for h in tokens(store, row["kind"], row["normal"]):
            found.setdefault(h.hex(), Target(row["kind"], h, row["value"]))
    return list(found.values())


def standing(tx: Tx, hashes: Iterable[bytes], today: date) -> list[Row]:
    """Return the entries that stand today under any of the hashes."""
    asked = sorted(set(hashes))
    return tx.rows("suppression.by_hash", tokens=asked, today=today) if asked else []


def enter(
    store: Store, tx: Tx, marks: Sequence[Mark], now: datetime, today: date, *, once: bool = False, newer: bool = False
) -> list[str]:
    """Add the entries that do not stand already and return their ids; with `once`, whatever case they came from.

    A value is sealed under the key of its person, else of its case, else of the desk. With `newer`, what is asked again
    later is entered beside the earlier entry: an opt-in between the two ends only the first.
    """
    fresh: dict[tuple[object, ...], Mark] = {}
    known: dict[tuple[object, ...], datetime] = {}
    for row in standing(tx, (mark.h for mark in marks), today):
        same = _same(row, once=once)
        known[same] = max(row["started_at"], known.get(same, row["started_at"]))
    for mark in marks:
        same = mark.same[:4] if once else mark.same
        if same not in known or (newer and mark.started_at > known[same]):
            fresh.setdefault(same, mark)
    if not fresh:
        return []
    rows = list(fresh.values())
    ids = [new_id(now) for _ in rows]
    entries: dict[tuple[object, ...], str] = {}
    for each, number in zip(rows, ids, strict=True):
        entries.setdefault(each.entry, number)
    store.keys.ensure(KeyKind.SUBJECT, *{each.subject_ref for each in rows if each.value and each.subject_ref})
    sealed = [_sealed(store, each, number) for each, number in zip(rows, ids, strict=True)]
    tx.bulk("suppression.add", {
        "id": ids, "state": [each.state.value for each in rows], "h": [each.h for each in rows],
        "kind": [each.kind for each in rows], "form_version": [NORMAL_FORM] * len(rows),
        "purpose": [each.purpose for each in rows], "channel": [each.channel for each in rows],
        "ground": [each.ground for each in rows], "case_ref": [each.case_ref for each in rows],
        "subject_ref": [each.subject_ref for each in rows], "started_at": [each.started_at for each in rows],
        "review_on": [each.review_on for each in rows], "end_rule": [STATES[each.state].end_rule for each in rows],
        "source": [each.source for each in rows], "entry_ref": [entries[each.entry] for each in rows],
        "held_value": [held for held, _ in sealed], "told_value": [told for _, told in sealed],
    }, dict.fromkeys(("case_ref", "subject_ref"), "string") | {
        "review_on": "date32", "form_version": "int32", "h": "binary", "held_value": "binary", "told_value": "binary",
    })
    return ids


def value_of(store: Store, row: Row) -> str:
    """Return the value that an entry is about; empty where none is kept, or where the key to it was destroyed."""
    try:
        if row["held_value"] is not None and row["subject_ref"] is not None:
            return decrypt(store, row["subject_ref"], row["held_value"], Cell("suppressions", row["id"], "held_value"))
        if row["told_value"] is not None:
            owner = row["case_ref"] or store.chain
            return decrypt(store, owner, row["told_value"], Cell("suppressions", row["id"], "told_value"))
    except NotFound:
        return ""
    return ""


def forget_values(store: Store, tx: Tx, subject_ref: str) -> None:
    """Take the values of an erased person out of every entry, ended or not; the keyed hashes go on stopping (ERA-2).

    Called while their identifiers still stand: entries that name nobody are found by them.
    """
    own = [each.h for each in tokens_of_subject(store, tx, subject_ref)]
    tx.run("suppression.forget_values", tokens=own, subject=subject_ref)


def _sealed(store: Store, mark: Mark, number: str) -> tuple[bytes | None, bytes | None]:
    if not mark.value or mark.state is Legal.DO_NOT_IMPORT:  # of who was erased the hash alone is kept (ERA-2)
        return None, None
    if mark.subject_ref:
        return encrypt(store, mark.subject_ref, mark.value, Cell("suppressions", number, "held_value")), None
    owner = mark.case_ref or store.chain
    return None, encrypt(store, owner, mark.value, Cell("suppressions", number, "told_value"))


def carry_stops(store: Store, tx: Tx, fresh: Sequence[tuple[str, str, str]], now: datetime) -> int:
    """Let what stands on known people stand on the identifiers they get, each as (subject, kind, value); return how many.

    Used where an identifier joins a person without a correction: an import gives the first number of somebody who objected.
    """
    subjects = sorted({subject for subject, _, _ in fresh})
    rows = tx.rows("suppression.standing_of_subjects", subjects=subjects) if subjects else []
    stops: dict[str, dict[tuple[str, ...], Row]] = defaultdict(dict)
    for row in rows:
        if row["state"] in STOPPING:
            stops[row["subject_ref"]].setdefault((row["state"], row["purpose"], row["channel"], row["case_ref"] or ""), row)
    marks = [
        Mark(
            Legal(row["state"]), h, kind, row["purpose"], row["channel"], row["ground"], row["started_at"], "copied",
            row["case_ref"], subject, row["review_on"], value,
        )
        for subject, kind, value in fresh for row in stops[subject].values() for h in tokens(store, kind, value)
    ]
    entered = enter(store, tx, marks, now, now.date())
    note_in_ledger(store, marks)
    return len(entered)


def note_in_ledger(store: Store, marks: Sequence[Mark]) -> None:
    """Enter the hashes in the ledger outside the database, before the commit: one too many harms nobody.

    The scope is the JSON of state, kind, purpose, channel, ground and end, from which a restore makes the entry again.
    """
    store.ledger.add_all([
        Entry(SUPPRESSED, bytes(mark.h).hex(), ledger_scope(mark), mark.started_at)
        for mark in marks if mark.kind != CASE
    ])


def fill_ledger(store: Store, tx: Tx, today: date) -> int:
    """Enter every stop that stands in a ledger that holds none: one that is older than ledgers, or was lost; how many.

    So a backup that is restored later brings nobody back whom it should stop.
    """
    if next(store.ledger.entries(SUPPRESSED, RESTRICTED), None) is not None:
        return 0
    rows = tx.rows("suppression.all_standing", today=today)
    store.ledger.add_all([
        Entry(RESTRICTED if row["state"] == Legal.RESTRICTION else SUPPRESSED, bytes(row["h"]).hex(), ledger_scope(Mark(
            Legal(row["state"]), bytes(row["h"]), row["kind"], row["purpose"], row["channel"], row["ground"], row["started_at"],
            row["source"], review_on=row["review_on"],
        )), row["started_at"]) for row in rows if row["kind"] != CASE
    ])
    return len(rows)


def ledger_scope(mark: Mark) -> str:
    """Return what the ledger keeps beside an entry's hash, so that a restore can make the entry again."""
    until = mark.review_on.isoformat() if mark.review_on else None
    return json.dumps([mark.state.value, mark.kind, mark.purpose, mark.channel, mark.ground, until])


def read_ledger(entry: Entry) -> Mark | None:
    """Return the entry that a line of the ledger stands for; None for lines about something else."""
    if entry.kind not in {SUPPRESSED, RESTRICTED}:
        return None
    state, kind, purpose, channel, ground, until = json.loads(entry.scope)
    return Mark(
        Legal(state), bytes.fromhex(entry.ref), kind, purpose, channel, ground, entry.happened_at, "restored",
        review_on=date.fromisoformat(until) if until else None,
    )


def replay(store: Store, tx: Tx, entries: Iterable[Entry], now: datetime) -> int:
    """Enter again what the ledger holds and an older backup lacks; return how many entries were missing.

    What was ended since is left out: its end stands in the ledger, later than its start, under the same hash and scope.
    """
    marks: dict[tuple[str, str], Mark] = {}
    for entry in entries:
        if entry.kind == ENDED:
            marks.pop((entry.ref, _about(entry.scope)), None)
        elif mark := read_ledger(entry):
            marks[entry.ref, _about(entry.scope)] = mark
    return len(enter(store, tx, list(marks.values()), now, now.date(), once=True))


def _about(scope: str) -> str:
    state, kind, purpose, channel, *_ = json.loads(scope)
    return f"{state} {kind} {purpose} {channel}"


def guard_import(
    store: Store, tx: Tx, rows: Sequence[Sequence[tuple[str, str]]], today: date
) -> set[int]:
    """Return the positions of the people, each as (kind, normal form), whom an erasure keeps out of every import."""
    asked: dict[bytes, set[int]] = defaultdict(set)
    for place, held in enumerate(rows):
        for kind, form in held:
            if kind in _GUARDED:
                for h in tokens(store, kind, form):
                    asked[h].add(place)
    if not asked:
        return set()
    found = tx.rows("suppression.blocked", tokens=sorted(asked), today=today)
    return {place for row in found for place in asked[bytes(row["h"])]}


class Stopped:
    """Since when people have objected or withdrawn: by the suppression list and by their own consent history."""

    def __init__(self, tx: Tx, subjects: Iterable[str]) -> None:
        wanted = sorted(set(subjects))
        self._listed = tx.rows("suppression.of_subjects", subjects=wanted) if wanted else []
        self._told = tx.rows("suppression.latest_of_subjects", subjects=wanted) if wanted else []

    def since(self, subject_ref: str, purpose: str, channel: str) -> datetime | None:
        """Return the latest moment at which this purpose and channel were stopped, or None where they are not."""
        moments = [
            row["started_at"] for row in self._listed
            if row["subject_ref"] == subject_ref and row["state"] in STOPPING
            and covers(row["purpose"], row["channel"], purpose, channel)
        ]
        moments += [
            row["happened_at"] for row in self._told
            if not row["given"] and (row["subject_ref"], row["purpose"], row["channel"]) == (subject_ref, purpose, channel)
        ]
        return max(moments, default=None)


def _same(row: Row, *, once: bool) -> tuple[object, ...]:
    same = (row["state"], bytes(row["h"]), row["purpose"], row["channel"], row["case_ref"])
    return same[:4] if once else same
