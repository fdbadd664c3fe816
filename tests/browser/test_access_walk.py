"""The access walk: one request from the mail that came yesterday to its closing, by three people in a real browser."""

import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.actions.desk import present
from core.store.engine import Store
from core.web.signing import DEMO_PASSWORD
from tests.browser.conftest import PATIENCE, drawn
from tests.serving import demo_store, serving

pytestmark = pytest.mark.browser
PEOPLE = Path(__file__).parents[1] / "people" / "dataset1.csv"
SENDER = "marker-walk@example.com"
BODY = "Please send me a copy of [everything](http://e.example) <script>alert(1)</script> :red[you] hold."


def mail() -> bytes:
    message = EmailMessage()
    message["From"] = f"lachlan berry <{SENDER}>"
    message["Subject"] = "=cmd|' /C calc'!A0 my data"
    message.set_content(BODY)
    return message.as_bytes()


def enter(page: Page, address: str, name: str, path: str, heading: str) -> Page:
    page.goto(address + path)
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    drawn(page, heading)
    return page


def click(page: Page, name: str, *, inside: str = "main") -> None:
    place = page.get_by_role("dialog") if inside == "dialog" else page.get_by_test_id("stMain")
    place.get_by_role("button", name=name, exact=True).click()
    drawn(page)


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=re.compile(f"^{name}")).click()
    drawn(page)


def done(page: Page, sentence: str) -> None:
    """Wait for the sentence and for the page that follows it: a click on the older drawing does nothing."""
    expect(page.get_by_test_id("stAlert").filter(has_text=sentence)).to_be_visible(timeout=PATIENCE)
    drawn(page)


def set_date(page: Page, label: str, digits: str) -> None:
    page.get_by_test_id("stDateInput").filter(has_text=label).get_by_role("spinbutton").first.click()
    page.keyboard.type(digits)
    page.keyboard.press("Tab")
    drawn(page)


def prove(page: Page) -> None:
    page.get_by_label("Your password").fill(DEMO_PASSWORD)
    click(page, "Confirm")


def import_people(page: Page, address: str) -> None:
    page.goto(address + "/imports")
    drawn(page, "Import")
    page.locator("input[type=file]").set_input_files(PEOPLE)
    expect(page.get_by_text("1,000 rows, 11 columns.")).to_be_visible(timeout=PATIENCE)
    click(page, "Import")
    expect(page.get_by_test_id("stMetric").filter(has_text="Added")).to_contain_text("1,000", timeout=PATIENCE)


def take_in(page: Page, address: str) -> str:
    page.goto(address + "/intake")
    drawn(page, "New request")
    page.get_by_test_id("stMultiSelect").get_by_role("combobox").click()
    page.get_by_role("option", name=re.compile("^Access")).click()
    page.keyboard.press("Escape")
    set_date(page, "Received on", f"{present() - timedelta(days=1):%Y%m%d}")
    page.locator("input[type=file]").set_input_files(
        {"name": "mail.eml", "mimeType": "message/rfc822", "buffer": mail()}
    )
    expect(page.get_by_text("mail.eml")).to_be_visible()
    drawn(page)
    click(page, "Take in")
    page.get_by_role("link", name="Open the request: Access").click()
    page.wait_for_url("**/request?id=*")
    drawn(page, "Access")
    return page.url


def identify(page: Page) -> None:
    click(page, "Take this request")
    done(page, "The request is yours.")
    click(page, "Start work")
    done(page, "Work has started.")
    tab(page, "Messages")
    expect(page.get_by_text(BODY)).to_be_visible()
    tab(page, "Person & data")
    click(page, "Record the identity check…")
    dialog = page.get_by_role("dialog")
    for proof in ("Wrote from the e-mail address we hold", "Two facts we hold were right"):
        dialog.get_by_text(proof).click()
        drawn(page)
    click(page, "Record", inside="dialog")
    done(page, "The identity check is recorded.")


def decide(page: Page) -> None:
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
    expect(page.get_by_text("The release waits for Demo Approver.")).to_be_visible()


def approve(page: Page) -> None:
    click(page, "Compare and decide")
    expect(page.get_by_role("heading", name="Release of the package")).to_be_visible()
    expect(page.get_by_text(SENDER).first).to_be_visible()
    expect(page.get_by_text("First seen in this request")).to_be_visible()
    page.get_by_text("I checked this address by another way").click()
    drawn(page)
    prove(page)
    click(page, "Approve the release")
    done(page, "Approved.")


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
    done(page, "The log is sound")


def entered(store: Path) -> list[str]:
    opened = Store.open(store, present())
    try:
        with opened.transaction() as tx:
            rows = tx.rows("log.all_rows", chain=opened.chain, first=0, last=10**9)
    finally:
        opened.close()
    assert not [row for row in rows if SENDER in str(row) or "lachlan" in str(row)], "no value stands in the log"
    return [row["act"] for row in rows if row["outcome"] == "done"]


def test_an_access_request_from_intake_to_its_closing(tmp_path: Path, visit: Callable[..., Page]) -> None:
    store = demo_store(tmp_path / "desk.duckdb")
    with serving(store) as address:
        steward = enter(visit(accept_downloads=True), address, "steward", "/imports", "Import")
        import_people(steward, address)
        request = take_in(steward, address)
        identify(steward)
        decide(steward)
        ask(steward)
        approve(enter(visit(), address, "approver", "/", "Good day"))
        target = fetch(steward, request)
        answer(steward)
        again = steward.context.request.get(address + target)
        assert again.status in {403, 409}
        read_log(enter(visit(), address, "dpo", "/log", "Log"))
    order = [
        "person.import", "case.take_in", "request.assign", "request.start", "identity.record", "person.find",
        "person.open", "person.show", "case.person", "export.prepare", "package.build", "release.ask", "release.open",
        "release.approve", "package.release", "package.fetch", "answer.sent", "request.close",
    ]
    acts = entered(store)
    places = [acts.index(act) for act in order]
    assert places == sorted(places)
    assert acts.count("package.fetch") == 1
