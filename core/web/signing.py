"""The doors: the sign-in page, the first password, the sign-out, as plain pages without a script."""

import hmac
import re
import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from core.actions.accounts import devices, sessions
from core.actions.accounts import first_password as first
from core.actions.accounts.samples import DEMO, DEMO_PASSWORD
from core.actions.desk.desk import opened_store, present
from core.actions.desk.throttle import NOT_LOOKED_AT, NotLookedAt
from core.law.errors import Refused
from core.store.engine import Store
from core.web.forms import read_form
from core.web.gate import COOKIE
from core.web.onward import local
from core.web.place import place_of
from core.web.settings import Settings

FORM_COOKIE, DEVICE_COOKIE = "desk_form", "desk_device_"
FORM_LIFE = 12 * 3600  # seconds
LANE = 10  # seconds: who opened the form at one place within so many waits in one lane
_STAMP = re.compile(r"([A-Za-z0-9_-]{32})\.([0-9]{1,12})\.([0-9a-f]{64})")
ROOMS = {"strangers": 40, "known": 4, "looking": 8}  # threads; of strangers the most only wait for their turn
BODY = 64 * 1024  # bytes of a form; a longer one is not read
_pages = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)


class Doors:
    """The routes under /auth, for one process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._limiters: dict[str, anyio.CapacityLimiter] = {}

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
                if await self._off_loop(lambda: sessions.resolve_session(store, now, token, active=False), "looking"):
                    return RedirectResponse(local(asked) or "/", 303)
            return self._page("sign_in.html", request, store, target=local(asked))
        form = await _form(request, store)
        if form is None:
            return self._page("sign_in.html", request, store, refusal=_STALE, status=400)
        name = sessions.plain_name(form.get("name", ""))
        device = request.cookies.get(DEVICE_COOKIE + devices.label(store, name), "")
        room = "known" if devices.known(store, present(), name, device) else "strangers"
        source = place_of(request)
        try:
            if room == "strangers" and self._limiter(room).available_tokens < 1:  # the known stand in line, never for long
                raise NotLookedAt(NOT_LOOKED_AT)
            signed = await self._off_loop(lambda: sessions.sign_in(
                store, present(), name, form.get("password", ""), form.get("code", ""), source, lane=_lane(form),
                device=device,
            ), room)
        except Refused as refusal:
            status = 429 if isinstance(refusal, NotLookedAt) else 401
            return self._page(
                "sign_in.html", request, store, refusal=str(refusal), status=status, target=local(form.get("next", "")),
                name=form.get("name", ""),
            )
        response = RedirectResponse(local(form.get("next", "")) or "/", 303)
        response.set_cookie(
            COOKIE, signed.token, max_age=int(timedelta(hours=8).total_seconds()), path="/",
            httponly=True, samesite="lax", secure=self._settings.secure,
        )
        response.set_cookie(
            DEVICE_COOKIE + devices.label(store, name), signed.device, max_age=int(devices.VALID.total_seconds()),
            path="/auth", httponly=True, samesite="strict", secure=self._settings.secure,
        )
        response.delete_cookie(FORM_COOKIE, path="/auth")
        return response

    async def first(self, request: Request) -> Response:
        """Show the form for a first password, or set it and lead to the sign-in."""
        store = _store()
        if request.method == "GET":
            return self._page("first.html", request, store, kind="invitation")
        form = await _form(request, store)
        if form is None:
            return self._page("first.html", request, store, refusal=_STALE, status=400)
        token, password = form.get("token", "").strip(), form.get("password", "")
        kind = await self._off_loop(lambda: first.token_kind(store, present(), token))
        values = {"token": token, "name": form.get("name", ""), "sign_in_name": form.get("sign_in_name", "")}
        if password != form.get("again", ""):
            return self._page("first.html", request, store, refusal="The two passwords differ.", status=400, **values)
        try:
            await self._off_loop(lambda: first.set_first_password(
                store, present(), token, values["name"], password, sign_in_name=values["sign_in_name"]
            ))
        except Refused as refusal:
            return self._page(
                "first.html", request, store, refusal=str(refusal), status=400, bootstrap=kind == "bootstrap", **values
            )
        return self._page("sign_in.html", request, store, told="Your password is set. Sign in with it now.")

    async def sign_out(self, request: Request) -> Response:
        """Show a button, or end the session and clear the cookie."""
        store = _store()
        if request.method == "GET":
            return self._page("sign_out.html", request, store)
        if await _form(request, store) is None:
            return self._page("sign_out.html", request, store, refusal=_STALE, status=400)
        token = request.cookies.get(COOKIE, "")
        try:
            await self._off_loop(lambda: sessions.sign_out(store, present(), token))
            response = self._page("sign_in.html", request, store, told="You are signed out.")
        except Refused as refusal:  # this browser forgets the session all the same, which ends when nobody uses it
            response = self._page("sign_in.html", request, store, refusal=str(refusal), status=503)
        response.delete_cookie(COOKIE, path="/")
        return response

    def _page(self, template: str, request: Request, store: Store, *, status: int = 200, **values: Any) -> Response:
        kept = request.cookies.get(FORM_COOKIE, "")
        stamp = kept if _issued(store, kept) else _stamp(store)  # one for all tabs, as old as the first of them
        nonce = secrets.token_urlsafe(16)
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
            FORM_COOKIE, stamp, max_age=FORM_LIFE, path="/auth", httponly=True, samesite="strict",
            secure=self._settings.secure,
        )
        return response

    async def _off_loop(self, work: Any, room: str = "strangers") -> Any:
        return await anyio.to_thread.run_sync(work, limiter=self._limiter(room))

    def _limiter(self, room: str) -> anyio.CapacityLimiter:
        """Return how many threads of a room may work: a flood at one door takes none from the other, nor from the pages."""
        return self._limiters.setdefault(room, anyio.CapacityLimiter(ROOMS[room]))


_STALE = "The page was open for too long. Try once more."


async def healthz(request: Request) -> Response:  # noqa: ARG001 - a route takes the request
    """Answer that the process is up; nothing about the store."""
    return PlainTextResponse("ok" if opened_store() else "closed", 200 if opened_store() else 503)


def _stamp(store: Store) -> str:
    """Return a mark for a form, which says when it was drawn and that this desk drew it."""
    told = f"{secrets.token_urlsafe(24)}.{int(present().timestamp())}"
    return f"{told}.{store.keyed_hash('forms', told).hex()}"


def _issued(store: Store, stamp: str) -> int | None:
    """Return when a stamp was given, in seconds; None for one that is not ours or too old."""
    found = _STAMP.fullmatch(stamp)
    if found is None or not hmac.compare_digest(store.keyed_hash("forms", f"{found[1]}.{found[2]}").hex(), found[3]):
        return None
    return int(found[2]) if abs(present().timestamp() - int(found[2])) < FORM_LIFE else None


def _lane(form: dict[str, str]) -> str:
    """Return in which lane the sender of a form waits: those who opened it at the same time share one."""
    return str(int(form["stamp"].split(".")[1]) // LANE)


async def _form(request: Request, store: Store) -> dict[str, str] | None:
    """Return the fields of a form that this desk drew; None where its stamp is not the one in the cookie, or there is none."""
    form = await read_form(request, BODY)
    if form is None:
        return None
    stamp, kept = form.get("stamp", ""), request.cookies.get(FORM_COOKIE, "")
    return form if _issued(store, kept) and hmac.compare_digest(stamp.encode(), kept.encode()) else None


def _store() -> Store:
    store = opened_store()
    if store is None:
        raise RuntimeError("the doors are open only while the store is")
    return store
