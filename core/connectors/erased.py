"""Erasures in the ledger: what each one left standing by law, and doing it again in a store from an older backup.

What it may leave of a consent is its proof under keyed hashes, which nobody can read back into an address or a number (ERA-5).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.connectors.connector import Kept
from core.connectors.local import Local
from core.connectors.restricted import permits
from core.connectors.suppressed import forget_values
from core.law.errors import NotFound
from core.law.rights.erasure import Retention
from core.law.rights.restriction import Gateway, Operation
from core.matching.loose import suppression_forms
from core.store.encryption import Cell, decrypt, encrypt
from core.store.engine import Row, Store, Tx
from core.store.keys import KeyKind
from core.store.ledger import ERASED, ERASING, NOT_ERASED, PROVED, Entry


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


@dataclass(frozen=True, slots=True)
class Proven:
    """How many consents are proven now, and under which kinds of value and how many hashes."""

    consents: int
    kinds: tuple[str, ...] = ()
    hashes: int = 0


@dataclass(frozen=True, slots=True)
class Proof:
    """That an erased person gave a consent, or withdrew it: for what, when, by which text, where from; why it stays, how long."""

    purpose: str
    channel: str
    given: bool
    happened_at: datetime
    text_version: str
    source: str
    ground: str  # a code of Article 17(3)
    until: date
    case_ref: str | None


def prove(
    store: Store, tx: Tx, subject_ref: str, retention: Retention, case_ref: str, now: datetime, *, sourced: bool = True
) -> Proven:
    """Keep of a person's consents the proof, under each form of each address and number of theirs; return what stays.

    Called before the deletes, in their transaction; `note_proofs` tells the ledger of it. Where there is no address or
    number of their own, nothing is kept. Without `sourced` the source of each consent is left out. May be repeated.
    """
    forms = provable(store, tx, subject_ref)
    consents = tx.rows("people.consents_of", subject=subject_ref)
    if not forms or not consents or retention.until is None:
        return Proven(0)
    rows: list[Row] = []
    for consent in consents:
        for kind, h in forms:
            number = store.keyed_hash("consent_proofs", f"{h.hex()}\0{consent['id']}").hex()
            source = consent["source"] if sourced else None
            rows.append({
                "id": number, "h": h, "kind": kind, "purpose": consent["purpose"], "channel": consent["channel"],
                "given": consent["given"], "happened_at": consent["happened_at"], "text_version": consent["text_version"],
                "source": encrypt(store, store.chain, source, _cell(number)) if source else None,
                "ground": retention.exemption.value, "until": retention.until, "case_ref": case_ref, "kept_at": now,
            })
    _enter_proofs(tx, rows)
    return Proven(len(consents), tuple(sorted({kind for kind, _ in forms})), len({h for _, h in forms}))


def note_proofs(store: Store, tx: Tx, case_ref: str) -> None:
    """Tell the ledger of the proofs that the erasures of a case left, as the last step before the commit. May be repeated."""
    rows = tx.rows("erased.proofs_of_case", case_ref=case_ref)
    store.ledger.add_all([Entry(PROVED, bytes(row["h"]).hex(), _proof_scope(row), row["kept_at"]) for row in rows])


def provable(store: Store, tx: Tx, subject_ref: str) -> list[tuple[str, bytes]]:
    """Return the kind and the hash of every form of every address and number under which a consent can be proven.

    What others hold too, and a device, which several use, would show the consent of one under the address of another.
    """
    held = tx.rows("people.identifiers_of", subjects=[subject_ref])
    return list(dict.fromkeys(
        (row["kind"], h) for row in held if row["kind"] != "device_id" and not row["shared"]
        for h in _proof_hashes(store, row["kind"], row["normal"])
    ))


def proofs_under(store: Store, tx: Tx, kind: str, value: str, today: date) -> list[Proof]:
    """Return what still proves the consents of an erased person who had this address or number; the oldest first."""
    rows = tx.rows("erased.proofs_under", tokens=_proof_hashes(store, kind, value), today=today)
    found: dict[Proof, None] = {}
    for row in rows:
        try:
            source = decrypt(store, store.chain, row["source"], _cell(row["id"])) if row["source"] is not None else ""
        except NotFound:
            source = ""
        proof = Proof(
            row["purpose"], row["channel"], row["given"], row["happened_at"], row["text_version"] or "", source,
            row["ground"], row["until"], row["case_ref"],
        )
        found[proof] = None
    return list(found)


def replay_proofs(tx: Tx, entries: Iterable[Entry], today: date) -> int:
    """Enter again the proofs of consent that the ledger holds and an older backup lacks; return how many there are."""
    rows = {row["id"]: row for entry in entries if entry.kind == PROVED and (row := _read_proof(entry))["until"] >= today}
    _enter_proofs(tx, list(rows.values()))
    return len(rows)


def _proof_hashes(store: Store, kind: str, value: str) -> list[bytes]:
    region = store.facts.get("establishment.region")
    return [store.keyed_hash("consent_proofs", f"{kind}\0{form}") for form in suppression_forms(kind, value, region)]


def _enter_proofs(tx: Tx, rows: Sequence[Row]) -> None:
    if rows:
        tx.bulk("erased.prove", {name: [row[name] for row in rows] for name in rows[0]}, {
            "h": "binary", "source": "binary", "given": "bool", "text_version": "string", "case_ref": "string", "until": "date32",
        })


def _cell(number: str) -> Cell:
    return Cell("consent_proofs", number, "source")


def _proof_scope(row: Row) -> str:
    plain = {name: row[name] for name in ("id", "kind", "purpose", "channel", "given", "text_version", "ground", "case_ref")}
    return json.dumps(plain | {
        "happened_at": row["happened_at"].isoformat(), "until": row["until"].isoformat(),
        "source": row["source"].hex() if row["source"] is not None else None,
    })


def _read_proof(entry: Entry) -> Row:
    said: Row = json.loads(entry.scope)
    return said | {
        "h": bytes.fromhex(entry.ref), "happened_at": datetime.fromisoformat(said["happened_at"]),
        "until": date.fromisoformat(said["until"]), "kept_at": entry.happened_at,
        "source": bytes.fromhex(said["source"]) if said["source"] is not None else None,
    }


def _held(tx: Tx, refs: Iterable[str]) -> dict[str, set[str]]:
    held: dict[str, set[str]] = {ref: set() for ref in refs}
    for row in tx.rows("erased.held", subjects=sorted(held)) if held else ():
        held[row["subject_ref"]].add(row["table_name"])
    return held


def _kept(entry: Entry) -> dict[str, list[str]]:
    return dict(json.loads(entry.scope)["kept"]) if entry.scope else {}
