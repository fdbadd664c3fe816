"""What the worker is asked to do: kinds of tasks, and how an act leaves one behind in its own transaction."""

from enum import StrEnum

from core.actions.desk.act import Now, new_id
from core.actions.desk.desk import Desk

WHOLE = "clockwork"  # the object of what is done for the whole store


class Task(StrEnum):
    """The kinds of work done behind the pages."""

    BUILD = "package.build"
    RELEASE = "package.release"
    EXPIRE = "package.expire"
    CARRY_OUT = "plan.carry_out"
    HAND_BACK = "plan.hand_back"
    DESTROY_KEY = "key.destroy"
    RECOMPUTE = "deadline.recompute"
    MAIL_LINK = "link.mail"
    PURGE = "store.purge"


def enqueue(desk: Desk, now: Now, kind: Task, object_id: str) -> None:
    """Ask the worker for a task about an object; one that is asked for already is not asked for twice."""
    if now.tx.rows("tasks.pending", kind=kind.value, object_id=object_id):
        return
    now.tx.run(
        "tasks.add", id=new_id(desk.now), kind=kind.value, object_id=object_id, case_ref=now.case,
        request_id=now.request, not_before=desk.now, made_at=desk.now,
    )
