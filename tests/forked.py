"""Processes of the desk for tests, forked from one that has imported what all of them import: two seconds saved for each.

They are as fresh as others: settings are read, the store is opened and threads are started after the fork.
"""

import multiprocessing
import os
import runpy
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import ModuleType
from typing import TextIO

ROOT = Path(__file__).parents[1]
CALLED = "A call went out that nobody configured:"
LOCAL = {"127.0.0.1", "::1", "localhost", "None"}
Stream = Path | Connection | None  # a file, an end of a pipe, or where the test itself prints
NOTHING = Path(os.devnull)
_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["tests.warm"])


def start_command(
    arguments: Sequence[str], environment: Mapping[str, str], *, cwd: Path, given: Path, out: Path, err: Path
) -> ForkServerProcess:
    """Start `python -m core` with these arguments; it reads and writes these files."""
    return _start(_run_command, (list(arguments),), environment, cwd, (given, out, err))


def start_desk(environment: Mapping[str, str], *, output: Path) -> ForkServerProcess:
    """Start the desk on the port of its environment, as `make run` does; what it prints goes into the file."""
    return _start(_run_desk, (), environment, ROOT, (NOTHING, output, output))


def start_body(body: Callable[..., object], *arguments: object) -> ForkServerProcess:
    """Start a process that does only this; both must be found again by their names, as pickles are."""
    process = _SERVER.Process(target=body, args=arguments)
    process.start()
    return process


@contextmanager
def talking(
    module: str, *words: object, environment: Mapping[str, str] | None = None, given: Stream = NOTHING
) -> Iterator[tuple[ForkServerProcess, TextIO]]:
    """Start a process that runs a module of tests with these words, as `python -m` does; give it and what it prints."""
    told, telling = pipe()
    with told, os.fdopen(os.dup(told.fileno()), encoding="utf-8") as said:
        process = _start(
            _run_module, (module, [str(each) for each in words]), os.environ if environment is None else environment, ROOT,
            (given, telling, None),
        )
        telling.close()  # so that what it prints ends with it
        try:
            yield process, said
        finally:
            process.kill()
            process.join()


def ended(module: str, *words: object, seconds: float = 120) -> tuple[int, str]:
    """Run a module in a process of its own until it ends; return its exit code, which tells of a signal, and what it printed."""
    with talking(module, *words) as (process, said):
        watchdog = threading.Timer(seconds, process.terminate)
        watchdog.start()
        text = said.read()
        process.join()
        watchdog.cancel()
        assert process.exitcode is not None
        return process.exitcode, text


def pipe() -> tuple[Connection, Connection]:
    """Return the two ends of a pipe, the one that is read first; a process can be given either."""
    return _SERVER.Pipe(duplex=False)


def _start(
    body: Callable[..., int], arguments: tuple[object, ...], environment: Mapping[str, str], cwd: Path,
    streams: tuple[Stream, Stream, Stream],
) -> ForkServerProcess:
    process = _SERVER.Process(target=_begin, args=(body, arguments, dict(environment), str(cwd), streams))
    main = sys.modules["__main__"]  # a page test may have left its script here, which the process would run first
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        process.start()
    finally:
        sys.modules["__main__"] = main
    return process


def _begin(
    body: Callable[..., int], arguments: tuple[object, ...], environment: dict[str, str], cwd: str,
    streams: tuple[Stream, Stream, Stream],
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    for number, stream in enumerate(streams):
        if isinstance(stream, Path):
            opened = os.open(stream, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.dup2(opened, number)
            os.close(opened)
        elif stream:
            os.dup2(stream.fileno(), number)
            stream.close()
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as long as the process lives
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    sys.addaudithook(_stays_here)
    sys.exit(body(*arguments))


def _stays_here(event: str, arguments: tuple[object, ...]) -> None:
    """Let no process of a test reach another machine, nor this one where no server is named that it may reach.

    What tries is stopped, and `CALLED` on its error output lets the test fail that reads it. The engine's own calls cannot
    be seen from here; its settings forbid them (tests/store/test_hardening.py).
    """
    if event not in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}:
        return
    where = arguments[0] if event.startswith("socket.get") else arguments[-1]
    if isinstance(where, str | bytes) and event in {"socket.connect", "socket.sendto"}:  # a socket of this machine's files
        return
    host = str(where[0] if isinstance(where, tuple) else where)
    if host in LOCAL and (event == "socket.getaddrinfo" or "RIGHTSDESK_SMTP_HOST" in os.environ):
        return
    sys.stderr.write(f"{CALLED} {event}\n")
    raise PermissionError(f"{CALLED} {event}")


def _run_command(arguments: list[str]) -> int:
    from core.__main__ import main

    sys.argv = ["core", *arguments]
    return main()


def _run_module(module: str, words: list[str]) -> int:
    sys.argv = [module, *words]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    return 0


def _run_desk() -> int:
    sys.path.insert(0, str(ROOT))
    from app import app, settings
    from core.web.server import serve

    return serve(app, settings)
