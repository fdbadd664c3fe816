"""Hand a command over to the desk that holds the store: stream its answer back, read and write files for it."""

import json
import socket
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from core.law.errors import Refused
from core.work import frames
from core.work.socketpath import address
from core.work.terminal import LocalTerminal, Write


def connect(store: Path) -> socket.socket | None:
    """Return a connection to the desk that holds the store, or None when none answers."""
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
    return link


def hand_over(link: socket.socket, terminal: LocalTerminal, name: str, parameters: dict[str, Any]) -> int:
    """Have the desk carry the command out; return its exit code. Raises Gone when the desk ends meanwhile."""
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
                write = _serve(link, terminal, files, write, letter, content)


def _serve(
    link: socket.socket, terminal: LocalTerminal, files: ExitStack, write: Write | None, letter: bytes, content: bytes
) -> Write | None:
    """Do with a file what the desk asks; a refusal is told to it, and it decides how the command ends."""
    answer = b""
    try:
        if letter == frames.READ:
            answer = terminal.read(Path(_path(content)).as_posix())
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
