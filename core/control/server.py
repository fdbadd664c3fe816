"""The control socket of a running desk: commands of the same user of the machine are carried out in its store."""

import json
import os
import pwd
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from core.control import frames
from core.control.frames import Gone
from core.control.socketpath import address, peer, socket_file
from core.control.terminal import Terminal, Write
from core.law.errors import Invalid, Refused
from core.store.engine import Store

Run = Callable[[Store, str, Terminal, str, dict[str, Any]], int]
WAIT = 30  # seconds that the end of the desk waits for running commands


class RemoteTerminal:
    """The client's streams and files, over the socket; the client reads and writes them with its own rights."""

    def __init__(self, link: socket.socket) -> None:
        self._link = link

    def out(self, text: str) -> None:
        """Print a line of the answer at the client's."""
        frames.send(self._link, frames.OUT, text.encode("utf-8", "replace"))

    def err(self, text: str) -> None:
        """Print a line beside the answer at the client's."""
        frames.send(self._link, frames.ERR, text.encode("utf-8", "replace"))

    def read(self, path: str) -> bytes:
        """Return the content of a file of the client. Raises Invalid with the client's sentence."""
        frames.send(self._link, frames.READ, os.fsencode(path))
        return self._answer()

    @contextmanager
    def writing(self, path: str) -> Iterator[Write]:
        """Give a function that writes to a file of the client."""
        self._ask(frames.OPEN, os.fsencode(path))
        try:
            yield lambda content: self._ask(frames.BYTES, content)
        except BaseException:
            with suppress(Refused):
                self._ask(frames.LEAVE)
            raise
        self._ask(frames.CLOSE)

    def _ask(self, letter: bytes, content: bytes = b"") -> None:
        frames.send(self._link, letter, content)
        self._answer()

    def _answer(self) -> bytes:
        letter, content = frames.receive(self._link)
        if letter == frames.NO:
            raise Invalid(content.decode("utf-8", "replace"), "file")
        return content


class Control:
    """Serves the control socket from a thread; made with the function that carries a command out."""

    def __init__(self, store: Store, run: Run) -> None:
        self._store, self._run = store, run
        self._listening: socket.socket | None = None
        self._threads: set[threading.Thread] = set()
        self._links: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._serve, name="control socket", daemon=True)

    def start(self) -> None:
        """Make the socket, for its owner only, and listen. The store's lock is held: a socket left over is dead."""
        path = socket_file(self._store.path)
        path.unlink(missing_ok=True)
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with address(self._store.path) as place:
            self._listening.bind(place)
        path.chmod(0o600)  # before it listens: until then nobody can connect
        self._listening.listen(16)
        self._thread.start()

    def stop(self) -> None:
        """Take the socket away and wait for the commands under way."""
        if self._listening is None:
            return
        socket_file(self._store.path).unlink(missing_ok=True)
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)  # wakes `accept`
        self._listening.close()
        self._thread.join(WAIT)
        with self._lock:
            waiting, links = list(self._threads), list(self._links)
        for link in links:
            with suppress(OSError):
                link.shutdown(socket.SHUT_RD)  # a client that never answers holds nobody up
        for thread in waiting:
            thread.join(WAIT)

    def _serve(self) -> None:
        listening = self._listening
        while listening is not None:
            try:
                link, _ = listening.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._attend, args=(link,), name="command", daemon=True)
            with self._lock:
                self._threads.add(thread)
                self._links.add(link)
            thread.start()

    def _attend(self, link: socket.socket) -> None:
        try:
            with suppress(Gone), link:
                self._command(link)
        finally:
            with self._lock:
                self._threads.discard(threading.current_thread())
                self._links.discard(link)

    def _command(self, link: socket.socket) -> None:
        terminal = RemoteTerminal(link)
        if peer(link) != os.geteuid():
            terminal.err("Only the user who runs the desk may give it commands.")
            frames.send(link, frames.EXIT, b"1")
            return
        letter, content = frames.receive(link)
        try:
            asked = json.loads(content)
            name, parameters = asked["command"], asked["parameters"]
        except (ValueError, KeyError, TypeError):
            letter, name, parameters = b"", "", {}
        if letter != frames.COMMAND:
            terminal.err("This is not a command of the desk.")
            frames.send(link, frames.EXIT, b"2")
            return
        code = self._run(self._store, user_name(), terminal, name, parameters)
        frames.send(link, frames.EXIT, str(code).encode())


def user_name() -> str:
    """Return the name of the machine's user under whom this process runs: the actor of its commands."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())
