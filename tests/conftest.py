"""A real store for each test that asks for one."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import settings

from core.actions.desk.desk import Desk, Person
from core.law.roles import Role
from core.store.engine import Store, random_ref
from tests.grounds import Begun, begin

NOW = datetime(2026, 11, 23, 9, 0)
WALK_SECONDS = 300  # until a browser test is given up: a slow machine's fivefold
STARTERS = {"serving", "subprocess", "start_command", "running"}  # names by which a test has processes
SLOW_BROWSER = r"^TimeoutError: "  # Playwright's; a wrong page is an AssertionError and has no second try

settings.register_profile("tests", deadline=None, derandomize=True)  # how long an example takes is the machine's affair
settings.load_profile("tests")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give browser tests one process, one browser and one desk, an end to waiting, and one more try where that end came.

    What starts processes and what plays whole requests is marked by how it does, so that `make quick` need not be told.
    """
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if STARTERS & {*vars(getattr(item, "module", item)), *fixtures}:
            item.add_marker(pytest.mark.process)
        if {"empty_walk", "demo"} & set(fixtures):
            item.add_marker(pytest.mark.story)
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.timeout(WALK_SECONDS))
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=[SLOW_BROWSER]))
            if not item.get_closest_marker("walk"):
                item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture
def begun(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Begun]:
    """Give the test's store with what it begins with."""
    with begin(tmp_path / "desk.duckdb", request.fixturenames, NOW) as made:
        yield made


@pytest.fixture
def store(begun: Begun) -> Store:
    """Give a bench store, empty but for the grounds that the test asks for."""
    return begun.store


def desk_of(store: Store, *roles: Role, name: str = "somebody", now: datetime = NOW, stepped_up: bool = True) -> Desk:
    """Return a desk at which a person with these roles sits, freshly stepped up."""
    ref = random_ref()
    person = Person(
        f"account-{name}", f"actor-{name}", name, frozenset(roles), sign_in_ref=ref,
        stepped_up_until=now.replace(hour=23) if stepped_up else None,
    )
    return Desk(store, person, now)
