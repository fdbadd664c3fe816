"""A process that takes in an objection, with the first message or a later one, says so, and waits to be killed."""

import sys
import threading
from datetime import date
from pathlib import Path

from core.actions.cases import intake, joining
from core.actions.desk.desk import present
from core.law.roles import Role
from core.store.engine import Store
from tests.conftest import desk_of


def main(path: str, address: str, later: bool) -> None:
    """Take in one objection to marketing from the address; `later`, as a message of a case that asked for access."""
    store = Store.open(Path(path), present())
    desk = desk_of(store, Role.STEWARD, now=present())
    objection = intake.Intake(("objection_marketing",), "email", date(2026, 11, 20), email=address, body="Stop.")
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
