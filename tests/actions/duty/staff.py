"""The colleagues of a walk as accounts of the desk, so that one can be away and another stand in."""

from core.law.roles import Role
from core.store.engine import new_id
from tests.actions.conftest import IMPORTED, hold_role
from tests.conftest import NOW, desk_of

STAFF = {
    "steward": Role.STEWARD, "second": Role.STEWARD, "approver": Role.APPROVER, "other": Role.APPROVER, "deputy": Role.DPO,
    "manager": Role.MANAGER, "analyst": Role.ANALYST,
}


def employ(store, names=STAFF):
    """Give every colleague an account and their role; return the manager's desk."""
    with store.transaction() as tx:
        held = {row["account_id"] for row in tx._cursor.execute("select account_id from account_roles").fetchdf().to_dict("records")}
        for name in names:
            tx.run(
                "accounts.add", id=f"account-{name}", actor_ref=f"actor-{name}", sign_in_name=name, name=f"Name {name}",
                password_hash=None, now=IMPORTED, made_by="x",
            )
        store.commit(tx)
    for name, role in names.items():
        if f"account-{name}" not in held:
            hold_role(store, f"account-{name}", role)
    return desk_of(store, Role.MANAGER, name="manager")


def key():
    return new_id(NOW)
