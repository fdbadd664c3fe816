"""A running desk that the web tests share."""

from collections.abc import Iterator

import pytest

from tests.serving import demo_store, serving


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a desk on a demo store."""
    with serving(demo_store(tmp_path_factory.mktemp("web") / "desk.duckdb")) as address:
        yield address
