"""The other ways out of the approved bytes: an encrypted archive with its passphrase, and the pages to print."""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass

from core.actions.answers.packages.handing_over import GONE, MEDIA_TYPE, ONCE, Packed, approved, content_of, packed_of, take
from core.actions.answers.packages.ways_out import ENDED, add, open_way, require_open, way_of
from core.actions.desk import things
from core.actions.desk.act import Now, act, guard, repeated
from core.actions.desk.delivery import Delivery
from core.actions.desk.desk import Desk
from core.actions.desk.opening import resolve
from core.documents.locked import lock, new_passphrase
from core.law.acts import Act, may
from core.law.errors import Invalid, NotPossible, Refused
from core.law.ways_out import DAYS, PRINTED_TO, Way
from core.store.duckdb import WriteConflict
from core.store.encryption import Cell, decrypt_secret
from core.store.engine import Tx
from core.store.records import PackageRecord

PAGES = "answer.pdf"
SHOWN = "The passphrase was shown already, and the desk does not know it any more."


@repeated
def make(desk: Desk, package_id: str, *, channel: str, passphrase_channel: str, days: int = DAYS, key: str) -> str:
    """Choose an encrypted archive as the way out and return its id; its passphrase is drawn, and kept sealed."""
    with act(desk, Act.ARCHIVE_MAKE, things.package(package_id), key=key) as now:
        if now.earlier is not None:
            return now.earlier
        packed = packed_of(now.at)
        return add(
            desk, now, packed, Way.ARCHIVE, channel=channel, secret_channel=passphrase_channel, days=days,
            passphrase=new_passphrase(),
        )


@repeated
def show_passphrase(desk: Desk, way_id: str, *, key: str) -> str:
    """Return the passphrase, once, before or after its archive is downloaded; after both the desk forgets it."""
    with act(desk, Act.ARCHIVE_PASSPHRASE, things.way_out(way_id), key=key) as now:
        row, _ = way_of(now)
        if row["way"] != Way.ARCHIVE:
            raise NotPossible("This is no archive.")
        if now.earlier is not None or row["secret_shown_at"] is not None:
            raise NotPossible(SHOWN)
        if row["state"] != "fetched":
            require_open(row, desk.now)
        passphrase = _passphrase(desk, row["passphrase"], way_id)
        guard(now.tx.run(
            "ways_out.show_passphrase", id=way_id, version=row["version"], now=desk.now,
            passphrase=None if row["state"] == "fetched" else row["passphrase"],
        ))
    return passphrase


@repeated
def fetch(desk: Desk, way_id: str, *, key: str) -> Delivery:
    """Hand the approved bytes to the handler as an AES-256 archive, once; an interrupted download counts."""
    made = _archived(desk, way_id)
    with act(desk, Act.ARCHIVE_FETCH, things.way_out(way_id), key=key) as now:
        row, packed = open_way(desk, now)
        if now.earlier is not None or row["way"] != Way.ARCHIVE:
            raise NotPossible(ENDED)
        _passphrase(desk, row["passphrase"], way_id)
        locked = _require_of(made, take(desk, now, Act.ARCHIVE_FETCH, packed, way_out=way_id))
        shown = row["secret_shown_at"] is not None
        guard(now.tx.run(
            "ways_out.fetched", id=way_id, version=row["version"], now=desk.now,
            passphrase=None if shown else row["passphrase"],
        ))
        guard(now.tx.run("ways_out.handed", id=way_id, now=desk.now))
    return Delivery(f"{packed.name}-locked.zip", MEDIA_TYPE, locked)


@repeated
def fetch_print(desk: Desk, package_id: str, *, key: str) -> Delivery:
    """Hand the pages of the approved package to the handler for printing, once; the package counts as fetched.

    They leave only where the package's own manifest names their SHA-256. Raises NotPossible for an address that is
    not reached by paper.
    """
    made = _paged(desk, package_id)
    with act(desk, Act.PRINT_FETCH, things.package(package_id), key=key) as now:
        packed = packed_of(now.at)
        if now.earlier is not None:
            raise NotPossible(ONCE)
        approval = approved(desk, now, packed)
        address = now.tx.one("approvals.address", id=approval["address_id"])
        if address is None or address["kind"] not in PRINTED_TO:
            raise Invalid("The release was approved for an e-mail address: it does not leave on paper.", "channel")
        pages = _require_of(made, take(desk, now, Act.PRINT_FETCH, packed))
        now.detail |= {"pages_sha256": hashlib.sha256(pages).hexdigest(), "pages_bytes": len(pages)}
    return Delivery(f"{packed.name}.pdf", "application/pdf", pages)


@dataclass(frozen=True, slots=True)
class _Made:
    """What was made of a package before the act that takes it: of which bytes, by their SHA-256, or why it cannot be."""

    of: str
    content: bytes
    refusal: Refused | None = None


def _archived(desk: Desk, way_id: str) -> _Made | None:
    """Return the archive of a way out, locked before its act so that nobody waits for it; None where the act will refuse."""
    if not may(desk.person.roles, Act.ARCHIVE_FETCH):
        return None
    with desk.store.transaction() as tx:
        row = tx.one("ways_out.one", id=way_id)
        read = _read(desk, tx, Act.ARCHIVE_FETCH, row["package_id"]) if row is not None else None
    if row is None or read is None or row["passphrase"] is None:
        return None
    name, content = read
    locked = lock(f"{name}.zip", content, _passphrase(desk, row["passphrase"], way_id))
    return _Made(hashlib.sha256(content).hexdigest(), locked)


def _paged(desk: Desk, package_id: str) -> _Made | None:
    """Return the pages of a package, taken out before their act; None where the act will refuse."""
    if not may(desk.person.roles, Act.PRINT_FETCH):
        return None
    with desk.store.transaction() as tx:
        read = _read(desk, tx, Act.PRINT_FETCH, package_id)
    if read is None:
        return None
    of = hashlib.sha256(read[1]).hexdigest()
    try:
        return _Made(of, _pages(read[1]))
    except NotPossible as refusal:
        return _Made(of, b"", refusal)


def _read(desk: Desk, tx: Tx, what: Act, package_id: str) -> tuple[str, bytes] | None:
    """Return a released package's name and its bytes; None for one that is not there to be handed over."""
    package = tx.record(PackageRecord, "packages.one", id=package_id)
    if package is None or package.state != "released":
        return None
    packed = Packed(package, resolve(tx, things.package(package_id)))
    try:
        return packed.name, content_of(desk, Now(None, tx=tx, what=what, opened=packed.at), package)
    except Refused:
        return None


def _require_of(made: _Made | None, taken: bytes) -> bytes:
    """Return what was made of just the bytes that are taken. Raises why it could not be made; runs again for others."""
    if made is None or made.of != hashlib.sha256(taken).hexdigest():
        raise WriteConflict("The package changed while it was made ready. Try again.")
    if made.refusal is not None:
        raise made.refusal
    return made.content


def _pages(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if PAGES not in package.namelist():
            raise NotPossible("This package has no pages to print: it is made for machines. Choose another way.")
        pages = package.read(PAGES)
        named = {each["name"]: each["sha256"] for each in json.loads(package.read("manifest.json"))["files"]}
    if named.get(PAGES) != hashlib.sha256(pages).hexdigest():
        raise NotPossible(GONE)
    return pages


def _passphrase(desk: Desk, sealed: bytes | None, way_id: str) -> str:
    if sealed is None:
        raise NotPossible(ENDED)
    return decrypt_secret(desk.store, sealed, Cell("ways_out", way_id, "passphrase"))
