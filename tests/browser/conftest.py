"""A running desk on a demo store, and a real Chromium with people signed in."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from core.web.signing import DEMO_PASSWORD
from tests.serving import QUICK, demo_store, serving

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE = 45_000  # milliseconds until a page that does not come is a failure
expect.set_options(timeout=PATIENCE)  # the five seconds of Playwright are too short for a machine that has other work


@pytest.fixture(scope="session")
def desk_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a desk on a demo store."""
    with serving(demo_store(tmp_path_factory.mktemp("browser") / "desk.duckdb", QUICK)) as address:
        yield address


def chromium_path(driver: Playwright) -> str:
    """Return where the Chromium is that `chromium.sh` found or installed."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    return path or driver.chromium.executable_path


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Give the browser; fail with one line where there is none.

    It ends with the last test of this folder: its driver runs an event loop in this thread, which tests elsewhere need.
    """
    with sync_playwright() as driver:
        found = chromium_path(driver)
        if not Path(found).exists():
            pytest.fail("No Chromium found: `apt-get install chromium`, or set CHROMIUM to one.", pytrace=False)
        browser = driver.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Give a function that opens a page in a context of its own: own cookies, nothing kept."""
    contexts = []

    def open_page(**options: object) -> Page:
        context = chromium.new_context(**({"viewport": {"width": 1440, "height": 900}} | options))
        context.set_default_timeout(PATIENCE)
        context.add_init_script(BUSY)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def sign_in_as(desk_url: str, visit: Callable[..., Page]) -> Callable[..., Page]:
    """Give a function that signs a demo account in (`steward`, `dpo` ...) and returns its page, drawn.

    `path` is the page to arrive at, `heading` the title to wait for. An earlier session of the account ends.
    """

    def enter(name: str, path: str = "/", heading: str = "", **options: object) -> Page:
        page = visit(**options)
        page.goto(desk_url + path)
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        drawn(page, heading)
        return page

    return enter


# Between a click and the run that it asks for, the page still says that nothing runs. So the page counts itself: it is busy
# from the moment it asks for a run until one that began after that has ended. Numbers are those of Streamlit's messages.
BUSY = r"""(() => {
    const ASKED = 11, BEGUN = 4, ENDED = 6;
    let begun = false;
    const say = busy => document.documentElement.toggleAttribute('data-busy', busy);
    const varint = (bytes, at) => {
        let value = 0, shift = 0;
        for (;;) { const byte = bytes[at++]; value += (byte & 127) * 2 ** shift; shift += 7; if (byte < 128) return [value, at]; }
    };
    const fields = data => {
        const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : data, found = [];
        for (let at = 0, tag, size; at < bytes.length;) {
            [tag, at] = varint(bytes, at);
            found.push(Math.floor(tag / 8));
            if (tag % 8 === 0) [, at] = varint(bytes, at);
            else if (tag % 8 === 2) { [size, at] = varint(bytes, at); at += size; }
            else at += tag % 8 === 1 ? 8 : 4;
        }
        return found;
    };
    const Plain = window.WebSocket;
    window.WebSocket = class extends Plain {
        constructor(...given) {
            super(...given);
            this.addEventListener('message', event => {
                if (!(event.data instanceof ArrayBuffer)) return;
                const found = fields(event.data);
                if (found.includes(BEGUN)) begun = true;
                if (found.includes(ENDED) && begun) say(false);
            });
        }
        send(data) {
            if (typeof data !== 'string' && fields(data).includes(ASKED)) { begun = false; say(true); }
            return super.send(data);
        }
    };
})()"""
WATCH = """() => {
    const count = () => document.querySelectorAll('[data-testid=stTabs]').length;
    window.mostTabs = count();
    new MutationObserver(() => { window.mostTabs = Math.max(window.mostTabs, count()) })
        .observe(document.body, {subtree: true, childList: true});
}"""


def watch_tabs(page: Page) -> Callable[[], int]:
    """Watch every change of the page from now on; return what tells how many sets of tabs ever stood on it at once."""
    page.evaluate(WATCH)
    return lambda: int(page.evaluate("window.mostTabs"))


def drawn(page: Page, heading: str = "") -> None:
    """Wait until the page has its title, every run that it asked for has ended, and it is drawn."""
    (page.get_by_role("heading", level=1, name=heading) if heading else page.locator("h1")).first.wait_for()
    page.locator("html:not([data-busy])").wait_for(state="attached")
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(state="attached")
