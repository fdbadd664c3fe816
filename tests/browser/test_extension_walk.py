"""The extension walk: told on the last day, the due day moves; a day later the desk says why it has no effect."""

import csv
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.actions.answers import approvals
from core.actions.answers.refusal import extensions
from core.actions.answers.refusal.extensions import EXTENSION
from core.actions.desk.desk import present
from core.actions.desk.establishment import UNSET, Establishment
from core.demo.cast import Cast, Story
from core.law.clock.deadlines import Clock, due
from core.store.datafiles import calendars, profiles
from core.store.engine import Store, new_id
from tests.browser.conftest import PATIENCE, drawn
from tests.browser.steps import SAMPLE, choose, click, done, enter, log_of, play, requests_of, sample_store, tab
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.walk]
FACTS = "Nine systems hold data of this person, three of them paper files. <b>x</b>"
HERE = Establishment("x", UNSET, UNSET, "x")  # the law, calendar and zone of a store to which nobody gave others


def clock(days_ago: int, **facts: date) -> date:
    """Return the last day of a request received at noon of the day so many days ago."""
    day = HERE.local(present() - timedelta(days=days_ago)).date()
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    profile = profiles().on(HERE.profile_id, day)
    last = due(Clock(noon, HERE.zone, profile, calendars().get(HERE.calendar_id), **facts)).final_due
    assert last is not None
    return last


def days_ago() -> tuple[int, int]:
    """Return how long ago a request came whose last day is today, and one whose last day is just over.

    On a day that is nobody's last one, such as a Sunday, the first is the request whose last day comes next.
    """
    today = HERE.local(present()).date()
    ends = {n: clock(n) for n in range(24, 40)}
    coming, over = [n for n in ends if ends[n] >= today], [n for n in ends if ends[n] < today]
    return min(coming, key=lambda n: ends[n]), max(over, key=lambda n: ends[n])


def prepare(page: Page) -> None:
    click(page, "Extend the period…")
    dialog = page.get_by_role("dialog")
    click(page, "Prepare the extension", inside="dialog")
    expect(dialog.get_by_text("Choose the ground")).to_be_visible(timeout=PATIENCE)
    dialog.get_by_role("button", name="The request is complex").click()
    drawn(page)
    dialog.get_by_label(re.compile("^The facts of this request")).fill(FACTS)
    page.keyboard.press("Tab")
    drawn(page)
    click(page, "Prepare the extension", inside="dialog")
    done(page, "The extension is prepared.")
    click(page, "Ask for the approval of the extension…")
    choose(page, "Who decides", "Demo Approver", inside=page.get_by_role("dialog"))
    click(page, "Ask", inside="dialog")
    done(page, "The approval of the extension is asked for.")
    expect(page.get_by_text("Demo Approver decides.")).to_be_visible()


def approve(page: Page) -> None:
    expect(page.get_by_text("extension of the period, tell the person by")).to_be_visible()
    click(page, "Compare and decide")
    expect(page.get_by_role("heading", name="Extension of the period")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text(FACTS).first).to_be_visible()
    click(page, "Approve the extension")
    done(page, "The extension is approved.")


def tell(page: Page, request: str) -> None:
    page.goto(request)
    drawn(page, "Access")
    expect(page.get_by_text("Extension approved")).to_be_visible()
    send_letter(page)


def send_letter(page: Page) -> None:
    tab(page, "Letters")
    page.locator("[class*=st-key-letter_sent_]").get_by_role("button").click()
    drawn(page)
    click(page, "Mark as sent", inside="dialog")
    done(page, "The letter is marked as sent.")


def approved_in_time(path: Path, request: dict[str, object]) -> None:
    """Prepare an extension on the last day and have it approved, by the desk's own acts; its letter stays unsent."""
    store = Store.open(path, present())
    try:
        cast = Cast(store)
        last = request["final_due"]
        assert isinstance(last, date)
        cast.now = datetime(last.year, last.month, last.day, 11)
        version = cast.version(str(request["id"]))
        extensions.prepare(
            cast.desk("steward"), str(request["id"]), ["complexity"], FACTS, until=None, version=version, key=new_id()
        )
        shown = extensions.of_request(cast.desk("steward"), str(request["id"]))
        asked = approvals.ask(
            cast.desk("steward"), EXTENSION, str(request["id"]), approver_id=cast.account("approver"), version=shown.version,
            key=new_id(),
        )
        approvals.approve(cast.desk("approver"), EXTENSION, asked, key=new_id())
    finally:
        store.close()


def test_an_extension_told_on_the_last_day_and_one_a_day_later(tmp_path: Path, visit: Callable[..., Page]) -> None:
    store = sample_store(tmp_path / "desk.duckdb")
    with (SAMPLE / "people.csv").open(encoding="utf-8", newline="") as file:
        people = list(csv.DictReader(file))
    in_time, over = days_ago()
    play(store, Story(over, "access", "email", "started", "steward", 51), people[51])
    play(store, Story(in_time, "access", "email", "started", "steward", 20), people[20])
    late, open_still = requests_of(store, "open")
    today = HERE.local(present()).date()
    assert late["final_due"] < today <= open_still["final_due"]
    approved_in_time(store, late)
    with serving(store) as address:
        steward = enter(visit(), address, "steward", "/", "Good day")
        steward.goto(f"{address}/request?id={late['id']}")
        drawn(steward, "Access")
        panel = steward.locator(".st-key-clock_panel")
        expect(panel.get_by_text("An extension told after that day has no effect")).to_be_visible()
        expect(panel.get_by_role("button", name="Change the extension…")).to_be_disabled()
        send_letter(steward)
        expect(panel.get_by_text("Without effect: the person was told on")).to_be_visible(timeout=PATIENCE)
        expect(steward.get_by_test_id("stMain").get_by_text(re.compile("d late")).first).to_be_visible()
        request = f"{address}/request?id={open_still['id']}"
        steward.goto(request)
        drawn(steward, "Access")
        prepare(steward)
        approve(enter(visit(), address, "approver", "/", "Good day"))
        tell(steward, request)
        extended = clock(in_time, extended=today)
        expect(panel.get_by_text("Extended: the person was told on")).to_be_visible()
        expect(panel.get_by_text(f"{extended:%a %d %b %Y}").first).to_be_visible()
        panel.get_by_text("Why this day").click()
        expect(panel.get_by_text(re.compile("Extended by the notice of .* 3 months, counted from"))).to_be_visible()
    assert [row["final_due"] for row in requests_of(store, "open")] == [late["final_due"], extended]
    acts = [row["act"] for row in log_of(store) if row["outcome"] == "done"]
    order = ["extension.prepare", "extension.ask", "extension.open", "extension.approve", "letter.sent"]
    acts = acts[acts.index("letter.sent") + 1:]  # after the late one
    assert [acts.index(act) for act in order] == sorted(acts.index(act) for act in order)
    assert not [row for row in log_of(store) if "Nine systems" in str(row)]
