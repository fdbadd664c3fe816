"""The suppression page in a real browser: an entry masked, opened in full, held for a mistake, and annulled by another."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.actions.desk.desk import present
from core.actions.suppression import suppression_list
from core.law.roles import Role
from core.store.engine import Store, new_id
from tests.browser.conftest import PATIENCE, drawn
from tests.browser.steps import click, done, enter, found, prove, tab
from tests.conftest import desk_of
from tests.serving import QUICK, demo_store, serving

pytestmark = pytest.mark.browser
VALUE = "marker-mistyped@example.com"


def listed(path: Path) -> Path:
    """Put one objection into the list of a demo store."""
    demo_store(path, QUICK)
    store = Store.open(path, present())
    try:
        desk = desk_of(store, Role.STEWARD, now=present())
        suppression_list.add(desk, "objection", "email", VALUE, since=present().date(), key=new_id())
    finally:
        store.close()
    return path


def test_an_entry_is_shown_masked_opened_and_annulled_by_another(tmp_path: Path, visit: Callable[..., Page]) -> None:
    store = listed(tmp_path / "desk.duckdb")
    with serving(store) as address:
        page = enter(visit(), address, "steward", "/suppression?state=objection", "Suppression")
        page.get_by_test_id("stDataFrame").first.click(position={"x": 16, "y": 47})
        expect(page.get_by_role("button", name="Value and history")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_text(VALUE)).to_have_count(0)
        click(page, "Value and history")
        expect(page.get_by_text(VALUE)).to_be_visible(timeout=PATIENCE)
        click(page, "A mistake…")
        expect(page.get_by_role("dialog")).to_be_visible(timeout=PATIENCE)
        page.get_by_role("dialog").get_by_label("The evidence").fill("the form of 3 March names another address")
        page.keyboard.press("Tab")
        drawn(page)
        click(page, "Ask another person to annul it", inside="dialog")
        done(page, "Asked. Until another person decides, it goes on stopping.")
        tab(page, "Endings")
        expect(page.get_by_text("You asked for it: another person decides.")).to_be_visible(timeout=PATIENCE)
        approver = enter(visit(), address, "approver", "/suppression", "Suppression")
        tab(approver, "Endings")
        click(approver, "Read the evidence")
        expect(approver.get_by_text("the form of 3 March names another address")).to_be_visible(timeout=PATIENCE)
        prove(approver)
        click(approver, "Annul the entry")
        done(approver, "The entry is annulled.")
    assert found(store, "select distinct end_ground from suppressions") == [("annulled",)]
