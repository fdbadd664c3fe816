"""An employee's sealed case: its people work on it, all others are refused and logged, boards show a count."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE, drawn
from tests.browser.steps import click, done, enter, log_of, pick, take_in
from tests.serving import demo_store, serving

pytestmark = [pytest.mark.browser, pytest.mark.walk]
SENDER = "marker-employee@example.com"


def test_a_sealed_case_is_seen_by_the_named_people_only(tmp_path: Path, visit: Callable[..., Page]) -> None:
    store = demo_store(tmp_path / "desk.duckdb")
    with serving(store) as address:
        dpo = enter(visit(), address, "dpo", "/intake", "New request")
        request = take_in(dpo, address, "Access", email=SENDER, body="MARKER WORDS of an employee")
        click(dpo, "Seal the case…")
        dialog = dpo.get_by_role("dialog")
        pick(dpo, "Demo Steward", inside=dialog)
        click(dpo, "Seal", inside="dialog")
        done(dpo, "The case is sealed to the people named.")
        expect(dpo.get_by_role("button", name="Sealed to…")).to_be_visible()

        named = enter(visit(), address, "steward", "/queue", "Request queue")
        named.goto(request)
        drawn(named, "Access")
        click(named, "Take this request")
        done(named, "The request is yours.")

        for name in ("steward2", "approver"):
            other = enter(visit(), address, name, "/queue", "Request queue")
            expect(other.get_by_text("1 case is sealed to other people")).to_be_visible(timeout=PATIENCE)
            expect(other.get_by_role("radio", name="Open · 1")).to_be_visible()
            expect(other.get_by_test_id("stDataFrame")).to_have_count(0)
            other.goto(request)
            expect(other.get_by_test_id("stAlert").filter(has_text="sealed to named people")).to_be_visible(timeout=PATIENCE)
            expect(other.get_by_text("MARKER WORDS")).to_have_count(0)
            expect(other.get_by_text(SENDER)).to_have_count(0)
        manager = enter(visit(), address, "manager", "/queue", "Request queue")
        expect(manager.get_by_text("1 case is sealed to other people")).to_be_visible(timeout=PATIENCE)
        expect(manager.get_by_test_id("stDataFrame")).to_have_count(0)
    refused = [row for row in log_of(store) if row["act"] == "case.open" and row["outcome"] == "refused.not_allowed"]
    assert len({row["actor_ref"] for row in refused}) == 2, "each attempt is entered"
    assert not [row for row in log_of(store) if "MARKER" in str(row) or SENDER in str(row)]
