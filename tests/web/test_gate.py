"""The gate: a stranger's first request, of whatever kind, gets nothing but the doors."""

import asyncio

import pytest

from core.actions.desk.desk import give_store
from core.web.gate import Gate, session_token
from core.web.settings import Settings
from tests.serving import demo_store, serving
from tests.web.visitor import Visitor, hand_shaken

NOTHING = [
    "/accounts", "/", "/permissions", "/media/x", "/media/0123456789abcdef.zip", "/exports/x", "/letters/x", "/proofs/x", "/docs",
    "/openapi.json", "/redoc", "/_stcore/health", "/_stcore/host-config", "/_stcore/stream", "/_stcore/upload_file/a/b",
    "/_stcore/agent/openapi.json", "/_stcore/metrics", "/static/index.html", "/component/x", "/auth/login",
    "/auth/logout", "/oauth2callback", "/auth/sign-in/../../accounts", "/auth/sign-in/", "/auth/first/x", "/healthz/x",
    "//accounts", "/%61ccounts", "/auth/%2e%2e/accounts", "/package", "/package/x", "/package/" + "x" * 44, "/api/v1/requests", "/app/static/x",
]


@pytest.mark.parametrize(
    "first", ["/accounts", "stream", *(pytest.param(each, marks=pytest.mark.prove) for each in ("/media/x", "/exports/x", "/docs"))]
)
def test_the_first_request_of_a_fresh_process_gets_nothing(tmp_path, first):
    with serving(demo_store(tmp_path / "desk.duckdb"), fresh=True) as address:
        stranger = Visitor(address)
        if first == "stream":
            assert hand_shaken(stranger) == 403
        else:
            got = stranger.get(first)
            assert got.status in {303, 401}
            assert not got.text or got.text == "Sign in first."


@pytest.mark.parametrize("path", NOTHING)
@pytest.mark.parametrize("cookie", ["", "desk_session=", "desk_session=" + "x" * 43, "desk_session=\"; a=b", "=;;="])
def test_a_stranger_gets_nothing_anywhere(running, path, cookie):
    for method, accept in (("GET", "text/html"), ("GET", "*/*"), ("HEAD", "*/*"), ("POST", "*/*"), ("PUT", "*/*")):
        got = Visitor(running).ask(method, path, accept=accept, cookie=cookie)
        assert got.status in {303, 401, 404}, (method, path)
        assert len(got.text) < 60
        if got.status == 303:
            assert got.headers["location"].startswith("/auth/sign-in")


def test_only_a_page_asked_for_by_a_person_leads_to_the_door(running):
    stranger = Visitor(running)
    assert stranger.get("/queue").headers["location"] == "/auth/sign-in?next=/queue"
    assert stranger.get("/queue", sec_fetch_mode="cors").status == 401
    assert stranger.get("/queue", accept="application/json").status == 401
    assert stranger.get("/_stcore/health").status == 401
    assert stranger.get('/"><script>').headers["location"] == "/auth/sign-in"


@pytest.mark.parametrize(("asked", "kept"), [
    ("/request?id=0f3a9c", "/request%3Fid%3D0f3a9c"), ("/queue?view=overdue&right=access", "/queue%3Fview%3Doverdue%26right%3Daccess"),
    ("/request?id=https://evil.example", "/request"), ("/request?id=a%0d%0aSet-Cookie:x", "/request"),
    ("/queue?q=lachlan+berry", "/queue"), ("/queue?q=a@example.com", "/queue"), ("/request?id=%22%3E%3Cscript%3E", "/request"),
    ("/request?id=" + "x" * 65, "/request"), ("/request?id", "/request"), ("/request?next=//evil.example", "/request"),
])
def test_the_way_to_the_door_keeps_codes_and_ids_and_no_other_word(running, asked, kept):
    assert Visitor(running).get(asked).headers["location"] == f"/auth/sign-in?next={kept}"


