"""Steps that the walks share: a store of sample people, a person at the desk, a case taken in, proven and decided."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from playwright.sync_api import Page, expect

from core.actions.desk.desk import present
from core.actions.people import imports
from core.demo.cast import Cast, Story
from core.demo.sample import SAMPLE, take_samples
from core.demo.scenes import scene
from core.store.engine import Store, new_id
from core.web.signing import DEMO_PASSWORD
from tests.browser.conftest import PATIENCE, drawn, watch_tabs
from tests.browser.looking import FRAMES
from tests.serving import QUICK, demo_store

__all__ = ["SAMPLE"]
PEOPLE = Path(__file__).parents[1] / "people" / "dataset1.csv"
SAID: WeakKeyDictionary[Page, str] = WeakKeyDictionary()  # the class of the last sentence that was waited for


def sample_store(path: Path) -> Path:
    """Make a demo store with the sample people, their events and consents, of a year ago, and close it."""
    demo_store(path, QUICK)
    store = Store.open(path, present())
    try:
        take_samples(store, present() - timedelta(days=400))
    finally:
        store.close()
    return path


def enter_people(path: Path, people: str, consents: str = "") -> Path:
    """Make a demo store that holds these people, and what they agreed to, as a steward imports them; close it."""
    demo_store(path, QUICK)
    store = Store.open(path, present())
    try:
        cast = Cast(store)
        cast.now = present()
        imports.import_people(cast.desk("steward"), people.encode(), key=new_id())
        if consents:
            imports.import_consents(cast.desk("steward"), consents.encode(), key=new_id())
    finally:
        store.close()
    return path


def play(path: Path, story: Story, record: dict[str, str]) -> None:
    """Bring one request of the store to where the story says, by the desk's own acts."""
    store = Store.open(path, present())
    try:
        cast = Cast(store)
        cast.now = present() - timedelta(days=story.days_ago)
        for pause in scene(cast, story, record):
            cast.now = min(cast.now + pause, present())
    finally:
        store.close()


def rows(path: Path, query: str, **parameters: object) -> list[dict[str, Any]]:
    """Return what a query says about a closed store."""
    store = Store.open(path, present())
    try:
        with store.transaction() as tx:
            return tx.rows(query, **parameters)
    finally:
        store.close()


def found(path: Path, statement: str) -> list[tuple[Any, ...]]:
    """Return what a statement of a test's own says about a closed store."""
    store = Store.open(path, present())
    try:
        with store.transaction() as tx:
            return tx._cursor.execute(statement).fetchall()
    finally:
        store.close()


def requests_of(path: Path, view: str) -> list[dict[str, Any]]:
    """Return the requests of a closed store that are `open` or `closed`, the most urgent first."""
    store = Store.open(path, present())
    try:
        with store.transaction() as tx:
            chosen = tx._cursor.execute(
                "select id from requests where (state = 'closed') = $closed order by final_due nulls last, received_at, id",
                {"closed": view == "closed"},
            ).fetchall()
            return [tx.one("requests.one", id=each) or {} for each, in chosen]
    finally:
        store.close()


def log_of(path: Path) -> list[dict[str, Any]]:
    """Return every entry of a closed store's log."""
    store = Store.open(path, present())
    try:
        with store.transaction() as tx:
            return tx.rows("log.all_rows", chain=store.chain, first=0, last=10**9)
    finally:
        store.close()


def enter(page: Page, address: str, name: str, path: str = "/", heading: str = "") -> Page:
    """Sign in and arrive at a page."""
    page.goto(address + path)
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    drawn(page, heading)
    return page


def click(page: Page, name: str, *, inside: str = "main") -> None:
    """Press a button, and wait until the page is drawn again."""
    place = page.get_by_role("dialog") if inside == "dialog" else page.get_by_test_id("stMain")
    place.get_by_role("button", name=name, exact=True).click()
    drawn(page)


def tab(page: Page, name: str) -> None:
    """Open a tab."""
    page.get_by_role("tab", name=re.compile(f"^{name}")).click()
    drawn(page)


