"""A correction in a real browser: a birth date and an address that are keys, proven, approved by another, to its closing."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.actions.desk.desk import present
from core.actions.suppression import suppression_list
from core.connectors.suppressed import standing, tokens
from core.demo.scenes import Cast, Story
from core.store.engine import Store, new_id
from tests.browser.conftest import PATIENCE, drawn
from tests.browser.steps import SAMPLE, choose, click, done, enter, log_of, play, requests_of, rows, sample_store, tab
from tests.browser.test_erasure_walk import approve, ask, draft
from tests.browser.test_objection_walk import close
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.walk]
STORY = Story(6, "rectification", "email", "proven", "steward", 0)
BORN, NEW = "2010-05-05", "moved-marker@people.example"


def object_to_marketing(store: Path, value: str) -> None:
    """Enter an objection of the person's present address, as a colleague would."""
    opened = Store.open(store, present())
    try:
        cast = Cast(opened)
        cast.now = present()
        suppression_list.add(cast.desk("steward"), "objection", "email", value, since=date(2026, 1, 5), key=new_id())
    finally:
        opened.close()


def held(store: Path, old: str) -> tuple[list[str], list[str], int, set[str]]:
    """Return the states under the old and the new address, how many consents are flagged, and the birth dates held."""
    opened = Store.open(store, present())
    try:
        with opened.transaction() as tx:
            under = [[row["state"] for row in standing(tx, tokens(opened, "email", each), present().date())]
                     for each in (old, NEW)]
            (flags,) = tx._cursor.execute("select count(*) from consent_flags").fetchone()
            born = {str(each) for (each,) in tx._cursor.execute(
                "select birth_date from profiles p join identifier_values i using (subject_ref) where i.value = $new",
                {"new": NEW},
            ).fetchall()}
        return under[0], under[1], flags, born
    finally:
        opened.close()


def propose(page: Page, field: str, value: str) -> None:
    click(page, "Propose a correction…")
    dialog = page.get_by_role("dialog")
    choose(page, "Field", field, inside=dialog)
    dialog.get_by_label("New value").fill(value)
    page.keyboard.press("Tab")
    drawn(page)
    click(page, "Propose", inside="dialog")
    done(page, "The proposal is kept.")


def prove_values(page: Page) -> None:
    expect(page.get_by_text("Prove that the new address or number reaches the person").first).to_be_visible(timeout=PATIENCE)
    click(page, "Record the proof…")
    dialog = page.get_by_role("dialog")
    for proof in ("A code sent to the new address or number came back", "A document that shows it was seen"):
        dialog.get_by_text(proof).click()
        drawn(page)
    click(page, "Record", inside="dialog")
    done(page, "The proof is recorded.")


def send_letter(page: Page) -> None:
    """Mark the only letter that is not sent yet as sent."""
    tab(page, "Letters")
    page.locator("[class*=st-key-letter_sent_]").get_by_role("button", name="Mark as sent…").click()
    drawn(page)
    click(page, "Mark as sent", inside="dialog")
    done(page, "The letter is marked as sent.")


def test_a_corrected_key_carries_objections_flags_consents_and_tells_the_old_address(
    tmp_path: Path, visit: Callable[..., Page]
) -> None:
    with (SAMPLE / "people.csv").open(encoding="utf-8", newline="") as file:
        record = list(csv.DictReader(file))[STORY.person]
    old = record["email"]
    store = sample_store(tmp_path / "desk.duckdb")
    play(store, STORY, record)
    object_to_marketing(store, old)
    request = requests_of(store, "open")[0]["id"]
    with serving(store) as address:
        page = enter(visit(), address, "steward", "/", "Good day")
        page.goto(f"{address}/request?id={request}")
        drawn(page, "Correction")
        tab(page, "Correction")
        propose(page, "Birth date", BORN)
        propose(page, "E-mail address", NEW)
        expect(page.get_by_role("heading", name="Changed keys")).to_be_visible()
        click(page, "Prepare the plan")
        expect(page.get_by_test_id("stAlert").filter(has_text="Prove that the new address").first).to_be_visible(
            timeout=PATIENCE
        )
        prove_values(page)
        click(page, "Prepare the plan")
        done(page, "The plan is made.")
        ask(page)
        approver = enter(visit(), address, "approver", "/", "Good day")
        approve(approver, "Plan: correction")
        page.goto(f"{address}/request?id={request}")
        drawn(page, "Correction")
        tab(page, "Correction")
        expect(page.get_by_role("heading", name="Consents to look at")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_role("heading", name="Notice to the old address")).to_be_visible()
        expect(page.get_by_text("It is drafted on the tab Letters")).to_be_visible()
        draft(page, "Corrected")
        page.locator("[class*=st-key-letter_sent_]").get_by_role("button", name="Mark as sent…").first.click()
        drawn(page)
        click(page, "Mark as sent", inside="dialog")
        done(page, "The letter is marked as sent.")
        send_letter(page)
        close(page)
    assert rows(store, "requests.one", id=request)[0]["closing"] == "fulfilled"
    before, after, flags, born = held(store, old)
    assert before == after == ["objection"], "what stopped under the old address stops under both"
    assert (flags, born) == (2, {BORN})
    assert not [row for row in log_of(store) if old in str(row) or NEW in str(row) or BORN in str(row)]
