"""Under which address people outside reach this desk; a link is made only where that is known and encrypted."""

import os

from core.law.errors import NotPossible
from core.store.engine import Store

VARIABLE = "PUBLIC_URL"


def public_address(store: Store) -> str:
    """Return the address without a slash at its end: PUBLIC_URL, https for a live store.

    A demo or bench store without one is reached on this machine only, where its links can be tried.
    Raises NotPossible with what the operator has to set.
    """
    told = os.environ.get(VARIABLE, "").strip().rstrip("/")
    if store.kind != "live":
        return told or f"http://127.0.0.1:{os.environ.get('PORT', '8501')}"
    if not told.startswith("https://"):
        raise NotPossible(
            f"A link needs the desk's address on the internet: the operator sets {VARIABLE} to it, with https."
        )
    return told