def done(page: Page, sentence: str) -> None:
    """Wait for the sentence of this act and for the page that follows it: a click on the older drawing does nothing.

    The sentence of an earlier act stands until this one is done, and may be the same: each has a mark of its own.
    """
    before = SAID.get(page, "none-yet")
    said = page.locator(f"[class*=st-key-said_]:not(.{before})").filter(has_text=sentence)
    expect(said).to_be_visible(timeout=PATIENCE)
    SAID[page] = next(each for each in (said.get_attribute("class") or "").split() if each.startswith("st-key-said_"))
    drawn(page)


def prove(page: Page) -> None:
    """Step up."""
    page.get_by_label("Your password").fill(DEMO_PASSWORD)
    click(page, "Confirm")


def pick(page: Page, option: str, *, inside: Any = None) -> None:
    """Choose one more in a box of several.

    The list is left by the tabulator: where it closed by itself meanwhile, Escape takes the whole choice away.
    """
    box = (inside or page).get_by_test_id("stMultiSelect").first
    box.get_by_role("combobox").click()
    take(page, option)
    expect(box.get_by_label("Selected values")).to_contain_text(option)
    page.keyboard.press("Tab")
    drawn(page)


def set_date(page: Page, label: str, text: str) -> None:
    """Type a day into its field, in place of the one that stands there."""
    page.get_by_role("textbox", name=label, exact=True).fill(text)
    page.keyboard.press("Tab")
    drawn(page)


def choose(page: Page, label: str, option: str, *, inside: Any = None) -> None:
    """Choose in a select box."""
    place = inside or page
    place.get_by_test_id("stSelectbox").filter(has_text=label).get_by_role("combobox").click()
    take(page, option)
    expect(page.get_by_role("listbox")).to_have_count(0)
    drawn(page)


def take(page: Page, option: str) -> None:
    """Choose in the open list, which must stand still.

    While it scrolls, and for a moment after, its lines take no press, and the page learns of a scroll with the next frame
    only. A click brings its line into sight and presses in one go: on a busy machine the press then still meets the line,
    its release the empty list, and nothing is chosen. So the line comes into sight first, and the list rests before both.
    """
    place = page.get_by_role("option", name=re.compile(f"^{re.escape(option)}")).first
    place.scroll_into_view_if_needed()
    _rested(page)
    place.hover()
    _rested(page)
    place.click()


def _rested(page: Page) -> None:
    """Wait until no open list scrolls: it says so with its lines, which the pointer goes through meanwhile."""
    page.evaluate(FRAMES)
    page.locator("[role=listbox] > [style*='pointer-events: none']").first.wait_for(state="detached")


def take_in(page: Page, address: str, right: str, *, channel: str = "E-mail", email: str = "", name: str = "",
            phone: str = "", body: str = "BODYWORDS", on: date | None = None, at: str = "") -> str:
    """Take a message in and return the address of its request."""
    page.goto(address + "/intake")
    drawn(page, "New request")
    pick(page, right)
    if channel != "E-mail":
        choose(page, "Came by", channel)
    set_date(page, "Received on", f"{on or (present() - timedelta(days=1)).date():%Y%m%d}")
    if at:
        page.get_by_test_id("stTimeInput").get_by_role("spinbutton").first.click()
        page.keyboard.type(at.replace(":", ""))
        page.keyboard.press("Tab")
        drawn(page)
    for label, text in (("Name", name), ("E-mail", email), ("Phone", phone)):
        if text:
            page.get_by_test_id("stMain").get_by_label(label, exact=True).fill(text)
    page.get_by_label("Message, or your note of the call").fill(body)
    page.keyboard.press("Tab")
    drawn(page)
    click(page, "Take in")
    title = right.partition(" (")[0]  # a right whose name begins another's is picked with its article
    page.get_by_role("link", name=re.compile(f"^Open the request: {title}")).click()
    page.wait_for_url("**/request?id=*")
    drawn(page, title)
    return page.url


def take_in_mail(page: Page, address: str, right: str, message: bytes, *, further: str = "") -> str:
    """Take in a request that came as a mail, dropped as a file, and return the address of its request.

    `further` is a value to be stopped at once beside the sender's.
    """
    page.goto(address + "/intake")
    drawn(page, "New request")
    pick(page, right)
    drawn(page)
    if further:
        page.get_by_label("Further e-mail addresses and numbers").fill(further)
        page.keyboard.press("Tab")
        drawn(page)
    set_date(page, "Received on", f"{present() - timedelta(days=1):%Y%m%d}")
    page.locator("input[type=file]").set_input_files(
        {"name": "mail.eml", "mimeType": "message/rfc822", "buffer": message}
    )
    expect(page.get_by_text("mail.eml")).to_be_visible()
    drawn(page)
    click(page, "Take in")
    if further:
        expect(page.get_by_text("Stopped at once")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name=f"Open the request: {right}").click()
    page.wait_for_url("**/request?id=*")
    drawn(page, right)
    return page.url


