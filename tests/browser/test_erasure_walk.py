"""An erasure in a real browser: grounds, plan, letter, another person's approval, the search afterwards, the closing."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from core.actions.desk.desk import present
from core.demo.cast import Story
from core.store.engine import Store
from core.store.ledger import ERASED
from tests.browser.conftest import PATIENCE, drawn
from tests.browser.steps import (
    SAMPLE,
    choose,
    click,
    close,
    decide,
    done,
    draft,
    enter,
    found,
    identify,
    pick,
    play,
    prove,
    requests_of,
    sample_store,
    send_letter,
    set_date,
    start,
    tab,
    take,
    take_in_mail,
)
from tests.browser.test_objection_walk import check, mail
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


def begun(tmp_path: Path, rights: str = "erasure", person: int = 204) -> tuple[Path, dict[str, str], str]:
    """Return a store with an erasure of this person in progress, its requests by right, and the person's e-mail address."""
    store = sample_store(tmp_path / "desk.duckdb")
    with (SAMPLE / "people.csv").open(encoding="utf-8", newline="") as file:
        record = list(csv.DictReader(file))[person]
    play(store, Story(9, rights, "email", "proven", "steward", person), record)
    return store, {each["kind"]: f"/request?id={each['id']}" for each in requests_of(store, "open")}, record["email"]


def approved(page: Page, visit: Callable[..., Page], address: str, request: str) -> None:
    """Ask for the approval, have it given, and come back when it is carried out."""
    tab(page, "Erasure")
    ask(page)
    approve(enter(visit(), address, "approver", "/", "Good day"), "Plan: erasure")
    page.goto(request)
    drawn(page, "Erasure")
    tab(page, "Erasure")
    expect(page.get_by_role("heading", name="When the data are gone")).to_be_visible(timeout=PATIENCE)


def test_the_proof_of_a_consent_stays_and_who_copied_what_was_public_is_told(tmp_path: Path, visit: Callable[..., Page]) -> None:
    store, paths, email = begun(tmp_path)
    with serving(store) as address:
        request = address + paths["erasure"]
        steward = enter(visit(), address, "steward", paths["erasure"], "Erasure")
        tab(steward, "Erasure")
        click(steward, "Choose the grounds…")
        dialog = steward.get_by_role("dialog")
        for ground in ("Art. 17(1)(a)", "Art. 17(1)(d)"):
            pick(steward, ground, inside=dialog)
        dialog.get_by_test_id("stMultiSelect").filter(has_text="Must be kept").get_by_role("combobox").click()
        take(steward, "Consents")
        steward.keyboard.press("Tab")
        drawn(steward)
        dialog.get_by_label("Statute, provision or claim").fill("Claims until the limitation, Section 195 of the Civil Code")
        set_date(steward, "Until", "20291231")
        dialog.get_by_text("Some of these data were made public by us").click()
        drawn(steward)
        click(steward, "Record", inside="dialog")
        expect(dialog.get_by_text("Write where the data were made public.")).to_be_visible(timeout=PATIENCE)
        dialog.get_by_label("Where they were public").fill("www.example.com/winners")
        dialog.get_by_label("Who is told, one in a line").fill("Sample Search\nSample Archive")
        steward.keyboard.press("Tab")
        drawn(steward)
        click(steward, "Record", inside="dialog")
        done(steward, "The grounds are recorded.")
        expect(steward.get_by_text("Sample Search, Sample Archive")).to_be_visible(timeout=PATIENCE)
        click(steward, "Prepare the plan")
        done(steward, "The plan is made.")
        draft(steward, "Erased in part")
        approved(steward, visit, address, request)
        expect(steward.get_by_text("Coded fingerprints that stay")).to_be_visible(timeout=PATIENCE)
        with steward.expect_download() as fetched:
            steward.get_by_role("link", name="Certificate").click()
        text = " ".join(page.extract_text() for page in PdfReader(fetched.value.path()).pages)
        assert "Proof of consent" in text
        assert email not in text
        expect(steward.get_by_role("heading", name="Who else is told (Art. 17(2), 19)")).to_be_visible(timeout=PATIENCE)
        steward.get_by_role("button", name="Told…").first.click()
        drawn(steward)
        click(steward, "Record", inside="dialog")
        expect(steward.get_by_role("dialog").get_by_text("Write down which steps")).to_be_visible(timeout=PATIENCE)
        steward.get_by_role("dialog").get_by_label("Which steps were taken").fill("Its form for removals, filled in.")
        steward.keyboard.press("Tab")
        drawn(steward)
        click(steward, "Record", inside="dialog")
        done(steward, "Recorded: they were told.")
        check(steward, address, email, "No. Nothing stands under this value.")
        expect(steward.get_by_text("Proofs of consent of somebody who was erased")).to_be_visible(timeout=PATIENCE)
        steward.goto(request)
        drawn(steward, "Erasure")
        send_letter(steward)
        close(steward, "Partly fulfilled")
    assert found(
        store, "select count(*) from consents c where not exists (select 1 from profiles p where p.subject_ref = c.subject_ref)"
    ) == [(0,)]
    assert found(store, "select min(until), count(*) > 0 from consent_proofs") == [(date(2029, 12, 31), True)]


