"""What the desk could not do by itself: tasks that failed or are being tried again, without a name."""

from dataclasses import dataclass

from core.actions.desk.act import look
from core.actions.desk.desk import Desk
from core.actions.desk.opening import listed
from core.law.acts import Act

WORK = {"package.build": "Building a package", "package.release": "Making a package ready to fetch",
        "package.expire": "Deleting expired packages", "plan.carry_out": "Carrying out a plan",
        "key.destroy": "Destroying the key of an erased person",
        "deadline.recompute": "Working out due dates anew after a change of a calendar or law",
        "store.purge": "Writing the store anew at night", "link.mail": "Sending a link by mail"}


@dataclass(frozen=True, slots=True)
class Trouble:
    """One task in trouble; `request_id` and `reference` are empty where it belongs to no request."""

    request_id: str
    reference: str
    work: str
    given_up: bool
    attempts: int


def failing(desk: Desk) -> list[Trouble]:
    """Return the tasks that were given up in the last 30 days or wait for another try, the newest first.

    Those of a case that this person may not know of are left out.
    """
    with look(desk, Act.QUEUE_LOOK) as now:
        if now.least:
            return []
        return [
            Trouble(
                row["request_id"] or "", row["reference"] or "", WORK.get(row["kind"], "Background work"),
                row["state"] == "failed", row["attempt"],
            )
            for row in listed(desk, now.tx, now.tx.rows("tasks.failing"))
        ]
