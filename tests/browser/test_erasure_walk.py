"""An erasure in a real browser: grounds, plan, letter, another person's approval, the search afterwards, the closing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.actions.desk.desk import present
from core.store.engine import Store
from core.store.ledger import ERASED
from tests.browser.conftest import PATIENCE, drawn
from tests.browser.steps import (
    click,
    close,
    decide,
    done,
    draft,
    enter,
    found,
    identify,
    pick,
    prove,
    sample_store,
    send_letter,
    set_date,
    start,
    tab,
    take,
    take_in_mail,
)
from tests.browser.test_objection_walk import mail
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.walk]

LAW = "Section 147 of the Fiscal Code"


def choose_grounds(page: Page, keep: str = "") -> None:
    tab(page, "Erasure")
    click(page, "Choose the grounds…")
    dialog = page.get_by_role("dialog")
    click(page, "Record", inside="dialog")
    expect(dialog.get_by_text("Choose at least one ground of Article 17(1).")).to_be_visible(timeout=PATIENCE)
    for ground in ("Art. 17(1)(a)", "Art. 17(1)(d)"):
        pick(page, ground, inside=dialog)
    if keep:
        dialog.get_by_test_id("stMultiSelect").filter(has_text="Must be kept").get_by_role("combobox").click()
        take(page, keep)
        page.keyboard.press("Tab")
        drawn(page)
        dialog.get_by_label("Statute, provision or claim").fill(LAW)
        set_date(page, "Until", "20341231")
    click(page, "Record", inside="dialog")
    done(page, "The grounds are recorded.")


def ask(page: Page) -> None:
    click(page, "Ask for the approval…")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").first.click()
    take(page, "Demo Approver")
    drawn(page)
    click(page, "Ask", inside="dialog")
    done(page, "The approval of the plan is asked for.")


def approve(page: Page, heading: str) -> None:
    click(page, "Compare and decide")
    expect(page.get_by_role("heading", name=heading)).to_be_visible(timeout=PATIENCE)
    prove(page)
    click(page, "Approve the plan")
    done(page, "Approved. The desk carries the plan out")


def counts(store: Path) -> tuple[int, int, int]:
    """Return how many profiles and hashed identifiers a closed store holds, and how many erasures its ledger."""
    ((profiles, recognised),) = found(
        store, "select (select count(*) from profiles), (select count(distinct subject_ref) from identifiers)"
    )
    opened = Store.open(store, present())
    try:
        return profiles, recognised, len(list(opened.ledger.entries(ERASED)))
    finally:
        opened.close()


def test_an_erasure_from_intake_to_its_closing(tmp_path: Path, visit: Callable[..., Page]) -> None:
    """The orders stay by a tax law: the letter says so, the list names their day, and each decision tells why."""
    store = sample_store(tmp_path / "desk.duckdb")
    with serving(store) as address:
        steward = enter(visit(), address, "steward", "/intake", "New request")
        request = take_in_mail(steward, address, "Erasure", mail())
        start(steward)
        decide(steward, born="19990219")
        identify(steward, "Returned a code sent to the address", "Two facts we hold were right")
        choose_grounds(steward, keep="Events")
        click(steward, "Prepare the plan")
        done(steward, "The plan is made.")
        expect(steward.get_by_role("heading", name="Plan", exact=True)).to_be_visible()
        click(steward, "Ask for the approval…")
        click(steward, "Ask", inside="dialog")
        expect(steward.get_by_role("dialog").get_by_text("Draft the letter that confirms the outcome")).to_be_visible(
            timeout=PATIENCE
        )
        steward.goto(request)
        drawn(steward, "Erasure")
        draft(steward, "Erased in part")
        tab(steward, "Erasure")
        ask(steward)
        approve(enter(visit(), address, "approver", "/", "Good day"), "Plan: erasure")
        steward.goto(request)
        drawn(steward, "Erasure")
        tab(steward, "Erasure")
        expect(steward.get_by_role("heading", name="Carried out")).to_be_visible(timeout=PATIENCE)
        expect(steward.get_by_role("heading", name="When the data are gone")).to_be_visible(timeout=PATIENCE)
        kept = steward.locator("[class*=st-key-kept_]").filter(has_text="Events").first
        expect(kept).to_contain_text("31 Dec 2034", ignore_case=True)
        expect(kept).to_contain_text(LAW)
        send_letter(steward)
        close(steward, "Partly fulfilled")
        steward.get_by_test_id("stMain").get_by_text("Why", exact=True).click()  # beside it stands "Why this day"
        drawn(steward)
        expect(steward.get_by_text("Demo Approver ·").first).to_be_visible(timeout=PATIENCE)
        tab(steward, "Decisions")
        expect(steward.get_by_text("Approved a plan")).to_be_visible(timeout=PATIENCE)
        steward.goto(address + "/holds")
        drawn(steward, "Holds and kept data")
        expect(steward.get_by_role("heading", name="Kept until")).to_be_visible()
        expect(steward.get_by_text("No erasure left anything")).to_have_count(0)
    profiles, recognised, erased = counts(store)
    assert profiles == recognised
    assert erased == 1
