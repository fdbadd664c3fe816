"""A paper archive: its owner asked, told who it is about, answered for with a file, counted in, and erased there by hand."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.demo.cast import Story
from tests.browser.conftest import PATIENCE, drawn
from tests.browser.steps import SAMPLE, click, done, enter, found, play, requests_of, sample_store, tab
from tests.catalogues import write_with_archive
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.walk]
STORY = Story(9, "access", "email", "proven", "steward", 402)
CONTRACTS = "Number of the contract,Signed on\nK-17,2019-03-02\nK-18,2020-07-11\n"


def answer(page: Page, who: str) -> None:
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Who answered").fill(who)
    dialog.get_by_label("What shows it").fill("Mail of today, protocol 17")
    page.keyboard.press("Tab")
    drawn(page)
    click(page, "Record", inside="dialog")


def test_what_the_owner_of_an_archive_found_is_counted_in(tmp_path: Path, visit: Callable[..., Page]) -> None:
    store = sample_store(tmp_path / "desk.duckdb")
    with (SAMPLE / "people.csv").open(encoding="utf-8", newline="") as file:
        play(store, STORY, list(csv.DictReader(file))[STORY.person])
    (request,) = requests_of(store, "open")
    with serving(store, RIGHTSDESK_CATALOGUE=str(write_with_archive(tmp_path))) as address:
        steward = enter(visit(), address, "steward", "/", "Good day")
        steward.goto(f"{address}/request?id={request['id']}")
        drawn(steward, "Access")
        tab(steward, "Person & data")
        click(steward, "Ask their owners")
        done(steward, "Asked. Pass on what each owner is to be told.")
        click(steward, "What to tell the owner…")
        told = steward.get_by_role("dialog")
        expect(told.get_by_text("Look in the register by name and birth date.")).to_be_visible(timeout=PATIENCE)
        expect(told.get_by_text("The person gets a copy")).to_be_visible()
        steward.keyboard.press("Escape")
        drawn(steward)
        click(steward, "Record the answer…")
        dialog = steward.get_by_role("dialog")
        answer(steward, "M. Archive")
        expect(dialog.get_by_text("Say how many rows were found: Contracts on paper")).to_be_visible(timeout=PATIENCE)
        dialog.locator("input[type=file]").first.set_input_files(
            {"name": "contracts.csv", "mimeType": "text/csv", "buffer": CONTRACTS.encode()}
        )
        drawn(steward)
        dialog.get_by_label("Invoices on paper: rows found").fill("0")
        steward.keyboard.press("Tab")
        drawn(steward)
        click(steward, "Record", inside="dialog")
        done(steward, "The answer is recorded.")
        expect(steward.get_by_text("Contracts on paper: 2 · Invoices on paper: 0")).to_be_visible(timeout=PATIENCE)
        expect(steward.get_by_text("by M. Archive")).to_be_visible()
    assert found(store, "select table_name, row_count from owner_findings order by all") == [("contracts", 2), ("invoices", 0)]
