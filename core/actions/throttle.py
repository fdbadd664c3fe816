"""The brake on guessing: ten failures on an account or from one place, then fifteen minutes of refusal, never more."""

import threading
from contextlib import suppress
from datetime import datetime, timedelta

from core.store.clock import SKEW
from core.store.durable import Unwritten
from core.store.engine import Store, new_id, repeated

FAILURES = 10
PAUSE = timedelta(minutes=15)
MEMORY = timedelta(hours=24)
_COUNTING = threading.Lock()  # parallel guesses are counted one after another, before any of them is checked


@repeated
def begin_attempt(store: Store, now: datetime, *sources: str) -> str | None:
    """Count an attempt as failed in advance and return its id; None while one of the sources is paused.

    A source is a kind and a name, `account:steward` or `place:127.0.0.1`; only its keyed hash is kept, in a table,
    so that a restart forgets nothing. A refused attempt is not counted, and setting the machine's clock ends or prolongs
    no pause: it always ends.
    """
    now = store.clock.steady(now)
    hashed = [store.keyed_hash("throttle", source).hex() for source in sources]
    with _COUNTING, store.transaction() as tx:
        paused = False
        for source in hashed:
            count = tx.rows("sessions.failures", source=source, since=now - MEMORY, latest=now + SKEW)[0]
            if count["failures"] >= FAILURES:
                if count["last_at"] > now - PAUSE:
                    paused = True
                else:
                    tx.run("sessions.forget_source", source=source)
        if paused:
            return None
        tx.run("sessions.forget_old", since=now - MEMORY, latest=now + SKEW)
        attempt = new_id(now)
        for source in hashed:
            tx.run("sessions.add_failure", id=attempt, source=source, now=now)
        store.commit(tx)
        return attempt


@repeated
def forgive(store: Store, attempt: str, account_source: str) -> None:
    """Take back a successful attempt, and the account's earlier failures; those of the place stay.

    Were the place forgiven as a whole, a guesser could clear it by signing in to an account of their own. What the attempt
    was for is done by now: on a disk that has filled meanwhile it stays counted.
    """
    with suppress(Unwritten), _COUNTING, store.transaction() as tx:
        tx.run("sessions.forget_attempt", id=attempt)
        tx.run("sessions.forget_source", source=store.keyed_hash("throttle", account_source).hex())
        store.commit(tx)
