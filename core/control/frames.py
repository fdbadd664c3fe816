"""The frames that a command and a running desk exchange over the control socket: one letter, a length, the bytes."""

import socket
import struct

from core.control.terminal import LARGEST
from core.law.errors import Refused

_HEAD = struct.Struct("!cI")

# From the client: the command, a file's content, a sentence why there is none, done.
COMMAND, CONTENT, NO, DONE = b"c", b"f", b"n", b"k"
# From the desk: a line out, a line beside it, read a file, open one to write, bytes for it, close it, leave it, end.
OUT, ERR, READ, OPEN, BYTES, CLOSE, LEAVE, EXIT = b"o", b"e", b"r", b"w", b"d", b"l", b"q", b"x"


class Gone(Refused):
    """The other end of the control socket went away."""


def send(link: socket.socket, letter: bytes, content: bytes = b"") -> None:
    """Send one frame. Raises Gone."""
    try:
        link.sendall(_HEAD.pack(letter, len(content)) + content)
    except OSError:
        raise Gone("The other end of the control socket went away.") from None


def receive(link: socket.socket) -> tuple[bytes, bytes]:
    """Wait for one frame. Raises Gone when the other end went away or sends nonsense."""
    letter, length = _HEAD.unpack(_exactly(link, _HEAD.size))
    if length > LARGEST:
        raise Gone("The other end of the control socket speaks another language.")
    return letter, _exactly(link, length)


def _exactly(link: socket.socket, wanted: int) -> bytes:
    parts, missing = [], wanted
    while missing:
        try:
            part = link.recv(min(missing, 1 << 20))
        except OSError:
            part = b""
        if not part:
            raise Gone("The other end of the control socket went away.")
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
