"""The files of a store: its companions stand beside it, under its own name with an ending."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.law.errors import Refused


def beside(store: Path, suffix: str) -> Path:
    """Return the path of a companion file of the store, `<store><suffix>`."""
    return store.with_name(store.name + suffix)


@contextmanager
def reaching(store: Path) -> Iterator[None]:
    """Say in a sentence which file of a store the machine does not let this user reach, while it is made or opened."""
    try:
        yield
    except OSError as fault:
        raise Refused(_unreached(Path(fault.filename or store).name, fault.strerror or type(fault).__name__)) from None


def require_writable(store: Path) -> None:
    """Raise Refused where this user may not write the store's file: the engine's own words for it say little."""
    if not os.access(store, os.R_OK | os.W_OK):
        raise Refused(_unreached(store.name, "it may not be read and written"))


def _unreached(name: str, why: str) -> str:
    return (
        f"{name} cannot be opened: {why[:1].lower()}{why[1:]}. The user who runs the desk must own the store's folder and "
        "every file of the store in it."
    )
