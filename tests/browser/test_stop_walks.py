"""Stops in a real browser: one address of two people, a consent that stays by post, an objection refused by a second person."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.actions.desk.desk import present
from core.connectors.suppressed import standing, tokens
from core.store.engine import Store
from tests.browser.conftest import PATIENCE, drawn
from tests.browser.steps import (
    carry_out,
    choose,
    click,
    close,
    decide,
    done,
    draft,
    enter,
    enter_people,
    found,
    pick,
    prove,
    send_letter,
    set_date,
    start,
    tab,
    take_in,
)
from tests.browser.test_objection_walk import check
from tests.browser.test_upheld_objection import record
from tests.serving import serving

pytestmark = [pytest.mark.browser, pytest.mark.walk]
SHARED = "marker-shared@example.com"
GROUNDS = "I was stalked, and your checks show where I live."
PEOPLE = (
    "customer_id,email,given_name,family_name,birth_date\n"
    f"k1,{SHARED}; marker-first@example.com,Marker,Firstly,1980-01-02\n"
    f"k2,{SHARED}; marker-second@example.com,Marker,Secondly,1991-03-04\n"
)
CONSENTS = (
    "customer_id,purpose,channel,given,at,text_version\n"
    "k1,news,email,true,2026-01-05T10:00:00,v1\nk1,news,post,true,2026-01-05T10:00:00,v1\n"
)


def stopped(path: Path, value: str) -> set[tuple[str, str, str]]:
    """Return what stands under an address of a closed store: state, purpose and channel."""
    store = Store.open(path, present())
    try:
        with store.transaction() as tx:
            rows = standing(tx, tokens(store, "email", value), present().date())
        return {(str(row["state"]), str(row["purpose"]), str(row["channel"])) for row in rows}
    finally:
        store.close()


def test_an_unsubscribe_from_an_address_that_two_people_share(tmp_path: Path, visit: Callable[..., Page]) -> None:
    store = enter_people(tmp_path / "desk.duckdb", PEOPLE, CONSENTS)
    with serving(store) as address:
        page = enter(visit(), address, "steward", "/intake", "New request")
        request = take_in(page, address, "Objection to marketing", email=SHARED)
        check(page, address, SHARED, "Yes. This value is suppressed.")
        check(page, address, "marker-second@example.com", "No. Nothing stands under this value.")
        page.goto(request)
        drawn(page, "Objection to marketing")
        start(page)
        decide(page, SHARED, born="19800102")
        carry_out(page)
        draft(page, "Objection confirmed")
        send_letter(page)
        close(page)
    whole = {("objection", "direct_marketing", "all")}
    assert stopped(store, SHARED) == stopped(store, "marker-first@example.com") == whole
    assert stopped(store, "marker-second@example.com") == set(), "the other person stopped nothing of their own"


def test_a_withdrawal_for_e_mail_leaves_the_consent_by_post(tmp_path: Path, visit: Callable[..., Page]) -> None:
    store = enter_people(tmp_path / "desk.duckdb", PEOPLE, CONSENTS)
    with serving(store) as address:
        page = enter(visit(), address, "steward", "/intake", "New request")
        pick(page, "Withdrawal of consent")
        set_date(page, "Received on", f"{present():%Y%m%d}")
        page.get_by_test_id("stMain").get_by_label("E-mail", exact=True).fill("marker-first@example.com")
        page.get_by_label("Message, or your note of the call").fill("No more mails, letters are welcome.")
        page.keyboard.press("Tab")
        drawn(page)
        page.get_by_text("Narrower, in the person's own words").click()
        page.get_by_label("The words that limit it").fill("no more mails, letters are welcome")
        page.keyboard.press("Tab")
        drawn(page)
        click(page, "Take in")
        expect(page.get_by_text("The words limit it to nothing yet.")).to_be_visible()
        click(page, "E-mail")
        click(page, "Take in")
        page.get_by_role("link", name=re.compile("^Open the request: Withdrawal of consent")).click()
        page.wait_for_url("**/request?id=*")
        drawn(page, "Withdrawal of consent")
        start(page)
        decide(page, "marker-first@example.com")
        carry_out(page)
        draft(page, "Withdrawal of consent confirmed")
        send_letter(page)
        close(page)
    assert stopped(store, SHARED) == {("withdrawal", "all", "email")}
    latest = found(store, "select channel, given from consents order by happened_at, channel")
    assert latest == [("email", True), ("post", True), ("email", False)]


def test_an_objection_that_is_not_upheld_is_refused_by_a_second_person_after_the_opinion(
    tmp_path: Path, visit: Callable[..., Page]
) -> None:
    store = enter_people(tmp_path / "desk.duckdb", PEOPLE, CONSENTS)
    with serving(store) as address:
        page = enter(visit(), address, "steward", "/intake", "New request")
        request = take_in(page, address, "Objection (Art. 21(1))", email="marker-first@example.com", body=GROUNDS)
        start(page)
        decide(page, "marker-first@example.com")
        record(page, "grounds", {"What the person says of their own situation": GROUNDS})
        record(page, "restriction_offered", {}, What_the_person_wants_until_it_is_decided="No restriction")
        record(
            page, "balancing",
            {"Our grounds for this use": "Three accounts were taken over last month by this very way.",
             "The person's situation": GROUNDS},
            The_use_to_which_the_person_objects="Keeping accounts secure", What_we_demonstrate="Compelling legitimate",
        )
        expect(page.get_by_text("They must be told by")).to_be_visible(timeout=PATIENCE)
        draft(page, "Objection not upheld")
        dpo = enter(visit(), address, "dpo", request.removeprefix(address), "Objection")
        record(dpo, "opinion", {"The opinion in words": "The grounds are shown for this very account."},
               The_opinion="It may go on as it is recorded")
        page.reload()
        drawn(page, "Objection")
        tab(page, "Letters")
        click(page, "Ask for its approval…")
        choose(page, "Who decides", "Demo Approver", inside=page.get_by_role("dialog"))
        click(page, "Ask", inside="dialog")
        done(page, "is asked for.")
        approver = enter(visit(), address, "approver", "/", "Good day")
        click(approver, "Compare and decide")
        drawn(approver)
        prove(approver)
        click(approver, "Approve the letter")
        done(approver, "The letter is approved.")
        page.reload()
        drawn(page, "Objection")
        send_letter(page)
        close(page, "Refused")
    assert found(store, "select closing from requests") == [("refused",)]
    assert stopped(store, "marker-first@example.com") == set()
