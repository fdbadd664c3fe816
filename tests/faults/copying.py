"""A process that backs a loaded store up, or restores one, and kills itself just before a step of that."""

import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path

from core.actions.answers.erasure import restores
from core.actions.desk.desk import operator_desk, present
from core.actions.oversight import purges
from core.law.errors import Invalid
from core.store.engine import Store
from tests.faults.load import say, work


def back_up(path: Path, folder: Path, told) -> None:
    """Back up once under load, then once more up to the step; without one, again and again."""
    store = Store.open(path, present())
    say("open")
    for number in range(3):
        threading.Thread(target=work, args=(store, number, os.getpid()), daemon=True).start()
    work(store, 3, os.getpid(), steps=6)
    while True:
        with suppress(Invalid):  # a second backup of the same second has no name
            say("backing", purges.back_up(operator_desk(store, "tester", present()), folder, told=told).name)


def main(what: str, path: str, folder: str, last: str = "", head: str = "") -> None:
    """Back up or restore up to the step `last`."""

    def die(step: str) -> None:
        if step == last:
            os.kill(os.getpid(), signal.SIGKILL)

    if what == "backup":
        back_up(Path(path), Path(folder), die)
    restores.restore(Path(path), Path(folder), "tester", present(), head=head, told=die)
    say("restored")
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
