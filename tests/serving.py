"""A desk of its own for tests: a fresh process on a free port, started as `make run` starts it."""

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.actions import accounts
from core.actions.desk import present
from core.store.engine import Store
from core.web.signing import DEMO_PASSWORD

ROOT = Path(__file__).parents[1]


def demo_store(path: Path) -> Path:
    """Make a demo store with its accounts and close it."""
    store = Store.create(path, "demo", present())
    try:
        accounts.demo_accounts(store, present(), DEMO_PASSWORD)
    finally:
        store.close()
    return path


def command(port: int) -> list[str]:
    """Return the command under which the desk runs."""
    return [sys.executable, "-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port", str(port),
            "--no-access-log", "--no-server-header"]


@contextmanager
def serving(store: Path, **environment: str) -> Iterator[str]:
    """Start a desk on the store, give its address once it answers, and end it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    output = store.parent / "served.txt"
    with output.open("wb") as log, subprocess.Popen(
        command(port), cwd=ROOT, stdout=log, stderr=log,
        env=os.environ | {"RIGHTSDESK_STORE": str(store), "PYTHONUNBUFFERED": "1"} | environment,
    ) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/healthz", process, output)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait(address: str, process: "subprocess.Popen[bytes]", output: Path) -> None:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            continue
    raise RuntimeError(f"the desk did not start:\n{output.read_text()}")
