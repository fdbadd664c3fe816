"""No process of the desk calls anybody whom nobody configured: every desk and command that tests start is watched.

`tests.forked` stops such a call and `tests.serving` fails for it; here is the proof that they would.
"""

import socket

import pytest

from tests.forked import CALLED, _stays_here


@pytest.mark.parametrize(("event", "arguments"), [
    ("socket.connect", (None, ("192.0.2.1", 443))), ("socket.connect", (None, ("2001:db8::1", 443, 0, 0))),
    ("socket.connect", (None, ("127.0.0.1", 25))), ("socket.getaddrinfo", ("telemetry.example", 443, 0, 0, 0)),
    ("socket.gethostbyname", ("telemetry.example",)), ("socket.sendto", (None, ("192.0.2.1", 53))),
])
def test_a_call_that_nobody_configured_is_stopped_and_told(capsys, monkeypatch, event, arguments):
    monkeypatch.delenv("RIGHTSDESK_SMTP_HOST", raising=False)
    with pytest.raises(PermissionError, match=CALLED):
        _stays_here(event, arguments)
    assert CALLED in capsys.readouterr().err


def test_the_named_mail_server_and_the_control_socket_may_be_reached(monkeypatch):
    monkeypatch.setenv("RIGHTSDESK_SMTP_HOST", "127.0.0.1")
    _stays_here("socket.connect", (None, ("127.0.0.1", 25)))
    _stays_here("socket.connect", (None, "/srv/desk.sock"))
    _stays_here("socket.getaddrinfo", ("127.0.0.1", 8501, 0, 0, 0))
    with pytest.raises(PermissionError):
        _stays_here("socket.connect", (None, ("192.0.2.1", 25)))


def test_python_tells_of_each_such_call():
    """Were the events named otherwise in a newer Python, nothing would be watched any more."""
    import sys
    told = []
    active = [True]
    sys.addaudithook(lambda event, _: told.append(event) if active[0] and event.startswith("socket.") else None)
    with socket.socket() as link:
        link.settimeout(0.1)
        with pytest.raises(OSError, match=r".*"):
            link.connect(("127.0.0.1", 1))
        socket.getaddrinfo("127.0.0.1", 1)
    active[0] = False
    assert {"socket.connect", "socket.getaddrinfo"} <= set(told)
