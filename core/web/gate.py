"""The gate before everything: who has no session gets nothing but the doors, over HTTP and over WebSocket alike."""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import quote

import anyio
import anyio.to_thread

from core.actions.accounts.sessions import resolve_session
from core.actions.desk.desk import Person, opened_store, present
from core.law.errors import Refused
from core.web.belonging import marked
from core.web.onward import asked
from core.web.policy import page_policy
from core.web.settings import Settings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "desk_session"
OPEN = frozenset({"/auth/sign-in", "/auth/first", "/auth/sign-out", "/healthz"})
PUBLIC = re.compile(r"/package/[A-Za-z0-9_-]{43}")  # a package link: the only page for people without an account
BLOCKED = ("/_stcore/agent", "/_stcore/metrics", "/auth/login", "/auth/logout", "/oauth2callback")


class Gate:
    """A pure ASGI layer: checks the Host, resolves the session off the event loop, adds the headers; default no."""

    def __init__(self, app: App, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._resolving: anyio.CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, redirect to the sign-in page, or refuse."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, _short_failures(send))
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        guarded = self._with_headers(scope, send) if scope["type"] == "http" else send
        path = scope["path"]
        if scope["type"] not in {"http", "websocket"} or not self._host_allowed(headers):
            await refuse(scope, receive, guarded, 400, "This desk does not answer under that name.")
        elif any(path == each or path.startswith(each + "/") for each in BLOCKED):
            await refuse(scope, receive, guarded, 404, "There is nothing here.")
        elif _is_public(scope, headers):
            await self._app(scope, receive, guarded)
        elif not _same_origin(headers, reading=scope.get("method") in {"GET", "HEAD"}):
            await refuse(scope, receive, guarded, 403, "This came from another site.")
        elif scope["type"] == "http" and path in OPEN:
            await self._app(scope, receive, guarded)
        else:
            await self._past(scope, receive, guarded, headers)

    async def _past(self, scope: Scope, receive: Receive, guarded: Send, headers: dict[str, str]) -> None:
        """Let those who have a session go on, and lead the others to the sign-in page."""
        try:
            person = await self._known(headers)
        except Refused as refusal:
            await refuse(scope, receive, guarded, 503, str(refusal))
            return
        if person is not None:
            await self._app(marked(scope, person), receive, guarded)
        elif _navigates(scope, headers):
            onward = asked(scope["path"], scope["query_string"].decode("latin-1"))
            await _redirect(guarded, f"/auth/sign-in?next={quote(onward, safe='/')}" if onward else "/auth/sign-in")
        else:
            await refuse(scope, receive, guarded, 401, "Sign in first.")

    async def _known(self, headers: dict[str, str]) -> Person | None:
        token = session_token(headers.get("cookie", ""))
        store = opened_store()
        if token is None or store is None:
            return None
        if self._resolving is None:
            self._resolving = anyio.CapacityLimiter(8)
        return await anyio.to_thread.run_sync(
            lambda: resolve_session(store, present(), token, active=False), limiter=self._resolving
        )

    def _host_allowed(self, headers: dict[str, str]) -> bool:
        host = headers.get("host", "").lower()
        name = host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host
        return name in self._settings.hosts

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                # `same-origin` tells other sites as little as `no-referrer`, which would also make browsers send
                # `Origin: null` with our own forms.
                fixed = [
                    (b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin"),
                    (b"x-frame-options", b"DENY"), (b"cross-origin-opener-policy", b"same-origin"),
                    (b"cross-origin-resource-policy", b"same-origin"),
                    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
                ]
                if b"content-security-policy" not in given:
                    fixed.append((b"content-security-policy", page_policy().encode()))
                if self._settings.secure:
                    fixed.append((b"strict-transport-security", b"max-age=31536000"))
                kept = [pair for pair in message["headers"] if pair[0].lower() != b"server"]
                if not scope["path"].startswith("/static/") or message["status"] >= 400:
                    kept = [pair for pair in kept if pair[0].lower() != b"cache-control"]
                    fixed.append((b"cache-control", b"no-store"))
                message = {**message, "headers": [*kept, *(pair for pair in fixed if pair[0] not in given - {
                    b"cache-control"})]}
            await send(message)

        return sending


def session_token(cookies: str) -> str | None:
    """Return the session token of a Cookie header, or None."""
    try:
        found = SimpleCookie(cookies).get(COOKIE)
    except CookieError:
        return None
    return found.value if found else None


def _same_origin(headers: dict[str, str], *, reading: bool) -> bool:
    """Whether a request that changes something, or a WebSocket (it has no method), comes from a page of this desk."""
    origin = headers.get("origin")
    if reading or origin is None:
        return True
    return origin.partition("://")[2].lower() == headers.get("host", "").lower()


def _is_public(scope: Scope, headers: dict[str, str]) -> bool:
    """Whether this is the form of a package link, or its sending.

    With the referrer policy of that page browsers send `Origin: null` along with its form. No cookie counts there, so
    another site that sent the form for somebody would gain nothing; a named other origin is refused all the same.
    """
    if scope["type"] != "http" or not PUBLIC.fullmatch(scope["path"]):
        return False
    return scope["method"] in {"GET", "HEAD"} or (
        scope["method"] == "POST" and (headers.get("origin") == "null" or _same_origin(headers, reading=False))
    )


def _navigates(scope: Scope, headers: dict[str, str]) -> bool:
    return (
        scope["type"] == "http" and scope["method"] == "GET" and "text/html" in headers.get("accept", "")
        and headers.get("sec-fetch-mode", "navigate") == "navigate"
        and not scope["path"].startswith(("/_stcore/", "/media/", "/static/", "/exports/", "/letters/", "/attachments/",
            "/proofs/", "/suppression-lists/", "/lists/", "/api/"))
    )


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, sentence: str) -> None:
    """Answer with a sentence; a socket is closed with it."""
    if scope["type"] == "websocket":
        await receive()  # websocket.connect
        await send({"type": "websocket.close", "code": 1008, "reason": sentence})
        return
    body = sentence.encode()
    await send({"type": "http.response.start", "status": status, "headers": [
        (b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode()),
    ]})
    await send({"type": "http.response.body", "body": body})


async def _redirect(send: Send, target: str) -> None:
    await send({"type": "http.response.start", "status": 303, "headers": [
        (b"location", target.encode("ascii")), (b"content-length", b"0"),
    ]})
    await send({"type": "http.response.body", "body": b""})


def _short_failures(send: Send) -> Send:
    """Tell why the desk did not start in its last line alone, which is the sentence; the rest is no help."""
    async def sending(message: Message) -> None:
        if message["type"] == "lifespan.startup.failed" and message.get("message"):
            last = str(message["message"]).strip().splitlines()[-1]
            message = {**message, "message": last.partition(": ")[2] or last}
        await send(message)

    return sending
