"""The doors: the sign-in page, the first password, the sign-out, as plain pages without a script."""

import hmac
import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import anyio
import anyio.to_thread
from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from core.actions import first, sessions
from core.actions.desk import opened_store, present
from core.actions.samples import DEMO, DEMO_PASSWORD
from core.law.errors import Refused
from core.store.engine import Store
from core.web.gate import COOKIE
from core.web.onward import local
from core.web.settings import Settings

FORM_COOKIE = "desk_form"
BODY = 64 * 1024  # bytes of a form; a longer one is not read
_pages = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)


class Doors:
    """The routes under /auth, for one process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._hashing: anyio.CapacityLimiter | None = None

    def routes(self) -> list[Route]:
        """Return the routes to hand to the app."""
        return [
            Route("/auth/sign-in", self.sign_in, methods=["GET", "POST"]),
            Route("/auth/first", self.first, methods=["GET", "POST"]),
            Route("/auth/sign-out", self.sign_out, methods=["GET", "POST"]),
            Route("/healthz", healthz, methods=["GET"]),
        ]

    async def sign_in(self, request: Request) -> Response:
        """Show the form, or open a session and set its cookie."""
        store = _store()
        asked = request.query_params.get("next", "")
        if request.method == "GET":
            now = present()
            token = request.cookies.get(COOKIE)
            with suppress(Refused):  # who cannot be known now signs in
                if await self._off_loop(lambda: sessions.resolve_session(store, now, token, active=False)):
                    return RedirectResponse(local(asked) or "/", 303)
            return self._page("sign_in.html", store, target=local(asked))
        form = await _form(request)
        if form is None:
            return self._page("sign_in.html", store, refusal=_STALE, status=400)
        source = request.client.host if request.client else "unknown"
        try:
            signed = await self._off_loop(lambda: sessions.sign_in(
                store, present(), form.get("name", ""), form.get("password", ""), form.get("code", ""), source
            ))
        except Refused as refusal:
            return self._page(
                "sign_in.html", store, refusal=str(refusal), status=401, target=local(form.get("next", ""))
            )
        response = RedirectResponse(local(form.get("next", "")) or "/", 303)
        response.set_cookie(
            COOKIE, signed.token, max_age=int(timedelta(hours=8).total_seconds()), path="/",
            httponly=True, samesite="lax", secure=self._settings.secure,
        )
        response.delete_cookie(FORM_COOKIE, path="/auth")
        return response

    async def first(self, request: Request) -> Response:
        """Show the form for a first password, or set it and lead to the sign-in."""
        store = _store()
        if request.method == "GET":
            return self._page("first.html", store, kind="invitation")
        form = await _form(request)
        if form is None:
            return self._page("first.html", store, refusal=_STALE, status=400)
        token, password = form.get("token", "").strip(), form.get("password", "")
        kind = await self._off_loop(lambda: first.token_kind(store, present(), token))
        values = {"token": token, "name": form.get("name", ""), "sign_in_name": form.get("sign_in_name", "")}
        if password != form.get("again", ""):
            return self._page("first.html", store, refusal="The two passwords differ.", status=400, **values)
        try:
            await self._off_loop(lambda: first.set_first_password(
                store, present(), token, values["name"], password, sign_in_name=values["sign_in_name"]
            ))
        except Refused as refusal:
            return self._page(
                "first.html", store, refusal=str(refusal), status=400, bootstrap=kind == "bootstrap", **values
            )
        return self._page("sign_in.html", store, told="Your password is set. Sign in with it now.")

    async def sign_out(self, request: Request) -> Response:
        """Show a button, or end the session and clear the cookie."""
        store = _store()
        if request.method == "GET":
            return self._page("sign_out.html", store)
        if await _form(request) is None:
            return self._page("sign_out.html", store, refusal=_STALE, status=400)
        token = request.cookies.get(COOKIE, "")
        try:
            await self._off_loop(lambda: sessions.sign_out(store, present(), token))
            response = self._page("sign_in.html", store, told="You are signed out.")
        except Refused as refusal:  # this browser forgets the session all the same, which ends when nobody uses it
            response = self._page("sign_in.html", store, refusal=str(refusal), status=503)
        response.delete_cookie(COOKIE, path="/")
        return response

    def _page(self, template: str, store: Store, *, status: int = 200, **values: Any) -> Response:
        stamp, nonce = secrets.token_urlsafe(24), secrets.token_urlsafe(16)
        shown = {"refusal": "", "told": "", "target": "", "bootstrap": first.is_empty(store), **values}
        body = _pages.get_template(template).render(
            stamp=stamp, nonce=nonce, demo=[name for name, _, _ in DEMO] if store.kind == "demo" else [],
            demo_password=DEMO_PASSWORD, **shown,
        )
        response = HTMLResponse(body, status)
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"
        )
        response.set_cookie(
            FORM_COOKIE, stamp, max_age=3600, path="/auth", httponly=True, samesite="strict",
            secure=self._settings.secure,
        )
        return response

    async def _off_loop(self, work: Any) -> Any:
        if self._hashing is None:
            self._hashing = anyio.CapacityLimiter(4)  # a flood waits here, and takes no thread from the signed-in
        return await anyio.to_thread.run_sync(work, limiter=self._hashing)


_STALE = "The page was open for too long. Try once more."


async def healthz(request: Request) -> Response:  # noqa: ARG001 - a route takes the request
    """Answer that the process is up; nothing about the store."""
    return PlainTextResponse("ok" if opened_store() else "closed", 200 if opened_store() else 503)


async def _form(request: Request) -> dict[str, str] | None:
    """Return the fields of a form that this desk drew; None when its stamp and the cookie differ, or it is too long."""
    read = bytearray()
    async for piece in request.stream():
        read += piece
        if len(read) > BODY:
            return None
    try:
        fields = parse_qs(read.decode("ascii"), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        return None
    form = {name: values[0] for name, values in fields.items()}
    stamp, kept = form.get("stamp", ""), request.cookies.get(FORM_COOKIE, "")
    return form if kept and hmac.compare_digest(stamp.encode(), kept.encode()) else None


def _store() -> Store:
    store = opened_store()
    if store is None:
        raise RuntimeError("the doors are open only while the store is")
    return store
