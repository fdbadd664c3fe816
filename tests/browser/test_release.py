"""A release in a real browser: approved, fetched, sent; nothing said and nothing half typed is lost to a poll of the page."""

import csv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.demo.cast import Story
from tests.browser.conftest import PATIENCE, drawn
from tests.browser.steps import SAMPLE, choose, click, done, enter, play, prove, requests_of, sample_store
from tests.serving import serving

pytestmark = pytest.mark.browser


def told(tmp_path: Path, stage: str) -> tuple[Path, str]:
    """Return a store with one access request at a stage, and the path of its page."""
    with (SAMPLE / "people.csv").open(encoding="utf-8", newline="") as file:
        record = list(csv.DictReader(file))[240]
    store = sample_store(tmp_path / "desk.duckdb")
    play(store, Story(9, "access", "post", stage, "steward", 240), record)
    return store, f"/request?id={requests_of(store, 'open')[0]['id']}"


def test_what_was_approved_is_said_until_it_is_dismissed_though_a_poll_draws_the_page_anew(
    tmp_path: Path, visit: Callable[..., Page]
) -> None:
    store, path = told(tmp_path, "awaiting")
    with serving(store) as address:
        page = enter(visit(), address, "approver", path, "Access")
        expect(page.get_by_role("heading", name="Release of the package")).to_be_visible(timeout=PATIENCE)
        page.get_by_text("I checked this address by another way").click()
        drawn(page)
        prove(page)
        click(page, "Approve the release")
        expect(page.get_by_text("Ready to send", exact=True).first).to_be_visible(timeout=PATIENCE)
        done(page, "Approved. The desk makes the package ready to fetch.")
        click(page, "Dismiss")
        expect(page.get_by_text("Approved.")).to_have_count(0)


def test_a_half_filled_dialog_stays_though_the_package_is_fetched_meanwhile(tmp_path: Path, visit: Callable[..., Page]) -> None:
    store, path = told(tmp_path, "ready")
    with serving(store) as address:
        page, sockets = visit(accept_downloads=True), [None]
        page.on("websocket", lambda socket: sockets.__setitem__(0, socket))
        enter(page, address, "steward", path, "Access")
        prove(page)
        fetching = page.get_by_role("link", name="Download once").get_attribute("href")
        click(page, "Take it back to work on it…")
        words = page.get_by_role("dialog").get_by_label("Why")
        words.fill("half a sentence")
        (tmp_path / "answer.zip").write_bytes(page.context.request.get(address + fetching).body())
        assert any(name.endswith(".json") for name in zipfile.ZipFile(tmp_path / "answer.zip").namelist())
        for _ in range(2):
            sockets[0].wait_for_event("framesent")  # polls, of which the first has found the package fetched
        expect(words).to_have_value("half a sentence")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_text("The package was fetched; its bytes are deleted here.")).to_be_visible(timeout=PATIENCE)
        drawn(page)
        click(page, "Mark as sent…")
        choose(page, "Sent by", "Letter", inside=page.get_by_role("dialog"))
        click(page, "Mark as sent", inside="dialog")
        done(page, "The answer is marked as sent.")
        expect(page.get_by_role("dialog")).to_have_count(0)
