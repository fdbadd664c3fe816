"""Answered outside the desk: a line for each system, another person's comparison, exactly the approved letter, the closing."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.demo.cast import Story
from tests.browser.conftest import PATIENCE, drawn
from tests.browser.steps import (
    SAMPLE,
    click,
    close,
    done,
    enter,
    log_of,
    play,
    prove,
    requests_of,
    sample_store,
    send_letter,
    take,
)
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.walk]
WHY = "The archive lies on paper, which no connector reaches. <b>x</b>"
TOLD = "the copy of your file is enclosed."
EVIDENCE = "Ticket 4711 of the archive, copied on 20 November and filed there."


def fill(page: Page, label: str, text: str) -> None:
    page.get_by_role("dialog").get_by_label(re.compile(f"^{label}")).fill(text)
    page.keyboard.press("Tab")
    drawn(page)


def record(page: Page) -> None:
    click(page, "Answered outside the desk…")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Record it")).to_be_disabled()
    dialog.get_by_role("combobox").first.click()
    take(page, "Done")
    drawn(page)
    fill(page, "What was done", TOLD)
    fill(page, "Evidence", EVIDENCE)
    click(page, "Record it", inside="dialog")
    expect(dialog.get_by_text("write down why it was answered outside")).to_be_visible(timeout=PATIENCE)
    fill(page, "Why it was not answered", WHY)
    click(page, "Record it", inside="dialog")
    done(page, "It is recorded.")
    expect(page.get_by_text("Answered outside the desk: fulfilled.")).to_be_visible()


def ask(page: Page) -> None:
    click(page, "Ask for its approval…")
    click(page, "Ask", inside="dialog")
    done(page, "The approval of the answer outside the desk is asked for.")


def approve(page: Page) -> None:
    click(page, "Compare and decide")
    expect(page.get_by_role("heading", name="Answered outside the desk")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("<b>x</b>").first).to_be_visible()
    prove(page)
    click(page, "Approve the answer")
    done(page, "Approved. Its letter is ready to send.")


def test_a_request_answered_outside_the_desk(tmp_path: Path, visit: Callable[..., Page]) -> None:
    with (SAMPLE / "people.csv").open(encoding="utf-8", newline="") as file:
        person = list(csv.DictReader(file))[240]
    store = sample_store(tmp_path / "desk.duckdb")
    play(store, Story(9, "access", "post", "proven", "steward", 240), person)
    request = requests_of(store, "open")[0]["id"]
    with serving(store) as address:
        steward = enter(visit(), address, "steward", f"/request?id={request}", "Access")
        record(steward)
        ask(steward)
        approve(enter(visit(), address, "approver", "/", "Good day"))
        steward.goto(f"{address}/request?id={request}")
        drawn(steward, "Access")
        send_letter(steward)
        close(steward)
        expect(steward.get_by_text("Closed: fulfilled").first).to_be_visible()
    acts = [row["act"] for row in log_of(store)]
    order = ["outside.record", "outside.ask", "outside.open", "outside.approve", "letter.sent", "answer.sent", "request.close"]
    assert [acts.index(act) for act in order] == sorted(acts.index(act) for act in order)
