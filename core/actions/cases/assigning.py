"""Who handles a request: assigned, given up, handed over to whoever stands in."""

from dataclasses import dataclass

from core.actions.desk import things
from core.actions.desk.act import act, guard, look, repeated
from core.actions.desk.asking import may
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.actions.desk.opening import NOT_FREE, listed
from core.actions.desk.presence import read_presence
from core.law.acts import Act, Scope, scope
from core.law.errors import Invalid, NotAllowed, NotPossible, Refused
from core.law.workflow import State


@dataclass(frozen=True, slots=True)
class HandedOver:
    """How many requests were given to the deputy, and why some were not, each by its reference."""

    done: int
    refusals: tuple[str, ...]


@repeated
def assign(desk: Desk, request_id: str, owner_id: str | None, *, version: int, key: str) -> str | None:
    """Give a request an owner who can handle it, or whoever stands in for an owner who is away; return who has it now.

    Stewards and approvers assign to themselves, to their own deputy, or give up their own.
    """
    with act(desk, Act.REQUEST_ASSIGN, things.request(request_id), key=key) as now:
        if now.earlier is not None:
            return now.earlier or None
        row, me, today = now.at.request, desk.person.account_id, today_of(desk)
        if row.state == State.CLOSED:
            raise NotPossible("The request is closed.")
        presence = read_presence(now.tx, today)
        if scope(desk.person.roles, Act.REQUEST_ASSIGN) is Scope.FREE and owner_id not in {
            None, me, *(each.deputy_id for each in presence.absences if each.account_id == me)
        }:
            raise NotAllowed(NOT_FREE)
        if owner_id not in {None, me}:  # whoever takes work is there, whatever was entered
            owner_id = presence.stand_in(
                str(owner_id), today, lambda who: may(desk, now, who, Act.PACKAGE_FETCH)
            ) or owner_id
        if owner_id is not None and not may(desk, now, owner_id, Act.PACKAGE_FETCH):
            raise Invalid("Choose somebody who handles requests: a steward or a data protection officer.", "owner")
        if owner_id is not None and now.tx.rows("cases.barred", case_ref=row.case_ref, account_id=owner_id):
            raise NotAllowed("This person may not handle that case. Choose somebody else.")
        guard(now.tx.run("requests.assign", id=request_id, owner_id=owner_id, version=version))
        now.result = owner_id or ""
        now.detail["assigned"] = int(owner_id is not None)
    return owner_id


def hand_over(desk: Desk, absence_id: str, *, key: str) -> HandedOver:
    """Give all open requests of somebody who is or will be away to their deputy, each in an act of its own.

    Sealed cases that the one who does it may not know of stay where they are. Raises NotPossible where no deputy is named.
    """
    with look(desk, Act.ABSENCE_LOOK, things.absence(absence_id)) as now:
        row = now.at.row
        if row["deputy_id"] is None:
            raise NotPossible("No deputy is named for this absence: end it, and enter it again with one.")
        rows = listed(desk, now.tx, now.tx.rows("queue.open_of_owner", owner_id=row["account_id"]))
    done, refusals = 0, []
    for each in rows:
        try:
            assign(desk, each["id"], row["deputy_id"], version=each["version"], key=f"{key}-{each['id']}")
        except Refused as refusal:
            refusals.append(f"{each['reference']}: {refusal}")
        else:
            done += 1
    return HandedOver(done, tuple(refusals))
