"""The public page: the same for every link, nothing before the right code, the approved bytes once after it."""

import asyncio
import hashlib
import re
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from core.actions.answers.packages import links, ways_out
from core.actions.desk.desk import give_store, present
from core.store import durable
from core.web.gate import Gate
from core.web.package_link import BODY, LEAST, PackageLink, left_to_wait
from core.web.settings import Settings
from tests.actions.conftest import empty_walk, released, walk  # noqa: F401 - fixtures
from tests.actions.released import wrong


async def everything(request):
    return PlainTextResponse("behind the gate")


def ask(path, method="GET", body=b"", **headers):
    """Ask the gate with the public route behind it, and everything else behind that; return status, headers, body."""
    app = Gate(
        Starlette(routes=[*PackageLink().routes(), Route("/{rest:path}", everything, methods=["GET", "POST", "PUT"])]),
        Settings(),
    )
    given = {"host": "127.0.0.1", "accept": "text/html"} | {name.replace("_", "-"): value for name, value in headers.items()}
    sent = []

    async def receive():
        return {"type": "http.request", "body": body}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in given.items()], "client": ("192.0.2.7", 1),
        "server": ("127.0.0.1", 80), "scheme": "http", "http_version": "1.1",
    }
    asyncio.run(app(scope, receive, send))
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], told, b"".join(each.get("body", b"") for each in sent[1:])


def plain(body):
    return re.sub(r'nonce="[^"]+"', "", body.decode())


@pytest.fixture
def ready(released):
    walk, now = released, present()
    with walk.store.transaction() as tx:
        tx._cursor.execute("update packages set expires_at = $end", {"end": now + timedelta(days=30)})
        walk.store.commit(tx)
    give_store(walk.store)
    yield walk
    give_store(None)


@pytest.fixture
def link(ready):
    desk = ready.at(ready.steward, present())
    way_id = links.make(desk, ready.package_id, channel="email", code_channel="phone", key=ready.key())
    path = "/package/" + links.show_link(desk, way_id, key=ready.key()).rpartition("/")[2]
    return way_id, path, links.show_code(desk, way_id, key=ready.key())


UNKNOWN = "/package/" + "x" * 43


def test_the_page_is_the_same_for_every_link_and_names_nobody(ready, link, entries_of):
    _, path, _ = link
    before = entries_of(ready)
    known, unknown = ask(path), ask(UNKNOWN)
    assert (known[0], unknown[0]) == (200, 200)
    assert plain(known[2]) == plain(unknown[2])
    text = known[2].decode()
    assert 'name="code"' in text
    assert "<script" not in text
    for word in ("marker", "Given0001x", "RD-", "example.com"):
        assert word not in text
    assert entries_of(ready) == before, "looking at the page is no try"
    for name, value in (("referrer-policy", "no-referrer"), ("cache-control", "no-store"), ("x-frame-options", "DENY"),
                        ("x-robots-tag", "noindex, nofollow"), ("x-content-type-options", "nosniff")):
        assert known[1][name] == value
    assert known[1]["content-security-policy"].startswith("default-src 'none'")
    assert "script-src" not in known[1]["content-security-policy"]
    assert "set-cookie" not in known[1]


@pytest.fixture
def entries_of():
    def read(walk):
        with walk.store.transaction() as tx:
            return [(row["act"], row["outcome"]) for row in tx.rows("log.all_rows", chain=walk.store.chain, first=0, last=10**9)]
    return read


def post(path, code, **headers):
    return ask(path, "POST", f"code={code.replace(' ', '+')}".encode(), **headers)


def test_the_right_code_gives_the_approved_bytes_once(ready, link):
    _, path, code = link
    with ready.store.transaction() as tx:
        approved = tx.one("packages.one", id=ready.package_id)["sha256"]
    status, headers, body = post(path, code, origin="null")
    assert (status, headers["content-type"]) == (200, "application/zip")
    assert hashlib.sha256(body).hexdigest() == approved
    assert headers["content-disposition"].startswith("attachment;")
    assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "no-referrer")
    status, _, body = post(path, code)
    assert status == 403
    assert b"This did not work." in body


def test_unknown_wrong_used_revoked_and_broken_are_told_alike(ready, link):
    way_id, path, code = link
    told = [post(UNKNOWN, code), post(path, wrong(code)), post(path, ""), ask(path, "POST", b"\xff\xfe"),
            ask(path, "POST", b"code=" + b"1" * BODY)]
    ways_out.revoke(ready.at(ready.steward, present()), way_id, key=ready.key())
    told += [post(path, code)]
    assert {status for status, _, _ in told} == {403}
    assert len({plain(body) for _, _, body in told}) == 1
    lengths = [{name: value for name, value in headers.items() if name not in {"content-security-policy"}} for _, headers, _ in told]
    assert all(each == lengths[0] for each in lengths)


def test_a_refusal_takes_no_less_than_its_time_and_no_more():
    assert left_to_wait(0) == LEAST
    assert left_to_wait(LEAST) == left_to_wait(9) == 0
    assert LEAST > 0.3


@pytest.mark.parametrize("path", [
    "/package", "/package/", "/package/x", "/package/" + "x" * 42, "/package/" + "x" * 44, UNKNOWN + "/", UNKNOWN + "/a",
    "/package/" + "x" * 42 + "%", "//package/" + "x" * 43, "/packages/" + "x" * 43, "/package/../" + "x" * 40,
    "/package/" + "ü" * 43, "/package/" + "x" * 42 + "\n", "/exports/archive/x", "/exports/print/x",
])
def test_nothing_but_a_whole_link_is_public(ready, path):
    for method in ("GET", "POST"):
        status, _, body = ask(path, method)
        assert status in {303, 401}
        assert b"behind" not in body


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_the_page_takes_no_other_method(ready, method):
    status, _, body = ask(UNKNOWN, method)
    assert status in {401, 403, 405}
    assert b"behind" not in body


def test_another_site_sends_no_form_and_another_name_is_not_answered(ready, link):
    _, path, code = link
    assert post(path, code, origin="https://evil.example")[0] == 403
    assert post(path, code, host="evil.example")[0] == 400
    assert post(path, code, origin="http://127.0.0.1")[0] == 200


def test_a_full_disk_uses_no_link_up_and_says_the_same_for_each(link, monkeypatch):
    _, path, code = link
    monkeypatch.setattr(durable, "RESERVE", 1 << 60)  # more than any disk has left
    told = [post(each, sent) for each in (path, UNKNOWN) for sent in (code, "12345678")]
    assert {status for status, _, _ in told} == {503}
    assert len({plain(body) for _, _, body in told}) == 1
    assert "your link was not used" in plain(told[0][2])
    monkeypatch.undo()
    assert post(path, code)[0] == 200
