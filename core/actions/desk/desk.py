"""The desk record that every page and command gets: the store, the person who acts, and the moment."""

from dataclasses import dataclass
from datetime import UTC, datetime

from core.law.roles import Role
from core.store.engine import Store

_opened: list[Store] = []


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts: a signed-in account, the operator of the machine, or the desk's own worker."""

    account_id: str
    actor_ref: str  # the account's pseudonym in the log
    name: str
    roles: frozenset[Role]
    sign_in_ref: str | None = None
    session_hash: str = ""
    stepped_up_until: datetime | None = None
    stepped_up_for: str = ""  # the one act, on the one thing, for which the step-up was given


@dataclass(frozen=True, slots=True)
class Desk:
    """What an action needs: where, who, when (UTC, naive)."""

    store: Store
    person: Person
    now: datetime

    @property
    def steady(self) -> datetime:
        """The moment by which time is measured that must not move when somebody sets the machine's clock."""
        return self.store.clock.steady(self.now)


def worker_desk(store: Store, now: datetime) -> Desk:
    """Return the desk as the background worker sits at it."""
    return Desk(store, Person("worker", "worker", "the desk's worker", frozenset({Role.WORKER})), now)


def operator_desk(store: Store, user: str, now: datetime) -> Desk:
    """Return the desk as the operator of the machine sits at it: `operator:<OS user>`."""
    letters = (letter for letter in user if (letter.isascii() and letter.isalnum()) or letter == "-")
    reference = "operator:" + "".join(letters)
    return Desk(store, Person(reference, reference, "the operator", frozenset({Role.OPERATOR})), now)


def public_desk(store: Store, now: datetime) -> Desk:
    """Return the desk as whoever holds a package link stands before it: nobody's account, one pseudonym for all."""
    return Desk(store, Person("public", "public", "the holder of a link", frozenset({Role.PUBLIC})), now)


def present() -> datetime:
    """Return the present moment as the desk keeps it: UTC, without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def give_store(store: Store | None) -> None:
    """Make the store known to the pages of this process; None when it is being closed."""
    _opened[:] = [store] if store is not None else []


def opened_store() -> Store | None:
    """Return the store that this process has open for its pages, if any."""
    return _opened[0] if _opened else None
