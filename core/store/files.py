"""The files of a store: its companions stand beside it, under its own name with an ending."""

from pathlib import Path


def beside(store: Path, suffix: str) -> Path:
    """Return the path of a companion file of the store, `<store><suffix>`."""
    return store.with_name(store.name + suffix)
