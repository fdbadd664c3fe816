"""What the store knows of the files beside it, so that one that is gone, emptied or older does not go unnoticed.

Each commit notes the keys that were made since the last one and how far the ledger reached; each opening holds the
files against it. A key that was lawfully destroyed left a mark in the key file and is no lack.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.law.errors import Refused
from core.store.anchor import AnchorBroken, read_anchor
from core.store.filekey import KeyMissing
from core.store.files import beside
from core.store.keys import KeyKind, KeyRow
from core.store.ledger import LedgerBroken

if TYPE_CHECKING:
    from core.store.engine import Store, Tx

_WHOSE = {KeyKind.SUBJECT: "people", KeyKind.CASE: "case files and drafts", KeyKind.PROOF: "proof documents"}
_LOST = "Is no copy left, `python -m core accept` goes on without, and says so in the log."
LISTED = "keys_listed"  # the fact that says that every key the store needs has its row
MANY = 20  # rows from which on they are written together


def note(store: "Store", tx: "Tx") -> tuple[tuple[KeyRow, ...], int]:
    """Note in the transaction what the files have gained; return it for `noted`, once the commit is durable."""
    keys = store.keys.unlisted()
    if len(keys) >= MANY:
        tx.bulk("files.add_keys", {
            "kind": [each.kind for each in keys], "owner": [each.owner for each in keys],
            "digest": [each.digest for each in keys],
        })
    else:
        for each in keys:
            tx.run("files.add_key", kind=each.kind, owner=each.owner, digest=each.digest)
    entries, seal = store.ledger.mark()
    if entries > store.marked:
        tx.run("files.add_mark", entries=entries, seal=seal)
    return keys, max(entries, store.marked)


def noted(store: "Store", keys: tuple[KeyRow, ...], entries: int) -> None:
    """Know that what was noted is durable."""
    if keys:
        store.keys.listed(keys)
    store.marked = entries


def troubles(store: "Store", tx: "Tx") -> tuple[Refused, ...]:
    """Return what the files lack of what the store noted, each as a refusal that says what to do."""
    found: list[Refused] = []
    if lost := _lost_keys(store, tx):
        (counted,) = tx.rows("files.count_keys")
        told = [
            f"{count:,} of {words}" for kind, words in _WHOSE.items()
            if (count := sum(each.kind.encode() == kind.value for each in lost))
        ]
        found.append(KeyMissing(
            f"{store.keys.name} lacks {len(lost):,} of {counted['keys']:,} keys that the store needs ({', '.join(told)}): it is "
            f"missing, emptied, damaged or an older copy. Put the newest copy back beside the store. {_LOST}"
        ))
    mark = tx.one("files.last_mark")
    if mark is not None and not store.ledger.reaches(int(mark["entries"]), bytes(mark["seal"])):
        found.append(LedgerBroken(
            f"{store.path.name}.ledger has {len(store.ledger):,} entries and the store knows of {mark['entries']:,}, or they are "
            "others: it is missing, emptied or an older copy. Put the newest one back; without it people who were erased "
            f"could come back. {_LOST}"
        ))
    store.marked = int(mark["entries"]) if mark else 0
    return tuple(found)


def anchor_fault(store: "Store", tx: "Tx") -> str:
    """Return in a sentence how the log differs from its anchor and what to do, or an empty text."""
    name = beside(store.path, ".anchor").name
    try:
        anchor = read_anchor(store.path, store.secrets.derive("anchor"))
    except AnchorBroken as fault:
        return str(fault)
    if anchor is None:
        return (
            f"{name} is missing: without it nobody can tell whether the last entries of the log were cut off. Put its newest "
            "copy back, or accept the log as it stands with `python -m core accept`, which is entered in it."
        )
    if anchor.chain != store.chain:
        return f"{name} belongs to another store: put back the one of this store."
    if anchor.count > store.tip.count:
        return (
            f"The log ends after {store.tip.count:,} entries, but its anchor of {anchor.written_at:%Y-%m-%d %H:%M:%S} UTC stands "
            f"at {anchor.count:,}: the last {anchor.count - store.tip.count:,} are missing, and what was done with them. Put the "
            "newest file and its .wal back, or restore a backup, which is entered in the log."
        )
    last = tx.one("log.entry", chain=store.chain, seq=anchor.count - 1)
    if anchor.count and (last is None or bytes(last["hash"]) != anchor.head):
        return (
            f"The log differs from its anchor of {anchor.written_at:%Y-%m-%d %H:%M:%S} UTC at {anchor.count:,} entries: it was "
            "written anew since, or is another one. Put the right file back, or restore a backup."
        )
    return ""


def list_former(store: "Store", tx: "Tx") -> None:
    """Give each key its row, in a store made before there were rows; check first that no case has lost its key.

    Raises KeyMissing where one has: the store is then not brought up to date, and nothing was changed.
    """
    rows = store.keys.every()
    here = {each.owner for each in rows if each.kind.encode() == KeyKind.CASE.value}
    cases = [str(row["case_ref"]) for row in tx.rows("files.cases")]
    if lost := sum(each not in here for each in cases):
        raise KeyMissing(
            f"{store.keys.name} lacks the keys of {lost:,} of {len(cases):,} case files: it is missing, emptied, damaged or an "
            "older copy. Put the newest copy back beside the store, then run this again."
        )
    if rows:
        tx.bulk("files.add_keys", {
            "kind": [each.kind for each in rows], "owner": [each.owner for each in rows],
            "digest": [each.digest for each in rows],
        })
    tx.run("store.put_fact", name=LISTED, fact=str(len(rows)))


@dataclass(frozen=True, slots=True)
class Losses:
    """What a store goes on without: keys, and entries of the ledger."""

    keys: tuple[KeyRow, ...]
    ledger_entries: int


def losses(store: "Store", tx: "Tx") -> Losses:
    """Return what is lost, and forget in the transaction that the ledger reached further."""
    mark = tx.one("files.last_mark")
    short = mark is not None and not store.ledger.reaches(int(mark["entries"]), bytes(mark["seal"]))
    if short:
        tx.run("files.forget_marks")
        store.marked = 0
    return Losses(_lost_keys(store, tx), int(mark["entries"]) if mark and short else 0)


def _lost_keys(store: "Store", tx: "Tx") -> tuple[KeyRow, ...]:
    """Return the rows whose key neither stands nor was destroyed; the engine compares, a million take it a moment."""
    rows = tx.beside("files.keys_lacking", {"digest": store.keys.digests()}, {"digest": "binary"})
    return tuple(KeyRow(row["kind"], row["owner"], bytes(row["digest"])) for row in rows)
