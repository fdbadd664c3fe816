"""What the tests of sign-in share: a first administrator, further accounts, a session for each."""

from dataclasses import replace
from datetime import timedelta

from core.actions.accounts import accounts, first_password, sessions
from core.actions.desk.desk import Desk
from core.law.roles import Role
from core.store.engine import random_ref
from tests.conftest import NOW

COST = 4
WORD = "a made-up password of tests"


def first_administrator(store, now=NOW):
    token = accounts.bootstrap(store, now)
    first_password.set_first_password(store, now, token, "Root Marker", WORD, sign_in_name="root", cost=COST)
    return enter(store, "root", now)


def enter(store, name, now=NOW, password=WORD, code="", place="127.0.0.1", device="", whole=False):
    signed = sessions.sign_in(store, now, name, password, code, place, device=device, cost=COST)
    return signed if whole else (signed.token, Desk(store, signed.person, now))


def proven(desk, act, thing):
    sessions.step_up(desk, WORD, act, thing, cost=COST)
    return desk


def make_account(desk, name):
    made = accounts.create_account(desk, name, f"{name} marker", key=random_ref())
    first_password.set_first_password(desk.store, desk.now, made.token, None, WORD, cost=COST)
    return made.account_id


def grant(desk, account, role, until=None):
    from core.law.acts import Act

    return accounts.propose_role(proven(desk, Act.ROLE_PROPOSE, account), account, role, until, key=random_ref())


def later(desk, **spent):
    return replace(desk, now=desk.now + timedelta(**spent))


def entries(store):
    with store.transaction() as tx:
        return tx.rows("log.all_rows", chain=store.chain, first=0, last=10**9)


def founded(store):
    """Return desks of a root, a second administrator and a DPO: the founding is over."""
    _, root = first_administrator(store)
    second, dpo = make_account(root, "second"), make_account(root, "dpo")
    grant(root, second, Role.ADMINISTRATOR)
    grant(root, dpo, Role.DPO)
    return root, enter(store, "second")[1], enter(store, "dpo")[1]
