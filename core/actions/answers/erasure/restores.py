"""Bringing a store back from a backup, and what each start makes sure of: nobody erased comes back, no log is cut."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.actions.answers.erasure import erasure_ends
from core.actions.desk.act import Now, act, repeated
from core.actions.desk.desk import Desk, operator_desk, worker_desk
from core.actions.oversight.losses import accept_losses
from core.audit.chain import Head
from core.connectors import erased, suppressed
from core.law.acts import Act
from core.law.errors import NotPossible, Refused
from core.store.anchor import AnchorBroken, read_anchor
from core.store.backup import Backup, read_backup
from core.store.engine import Row, Store, Tx
from core.store.filekey import master_key
from core.store.ledger import BACKUP, PURGED, RESTORED, Entry
from core.store.purge import Told
from core.store.restore import put_down, put_over


@dataclass(frozen=True, slots=True)
class Settled:
    """What a start or a restore repeated from the ledger."""

    erased: int
    suppressed: int
    keys: int
    restored: bool


def restore(
    path: Path, folder: Path, user: str, now: datetime, *, head: str = "", lost: Head | None = None,
    unlisted: bool = False, told: Told = lambda _: None,
) -> tuple[Store, Backup, Settled]:
    """Put a backup into the place of the store at `path`, erase again whom the ledger names, enter it in the log.

    Returns the open store: nobody signed in yet. Over a store that is there it goes only where `head` is that
    of its log; `lost` is the head that a lost store is known to have had. Raises Refused with what to do.
    """
    path = path.resolve()
    made, keys = read_backup(folder, master_key(path))
    if path.exists():
        store = Store.open(path, now, migrating=True)
        try:
            _agree(store, made, head)
            erasure_ends.settle_open(store, there=True)
            put_over(store, folder, made, keys, now, told)
        except BaseException:
            store.close()
            raise
    else:
        old = f"{lost.count} {lost.digest.hex()}" if lost else ""
        store = put_down(path, folder, made, keys, now, old, unlisted=unlisted, told=told)
    try:
        told("settle")
        settled = settle(operator_desk(store, user, now))
        if store.troubles:
            accept_losses(operator_desk(store, user, now))
        told("done")
        return store, made, settled
    except BaseException:
        store.close()
        raise


@repeated
def settle(desk: Desk) -> Settled:
    """Repeat what the ledger says and the store lacks: erasures, suppressions, keys to destroy, the entry of a restore.

    For every start, before anybody can sign in. Raises NotPossible where log and ledger do not fit: an older file,
    or an older ledger, was then put there by hand.
    """
    store = desk.store
    record = _check_log(store, tuple(store.ledger.entries()))
    if store.anchoring.fault:
        if not _replaced(store, tuple(store.ledger.entries())):
            raise NotPossible(store.anchoring.fault)
        store.anchoring.fault = ""
    restored = record is not None
    if restored:
        erasure_ends.settle_open(store, there=False)
    entries = tuple(store.ledger.entries())
    with act(desk, Act.STORE_RESTORE) as now:
        again = erased.replay(store, now.tx, entries, desk.now, restored=restored)
        entered = 0
        if restored:
            entered = suppressed.replay(store, now.tx, entries, desk.now)
            now.detail["proofs"] = erased.replay_proofs(now.tx, entries, desk.now.date())
            now.tx.run("sessions.end_everyones", now=desk.now)  # one that was ended since the backup stands in it
        now.subject, now.others = (again[0], again[1:]) if again else (None, [])
        noted = suppressed.fill_ledger(store, now.tx, desk.now.date())
        _record(now, record, len(again), entered, noted)
    return Settled(len(again), entered, _finish(desk), restored)


def _finish(desk: Desk) -> int:
    """Finish every erasure after the commit, as the erasure itself does it; a start that dies here finds them again.

    Where the files cannot be written the desk starts all the same: its deadlines run, and it tells until it is done.
    """
    people = 0
    with suppress(Refused):
        while count := erasure_ends.finish(worker_desk(desk.store, desk.now)):
            people += count
    return people


def _agree(store: Store, made: Backup, head: str) -> None:
    if head.strip().lower() != store.tip.head.hex():
        raise NotPossible(
            f"A store is there: its log has {store.tip.count:,} entries, the backup's {made.entries:,}. What came after the "
            f"backup is lost with a restore. If that is meant, say --head {store.tip.head.hex()}"
        )


def _record(now: Now, record: Entry | None, again: int, entered: int, noted: int) -> None:
    if record is None and not again and not entered and not noted:
        now.unlogged = True
        return
    now.detail |= {"erased_again": again, "suppressed_again": entered, "stops_noted": noted}
    if record is not None:
        old_count, old_head, count, head = record.scope.split(" ")
        now.object_kind, now.object_id = "backup", record.ref
        now.detail |= {
            "old_entries": int(old_count), "old_head": old_head, "restored_entries": int(count), "restored_head": head,
        }


def _check_log(store: Store, entries: tuple[Entry, ...]) -> Entry | None:
    """Return the restore that the log has no entry of yet; hold log and ledger against each other.

    Raises NotPossible where the log is shorter than, or other than, the last head in the ledger, and where the ledger
    lacks a purge or a backup that the log tells of.
    """
    known = next((each for each in reversed(entries) if each.kind in {BACKUP, PURGED, RESTORED}), None)
    with store.transaction() as tx:
        place, first, following = _last_restore(store, tx, entries)
        if known is not None:
            count, head = int(known.scope.split(" ")[-2]), known.scope.split(" ")[-1]
            last = tx.one("log.entry", chain=store.chain, seq=count - 1)
            if count and (last is None or bytes(last["hash"]).hex() != head):
                raise NotPossible(
                    f"The log is shorter than it was on {known.happened_at:%Y-%m-%d %H:%M} UTC, or is another one: an older "
                    "file was put in the store's place by hand. Put the right one back, or use the restore command."
                )
        listed = Counter(each.kind for each in entries[place + 1:])
        for row in tx.rows("log.copies", chain=store.chain, first=first):
            if row["times"] > listed[BACKUP if row["act"] == Act.STORE_BACKUP else PURGED]:
                raise NotPossible(
                    f"{store.path.name}.ledger is missing or an older copy: the log tells of more than it holds. Put the newest "
                    "copy back; without it people who were erased could come back."
                )
    return known if known is not None and known.kind == RESTORED and following is None and place >= 0 else None


def _replaced(store: Store, entries: tuple[Entry, ...]) -> bool:
    """Whether the anchor stands in a part of the log that a recorded restore of a backup has replaced."""
    try:
        anchor = read_anchor(store.path, store.secrets.derive("anchor"))
    except AnchorBroken:
        return False
    with store.transaction() as tx:
        place, first, _ = _last_restore(store, tx, entries)
    return (anchor is not None and anchor.chain == store.chain and place >= 0
            and first < anchor.count <= int(entries[place].scope.split(" ")[0]))


def _last_restore(store: Store, tx: Tx, entries: tuple[Entry, ...]) -> tuple[int, int, Row | None]:
    """Return the place of the last restore that took place, where the log goes on from it, and the entry that stands there.

    One that was cut off before the switch stands in the ledger too: the log then goes on with something else there.
    """
    for place in range(len(entries) - 1, -1, -1):
        if entries[place].kind == RESTORED:
            first = int(entries[place].scope.split(" ")[-2])
            following = tx.one("log.entry", chain=store.chain, seq=first)
            if following is None or following["act"] == Act.STORE_RESTORE:
                return place, first, following
    return -1, 0, None
