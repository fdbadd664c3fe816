"""The access walk: one request from the mail that came yesterday to its closing, by three people in a real browser."""

import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import PATIENCE, drawn
from tests.browser.steps import click, done, enter, import_people, log_of, prove, set_date, start, tab
from tests.serving import demo_store, serving

pytestmark = [pytest.mark.browser, pytest.mark.walk]
SENDER = "marker-walk@example.com"
BODY = "Please send me a copy of [everything](http://e.example) <script>alert(1)</script> :red[you] hold."


def mail() -> bytes:
    message = EmailMessage()
    message["From"] = f"lachlan berry <{SENDER}>"
    message["Subject"] = "=cmd|' /C calc'!A0 my data"
    message.set_content(BODY)
    return message.as_bytes()


def take_in(page: Page, address: str, right: str = "Access") -> str:
    return steps.take_in_mail(page, address, right, mail())


def begin(page: Page) -> None:
    start(page)
    tab(page, "Messages")
    expect(page.get_by_text(BODY)).to_be_visible()


def identify(page: Page) -> None:
    """Record a proof that names no address: the people were imported after the message came."""
    steps.identify(page, "Asked from the signed-in account")


def decide(page: Page) -> None:
    tab(page, "Person & data")
    set_date(page, "Born on", "19990219")
    click(page, "Search")
    cards = page.locator("[class*=st-key-found_case_]")
    expect(cards.first).to_be_visible(timeout=PATIENCE)
    assert cards.count() > 1, "there are near-namesakes, and nobody is picked by the desk"
    expect(cards.first).not_to_contain_text("lachlan", ignore_case=True)
    cards.first.get_by_role("button", name="Look at this person").click()
    drawn(page)
    expect(page.get_by_text("Masked. Showing it is entered in the log.")).to_be_visible()
    click(page, "Show")
    expect(page.get_by_text("giblin street").first).to_be_visible()
    click(page, "This is the person")
    click(page, "Decide", inside="dialog")
    done(page, "The person is decided.")


def ask(page: Page) -> None:
    click(page, "Prepare the package")
    expect(page.get_by_text("The package is built; nothing has left.")).to_be_visible(timeout=PATIENCE)
    drawn(page)
    expect(page.get_by_role("heading", name="Data found").first).to_be_visible()
    click(page, "Ask for the release…")
    expect(page.get_by_role("dialog").get_by_text("Standing: first seen in this request.")).to_be_visible()
    click(page, "Ask", inside="dialog")
    done(page, "The release is asked for.")
    expect(page.get_by_text("It waits for Demo Approver since")).to_be_visible()


def approve(page: Page) -> None:
    click(page, "Compare and decide")
    expect(page.get_by_role("heading", name="Release of the package")).to_be_visible()
    expect(page.get_by_text(SENDER).first).to_be_visible()
    expect(page.get_by_text("First seen in this request")).to_be_visible()
    page.get_by_text("I checked this address by another way").click()
    drawn(page)
    prove(page)
    click(page, "Approve the release")
    expect(page.get_by_text("Ready to send", exact=True).first).to_be_visible(timeout=PATIENCE)
    done(page, "Approved. The desk makes the package ready to fetch.")  # it stays, whatever draws the page anew


def fetch(page: Page, request: str) -> str:
    page.goto(request)
    drawn(page, "Access")
    expect(page.get_by_label("Your password")).to_be_visible(timeout=PATIENCE)
    prove(page)
    link = page.get_by_role("link", name="Download once")
    target = link.get_attribute("href") or ""
    with page.expect_download() as download:
        link.click()
    with zipfile.ZipFile(download.value.path()) as package:
        assert any(name.endswith(".json") for name in package.namelist())
    return target


def answer(page: Page) -> None:
    expect(page.get_by_text("The package was fetched; its bytes are deleted here.")).to_be_visible(timeout=PATIENCE)
    click(page, "Mark as sent…")
    click(page, "Mark as sent", inside="dialog")
    done(page, "The answer is marked as sent.")
    click(page, "Close as answered…")
    click(page, "Close the request", inside="dialog")
    done(page, "The request is closed.")


def read_log(page: Page) -> None:
    expect(page.get_by_text("entries, newest first")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text(SENDER)).to_have_count(0)
    click(page, "Verify the log")
    expect(page.get_by_test_id("stAlert").filter(has_text="The log is sound")).to_be_visible(timeout=PATIENCE)


def entered(store: Path) -> list[str]:
    rows = log_of(store)
    assert not [row for row in rows if SENDER in str(row) or "lachlan" in str(row)], "no value stands in the log"
    return [row["act"] for row in rows if row["outcome"] == "done"]


def test_an_access_request_from_intake_to_its_closing(tmp_path: Path, visit: Callable[..., Page]) -> None:
    store = demo_store(tmp_path / "desk.duckdb")
    with serving(store) as address:
        steward = enter(visit(accept_downloads=True), address, "steward", "/imports", "Import")
        import_people(steward, address)
        request = take_in(steward, address)
        begin(steward)
        decide(steward)
        identify(steward)
        ask(steward)
        approve(enter(visit(), address, "approver", "/", "Good day"))
        target = fetch(steward, request)
        answer(steward)
        again = steward.context.request.get(address + target)
        assert again.status in {403, 409}
        read_log(enter(visit(), address, "dpo", "/log", "Log"))
    order = [
        "person.import", "case.take_in", "request.assign", "request.start", "person.find", "person.open",
        "person.show", "case.person", "identity.record", "export.prepare", "package.build", "release.ask", "release.open",
        "release.approve", "package.release", "package.fetch", "answer.sent", "request.close",
    ]
    acts = entered(store)
    places = [acts.index(act) for act in order]
    assert places == sorted(places)
    assert acts.count("package.fetch") == 1
