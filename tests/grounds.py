"""What tests begin with: built once in a process by the desk's own acts, and copied with its store for every test.

A fixture made by `ground` gives what its function built. The store of a test that asks for it is a copy of the one in which
it was built, opened anew; of several grounds it is the one that stands on the most others.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from core.store.engine import Store
from tests.stores import copied, fresh, model_path

Build = Callable[..., Any]
GROUNDS: dict[str, "Ground"] = {}


@dataclass(frozen=True)
class Ground:
    """One beginning: the grounds it stands on, and what builds it from their values, or from a bare store."""

    on: tuple[str, ...]
    build: Build

    @property
    def depth(self) -> int:
        """How many grounds it stands on."""
        return max((1 + GROUNDS[each].depth for each in self.on), default=0)


class Begun:
    """A test's store, and what stands in it by the name of its ground."""

    def __init__(self, store: Store, values: dict[str, Any]) -> None:
        self.store = store
        self.values = values
        self.given: set[str] = set()

    def give(self, name: str) -> Any:
        """Return what a ground built; where the store began with another branch, it is built in it now."""
        self.given.add(name)
        if name not in self.values:
            ground = GROUNDS[name]
            self.values[name] = ground.build(*map(self.give, ground.on)) if ground.on else ground.build(self.store)
        return self.values[name]


def ground(*on: str) -> Callable[[Build], Any]:
    """Make a fixture that gives what the function builds, once in a process, from the grounds `on` or from a bare store."""

    def made(build: Build) -> Any:
        name = build.__name__
        assert name not in GROUNDS, f"another ground is called {name}"
        GROUNDS[name] = Ground(on, build)

        @pytest.fixture(name=name)
        def give(begun: Begun) -> Any:
            return begun.give(name)

        give.__doc__ = build.__doc__
        return give

    return made


@contextmanager
def begin(path: Path, names: list[str], now: Any) -> Iterator[Begun]:
    """Open the store of a test whose fixtures have these names."""
    wanted = sorted((name for name in names if name in GROUNDS), key=lambda name: -GROUNDS[name].depth)
    if not wanted:
        store = Store.open(fresh(path), now)
        values: dict[str, Any] = {}
    else:
        model, built = _built(wanted[0], now)
        store = Store.open(copied(model, path), now)
        values = {name: _moved(value, store) for name, value in built.items()}
    begun = Begun(store, values)
    try:
        yield begun
    finally:
        store.close()
    assert not wanted or wanted[0] in begun.given, f"another fixture has the name of the ground {wanted[0]}"


@cache
def _built(name: str, now: Any) -> tuple[Path, dict[str, Any]]:
    """Return the closed store in which a ground stands, and what stands in it."""
    path = model_path(name)
    with begin(path, list(GROUNDS[name].on), now) as begun:
        begun.give(name)
        return path, begun.values


def _moved(value: Any, store: Store) -> Any:
    """Return a copy of a value in which every desk and walk is that of another store."""
    if isinstance(value, Store):
        return store
    if is_dataclass(value) and not isinstance(value, type):
        moved = {each.name: _moved(getattr(value, each.name), store) for each in fields(value)}
        return replace(value, **moved)
    if isinstance(value, dict):
        return {key: _moved(each, store) for key, each in value.items()}
    if type(value) in {list, tuple}:
        return type(value)(_moved(each, store) for each in value)
    return value
