"""A backup of a store while it is written to: a whole copy under a key of its own, in a folder of its own.

The folder holds the copy, its key file (wrapped by the store's master key) and `backup.json`, sealed with the store's
secret. Subject and case keys are never in it: an erased person's texts stay unreadable in every backup.
"""

import hashlib
import hmac
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING

from core.law.errors import Invalid, Refused
from core.store import duckdb as engine
from core.store import durable
from core.store.copying import copy_store
from core.store.durable import sync_file, sync_folder
from core.store.filekey import Secrets
from core.store.files import beside
from core.store.purge import Told, clear_side, copying_alone, leave_room, next_file

if TYPE_CHECKING:
    from core.store.engine import Store

FORMAT, VERSION = "rightsdesk-backup", 1
FILE, MANIFEST = "desk.duckdb", "backup.json"
STEPS = ("copy", "move", "verify", "ledger", "seal", "name", "done")


@dataclass(frozen=True, slots=True)
class Backup:
    """What `backup.json` says of a copy; `known` is how many entries the store's ledger had when it was begun."""

    name: str
    made_at: datetime
    kind: str
    chain: str
    known: int
    size: int
    sha256: str
    entries: int = 0  # of the log
    head: str = ""


@dataclass(slots=True)
class Draft:
    """A copy that lies in its folder under a name that is not final: one that was not verified never looks like one."""

    store: "Store"
    place: Path
    key: bytes
    made: Backup
    told: Told

    def finish(self, entries: int, head: bytes) -> Backup:
        """Write what was found in the copy beside it, sealed, and give it its name; it counts from here on."""
        self.made = replace(self.made, entries=entries, head=head.hex())
        said = _fields(self.made) | {"seal": _seal(self.store.secrets, self.made)}
        try:
            self.told("seal")
            durable.replace(self.place / MANIFEST, json.dumps(said, indent=1).encode())
            self.told("name")
            self.place.rename(self.place.with_name(self.made.name))
            sync_folder(self.place.parent)
        except OSError as fault:
            raise _unwritten(fault) from None
        self.told("done")
        return self.made


@contextmanager
def drafting(store: "Store", folder: Path, now: datetime, told: Told = lambda _: None) -> Iterator[Draft]:
    """Copy the store as it is now into a folder of its own inside `folder`, while it is written to.

    What was not finished is taken away at the end, and what a backup that was cut off left there at the beginning.
    `told` hears the name of each of STEPS before it is done. Raises Refused with what to do.
    """
    name = f"{store.path.stem}-{now:%Y%m%dT%H%M%S}Z"
    making = folder / f".{name}.making"
    with copying_alone(store):
        known, copy, key = len(store.ledger), next_file(store.path), token_bytes(32)
        if (folder / name).exists():
            raise Invalid(f"{name} is already there. Try again in a second.", "folder")
        leave_room(store.path, store.path.stat().st_size)
        try:
            told("copy")
            with store.cursor() as cursor:
                copy_store(cursor, copy, key)
            told("move")
            try:
                _clear_cut_off(store.secrets, folder)
                making.mkdir(parents=True, mode=0o700)
                store.secrets.write_for(making / FILE, key)  # first of all: by it the next run knows what this one left
                digest = _move(copy, making / FILE)
            except OSError as fault:
                raise _unwritten(fault) from None
            size = copy.stat().st_size
            yield Draft(store, making, key, Backup(name, now, store.kind, store.chain, known, size, digest), told)
        finally:
            clear_side(store.path, "next")
            shutil.rmtree(making, ignore_errors=True)


def _clear_cut_off(secrets: Secrets, folder: Path) -> None:
    """Take away what backups of this store left when they were cut off: people erased since stand in it."""
    for left in folder.glob(".*.making"):
        if not any(left.iterdir()) or secrets.made_copy(left / FILE):
            shutil.rmtree(left)


def _move(copy: Path, target: Path) -> str:
    shutil.copyfile(copy, target)
    target.chmod(0o600)
    sync_file(target)
    digest = digest_of(copy)
    if digest_of(target) != digest:
        raise Refused("What was written differs from what the disk gives back. Use another disk.")
    return digest


def _unwritten(fault: OSError) -> Refused:
    return Refused(f"The backup cannot be written there: {durable.reason(fault)}.")


def read_backup(folder: Path, master: bytes) -> tuple[Backup, Secrets]:
    """Return what a backup says of itself and its keys, after its seal and its file's digest were checked.

    Raises Refused where it is no backup, was changed, or belongs to a store with another master key.
    """
    secrets = Secrets(folder / FILE, master)
    try:
        said = json.loads((folder / MANIFEST).read_text("ascii"))
        if (said.pop("format"), said.pop("version")) != (FORMAT, VERSION):
            raise ValueError
        seal = str(said.pop("seal"))
        made = Backup(**said | {"made_at": datetime.fromisoformat(said["made_at"])})
    except (OSError, ValueError, KeyError, TypeError):
        raise Refused(f"{folder.name} is no backup of this desk: choose a folder that `backup` made.") from None
    secrets.load()
    if not hmac.compare_digest(seal, _seal(secrets, made)):
        raise Refused(f"{MANIFEST} of {folder.name} was changed since the backup was made. Use another backup.")
    try:
        sound = digest_of(folder / FILE) == made.sha256
    except OSError:
        sound = False
    if not sound:
        raise Refused(f"The file in {folder.name} is not the one that was written. Use another backup.")
    return made, secrets


@contextmanager
def reading(store_path: Path, folder: Path, key: bytes) -> Iterator[engine.Cursor]:
    """Open the file of a backup, only to read it; spill goes to the store's own side folder."""
    connection = engine.connect(folder / FILE, key, reading_beside=store_path)
    try:
        cursor = engine.make_cursor(connection)
        try:
            yield cursor
        finally:
            cursor.close()
    finally:
        connection.close()


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file that no engine has open."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def copy_keys(store: "Store", folder: Path) -> None:
    """Write keys, ledger, wrapped key file and anchor over their earlier copy in `folder`, which holds no backup.

    Only the newest copy is kept: a key that was destroyed is gone from the copy with the next run.
    """
    if any(each.is_dir() and (each / MANIFEST).exists() for each in folder.glob("*")) or (folder / MANIFEST).exists():
        raise Invalid(
            "Keep the keys apart from the backups: together they bring back what was erased. Name another folder.", "keys"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        store.keys.copy_to(folder)
        store.ledger.copy_to(folder)
        for suffix in (".key", ".anchor"):
            durable.replace(beside(folder / store.path.name, suffix), beside(store.path, suffix).read_bytes())
    except OSError as fault:
        raise Refused(f"The keys cannot be copied there: {durable.reason(fault)}.") from None


def _fields(made: Backup) -> dict[str, object]:
    return {"format": FORMAT, "version": VERSION} | asdict(made) | {"made_at": made.made_at.isoformat()}


def _seal(secrets: Secrets, made: Backup) -> str:
    return hmac.new(secrets.derive("backup"), json.dumps(_fields(made), sort_keys=True).encode(), "sha256").hexdigest()
