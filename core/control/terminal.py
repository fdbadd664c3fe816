"""Where a command reads and writes: this process's own streams and files, or those of the client it came from."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from core.law.errors import Invalid, Refused

LARGEST = 256 * 1024 * 1024  # bytes of a file that a command reads
Write = Callable[[bytes], None]


class Terminal(Protocol):
    """The hands of a command; paths are those of whoever typed it. `-` is standard input."""

    def out(self, text: str) -> None:
        """Print a line of the answer."""

    def err(self, text: str) -> None:
        """Print a line beside the answer."""

    def read(self, path: str) -> bytes:
        """Return a file's content. Raises Invalid with a sentence."""

    def writing(self, path: str) -> AbstractContextManager[Write]:
        """Give a function that writes to the file, readable by its owner only. Raises Invalid with a sentence."""


class LocalTerminal:
    """The streams and files of this process."""

    def out(self, text: str) -> None:
        """Print a line of the answer, at once: a reader may be waiting for it."""
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    def err(self, text: str) -> None:
        """Print a line beside the answer."""
        sys.stderr.write(text + "\n")
        sys.stderr.flush()

    def read(self, path: str) -> bytes:
        """Return the content of a file or, for `-`, of standard input."""
        try:
            if path == "-":
                return _bounded(sys.stdin.buffer.read(LARGEST + 1), "standard input")
            with Path(path).open("rb") as file:
                return _bounded(file.read(LARGEST + 1), Path(path).name)
        except OSError as fault:
            raise Invalid(f"{Path(path).name} cannot be read: {_reason(fault)}.", "file") from None

    @contextmanager
    def writing(self, path: str) -> Iterator[Write]:
        """Write a whole file: a partial one of a command that failed is taken away again."""
        target = Path(path)
        fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
        try:
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as fault:
            raise Invalid(f"{target.name} cannot be written: {_reason(fault)}.", "file") from None
        try:
            with os.fdopen(descriptor, "wb") as file:

                def write(content: bytes) -> None:
                    try:
                        file.write(content)
                    except OSError as fault:
                        raise Refused(f"{target.name} cannot be written: {_reason(fault)}.") from None

                yield write
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(target)
        finally:
            fresh.unlink(missing_ok=True)


def _bounded(content: bytes, name: str) -> bytes:
    if len(content) > LARGEST:
        raise Invalid(f"{name} is larger than {LARGEST // 1024 // 1024} MB. Split it.", "file")
    return content


def _reason(fault: OSError) -> str:
    return (fault.strerror or type(fault).__name__).lower()
