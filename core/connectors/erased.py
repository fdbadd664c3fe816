"""Erasures in the ledger: what each one left standing by law, and doing it again in a store from an older backup."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from core.connectors.connector import Kept
from core.connectors.local import Local
from core.connectors.restricted import permits
from core.connectors.suppressed import forget_values
from core.law.rights.restriction import Gateway, Operation
from core.store.engine import Store, Tx
from core.store.keys import KeyKind
from core.store.ledger import ERASED, ERASING, NOT_ERASED, Entry


def ledger_scope(kept: Mapping[str, Sequence[str]], *, key_destroyed: bool, carrying: str = "") -> str:
    """Return what the ledger keeps of an erasure: the tables that stay, each with its emptied columns, and the key.

    Ahead of the erasure's commit it also names the `carrying` by which the store tells whether that took place.

    >>> ledger_scope({}, key_destroyed=True)
    '{"kept": {}, "key": "destroyed"}'
    """
    kept_plain = {table: sorted(columns) for table, columns in sorted(kept.items())}
    said = {"kept": kept_plain, "key": "destroyed" if key_destroyed else "kept"}
    return json.dumps(said | ({"carrying": carrying} if carrying else {}))


def carrying_of(entry: Entry) -> str:
    """Return which carrying an `erasing` entry waits for."""
    return str(json.loads(entry.scope)["carrying"])


def settled(entry: Entry) -> Entry:
    """Return the `erased` entry that follows an `erasing` one whose erasure took place."""
    said = json.loads(entry.scope)
    scope = ledger_scope(said["kept"], key_destroyed=said["key"] == "destroyed")
    return Entry(ERASED, entry.ref, scope, entry.happened_at)


def unsettled(store: Store) -> list[Entry]:
    """Return the `erasing` entries of which the ledger does not say yet whether the erasure took place."""
    last = {entry.ref: entry for entry in store.ledger.entries(ERASING, ERASED, NOT_ERASED)}
    return [entry for entry in last.values() if entry.kind == ERASING]


def replay(store: Store, tx: Tx, entries: Iterable[Entry], now: datetime, *, restored: bool) -> list[str]:
    """Erase again whoever the ledger calls erased and the tables still hold; return their pseudonyms.

    Tables that the erasure left standing by law are left standing again. An entry that does not say what stayed means
    everything, and is only repeated after a backup was `restored`.
    """
    kept = {entry.ref: _kept(entry) for entry in entries if entry.kind == ERASED and (entry.scope or restored)}
    held = _held(tx, kept)
    masked = {ref for ref in kept if restored and any(kept[ref][table] for table in held[ref] & set(kept[ref]))}
    again = sorted(ref for ref in kept if held[ref] - set(kept[ref]) or ref in masked)
    local = Local(store)
    # Their own request was approved and carried out before the backup came back: it is a gateway still.
    may, _ = permits(tx, again, Operation.OWN_REQUEST, Gateway.CONSENT)
    for ref in again:
        forget_values(store, tx, ref)
    local.erase_whole(tx, [may[ref] for ref in again if not kept[ref]])
    for ref in again:
        if kept[ref]:
            local.erase(tx, may[ref], now, [Kept(table, 0, "", "", tuple(columns)) for table, columns in kept[ref].items()])
    return again


def keys_due(store: Store, tx: Tx, entries: Iterable[Entry]) -> list[str]:
    """Return the pseudonyms of the erased whose key still stands although nothing that it seals is to stay."""
    scopes = {
        entry.ref: entry.scope for entry in entries
        if entry.kind == ERASED and store.keys.holds(KeyKind.SUBJECT, entry.ref)
    }
    held = _held(tx, scopes)
    return [
        ref for ref, scope in scopes.items()
        if not held[ref] or (scope and json.loads(scope)["key"] == "destroyed")
    ]


def _held(tx: Tx, refs: Iterable[str]) -> dict[str, set[str]]:
    held: dict[str, set[str]] = {ref: set() for ref in refs}
    for row in tx.rows("erased.held", subjects=sorted(held)) if held else ():
        held[row["subject_ref"]].add(row["table_name"])
    return held


def _kept(entry: Entry) -> dict[str, list[str]]:
    return dict(json.loads(entry.scope)["kept"]) if entry.scope else {}
