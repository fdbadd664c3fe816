"""The Friday call: entered days later, both times shown, the clock from Friday, facts asked back as match or no match."""

import csv
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.actions.cases.intake import preview_due
from core.actions.desk.desk import present
from core.actions.desk.establishment import UNSET, Establishment, establishment
from core.law.roles import Role
from core.store.engine import Store
from tests.browser.conftest import PATIENCE, drawn
from tests.browser.steps import SAMPLE, click, decide, done, enter, last_friday, log_of, requests_of, sample_store, start, take_in
from tests.conftest import desk_of
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.walk]
HERE = Establishment("x", UNSET, UNSET, "x")  # the zone of a store to which nobody gave another


def tell(page: Page, told: dict[str, str]) -> None:
    dialog = page.get_by_role("dialog")
    for name in told:
        dialog.get_by_role("button", name=name, exact=True).click()
        drawn(page)
    for name, text in told.items():
        dialog.get_by_role("textbox", name=name, exact=True).fill(text)
        page.keyboard.press("Tab")
        drawn(page)


def test_a_call_of_friday_evening_is_entered_later_and_its_clock_runs_from_friday(
    tmp_path: Path, visit: Callable[..., Page]
) -> None:
    with (SAMPLE / "people.csv").open(encoding="utf-8", newline="") as file:
        record = list(csv.DictReader(file))[523]
    store = sample_store(tmp_path / "desk.duckdb")
    friday = last_friday(HERE.local(present()))
    with serving(store) as address:
        page = enter(visit(), address, "steward", "/intake", "New request")
        take_in(page, address, "Access", channel="Telephone", name="MARKER CALLER", phone="030 1234567", on=friday, at="17:50")
        main = page.get_by_test_id("stMain")
        expect(main.get_by_text(f"received {friday:%d %b %Y} 17:50 (telephone)")).to_be_visible()
        expect(main.get_by_text(f"entered {HERE.local(present()):%d %b %Y}")).to_be_visible()
        start(page)
        decide(page, record["email"])
        click(page, "Record the identity check…")
        dialog = page.get_by_role("dialog")
        tell(page, {"Postcode": record["postcode"], "City": "MARKER WRONG CITY"})
        click(page, "Compare", inside="dialog")
        expect(dialog.get_by_text("Postcode: match")).to_be_visible(timeout=PATIENCE)
        expect(dialog.get_by_text("City: no match")).to_be_visible()
        expect(dialog.get_by_text(record["suburb"])).to_have_count(0)
        for proof in ("Returned a code sent to the address", "Two facts we hold were right"):
            dialog.get_by_text(proof).click()
            drawn(page)
        click(page, "Record", inside="dialog")
        done(page, "The identity check is recorded.")
    (request,) = requests_of(store, "open")
    opened = Store.open(store, present())
    try:
        due = preview_due(desk_of(opened, Role.STEWARD), friday, "access")
        assert establishment(opened).local(request["received_at"]).strftime("%A %H:%M") == "Friday 17:50"
    finally:
        opened.close()
    assert request["final_due"] == due
    assert due < (present() + timedelta(days=31)).date()
    log = log_of(store)
    assert not [row for row in log if "MARKER" in str(row) or record["postcode"] in str(row["details"])]
    (entry,) = [row for row in log if row["act"] == "identity.compare"]
    assert '"matched":1' in str(entry["details"]).replace(" ", "")
