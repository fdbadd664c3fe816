"""The other ways out of the approved bytes: an encrypted archive with its passphrase, and the pages to print."""

import hashlib
import io
import json
import zipfile

from core.actions.answers.packages.handing_over import GONE, MEDIA_TYPE, ONCE, approved, packed_of, take
from core.actions.answers.packages.ways_out import ENDED, add, open_way, require_open, way_of
from core.actions.desk import things
from core.actions.desk.act import act, guard, repeated
from core.actions.desk.delivery import Delivery
from core.actions.desk.desk import Desk
from core.documents.locked import lock, new_passphrase
from core.law.acts import Act
from core.law.errors import Invalid, NotPossible
from core.law.ways_out import DAYS, PRINTED_TO, Way
from core.store.encryption import Cell, decrypt_secret

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
    with act(desk, Act.ARCHIVE_FETCH, things.way_out(way_id), key=key) as now:
        row, packed = open_way(desk, now)
        if now.earlier is not None or row["way"] != Way.ARCHIVE:
            raise NotPossible(ENDED)
        passphrase = _passphrase(desk, row["passphrase"], way_id)
        content = take(desk, now, Act.ARCHIVE_FETCH, packed, way_out=way_id)
        shown = row["secret_shown_at"] is not None
        guard(now.tx.run(
            "ways_out.fetched", id=way_id, version=row["version"], now=desk.now,
            passphrase=None if shown else row["passphrase"],
        ))
        guard(now.tx.run("ways_out.handed", id=way_id, now=desk.now))
        locked = lock(f"{packed.name}.zip", content, passphrase)
    return Delivery(f"{packed.name}-locked.zip", MEDIA_TYPE, locked)


@repeated
def fetch_print(desk: Desk, package_id: str, *, key: str) -> Delivery:
    """Hand the pages of the approved package to the handler for printing, once; the package counts as fetched.

    They leave only where the package's own manifest names their SHA-256. Raises NotPossible for an address that is
    not reached by paper.
    """
    with act(desk, Act.PRINT_FETCH, things.package(package_id), key=key) as now:
        packed = packed_of(now.at)
        if now.earlier is not None:
            raise NotPossible(ONCE)
        approval = approved(desk, now, packed)
        address = now.tx.one("approvals.address", id=approval["address_id"])
        if address is None or address["kind"] not in PRINTED_TO:
            raise Invalid("The release was approved for an e-mail address: it does not leave on paper.", "channel")
        pages, digest = _pages(take(desk, now, Act.PRINT_FETCH, packed))
        now.detail |= {"pages_sha256": digest, "pages_bytes": len(pages)}
    return Delivery(f"{packed.name}.pdf", "application/pdf", pages)


def _pages(content: bytes) -> tuple[bytes, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if PAGES not in package.namelist():
            raise NotPossible("This package has no pages to print: it is made for machines. Choose another way.")
        pages = package.read(PAGES)
        named = {each["name"]: each["sha256"] for each in json.loads(package.read("manifest.json"))["files"]}
    digest = hashlib.sha256(pages).hexdigest()
    if named.get(PAGES) != digest:
        raise NotPossible(GONE)
    return pages, digest


def _passphrase(desk: Desk, sealed: bytes | None, way_id: str) -> str:
    if sealed is None:
        raise NotPossible(ENDED)
    return decrypt_secret(desk.store, sealed, Cell("ways_out", way_id, "passphrase"))
