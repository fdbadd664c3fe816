"""Delivery of packages and letters: by cookie, to the person who may, once where it must be once, never kept."""

from collections.abc import Callable
from urllib.parse import quote

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from core.actions.accounts.sessions import resolve_session
from core.actions.answers.erasure import certificates
from core.actions.answers.letters import letters
from core.actions.answers.packages import archives, packages
from core.actions.cases import attachments, identity_documents, queue
from core.actions.desk.delivery import Delivery
from core.actions.desk.desk import Desk, opened_store, present
from core.actions.oversight import board_file
from core.actions.suppression import suppression_exports
from core.law.errors import NotAllowed, NotFound, Refused, SignedOut, StepUpNeeded
from core.store.engine import new_id
from core.web.gate import COOKIE

Fetch = Callable[[Desk, str], Delivery]


def routes() -> list[Route]:
    """Return where what leaves the desk is fetched, each by its act.

    What a list holds stands in the query of its address. A proof document is shown in the browser and not handed
    over as a file: no copy of it is left on a disk.
    """
    return [
        _once("/exports/{thing}", packages.fetch),
        _once("/exports/archive/{thing}", archives.fetch),
        _once("/exports/print/{thing}", archives.fetch_print),
        _once("/suppression-lists/{thing}", suppression_exports.fetch),
        _route("/lists/requests", queue.fetch),
        _route("/lists/board", board_file.fetch),
        _route("/letters/{thing}", letters.fetch),
        _route("/certificates/{thing}", certificates.fetch),
        _route("/attachments/{thing}", attachments.fetch),
        _route("/proofs/{thing}", identity_documents.show, way="inline"),
    ]


def _once(path: str, fetch: Callable[..., Delivery]) -> Route:
    return _route(path, lambda desk, thing: fetch(desk, thing, key=f"fetch-{new_id(desk.now)}"))


def _route(path: str, fetch: Fetch, way: str = "attachment") -> Route:
    async def deliver(request: Request) -> Response:
        if request.headers.get("sec-fetch-site", "same-origin") in {"cross-site", "same-site"}:
            return PlainTextResponse("This came from another site: download it from the desk.", 403)
        token, thing = request.cookies.get(COOKIE), request.path_params.get("thing", request.url.query)
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
