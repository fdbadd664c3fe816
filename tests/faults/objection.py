"""A process that takes in an objection, with the first message or a later one, and waits to be killed, or kills itself."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from core.actions.cases import intake, joining
from core.actions.desk.desk import present
from core.law.roles import Role
from core.store.engine import Store, Tx
from tests.conftest import desk_of


def die_at(path: str, address: str, moment: int) -> None:
    """Take in one objection and die just before the step of this number that touches store, log or ledger.

    Ends by itself, with 0, where the intake has fewer steps.
    """
    store, left = Store.open(Path(path), present()), [moment]

    def before(step: Callable[..., Any]) -> Callable[..., Any]:
        def dying(*given: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return step(*given, **named)

        return dying

    Tx._execute = before(Tx._execute)
    store.commit, store.ledger.add_all = before(store.commit), before(store.ledger.add_all)
    intake.take_in(desk_of(store, Role.STEWARD, now=present()), objection_of(address), key="objection-kill")
    os._exit(0)


def objection_of(address: str) -> intake.Intake:
    """Return an objection to marketing from an address."""
    return intake.Intake(("objection_marketing",), "email", date(2026, 11, 20), email=address, body="Stop.")


def main(path: str, address: str, later: bool) -> None:
    """Take in one objection to marketing from the address; `later`, as a message of a case that asked for access."""
    store = Store.open(Path(path), present())
    desk = desk_of(store, Role.STEWARD, now=present())
    objection = objection_of(address)
    if later:
        access = intake.Intake(("access",), "email", date(2026, 11, 19), name="Marker", body="A copy.")
        case_ref = intake.take_in(desk, access, key="access-before").case_ref
        joining.add_message(desk, case_ref, objection, key="objection-kill")
    else:
        case_ref = intake.take_in(desk, objection, key="objection-kill").case_ref
    print(case_ref, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3] == "later")
