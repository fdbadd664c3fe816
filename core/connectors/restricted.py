"""The restrictions that stand on people's data, and the one rule of Article 18 asked about each use of them."""

from collections import defaultdict
from collections.abc import Iterable

from core.connectors.locked import kept_grounds
from core.law.errors import NotAllowed
from core.law.rights.restriction import Gateway, Operation, Restriction, ground_of, may_process
from core.law.rights.suppression import ALL, Barred, May, OnRecord, may_use
from core.store.engine import Tx


def standing_on(tx: Tx, subjects: Iterable[str]) -> dict[str, list[Restriction]]:
    """Return the restrictions that stand, by person; who has none is not in it."""
    asked, found = sorted(set(subjects)), defaultdict(list)
    for row in tx.rows("people.standing_restrictions", subjects=asked) if asked else []:
        found[row["subject_ref"]].append(Restriction(ground_of(row["ground"]), row["placed_at"]))
    return dict(found)


def shut(tx: Tx, subjects: Iterable[str], operation: Operation, gateway: Gateway | None = None) -> dict[str, str]:
    """Return the people whose restricted data this use of many must leave out, each with the sentence that says why."""
    refused = {}
    for subject, held in standing_on(tx, subjects).items():
        try:
            may_process(held, operation, gateway)
        except NotAllowed as refusal:
            refused[subject] = str(refusal)
    return refused


def permit(tx: Tx, subject_ref: str, operation: Operation, gateway: Gateway | None = None) -> May:
    """Return that this use of one person's data may be. Raises Barred with the sentence that says why not (RES-1)."""
    return may_use(_on_record(tx, [subject_ref])[subject_ref], ALL, ALL, operation, gateway)


def permits(
    tx: Tx, subjects: Iterable[str], operation: Operation, gateway: Gateway | None = None
) -> tuple[dict[str, May], dict[str, str]]:
    """Return for each person that the use may be, and for the others the sentence that says why not."""
    allowed, refused = {}, {}
    for subject, item in _on_record(tx, sorted(set(subjects))).items():
        try:
            allowed[subject] = may_use(item, ALL, ALL, operation, gateway)
        except Barred as barred:
            refused[subject] = str(barred)
    return allowed, refused


def _on_record(tx: Tx, subjects: list[str]) -> dict[str, OnRecord]:
    restrictions, kept = standing_on(tx, subjects), kept_grounds(tx, subjects)
    return {
        each: OnRecord(
            each, restrictions=frozenset(one.ground for one in restrictions.get(each, ())),
            kept=frozenset(kept.get(each, ())),
        )
        for each in subjects
    }
