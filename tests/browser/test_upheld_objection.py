"""An objection under Article 21(1) that is upheld, in a real browser: what it needs, the letter, the closing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE, drawn
from tests.browser.steps import (
    choose,
    click,
    close,
    decide,
    done,
    draft,
    enter,
    enter_people,
    found,
    send_letter,
    start,
    tab,
    take_in,
)
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.walk]
# Held for the security of accounts alone: what an objection to that use leaves without a ground.
DEVICE = "customer_id,email,given_name,family_name,device_id\nk1,lachlan.berry@example.com,Lachlan,Berry,device-0001\n"
GROUNDS = "I was stalked, and your checks show where I live."


def record(page: Page, need: str, texts: dict[str, str], **picks: str) -> None:
    """Open the form of a need, fill it and record it."""
    tab(page, "What it needs")
    page.locator(f"[class*=st-key-record_{need}_]").get_by_role("button").click()
    drawn(page)
    dialog = page.get_by_role("dialog")
    for label, option in picks.items():
        choose(page, label.replace("_", " "), option, inside=dialog)
    for label, text in texts.items():
        dialog.get_by_label(label).fill(text)
        page.keyboard.press("Tab")
        drawn(page)
    click(page, "Record", inside="dialog")
    done(page, "It is recorded.")


def test_an_objection_is_weighed_upheld_told_and_closed(tmp_path: Path, visit: Callable[..., Page]) -> None:
    store = enter_people(tmp_path / "desk.duckdb", DEVICE)
    with serving(store) as address:
        page = enter(visit(), address, "steward", "/intake", "New request")
        take_in(page, address, "Objection (Art. 21(1))", email="lachlan.berry@example.com", name="Lachlan Berry", body=GROUNDS)
        start(page)
        decide(page, "lachlan.berry@example.com")
        expect(page.get_by_text("Next: The person's grounds")).to_be_visible(timeout=PATIENCE)
        record(page, "grounds", {"What the person says of their own situation": GROUNDS})
        record(page, "restriction_offered", {}, What_the_person_wants_until_it_is_decided="No restriction")
        record(
            page, "balancing",
            {"Our grounds for this use": "No ground of ours weighs more than this.", "The person's situation": GROUNDS},
            The_use_to_which_the_person_objects="Keeping accounts secure", What_we_demonstrate="Nothing that overrides",
        )
        expect(page.get_by_text("The use stops; what it alone")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_text("Customer profiles: devices")).to_be_visible()
        click(page, "Say what becomes of it…")
        click(page, "Record", inside="dialog")
        expect(page.get_by_role("dialog").get_by_text("Say what becomes of these data.")).to_be_visible(timeout=PATIENCE)
        page.get_by_role("dialog").get_by_text("They are kept: another legal ground").click()
        drawn(page)
        click(page, "Record", inside="dialog")
        expect(page.get_by_role("dialog").get_by_test_id("stAlert")).to_be_visible(timeout=PATIENCE)
        page.get_by_role("dialog").get_by_text("They are erased: a request for erasure").click()
        drawn(page)
        click(page, "Record", inside="dialog")
        done(page, "It is recorded.")
        draft(page, "Objection upheld")
        send_letter(page)
        close(page)
        tab(page, "What it needs")
        click(page, "Open the request for erasure")
        drawn(page, "Erasure")
        tab(page, "Erasure")
        expect(page.get_by_text("an objection was upheld")).to_be_visible(timeout=PATIENCE)
    assert found(store, "select distinct state, purpose from suppressions") == [("objection", "security")]
