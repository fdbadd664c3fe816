"""Accounts as the administrators see them: made, invited, disabled; and the colleagues one can assign or ask."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.actions.accounts.first_password import INVITATION, bootstrap, check_names, hash_token
from core.actions.accounts.roles import confirm_role, end_role, propose_role
from core.actions.accounts.samples import demo_accounts
from core.actions.accounts.teams import set_team
from core.actions.desk import things
from core.actions.desk.act import act, look, repeated
from core.actions.desk.desk import Desk
from core.law.acts import Act, may
from core.law.errors import Invalid, NotAllowed, NotFound, NotPossible
from core.law.roles import Role
from core.store.engine import new_id, random_ref

__all__ = [
    "Account", "HeldRole", "Invitation", "Own", "bootstrap", "colleagues", "confirm_role", "create_account",
    "demo_accounts", "disable_account", "end_role", "invite_again", "list_accounts", "own_account", "propose_role",
    "set_team",
]


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role of an account: `state` is active, proposed or ended; `valid_until` is its last day."""

    id: str
    role: Role
    state: str
    valid_until: date | None
    proposed_by: str
    confirmed_by: str | None
    alone: bool = False
    may_confirm: bool = False  # whether the person who looks is the second person for it


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the list."""

    id: str
    name: str
    sign_in_name: str
    roles: tuple[HeldRole, ...]
    disabled: bool
    last_sign_in_at: datetime | None
    invited: bool  # no password was chosen yet
    own: bool
    has_codes: bool
    team: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time token with which the invited person chooses a password; shown once, kept nowhere."""

    account_id: str
    token: str


@dataclass(frozen=True, slots=True)
class Own:
    """What people see of their own account."""

    name: str
    sign_in_name: str
    roles: tuple[tuple[Role, date | None], ...]
    has_codes: bool


def list_accounts(desk: Desk) -> list[Account]:
    """Return every account with its roles; the names of colleagues, none of data subjects."""
    with look(desk, Act.ACCOUNT_LOOK) as now:
        accounts = now.tx.rows("accounts.all")
        roles = now.tx.rows("accounts.all_roles", now=desk.now)
        teams = {row["account_id"]: row["team"] for row in now.tx.rows("accounts.every_team")}
    me = desk.person.account_id
    makers = {row["id"]: row["made_by"] for row in accounts}
    held: dict[str, list[HeldRole]] = {row["id"]: [] for row in accounts}
    for row in roles:
        second = row["standing"] == "proposed" and me not in {
            row["proposed_by"], row["account_id"], makers[row["account_id"]]
        }
        held[row["account_id"]].append(HeldRole(
            row["id"], Role(row["role"]), row["standing"], last_day(row["valid_until"]), row["proposed_by"],
            row["confirmed_by"], row["alone"], second and may(desk.person.roles, Act.ROLE_CONFIRM),
        ))
    return [
        Account(
            row["id"], row["name"], row["sign_in_name"], tuple(held[row["id"]]), row["disabled_at"] is not None,
            row["last_sign_in_at"], not row["has_password"], row["id"] == me, row["has_codes"], teams.get(row["id"], ""),
        )
        for row in accounts
    ]


@repeated
def create_account(desk: Desk, sign_in_name: str, name: str, *, key: str) -> Invitation:
    """Make an account without a password and return its invitation; roles are given apart.

    Raises Invalid for a name that cannot be taken or is taken. Of a repeated command the token is empty: it was shown.
    """
    token = secrets.token_urlsafe(32)
    with act(desk, Act.ACCOUNT_CREATE, key=key) as now:
        now.object_kind = "account"
        if now.earlier is not None:
            return Invitation(now.earlier, "")
        signing, shown = check_names(sign_in_name, name)
        if now.tx.one("accounts.by_sign_in_name", sign_in_name=signing):
            raise Invalid("This sign-in name is taken: choose another.", "sign_in_name")
        account = new_id(desk.now)
        now.object_id = now.result = account
        now.tx.run(
            "accounts.add", id=account, actor_ref=random_ref(), sign_in_name=signing, name=shown, password_hash=None,
            now=desk.now, made_by=desk.person.account_id,
        )
        now.tx.run(
            "accounts.add_token", token_hash=hash_token(desk.store, token), account_id=account, purpose="invitation",
            valid_until=desk.now + INVITATION,
        )
    return Invitation(account, token)


