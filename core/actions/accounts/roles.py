"""Roles of accounts: proposed, confirmed by a second person, shortened, ended; never one's own."""

from datetime import date, datetime, time, timedelta

from core.actions.accounts.first_password import BY_BOOTSTRAP
from core.actions.desk import things
from core.actions.desk.act import act, repeated
from core.actions.desk.desk import Desk
from core.law.acts import Act
from core.law.errors import Conflict, Invalid, NotAllowed, NotFound, NotPossible
from core.law.roles import GRANTABLE, PRIVILEGED, SETUP_DAYS, Role, check_pair
from core.law.typed import check_day
from core.store.engine import Row, Tx, new_id


@repeated
def propose_role(desk: Desk, account_id: str, role: Role, valid_until: date | None, *, key: str) -> bool:
    """Give an account a role until the end of a day (UTC); return whether it holds at once.

    A privileged role, and a longer time for a role held, wait for a second person. While the desk has not yet had
    both a DPO and a second administrator, the first administrator grants alone, and the row and the log say so.
    Raises NotAllowed for one's own account or roles that nobody may hold together, Invalid for the day.
    """
    with act(desk, Act.ROLE_PROPOSE, things.account(account_id), key=key) as now:
        if now.earlier is not None:
            return now.earlier == "holds"
        if account_id == desk.person.account_id:
            raise NotAllowed("Nobody changes their own roles: ask another administrator.")
        if role not in GRANTABLE:
            raise Invalid("Choose a role from the list.", "role")
        account = now.tx.one("accounts.by_id", id=account_id)
        if account is None:
            raise NotFound("There is no such account.")
        if account["disabled_at"] is not None:
            raise NotPossible("This account is disabled.")
        rows = now.tx.rows("accounts.roles_of", account_id=account_id, now=desk.now)
        check_pair({Role(row["role"]) for row in rows if row["standing"] != "ended"} - {role}, role)
        until = _until(role, valid_until, desk.now)
        again = _check_again(role, until, rows)
        alone = _founding(now.tx, desk)
        holds = alone or not (role in PRIVILEGED or again)
        fresh = new_id(desk.now)
        now.tx.run(
            "accounts.add_role", id=fresh, account_id=account_id, role=role.value, proposed_by=desk.person.account_id,
            now=desk.now, confirmed_by=None, valid_from=desk.now if holds else None, valid_until=until,
            alone=alone and (role in PRIVILEGED or again),
        )
        if holds:
            _take_effect(now.tx, desk, fresh, account_id, role)
        now.detail |= {"role": role.value, "holds": int(holds)}
        if alone and (role in PRIVILEGED or again):
            now.detail["alone"] = 1
        now.result = "holds" if holds else "waits"
    return holds


@repeated
def confirm_role(desk: Desk, role_id: str, *, key: str) -> None:
    """Confirm a proposed role as the second person.

    Raises NotAllowed for one's own proposal, role, or an account one made; NotPossible when nothing waits any more.
    """
    with act(desk, Act.ROLE_CONFIRM, things.role(role_id), key=key) as now:
        if now.earlier is not None:
            return
        row = _role(now.tx, role_id)
        me = desk.person.account_id
        if me == row["account_id"]:
            raise NotAllowed("Nobody changes their own roles: another person must confirm this one.")
        if me == row["proposed_by"]:
            raise NotAllowed("You proposed this role: another person must confirm it.")
        if me == row["made_by"]:
            raise NotAllowed("You made this account: another person must confirm its roles.")
        if row["ended_at"] is not None or row["valid_from"] is not None or row["disabled_at"] is not None:
            raise NotPossible("This proposal does not wait any more.")
        if row["valid_until"] is not None and row["valid_until"] <= desk.now:
            raise NotPossible("The last day of this proposal is over: propose the role anew.")
        role = Role(row["role"])
        rows = now.tx.rows("accounts.roles_of", account_id=row["account_id"], now=desk.now)
        check_pair({Role(other["role"]) for other in rows if other["standing"] == "active"} - {role}, role)
        if role is Role.SETUP:
            _check_again(role, row["valid_until"], [other for other in rows if other["id"] != role_id])
        if not now.tx.run("accounts.confirm_role", id=role_id, confirmed_by=me, now=desk.now):
            raise Conflict("Somebody was faster: look at the account again.")
        _take_effect(now.tx, desk, role_id, row["account_id"], role)
        now.detail["role"] = role.value


