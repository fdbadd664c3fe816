"""Where a round through the desk leads: the pages a role opens, a request of each right and stage, tabs and dialogs."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, Locator, Page, Playwright

from core.actions.desk.desk import present
from core.law.acts import may
from core.law.roles import Role
from core.store.engine import Store
from core.web.signing import DEMO_PASSWORD
from pages.parts.screens import address_of, screens
from tests.browser.conftest import ARGUMENTS, BUSY, chromium_path, drawn
from tests.browser.looking import settled

WIDE, HIGH = 1440, 1000
PATIENCE = 60_000  # milliseconds; what does not come by then is a finding


def paths_of(role: str) -> list[tuple[str, str]]:
    """Return name and path of each page that the role's acts open, the request page apart."""
    return [
        (name, address_of(name, page)) for name, page in screens().items()
        if name != "request" and may(frozenset({Role(role)}), page.ACT)
    ]


def requests_of(store: Path) -> list[tuple[str, str]]:
    """Return a name and the id of one request for each right and stage of a closed store."""
    opened = Store.open(store, present())
    try:
        with opened.transaction() as tx:
            rows = tx._cursor.execute(
                "select kind, state, min(id) from requests group by all order by kind, state desc"
            ).fetchall()
    finally:
        opened.close()
    return [(f"{kind}-{state}", request) for kind, state, request in rows]


def launched(driver: Playwright) -> Browser:
    """Start the Chromium that the tests use."""
    return driver.chromium.launch(executable_path=chromium_path(driver), args=ARGUMENTS)


def sign_in(browser: Browser, address: str, name: str, high: int = HIGH) -> Page:
    """Return a page with a demo account signed in."""
    page = browser.new_context(viewport={"width": WIDE, "height": high}, color_scheme="light").new_page()
    page.context.set_default_timeout(PATIENCE)
    page.context.add_init_script(BUSY)  # so that `drawn` waits for the run that a click asked for, however short it is
    page.goto(address + "/auth/sign-in")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    drawn(page)
    return page


def arrive(page: Page, address: str, path: str) -> None:
    """Load a page and wait until it is drawn."""
    page.goto(f"{address}/{path}")
    drawn(page)
    settled(page)


@contextmanager
def reporting(wrong: list[str], what: str) -> Iterator[None]:
    """Turn what the browser could not do into a finding: the round goes on with the next page."""
    try:
        yield
    except (Error, AssertionError) as fault:
        wrong.append(f"{what}: {str(fault).splitlines()[0][:200]}")


def main_of(page: Page) -> Locator:
    """Return the part of the page beside the sidebar."""
    return page.get_by_test_id("stMain")


def tabs_of(page: Page) -> list[str]:
    """Return the names of the tabs that stand on the page."""
    return [words.strip() for words in main_of(page).get_by_role("tab").all_inner_texts()]


def turn_to(page: Page, tab: str) -> None:
    """Open a tab."""
    main_of(page).get_by_role("tab", name=tab, exact=True).click()
    drawn(page)
    settled(page)


def doors_of(page: Page) -> list[str]:
    """Return the names of the live buttons of the page that open a dialog: those that end with three dots."""
    buttons = main_of(page).get_by_role("button").filter(has_text=re.compile("…$")).all()
    names = [button.inner_text().strip().splitlines()[-1] for button in buttons if button.is_enabled()]
    return list(dict.fromkeys(names))


def open_dialog(page: Page, name: str) -> None:
    """Press the button and wait for its dialog."""
    main_of(page).get_by_role("button", name=name, exact=True).first.click()
    page.get_by_role("dialog").wait_for()
    settled(page)


def leave_dialog(page: Page) -> None:
    """Close the dialog."""
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    drawn(page)


def plain(words: str) -> str:
    """Return words as a part of a file's name."""
    return re.sub("[^a-z]+", "-", words.lower()).strip("-")
