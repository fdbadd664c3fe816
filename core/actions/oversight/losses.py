"""Going on without what is lost for good beside the store: keys, entries of the ledger, the end of the log."""

from dataclasses import dataclass

from core.actions.desk.act import act, repeated
from core.actions.desk.desk import Desk
from core.law.acts import Act
from core.law.errors import NotPossible
from core.store import witness
from core.store.anchor import AnchorBroken, read_anchor


@dataclass(frozen=True, slots=True)
class Accepted:
    """How many keys and ledger entries the store goes on without, and how many entries its log once had, if more or others."""

    keys: int
    ledger_entries: int
    log_entries: int


@repeated
def accept_losses(desk: Desk) -> Accepted:
    """Enter in the log what is lost, and go on without it; raises NotPossible where nothing is.

    What lost keys sealed stays unreadable; people erased after the ledger's last entry can come back with a backup.
    """
    store = desk.store
    with act(desk, Act.STORE_ACCEPT) as now:
        lost = witness.losses(store, now.tx)
        if not (lost.keys or lost.ledger_entries or store.anchoring.fault):
            raise NotPossible("Nothing is lost: log, keys and ledger hold what they must.")
        reached = _anchored(desk) if store.anchoring.fault else 0
        now.detail |= {"keys": len(lost.keys), "ledger_entries": lost.ledger_entries, "old_entries": reached}
    # After the commit: one that ends here is asked again, and enters it again.
    store.keys.give_up(lost.keys)
    store.troubles, store.anchoring.fault = (), ""
    store.anchoring.write()
    return Accepted(len(lost.keys), lost.ledger_entries, reached)


def _anchored(desk: Desk) -> int:
    try:
        anchor = read_anchor(desk.store.path, desk.store.secrets.derive("anchor"))
    except AnchorBroken:
        return 0
    return anchor.count if anchor is not None and anchor.chain == desk.store.chain else 0
