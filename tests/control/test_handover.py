"""The command's side of the control socket: it obeys its own user alone, and gives only what its own arguments name."""

import os
import socket
import threading
from contextlib import contextmanager

import pytest

from core.control import frames
from core.control.handover import connect, hand_over
from core.control.socketpath import socket_file
from core.control.terminal import LocalTerminal
from core.law.errors import Refused

NOT_NAMED = "The desk asked for a file that this command does not name; it was not given."


@contextmanager
def desk_that(asks):
    """Give a connection to something that takes a command and then sends these frames; it returns what it was answered."""
    ours, theirs = socket.socketpair()
    answers = []

    def attend():
        frames.receive(theirs)
        for letter, content in asks:
            frames.send(theirs, letter, content)
            answers.append(frames.receive(theirs))
        frames.send(theirs, frames.EXIT, b"0")

    thread = threading.Thread(target=attend)
    thread.start()
    with ours, theirs:
        yield ours, answers
        thread.join(10)


@pytest.mark.parametrize(("command", "parameters"), [
    ("doctor", {}), ("import", {"file": "people.csv"}), ("verify", {"anchors": "head.json"}),
    ("audit export", {"file": "log.jsonl"}), ("find", {"asked": {"value": "jo@example.com"}}),
])
def test_files_that_the_command_does_not_name_are_neither_read_nor_written(tmp_path, command, parameters):
    secret, target = tmp_path / "secret", tmp_path / "target"
    secret.write_text("a secret of the machine")
    asks = [
        (frames.READ, os.fsencode(secret)), (frames.READ, b"-"), (frames.READ, b"/etc/passwd"),
        (frames.OPEN, os.fsencode(target)), (frames.OPEN, b"../../" + os.fsencode(target.name)),
    ]
    with desk_that(asks) as (link, answers):
        assert hand_over(link, LocalTerminal(), command, parameters) == 0
    assert answers == [(frames.NO, NOT_NAMED.encode())] * len(asks)
    assert not target.exists()


def test_the_files_it_names_are_given_and_those_beside_an_import_written(tmp_path):
    people = tmp_path / "people.csv"
    people.write_bytes(b"a,b")
    asks = [
        (frames.READ, os.fsencode(people)), (frames.OPEN, os.fsencode(f"{people}.rejects.csv")), (frames.BYTES, b"row,reason"),
        (frames.CLOSE, b""), (frames.OPEN, os.fsencode(people)),
    ]
    with desk_that(asks) as (link, answers):
        hand_over(link, LocalTerminal(), "import", {"file": str(people)})
    assert [each for each, _ in answers] == [frames.CONTENT] * 4 + [frames.NO]
    assert answers[0][1] == b"a,b"
    assert (tmp_path / "people.csv.rejects.csv").read_bytes() == b"row,reason"
    assert people.read_bytes() == b"a,b"


@pytest.mark.process
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can let a process of another user listen")
def test_a_socket_of_another_user_is_given_nothing(tmp_path):
    store = tmp_path / "desk.duckdb"
    ready, told = os.pipe()
    child = os.fork()
    if child == 0:
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listening.bind(str(socket_file(store)))
        os.setuid(65534)
        listening.listen(1)  # from here on the socket speaks for this user
        os.write(told, b"1")
        listening.accept()
        os._exit(0)
    try:
        os.read(ready, 1)
        with pytest.raises(Refused, match="another user"):
            connect(store)
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
        os.close(ready)
        os.close(told)
