"""A loaded process that writes its store anew and kills itself just before a step of that."""

import os
import signal
import sys
import threading
from pathlib import Path

from core.actions.desk.desk import present
from core.store.engine import Store
from core.store.purge import purge
from tests.faults.load import say, work


def main(path: str, seed: int, last: str = "") -> None:
    """Purge once under load, then once more up to the step `last`; without one, again and again."""
    store = Store.open(Path(path), present())
    say("open")
    for number in range(3):
        threading.Thread(target=work, args=(store, number, seed), daemon=True).start()
    work(store, 3, seed, steps=8)
    purge(store, present())
    say("purged")
    while not last:
        purge(store, present())

    def die(step: str) -> None:
        if step == last:
            os.kill(os.getpid(), signal.SIGKILL)

    purge(store, present(), die)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
