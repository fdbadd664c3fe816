"""The systems that this desk can reach: one line for each connector, the desk's own records first."""

from collections.abc import Callable

from core.connectors import desk_records, local
from core.connectors.connector import Connector
from core.store.engine import Store

CONNECTORS: dict[str, Callable[[Store], Connector]] = {
    desk_records.SYSTEM: desk_records.DeskRecords,
    local.SYSTEM: local.Local,
}


def connector_of(store: Store, system: str) -> Connector | None:
    """Return the connector of a system of the catalogue, or None where none is connected."""
    make = CONNECTORS.get(system)
    return make(store) if make else None
