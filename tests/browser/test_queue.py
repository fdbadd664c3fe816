"""The queue in a real browser: a choice is never another row's, and the address keeps the filters, never a name."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.actions.cases import intake
from core.actions.desk.desk import Desk, Person, present
from core.law.roles import Role
from core.store.engine import Store
from pages.parts.tables import HEAD, ROW
from tests.browser.conftest import drawn
from tests.browser.steps import click, enter, pick, set_date
from tests.serving import QUICK, demo_store, serving

pytestmark = pytest.mark.browser
NAME = "MARKERNAME"


@pytest.fixture
def queued(tmp_path: Path):
    """Give the address of a desk with two requests of this week."""
    path = demo_store(tmp_path / "desk.duckdb", QUICK)
    store, now = Store.open(path, present()), present()
    desk = Desk(store, Person("x", "x", "x", frozenset({Role.STEWARD})), now)
    for number in (1, 2):
        intake.take_in(desk, intake.Intake(
            ("access",), "post", now.date() - timedelta(days=number), name=NAME, body="words"
        ), key=f"key-of-tests-{number}")
    store.close()
    with serving(path) as address:
        yield address


def choose_first(page: Page) -> None:
    box = page.get_by_test_id("stDataFrame").bounding_box()
    page.mouse.click(box["x"] + 16, box["y"] + HEAD + ROW / 2)
    expect(page.get_by_text("1 selected")).to_be_visible()


def test_a_choice_is_dropped_when_a_row_comes_above_it(queued, visit):
    page = enter(visit(), queued, "steward", "/queue", "Request queue")
    choose_first(page)
    other = enter(visit(), queued, "steward2", "/intake", "New request")
    pick(other, "Erasure")
    set_date(other, "Received on", f"{present() - timedelta(days=20):%Y%m%d}")
    other.get_by_label("Name", exact=True).fill(NAME)
    other.get_by_label("Message, or your note of the call").fill("words")
    other.keyboard.press("Tab")
    drawn(other)
    click(other, "Take in")
    expect(other.get_by_role("link", name="Open the request: Erasure")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Open O?")).filter(has_text="Open").last.click()
    drawn(page, "Request queue")
    expect(page.get_by_text("0 selected")).to_be_visible()
    expect(page.get_by_test_id("stMain").get_by_text("3 of 3")).to_be_visible()


def test_a_chosen_request_opens_and_the_address_holds_its_id_alone(queued, visit):
    page = enter(visit(), queued, "steward", "/queue", "Request queue")
    expect(page.get_by_text(NAME)).to_have_count(0)
    choose_first(page)
    opening = page.get_by_role("button", name=re.compile("^Open O?")).filter(has_text="Open").last
    expect(opening).to_be_enabled()
    opening.click()
    page.wait_for_url("**/request?id=*")
    drawn(page, "Access")
    assert re.fullmatch(r"[0-9a-f-]{32,36}", page.url.partition("id=")[2])


def test_the_view_stands_in_the_address_and_is_found_there_again(queued, visit):
    page = enter(visit(), queued, "steward", "/queue", "Request queue")
    page.get_by_test_id("stMain").get_by_role("radio", name=re.compile("Unassigned")).click()
    page.wait_for_url("**/queue?view=unassigned")
    page.reload()
    drawn(page, "Request queue")
    expect(page.get_by_role("radio", name=re.compile("Unassigned"))).to_be_checked()
    page.get_by_label("Search", exact=True).fill(NAME)
    page.keyboard.press("Enter")
    expect(page.get_by_text("No request fits these filters.")).to_be_visible()
    assert NAME not in page.url
