"""Hand a command over to the desk that holds the store: stream its answer back, read and write files for it."""

import json
import os
import socket
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.control import frames
from core.control.socketpath import address, peer, socket_file
from core.control.terminal import LocalTerminal, Write
from core.law.errors import Refused


def connect(store: Path) -> socket.socket | None:
    """Return a connection to the desk that holds the store, or None when none answers.

    Raises Refused where a process of another user listens: what it asked would be done with this user's rights.
    """
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with address(store) as place:
            link.connect(place)
    except OSError:
        link.close()
        return None
    except Refused:
        link.close()
        raise
    if peer(link) != os.geteuid():
        link.close()
        raise Refused(
            f"The socket beside the store ({socket_file(store).name}) is answered by another user of this machine. Nothing "
            "was given to it: run this command as the user who runs the desk."
        )
    return link


def hand_over(link: socket.socket, terminal: LocalTerminal, name: str, parameters: dict[str, Any]) -> int:
    """Have the desk carry the command out; return its exit code. Raises Gone when the desk ends meanwhile.

    The desk may read and write the files that the command's own arguments name, and no other.
    """
    named = Named.of(name, parameters)
    frames.send(link, frames.COMMAND, json.dumps({"command": name, "parameters": parameters}).encode())
    with ExitStack() as files:
        write: Write | None = None
        while True:
            letter, content = frames.receive(link)
            if letter == frames.OUT:
                terminal.out(content.decode())
            elif letter == frames.ERR:
                terminal.err(content.decode())
            elif letter == frames.EXIT:
                return int(content)
            else:
                write = _serve(link, terminal, named, files, write, letter, content)


@dataclass(frozen=True, slots=True)
class Named:
    """The files that a command's arguments name: those that it reads and those that it writes."""

    reads: frozenset[str]
    writes: frozenset[str]

    @classmethod
    def of(cls, command: str, parameters: dict[str, Any]) -> "Named":
        """Return the files of a command, as `core.work` works on them."""
        file, asked = str(parameters.get("file", "")), parameters.get("asked")
        lists = {f"{file}.rejects.csv", f"{file}.warnings.csv"} if command == "import" else set()
        wanted = str(asked.get("value", "")) if isinstance(asked, dict) else str(parameters.get("value", ""))
        lists |= {str(parameters["out"])} if command == "audience" else set()
        reads = {str(parameters.get("anchors", "")), "-" if wanted == "-" else ""}
        if command == "audit export":
            return cls(frozenset(reads - {""}), frozenset({file}))
        return cls(frozenset((reads | {file}) - {""}), frozenset(lists))

    def check(self, letter: bytes, path: str) -> None:
        """Raise Refused for a file that is not among them."""
        if path not in (self.reads if letter == frames.READ else self.writes):
            raise Refused("The desk asked for a file that this command does not name; it was not given.")


def _serve(
    link: socket.socket, terminal: LocalTerminal, named: Named, files: ExitStack, write: Write | None, letter: bytes,
    content: bytes,
) -> Write | None:
    """Do with a file what the desk asks; a refusal is told to it, and it decides how the command ends."""
    answer = b""
    try:
        if letter in {frames.READ, frames.OPEN}:
            named.check(letter, _path(content))
        if letter == frames.READ:
            answer = terminal.read(_path(content))
        elif letter == frames.OPEN:
            write = files.enter_context(terminal.writing(_path(content)))
        elif letter == frames.BYTES and write is not None:
            write(content)
        elif letter == frames.CLOSE:
            files.pop_all().__exit__(None, None, None)
            write = None
        elif letter == frames.LEAVE:
            left = files.pop_all()
            left.__exit__(Left, Left(""), None)
            write = None
    except Left:
        write = None
    except Refused as refusal:
        frames.send(link, frames.NO, str(refusal).encode())
        return write
    frames.send(link, frames.CONTENT, answer)
    return write


class Left(Refused):
    """The desk gave the file up: the part written so far is taken away."""


def _path(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")
