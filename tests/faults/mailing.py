"""A process that sends the mails asked for, and says so, until it is killed by the mail server."""

import sys
from pathlib import Path

from core.store.engine import Store
from core.work.worker import run_due
from tests.conftest import NOW


def main(path: str) -> None:
    """Do what is due."""
    store = Store.open(Path(path), NOW)
    run_due(store, NOW)
    print("went on", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
