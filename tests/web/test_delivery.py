"""Delivery: by session, never stored, each refusal with its own status."""

import asyncio
from dataclasses import dataclass

import pytest
from starlette.routing import Match

from core.actions.desk.desk import give_store, present
from core.law.errors import NotAllowed, NotFound, NotPossible, StepUpNeeded
from core.web import delivery
from tests.actions.signing import enter, first_administrator


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
    scope = {"type": "http", "method": method, "path": path, "headers": told, "query_string": b"", "root_path": ""}
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


def test_the_bytes_go_to_the_session_s_person_with_a_fresh_key_each(token):
    asked = []
    package, letter = delivery.routes(
        lambda desk, thing, *, key: asked.append((desk.person.name, thing, key)) or Paper(),
        lambda desk, thing: Paper("letter ü.pdf", "application/pdf", thing.encode()),
    )
    for _ in range(2):
        status, headers, body = call(package, "/exports/p1", f"desk_session={token}")
        assert (status, body) == (200, b"bytes of the package")
        assert headers["cache-control"] == "no-store"
        assert headers["content-disposition"].startswith("attachment;")
    assert [each[:2] for each in asked] == [("Root Marker", "p1")] * 2
    assert asked[0][2] != asked[1][2]
    status, headers, body = call(letter, "/letters/l1", f"desk_session={token}")
    assert (status, body) == (200, b"l1")
    assert "letter%20%C3%BC.pdf" in headers["content-disposition"]


@pytest.mark.parametrize(("refusal", "status"), [
    (NotAllowed("No."), 403), (StepUpNeeded("Prove."), 403), (NotFound("None."), 404), (NotPossible("Fetched."), 409),
])
def test_a_refusal_is_its_sentence_and_no_byte(token, refusal, status):
    def refuse(desk, thing, *, key):
        raise refusal

    package, _ = delivery.routes(refuse, lambda desk, thing: Paper())
    got, _, body = call(package, "/exports/p1", f"desk_session={token}")
    assert (got, body.decode()) == (status, str(refusal))


@pytest.mark.parametrize(("method", "headers", "status"), [
    ("HEAD", {}, 405), ("POST", {}, 405), ("OPTIONS", {}, 405), ("GET", {"sec_fetch_site": "cross-site"}, 403),
    ("GET", {"sec_fetch_site": "same-site"}, 403), ("GET", {"sec_fetch_site": "same-origin"}, 200),
    ("GET", {"sec_fetch_site": "none"}, 200), ("GET", {}, 200),
])
def test_only_a_get_from_the_desk_itself_uses_up_what_is_handed_over(token, method, headers, status):
    asked = []
    every = delivery.routes(
        lambda desk, thing, *, key: asked.append(thing) or Paper(), lambda desk, thing: asked.append(thing) or Paper(),
        lambda desk, thing: asked.append(thing) or Paper(), lambda desk, thing, *, key: asked.append(thing) or Paper(),
        once={"locked": lambda desk, thing, *, key: asked.append(thing) or Paper()},
        show_proof=lambda desk, thing: asked.append(thing) or Paper(),
    )
    paths = ["/exports/a", "/exports/locked/b", "/letters/c", "/attachments/d", "/proofs/e", "/suppression-lists/f"]
    assert len(every) == len(paths)
    for route, path in zip(every, paths, strict=True):
        assert call(route, path, f"desk_session={token}", method, **headers)[0] == status
    assert asked == (list("abcdef") if status == 200 else [])


def test_without_a_session_nothing_is_even_asked_for(token):
    package, _ = delivery.routes(lambda desk, thing, *, key: pytest.fail("asked"), lambda desk, thing: Paper())
    for cookie in ("", "desk_session=" + "x" * 43):
        assert call(package, "/exports/p1", cookie)[0] == 401