def test_the_socket_opens_only_with_a_session_from_a_page_of_this_desk(running):
    stranger, steward = Visitor(running), Visitor(running)
    assert hand_shaken(stranger) == 403
    assert steward.sign_in("steward").status == 303
    assert hand_shaken(steward) == 101
    assert hand_shaken(steward, Origin="https://evil.example") == 403
    assert hand_shaken(steward, Origin="null") == 403
    assert hand_shaken(steward, Host="evil.example") == 403


def test_a_revoked_session_gets_nothing_more(running):
    first, second = Visitor(running), Visitor(running)
    first.sign_in("steward2")
    assert first.get("/").status == 200
    second.sign_in("steward2")
    assert first.get("/").status == 303
    assert first.get("/media/x").status == 401
    assert hand_shaken(first) == 403
    assert second.get("/").status == 200


def test_signed_in_the_agent_and_the_api_documents_are_still_not_there(running):
    visitor = Visitor(running)
    visitor.sign_in("manager")
    for path in ("/_stcore/agent/openapi.json", "/_stcore/agent/interact", "/_stcore/agent", "/_stcore/metrics",
                 "/auth/login", "/oauth2callback"):
        assert visitor.get(path).status == 404, path
        assert visitor.ask("POST", path).status == 404, path
    for path in ("/docs", "/openapi.json"):
        text = visitor.get(path).text
        assert not any(word in text.lower() for word in ("swagger", '"paths"'))


@pytest.mark.parametrize(("host", "answered"), [
    ("127.0.0.1", True), ("127.0.0.1:8501", True), ("localhost:1", True), ("LOCALHOST", True), ("[::1]:8501", True),
    ("evil.example", False), ("127.0.0.1.evil.example", False), ("evil.example:8501", False), ("", False),
    ("localhost@evil.example", False),
])
def test_it_answers_only_under_its_own_names(running, host, answered):
    got = Visitor(running).get("/auth/sign-in", host=host)
    assert (got.status == 200) == answered


def test_every_answer_carries_the_headers_and_personal_ones_are_not_stored(running):
    visitor = Visitor(running)
    visitor.sign_in("approver")
    for path in ("/", "/auth/sign-in", "/media/x", "/healthz", "/accounts", "/_stcore/host-config"):
        got = visitor.get(path)
        assert got.headers["x-content-type-options"] == "nosniff", path
        assert "frame-ancestors 'none'" in got.headers["content-security-policy"]
        assert got.headers["referrer-policy"] == "same-origin"
        assert got.headers["cache-control"] == "no-store"
        assert "strict-transport-security" not in got.headers
        assert "server" not in got.headers


def test_a_request_of_another_site_changes_nothing(running):
    visitor = Visitor(running)
    visitor.sign_in("dpo")
    for origin in ("https://evil.example", "null", "http://127.0.0.1"):
        assert visitor.send("/auth/sign-out", {}, origin=origin).status == 403
    assert visitor.get("/").status == 200


@pytest.mark.parametrize(("header", "token"), [
    ("desk_session=abc", "abc"), ("a=b; desk_session=abc; c=d", "abc"), ("", None), ("other=abc", None),
    ("xdesk_session=abc", None), ("desk_session", None),
])
def test_the_token_is_read_from_its_own_cookie_only(header, token):
    assert session_token(header) == token


def test_where_nobody_can_be_known_just_now_everybody_is_told_so_and_the_doors_answer(store):
    """The store is closed under the desk: no page, no redirect that would lead into a ring, and no fault."""

    async def behind(scope, receive, send):
        raise AssertionError("somebody was let through")

    def ask(path):
        sent = []

        async def receive():
            return {"type": "http.request", "body": b""}

        async def send(message):
            sent.append(message)

        headers = {"host": "127.0.0.1", "accept": "text/html", "cookie": "desk_session=" + "x" * 43}
        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"",
                 "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}
        asyncio.run(Gate(behind, Settings())(scope, receive, send))
        return sent[0]["status"], sent[1]["body"].decode()

    store.close()
    give_store(store)
    try:
        assert ask("/queue") == ask("/media/x") == (503, "The store is closed.")
    finally:
        give_store(None)
