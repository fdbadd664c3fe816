"""Takes a picture of every page as each role that may open it: light and dark, 1440 and 768 wide, and runs axe over it.

`make pictures` writes them to build/pictures and ends with 1 when a page overflows sideways or axe finds something grave.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from core.actions.desk import present
from core.store.engine import Store
from core.web.signing import DEMO_PASSWORD
from tests.browser.conftest import ARGUMENTS, drawn
from tests.serving import serving

OUT = Path("build/pictures")
GRAVE = {"serious", "critical"}
# Streamlit's own markup, which no setting of ours changes.
NOT_OURS = {"list", "listitem", "scrollable-region-focusable", "nested-interactive", "aria-required-children", "aria-allowed-attr"}
PAGES = {
    "steward": ["", "queue", "intake", "imports", "profile", "permissions", "own-account"], "approver": ["", "queue"],
    "dpo": ["", "logbook", "accounts"], "manager": ["", "queue"], "analyst": ["", "queue", "logbook"],
    "administrator": ["", "accounts"], "marketer": [""], "setup": ["", "permissions"],
}  # fmt: skip
STAGES = ("in_progress", "awaiting_approval", "ready_to_send", "closed")
SIZES = ((1440, 1000), (768, 1000))


def requests_of(store: Path) -> dict[str, str]:
    """Return one access request for each stage of the demo store, by its id."""
    opened = Store.open(store, present())
    try:
        with opened.transaction() as tx:
            rows = tx._cursor.execute("select state, min(id) from requests where kind = 'access' group by state").fetchall()
    finally:
        opened.close()
    return dict(rows)


def sign_in(browser: Browser, address: str, name: str, width: int, height: int, scheme: str) -> Page:
    """Return a page with a demo account signed in."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(address + "/auth/sign-in")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    drawn(page)
    return page


def take(page: Page, address: str, path: str, name: str) -> list[str]:
    """Take one picture; return what is wrong with the page."""
    page.goto(f"{address}/{path}")
    drawn(page)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=OUT / f"{name}.png", full_page=True)
    wrong = []
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        wrong.append(f"{name}: scrolls sideways")
    found = Axe().run(page).response["violations"]
    wrong += [
        f"{name}: axe {each['id']}: {each['nodes'][0]['target']}" for each in found
        if each["impact"] in GRAVE and each["id"] not in NOT_OURS
    ]
    return wrong


def main() -> int:
    """Make a demo store, serve it, take the pictures; return how many things are wrong."""
    OUT.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    only = set(sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        store = Path(folder) / "desk.duckdb"
        subprocess.run([sys.executable, "-m", "core", "demo", "--store", str(store)], check=True, stdout=subprocess.DEVNULL)
        stages = requests_of(store)
        browser = driver.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium") or driver.chromium.executable_path,
            args=ARGUMENTS,
        )
        with serving(store) as address:
            for scheme in ("light", "dark"):
                for width, height in SIZES:
                    end = f"{width}-{scheme}"
                    stranger = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
                    stranger.goto(address + "/auth/sign-in")
                    stranger.screenshot(path=OUT / f"sign-in-{end}.png", full_page=True)
                    for role, paths in PAGES.items():
                        if only and role not in only:
                            continue
                        page = sign_in(browser, address, role, width, height, scheme)
                        for path in paths:
                            wrong += take(page, address, path, f"{role}-{path or 'home'}-{end}")
                        for stage in STAGES if role in {"steward", "approver"} else ():
                            if stage in stages:
                                wrong += take(page, address, f"request?id={stages[stage]}", f"{role}-request-{stage}-{end}")
                        page.context.close()
        browser.close()
    for line in wrong:
        print(line)
    print(f"{len(list(OUT.glob('*.png')))} pictures in {OUT}, {len(wrong)} things wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
