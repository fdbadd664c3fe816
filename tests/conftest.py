"""A real store for each test that asks for one."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from core.actions.desk import Desk, Person
from core.law.roles import Role
from core.store.engine import Store, random_ref
from tests.stores import fresh

NOW = datetime(2026, 11, 23, 9, 0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Give an empty bench store."""
    made = Store.open(fresh(tmp_path / "desk.duckdb"), NOW)
    yield made
    made.close()


def desk_of(store: Store, *roles: Role, name: str = "somebody", now: datetime = NOW, stepped_up: bool = True) -> Desk:
    """Return a desk at which a person with these roles sits, freshly stepped up."""
    ref = random_ref()
    person = Person(
        f"account-{name}", f"actor-{name}", name, frozenset(roles), sign_in_ref=ref,
        stepped_up_until=now.replace(hour=23) if stepped_up else None,
    )
    return Desk(store, person, now)
