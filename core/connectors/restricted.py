"""The restrictions that stand on people's data, and the one rule of Article 18 asked about each use of them."""

from collections import defaultdict
from collections.abc import Iterable

from core.law.errors import NotAllowed
from core.law.rights.restriction import Gateway, Operation, Restriction, ground_of, may_process
from core.store.engine import Tx


def standing_on(tx: Tx, subjects: Iterable[str]) -> dict[str, list[Restriction]]:
    """Return the restrictions that stand, by person; who has none is not in it."""
    asked, found = sorted(set(subjects)), defaultdict(list)
    for row in tx.rows("people.standing_restrictions", subjects=asked) if asked else []:
        found[row["subject_ref"]].append(Restriction(ground_of(row["ground"]), row["placed_at"]))
    return dict(found)


def pass_gateway(tx: Tx, subject_ref: str, operation: Operation, gateway: Gateway | None) -> Gateway | None:
    """Return the gateway of Article 18(2) that this use of one person's data passes, None where they are not restricted.

    Raises NotAllowed, naming the four gateways, where the data are restricted and none opens this use (RES-1).
    """
    return may_process(standing_on(tx, [subject_ref]).get(subject_ref, ()), operation, gateway)


def shut(tx: Tx, subjects: Iterable[str], operation: Operation, gateway: Gateway | None = None) -> dict[str, str]:
    """Return the people whose restricted data this use of many must leave out, each with the sentence that says why."""
    refused = {}
    for subject, held in standing_on(tx, subjects).items():
        try:
            may_process(held, operation, gateway)
        except NotAllowed as refusal:
            refused[subject] = str(refusal)
    return refused
