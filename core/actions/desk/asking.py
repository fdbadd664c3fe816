"""Whom a decision is asked of: a named person and, after some days, a deputy, neither of whom worked on it."""

from collections.abc import Callable, Collection

from core.actions.desk.act import Now
from core.actions.desk.desk import Desk
from core.actions.desk.opening import require_second, worked_on
from core.law.acts import ACTS, Act
from core.law.errors import Invalid, NotAllowed
from core.law.roles import Role

LONGEST_WAIT = 28  # days after which the deputy is asked at the latest


def check_asked(
    desk: Desk, now: Now, approver_id: str, deputy_id: str | None, deputy_after_days: int, *, countersigned: bool = False
) -> None:
    """Raise Invalid for a person who may not be asked: own work, no such role, or kept apart from the case.

    `countersigned` is a letter that a data protection officer approves beside an approver, own work or not.
    """
    if not 1 <= deputy_after_days <= LONGEST_WAIT:
        raise Invalid(f"The deputy is asked after 1 to {LONGEST_WAIT} days.", "deputy_after_days")
    if deputy_id is not None and deputy_id == approver_id:
        raise Invalid("Choose another person as the deputy.", "deputy_id")
    done = {desk.person.account_id: "prepared this"} | worked_on(now.tx, now.at)
    for field, account in (("approver_id", approver_id), ("deputy_id", deputy_id)):
        if account is None:
            continue
        if not may(desk, now, account, Act.RELEASE_APPROVE):
            raise Invalid("Choose somebody who may approve this.", field)
        own = done.get(account)
        if own and not (countersigned and holds(desk, now, account, {Role.DPO})):
            raise Invalid(f"This person {own}. Choose somebody who did not work on it.", field)
        if now.tx.rows("cases.barred", case_ref=now.at.case.case_ref, account_id=account):
            raise Invalid("This person may not handle that case. Choose somebody else.", field)


def may(desk: Desk, now: Now, account_id: str, what: Act) -> bool:
    """Whether an account holds a role today to which the table of acts gives the act, in whatever scope."""
    return holds(desk, now, account_id, ACTS[what].roles)


def holds(desk: Desk, now: Now, account_id: str, roles: Collection[Role]) -> bool:
    """Whether an account holds one of the roles today."""
    return bool(now.tx.rows("accounts.holding", account_id=account_id, roles=sorted(roles), now=desk.now))


def barred_second(desk: Desk, now: Now, what: Act, *further: Callable[[], None]) -> str:
    """Return why this person may not be the second one for the thing of an act, or nothing; `further` rules may refuse too."""
    try:
        require_second(desk, now.tx, what, now.of, now.opened)
        for rule in further:
            rule()
    except NotAllowed as refusal:
        return str(refusal)
    return ""
