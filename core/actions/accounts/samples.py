"""The accounts of a demo store: one for each role, with a password that the sign-in page shows."""

from datetime import datetime, timedelta

from core.actions.accounts import passwords
from core.actions.desk.act import act, repeated
from core.actions.desk.desk import operator_desk
from core.law.acts import Act
from core.law.errors import NotPossible
from core.law.roles import SETUP_DAYS, Role
from core.store.engine import Store, new_id, random_ref

DEMO_PASSWORD = "rightsdesk demo only"  # noqa: S105 - of the accounts of a demo store, which show it on the page
TEAM = "Customer rights"  # of those who handle requests
DEMO = (
    ("dpo", "Demo DPO", Role.DPO),
    ("steward", "Demo Steward", Role.STEWARD),
    ("steward2", "Demo Steward Two", Role.STEWARD),
    ("approver", "Demo Approver", Role.APPROVER),
    ("manager", "Demo Manager", Role.MANAGER),
    ("analyst", "Demo Analyst", Role.ANALYST),
    ("administrator", "Demo Administrator", Role.ADMINISTRATOR),
    ("administrator2", "Demo Administrator Two", Role.ADMINISTRATOR),
    ("marketer", "Demo Marketer", Role.MARKETER),
    ("setup", "Demo Set-up", Role.SETUP),
)


@repeated
def demo_accounts(
    store: Store, now: datetime, password: str, *, setup_from: datetime | None = None, cost: int = passwords.COST
) -> list[str]:
    """Make the demo accounts, each with its role and the same password; return their sign-in names.

    `setup_from` is when the set-up role starts, which ends 14 days later; the other roles start `now`.

    Raises NotPossible in a store that is no demo store (its kind never changes), or that has accounts.
    """
    if store.kind != "demo":
        raise NotPossible("Demo accounts exist only in a demo store.")
    passwords.check_choice(password)
    set_up = setup_from or now
    hashed = passwords.hash_password(store, password, cost=cost)
    with act(operator_desk(store, "", now), Act.STORE_BOOTSTRAP) as doing:
        if doing.tx.rows("accounts.count")[0]["accounts"]:
            raise NotPossible("There are accounts already.")
        for sign_in_name, name, role in DEMO:
            account = new_id(now)
            doing.tx.run(
                "accounts.add", id=account, actor_ref=random_ref(), sign_in_name=sign_in_name, name=name,
                password_hash=hashed, now=now, made_by="demo",
            )
            if role in {Role.DPO, Role.STEWARD}:
                doing.tx.run("accounts.join_team", account_id=account, team=TEAM)
            doing.tx.run(
                "accounts.add_role", id=new_id(now), account_id=account, role=role.value, proposed_by="demo", now=now,
                confirmed_by="demo", alone=False, valid_from=set_up if role is Role.SETUP else now,
                valid_until=set_up + timedelta(days=SETUP_DAYS) if role is Role.SETUP else None,
            )
        doing.detail["demo_accounts"] = len(DEMO)
    return [sign_in_name for sign_in_name, _, _ in DEMO]
