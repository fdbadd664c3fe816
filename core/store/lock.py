"""The store's own lock: one process holds a store for its whole life, and others are told which."""

import fcntl
import os
from pathlib import Path

from core.law.errors import Refused


class Held(Refused):
    """Another process holds the store."""


class StoreLock:
    """An `flock` on `<store>.lock` with the holder's process id inside.

    The live database file itself is never opened by us: closing any descriptor of it drops DuckDB's own lock.
    """

    def __init__(self, store: Path) -> None:
        self._path = store.with_name(store.name + ".lock")
        self._descriptor: int | None = None

    def take(self) -> None:
        """Take the lock or raise Held with the sentence that names the holder."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(descriptor)
            raise Held(
                f"The store {self._path.name.removesuffix('.lock')} is held by process {holder}. "
                "Only one desk can have a store open: use that one, or stop it first."
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Let go; the file stays, so that no two processes ever lock two different files of one name."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