def test_a_hold_stops_a_part_which_goes_on_when_it_is_released(tmp_path: Path, visit: Callable[..., Page]) -> None:
    store, paths, _ = begun(tmp_path)
    with serving(store) as address:
        request = address + paths["erasure"]
        steward = enter(visit(), address, "steward", paths["erasure"], "Erasure")
        tab(steward, "Person & data")
        click(steward, "Set a hold…")
        dialog = steward.get_by_role("dialog")
        choose(steward, "Which of it", "Usage", inside=dialog)
        dialog.get_by_label("In words, kept with the case").fill("A claim about the orders of March is pending.")
        steward.keyboard.press("Tab")
        drawn(steward)
        click(steward, "Set it now", inside="dialog")
        done(steward, "The hold stands.")
        choose_grounds(steward)
        click(steward, "Prepare the plan")
        done(steward, "The plan is made.")
        draft(steward, "Erased in part")
        approved(steward, visit, address, request)
        kept = steward.locator("[class*=st-key-kept_]").filter(has_text="Events")
        expect(kept.first).to_be_visible(timeout=PATIENCE)
        send_letter(steward)
        close(steward, "Partly fulfilled")
        dpo = enter(visit(), address, "dpo", "/holds", "Holds and kept data")
        click(dpo, "Ask for its release…")
        dpo.get_by_role("dialog").get_by_label("Why it is not needed any more").fill("The claim was settled on 2 April.")
        dpo.keyboard.press("Tab")
        drawn(dpo)
        click(dpo, "Ask", inside="dialog")
        done(dpo, "The release is asked for.")
        approver = enter(visit(), address, "approver", "/holds", "Holds and kept data")
        click(approver, "Release it")
        done(approver, "The hold is released.")
        expect(approver.get_by_text("No hold stands.")).to_be_visible(timeout=PATIENCE)
        for _ in range(PATIENCE // 1000):
            steward.goto(request)
            drawn(steward, "Erasure")
            tab(steward, "Letters")
            if steward.get_by_text("Kept part erased").count():
                break
        expect(steward.get_by_text("Kept part erased").first).to_be_visible(timeout=PATIENCE)
    assert found(store, "select state from kept_items") == [("erased",)]
    assert found(
        store, "select count(*) from events e where not exists (select 1 from profiles p where p.subject_ref = e.subject_ref)"
    ) == [(0,)]


def test_an_erasure_waits_for_the_copy_that_is_asked_for_until_that_is_withdrawn(
    tmp_path: Path, visit: Callable[..., Page]
) -> None:
    store, paths, _ = begun(tmp_path, "access erasure", 402)
    with serving(store) as address:
        request = address + paths["erasure"]
        steward = enter(visit(), address, "steward", paths["erasure"], "Erasure")
        choose_grounds(steward)
        click(steward, "Prepare the plan")
        done(steward, "The plan is made.")
        draft(steward, "Erased")
        tab(steward, "Erasure")
        click(steward, "Ask for the approval…")
        click(steward, "Ask", inside="dialog")
        expect(steward.get_by_role("dialog").get_by_text("copy goes first")).to_be_visible(timeout=PATIENCE)
        steward.keyboard.press("Escape")
        steward.goto(address + paths["access"])
        drawn(steward, "Access")
        click(steward, "The person withdrew…")
        dialog = steward.get_by_role("dialog")
        dialog.get_by_label("How and when the person took it back").fill("By mail of today: no copy is wanted any more.")
        steward.keyboard.press("Tab")
        drawn(steward)
        click(steward, "Close as withdrawn", inside="dialog")
        done(steward, "The request is closed.")
        steward.goto(request)
        drawn(steward, "Erasure")
        approved(steward, visit, address, request)
        send_letter(steward)
        close(steward)
    assert counts(store)[2] == 1
