"""A lawyer with a power of attorney: taken in for a client, both identities and the authority checked, then covered."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.actions.desk.desk import present
from tests.browser.conftest import PATIENCE, drawn
from tests.browser.steps import SAMPLE, choose, click, decide, done, enter, identify, log_of, pick, sample_store, set_date, start
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.walk]


def taken_in_for(page: Page, address: str, client: str) -> None:
    page.goto(address + "/intake")
    drawn(page, "New request")
    pick(page, "Access")
    set_date(page, "Received on", f"{present():%Y%m%d}")
    main = page.get_by_test_id("stMain")
    main.get_by_label("Name", exact=True).fill("MARKER COUNSEL")
    main.get_by_label("E-mail", exact=True).fill("counsel@lawyer.example")
    choose(page, "Asks for themselves, or for another", "Lawyer or agent")
    main.get_by_label("E-mail of the person").fill(client)
    page.get_by_label("Message, or your note of the call").fill("I act for her.")
    page.keyboard.press("Tab")
    drawn(page)
    click(page, "Take in")
    page.get_by_role("link", name="Open the request: Access").click()
    page.wait_for_url("**/request?id=*")
    drawn(page, "Access")


def test_a_lawyer_is_answered_for_once_both_identities_and_the_authority_are_proven(
    tmp_path: Path, visit: Callable[..., Page]
) -> None:
    with (SAMPLE / "people.csv").open(encoding="utf-8", newline="") as file:
        record = list(csv.DictReader(file))[523]
    store = sample_store(tmp_path / "desk.duckdb")
    with serving(store) as address:
        page = enter(visit(), address, "steward", "/intake", "New request")
        taken_in_for(page, address, record["email"])
        start(page)
        decide(page, record["email"])
        main = page.get_by_test_id("stMain")
        expect(main.get_by_text("still lacking signed-in account")).to_be_visible(timeout=PATIENCE)
        expect(main.get_by_text("MARKER COUNSEL")).to_be_visible()
        expect(main.get_by_text("that of the representative is still open")).to_be_visible()
        identify(page, "Returned a code sent to the address")
        click(page, "Record who they are…")
        page.get_by_role("dialog").get_by_text("Found in the public register").click()
        drawn(page)
        click(page, "Record", inside="dialog")
        done(page, "The identity of the representative is recorded.")
        expect(main.get_by_text("a power of attorney for this right").first).to_be_visible()
        click(page, "Check the authority…")
        page.get_by_role("dialog").get_by_label("What shows it, or what is missing").fill("Seen: MARKERPOWER of March.")
        page.keyboard.press("Tab")
        drawn(page)
        click(page, "Record the check", inside="dialog")
        done(page, "The authority is checked.")
        expect(main.get_by_text("The authority covers this right on this day")).to_be_visible(timeout=PATIENCE)
        expect(main.get_by_text("The answer goes to the person.")).to_be_visible()
    log = log_of(store)
    assert not [row for row in log if "MARKER" in str(row)]
    assert [row["act"] for row in log].count("authority.check") == 1
