"""The purge at night: when it comes, what waits for it, whether it is overdue, and the worker's doing of it."""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.actions.desk.act import look
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import Establishment, establishment
from core.actions.desk.tasks import Task
from core.actions.oversight import purges
from core.law.acts import Act
from core.law.errors import Invalid
from core.store.ledger import ERASED, PURGED, RESTORED, Entry

VARIABLE = "RIGHTSDESK_PURGE_HOUR"
USUAL = 3
WINDOW = timedelta(hours=4)  # a desk that was off at the hour still purges in these, and not while people work
OVERDUE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class NightStanding:
    """How many erasures are not gone from the bytes, since when the first, and when the next purge comes (UTC), if one does."""

    waiting: int
    since: datetime | None
    overdue: bool
    next_at: datetime | None


def hour() -> int | None:
    """Return the hour of the night's purge where the controller is, or None where the operator switched it off.

    Raises Invalid where the setting is neither an hour nor `off`.
    """
    told = os.environ.get(VARIABLE, "").strip().lower()
    if told == "off":
        return None
    if not told:
        return USUAL
    if not (told.isascii() and told.isdigit() and int(told) < 24):
        raise Invalid(f"{VARIABLE} is an hour from 0 to 23, or off. Until it is set right, the purge comes at {USUAL}.", "hour")
    return int(told)


def standing(desk: Desk) -> NightStanding:
    """Return what waits for a purge, and when it comes."""
    with look(desk, Act.STORE_LOOK):
        waiting = _waiting(tuple(desk.store.ledger.entries()))
    since = min(waiting, default=None)
    begun = _begun(establishment(desk.store), desk.now)
    return NightStanding(
        len(waiting), since, since is not None and since < desk.now - OVERDUE,
        _following(establishment(desk.store), desk.now) if begun else None,
    )


def due(desk: Desk) -> bool:
    """Whether a purge is to be asked for now: it is night, something waits, and none was asked for this night."""
    begun = _begun(establishment(desk.store), desk.now)
    if begun is None or desk.now >= begun + WINDOW:
        return False
    with look(desk, Act.STORE_LOOK) as now:
        last = now.tx.one("tasks.last_made", kind=Task.PURGE.value)
        asked = last is not None and last["made_at"] is not None and begun <= last["made_at"] <= desk.now
        return not asked and bool(_waiting(tuple(desk.store.ledger.entries())))


def purge(desk: Desk) -> bool:
    """Write the store anew where an erasure waits for it; return whether it was done. Raises Refused with what to do."""
    if not standing(desk).waiting:
        return False
    purges.purge(desk)
    return True


def _waiting(entries: tuple[Entry, ...]) -> list[datetime]:
    """Return the moments of the erasures whose rows a file may still hold; a file that came back holds all from before."""
    covered = max((purges.known_at(entry) for entry in entries if entry.kind == PURGED), default=0)
    back = max((place for place, entry in enumerate(entries) if entry.kind == RESTORED), default=-1)
    first = 0 if covered <= back else covered
    return [entry.happened_at for place, entry in enumerate(entries) if entry.kind == ERASED and place >= first]


def _begun(here: Establishment, now: datetime) -> datetime | None:
    """Return when the latest night's hour struck, in UTC; None where the purge is off."""
    at = _hour_or_usual()
    if at is None:
        return None
    local = here.local(now).replace(tzinfo=None, fold=0)  # an hour that comes twice strikes once
    struck = local.replace(hour=at, minute=0, second=0, microsecond=0)
    return here.utc(struck if struck <= local else struck - timedelta(days=1))


def _following(here: Establishment, now: datetime) -> datetime | None:
    begun = _begun(here, now)
    if begun is None:
        return None
    following = here.local(begun).replace(tzinfo=None, fold=0) + timedelta(days=1)
    return here.utc(following)


def _hour_or_usual() -> int | None:
    try:
        return hour()
    except Invalid:  # a slip of the pen must not leave erased data behind
        return USUAL
