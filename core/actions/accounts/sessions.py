"""Sessions: signing in and out, resolving who sits there, and proving it again for one step."""

import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from core.actions.accounts import codes, devices, passwords
from core.actions.accounts.first_password import set_first_password
from core.actions.desk import things, throttle
from core.actions.desk.act import act, enter_refusal, repeated, step_up_for
from core.actions.desk.desk import Desk, Person
from core.law.acts import Act
from core.law.errors import Conflict, Invalid, NotAllowed, SignedOut
from core.law.roles import Role
from core.store.clock import SKEW
from core.store.duckdb import WriteConflict
from core.store.durable import Unwritten
from core.store.engine import Row, Store, Tx, random_ref

IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=8)
STEP_UP = timedelta(minutes=5)
SEEN_EVERY = timedelta(minutes=1)
NOT_IN = (
    "This sign-in did not work. Check the name, the password and, if you use one, the one-time code. "
    "After several failures an answer takes some seconds."
)
__all__ = [
    "SignedIn", "change_password", "end_sessions", "resolve_session", "set_first_password", "sign_in", "sign_out",
    "step_up", "stepped_up",
]

_seen: WeakKeyDictionary[Store, dict[str, datetime]] = WeakKeyDictionary()
_seen_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: the token for the cookie, which is kept nowhere else, and who it is for."""

    token: str
    person: Person
    device: str  # what its browser keeps, so that it is known from now on


def sign_in(
    store: Store, now: datetime, name: str, password: str, code: str, source: str, *, lane: str = "", device: str = "",
    cost: int = passwords.COST,
) -> SignedIn:
    """Open a session for a name, a password and, for accounts that use them, a one-time code.

    `source` is where the attempt comes from (an address), kept as a keyed hash only, `lane` who waits there, `device` what
    this browser keeps from an earlier sign-in; after failures an attempt waits for its turn, at most 25 seconds. Every
    other session of the account ends. Raises SignedOut with one and the same sentence, after the same work, for an unknown
    name, a wrong password, a wrong code and a disabled account, and throttle.NotLookedAt for an attempt that had no turn;
    NotAllowed when the account holds no role.
    """
    name = plain_name(name)
    attempt = throttle.admit(store, now, name, source, device=devices.known(store, now, name, device), lane=lane)
    account, roles = _account(store, now, name)
    usable = account is not None and account["disabled_at"] is None
    right = passwords.verify(store, password, account["password_hash"] if account and usable else None, cost=cost,
                             familiar=bool(attempt.device))
    step = codes.matching_step(store, account, code, now) if account else None
    if account is None or not right or not codes.satisfied(account, step):
        refusal = SignedOut(NOT_IN)
        who = account["actor_ref"] if account else "unknown"
        enter_refusal(Desk(store, Person("", who, "", roles), now), Act.SIGN_IN, refusal)
        raise refusal
    token, ref = secrets.token_urlsafe(32), random_ref()
    hashed = _hash(store, token)
    person = Person(account["id"], account["actor_ref"], account["name"], roles, ref, hashed)
    if not roles:
        lacking = NotAllowed("Your account holds no role at present: ask an administrator.")
        enter_refusal(Desk(store, person, now), Act.SIGN_IN, lacking)
        raise lacking
    _open(Desk(store, person, now), account, step)
    throttle.succeed(store, attempt)
    return SignedIn(token, person, devices.issue(store, now, name))


@repeated
def _open(desk: Desk, account: Row, step: int | None) -> None:
    person, now = desk.person, desk.now
    moment = desk.steady
    with act(desk, Act.SIGN_IN) as doing:
        tx = doing.tx
        if not tx.run("accounts.signed_in", id=person.account_id, now=now, password_hash=account["password_hash"]):
            raise SignedOut(NOT_IN)  # disabled, or given another password, while this one was checked
        if step is not None and not tx.run("accounts.use_step", id=person.account_id, step=step):
            raise SignedOut(NOT_IN)
        live = tx.rows("sessions.live", account_id=person.account_id, now=moment, idle_since=moment - IDLE)[0]["sessions"]
        if live:
            doing.detail["ended_sessions"] = live
        tx.run("sessions.end_all", account_id=person.account_id, now=now)
        tx.run(
            "sessions.add", session_hash=person.session_hash, account_id=person.account_id,
            sign_in_ref=person.sign_in_ref, now=moment, ends_at=moment + ABSOLUTE,
        )


def resolve_session(store: Store, now: datetime, token: str | None, *, active: bool = True) -> Person | None:
    """Return who a token belongs to at this moment, with the roles valid now; None when there is no such session.

    A session ends after 15 minutes without use, after 8 hours at the latest, and at once when it is revoked, when
    the account is disabled or holds no role any more. With `active` False (a page that polls) looking is no use.
    Setting the machine's clock neither ends nor prolongs it. A full disk keeps nobody from reading on.
    """
    if not isinstance(token, str) or not 20 <= len(token) <= 100:
        return None
    hashed, moment = _hash(store, token), store.clock.steady(now)
    with store.transaction() as tx:
        row = tx.one("sessions.open", session_hash=hashed, now=moment)
        roles = _roles(tx, row["account_id"], now) if row else frozenset()
        memory = _memory(store)
        if row is None or not roles:
            memory.pop(hashed, None)
            return None
        last = max(row["seen_at"], memory.get(hashed, row["seen_at"]))
        if not -SKEW <= moment - last < IDLE:
            memory.pop(hashed, None)
            _write(store, tx, "sessions.end", session_hash=hashed, now=now)
            return None
        if active:
            memory[hashed] = max(moment, last)
            if moment - row["seen_at"] >= SEEN_EVERY:
                _write(store, tx, "sessions.seen", session_hash=hashed, now=moment)
    return Person(
        row["account_id"], row["actor_ref"], row["name"], roles, row["sign_in_ref"], hashed,
        row["stepped_up_until"], row["stepped_up_for"] or "",
    )


def sign_out(store: Store, now: datetime, token: str) -> None:
    """End the session of this token; nothing happens when it had ended before."""
    person = resolve_session(store, now, token, active=False)
    if person is not None:
        end_sessions(Desk(store, person, now), only_this=True)


@repeated
def end_sessions(desk: Desk, *, only_this: bool = False) -> None:
    """End the person's own session, or all of them; entered as a sign-out."""
    with act(desk, Act.SIGN_OUT) as now:
        if only_this:
            now.tx.run("sessions.end", session_hash=desk.person.session_hash, now=desk.now)
        else:
            now.tx.run("sessions.end_all", account_id=desk.person.account_id, now=desk.now)
    _memory(desk.store).pop(desk.person.session_hash, None)