@repeated
def end_role(desk: Desk, role_id: str, *, key: str, last_day: date | None = None) -> None:
    """End a role or drop a proposal at once, or shorten the role to a last day. One person is enough.

    Raises NotAllowed for one's own role, Invalid for a day that would lengthen it, NotPossible for the last
    administrator or a role that has ended.
    """
    with act(desk, Act.ROLE_END, things.role(role_id), key=key) as now:
        if now.earlier is not None:
            return
        row = _role(now.tx, role_id)
        if row["account_id"] == desk.person.account_id:
            raise NotAllowed("Nobody changes their own roles: ask another person.")
        if row["ended_at"] is not None or (row["valid_until"] is not None and row["valid_until"] <= desk.now):
            raise NotPossible("This role has ended already.")
        others = now.tx.rows("accounts.other_administrators", account_id=row["account_id"], now=desk.now)[0]["accounts"]
        if row["role"] == Role.ADMINISTRATOR and row["valid_from"] is not None and not others:
            raise NotPossible("This is the last administrator: make another one first.")
        if last_day is None:
            now.tx.run("accounts.end_role", id=role_id, now=desk.now, ended_by=desk.person.account_id)
        else:
            until = _until(Role(row["role"]), last_day, desk.now, short=False)
            if not now.tx.run("accounts.shorten_role", id=role_id, valid_until=until):
                raise Invalid("A role can only be shortened here: to lengthen it, propose it anew.", "last_day")
        now.tx.run("sessions.end_all", account_id=row["account_id"], now=desk.now)
        now.detail |= {"role": row["role"], "step": "ended" if last_day is None else "shortened"}


def _take_effect(tx: Tx, desk: Desk, role_id: str, account_id: str, role: Role) -> None:
    """Put the new grant in the place of an earlier one, and end every session opened under the old roles."""
    tx.run(
        "accounts.end_other_roles", id=role_id, account_id=account_id, role=role.value, now=desk.now,
        ended_by=desk.person.account_id,
    )
    tx.run("sessions.end_all", account_id=account_id, now=desk.now)


def _until(role: Role, last_day: date | None, now: datetime, *, short: bool = True) -> datetime | None:
    """Return the instant at which the role ends: the midnight (UTC) after its last day."""
    if last_day is None and role is Role.SETUP:
        last_day = now.date() + timedelta(days=SETUP_DAYS - 1)
    if last_day is None:
        return None
    if last_day < now.date():
        raise Invalid("The last day lies in the past.", "valid_until")
    check_day(last_day, "valid_until", "the last day")
    until = datetime.combine(last_day + timedelta(days=1), time())
    if role is Role.SETUP and short and until > now + timedelta(days=SETUP_DAYS):
        raise Invalid(f"A set-up role ends after at most {SETUP_DAYS} days: choose an earlier day.", "valid_until")
    return until


def _check_again(role: Role, until: datetime | None, rows: list[Row]) -> bool:
    """Whether this is a longer time for a role held, which takes two; refuse what changes nothing.

    A set-up role counts as held from its first day on: it cannot be renewed past its fourteen days.
    """
    same = [row for row in rows if row["role"] == role]
    if any(row["standing"] == "proposed" for row in same):
        raise NotPossible("This role is proposed already and waits for a second person.")
    if role is Role.SETUP:
        starts = [row["valid_from"] for row in same if row["valid_from"] is not None]
        if starts and (until is None or until > min(starts) + timedelta(days=SETUP_DAYS)):
            raise NotPossible(f"A set-up role ends {SETUP_DAYS} days after its first day: use a new account.")
    active = [row for row in same if row["standing"] == "active"]
    for row in active:
        if row["valid_until"] is None or (until is not None and until <= row["valid_until"]):
            raise NotPossible("This account holds the role already; its end can be shortened on the role itself.")
    return bool(active)


def _founding(tx: Tx, desk: Desk) -> bool:
    """Whether this is the first administrator and the desk never yet had a DPO and a second administrator."""
    me = tx.one("accounts.by_id", id=desk.person.account_id)
    if me is None or me["made_by"] != BY_BOOTSTRAP:
        return False
    ever = {row["role"]: row["accounts"] for row in tx.rows("accounts.ever_held")}
    return not (ever.get(Role.DPO.value, 0) >= 1 and ever.get(Role.ADMINISTRATOR.value, 0) >= 2)


def _role(tx: Tx, role_id: str) -> Row:
    row = tx.one("accounts.role", id=role_id)
    if row is None:
        raise NotFound("There is no such role.")
    return row
