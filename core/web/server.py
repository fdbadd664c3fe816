"""The desk's web server: where it listens, and how long it waits for whoever connects and then says nothing."""

import asyncio
import resource
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from core.law.errors import Invalid
from core.web.settings import Settings

HEADERS_WITHIN = 10.0  # seconds in which a request has told what it wants
MOST_SILENT = 400  # connections that have not; beyond them the longest silent one is ended
FILES = 8_192  # that the desk may open, as far as the machine lets it: each connection is one


class Patient(H11Protocol):
    """HTTP/1.1, ended where no whole request has come in time: slowly sent bytes prolong nothing."""

    silent: dict["Patient", asyncio.TimerHandle] = {}  # noqa: RUF012 - of the process, in the order of their coming

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._listen()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._heard()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in bytes, and know whether they made a request whole."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._heard()

    def handle_websocket_upgrade(self, event: Any) -> None:
        """Hand the connection over to the socket, for as long as that lasts."""
        self._heard()
        super().handle_websocket_upgrade(event)

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        if not self.transport.is_closing():
            self._listen()
            if self.cycle is not None and not self.cycle.response_complete:  # it had been sent already
                self._heard()

    def _listen(self) -> None:
        self._heard()
        self.silent[self] = self.loop.call_later(HEADERS_WITHIN, self.transport.abort)
        if len(self.silent) > MOST_SILENT:
            longest = next(iter(self.silent))
            longest._heard()
            longest.transport.abort()

    def _heard(self) -> None:
        timer = self.silent.pop(self, None)
        if timer is not None:
            timer.cancel()


def server(app: Any, settings: Settings) -> uvicorn.Server:
    """Return the server for an app. Raises Invalid where it would carry personal data over an open line."""
    if refusal := settings.open_line():
        raise Invalid(refusal, "host")
    return uvicorn.Server(uvicorn.Config(
        app, host=settings.host, port=settings.port, http=Patient, ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key, proxy_headers=False, server_header=False, access_log=False, log_level="warning",
    ))


def serve(app: Any, settings: Settings) -> int:
    """Serve the app until it is stopped; return the exit code, 0 after an orderly end."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    allowed = FILES if most == resource.RLIM_INFINITY else min(FILES, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, most))
    running = server(app, settings)
    running.run()
    return 0 if running.started else 3
