"""The identifiers of the embedded store: keyed hashes answer 'whose is this', and the values are compared after.

Beside the hash of its normal form stands that of its loose form, under `loose:` and the kind: it proposes and never
identifies. A text that is no identifier has the loose one alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.matching.loose import loose_form, loose_of
from core.matching.normal_forms import KINDS, NORMAL_FORM
from core.matching.readings import read_all
from core.store.engine import Store, Tx

LOOSE = "loose:"
TELLING = 20  # people
_TYPES = {"h": "uint64", "form_version": "int32", "shared": "bool"}


@dataclass(frozen=True, slots=True)
class Held:
    """One identifier of one person, as it was given and in its normal form; without one it is no identifier, only like one."""

    subject_ref: str
    kind: str
    value: str
    normal: str = ""


def short_hash(store: Store, kind: str, form: str) -> int:
    """Return the first 8 bytes of the keyed hash of an identifier's normal form; two can be equal, so compare after."""
    return int.from_bytes(store.keyed_hash("identifiers", f"{kind}\0{form}")[:8], "big")


def forms_of(value: str, region: str | None = None) -> set[tuple[str, str]]:
    """Return (kind, normal form) of each identifier that a text can be, under every kind."""
    return {(kind, form) for kind in KINDS for _, form in read_all(kind, value, region).read}


def holders(store: Store, tx: Tx, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return who holds each (kind, normal form): two statements, hashes first, then the values themselves."""
    if not wanted:
        return {}
    hashes = list({short_hash(store, kind, form) for kind, form in wanted})
    rows = tx.rows("people.by_one_hash", h=hashes[0]) if len(hashes) == 1 else tx.rows("people.by_hash", hashes=hashes)
    subjects = sorted({row["subject_ref"] for row in rows})
    if not subjects:
        return {}
    asked = set(wanted)
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in tx.rows("people.identifiers_of", subjects=subjects):
        place = (row["kind"], row["normal"])
        if place in asked:
            found[place].add(row["subject_ref"])
    return {place: tuple(sorted(refs)) for place, refs in found.items()}


def alike(store: Store, tx: Tx, wanted: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return who holds something spelled like one of the (kind, text), with the kind. Only a human says who it is.

    What more than TELLING people hold, such as "unknown" or a switchboard, tells nobody from another and proposes nobody.
    """
    region = store.facts.get("establishment.region")
    hashes = {
        short_hash(store, LOOSE + kind, form): kind for kind, text in wanted if (form := loose_form(kind, text, region))
    }
    rows = tx.rows("people.held_hashes", hashes=sorted(hashes)) if hashes else []
    found: dict[int, set[str]] = defaultdict(set)
    for row in rows:
        if row["kind"] == LOOSE + hashes[row["h"]]:
            found[row["h"]].add(row["subject_ref"])
    return {ref: hashes[h] for h, refs in found.items() if len(refs) <= TELLING for ref in refs}


def add(store: Store, tx: Tx, fresh: Sequence[Held]) -> set[tuple[str, str]]:
    """Enter identifiers, sorted by hash, and mark those that two people hold on both sides.

    What has no normal form is entered by its loose form alone. Returns the (kind, normal form) that are shared now.
    """
    if not fresh:
        return set()
    add_loose(store, tx, fresh)
    fresh = [each for each in fresh if each.normal]
    if not fresh:
        return set()
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for each in fresh:
        owners[each.kind, each.normal].add(each.subject_ref)
    before = holders(store, tx, list(owners))
    shared = {place for place, refs in owners.items() if len(refs | set(before.get(place, ()))) > 1}
    tx.bulk("people.add_identifiers", {
        "h": [short_hash(store, each.kind, each.normal) for each in fresh], "kind": [each.kind for each in fresh],
        "subject_ref": [each.subject_ref for each in fresh], "form_version": [NORMAL_FORM] * len(fresh),
    }, _TYPES)
    tx.bulk("people.add_identifier_values", {
        "subject_ref": [each.subject_ref for each in fresh], "kind": [each.kind for each in fresh],
        "value": [each.value for each in fresh], "normal": [each.normal for each in fresh],
        "shared": [(each.kind, each.normal) in shared for each in fresh],
    }, _TYPES)
    _mark(tx, [(ref, place) for place in shared for ref in before.get(place, ())], shared=True)
    return shared


def drop(store: Store, tx: Tx, gone: Iterable[tuple[str, str]]) -> None:
    """Remove all identifiers of each (subject, kind); a person left alone with one no longer shares it."""
    pairs = sorted(set(gone))
    if not pairs:
        return
    both = [(subject, named) for subject, kind in pairs for named in (kind, LOOSE + kind)]
    wanted = set(pairs)
    rows = tx.rows("people.identifiers_of", subjects=sorted({subject for subject, _ in pairs}))
    going = [row for row in rows if (row["subject_ref"], row["kind"]) in wanted]
    freed = {(row["kind"], row["normal"]) for row in going if row["shared"]}
    columns = {"subject_ref": [subject for subject, _ in pairs], "kind": [kind for _, kind in pairs]}
    tx.bulk("people.drop_identifiers", {
        "subject_ref": [subject for subject, _ in both], "kind": [kind for _, kind in both],
    })
    tx.bulk("people.drop_identifier_values", columns)
    left = holders(store, tx, sorted(freed)) if freed else {}
    _mark(tx, [(refs[0], place) for place, refs in left.items() if len(refs) == 1], shared=False)


def respell(store: Store, tx: Tx, pairs: Sequence[tuple[str, str]]) -> None:
    """Enter the loose forms of what each (subject, kind) holds anew, so that none is left of what is no longer held."""
    if not pairs:
        return
    tx.bulk("people.drop_identifiers", {
        "subject_ref": [subject for subject, _ in pairs], "kind": [LOOSE + kind for _, kind in pairs],
    })
    asked = set(pairs)
    rows = tx.rows("people.identifiers_of", subjects=sorted({subject for subject, _ in pairs}))
    add_loose(store, tx, [
        Held(row["subject_ref"], row["kind"], row["value"], row["normal"]) for row in rows
        if (row["subject_ref"], row["kind"]) in asked
    ])


def add_loose(store: Store, tx: Tx, fresh: Sequence[Held]) -> None:
    """Enter the loose form of each value, whether it is an identifier or should be one."""
    region = store.facts.get("establishment.region")
    found = dict.fromkeys(
        (each.subject_ref, each.kind, form) for each in fresh
        if (form := loose_of(each.kind, each.normal) if each.normal else loose_form(each.kind, each.value, region))
    )
    if found:
        tx.bulk("people.add_identifiers", {
            "h": [short_hash(store, LOOSE + kind, form) for _, kind, form in found],
            "kind": [LOOSE + kind for _, kind, _ in found], "subject_ref": [subject for subject, _, _ in found],
            "form_version": [NORMAL_FORM] * len(found),
        }, _TYPES)


def _mark(tx: Tx, rows: Sequence[tuple[str, tuple[str, str]]], *, shared: bool) -> None:
    if rows:
        tx.bulk("people.mark_shared", {
            "subject_ref": [ref for ref, _ in rows], "kind": [place[0] for _, place in rows],
            "normal": [place[1] for _, place in rows], "shared": [shared] * len(rows),
        }, _TYPES)
