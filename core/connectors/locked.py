"""What erasures in part left of people: asked before a use of it, so that it serves its ground and nothing else."""

from collections.abc import Iterable

from core.law.errors import NotAllowed
from core.law.rights.erasure import Exemption
from core.law.rights.kept import serves
from core.law.rights.restriction import Operation
from core.store.engine import Tx


def kept_grounds(tx: Tx, subjects: Iterable[str]) -> dict[str, set[Exemption]]:
    """Return on which grounds something is left of people who were erased in part; who has nothing left is not in it.

    What a hold alone keeps serves the claim or the inquiry that the hold is for (Art. 17(3)(e)).
    """
    asked = sorted(set(subjects))
    grounds: dict[str, set[Exemption]] = {}
    for row in tx.rows("kept.locked", subjects=asked) if asked else []:
        known = row["ground"] in set(Exemption)
        grounds.setdefault(row["subject_ref"], set()).add(Exemption(row["ground"]) if known else Exemption.CLAIMS)
    return grounds


def locked(tx: Tx, subjects: Iterable[str], operation: Operation) -> dict[str, str]:
    """Return the people of whom only kept data are left to this use, each with the sentence that says why it is refused."""
    refused = {}
    for subject, held in kept_grounds(tx, subjects).items():
        try:
            serves(held, operation)
        except NotAllowed as refusal:
            refused[subject] = str(refusal)
    return refused
