"""The refusal walk: a request refused on a ground, approved by another person, told to the person, closed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE, drawn
from tests.browser.steps import click, done, enter, pick, prove, send_letter, start, tab, take
from tests.browser.test_access_walk import entered, take_in
from tests.serving import demo_store, serving

pytestmark = [pytest.mark.browser, pytest.mark.walk]
FACTS = "The very same copy was given nine days ago and nothing has changed since. <b>x</b>"
EVIDENCE = "Request of 11 November, answered on 15 November; no change of the data since."


def prepare(page: Page) -> None:
    start(page)
    click(page, "Refuse…")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").first.click()
    take(page, "Excessive")
    drawn(page)
    dialog.get_by_label(re.compile("^The facts of this case")).fill(FACTS)
    page.keyboard.press("Tab")
    drawn(page)
    click(page, "Prepare the refusal", inside="dialog")
    expect(dialog.get_by_text("the burden of proof is ours (Art. 12(5), 12(2))")).to_be_visible(timeout=PATIENCE)
    dialog.get_by_label(re.compile("^Evidence")).fill(EVIDENCE)
    page.keyboard.press("Tab")
    drawn(page)
    pick(page, "How often it was asked", inside=dialog)
    click(page, "Prepare the refusal", inside="dialog")
    expect(dialog.get_by_text("how often somebody asks is no abuse by itself")).to_be_visible(timeout=PATIENCE)
    pick(page, "The same was answered", inside=dialog)
    click(page, "Prepare the refusal", inside="dialog")
    done(page, "The refusal is prepared.")


def write(page: Page, text: str) -> None:
    """Put a text in place of the letter's own: what the law demands stands below it all the same."""
    tab(page, "Letters")
    page.get_by_test_id("stMain").get_by_text("Text", exact=True).first.click()
    area = page.get_by_label("Text of the letter")
    expect(area).to_be_visible()
    area.fill(text)
    page.keyboard.press("Tab")
    drawn(page)
    click(page, "Save the text")
    done(page, "The text is saved.")
    passages = page.locator("[class*=st-key-letter_passages_]")
    for words in ("We do not act on this request", "complain to a supervisory authority", "judicial remedy"):
        expect(passages.get_by_text(words).first).to_be_visible()


def ask(page: Page) -> None:
    click(page, "Ask for the approval of the refusal…")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").first.click()
    take(page, "Demo Approver")
    drawn(page)
    click(page, "Ask", inside="dialog")
    done(page, "The approval of the refusal is asked for.")
    expect(page.get_by_text("The refusal waits for Demo Approver.")).to_be_visible()


def approve(page: Page) -> None:
    click(page, "Compare and decide")
    expect(page.get_by_role("heading", name="Refusal of the request")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("What shows it: How often it was asked; The same was answered")).to_be_visible()
    expect(page.get_by_text(EVIDENCE)).to_be_visible()
    expect(page.get_by_text("<b>x</b>").first).to_be_visible()
    prove(page)
    click(page, "Approve the refusal")
    done(page, "The refusal is approved.")


def send(page: Page, request: str) -> None:
    page.goto(request)
    drawn(page, "Access")
    click(page, "Mark as sent…")
    click(page, "Mark as sent", inside="dialog")
    expect(page.get_by_role("dialog").get_by_text("letter of the refusal as sent first")).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Escape")
    drawn(page)
    send_letter(page)
    click(page, "Mark as sent…")
    click(page, "Mark as sent", inside="dialog")
    done(page, "The answer is marked as sent.")
    click(page, "Close as answered…")
    page.get_by_role("dialog").get_by_text("Refused", exact=True).click()
    drawn(page)
    click(page, "Close the request", inside="dialog")
    done(page, "The request is closed.")
    expect(page.get_by_text("Closed: refused").first).to_be_visible()


def test_a_request_refused_from_intake_to_its_closing(tmp_path: Path, visit: Callable[..., Page]) -> None:
    store = demo_store(tmp_path / "desk.duckdb")
    with serving(store) as address:
        steward = enter(visit(), address, "steward", "/intake", "New request")
        request = take_in(steward, address)
        prepare(steward)
        write(steward, "No.")
        ask(steward)
        approve(enter(visit(), address, "approver", "/", "Good day"))
        send(steward, request)
    acts = entered(store)
    order = ["refusal.prepare", "refusal.ask", "refusal.open", "refusal.approve", "letter.sent", "answer.sent", "request.close"]
    assert [acts.index(act) for act in order] == sorted(acts.index(act) for act in order)


def test_an_objection_to_marketing_has_no_button_to_refuse_it(tmp_path: Path, visit: Callable[..., Page]) -> None:
    with serving(demo_store(tmp_path / "desk.duckdb")) as address:
        steward = enter(visit(), address, "steward", "/intake", "New request")
        take_in(steward, address, "Objection to marketing")
        start(steward)
        expect(steward.get_by_text("is never refused")).to_be_visible()
        expect(steward.get_by_role("button", name="Refuse…")).to_have_count(0)
