"""The angry mail, "everything, delete, stop": one case, one identity check, three requests, each to its closing."""

import csv
import re
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.actions.desk.desk import present
from core.connectors.suppressed import standing, tokens
from core.store.engine import Store
from core.store.ledger import ERASED
from tests.browser.conftest import PATIENCE, drawn
from tests.browser.steps import (
    SAMPLE,
    carry_out,
    click,
    close,
    decide,
    done,
    draft,
    enter,
    identify,
    prove,
    sample_store,
    send_letter,
    start,
    tab,
    take,
)
from tests.browser.test_access_walk import answer, fetch
from tests.browser.test_erasure_walk import approve as approve_plan
from tests.browser.test_erasure_walk import ask as ask_plan
from tests.browser.test_erasure_walk import choose_grounds
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.walk]
RIGHTS = ("Access", "Erasure", "Objection to marketing")
ALIAS = "marker-shop-alias@example.net"


def record() -> dict[str, str]:
    with (SAMPLE / "people.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))[77]


def mail(sender: str) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = f"<{sender}>", "ENOUGH"
    message.set_content(f"Send me EVERYTHING you have, then delete it, and stop your mails, also to {ALIAS}!")
    return message.as_bytes()


def take_in(page: Page, address: str, sender: str) -> dict[str, str]:
    """Drop the mail with its three rights, and return the address of each request."""
    page.goto(address + "/intake")
    drawn(page, "New request")
    for right in RIGHTS:
        page.get_by_test_id("stMultiSelect").first.get_by_role("combobox").click()
        take(page, f"{right} (")
        page.keyboard.press("Escape")
        drawn(page)
    page.locator("input[type=file]").set_input_files(
        {"name": "mail.eml", "mimeType": "message/rfc822", "buffer": mail(sender)}
    )
    expect(page.get_by_text("mail.eml")).to_be_visible()
    drawn(page)
    click(page, "Take in")
    expect(page.get_by_text("Stopped at once")).to_be_visible(timeout=PATIENCE)
    links = {right: page.get_by_role("link", name=f"Open the request: {right}", exact=True) for right in RIGHTS}
    return {right: f"{address}/{(link.get_attribute('href') or '').lstrip('/')}" for right, link in links.items()}


def go(page: Page, requests: dict[str, str], right: str) -> None:
    page.goto(requests[right])
    drawn(page, right)


def stopped(store: Path, *values: str) -> list[set[str]]:
    opened = Store.open(store, present())
    try:
        with opened.transaction() as tx:
            found = [standing(tx, tokens(opened, "email", value), present().date()) for value in values]
        assert len(list(opened.ledger.entries(ERASED))) == 1
        return [{str(row["state"]) for row in rows} for rows in found]
    finally:
        opened.close()


def test_everything_delete_stop(tmp_path: Path, visit: Callable[..., Page]) -> None:
    store, person = sample_store(tmp_path / "desk.duckdb"), record()["email"]
    with serving(store) as address:
        steward = enter(visit(accept_downloads=True), address, "steward")
        requests = take_in(steward, address, person)
        for right in RIGHTS:
            go(steward, requests, right)
            start(steward)
        go(steward, requests, "Access")
        decide(steward, person)
        identify(steward)

        go(steward, requests, "Objection to marketing")  # nobody waits for the identity, and the copy does not hold it up
        carry_out(steward)
        draft(steward, "Objection confirmed")
        send_letter(steward)
        close(steward)

        go(steward, requests, "Erasure")
        expect(steward.get_by_text("Identity proven")).to_be_visible()
        choose_grounds(steward)
        expect(steward.get_by_text("Next: Let the copy go first")).to_be_visible(timeout=PATIENCE)
        expect(steward.get_by_text("what is erased can no longer be given").first).to_be_visible()

        go(steward, requests, "Access")
        tab(steward, "Person & data")
        click(steward, "Prepare the package")
        expect(steward.get_by_text("The package is built; nothing has left.")).to_be_visible(timeout=PATIENCE)
        drawn(steward)
        click(steward, "Ask for the release…")
        click(steward, "Ask", inside="dialog")
        done(steward, "The release is asked for.")
        approver = enter(visit(viewport={"width": 768, "height": 1000}), address, "approver", "/", "Good day")
        click(approver, "Compare and decide")
        expect(approver.get_by_text("It waits for you since")).to_be_visible(timeout=PATIENCE)
        approver.get_by_role("link", name="Compare and decide").click()
        expect(approver.get_by_role("heading", name="Release of the package")).to_be_in_viewport()
        confirm = approver.get_by_text("I checked this address by another way")
        if confirm.count():
            confirm.click()
            drawn(approver)
        prove(approver)
        click(approver, "Approve the release")
        expect(approver.get_by_text(re.compile("^(Carrying out|Ready to send)$")).first).to_be_visible(timeout=PATIENCE)
        fetch(steward, requests["Access"])
        answer(steward)

        go(steward, requests, "Erasure")
        tab(steward, "Erasure")
        click(steward, "Prepare the plan")
        done(steward, "The plan is made.")
        draft(steward, "Erased")
        tab(steward, "Erasure")
        ask_plan(steward)
        approver.goto(address)
        drawn(approver, "Good day")
        approve_plan(approver, "Plan: erasure")
        go(steward, requests, "Erasure")
        tab(steward, "Erasure")
        expect(steward.get_by_role("heading", name="When the data are gone")).to_be_visible(timeout=PATIENCE)
        tab(steward, "Letters")
        send = steward.locator("[class*=st-key-letter_sent_]").get_by_role("button", name="Mark as sent…")
        send.last.click()
        drawn(steward)
        click(steward, "Mark as sent", inside="dialog")
        done(steward, "The letter is marked as sent.")
        close(steward)
        tab(steward, "Checklist")
        expect(steward.get_by_text("Let the copy go first · done")).to_be_visible(timeout=PATIENCE)
    assert stopped(store, person, ALIAS) == [{"objection", "do_not_import"}] * 2
