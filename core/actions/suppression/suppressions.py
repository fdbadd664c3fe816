"""Suppression inside other acts: at intake, widened to the person found, carried to a new identifier, after an erasure."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.actions.desk import things
from core.actions.desk.act import Now, new_id
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.actions.desk.opening import resolve
from core.connectors.connector import Token
from core.connectors.suppressed import (
    CASE,
    PERSON,
    Mark,
    Target,
    enter,
    forget_values,
    guard_import,
    ledger_scope,
    note_in_ledger,
    standing,
    token,
    tokens,
    tokens_of_subject,
)
from core.law.errors import Invalid
from core.law.rights.consent import Consent, Withdrawal, ended_by
from core.law.rights.suppression import ALL, STATE_OF, STOPPING, Legal, scope_of
from core.law.ways import Kind
from core.store.encryption import Cell, encrypt
from core.store.engine import Row
from core.store.ledger import ENDED, Entry

__all__ = [
    "Limits", "after_erasure", "append_withdrawals", "check_purpose", "copy_to", "guard_import", "keep_words", "note_end",
    "suppress_at_intake", "undo_widening", "widen",
]
KEPT_OUT = timedelta(days=3 * 365)  # after which an erased person is no longer kept out of imports
_PLAIN = re.compile(r"[\w.-]{1,60}")
LIMIT, EVIDENCE = "limit", "evidence"


@dataclass(frozen=True, slots=True)
class Left:
    """What an erasure leaves on the list: counts by state, for the log, and each kind of token with its ground and end."""

    counts: Mapping[str, int]
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """What narrows an objection or a withdrawal: nothing, unless the person's own words do."""

    purpose: str = ""
    channels: tuple[str, ...] = ()
    own_words: str = ""


def suppress_at_intake(
    desk: Desk, now: Now, case_ref: str, kinds: Collection[Kind], identifiers: Sequence[tuple[str, str]],
    limits: Limits | None = None, *, since: datetime | None = None,
) -> int:
    """Suppress every identifier that a marketing objection or a withdrawal came from or names (OBJ-2, CON-1).

    Runs in the transaction in which the message joins the desk, and asks nobody who holds them. `since` is the receipt
    of a later message. One that cannot be read is left out. Returns how many identifiers are suppressed; where none is,
    the case itself keeps what was asked until a person is found.
    """
    states = [STATE_OF[kind] for kind in kinds if kind in STATE_OF]
    if not states:
        return 0
    case, given = resolve(now.tx, things.case(case_ref)).case, limits or Limits()
    named: dict[bytes, list[Target]] = {}  # by the hash of the normal form: another spelling names nothing further
    for kind, value in identifiers:
        try:
            hashes = tokens(desk.store, kind, value)
        except Invalid:
            continue  # a sender's address may be no address at all; the message is kept as it came
        named.setdefault(hashes[0], [Target(kind, h, value) for h in hashes])
    targets = [each for forms in named.values() for each in forms]
    if not targets:  # what was asked is kept until the person is found
        targets = [Target(CASE, token(desk.store, CASE, case_ref))]
    marks = []
    check_purpose(now, given.purpose)
    for state in states:
        scope = scope_of(state, given.purpose, given.channels, given.own_words)
        marks += [
            Mark(
                state, each.h, each.kind, purpose, channel, f"{state.value}.request", since or case.received_at, "intake",
                case_ref, value=each.value,
            )
            for purpose, channel in scope.pairs() for each in targets
        ]
    ids = enter(desk.store, now.tx, marks, desk.now, today_of(desk), newer=True)
    if given.own_words.strip() and ids:
        keep_words(desk, now, ids[0], LIMIT, given.own_words.strip(), case_ref)
    note_in_ledger(desk.store, marks)
    now.detail |= {"suppressed": len(named), "states": [state.value for state in states]}
    return len(named)


def widen(desk: Desk, now: Now, subject_ref: str, case_ref: str) -> int:
    """Carry what a case's objection or withdrawal stops to all identifiers of the person found; return how many entries.

    May be repeated: what stands already is not entered again.
    """
    rows = _of_case(now, case_ref)
    targets = tokens_of_subject(desk.store, now.tx, subject_ref)
    marks = [
        replace(base, kind=each.kind, h=each.h, source="widened", subject_ref=subject_ref, value=each.value)
        for base in _bases(rows) for each in targets
    ]
    entered = enter(desk.store, now.tx, marks, desk.now, today_of(desk), newer=True)
    now.tx.run("suppression.name_subject", case_ref=case_ref, subject=subject_ref)
    if entered:
        note_in_ledger(desk.store, marks)
        now.detail["widened"] = len(entered)
    return len(entered)


