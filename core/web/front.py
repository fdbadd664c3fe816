"""The very front: who is at the other end of a connection, and whether others can read along."""

from contextlib import suppress
from ipaddress import ip_address
from typing import Any

from starlette.requests import ClientDisconnect
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from core.web.gate import App, Receive, Scope, Send, refuse
from core.web.settings import Settings

OPEN_LINE = (
    "This desk answers over an encrypted line only: through the proxy that its operator has named, or with a certificate of "
    "its own."
)


class Front:
    """A pure ASGI layer: believes a named proxy, and nobody else, for whom it asks; lets no open line in from outside."""

    def __init__(self, app: App, settings: Settings) -> None:
        inner: Any = app
        self._app = app
        self._proxies = settings.proxies
        self._proxied: Any = ProxyHeadersMiddleware(inner, list(map(str, self._proxies)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on with the visitor's address, or refuse."""
        with suppress(ClientDisconnect):  # who left in the middle of a file needs no answer, and the operator no traceback
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
        elif self._is_proxy(_address(scope.get("client"))):
            await self._proxied(scope, receive, send)
        elif scope.get("scheme") in {"https", "wss"} or _is_loopback(_address(scope.get("server"))):
            await self._app(scope, receive, send)
        else:
            await refuse(scope, receive, send, 403, OPEN_LINE)

    def _is_proxy(self, host: str) -> bool:
        try:
            return any(ip_address(host) in network for network in self._proxies)
        except ValueError:
            return False


def _address(end: Any) -> str:
    return str(end[0]) if end else ""


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
