"""The verbs that the desk can carry out, one line each: how it is planned, done, searched again and finished."""

from core.actions import erasing, rectifying, stopping
from core.actions.planned import Verb
from core.law.errors import NotPossible
from core.law.rights import RIGHTS, Kind

VERBS: dict[str, Verb] = {
    "erase": erasing.VERB,
    "restrict": stopping.RESTRICTION,
    "suppress": stopping.SUPPRESSION,
    "rectify": rectifying.VERB,
}


def verb_of(kind: str) -> str:
    """Return the verb of a right of which a plan is made. Raises NotPossible where the desk makes none."""
    verb = RIGHTS[Kind(kind)].verb
    if verb not in VERBS:
        raise NotPossible("For this right the desk makes no plan of this kind.")
    return verb
