"""The roles of the desk, and the pairs of roles that nobody may hold together."""

from collections.abc import Collection
from enum import StrEnum

from core.law.errors import NotAllowed


class Role(StrEnum):
    """One hat a person can wear; `operator`, `worker` and `public` are granted to no account."""

    DPO = "dpo"
    STEWARD = "steward"
    APPROVER = "approver"
    MANAGER = "manager"
    ANALYST = "analyst"
    MARKETER = "marketer"
    ADMINISTRATOR = "administrator"
    SETUP = "setup"
    OPERATOR = "operator"
    WORKER = "worker"
    PUBLIC = "public"


# What each role is for, as the permission page and the accounts page say it.
MEANING = {
    Role.DPO: "Data Protection Officer: advises, monitors, may handle requests; never campaigns",
    Role.STEWARD: "handles requests from intake to answer",
    Role.APPROVER: "approves what cannot be undone, never own work",
    Role.MANAGER: "watches deadlines and assigns work, without names of data subjects",
    Role.ANALYST: "questions the log, by pseudonyms",
    Role.MARKETER: "checks audiences",
    Role.ADMINISTRATOR: "makes accounts and proposes roles; reads no personal data",
    Role.SETUP: "connects systems, for at most 14 days",
    Role.OPERATOR: "the command line on the machine of the desk",
    Role.WORKER: "the desk's own background work for an approved plan",
    Role.PUBLIC: "whoever holds a package link and its code, without an account",
}

GRANTABLE = (
    Role.DPO, Role.STEWARD, Role.APPROVER, Role.MANAGER, Role.ANALYST, Role.MARKETER, Role.ADMINISTRATOR, Role.SETUP,
)

# Roles whose grant takes two people (one proposes, another confirms).
PRIVILEGED = frozenset({Role.DPO, Role.APPROVER, Role.ADMINISTRATOR, Role.ANALYST})

SETUP_DAYS = 14

_APART = (
    (Role.DPO, Role.ADMINISTRATOR, "the Data Protection Officer supervises the administrator (Art. 38(6))"),
    (Role.DPO, Role.MARKETER, "the Data Protection Officer stays apart from campaigns (Art. 38(6))"),
    (Role.ADMINISTRATOR, Role.ANALYST, "whoever makes accounts does not read what accounts did"),
)


def check_pair(held: Collection[Role], added: Role) -> None:
    """Refuse a role that may not stand beside the roles already held.

    Raises NotAllowed with the reason.

    >>> check_pair({Role.STEWARD}, Role.APPROVER)
    >>> check_pair({Role.DPO}, Role.ADMINISTRATOR)
    Traceback (most recent call last):
    core.law.errors.NotAllowed: dpo and administrator cannot be held together: the Data Protection Officer \
supervises the administrator (Art. 38(6)).
    """
    if (Role.SETUP in held and added is not Role.SETUP) or (added is Role.SETUP and set(held) - {Role.SETUP}):
        raise NotAllowed("setup cannot be held together with another role: use a separate account that ends.")
    for one, other, why in _APART:
        if (added is one and other in held) or (added is other and one in held):
            raise NotAllowed(f"{one} and {other} cannot be held together: {why}.")
