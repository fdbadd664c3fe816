"""A restriction in a real browser: set at the person's request, closed, and later lifted by two after the notice."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE, drawn
from tests.browser.steps import (
    carry_out,
    click,
    close,
    decide,
    done,
    draft,
    enter,
    found,
    identify,
    import_people,
    prove,
    send_letter,
    start,
    tab,
    take_in_mail,
)
from tests.browser.test_objection_walk import mail
from tests.serving import demo_store, serving

pytestmark = [pytest.mark.browser, pytest.mark.walk]


def record_ground(page: Page) -> None:
    tab(page, "Carrying out")
    click(page, "Record the ground")
    done(page, "The ground is recorded.")
    expect(page.get_by_text("The person says that the data are wrong").first).to_be_visible()


def propose(page: Page) -> None:
    drawn(page, "Suppression")
    # The check box of the table is drawn on a canvas; its cell is the first of the only row.
    page.get_by_test_id("stDataFrame").first.click(position={"x": 16, "y": 47})
    propose_it = page.get_by_role("button", name="Propose to lift…")
    expect(propose_it).to_be_visible(timeout=PATIENCE)
    propose_it.click()
    expect(page.get_by_role("dialog")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("dialog").get_by_label("Why it ends").fill("the birth date was checked and is right")
    page.keyboard.press("Tab")
    drawn(page)
    click(page, "Propose", inside="dialog")
    done(page, "Proposed.")


def test_a_contested_birth_date_is_restricted_and_lifted_after_the_notice(tmp_path: Path, visit: Callable[..., Page]) -> None:
    store = demo_store(tmp_path / "desk.duckdb")
    with serving(store) as address:
        steward = enter(visit(), address, "steward", "/imports", "Import")
        import_people(steward, address)
        request = take_in_mail(steward, address, "Restriction", mail("You hold a wrong birth date of me: only store it until that is settled."))
        start(steward)
        decide(steward, born="19990219")
        identify(steward, "Two facts we hold were right")
        record_ground(steward)
        carry_out(steward)
        draft(steward, "Restriction set")
        send_letter(steward)
        close(steward)
        propose(enter(visit(), address, "dpo", "/suppression", "Suppression"))
        approver = enter(visit(), address, "approver", "/suppression", "Suppression")
        tab(approver, "Endings")
        expect(approver.get_by_text("The person is not told yet")).to_be_visible(timeout=PATIENCE)
        expect(approver.get_by_role("button", name="Lift the restriction")).to_have_count(0)
        steward.goto(request)
        drawn(steward, "Restriction")
        draft(steward, "Restriction will be lifted")
        send_letter(steward)
        approver.goto(address + "/")
        drawn(approver, "Good day")
        click(approver, "Open suppression")
        drawn(approver, "Suppression")
        tab(approver, "Endings")
        prove(approver)
        click(approver, "Lift the restriction")
        done(approver, "The restriction is lifted.")
    assert found(store, "select lifted_at is null from restrictions") == [(False,)]
