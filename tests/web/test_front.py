"""Who is at the other end: a named proxy is believed, nobody else; no open line is let in from outside."""

import anyio
import pytest

from core.law.errors import Invalid
from core.web.front import OPEN_LINE, Front
from core.web.place import place_of
from core.web.server import server
from core.web.settings import Settings, read_settings


def seen(peer, *, proxy="", server="127.0.0.1", scheme="http", kind="http", **headers):
    """Return what the desk behind the front sees: the visitor's address and the scheme; or what the front said."""
    told, sent = [], []

    async def desk(scope, _receive, _send):
        told.append((scope["client"][0], scope["scheme"]))

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)

    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": kind, "client": (peer, 1), "server": (server, 8501), "scheme": scheme, "headers": given, "path": "/"}
    anyio.run(Front(desk, Settings(proxies=proxy)), scope, receive, send)
    return told[0] if told else sent


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "203.0.113.9"])
def test_without_a_named_proxy_nobody_is_believed(peer):
    server = "::1" if ":" in peer else "127.0.0.1"
    assert seen(peer, server=server, x_forwarded_for="198.51.100.1", x_forwarded_proto="https") == (peer, "http")


def test_a_named_proxy_says_for_whom_it_asks():
    asked = {"x_forwarded_for": "198.51.100.1", "x_forwarded_proto": "https"}
    assert seen("10.0.0.3", proxy="10.0.0.0/28", server="10.0.0.9", **asked) == ("198.51.100.1", "https")
    assert seen("127.0.0.1", proxy="127.0.0.1, ::1", **asked) == ("198.51.100.1", "https")
    assert seen("127.0.0.2", proxy="127.0.0.1", **asked) == ("127.0.0.2", "http")


def test_a_visitor_cannot_put_an_address_before_the_one_that_the_proxy_saw():
    assert seen("127.0.0.1", proxy="127.0.0.1", x_forwarded_for="10.9.9.9, 198.51.100.1")[0] == "198.51.100.1"


def test_from_outside_nobody_is_let_in_over_an_open_line():
    refused = seen("203.0.113.9", server="192.0.2.1")
    assert (refused[0]["status"], refused[1]["body"].decode()) == (403, OPEN_LINE)
    assert seen("203.0.113.9", server="192.0.2.1", kind="websocket")[0]["code"] == 1008
    assert seen("203.0.113.9", server="192.0.2.1", proxy="10.0.0.3", x_forwarded_for="127.0.0.1")[0]["status"] == 403
    assert seen("203.0.113.9", server="192.0.2.1", scheme="https") == ("203.0.113.9", "https")


@pytest.mark.parametrize(("given", "sentence"), [
    ({"RIGHTSDESK_HOST": "0.0.0.0"}, "over an open line"), ({"RIGHTSDESK_HOST": "::"}, "over an open line"),
    ({"RIGHTSDESK_HOST": "192.0.2.1"}, "over an open line"), ({"RIGHTSDESK_HOST": "desk.example"}, "is the address on which"),
    ({"RIGHTSDESK_TLS_KEY": __file__}, "Name both files"), ({"RIGHTSDESK_TLS_KEY": "/no/file"}, "two files in PEM"),
    ({"RIGHTSDESK_PROXY": "*"}, "never everybody"), ({"RIGHTSDESK_PROXY": "0.0.0.0/0"}, "never everybody"),
    ({"RIGHTSDESK_PROXY": "my-proxy"}, "never everybody"), ({"PORT": "many"}, "PORT"), ({"PORT": "70000"}, "PORT"),
])
def test_where_the_desk_may_not_listen_is_said_at_the_start(monkeypatch, given, sentence):
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Invalid, match=sentence):
        server(None, read_settings())


@pytest.mark.parametrize("given", [
    {}, {"RIGHTSDESK_HOST": "127.0.0.9"}, {"RIGHTSDESK_HOST": "[::1]"}, {"RIGHTSDESK_HOST": "localhost"},
    {"RIGHTSDESK_HOST": "0.0.0.0", "RIGHTSDESK_PROXY": "10.0.0.3"},
    {"RIGHTSDESK_HOST": "0.0.0.0", "RIGHTSDESK_TLS_KEY": __file__, "RIGHTSDESK_TLS_CERTIFICATE": __file__},
])
def test_where_nobody_can_read_along_it_may(monkeypatch, given):
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    config = server(None, read_settings()).config
    assert not config.proxy_headers, "the web server itself believes nobody: it would believe every program of this machine"
    assert config.is_ssl == ("RIGHTSDESK_TLS_KEY" in given)


@pytest.mark.parametrize(("host", "place"), [
    ("203.0.113.9", "203.0.113.9"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("::ffff:203.0.113.9", "203.0.113.9"),
    ("somewhere", "somewhere"), (None, "unknown"),
])
def test_a_place_is_an_address_or_the_network_of_a_house(host, place):
    class Request:
        client = type("Client", (), {"host": host}) if host else None

    assert place_of(Request()) == place