def undo_widening(desk: Desk, now: Now, subject_ref: str, case_ref: str) -> None:
    """Take back what was widened to somebody who turned out not to be the person; what they asked themselves stays."""
    now.tx.run(
        "suppression.end_widened", case_ref=case_ref, subject=subject_ref, now=desk.now,
        account_id=desk.person.account_id,
    )
    now.tx.run("suppression.unname_subject", case_ref=case_ref, subject=subject_ref)


def append_withdrawals(desk: Desk, now: Now, subject_ref: str, case_ref: str) -> int:
    """Append `given = false` to the history of every consent that the withdrawal covers; nothing is deleted (CON-1).

    A consent given after the withdrawal stands; where the case withdrew twice, the later message counts.
    """
    case = resolve(now.tx, things.case(case_ref)).case
    asked = [
        Withdrawal(row["purpose"], row["channel"], row["started_at"])
        for row in _of_case(now, case_ref) if row["state"] == Legal.WITHDRAWAL
    ]
    rows = now.tx.rows("suppression.latest_consents", subject=subject_ref)
    stopped = ended_by([
        Consent(row["purpose"], row["channel"], row["given"], row["happened_at"], text_version=row["text_version"])
        for row in rows
    ], asked)
    if stopped:
        now.tx.bulk("people.add_consents", {
            "id": [new_id(desk.now) for _ in stopped], "subject_ref": [subject_ref] * len(stopped),
            "purpose": [each.purpose for each in stopped], "channel": [each.channel for each in stopped],
            "given": [False] * len(stopped), "happened_at": [each.happened_at for each in stopped],
            "text_version": [each.text_version for each in stopped], "source": [f"withdrawal {case.reference}"] * len(stopped),
        }, {"given": "bool", "text_version": "string"})
    return len(stopped)


def copy_to(
    desk: Desk, now: Now, olds: Sequence[tuple[str, str]], new: tuple[str, str], subject_ref: str
) -> int:
    """Carry every entry of old identifiers (kind, value), and of their person, to the new one; the old stay suppressed.

    Returns how many entries were added. Raises Invalid where a value cannot be read.
    """
    today = today_of(desk)
    held = [
        *standing(now.tx, (h for old in olds for h in tokens(desk.store, *old)), today),
        *now.tx.rows("suppression.of_subject", subject=subject_ref),
    ]
    carried = [row for row in held if row["state"] in {*STOPPING, Legal.DO_NOT_IMPORT}]
    marks = [
        replace(base, kind=new[0], h=h, source="copied", subject_ref=subject_ref, value=new[1])
        for base in _bases(carried) for h in tokens(desk.store, *new)
    ]
    entered = enter(desk.store, now.tx, marks, desk.now, today)
    note_in_ledger(desk.store, marks)
    return len(entered)