def step_up(desk: Desk, password: str, what: Act, thing: str = "", *, cost: int = passwords.COST) -> None:
    """Prove once more who sits there: for five minutes, for one act on one thing, used up by that act.

    `thing` is the id of the request (or package, account, role) that the act will name. Raises Invalid when the
    password is wrong; failures count as those of a sign-in.
    """
    source = f"step-up:{desk.person.account_id}"
    attempt = throttle.begin_attempt(desk.store, desk.now, source)
    with desk.store.transaction() as tx:
        account = tx.one("accounts.by_id", id=desk.person.account_id)
    kept = account["password_hash"] if account and attempt else None
    right = passwords.verify(desk.store, password, kept, cost=cost) if attempt else False
    _step_up(desk, right, what, thing)
    throttle.forgive(desk.store, attempt or "", source)


@repeated
def _step_up(desk: Desk, right: bool, what: Act, thing: str) -> None:
    with act(desk, Act.STEP_UP, things.act(what.value)) as now:
        if not right:
            raise Invalid("This is not your password. After ten failures wait fifteen minutes.", "password")
        changed = now.tx.run(
            "sessions.step_up", session_hash=desk.person.session_hash, until=desk.steady + STEP_UP,
            bound=step_up_for(what, thing),
        )
        if not changed:
            raise SignedOut("Your session has ended: sign in again.")


def stepped_up(desk: Desk, what: Act, thing: str = "") -> bool:
    """Whether a step-up for this act on this thing stands at this moment."""
    person = desk.person
    until = person.stepped_up_until
    return until is not None and until >= desk.steady and person.stepped_up_for == step_up_for(what, thing)


def change_password(desk: Desk, old: str, new: str, *, key: str, cost: int = passwords.COST) -> None:
    """Change one's own password; every session of the account, this one too, ends.

    Raises Invalid for a wrong old password (counted as a failure) or a new one that may not be chosen.
    """
    source = f"step-up:{desk.person.account_id}"
    attempt = throttle.begin_attempt(desk.store, desk.now, source)
    with desk.store.transaction() as tx:
        account = tx.one("accounts.by_id", id=desk.person.account_id)
    right = attempt is not None and account is not None and passwords.verify(
        desk.store, old, account["password_hash"], cost=cost
    )
    fresh = ""
    if right and account:
        passwords.check_choice(new, account["sign_in_name"], account["name"])
        fresh = passwords.hash_password(desk.store, new, cost=cost)
    _change(desk, fresh, key)
    throttle.forgive(desk.store, attempt or "", source)


@repeated
def _change(desk: Desk, fresh: str, key: str) -> None:
    with act(desk, Act.PASSWORD_SET, key=key) as now:
        if now.earlier is not None:
            return
        if not fresh:
            raise Invalid("This is not your password. After ten failures wait fifteen minutes.", "old")
        if not now.tx.run("accounts.set_password", id=desk.person.account_id, password_hash=fresh):
            raise Conflict("The account was disabled meanwhile.")
        now.tx.run("sessions.end_all", account_id=desk.person.account_id, now=desk.now)


def plain_name(name: str) -> str:
    """Return a sign-in name as it is compared: without outer blanks, small letters, at most 200 characters."""
    return name[:200].strip().lower()


def _account(store: Store, now: datetime, name: str) -> tuple[Row | None, frozenset[Role]]:
    with store.transaction() as tx:
        account = tx.one("accounts.by_sign_in_name", sign_in_name=name)
        return account, _roles(tx, account["id"] if account else "", now)  # the same work for a name that nobody has


def _roles(tx: Tx, account_id: str, now: datetime) -> frozenset[Role]:
    return frozenset(Role(row["role"]) for row in tx.rows("accounts.roles", account_id=account_id, now=now))


def _hash(store: Store, token: str) -> str:
    return store.keyed_hash("sessions", token).hex()


def _memory(store: Store) -> dict[str, datetime]:
    with _seen_lock:
        return _seen.setdefault(store, {})


def _write(store: Store, tx: Tx, name: str, **parameters: object) -> None:
    """Note something about the session that a neighbour may have noted at the same moment, or for which no space is left."""
    try:
        tx.run(name, **parameters)
        store.commit(tx)
    except (WriteConflict, Unwritten):
        return
