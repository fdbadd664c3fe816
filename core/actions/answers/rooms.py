"""The rooms of the rights, one line each: what the desk can answer with a copy or carry out by a plan."""

from typing import Any

from core.actions.answers.access.access_room import ACCESS
from core.actions.answers.erasure.erasing import ERASURE
from core.actions.answers.portability.portability_room import PORTABILITY
from core.actions.answers.rectification.rectifying import RECTIFICATION
from core.actions.answers.restriction.stopping import RESTRICTION, SUPPRESSION
from core.actions.answers.room import CopyRoom, PlanRoom, Room
from core.law.errors import NotPossible
from core.law.ways import Kind

ROOMS: dict[Kind, Room] = {
    Kind.ACCESS: ACCESS,
    Kind.PORTABILITY: PORTABILITY,
    Kind.RECTIFICATION: RECTIFICATION,
    Kind.RESTRICTION: RESTRICTION,
    Kind.ERASURE: ERASURE,
    Kind.OBJECTION_MARKETING: SUPPRESSION,
    Kind.CONSENT_WITHDRAWAL: SUPPRESSION,
}


def copy_room(kind: str) -> CopyRoom[Any]:
    """Return the room of a right that is answered with a copy. Raises NotPossible for another."""
    room = ROOMS.get(Kind(kind))
    if not isinstance(room, CopyRoom):
        raise NotPossible("This right is not answered with a copy of the data.")
    return room


def plan_room(kind: str) -> PlanRoom:
    """Return the room of a right that is carried out by a plan. Raises NotPossible for another."""
    room = ROOMS.get(Kind(kind))
    if not isinstance(room, PlanRoom):
        raise NotPossible("For this right the desk makes no plan of this kind.")
    return room
