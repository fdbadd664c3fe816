"""Nobody answers who they are: asked, reminded, told by a letter that another person approved, and closed."""

import csv
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.actions.answers.letters import letters
from core.actions.desk.desk import present
from core.actions.desk.establishment import establishment
from core.demo.cast import Cast, Story
from core.store.engine import Store, new_id
from tests.browser.conftest import PATIENCE, drawn
from tests.browser.steps import SAMPLE, choose, click, done, enter, log_of, play, prove, requests_of, sample_store, tab
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.walk]
STORY = Story(60, "access", "email", "asked", "steward", 51)


def remind(path: Path, request: dict[str, object]) -> None:
    """Send the reminder of twenty days ago, by the desk's own acts."""
    store = Store.open(path, present())
    try:
        cast = Cast(store)
        cast.now = present() - timedelta(days=20)
        day = establishment(store).local(cast.now).date()
        letter = letters.draft(cast.desk("steward"), request["case_ref"], "reminder", request["id"], key=new_id())
        letters.mark_sent(cast.desk("steward"), letter, "email", day, key=new_id())
    finally:
        store.close()


def test_an_identity_that_is_never_proven_ends_with_its_letter(tmp_path: Path, visit: Callable[..., Page]) -> None:
    store = sample_store(tmp_path / "desk.duckdb")
    with (SAMPLE / "people.csv").open(encoding="utf-8", newline="") as file:
        play(store, STORY, list(csv.DictReader(file))[STORY.person])
    (before,) = requests_of(store, "open")
    assert before["clock_state"] == "paused"
    remind(store, before)
    with serving(store) as address:
        request = f"{address}/request?id={before['id']}"
        steward = enter(visit(), address, "steward", "/", "Good day")
        steward.goto(request)
        drawn(steward, "Access")
        close(steward)
        expect(steward.get_by_role("dialog").get_by_text("Send the person the letter that says so first")).to_be_visible(timeout=PATIENCE)
        steward.goto(request)
        drawn(steward, "Access")
        tab(steward, "Letters")
        choose(steward, "New letter", "Closed without an answer")
        click(steward, "Draft")
        done(steward, "The letter is drafted.")
        click(steward, "Ask for its approval…")
        choose(steward, "Who decides", "Demo Approver", inside=steward.get_by_role("dialog"))
        click(steward, "Ask", inside="dialog")
        done(steward, "asked for")
        approver = enter(visit(), address, "approver", "/", "Good day")
        click(approver, "Compare and decide")
        expect(approver.get_by_text("No answer has reached us").first).to_be_visible(timeout=PATIENCE)
        prove(approver)
        click(approver, "Approve the letter")
        done(approver, "The letter is approved.")
        steward.goto(request)
        drawn(steward, "Access")
        tab(steward, "Letters")
        steward.locator("[class*=st-key-letter_sent_]").get_by_role("button").click()
        drawn(steward)
        click(steward, "Mark as sent", inside="dialog")
        done(steward, "The letter is marked as sent.")
        close(steward)
        done(steward, "The request is closed.")
    (after,) = requests_of(store, "closed")
    assert (after["id"], after["closing"]) == (before["id"], "no_answer")
    acts = [row["act"] for row in log_of(store) if row["outcome"] == "done"]
    order = ["request.ask", "letter.ask", "letter.open", "letter.approve", "request.close"]
    assert [acts.index(act) for act in order] == sorted(acts.index(act) for act in order)


def close(page: Page) -> None:
    click(page, "Close without action…")
    dialog = page.get_by_role("dialog")
    choose(page, "How it ends", "No answer came", inside=dialog)
    dialog.get_by_label("Why", exact=True).fill("Nobody answered the question nor its reminder.")
    page.keyboard.press("Tab")
    drawn(page)
    click(page, "Close the request", inside="dialog")