def after_erasure(desk: Desk, now: Now, subject_ref: str, case_ref: str, *, wished: bool) -> Left:
    """Keep, for an erased person, only what has a ground (ERA-2); called in the erasure's transaction, before its deletes.

    Objections and withdrawals survive without the pseudonym. Where there is one, or the person wishes it, an entry keeps
    imports from bringing them back, until a date. Restrictions end. May be repeated.
    """
    today = today_of(desk)
    own = tokens_of_subject(desk.store, now.tx, subject_ref)
    rows = {row["id"]: row for row in now.tx.rows("suppression.of_subject", subject=subject_ref)}
    rows |= {row["id"]: row for row in standing(now.tx, (each.h for each in own), today)}
    kept = [row for row in rows.values() if row["state"] in {Legal.OBJECTION, Legal.WITHDRAWAL}
            and row["kind"] not in {CASE, PERSON}]
    grounds = sorted({row["state"] for row in kept}) or (["wish"] if wished else [])
    until = today + KEPT_OUT
    marks = [
        Mark(
            Legal.DO_NOT_IMPORT, h, kind, "import", ALL, f"erased.{grounds[0]}", desk.now, "erasure", case_ref,
            review_on=until,
        )
        for kind, h in dict.fromkeys([*((each.kind, each.h) for each in own), *((row["kind"], bytes(row["h"])) for row in kept)])
        if kind not in {PERSON, "device_id"}
    ] if grounds else []
    entered = enter(desk.store, now.tx, marks, desk.now, today)
    forget_values(desk.store, now.tx, subject_ref)
    now.tx.run("suppression.forget_subject", subject=subject_ref)
    ended = now.tx.run(
        "suppression.end_of_erased", subject=subject_ref, now=desk.now, account_id=desk.person.account_id
    )
    note_end(desk, now, [row for row in rows.values() if row["state"] == Legal.RESTRICTION])
    now.tx.run("people.lift_all_marks", subject=subject_ref, now=desk.now)
    note_in_ledger(desk.store, marks)
    counts = {
        Legal.OBJECTION.value: sum(row["state"] == Legal.OBJECTION for row in kept),
        Legal.WITHDRAWAL.value: sum(row["state"] == Legal.WITHDRAWAL for row in kept),
        Legal.DO_NOT_IMPORT.value: len(marks), "ended": ended,
    }
    now.detail |= {f"suppression.{name}": count for name, count in counts.items()} | {"suppression.entered": len(entered)}
    return Left(counts, _tokens([*(_mark(row) for row in kept), *marks]))


def _tokens(marks: Sequence[Mark]) -> tuple[Token, ...]:
    """Return the tokens as a certificate names them: by state and end, with the kinds of value and the number of hashes."""
    alike: dict[tuple[str, str, str], list[Mark]] = defaultdict(list)
    for mark in marks:
        alike[mark.state.value, mark.ground, mark.review_on.isoformat() if mark.review_on else ""].append(mark)
    return tuple(
        Token(state, tuple(sorted({each.kind for each in those})), len({each.h for each in those}), ground, until)
        for (state, ground, until), those in alike.items()
    )


def check_purpose(now: Now, purpose: str) -> None:
    """Refuse a purpose that is neither on record in the consents nor one plain word: no free text enters the list."""
    if not purpose or _PLAIN.fullmatch(purpose):
        return
    if not any(row["purpose"] == purpose for row in now.tx.rows("suppression.purposes")):
        raise Invalid("There is no consent for this purpose on record. Choose one from the list.", "stop_purpose")


def keep_words(desk: Desk, now: Now, entry_id: str, kind: str, words: str, case_ref: str | None) -> None:
    """Seal words that belong to an entry: under its case's key, or the desk's own where it has no case."""
    number = new_id(desk.now)
    owner = case_ref or desk.store.chain
    now.tx.run(
        "suppression.keep_words", id=number, suppression_id=entry_id, case_ref=case_ref, kept_at=desk.now,
        kept_by=desk.person.account_id, kind=kind,
        body=encrypt(desk.store, owner, words, Cell("suppression_words", number, "body")),
    )


def _of_case(now: Now, case_ref: str) -> list[Row]:
    rows = now.tx.rows("suppression.of_case", case_ref=case_ref)
    return [row for row in rows if row["state"] in STOPPING]


def _bases(rows: Sequence[Row]) -> list[Mark]:
    """Return the entries to be carried on, each scope of a case once: as of the day it was asked last."""
    once: dict[tuple[object, ...], Mark] = {}
    for row in sorted(rows, key=lambda each: each["started_at"], reverse=True):
        same = (row["state"], row["purpose"], row["channel"], row["case_ref"])
        once.setdefault(same, Mark(
            Legal(row["state"]), b"", "", row["purpose"], row["channel"], row["ground"], row["started_at"], "",
            row["case_ref"], None, row["review_on"],
        ))
    return list(once.values())


def note_end(desk: Desk, now: Now, rows: Sequence[Row]) -> None:
    """Enter in the ledger that entries have ended, before the commit, so that a restore does not bring them back."""
    desk.store.ledger.add_all([
        Entry(ENDED, bytes(row["h"]).hex(), ledger_scope(_mark(row)), desk.now) for row in rows if row["kind"] != CASE
    ])
    now.detail["ended_entries"] = len(rows)


def _mark(row: Row) -> Mark:
    return Mark(
        Legal(row["state"]), bytes(row["h"]), row["kind"], row["purpose"], row["channel"], row["ground"],
        row["started_at"], row["source"], row["case_ref"], row["subject_ref"], row["review_on"],
    )
