"""The doors: forms that only this desk drew, cookies with every flag, one sentence for every failure."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from urllib.parse import quote

import pytest

from core.actions.accounts import accounts
from core.actions.accounts.sessions import NOT_IN
from core.actions.desk.desk import present
from core.actions.desk.throttle import ACCOUNT, FREE, NOT_LOOKED_AT
from core.store.engine import Store
from core.web.onward import local
from core.web.signing import DEMO_PASSWORD, _lane
from tests.serving import demo_store, serving
from tests.web.visitor import Visitor


def test_signing_in_sets_the_cookie_and_leads_where_one_wanted_to_go(running):
    visitor = Visitor(running)
    got = visitor.sign_in("analyst", next="/accounts")
    assert (got.status, got.headers["location"]) == (303, "/accounts")
    cookie = next(each for each in got.set_cookies if each.startswith("desk_session="))
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/", "max-age=28800"} <= parts
    assert "secure" not in parts
    assert visitor.get("/auth/sign-in").headers["location"] == "/"
    assert visitor.get("/auth/sign-in?next=/request%3Fid%3D0f3a").headers["location"] == "/request?id=0f3a"


@pytest.mark.parametrize("hostile", ["//evil.example", "https://evil.example/", "/request?id=//evil.example", "/\\evil.example"])
def test_a_hostile_way_onward_leads_home(running, hostile):
    visitor = Visitor(running)
    assert "evil" not in visitor.get(f"/auth/sign-in?next={quote(hostile, safe='')}").text
    assert visitor.sign_in("analyst", next=hostile).headers["location"] == "/"
    got = visitor.get(f"/auth/sign-in?next={quote(hostile, safe='')}")
    assert (got.status, got.headers["location"]) == (303, "/")


def test_a_deep_link_is_reached_through_the_whole_sign_in(running):
    visitor = Visitor(running)
    door = visitor.get("/request?id=0f3a-9c").headers["location"]
    shown = visitor.get(door).text
    target = unescape(re.search(r'name="next" value="([^"]*)"', shown).group(1))
    assert visitor.sign_in("analyst", next=target).headers["location"] == "/request?id=0f3a-9c"


def test_over_tls_the_cookies_are_secure_and_the_host_is_the_public_one(tmp_path):
    with serving(demo_store(tmp_path / "desk.duckdb"), PUBLIC_URL="https://desk.example.org") as address:
        visitor = Visitor(address)
        shown = visitor.get("/auth/sign-in", host="desk.example.org")
        assert shown.status == 200
        assert shown.headers["strict-transport-security"].startswith("max-age=")
        assert all("secure" in each.lower() for each in shown.set_cookies)
        got = visitor.sign_in("steward")
        assert all("secure" in each.lower() for each in got.set_cookies if "desk_session" in each)


def test_a_form_that_this_desk_did_not_draw_is_refused(running):
    visitor = Visitor(running)
    fields = {"name": "marketer", "password": DEMO_PASSWORD}
    assert visitor.send("/auth/sign-in", fields | {"stamp": "x" * 32}).status == 400
    assert visitor.send("/auth/sign-in", fields | {"stamp": ""}).status == 400
    assert visitor.send("/auth/sign-in", fields, cookie="desk_form=").status == 400
    assert visitor.send("/auth/sign-in", fields, cookie="desk_form=another").status == 400
    forged = f"{'x' * 32}.{int(time.time())}.{'0' * 64}"
    assert visitor.send("/auth/sign-in", fields | {"stamp": forged}, cookie=f"desk_form={forged}").status == 400
    assert "desk_session" not in visitor.cookies
    assert visitor.send("/auth/sign-in", fields | {"name": "x" * 2**17}).status == 400
    assert visitor.sign_in("marketer").status == 303
    assert visitor.send("/auth/sign-out", {"stamp": "x" * 32}).status == 400
    assert visitor.get("/").status == 200


@pytest.mark.parametrize(("name", "password"), [
    ("steward", "not the password"), ("nobody", DEMO_PASSWORD), ("<b>bold</b>", "x"), ("' or 1=1 --", "' or 2=2 --"),
])
def test_every_failure_looks_the_same_and_gives_back_the_name_alone(running, name, password):
    got = Visitor(running).sign_in(name, password)
    assert got.status == 401
    assert NOT_IN in got.text
    assert "desk_session" not in str(got.set_cookies)
    assert not any(typed in got.text for typed in ("<b>", "2=2", "not the password"))
    assert unescape(re.search(r'name="name"[^>]* value="([^"]*)"', got.text)[1]) == name


def test_two_tabs_draw_one_form(running):
    visitor = Visitor(running)
    first, second = (re.search(r'name="stamp" value="([^"]+)"', visitor.get("/auth/sign-in").text)[1] for _ in range(2))
    assert first == second
    assert visitor.sign_in("reader", stamp=first).status == 401


def test_a_browser_in_which_somebody_signed_in_is_known_for_them_alone(running):
    visitor = Visitor(running)
    kept = [each for each in visitor.sign_in("analyst").set_cookies if each.startswith("desk_device_")]
    assert [{"httponly", "samesite=strict", "path=/auth"} - {part.strip().lower() for part in kept[0].split(";")}] == [set()]
    visitor.send("/auth/sign-out", {})
    visitor.sign_in("manager")
    assert len([name for name in visitor.cookies if name.startswith("desk_device_")]) == 2


def test_however_many_sign_in_at_once_nobody_in_a_known_browser_is_sent_away(running):
    known = Visitor(running)
    assert known.sign_in("setup").status == 303
    kept = {name: value for name, value in known.cookies.items() if name.startswith("desk_device_")}
    with ThreadPoolExecutor(12) as pool:
        got = list(pool.map(lambda _: Visitor(running, dict(kept)).sign_in("setup").status, range(12)))
    assert got == [303] * 12


def test_who_opened_the_form_at_another_time_waits_in_another_lane():
    lanes = [_lane({"stamp": f"mark.{moment}.sign"}) for moment in (1_000, 1_009, 1_010)]
    assert lanes[0] == lanes[1] != lanes[2]


def test_who_guesses_waits_and_a_known_browser_passes(running):
    known = Visitor(running)
    assert known.sign_in("marketer").status == 303
    known.send("/auth/sign-out", {})
    guesser = Visitor(running)
    for _ in range(FREE[ACCOUNT]):
        assert guesser.sign_in("marketer", "not the password").status == 401
    with ThreadPoolExecutor(12) as pool:
        got = list(pool.map(lambda _: guesser.sign_in("marketer", "not the password"), range(12)))
        assert {each.status for each in got} == {401, 429}
        (refused, *_) = [each for each in got if each.status == 429]
        assert NOT_LOOKED_AT in refused.text
        assert known.sign_in("marketer").status == 303
    assert Visitor(running).sign_in("marketer").status == 303, "and the right password is looked at, in its turn"


def test_signing_out_ends_the_session_and_clears_the_cookie(running):
    visitor = Visitor(running)
    visitor.sign_in("manager")
    token = visitor.cookies["desk_session"]
    assert visitor.send("/auth/sign-out", {}).status == 200
    assert "desk_session" not in visitor.cookies
    assert Visitor(running, {"desk_session": token}).get("/").status == 303


def test_the_page_of_a_demo_store_says_so_and_has_no_script(running):
    got = Visitor(running).get("/auth/sign-in")
    assert all(words in got.text for words in ("This is a demo store", "administrator2"))
    assert "<script" not in got.text
    assert "script-src" not in got.headers["content-security-policy"]
    assert "default-src 'none'" in got.headers["content-security-policy"]


def test_a_live_store_names_nobody_and_opens_only_with_the_bootstrap_token(tmp_path):
    made = Store.create(tmp_path / "desk.duckdb", "live", present())
    token = accounts.bootstrap(made, present())
    made.close()
    password = "a made-up password of tests"
    with serving(tmp_path / "desk.duckdb") as address:
        visitor = Visitor(address)
        assert "demo store" not in visitor.get("/auth/sign-in").text
        assert visitor.sign_in("administrator").status == 401
        fields = {"token": token, "name": "Root Marker", "sign_in_name": "root"}
        fields |= {"password": password, "again": password}
        for wrong in ({"token": "x" * 43}, {"password": "short", "again": "short"}, {"again": "another one, not equal"},
                      {"sign_in_name": "no blanks"}):
            assert visitor.send("/auth/first", fields | wrong).status == 400
        assert "Sign in with it now" in visitor.send("/auth/first", fields).text
        assert visitor.send("/auth/first", fields).status == 400
        assert visitor.sign_in("root", password).status == 303


def test_a_missing_store_is_said_in_a_sentence(tmp_path):
    with pytest.raises(RuntimeError) as told, serving(tmp_path / "none.duckdb"):
        pass
    assert "There is no store at none.duckdb" in str(told.value)
    assert "Traceback" not in str(told.value)


@pytest.mark.process
def test_a_catalogue_that_cannot_be_read_is_said_at_the_start(tmp_path):
    store = demo_store(tmp_path / "desk.duckdb")
    with pytest.raises(RuntimeError) as told, serving(store, fresh=True, RIGHTSDESK_CATALOGUE=str(tmp_path / "own.toml")):
        pass
    assert "The data catalogue own.toml cannot be read: look at RIGHTSDESK_CATALOGUE" in str(told.value)
    assert "Traceback" not in str(told.value)


@pytest.mark.parametrize(("target", "kept"), [
    ("/accounts", "/accounts"), ("/request?id=abc", "/request?id=abc"), ("", ""), ("//evil.example", ""),
    ("https://evil.example", ""), ("/\\evil.example", ""), ("javascript:alert(1)", ""), ("/a\r\nSet-Cookie: x=y", ""),
    ("/auth/sign-out", ""), ("accounts", ""), ("/" + "x" * 600, ""), ("/ü", ""), ("/", ""), ("///evil.example", ""),
    ("/request?id=//evil.example", ""), ("/request?id=abc\n", ""), ("/.//evil.example", ""), ("/%2f/evil.example", ""),
    ("/exports/abc", ""), ("/request?id=abc#x", ""), ("/request?id=a&id=b", "/request?id=a&id=b"), ("/@evil.example", ""),
    ("/request?id=lachlan berry", ""), ("/request?id=a%40b", ""), ("\t/accounts", ""), ("/\t/evil.example", ""),
])
def test_the_way_onward_stays_on_this_desk(target, kept):
    assert local(target) == kept
