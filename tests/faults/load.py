"""A process under mixed load that says on its standard output what was acknowledged, until it is killed."""

import sys
import threading
from datetime import date
from pathlib import Path
from random import Random

from core.actions.answers import requests
from core.actions.cases import cases, intake
from core.actions.desk import things
from core.actions.desk.act import act
from core.actions.desk.desk import present
from core.actions.desk.tasks import Task, enqueue
from core.law.acts import Act
from core.law.errors import Refused
from core.law.roles import Role
from core.store.engine import Store
from core.work.worker import Worker
from tests.conftest import desk_of

_out = threading.Lock()


def say(*words: str) -> None:
    """Print one acknowledged act, whole."""
    with _out:
        print(*words, flush=True)


def work(store: Store, number: int, seed: int, steps: int | None = None, stop: threading.Event | None = None) -> None:
    """Take in cases, write notes, start and assign requests, until the process dies, the steps are done or it is stopped."""
    random = Random(seed)
    taken: list[intake.TakenIn] = []
    step = 0
    while step != steps and not (stop and stop.is_set()):
        step += 1
        desk = desk_of(store, Role.STEWARD, name=f"thread{number}", now=present())
        key = f"load-{seed}-{number}-{step:06}"
        try:
            if not taken or random.random() < 0.4:
                made = intake.take_in(
                    desk, intake.Intake(("access",), "email", date(2026, 11, 20), name="Marker", body=f"marker {key}"), key=key
                )
                taken.append(made)
                say("case", made.case_ref, made.reference)
            elif random.random() < 0.2:
                case = random.choice(taken)
                with act(desk, Act.CASE_NOTE, things.case(case.case_ref), key=key) as now:
                    enqueue(desk, now, Task.EXPIRE, key)
                say("task", case.case_ref, key)
            elif random.random() < 0.6:
                case = random.choice(taken)
                cases.add_note(desk, case.case_ref, f"note {key}", key=key)
                say("note", case.case_ref, key)
            else:
                case = taken.pop(0)
                requests.start(desk, case.requests[0][0], version=1, key=key)
                say("start", case.requests[0][0], key)
        except Refused as refusal:
            say("refused", type(refusal).__name__)


def main(path: str, seed: int) -> None:
    """Open the store and keep four threads busy."""
    store = Store.open(Path(path), present())
    say("open")
    Worker(store).start()
    for number in range(4):
        threading.Thread(target=work, args=(store, number, seed), daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
