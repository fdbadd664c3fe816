"""The first password of an account, chosen with a one-time token: for the first administrator, then for the invited."""

import re
import secrets
from datetime import datetime, timedelta

from core.actions.accounts import passwords
from core.actions.desk import things
from core.actions.desk.act import act, repeated
from core.actions.desk.desk import Desk, Person, operator_desk
from core.law.acts import Act
from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.roles import Role
from core.store.engine import Row, Store, Tx, new_id, random_ref

BOOTSTRAP = timedelta(minutes=30)
INVITATION = timedelta(days=3)
BY_BOOTSTRAP = "bootstrap"  # who made the first account
_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,79}")
_GONE = "This token is not valid, or not any more. Ask for a new one."


@repeated
def bootstrap(store: Store, now: datetime, user: str = "") -> str:
    """Return the one-time token (256 bits, valid 30 minutes) for the first administrator; an earlier one is void.

    `user` is the operator's name on the machine. Raises NotPossible once there is an account.
    """
    token = secrets.token_urlsafe(32)
    with act(operator_desk(store, user, now), Act.STORE_BOOTSTRAP) as doing:
        if doing.tx.rows("accounts.count")[0]["accounts"]:
            raise NotPossible("There are accounts already: an administrator makes further ones on the Accounts page.")
        doing.tx.run("accounts.void_bootstrap", now=now)
        doing.tx.run(
            "accounts.add_token", token_hash=hash_token(store, token), account_id=None, purpose="bootstrap",
            valid_until=now + BOOTSTRAP,
        )
    return token


def token_kind(store: Store, now: datetime, token: str) -> str | None:
    """Return what a token that is valid now is for: `bootstrap` or `invitation`; None for any other text."""
    with store.transaction() as tx:
        row = tx.one("accounts.token", token_hash=hash_token(store, token), now=now)
    return row["purpose"] if row else None


def set_first_password(
    store: Store, now: datetime, token: str, name: str | None, password: str, *,
    sign_in_name: str | None = None, cost: int = passwords.COST,
) -> str:
    """Set the password that a token entitles to and return the sign-in name; the token is used up.

    A bootstrap token makes the first administrator and needs `name` and `sign_in_name`; an invitation needs neither.
    Raises NotAllowed for a token that is not valid, Invalid for a name or password that cannot be taken.
    """
    with store.transaction() as tx:
        row = tx.one("accounts.token", token_hash=hash_token(store, token), now=now)
        invited = tx.one("accounts.by_id", id=row["account_id"]) if row and row["account_id"] else None
    if row is None:
        raise NotAllowed(_GONE)
    if invited is None:
        signing, shown = check_names(sign_in_name if sign_in_name is not None else name or "", name or "")
    else:
        signing, shown = invited["sign_in_name"], invited["name"]
    passwords.check_choice(password, signing, shown)
    hashed = passwords.hash_password(store, password, cost=cost)
    if invited is None:
        _make_first(store, now, token, signing, shown, hashed)
    else:
        _set_invited(store, now, token, invited, hashed)
    return signing


@repeated
def _make_first(store: Store, now: datetime, token: str, sign_in_name: str, name: str, hashed: str) -> None:
    account = new_id(now)
    person = Person(account, random_ref(), name, frozenset({Role.ADMINISTRATOR}))
    with act(Desk(store, person, now), Act.PASSWORD_SET, things.account(account)) as doing:
        _use(doing.tx, store, token, now)
        if doing.tx.rows("accounts.count")[0]["accounts"]:
            raise NotAllowed(_GONE)
        doing.tx.run(
            "accounts.add", id=account, actor_ref=person.actor_ref, sign_in_name=sign_in_name, name=name,
            password_hash=hashed, now=now, made_by=BY_BOOTSTRAP,
        )
        doing.tx.run(
            "accounts.add_role", id=new_id(now), account_id=account, role=Role.ADMINISTRATOR.value,
            proposed_by=BY_BOOTSTRAP, now=now, confirmed_by=None, valid_from=now, valid_until=None, alone=True,
        )
        doing.detail |= {"role": Role.ADMINISTRATOR.value, "alone": 1}


@repeated
def _set_invited(store: Store, now: datetime, token: str, account: Row, hashed: str) -> None:
    with store.transaction() as tx:
        held = frozenset(Role(row["role"]) for row in tx.rows("accounts.roles", account_id=account["id"], now=now))
    person = Person(account["id"], account["actor_ref"], account["name"], held)
    with act(Desk(store, person, now), Act.PASSWORD_SET, things.account(account["id"])) as doing:
        _use(doing.tx, store, token, now)
        if not doing.tx.run("accounts.set_password", id=account["id"], password_hash=hashed):
            raise NotAllowed(_GONE)
        doing.tx.run("accounts.put_seed", id=account["id"], seed=None)
        doing.tx.run("accounts.void_tokens", account_id=account["id"], now=now)
        doing.tx.run("sessions.end_all", account_id=account["id"], now=now)
        doing.detail["by"] = "invitation"


def _use(tx: Tx, store: Store, token: str, now: datetime) -> None:
    if not tx.run("accounts.use_token", token_hash=hash_token(store, token), now=now):
        raise NotAllowed(_GONE)


def check_names(sign_in_name: str, name: str) -> tuple[str, str]:
    """Return a sign-in name and a shown name that can be taken. Raises Invalid with the field."""
    signing = sign_in_name.strip().lower()
    if not _NAME.fullmatch(signing):
        raise Invalid("A sign-in name has 2 to 80 small letters, digits or . _ @ + -", "sign_in_name")
    shown = " ".join(name.split())
    if not 1 <= len(shown) <= 120 or not shown.isprintable():
        raise Invalid("Give the person's name, at most 120 characters.", "name")
    return signing, shown


def hash_token(store: Store, token: str) -> str:
    """Return the keyed hash under which a one-time token is kept."""
    return store.keyed_hash("tokens", token[:200]).hex()


def is_empty(store: Store) -> bool:
    """Whether the store has no account yet, so that only the bootstrap token opens it."""
    with store.transaction() as tx:
        return not tx.rows("accounts.count")[0]["accounts"]
