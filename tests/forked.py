"""Processes of the desk for tests, forked from one that has imported what all of them import: two seconds saved for each.

They are as fresh as others: settings are read, the store is opened and threads are started after the fork.
"""

import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[1]
_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["tests.warm"])


def start_command(
    arguments: Sequence[str], environment: Mapping[str, str], *, cwd: Path, given: Path, out: Path, err: Path
) -> ForkServerProcess:
    """Start `python -m core` with these arguments; it reads and writes these files."""
    return _start(_run_command, (list(arguments),), environment, cwd, (given, out, err))


def start_desk(port: int, environment: Mapping[str, str], *, output: Path) -> ForkServerProcess:
    """Start the desk on a port of this machine, as `make run` does; what it prints goes into the file."""
    return _start(_run_desk, (port,), environment, ROOT, (Path(os.devnull), output, output))


def _start(
    body: Callable[..., int], arguments: tuple[object, ...], environment: Mapping[str, str], cwd: Path,
    streams: tuple[Path, Path, Path],
) -> ForkServerProcess:
    process = _SERVER.Process(target=_begin, args=(body, arguments, dict(environment), str(cwd), [str(each) for each in streams]))
    main = sys.modules["__main__"]  # a page test may have left its script here, which the process would run first
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        process.start()
    finally:
        sys.modules["__main__"] = main
    return process


def _begin(
    body: Callable[..., int], arguments: tuple[object, ...], environment: dict[str, str], cwd: str, streams: list[str]
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    for number, path in enumerate(streams):
        opened = os.open(path, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as long as the process lives
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    sys.exit(body(*arguments))


def _run_command(arguments: list[str]) -> int:
    from core.__main__ import main

    sys.argv = ["core", *arguments]
    return main()


def _run_desk(port: int) -> int:
    import uvicorn

    sys.path.insert(0, str(ROOT))
    uvicorn.run("app:app", host="127.0.0.1", port=port, access_log=False, server_header=False)
    return 0
