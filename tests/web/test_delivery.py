"""Delivery: by session, never stored, each refusal with its own status."""

import asyncio
from dataclasses import dataclass

import pytest

from core.actions.desk import give_store, present
from core.law.errors import NotAllowed, NotFound, NotPossible, StepUpNeeded
from core.web import delivery
from tests.actions.signing import enter, first_administrator


@dataclass
class Paper:
    file_name: str = "RD-2026-1.zip"
    media_type: str = "application/zip"
    content: bytes = b"bytes of the package"


def call(route, path, cookie):
    sent = []

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "headers": [(b"cookie", cookie.encode())],
             "query_string": b"", "path_params": {"thing": path.rpartition("/")[2]}}
    asyncio.run(route.app(scope, receive, send))
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


def test_without_a_session_nothing_is_even_asked_for(token):
    package, _ = delivery.routes(lambda desk, thing, *, key: pytest.fail("asked"), lambda desk, thing: Paper())
    for cookie in ("", "desk_session=" + "x" * 43):
        assert call(package, "/exports/p1", cookie)[0] == 401
