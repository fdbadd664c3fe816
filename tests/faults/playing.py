"""A process that plays requests of every right and stage, and says each entry of the log once it is durable, until it is killed.

With a kind of task it kills itself when the worker takes one up: `before` its work, or `after` it and before its end is noted.
"""

import os
import signal
import sys
from pathlib import Path

from core.actions.desk.act import act
from core.actions.desk.desk import operator_desk, present
from core.actions.desk.establishment import keep
from core.actions.desk.tasks import Task
from core.commands.making import EXAMPLE
from core.demo import sample
from core.law.acts import Act
from core.store.engine import Store, new_id
from core.work import tasks
from core.work.worker import run_due
from tests.faults.load import say

BY_THE_CLOCK = {Task.EXPIRE, Task.RECOMPUTE, Task.PURGE}


def hear(store: Store) -> None:
    """Say of each commit how many entries the log has after it, and the hash of the last."""
    grown = store.grown

    def growing(count: int, head: bytes) -> None:
        grown(count, head)
        say("entry", str(count), head.hex())

    store.grown = growing  # type: ignore[method-assign]


def die_in(kind: Task, when: str) -> None:
    """Kill this process at the first task of the kind that is taken up."""
    work = tasks.HANDLERS[kind]

    def working(desk, thing):
        if when == "before":
            die()
        work(desk, thing)
        die()

    tasks.HANDLERS[kind] = working


def ask(store: Store, kind: Task) -> None:
    """Ask for a task that the clock brings and no story."""
    with store.transaction() as tx:
        tx.run(
            "tasks.add", id=new_id(), kind=kind.value, object_id="clockwork", case_ref=None, request_id=None,
            not_before=present(), made_at=present(),
        )
        store.commit(tx)


def die() -> None:
    """Kill this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(path: str, seed: str, kind: str = "", when: str = "") -> None:
    """Play every story of the demo store once."""
    store = Store.open(Path(path), present())
    with act(operator_desk(store, f"player-{seed}", present()), Act.STORE_CREATE) as now:
        keep(store, now.tx, EXAMPLE)
    hear(store)
    if kind:
        die_in(Task(kind), when)
    say("open")
    if kind in BY_THE_CLOCK:
        ask(store, Task(kind))
        run_due(store, present())
    sample.fill(store, present())
    say("played")
    die()


if __name__ == "__main__":
    main(*sys.argv[1:])
