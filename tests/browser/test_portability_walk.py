"""The portability walk: a portable copy from intake to its closing, by the people who take part, in a real browser."""

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE, drawn
from tests.browser.steps import draft, enter, import_people, prove, tab
from tests.browser.test_access_walk import answer, approve, ask, begin, decide, entered, identify, take_in
from tests.serving import demo_store, serving

pytestmark = [pytest.mark.browser, pytest.mark.walk]
NEVER = ("messages", "letters", "notes", "identity_checks", "devices", "customer_id", "subject_ref")


def fields(page: Page) -> None:
    """Read the table that says of each field whether it is in the copy, and why."""
    tab(page, "Person & data")
    expect(page.get_by_role("heading", name="What is in the portable copy")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text(re.compile(r"\d+ fields are in the copy, \d+ are left out"))).to_be_visible()


def fetch(page: Page, request: str) -> str:
    page.goto(request)
    drawn(page, "Portable copy")
    expect(page.get_by_label("Your password")).to_be_visible(timeout=PATIENCE)
    prove(page)
    link = page.get_by_role("link", name="Download once")
    target = link.get_attribute("href") or ""
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.startswith("portability-RD-")
    with zipfile.ZipFile(download.value.path()) as package:
        held = {name: package.read(name) for name in package.namelist()}
    assert {name for name in held if "/" not in name} == {"data.json", "schema.json", "manifest.json"}
    data = json.loads(held["data.json"])
    assert set(data["systems"]) == {"local"}
    assert not [name for name in NEVER if f'"{name}"' in held["data.json"].decode()]
    assert "lachlan" in held["data.json"].decode()
    return target


def test_a_portable_copy_from_intake_to_its_closing(tmp_path: Path, visit: Callable[..., Page]) -> None:
    store = demo_store(tmp_path / "desk.duckdb")
    with serving(store) as address:
        steward = enter(visit(accept_downloads=True), address, "steward", "/imports", "Import")
        import_people(steward, address)
        request = take_in(steward, address, "Portable copy")
        begin(steward)
        decide(steward)
        identify(steward)
        ask(steward)
        fields(steward)
        approve(enter(visit(), address, "approver", "/", "Good day"))
        fetch(steward, request)
        draft(steward, "Portable copy")
        expect(steward.get_by_text("Your portable copy").first).to_be_visible()
        tab(steward, "Checklist")
        answer(steward)
        steward.goto(address + "/export-list?right=portability")
        drawn(steward, "Exports")
        expect(steward.get_by_text("1 of 1 packages")).to_be_visible()
    acts = entered(store)
    order = ["export.prepare", "package.build", "release.ask", "release.approve", "package.fetch", "answer.sent", "request.close"]
    assert [acts.index(act) for act in order] == sorted(acts.index(act) for act in order)