@repeated
def invite_again(desk: Desk, account_id: str, *, key: str) -> Invitation:
    """Return a new invitation for somebody who lost the password or the one-time codes; an earlier one is void.

    The old password holds until the new one is chosen. Nobody can invite themselves.
    """
    token = secrets.token_urlsafe(32)
    with act(desk, Act.ACCOUNT_INVITE, things.account(account_id), key=key) as now:
        if now.earlier is not None:
            return Invitation(account_id, "")
        if account_id == desk.person.account_id:
            raise NotAllowed("Change your own password on the page My account.")
        account = now.tx.one("accounts.by_id", id=account_id)
        if account is None:
            raise NotFound("There is no such account.")
        if account["disabled_at"] is not None:
            raise NotPossible("This account is disabled.")
        now.tx.run("accounts.void_tokens", account_id=account_id, now=desk.now)
        now.tx.run(
            "accounts.add_token", token_hash=hash_token(desk.store, token), account_id=account_id,
            purpose="invitation", valid_until=desk.now + INVITATION,
        )
        now.result = account_id
    return Invitation(account_id, token)


@repeated
def disable_account(desk: Desk, account_id: str, *, key: str) -> None:
    """Disable an account for good: its sessions end and its invitations are void at once.

    Raises NotAllowed for one's own account, NotPossible for the last administrator.
    """
    with act(desk, Act.ACCOUNT_DISABLE, things.account(account_id), key=key) as now:
        if now.earlier is not None:
            return
        if account_id == desk.person.account_id:
            raise NotAllowed("Nobody disables their own account: ask another administrator.")
        if now.tx.one("accounts.by_id", id=account_id) is None:
            raise NotFound("There is no such account.")
        if not now.tx.rows("accounts.other_administrators", account_id=account_id, now=desk.now)[0]["accounts"]:
            raise NotPossible("This is the last administrator: make another one first.")
        if not now.tx.run("accounts.disable", id=account_id, now=desk.now):
            raise NotPossible("This account is disabled already.")
        now.tx.run("accounts.void_tokens", account_id=account_id, now=desk.now)
        now.tx.run("sessions.end_all", account_id=account_id, now=desk.now)


def colleagues(desk: Desk, able: Act | None = None) -> list[tuple[str, str]]:
    """Return (account id, name) of the enabled accounts, only of those who may do `able` when it is given."""
    with look(desk, Act.ACCOUNT_COLLEAGUES) as now:
        rows = now.tx.rows("accounts.holders", now=desk.now)
    names = {row["id"]: row["name"] for row in rows}
    roles: dict[str, set[Role]] = {}
    for row in rows:
        roles.setdefault(row["id"], set()).add(Role(row["role"]))
    return [(who, name) for who, name in names.items() if able is None or may(roles[who], able)]


def own_account(desk: Desk) -> Own:
    """Return the person's own account: names, roles with their last day, whether one-time codes are on."""
    with look(desk, Act.ACCOUNT_OWN) as now:
        account = now.tx.one("accounts.by_id", id=desk.person.account_id)
        roles = now.tx.rows("accounts.roles", account_id=desk.person.account_id, now=desk.now)
    if account is None:
        raise NotFound("There is no such account.")
    return Own(
        account["name"], account["sign_in_name"],
        tuple((Role(row["role"]), last_day(row["valid_until"])) for row in roles),
        account["totp_seed"] is not None and account["totp_last_step"] is not None,
    )


def last_day(until: datetime | None) -> date | None:
    """Return the last day on which a role that ends at this instant is valid."""
    return (until - timedelta(microseconds=1)).date() if until else None
