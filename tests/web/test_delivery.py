"""Delivery: by session, never stored, each refusal with its own status."""

import asyncio
from dataclasses import dataclass
from functools import partial

import pytest
from starlette.routing import Match

from core.actions.answers.erasure import certificates
from core.actions.answers.letters import letters
from core.actions.answers.packages import archives, packages
from core.actions.cases import attachments, identity_documents, queue
from core.actions.desk.desk import give_store, present
from core.actions.oversight import board_file
from core.actions.suppression import suppression_exports
from core.law.errors import NotAllowed, NotFound, NotPossible, StepUpNeeded
from core.web import delivery
from tests.actions.signing import enter, first_administrator

PLACES = {
    "/exports/a": (packages, "fetch"), "/exports/archive/b": (archives, "fetch"), "/exports/print/c": (archives, "fetch_print"),
    "/suppression-lists/d": (suppression_exports, "fetch"), "/lists/requests?e": (queue, "fetch"),
    "/lists/board?f": (board_file, "fetch"),
    "/letters/g": (letters, "fetch"), "/certificates/h": (certificates, "fetch"), "/attachments/i": (attachments, "fetch"),
    "/proofs/j": (identity_documents, "show"),
}
ONCE = list(PLACES)[:4]


@dataclass
class Paper:
    file_name: str = "RD-2026-1.zip"
    media_type: str = "application/zip"
    content: bytes = b"bytes of the package"


def call(route, path, cookie, method="GET", **headers):
    sent = []

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        sent.append(message)

    told = [(name.replace("_", "-").encode(), text.encode()) for name, text in {"cookie": cookie, **headers}.items()]
    path, _, query = path.partition("?")
    scope = {
        "type": "http", "method": method, "path": path, "headers": told, "query_string": query.encode(), "root_path": "",
    }
    match, child = route.matches(scope)
    scope |= child
    asyncio.run((route.app if match is Match.FULL else route.handle)(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(each.get("body", b"") for each in sent[1:])


@pytest.fixture
def token(store):
    first_administrator(store, present())
    give_store(store)
    yield enter(store, "root", present())[0]
    give_store(None)


@pytest.fixture
def every(monkeypatch):
    """Give a function that answers for the act of each place, told which it is; it returns the route of each place."""

    def answer(act):
        for place, (module, name) in PLACES.items():
            monkeypatch.setattr(module, name, partial(act, place))
        return dict(zip(PLACES, delivery.routes(), strict=True))

    return answer


def test_the_bytes_go_to_the_session_s_person_with_a_fresh_key_each(token, every):
    asked = []

    def hand(place, desk, thing, *, key=""):
        asked.append((desk.person.name, thing, key))
        return Paper("letter ü.pdf", "application/pdf", place.encode())

    routes = every(hand)
    for path in [*PLACES, *ONCE]:
        status, headers, body = call(routes[path], path, f"desk_session={token}")
        assert (status, body) == (200, path.encode()), "another act answered"
        assert headers["cache-control"] == "no-store"
        assert headers["content-disposition"].startswith("inline;" if path.startswith("/proofs/") else "attachment;")
        assert "letter%20%C3%BC.pdf" in headers["content-disposition"]
    assert [each[:2] for each in asked] == [("Root Marker", path[-1]) for path in [*PLACES, *ONCE]]
    keys = [key for _, _, key in asked if key]
    assert len(keys) == len(set(keys)) == 2 * len(ONCE), "what is handed over once has a key of its own each time"


@pytest.mark.parametrize(("refusal", "status"), [
    (NotAllowed("No."), 403), (StepUpNeeded("Prove."), 403), (NotFound("None."), 404), (NotPossible("Fetched."), 409),
])
def test_a_refusal_is_its_sentence_and_no_byte(token, every, refusal, status):
    def refuse(place, desk, thing, *, key=""):
        raise refusal

    for path, route in every(refuse).items():
        got, _, body = call(route, path, f"desk_session={token}")
        assert (got, body.decode()) == (status, str(refusal))


@pytest.mark.parametrize(("method", "headers", "status"), [
    ("HEAD", {}, 405), ("POST", {}, 405), ("OPTIONS", {}, 405), ("GET", {"sec_fetch_site": "cross-site"}, 403),
    ("GET", {"sec_fetch_site": "same-site"}, 403), ("GET", {"sec_fetch_site": "same-origin"}, 200),
    ("GET", {"sec_fetch_site": "none"}, 200), ("GET", {}, 200),
])
def test_only_a_get_from_the_desk_itself_uses_up_what_is_handed_over(token, every, method, headers, status):
    asked = []
    for path, route in every(lambda place, desk, thing, *, key="": asked.append(thing) or Paper()).items():
        assert call(route, path, f"desk_session={token}", method, **headers)[0] == status
    assert asked == (list("abcdefghij") if status == 200 else [])


def test_without_a_session_nothing_is_even_asked_for(token, every):
    for path, route in every(lambda place, desk, thing, *, key="": pytest.fail("asked")).items():
        for cookie in ("", "desk_session=" + "x" * 43):
            assert call(route, path, cookie)[0] == 401
