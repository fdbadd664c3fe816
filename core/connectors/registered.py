"""The systems that this desk can reach: one line for each connector, the desk's own records first."""

from collections.abc import Callable

from core.connectors import desk_records, local
from core.connectors.catalogue import catalogue
from core.connectors.connector import Connector
from core.connectors.outside.manual import Manual
from core.store.engine import Store

CONNECTORS: dict[str, Callable[[Store], Connector]] = {
    desk_records.SYSTEM: desk_records.DeskRecords,
    local.SYSTEM: local.Local,
}


def connector_of(store: Store, system: str, case_ref: str) -> Connector | None:
    """Return the connector of a system of the catalogue, or None where none is connected and nobody answers for it.

    A system with an owner is reached through them, in each case anew.
    """
    if make := CONNECTORS.get(system):
        return make(store)
    by_hand = next((each for each in catalogue().systems if each.code == system and each.owner), None)
    return Manual(store, by_hand, case_ref) if by_hand else None


def by_hand(system: str) -> bool:
    """Whether a system is searched and worked in by its owner."""
    return system not in CONNECTORS and any(each.code == system and each.owner for each in catalogue().systems)
