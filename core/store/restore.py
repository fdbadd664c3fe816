"""Puts the file of a backup into the place of a store, live or lost, by the same switch of keys as a purge."""

import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from core.law.errors import Refused
from core.store.anchor import Anchor, AnchorBroken, read_anchor, write_anchor
from core.store.backup import FILE, Backup, digest_of
from core.store.durable import reason, sync_file, sync_folder
from core.store.engine import Store
from core.store.filekey import Secrets, master_key
from core.store.files import beside
from core.store.ledger import RESTORED, Ledger
from core.store.purge import PATIENCE, Told, copying_alone, leave_room, next_file, replace_file

RESTORE = "restore"
OVER = ("bring", "ledger", "key", "close", "switch", "open", "settle", "done")  # the steps where a store is there
DOWN = ("bring", "key", "ledger", "switch", "open", "settle", "done")  # and where it is lost


def put_over(
    store: Store, folder: Path, made: Backup, keys: Secrets, now: datetime, told: Told = lambda _: None
) -> None:
    """Put the backup's file over the open store, which goes on from it; the ledger knows it before it happens.

    `told` hears the name of each of OVER before it is done, the last two from the caller. Raises Refused with what to do;
    the store then stands as it was.
    """
    if not store.secrets.same_store(keys) or made.chain != store.chain:
        raise Refused("This backup is of another store. Restore it under another name.")
    with copying_alone(store), store.writing() as tip:
        target = next_file(store.path)
        leave_room(store.path, made.size)
        told("bring")
        _bring(folder / FILE, target, made)
        told("ledger")
        store.ledger.add(RESTORED, made.name, f"{tip.count} {tip.head.hex()} {made.entries} {made.head}", now)
        told("key")
        store.secrets.prepare(RESTORE, keys.current)
        store.migrate_at = now  # an older backup is brought up to this desk
        with store.generations.change(PATIENCE) as close:
            told("close")
            close()
            told("switch")
            replace_file(store.path, target)
            told("open")


def put_down(
    path: Path, folder: Path, made: Backup, keys: Secrets, now: datetime, old: str, *, unlisted: bool,
    told: Told = lambda _: None,
) -> Store:
    """Put the backup's file where the store is lost, and open it. Cut off before the file has its name, it is done anew.

    `told` hears the name of each of DOWN before it is done, the last two from the caller. `old` is the head that the lost
    log is known to have had, `count head`, or empty. With `unlisted` it is done without the ledger and the keys. Raises
    Refused with what to do.
    """
    if not unlisted and not (beside(path, ".ledger").exists() and beside(path, ".keys").exists()):
        raise Refused(
            f"{path.name}.ledger and {path.name}.keys belong beside the store: bring back their copies first. Without the "
            "ledger, people erased since the backup would come back; without the keys no sealed text opens. "
            "If they are lost for good, say --without-ledger."
        )
    if beside(path, ".wal").exists():
        raise Refused(f"{path.name}.wal is left of another file: move it away first.")
    if beside(path, ".key").exists():
        standing = Secrets(path, master_key(path))
        standing.load()
        if not standing.same_store(keys):
            raise Refused("The key file beside it is of another store: move it away, or restore under another name.")
    leave_room(path, made.size)
    making = beside(path, ".making")
    told("bring")
    _bring(folder / FILE, making, made)
    told("key")
    keys.write_for(path, keys.current)
    told("ledger")
    lost = old or _anchored(path, keys, made) or f"{made.entries} {made.head}"
    ledger = Ledger(path, keys.derive("ledger"))
    ledger.add(RESTORED, made.name, f"{lost} {made.entries} {made.head}", now)
    write_anchor(path, keys.derive("anchor"), Anchor(made.chain, made.entries, bytes.fromhex(made.head), now))
    told("switch")
    making.replace(path)
    sync_folder(path.parent)
    told("open")
    return Store.open(path, now, migrating=True, tolerating=unlisted)


def _anchored(path: Path, keys: Secrets, made: Backup) -> str:
    """Return how far the lost log reached, as its anchor tells, `count head`; or nothing where that tells no more."""
    with suppress(AnchorBroken):
        anchor = read_anchor(path, keys.derive("anchor"))
        if anchor is not None and anchor.chain == made.chain and anchor.count > made.entries:
            return f"{anchor.count} {anchor.head.hex()}"
    return ""


def _bring(source: Path, target: Path, made: Backup) -> None:
    try:
        shutil.copyfile(source, target)
        target.chmod(0o600)
        sync_file(target)
        sound = digest_of(target) == made.sha256
    except OSError as fault:
        target.unlink(missing_ok=True)
        raise Refused(f"The backup cannot be copied here: {reason(fault)}.") from None
    if not sound:
        target.unlink(missing_ok=True)
        raise Refused("The copy differs from the backup. Use another disk or another backup.")
