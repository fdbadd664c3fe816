"""The store written anew, and its backups: asked for by the operator or the night, and since when what was erased is gone."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from core.actions.desk import things
from core.actions.desk.act import act, look, repeated
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.oversight.proof import stored
from core.audit.chain import verify_chain
from core.law.acts import Act
from core.law.errors import Invalid, Refused
from core.law.typed import check_day
from core.store import backup as copies
from core.store import purge as rewriting
from core.store.engine import Store, Tx
from core.store.ledger import BACKUP, ERASED, FORGOTTEN, PURGED, RESTORED, Entry

Told = Callable[[str], None]
BACKUP_DAYS, MOST_DAYS = "RIGHTSDESK_BACKUP_DAYS", 3650


@dataclass(frozen=True, slots=True)
class KnownBackup:
    """A backup that the store remembers: its name, when it was made, and when it was deleted, as the operator said."""

    name: str
    made_at: datetime
    forgotten_at: datetime | None
    entries: int


@dataclass(frozen=True, slots=True)
class Dates:
    """The three dates of an erasure: carried out, gone from the store's bytes, gone with the last backup that held it.

    `backups_left` counts the backups that still hold the person's rows; the third date is there only when none does. Until
    then `expected_on` is the day by which the operator deletes the last of them, where that is set.
    """

    erased_at: datetime | None
    purged_at: datetime | None
    backups_gone_at: datetime | None
    backups_left: int
    expected_on: date | None = None


def purge(desk: Desk, told: Told = lambda _: None) -> rewriting.Purged:
    """Write the store anew under a new key; begin and end are entered in the log. Raises Refused with what to do."""
    _enter(desk, Act.STORE_PURGE, step="begun")
    done = rewriting.purge(desk.store, desk.now, told)
    _enter(
        desk, Act.STORE_PURGE, step="done", bytes_before=done.bytes_before, bytes_after=done.bytes_after, rows=done.rows
    )
    return done


def back_up(desk: Desk, folder: Path, keys: Path | None = None, told: Told = lambda _: None) -> copies.Backup:
    """Write a verified backup into `folder` and, where asked for, the keys and the ledger into the folder `keys`.

    Raises Refused with what to do; a backup whose log does not join up is taken away again.
    """
    _enter(desk, Act.STORE_BACKUP, step="begun")
    if keys is not None and (keys == folder or folder in keys.parents):
        raise Invalid("Keep the keys apart from the backups: together they bring back what was erased.", "keys")
    with copies.drafting(desk.store, folder, desk.now, told) as draft:
        told("verify")
        with copies.reading(desk.store.path, draft.place, draft.key) as cursor:
            report = verify_chain(stored(Tx(cursor), desk.store.chain), chain=desk.store.chain)
        if not report.ok:
            raise Refused(f"The copy's log is not sound, so it is no backup. {report.first_fault}")
        # Known before it is there: one that is remembered and missing delays a date, the other way round would lie.
        scope = f"{draft.made.known} {report.count} {report.head.hex()}"
        told("ledger")
        desk.store.ledger.add(BACKUP, draft.made.name, scope, desk.now)
        made = draft.finish(report.count, report.head)
    if keys is not None:
        copies.copy_keys(desk.store, keys)
    _enter(desk, Act.STORE_BACKUP, name=made.name, step="done", entries=made.entries, bytes=made.size)
    return made


def forget_backup(desk: Desk, name: str) -> int:
    """Record that backups were deleted: one by its name, or all of a day (2026-11-24) and before it; return how many.

    Raises Invalid where none is meant, and for a day ahead: it would name those of every day.
    """
    standing = [each for each in _backups(desk) if each.forgotten_at is None]
    try:
        last = check_day(datetime.fromisoformat(name).date(), "forget", "the day", latest=desk.now.date())
        meant = [each for each in standing if each.made_at.date() <= last]
    except ValueError:
        meant = [each for each in standing if each.name == name]
    if not meant:
        raise Invalid("No backup that the store remembers is meant: name one that doctor lists, or a day.", "forget")
    for each in meant:
        _enter(desk, Act.STORE_FORGET, name=each.name)
        desk.store.ledger.add(FORGOTTEN, each.name, "", desk.now)
    return len(meant)


def last_purge(desk: Desk) -> datetime | None:
    """Return when the last purge began, or None."""
    with look(desk, Act.STORE_LOOK):
        return max((entry.happened_at for entry in desk.store.ledger.entries(PURGED)), default=None)


def backups(desk: Desk) -> tuple[KnownBackup, ...]:
    """Return every backup the store remembers, the newest first."""
    with look(desk, Act.STORE_LOOK):
        return tuple(_backups(desk))


def dates_of(desk: Desk, subject_ref: str) -> Dates:
    """Return the three dates of the last erasure of a person, as far as they are known."""
    with look(desk, Act.STORE_LOOK, things.pseudonym(subject_ref)):
        return read_dates(desk.store, subject_ref)


def read_dates(store: Store, subject_ref: str) -> Dates:
    """Return the three dates inside another act, from the ledger."""
    entries = tuple(store.ledger.entries())
    place = max(
        (n for n, entry in enumerate(entries) if (entry.kind, entry.ref) == (ERASED, subject_ref)), default=None
    )
    if place is None:
        return Dates(None, None, None, 0)
    erased_at = entries[place].happened_at
    deleted = {entry.ref: entry.happened_at for entry in entries if entry.kind == FORGOTTEN}
    holding = [entry.ref for entry in entries if entry.kind == BACKUP and known_at(entry) <= place]
    left = [name for name in holding if name not in deleted]
    gone = None if left else max((deleted[name] for name in holding), default=erased_at)
    last = max((entry.happened_at for entry in entries if entry.kind == BACKUP and entry.ref in left), default=None)
    return Dates(erased_at, _purged_at(entries, place), gone, len(left), _expected(store, last))


def backup_days() -> int | None:
    """Return after how many days the operator deletes a backup, or None where that is not set.

    Raises Invalid where the setting is no number of days.
    """
    told = os.environ.get(BACKUP_DAYS, "").strip()
    if told and not (told.isascii() and told.isdigit() and 0 < int(told) <= MOST_DAYS):
        raise Invalid(f"{BACKUP_DAYS} is after how many days a backup is deleted: 1 to {MOST_DAYS:,}.", "days")
    return int(told) if told else None


def _expected(store: Store, last: datetime | None) -> date | None:
    try:
        days = backup_days()
    except Invalid:  # doctor tells of it; a certificate then names no day
        return None
    return establishment(store).local(last).date() + timedelta(days=days) if last and days else None


def _purged_at(entries: tuple[Entry, ...], place: int) -> datetime | None:
    """Return the first purge whose copy was begun after the erasure and, where an older file came back, after that."""
    back = max((n for n, entry in enumerate(entries) if entry.kind == RESTORED and n > place), default=place)
    return next((entry.happened_at for entry in entries if entry.kind == PURGED and known_at(entry) > back), None)


def known_at(entry: Entry) -> int:
    """Return how many entries the ledger had when a copy was begun."""
    return int(entry.ref) if entry.kind == PURGED else int(entry.scope.split(" ")[0])


def _backups(desk: Desk) -> list[KnownBackup]:
    entries = tuple(desk.store.ledger.entries(BACKUP, FORGOTTEN))
    deleted = {entry.ref: entry.happened_at for entry in entries if entry.kind == FORGOTTEN}
    made = [
        KnownBackup(entry.ref, entry.happened_at, deleted.get(entry.ref), int(entry.scope.split(" ")[1]))
        for entry in entries if entry.kind == BACKUP
    ]
    return made[::-1]


@repeated
def _enter(desk: Desk, what: Act, name: str | None = None, **detail: int | str) -> None:
    with act(desk, what, things.backup(name) if name else None) as now:
        now.detail |= detail
