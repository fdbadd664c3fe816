"""Who plays the demo store's stories: its accounts at their desks, and what a story is."""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.actions.desk.act import found
from core.actions.desk.desk import Desk, Person
from core.law.roles import Role
from core.store.engine import Store, new_id
from core.store.records import RequestRecord

Scene = Generator[timedelta, None, None]
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Story:
    """When a request arrived, what it asks, how, how far it has come, who handles it and which sample record asks."""

    days_ago: int
    rights: str
    channel: str
    stage: str
    owner: str
    person: int
    later: str = ""  # what a later message of the case asks further


class Cast:
    """The demo accounts at their desks, at the moment the story has reached."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = datetime.min  # noqa: DTZ901 - set before the first act
        with store.transaction() as tx:
            self._accounts = {row["sign_in_name"]: tx.one("accounts.by_id", id=row["id"]) or {}
                              for row in tx.rows("accounts.all")}

    def account(self, name: str) -> str:
        """Return the id of a demo account."""
        return str(self._accounts[name]["id"])

    def desk(self, name: str) -> Desk:
        """Return the desk of a demo account: its role is its name."""
        row = self._accounts[name]
        role = Role(name.rstrip("2"))
        return Desk(self.store, Person(row["id"], row["actor_ref"], row["name"], frozenset({role})), self.now)

    def request(self, request_id: str) -> RequestRecord:
        """Return a request as it stands."""
        with self.store.transaction() as tx:
            return found(tx.record(RequestRecord, "requests.one", id=request_id), "request")

    def version(self, request_id: str) -> int:
        """Return the version at which a request stands."""
        return int(self.request(request_id).version)


def key() -> str:
    """Return the key of one command."""
    return f"sample-{new_id()}"
