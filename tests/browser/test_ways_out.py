"""The other ways out, each to marked as sent: an encrypted archive, paper, and a link by mail to a real server."""

import csv
import hashlib
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import pyzipper
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from core.actions.desk.desk import present
from core.demo.scenes import Story
from core.store.engine import Store
from tests.browser.conftest import PATIENCE, drawn
from tests.browser.steps import SAMPLE, choose, click, done, enter, log_of, play, prove, requests_of, rows, sample_store
from tests.browser.test_package_link import shown, type_code
from tests.messages.mailserver import USER, WORD, Box, mail_server
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.walk]
STORIES = {
    "archive": Story(9, "access", "email", "ready", "steward", 240),
    "print": Story(8, "access", "post", "ready", "steward", 263),
    "mail": Story(7, "access", "email", "ready", "steward", 281),
}


def released(tmp_path: Path) -> tuple[Path, dict[str, str], dict[str, str]]:
    """Return a store with a released package for each way, the id of its request, and the approved SHA-256."""
    with (SAMPLE / "people.csv").open(encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))
    store = sample_store(tmp_path / "desk.duckdb")
    for story in STORIES.values():
        play(store, story, people[story.person])
    found = [rows(store, "requests.one", id=each["id"])[0] for each in requests_of(store, "open")]
    ids = dict(zip(STORIES, (each["id"] for each in sorted(found, key=lambda each: each["received_at"])), strict=True))
    opened = Store.open(store, present())
    try:
        with opened.transaction() as tx:
            approved = dict(tx._cursor.execute("select request_id, hash from approvals").fetchall())
    finally:
        opened.close()
    return store, ids, {way: approved[each] for way, each in ids.items()}


def hand_over(page: Page, address: str, request: str, way: str, words: str) -> None:
    page.goto(f"{address}/request?id={request}")
    drawn(page, "Access")
    page.get_by_test_id("stMain").get_by_role("radio", name=way).click()
    expect(page.get_by_text(words)).to_be_visible(timeout=PATIENCE)  # else the password is asked for another way
    drawn(page)


def download(page: Page, label: str) -> tuple[bytes, str]:
    link = page.get_by_role("link", name=label)
    expect(link).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as arrived:
        link.click()
    return Path(arrived.value.path()).read_bytes(), arrived.value.suggested_filename


def passed_on(page: Page) -> None:
    page.get_by_role("button", name="Record: passed on").first.click()
    done(page, "Recorded.")


def mark_sent(page: Page, by: str) -> None:
    expect(page.get_by_text("The package was fetched; its bytes are deleted here.")).to_be_visible(timeout=PATIENCE)
    drawn(page)
    click(page, "Mark as sent…")
    dialog = page.get_by_role("dialog")
    if by.startswith("Link"):
        expect(dialog.get_by_label("Sent by")).to_have_value(by)
    else:
        choose(page, "Sent by", by, inside=dialog)
    click(page, "Mark as sent", inside="dialog")
    done(page, "The answer is marked as sent.")


def by_archive(page: Page, address: str, request: str) -> bytes:
    hand_over(page, address, request, "Encrypted archive", "A ZIP with AES-256")
    click(page, "Choose the archive")
    done(page, "The archive is chosen.")
    passphrase = shown(page, "Show the passphrase once")
    page.reload()
    drawn(page, "Access")
    expect(page.get_by_test_id("stCode")).to_have_count(0)
    expect(page.get_by_role("button", name="Show the passphrase once")).to_have_count(0)
    assert passphrase not in page.content()
    prove(page)
    content, name = download(page, "Download the archive once")
    assert re.fullmatch(r"access-RD-[\d-]+-locked\.zip", name)
    expect(page.get_by_text("Archive fetched.")).to_be_visible(timeout=PATIENCE)
    drawn(page)
    passed_on(page)
    passed_on(page)
    mark_sent(page, "E-mail")
    with pyzipper.AESZipFile(io.BytesIO(content)) as archive:
        (inside,) = archive.namelist()
        with pytest.raises(RuntimeError, match="password"):
            archive.read(inside)
        archive.setpassword(passphrase.encode())
        return archive.read(inside)


def by_print(page: Page, address: str, request: str) -> bytes:
    hand_over(page, address, request, "Print", "The pages of the package as a PDF")
    prove(page)
    content, name = download(page, "Download the pages once")
    assert re.fullmatch(r"access-RD-[\d-]+\.pdf", name)
    mark_sent(page, "Letter")
    return content


def by_mail(page: Page, person: Page, address: str, request: str, box: Box) -> bytes:
    hand_over(page, address, request, "Link for the person", "The person opens a page without an account")
    prove(page)
    click(page, "Make the link")
    done(page, "The link is made.")
    click(page, "Send it by mail")
    expect(page.get_by_text("Sent by mail to the approved address.")).to_be_visible(timeout=PATIENCE)
    drawn(page)
    expect(page.get_by_role("button", name="Show the link once")).to_have_count(0)
    code = shown(page, "Show the code once")
    passed_on(page)
    (message,) = box.messages
    (link,) = re.findall(rf"{re.escape(address)}/package/[\w-]{{43}}\b", message.get_content())
    assert code not in message.get_content()
    person.goto(link)
    with person.expect_download() as arrived:
        type_code(person, code)
    mark_sent(page, "Link, fetched by the person")
    return Path(arrived.value.path()).read_bytes()


def test_an_answer_leaves_as_an_archive_on_paper_and_by_a_mailed_link(tmp_path: Path, visit: Callable[..., Page]) -> None:
    store, ids, approved = released(tmp_path)
    with mail_server(tmp_path) as box, serving(
        store, RIGHTSDESK_SMTP_HOST="127.0.0.1", RIGHTSDESK_SMTP_PORT=str(box.port), RIGHTSDESK_SMTP_USER=USER,
        RIGHTSDESK_SMTP_PASSWORD=WORD, RIGHTSDESK_SMTP_SENDER="desk@example.org", RIGHTSDESK_SMTP_CA_FILE=box.authority,
    ) as address:
        page = enter(visit(accept_downloads=True), address, "steward", "/", "Good day")
        archive = by_archive(page, address, ids["archive"])
        pages = by_print(page, address, ids["print"])
        mailed = by_mail(page, visit(accept_downloads=True), address, ids["mail"], box)
        page.goto(f"{address}/export-list?state=fetched")
        drawn(page, "Exports")
        expect(page.get_by_text("3 of 3 packages")).to_be_visible()
        page.goto(f"{address}/export-list?way=link")
        drawn(page, "Exports")
        expect(page.get_by_text("1 of 1 packages")).to_be_visible()
    assert hashlib.sha256(archive).hexdigest() == approved["archive"]
    assert hashlib.sha256(mailed).hexdigest() == approved["mail"]
    assert PdfReader(io.BytesIO(pages)).pages
    assert len(box.envelopes) == 1
    left = [(row["act"], row["outcome"]) for row in log_of(store) if row["act"] in {
        "archive.fetch", "print.fetch", "link.mail_ask", "link.mail_ready", "link.mail", "link.fetch", "answer.sent"}]
    assert left == [(act, "done") for act in (
        "archive.fetch", "answer.sent", "print.fetch", "answer.sent", "link.mail_ask", "link.mail_ready", "link.mail",
        "link.fetch", "answer.sent",
    )]