def import_people(page: Page, address: str) -> None:
    """Import the thousand people of the first sample file."""
    page.goto(address + "/imports")
    drawn(page, "Import")
    page.locator("input[type=file]").set_input_files(PEOPLE)
    expect(page.get_by_text("1,000 rows, 11 columns.")).to_be_visible(timeout=PATIENCE)
    click(page, "Import")
    expect(page.get_by_test_id("stMetric").filter(has_text="Added")).to_contain_text("1,000", timeout=PATIENCE)


def start(page: Page) -> None:
    """Take the request and begin."""
    click(page, "Take this request")
    done(page, "The request is yours.")
    click(page, "Start work")
    done(page, "Work has started.")


def decide(page: Page, value: str = "", *, born: str = "") -> None:
    """Search for the person by an identifier, or by the birth date in digits, and decide that it is the one."""
    tab(page, "Person & data")
    if value:
        page.get_by_label("E-mail, phone, customer or national number").fill(value)
    if born:
        set_date(page, "Born on", born)
    click(page, "Search")
    cards = page.locator("[class*=st-key-found_case_]")
    expect(cards.first).to_be_visible(timeout=PATIENCE)
    cards.first.get_by_role("button", name="Look at this person").click()
    drawn(page)
    click(page, "This is the person")
    click(page, "Decide", inside="dialog")
    done(page, "The person is decided.")


def identify(page: Page, *proofs: str) -> None:
    """Record the identity check."""
    tab(page, "Person & data")
    click(page, "Record the identity check…")
    dialog = page.get_by_role("dialog")
    for proof in proofs or ("Wrote from the e-mail address we hold", "Two facts we hold were right"):
        dialog.get_by_text(proof).click()
        drawn(page)
    click(page, "Record", inside="dialog")
    done(page, "The identity check is recorded.")


def carry_out(page: Page) -> None:
    """Prepare the plan of a request that needs no second person, and wait until it is carried out."""
    tab(page, "Carrying out")
    most = watch_tabs(page)
    click(page, "Prepare the plan")
    done(page, "The plan is made.")
    click(page, "Carry it out")
    expect(page.locator("[class*=st-key-do_send_]")).to_be_visible(timeout=PATIENCE)
    drawn(page)
    expect(page.get_by_role("heading", name="Carried out")).to_be_visible(timeout=PATIENCE)
    assert most() == 1, "what comes and goes above the tabs moves them not"


def draft(page: Page, kind: str) -> None:
    """Draft a letter."""
    tab(page, "Letters")
    page.get_by_test_id("stMain").get_by_role("combobox", name="New letter").click()
    take(page, f"{kind}:")
    drawn(page)
    click(page, "Draft")
    done(page, "The letter is drafted.")


def send_letter(page: Page) -> None:
    """Mark the newest letter as sent."""
    tab(page, "Letters")
    page.locator("[class*=st-key-letter_sent_]").get_by_role("button", name="Mark as sent…").first.click()
    drawn(page)
    click(page, "Mark as sent", inside="dialog")
    done(page, "The letter is marked as sent.")


def close(page: Page, ending: str = "") -> None:
    """Mark the answer as sent and close the request as answered, by its first ending or the one named."""
    page.locator("[class*=st-key-do_send_]").get_by_role("button").click()
    drawn(page)
    click(page, "Mark as sent", inside="dialog")
    done(page, "The answer is marked as sent.")
    click(page, "Close as answered…")
    if ending:
        page.get_by_role("dialog").get_by_text(ending, exact=True).click()
        drawn(page)
    click(page, "Close the request", inside="dialog")
    done(page, "The request is closed.")


def last_friday(now: datetime) -> date:
    """Return the last Friday before today."""
    return now.date() - timedelta(days=(now.weekday() - 4 - 1) % 7 + 1)
