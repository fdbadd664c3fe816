"""A process that does some acts, waits until the log is anchored where it ends, and dies with its write-ahead log unmerged."""

import os
import signal
import sys
import threading
from pathlib import Path

from core.actions.desk.desk import present
from core.store.anchor import read_anchor
from core.store.engine import Store
from tests.faults.load import work


def main(path: str) -> None:
    """Do them in the store at the path."""
    store = Store.open(Path(path), present())
    work(store, 0, 1, steps=24)
    key, again = store.secrets.derive("anchor"), threading.Event()
    while (anchor := read_anchor(store.path, key)) is None or anchor.count < store.tip.count:
        again.wait(0.05)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
