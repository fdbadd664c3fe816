"""A process that carries an approved erasure out and kills itself just before, or just after, its commit, or goes on to its end."""

import os
import signal
import sys
from pathlib import Path

from core.actions.answers import carrying
from core.actions.desk.desk import worker_desk
from core.store.engine import Store
from core.store.ledger import ERASING
from core.work.worker import run_due
from tests.actions.correcting import LATER


def main(path: str, carrying_id: str, when: str) -> None:
    """Carry one system out; `before` dies with the ledger's first entry written, `after` before the task is taken up.

    `whenever` says so when it begins, does all that is due, says that it is done, and waits to be killed.
    """
    store = Store.open(Path(path), LATER)
    if when == "whenever":
        print("begun", flush=True)
        while run_due(store, LATER):
            pass
        print("done", flush=True)
        signal.pause()
    commit = store.commit

    def dying(tx):
        if when == "before" and list(store.ledger.entries(ERASING)):
            os.kill(os.getpid(), signal.SIGKILL)
        commit(tx)

    store.commit = dying
    carrying.carry_out(worker_desk(store, LATER), carrying_id)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
