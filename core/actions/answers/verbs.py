"""The verbs that the desk can carry out, one line each: how it is planned, done, searched again and finished."""

from core.actions.answers.erasure import erasing
from core.actions.answers.planned import Verb
from core.actions.answers.rectification import rectifying
from core.actions.answers.restriction import stopping
from core.law.errors import NotPossible
from core.law.ways import RIGHTS, Kind

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
