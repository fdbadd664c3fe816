"""Objection and withdrawal in a real browser: from a forwarded mail of an unknown alias to the closing."""

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.actions.desk.desk import present
from core.connectors.suppressed import standing, tokens
from core.store.engine import Store
from tests.browser.conftest import PATIENCE, drawn
from tests.browser.steps import (
    carry_out,
    close,
    decide,
    draft,
    enter,
    import_people,
    log_of,
    send_letter,
    start,
    tab,
    take_in_mail,
)
from tests.serving import demo_store, serving

pytestmark = [pytest.mark.browser, pytest.mark.walk]
ALIAS, OLD, FURTHER = "marker-alias@example.net", "marker-old@example.org", "marker-further@example.com"


def mail(text: str = "Stop this.") -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = f"lachlan berry <{ALIAS}>", "Fwd: Our offers"
    message.set_content(f"{text}\n\n---- Forwarded ----\nFrom: offers@shop.example.com\nTo: <{OLD}>\n")
    return message.as_bytes()


def check(page: Page, address: str, value: str, sentence: str) -> None:
    page.goto(address + "/suppression")
    drawn(page, "Suppression")
    tab(page, "Check one")
    page.get_by_test_id("stForm").get_by_label("Address or number").fill(value)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_test_id("stAlert").filter(has_text=sentence)).to_be_visible(timeout=PATIENCE)


def states(store: Path, value: str) -> set[str]:
    opened = Store.open(store, present())
    try:
        with opened.transaction() as tx:
            found = standing(tx, tokens(opened, "email", value), present().date())
        return {str(row["state"]) for row in found}
    finally:
        opened.close()


@pytest.mark.parametrize(("right", "letter", "state"), [
    ("Objection to marketing", "Objection confirmed", "objection"),
    ("Withdrawal of consent", "Withdrawal of consent confirmed", "withdrawal"),
])
def test_from_a_forwarded_mail_to_the_closing(
    tmp_path: Path, visit: Callable[..., Page], right: str, letter: str, state: str
) -> None:
    store = demo_store(tmp_path / "desk.duckdb")
    with serving(store) as address:
        page = enter(visit(), address, "steward", "/imports", "Import")
        import_people(page, address)
        request = take_in_mail(page, address, right, mail(), further=FURTHER)
        for value in (ALIAS, OLD, FURTHER):
            check(page, address, value, "Yes. This value is suppressed.")
        check(page, address, "free@example.com", "No. Nothing stands under this value.")
        page.goto(request)
        drawn(page, right)
        start(page)
        decide(page, born="19990219")
        carry_out(page)
        draft(page, letter)
        send_letter(page)
        close(page)
    assert {state} == states(store, ALIAS) == states(store, OLD) == states(store, FURTHER)
    assert not [row for row in log_of(store) if "marker-" in str(row)], "no value stands in the log"
