"""The doors in a real browser: strangers, signed-in people, and what a revoked session still sees."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from core.web.signing import DEMO_PASSWORD
from tests.browser.conftest import drawn
from tests.browser.steps import take
from tests.serving import demo_store, serving

pytestmark = pytest.mark.browser


def test_the_first_request_of_a_fresh_process_is_a_deep_link_and_shows_the_door_alone(tmp_path, visit):
    with serving(demo_store(tmp_path / "desk.duckdb"), fresh=True) as address:
        page = visit()
        sockets = []
        page.on("websocket", lambda socket: sockets.append(socket.url))
        page.goto(address + "/accounts")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        assert page.url == address + "/auth/sign-in?next=/accounts"
        expect(page.locator("[data-testid=stApp]")).to_have_count(0)
        assert sockets == []


def test_a_stranger_has_one_page_beside_the_doors_and_only_under_a_whole_link(desk_url, visit):
    page = visit()
    page.goto(desk_url + "/package/" + "x" * 43)
    expect(page.get_by_role("heading", level=1)).to_have_text("Fetch the answer to your request")
    expect(page.locator("script")).to_have_count(0)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.get_by_label("Code").fill("12345678")
    page.get_by_role("button", name="Fetch the file").click()
    expect(page.get_by_role("alert")).to_contain_text("This did not work.")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.context.cookies() == []
    for path in ("/package", "/package/x", "/package/" + "x" * 43 + "/", "/exports/print/x", "/exports/archive/x"):
        page.goto(desk_url + "/healthz")
        answer = page.request.get(desk_url + path, headers={"accept": "text/html"}, max_redirects=0)
        assert answer.status in {303, 401}, path


def test_signing_in_leads_to_the_page_wanted_and_calls_no_other_host(sign_in_as, desk_url, visit):
    page = visit()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(desk_url + "/accounts")
    page.get_by_label("Name", exact=True).fill("administrator")
    page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
    page.keyboard.press("Enter")
    drawn(page, "Accounts")
    for title in ("Permissions", "My account", "Home"):
        page.get_by_test_id("stSidebarNav").get_by_role("link", name=title).click()
        expect(page).to_have_title(re.compile(title))
        drawn(page)
    assert {url.split("/")[2] for url in asked if url.startswith(("http", "ws"))} == {desk_url.split("/")[2]}
    assert not [text for text in said if "Content Security Policy" in text]


def test_each_role_is_offered_only_what_its_acts_open(sign_in_as):
    for name, seen in (("administrator2", True), ("dpo", True), ("steward", False), ("marketer", False)):
        page = sign_in_as(name)
        links = page.get_by_test_id("stSidebarNav").get_by_role("link")
        expect(links.filter(has_text="Permissions")).to_have_count(1)
        expect(links.filter(has_text="Accounts")).to_have_count(int(seen))


def test_a_page_that_is_not_offered_is_not_reached_by_its_address(sign_in_as):
    page = sign_in_as("marketer", "/accounts")
    main = page.get_by_test_id("stMain")
    expect(main.get_by_role("alert")).to_contain_text("Your roles do not open this page.")
    expect(main.get_by_role("heading")).to_have_text(["Accounts"])
    expect(main.get_by_role("button")).to_have_count(0)
    expect(page.get_by_text("administrator2")).to_have_count(0)


def test_a_reload_keeps_the_session(sign_in_as):
    page = sign_in_as("analyst", "/permissions", "Permissions")
    page.reload()
    drawn(page, "Permissions")


def test_a_revoked_session_sees_nothing_at_the_next_click(sign_in_as):
    first = sign_in_as("manager", "/permissions", "Permissions")
    sign_in_as("manager")
    first.get_by_test_id("stSidebarNav").get_by_role("link", name="Home").click()
    expect(first.get_by_role("heading", level=1)).to_have_text("Your session has ended")
    expect(first.get_by_text("Good day")).to_have_count(0)
    expect(first.get_by_test_id("stSidebarNav")).to_have_count(0)
    first.get_by_role("link", name="Sign in again").click()
    expect(first.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_page_left_alone_goes_away_by_itself_when_the_session_is_revoked(sign_in_as):
    first = sign_in_as("approver", "/permissions", "Permissions")
    sign_in_as("approver")
    expect(first.get_by_role("heading", level=1)).to_have_text("Your session has ended", timeout=45_000)
    expect(first.locator("h1")).to_have_count(1, timeout=45_000)
    expect(first.get_by_test_id("stSidebar")).not_to_be_visible()


def test_what_an_interrupted_run_left_behind_is_hidden_by_the_ended_page(sign_in_as):
    page = sign_in_as("approver", "/permissions", "Permissions")
    page.get_by_role("button", name="Sign out", exact=True).click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Your session has ended")
    ended = page.locator("[data-testid=stElementContainer]", has=heading)
    ended.evaluate("one => { const left = one.cloneNode(true); left.innerHTML = '<h1>left behind</h1>'; one.after(left) }")
    page.evaluate("""() => {
        const beside = words => { const one = document.createElement('div'); one.innerHTML = words; return one };
        const dialog = beside('a dialog left behind'), toast = beside('a toast left behind');
        dialog.dataset.testid = 'stDialog';
        toast.dataset.testid = 'stToastContainer';
        document.body.append(dialog, beside('a list left behind'));
        document.querySelector('[data-testid=stApp]').append(toast);
    }""")
    left = page.get_by_text("left behind")
    expect(left).to_have_count(4)
    for number in range(4):
        expect(left.nth(number)).to_be_hidden()
    expect(heading).to_have_text("Your session has ended")


def test_signing_out_ends_it(sign_in_as, desk_url):
    page = sign_in_as("steward2")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your session has ended")
    page.goto(desk_url + "/permissions")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_an_account_is_made_given_a_role_and_confirmed_by_a_second_person(sign_in_as, visit, desk_url):
    page = sign_in_as("administrator", "/accounts", "Accounts")
    page.get_by_label("Name", exact=True).fill("Browser Marker")
    page.get_by_role("textbox", name="Sign-in name").fill("browser.marker")
    page.get_by_role("button", name="Make the account").click()
    token = page.get_by_test_id("stCode").inner_text().strip()
    assert len(token) == 43
    drawn(page, "Accounts")
    page.get_by_label("Your password").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Confirm", exact=True).click()
    page.get_by_role("button", name="Give or propose").wait_for()
    page.get_by_test_id("stForm").get_by_role("combobox", name="Role").click()
    take(page, "approver:")
    page.get_by_role("button", name="Give or propose").click()
    expect(page.get_by_test_id("stMain").locator("strong", has_text="approver (proposed)")).to_be_visible()
    expect(page.get_by_role("button", name="Confirm this role")).to_have_count(0)

    invited = visit()
    invited.goto(desk_url + "/auth/first")
    invited.get_by_label("One-time token").fill(token)
    invited.get_by_label("Password (at least").fill("a made-up password of tests")
    invited.get_by_label("The same password again").fill("a made-up password of tests")
    invited.get_by_role("button", name="Set the password").click()
    expect(invited.get_by_text("Your password is set")).to_be_visible()

    dpo = sign_in_as("dpo", "/accounts", "Accounts")
    expect(dpo.get_by_text("1 proposed role(s) wait for you")).to_be_visible()
    dpo.get_by_label("Your password").fill(DEMO_PASSWORD)
    dpo.get_by_role("button", name="Confirm", exact=True).click()
    dpo.get_by_role("button", name="Confirm this role").click()
    expect(dpo.get_by_text("The role is confirmed.")).to_be_visible()

    invited.get_by_label("Name", exact=True).fill("browser.marker")
    invited.get_by_label("Password", exact=True).fill("a made-up password of tests")
    invited.get_by_role("button", name="Sign in").click()
    drawn(invited, "Good day, Browser Marker")

