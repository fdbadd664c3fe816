"""The control socket's address: beside the store, at any depth of folders, though addresses have 108 bytes."""

import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.law.errors import Refused
from core.store.files import beside

LONGEST = 107  # bytes of a Unix socket's address, without the closing NUL (unix(7))


def socket_file(store: Path) -> Path:
    """Return where the control socket of a store lies: `<store>.sock`."""
    return beside(store.resolve(), ".sock")


@contextmanager
def address(store: Path) -> Iterator[str]:
    """Give an address for bind or connect: the path itself or, where it is too long, one through the open folder.

    Raises Refused where not even the file's name fits.
    """
    path = socket_file(store)
    if len(os.fsencode(path)) <= LONGEST:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        short = f"/proc/self/fd/{folder}/{path.name}"
        if len(os.fsencode(short)) > LONGEST:
            raise Refused("The store's name is too long for its control socket: give it a name of at most 70 bytes.")
        yield short
    finally:
        os.close(folder)


def peer(link: socket.socket) -> int:
    """Return the user id of the process at the other end (SO_PEERCRED: process, user, group)."""
    _, user, _ = struct.unpack("3i", link.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return int(user)
