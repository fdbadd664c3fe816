"""The returned letter: ready to send again, the day of sending kept, the clock not opened again, on the board, resent."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.demo.cast import Story
from tests.browser.conftest import drawn
from tests.browser.steps import SAMPLE, choose, click, done, enter, log_of, play, requests_of, rows, sample_store, tab
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.walk]
STORY = Story(20, "access", "post", "sent", "steward", 240)


def test_a_letter_that_comes_back_is_sent_again_and_the_first_day_of_sending_stays(
    tmp_path: Path, visit: Callable[..., Page]
) -> None:
    with (SAMPLE / "people.csv").open(encoding="utf-8", newline="") as file:
        record = list(csv.DictReader(file))[STORY.person]
    store = sample_store(tmp_path / "desk.duckdb")
    play(store, STORY, record)
    before = _only(store)
    with serving(store) as address:
        page = enter(visit(), address, "steward", "/", "Good day")
        page.goto(f"{address}/request?id={before['id']}")
        drawn(page, "Access")
        click(page, "The answer came back…")
        page.get_by_role("dialog").get_by_label("Why, as the envelope or the mail says").fill("MARKER moved away")
        page.keyboard.press("Tab")
        click(page, "Record it", inside="dialog")
        done(page, "Recorded: it came back.")
        main = page.get_by_test_id("stMain")
        expect(main.get_by_text("Answer came back")).to_be_visible()
        expect(main.get_by_text("Ready to send")).to_be_visible()
        board = enter(visit(), address, "dpo", "/queue", "Request queue")
        expect(board.get_by_test_id("stDataFrame")).to_be_visible()
        click(page, "Mark as sent…")
        choose(page, "Sent by", "Letter", inside=page.get_by_role("dialog"))
        click(page, "Mark as sent", inside="dialog")
        done(page, "The answer is marked as sent.")
        expect(main.get_by_text("Sent", exact=True)).to_be_visible()
        tab(page, "Timeline")
        click(page, "Close as answered…")
        click(page, "Close the request", inside="dialog")
        done(page, "The request is closed.")
        drawn(page)
    after = _only(store)
    assert after["sent_at"] == before["sent_at"], "the first day of sending stays"
    assert (after["final_due"], after["received_at"]) == (before["final_due"], before["received_at"])
    assert after["state"] == "closed"
    acts = [row["act"] for row in log_of(store) if row["outcome"] == "done"]
    assert acts.count("answer.sent") == 2
    assert acts.index("answer.came_back") > acts.index("answer.sent")
    assert not [row for row in log_of(store) if "MARKER" in str(row)]


def _only(store: Path):
    """Return the one request of the store."""
    for view in ("open", "closed"):
        found = requests_of(store, view)
        if found:
            return rows(store, "requests.one", id=found[0]["id"])[0]
    raise AssertionError
