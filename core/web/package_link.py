"""The one public page: it asks for a code, and gives the person their package once, without a script or a session."""

import secrets
import time
from pathlib import Path
from urllib.parse import quote

import anyio
import anyio.to_thread
from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from core.actions.answers.packages.public_link import REFUSED, fetch
from core.actions.desk.delivery import Delivery
from core.actions.desk.desk import opened_store, present
from core.actions.desk.establishment import UNSET, establishment
from core.law.errors import Refused
from core.store.durable import Unwritten
from core.web.forms import read_form
from core.web.place import place_of

BODY = 4096  # bytes of the form; a longer one is not read
LATER = "This cannot be answered just now, and your link was not used. Try again in an hour."
LEAST = 0.5  # seconds until a refusal is told, so that the time it took tells nothing about the link
_pages = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)


class PackageLink:
    """The route /package/{token}, for one process."""

    def __init__(self) -> None:
        self._fetching: anyio.CapacityLimiter | None = None

    def routes(self) -> list[Route]:
        """Return the routes to hand to the app."""
        return [Route("/package/{token}", self.answer, methods=["GET", "POST"])]

    async def answer(self, request: Request) -> Response:
        """Show the form, the same for every token and without a look at any; or try the code."""
        if request.method != "POST":
            return _page()
        began = time.monotonic()
        form = await read_form(request, BODY)
        try:
            delivery = await self._fetched(request, form.get("code", "")) if form is not None else None
        except Unwritten:  # before any link is looked at, so the same for each
            return _page(refusal=LATER, status=503)
        if delivery is None:
            await anyio.sleep(left_to_wait(time.monotonic() - began))
            return _page(refusal=REFUSED)
        return Response(delivery.content, media_type=delivery.media_type, headers=_HEADERS | {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(delivery.file_name, safe='')}",
        })

    async def _fetched(self, request: Request, code: str) -> Delivery | None:
        if self._fetching is None:
            self._fetching = anyio.CapacityLimiter(4)  # a flood waits here, and takes no thread from the signed-in
        token, source = request.path_params["token"], place_of(request)

        def work() -> Delivery | None:
            store = opened_store()
            try:
                return fetch(store, present(), token, code, source) if store else None
            except Unwritten:
                raise
            except Refused:
                return None

        return await anyio.to_thread.run_sync(work, limiter=self._fetching)


_HEADERS = {
    "Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
}


def left_to_wait(spent: float) -> float:
    """Return how long a refusal still waits after so much time.

    >>> left_to_wait(0.2), left_to_wait(0.6)
    (0.3, 0.0)
    """
    return max(0.0, round(LEAST - spent, 3))


def _page(*, refusal: str = "", status: int = 403) -> Response:
    store = opened_store()
    here = establishment(store) if store else None
    nonce = secrets.token_urlsafe(16)
    body = _pages.get_template("package.html").render(
        nonce=nonce, refusal=refusal, demo=[], controller=here.controller if here else "",
        contact=here.contact if here and here.contact != UNSET else "",
    )
    return HTMLResponse(body, status if refusal else 200, headers=_HEADERS | {
        "Content-Security-Policy": (
            f"default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"
        ),
    })
