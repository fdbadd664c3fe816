"""Delivery of packages and letters: by cookie, to the person who may, once where it must be once, never kept."""

from collections.abc import Callable
from typing import Protocol
from urllib.parse import quote

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from core.actions.accounts.sessions import resolve_session
from core.actions.desk.desk import Desk, opened_store, present
from core.law.errors import NotAllowed, NotFound, Refused, SignedOut, StepUpNeeded
from core.store.engine import new_id
from core.web.gate import COOKIE


class Delivered(Protocol):
    """What is handed over: a generated file name, its kind, the bytes."""

    @property
    def file_name(self) -> str:
        """A name without a word about a person."""

    @property
    def media_type(self) -> str:
        """For example `application/zip`."""

    @property
    def content(self) -> bytes:
        """The approved bytes."""


Fetch = Callable[[Desk, str], Delivered]


def routes(
    fetch_package: Callable[..., Delivered], fetch_letter: Fetch, fetch_attachment: Fetch | None = None,
    fetch_suppression: Callable[..., Delivered] | None = None, *, once: dict[str, Callable[..., Delivered]] | None = None,
    show_proof: Fetch | None = None,
) -> list[Route]:
    """Return the routes /exports/, /letters/, /attachments/ and /suppression-lists/{id}; the functions do the acts.

    `once` names further ways out of a package, each at /exports/{name}/{id}. A proof document, at /proofs/{id}, is shown
    in the browser and not handed over as a file: no copy of it is left on a disk.
    """
    return [
        _once("/exports/{thing}", fetch_package),
        *(_once(f"/exports/{name}/{{thing}}", fetch) for name, fetch in (once or {}).items()),
        _route("/letters/{thing}", fetch_letter),
        *([_route("/attachments/{thing}", fetch_attachment)] if fetch_attachment else []),
        *([_route("/proofs/{thing}", show_proof, way="inline")] if show_proof else []),
        *([_route(
            "/suppression-lists/{thing}",
            lambda desk, thing: fetch_suppression(desk, thing, key=f"fetch-{new_id(desk.now)}"),
        )] if fetch_suppression else []),
    ]


def _once(path: str, fetch: Callable[..., Delivered]) -> Route:
    return _route(path, lambda desk, thing: fetch(desk, thing, key=f"fetch-{new_id(desk.now)}"))


def _route(path: str, fetch: Fetch, way: str = "attachment") -> Route:
    async def deliver(request: Request) -> Response:
        if request.headers.get("sec-fetch-site", "same-origin") in {"cross-site", "same-site"}:
            return PlainTextResponse("This came from another site: download it from the desk.", 403)
        token, thing = request.cookies.get(COOKIE), request.path_params["thing"]
        return await anyio.to_thread.run_sync(lambda: _deliver(token, thing, fetch, way))

    route = Route(path, deliver, methods=["GET"])
    route.methods = {"GET"}  # Starlette adds HEAD, which would use up what is handed over once and hand nothing over
    return route


def _deliver(token: str | None, thing: str, fetch: Fetch, way: str) -> Response:
    store, now = opened_store(), present()
    try:
        person = resolve_session(store, now, token) if store else None
        if store is None or person is None:
            raise SignedOut("Your session has ended: sign in again.")
        delivered = fetch(Desk(store, person, now), thing)
    except Refused as refusal:
        return PlainTextResponse(str(refusal), _status(refusal))
    return Response(delivered.content, media_type=delivered.media_type, headers={
        "Content-Disposition": f"{way}; filename*=UTF-8''{quote(delivered.file_name, safe='')}",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    })


def _status(refusal: Refused) -> int:
    if isinstance(refusal, SignedOut):
        return 401
    if isinstance(refusal, NotAllowed | StepUpNeeded):
        return 403
    return 404 if isinstance(refusal, NotFound) else 409
