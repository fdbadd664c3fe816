"""A desk of its own for tests: a fresh process on a free port, started as `make run` starts it."""

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from core.actions.accounts.passwords import COST
from tests.forked import CALLED, ROOT, start_desk
from tests.stores import fresh as store_of

QUICK = 4  # bcrypt's least work factor: a quarter of a second of a core less for every sign-in of a test about something else


def demo_store(path: Path, cost: int = COST) -> Path:
    """Put a closed demo store with its accounts at the path; their passwords have this work factor."""
    return store_of(path, "demo", cost)


@contextmanager
def serving(store: Path, *, fresh: bool = False, **environment: str) -> Iterator[str]:
    """Start a desk on the store, give its address once it answers, and end it; a `fresh` one by the command itself."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    output = store.parent / "served.txt"
    output.unlink(missing_ok=True)
    told = os.environ | {"RIGHTSDESK_STORE": str(store), "PYTHONUNBUFFERED": "1", "PORT": str(port)} | environment
    with (_by_command if fresh else _forked)(told, output) as lives:
        _wait(f"http://127.0.0.1:{port}/healthz", lives, output)
        yield f"http://127.0.0.1:{port}"
    assert CALLED not in output.read_text(), "the desk called somebody whom nobody configured"


@contextmanager
def _by_command(environment: dict[str, str], output: Path) -> Iterator[Callable[[], bool]]:
    with output.open("wb") as log, subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, stdout=log, stderr=log, env=environment
    ) as process:
        try:
            yield lambda: process.poll() is None
        finally:
            process.terminate()
            process.wait(timeout=30)


@contextmanager
def _forked(environment: dict[str, str], output: Path) -> Iterator[Callable[[], bool]]:
    process = start_desk(environment, output=output)
    try:
        yield process.is_alive
    finally:
        process.terminate()
        process.join(30)
        ended = not process.is_alive()
        process.kill()
        assert ended, "the desk did not end within 30 seconds"


def _wait(address: str, lives: Callable[[], bool], output: Path) -> None:
    while lives():
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            continue
    raise RuntimeError(f"the desk did not start:\n{output.read_text()}")
