"""How long the web server waits: not for ever for whoever says nothing, and as long as it takes for everybody else."""

import asyncio
import socket
import threading
from contextlib import ExitStack

import pytest
import uvicorn
from websockets.sync.client import connect

from core.web import server
from core.web.settings import Settings
from tests.web.visitor import Visitor


async def desk(scope, receive, send):
    """Answer with the length of what was sent; a socket says each message again."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": message["text"]})
        return
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
    await send({"type": "http.response.body", "body": str(len(body)).encode()[:1]})


@pytest.fixture
def quick(monkeypatch):
    """Give the port of a server that waits a tenth of a second for a request, and keeps five silent connections."""
    monkeypatch.setattr(server, "HEADERS_WITHIN", 0.1)
    monkeypatch.setattr(server, "MOST_SILENT", 5)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running: uvicorn.Server = server.server(desk, Settings(port=port))
    running.config.lifespan = "off"
    thread = threading.Thread(target=lambda: asyncio.run(running.serve()), daemon=True)
    thread.start()
    while not running.started:
        threading.Event().wait(0.01)
    yield port
    running.should_exit = True
    thread.join(10)
    assert not thread.is_alive()
    assert not server.Patient.silent


def opened(port):
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def ended(link):
    """Wait until the other side ends the connection; what it still says is passed over."""
    try:
        while link.recv(1_000):
            pass
    except ConnectionResetError:
        pass
    return True


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX: "])
def test_who_never_ends_a_request_is_left(quick, begun):
    with opened(quick) as link:
        link.sendall(begun)
        assert ended(link)


def test_bytes_that_trickle_in_prolong_nothing(quick):
    with opened(quick) as link:
        link.sendall(b"GET / HTTP/1.1\r\n")
        with pytest.raises(OSError, match=r".+"):
            for _ in range(10_000):
                link.sendall(b"x")
                threading.Event().wait(0.01)


def test_a_body_may_take_its_time_and_so_may_the_next_request(quick):
    with opened(quick) as link:
        link.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na")
        threading.Event().wait(0.4)
        link.sendall(b"bc")
        assert link.recv(1_000).startswith(b"HTTP/1.1 200")
        link.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n")
        answers = b""
        while answers.count(b"200 OK") < 2:
            answers += link.recv(1_000)
        link.sendall(b"GET / HT")
        assert ended(link)


def test_a_socket_stays_open(quick):
    with connect(f"ws://127.0.0.1:{quick}/", compression=None) as link:
        threading.Event().wait(0.4)
        link.send("still there")
        assert link.recv() == "still there"


def test_beyond_so_many_silent_ones_the_longest_silent_is_left(quick, monkeypatch):
    monkeypatch.setattr(server, "HEADERS_WITHIN", 1_000)
    with ExitStack() as stack:
        links = [stack.enter_context(opened(quick)) for _ in range(8)]
        assert [ended(each) for each in links[:3]] == [True] * 3
        links[-1].sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert links[-1].recv(1_000).startswith(b"HTTP/1.1 200")


@pytest.mark.process
def test_a_thousand_half_sent_requests_keep_nobody_out(running):
    with ExitStack() as stack:
        for _ in range(1_010):
            stack.enter_context(opened(int(running.rpartition(":")[2]))).sendall(b"GET / HTTP/1.1\r\n")
        assert Visitor(running).sign_in("reader").status in {303, 401}
