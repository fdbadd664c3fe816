"""The brake on guessing: it slows down whoever guesses, and never keeps the right person out for good.

Failures are rows, so that a restart forgets none. A sign-in is looked at in its turn: the more failed on an account or from
one place, the further apart. Who waits in which lane says how soon their turn comes (`turns`), and a browser that signed in
before waits with nobody (`devices`).
"""

import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from core.actions.desk.turns import PATIENCE, Lines
from core.law.errors import SignedOut
from core.store.clock import SKEW
from core.store.durable import Unwritten
from core.store.engine import Store, Tx, new_id, repeated

FAILURES = 10
PAUSE = timedelta(minutes=15)
MEMORY = timedelta(hours=24)
KEPT = 100  # failures of one source that are remembered
FORGIVEN = 5  # failures of a place, for each success from there
ACCOUNT, PLACE, DEVICE = "account", "place", "device"
FREE = {ACCOUNT: 5, PLACE: 20}  # failures that slow nobody down
SHORTEST, LONGEST = 0.5, {ACCOUNT: 5.0, PLACE: 2.0}  # seconds between two turns
NOT_LOOKED_AT = (
    "This was not looked at: too many try to sign in at this moment. Wait ten seconds and send it again from this page; "
    "in a browser in which you have signed in before you do not wait."
)
_COUNTING = threading.Lock()  # parallel guesses are counted one after another, before any of them is checked
_lines: WeakKeyDictionary[Store, Lines] = WeakKeyDictionary()


class NotLookedAt(SignedOut):
    """An attempt that had no turn; whether it was right is not known to anybody."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A sign-in that is looked at now, counted as failed until it succeeds."""

    id: str
    account: str
    place: str
    device: str  # the mark of a browser that is known for this account; '' for any other

    @property
    def sources(self) -> tuple[tuple[str, str], ...]:
        """Return what it is counted under, as kind and name."""
        return ((DEVICE, self.device),) if self.device else ((PLACE, self.place), (ACCOUNT, self.account))


def admit(store: Store, now: datetime, account: str, place: str, *, device: str = "", lane: str = "") -> Attempt:
    """Return the attempt to sign in to an account from a place, when its turn has come.

    `device` is the mark of a known browser, which waits with nobody until ten failures of its own; `lane` tells apart who
    waits at one place. Raises NotLookedAt where too many wait: nothing was counted then.
    """
    if device and _count(store, now, familiar := Attempt(new_id(now), account, place, device)):
        return familiar
    attempt = Attempt(new_id(now), account, place, "")
    if not _count(store, now, attempt):
        _wait(store, now, attempt, lane)
        _count(store, now, attempt, waited=True)
    return attempt


def _wait(store: Store, now: datetime, attempt: Attempt, lane: str) -> None:
    """Wait for a turn at both doors, that of the place and that of the account."""
    end = time.monotonic() + PATIENCE
    for kind, name in attempt.sources:
        with store.transaction() as tx:
            apart = gap(kind, _failures(tx, store, now, kind, name))
        group = attempt.account if kind == PLACE else attempt.place
        if apart and not _lines_of(store).at(f"{kind}:{name}").wait(group, lane, apart, end - time.monotonic()):
            raise NotLookedAt(NOT_LOOKED_AT)


@repeated
def _count(store: Store, now: datetime, attempt: Attempt, *, waited: bool = False) -> bool:
    """Count an attempt as failed in advance; False, with nothing counted, where it has to wait for its turn first."""
    moment = store.clock.steady(now)
    with _COUNTING, store.transaction() as tx:
        tx.run("sessions.forget_old", since=moment - MEMORY, latest=moment + SKEW)
        for kind, name in attempt.sources:
            failures = _failures(tx, store, now, kind, name)
            if not waited and (gap(kind, failures) if kind in FREE else failures >= FAILURES):
                return False
            source = _hashed(store, kind, name)
            if failures >= KEPT:
                tx.run("sessions.forget_oldest", source=source, most=failures - KEPT + 1)
            tx.run("sessions.add_failure", id=attempt.id, source=source, now=moment)
        store.commit(tx)
        return True


@repeated
def succeed(store: Store, attempt: Attempt) -> None:
    """Take back a successful attempt and the earlier failures of the account, or of the browser known for it.

    The place is forgiven in part: as a whole, a guesser could clear it by signing in to an account of their own. What the
    attempt was for is done by now: on a disk that has filled meanwhile it stays counted.
    """
    with suppress(Unwritten), _COUNTING, store.transaction() as tx:
        tx.run("sessions.forget_attempt", id=attempt.id)
        kind, name = attempt.sources[-1]
        tx.run("sessions.forget_source", source=_hashed(store, kind, name))
        tx.run("sessions.forget_oldest", source=_hashed(store, PLACE, attempt.place), most=FORGIVEN)
        store.commit(tx)


def gap(kind: str, failures: int) -> float:
    """Return how many seconds lie between two attempts after so many failures on an account or from a place.

    >>> gap("account", 4), gap("account", 5), gap("account", 7), gap("account", 90), gap("place", 90)
    (0.0, 0.5, 2.0, 5.0, 2.0)
    """
    over = failures - FREE[kind]
    return 0.0 if over < 0 else min(SHORTEST * 2.0 ** min(over, 10), LONGEST[kind])


def _failures(tx: Tx, store: Store, now: datetime, kind: str, name: str) -> int:
    moment = store.clock.steady(now)
    source = _hashed(store, kind, name)
    return int(tx.rows("sessions.failures", source=source, since=moment - MEMORY, latest=moment + SKEW)[0]["failures"])


def _hashed(store: Store, kind: str, name: str) -> str:
    return store.keyed_hash("throttle", f"{kind}:{name}").hex()


def _lines_of(store: Store) -> Lines:
    with _COUNTING:
        return _lines.setdefault(store, Lines())


@repeated
def begin_attempt(store: Store, now: datetime, source: str) -> str | None:
    """Count an attempt as failed in advance and return its id; None while the source is paused.

    For what nobody else can bring about: the password of somebody signed in, a link that does not exist. A source is a kind
    and a name, `step-up:<account>`; only its keyed hash is kept. A refused attempt is not counted, and setting the machine's
    clock ends or prolongs no pause: it always ends.
    """
    now = store.clock.steady(now)
    hashed = store.keyed_hash("throttle", source).hex()
    with _COUNTING, store.transaction() as tx:
        count = tx.rows("sessions.failures", source=hashed, since=now - MEMORY, latest=now + SKEW)[0]
        if count["failures"] >= FAILURES:
            if count["last_at"] > now - PAUSE:
                return None
            tx.run("sessions.forget_source", source=hashed)
        tx.run("sessions.forget_old", since=now - MEMORY, latest=now + SKEW)
        attempt = new_id(now)
        tx.run("sessions.add_failure", id=attempt, source=hashed, now=now)
        store.commit(tx)
        return attempt


@repeated
def forgive(store: Store, attempt: str, source: str) -> None:
    """Take back a successful attempt and the earlier failures of its source; on a full disk they stay counted."""
    with suppress(Unwritten), _COUNTING, store.transaction() as tx:
        tx.run("sessions.forget_attempt", id=attempt)
        tx.run("sessions.forget_source", source=store.keyed_hash("throttle", source).hex())
        store.commit(tx)
