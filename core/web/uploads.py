"""Uploads: a file goes into one's own page only, is counted while it arrives, and stays no longer than it is needed."""

import asyncio
import re
from collections.abc import Callable

import anyio
import anyio.to_thread

from core.actions.accounts.sessions import resolve_session
from core.actions.desk.desk import Person, opened_store, present
from core.law.acts import Act, may
from core.law.errors import Refused
from core.web.belonging import PERSON, sign_in_of
from core.web.gate import App, Message, Receive, Scope, Send, refuse, session_token
from core.web.held_files import Arriving, Full, HeldFiles, Holder, Pages

UPLOADS = "/_stcore/upload_file/"
FILE = re.compile(re.escape(UPLOADS) + r"([^/\n]+)/([^/\n]+)")
TAKES = (  # the acts whose pages have a place for files
    Act.CASE_TAKE_IN, Act.CASE_MESSAGE, Act.DOCUMENT_ADD, Act.PERSON_IMPORT, Act.EVENT_IMPORT, Act.CONSENT_IMPORT,
    Act.DISCLOSURE_IMPORT, Act.SUPPRESSION_IMPORT,
)
EVERY = 2.0  # seconds between two looks at what is held, while something is
HEARD_OUT = 26 << 20  # bytes of a refused file that are passed over, so that its sender reads the answer


class Uploads:
    """A pure ASGI layer behind the gate, before Streamlit's own place for uploads.

    `pages` gives Streamlit's runtime; `named` tells which files a message of a browser names, None where it is silent
    about them.
    """

    def __init__(
        self, app: App, pages: Callable[[], Pages], named: Callable[[bytes], frozenset[str] | None],
        held: HeldFiles | None = None,
    ) -> None:
        self._app = app
        self._pages = pages
        self._named = named
        self._held = held or HeldFiles(pages)
        self._looking: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, or refuse what is no file for a page of one's own."""
        person: Person | None = scope.get(PERSON)
        path, method = scope.get("path", ""), scope.get("method", "")
        if scope["type"] == "websocket" and person is not None:
            await self._app(scope, self._listening(person.sign_in_ref or "", receive), send)
        elif scope["type"] != "http" or not path.startswith(UPLOADS) or method == "OPTIONS":
            await self._app(scope, receive, send)
        elif person is None or (found := self._own(path, person)) is None:
            await _refuse(scope, _Body(receive), send, 404, "This page is not yours, or it has ended.")
        elif method == "PUT" and not any(may(person.roles, act) for act in TAKES):
            await _refuse(scope, _Body(receive), send, 403, "None of your pages takes files.")
        elif method == "PUT" and self._held.known(*found):  # two by one id would be counted as one
            await _refuse(scope, _Body(receive), send, 409, "This file is here already.")
        elif method == "PUT":
            holder = Holder(person.sign_in_ref or "", _token(scope))
            await self._take(scope, receive, send, self._held.arriving(*found, holder))
        else:
            before = self._held.file(*found)
            await self._app(scope, receive, send)
            if self._held.file(*found) is not before:
                self._held.taken_out(found[0], before)

    def _own(self, path: str, person: Person) -> tuple[str, str] | None:
        """Return the page and the file that a path names, None where the page is not of this sign-in."""
        found = FILE.fullmatch(path)
        client = self._pages().get_client(found[1]) if found else None
        if found is None or client is None or not person.sign_in_ref:
            return None
        return (found[1], found[2]) if sign_in_of(client.client_context.headers) == person.sign_in_ref else None

    async def _take(self, scope: Scope, receive: Receive, send: Send, arriving: Arriving) -> None:
        body = _Body(receive)

        async def counting() -> Message:
            message = await body()
            self._held.grow(arriving, len(message.get("body", b"")))
            return message

        async def answering(message: Message) -> None:
            self._held.end(arriving)  # before the sender knows: the next file may follow at once
            await send(message)

        try:
            self._held.grow(arriving, 0)
            await self._app(scope, counting, answering)
        except Full as refusal:
            await _refuse(scope, body, send, 413, str(refusal))
        finally:
            self._held.end(arriving)
            if self._looking is None or self._looking.done():
                self._looking = asyncio.create_task(self._look())

    def _listening(self, sign_in: str, receive: Receive) -> Receive:
        """Let files go that the browser named before and names no more: the form that took them is done with them."""
        before: frozenset[str] = frozenset()

        async def listening() -> Message:
            nonlocal before
            message = await receive()
            said = message.get("bytes")
            now = self._named(said) if said and self._held.holds(sign_in) else None
            if now is not None:
                self._held.let_go(sign_in, before - now)
                before = now
            return message

        return listening

    async def _look(self) -> None:
        while self._held.holds():
            await anyio.sleep(EVERY)
            await self._held.tidy(_lasts)


def _token(scope: Scope) -> str:
    cookies = b"; ".join(value for name, value in scope["headers"] if name.lower() == b"cookie")
    return session_token(cookies.decode("latin-1")) or ""


async def _lasts(token: str) -> bool:
    """Whether the sign-in of a token has not ended; where nobody can be known just now, it may not have."""
    store = opened_store()
    if store is None:
        return True
    try:
        return await anyio.to_thread.run_sync(lambda: resolve_session(store, present(), token, active=False)) is not None
    except Refused:
        return True


class _Body:
    """What a request still has to say; a server that is asked beyond the end waits for ever."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.more = True

    async def __call__(self) -> Message:
        message = await self._receive()
        self.more = message.get("more_body", False)
        return message


async def _refuse(scope: Scope, body: _Body, send: Send, status: int, sentence: str) -> None:
    """Refuse a file after it was heard out: a browser that is cut off while it sends shows no answer."""
    heard = 0
    while body.more and heard <= HEARD_OUT:
        heard += len((await body()).get("body", b""))
    await refuse(scope, body, send, status, sentence)
