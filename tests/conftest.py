"""A real store for each test that asks for one."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadGroupScheduling

from core.actions.desk.desk import Desk, Person
from core.law.roles import Role
from core.store.engine import Store, random_ref
from tests.grounds import Begun, begin

NOW = datetime(2026, 11, 23, 9, 0)
WALK_SECONDS = 300  # until a browser test is given up: a slow machine's fivefold
TOGETHER = (  # folders and files of which one process has all tests: what they share takes longer to make than to use
    "tests/browser/", "tests/actions/desk/test_opening.py", "tests/actions/test_everyone.py", "tests/commands/test_commands.py",
    "tests/commands/test_making.py", "tests/control/test_beside_a_desk.py", "tests/demo/test_years.py",
    "tests/faults/test_erasure_kill.py", "tests/store/test_breaking.py", "tests/web/test_belonging.py",
)
STARTERS = {"serving", "subprocess", "start_command", "running"}  # names by which a test has processes
SLOW_BROWSER = r"^TimeoutError: "  # Playwright's; a wrong page is an AssertionError and has no second try

settings.register_profile("tests", deadline=None, derandomize=True)  # how long an example takes is the machine's affair
settings.load_profile("tests")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give browser tests an end to waiting, and one more try where that end came.

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


class Together(LoadGroupScheduling):
    """Hands the tests of a file or folder that share something costly to one process.

    By their names: marks do not reach it under pytest 9.2 (pytest-xdist issue 1386), which then deals grouped tests out to all.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((each for each in TOGETHER if nodeid.startswith(each)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together | None:
    """Deal the tests out so where groups are asked for."""
    return Together(config, log) if config.getvalue("dist") == "loadgroup" else None


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
