"""Takes a picture of every page as each role that may open it, light and dark, 1440, 1280 and 768 wide, and looks at each.

`make pictures` writes them to build/pictures and a chosen few to docs/pictures, and ends with 1 when something is wrong
in one. A request is pictured in every stage and on every tab, with every dialog that its buttons open. What cannot be
taken is one finding more, and the next page follows.

`make pictures ARGS="steward --pages queue request --schemes light"` takes a part.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from core.law.acts import Act, may
from core.law.roles import Role
from tests.browser import album
from tests.browser.conftest import drawn
from tests.browser.looking import barriers, faint, faults, settled
from tests.browser.rounds import (
    HIGH,
    PATIENCE,
    WIDE,
    arrive,
    doors_of,
    launched,
    leave_dialog,
    open_dialog,
    paths_of,
    plain,
    reporting,
    requests_of,
    sign_in,
    tabs_of,
    turn_to,
)
from tests.serving import serving

OUT = Path("build/pictures")
SIZES, OUTER, SCHEMES = (WIDE, 1280, 768), (WIDE, 768), ("light", "dark")
LOWEST = 5000
HANDLER = "steward"
ROLES = ("steward", "approver", "dpo", "manager", "analyst", "administrator", "marketer", "setup")
AT_ONCE = 2
DOORS = (("sign-in", "auth/sign-in"), ("first", "auth/first"), ("sign-out", "auth/sign-out"), ("package", "package/" + "x" * 43))


class Round:
    """One role's way through the desk, and what is wrong on it."""

    def __init__(self, browser: Browser, address: str, role: str, asked: argparse.Namespace, opened: Path) -> None:
        self.browser, self.address, self.role, self.asked, self.opened = browser, address, role, asked, opened
        self.wrong: list[str] = []
        self.told = 0
        self.seen: set[str] = set()
        self.page = sign_in(browser, address, role)

    def look(self, page: Page, name: str, *, again: bool = False) -> None:
        """Take the page as it stands in each scheme and width; tell what is wrong, each with the name of its picture.

        The other scheme has the same lines in other colours: it is looked at for its colours alone, at the outer widths,
        and not again where the same tab was seen in it before.
        """
        for scheme in self.asked.schemes[:1] if again else self.asked.schemes:
            with reporting(self.wrong, f"{name}-{scheme}"):
                _recolour(page, scheme)
                for width in self.asked.widths:
                    if scheme == self.asked.schemes[0] or width in OUTER or self.asked.widths == [width]:
                        self._take(page, f"{name}-{width}-{scheme}", width, scheme)
        page.set_viewport_size({"width": WIDE, "height": HIGH})
        _recolour(page, self.asked.schemes[0])
        self.tell()

    def tell(self) -> None:
        """Print what is newly found: a round is long, and its findings are worth knowing before its end."""
        for line in self.wrong[self.told:]:
            print(line, flush=True)
        self.told = len(self.wrong)

    def _take(self, page: Page, picture: str, width: int, scheme: str) -> None:
        _unfold(page, width)
        page.screenshot(path=OUT / f"{picture}.png")
        first = scheme == self.asked.schemes[0]
        found = faults(page) if first else []
        if width == self.asked.widths[0]:
            found += barriers(page) if first else faint(page)
        self.wrong += [f"{picture}: {each}" for each in found]

    def pages(self) -> None:
        """Look at every page of the role, its tabs and its dialogs."""
        for name, path in paths_of(self.role):
            if self.asked.pages and name not in self.asked.pages:
                continue
            with reporting(self.wrong, f"{self.role}-{name}"):
                arrive(self.page, self.address, path)
                self.look(self.page, f"{self.role}-{name}")
                self._within(f"{self.role}-{name}", path)

    def requests(self, listed: list[tuple[str, str]]) -> None:
        """Look at a request of each right, as the handler in each stage; the tabs once for each right, each dialog once."""
        if not may(frozenset({Role(self.role)}), Act.CASE_OPEN) or (self.asked.pages and "request" not in self.asked.pages):
            return
        if self.role != HANDLER:  # the others see one of each right: best one that waits for them
            listed = sorted(listed, key=lambda each: "awaiting" not in each[0])
        for name, request in listed:
            kind = name.partition("-")[0]
            if self.role != HANDLER and kind in self.seen:
                continue
            path = f"request?id={request}"
            with reporting(self.wrong, f"{self.role}-request-{name}"):
                arrive(self.page, self.address, path)
                self.look(self.page, f"{self.role}-request-{name}")
                if self.role == HANDLER:
                    self._within(f"{self.role}-request-{name}", path, turning=kind not in self.seen)
                else:
                    self._dialogs(f"{self.role}-request-{name}", path, "")
            self.seen.add(kind)

    def _within(self, name: str, path: str, *, turning: bool = True) -> None:
        self._dialogs(name, path, "")
        for tab in tabs_of(self.page)[1:] if turning else ():
            with reporting(self.wrong, f"{name}-{plain(tab)}"):
                turn_to(self.page, tab)
                self.look(self.page, f"{name}-{plain(tab)}", again=tab in self.seen)
                self.seen.add(tab)
                self._dialogs(f"{name}-{plain(tab)}", path, tab)

    def _dialogs(self, name: str, path: str, tab: str) -> None:
        for label in self._new(doors_of(self.page)):
            before = len(self.wrong)
            with reporting(self.wrong, f"{name}-dialog-{plain(label)}"):
                open_dialog(self.page, label)
                self.look(self.page, f"{name}-dialog-{plain(label)}")
                leave_dialog(self.page)
            if len(self.wrong) > before:  # whatever stands there now, the next dialog begins on a clean page
                arrive(self.page, self.address, path)
                if tab:
                    turn_to(self.page, tab)

    def _new(self, labels: list[str]) -> Iterator[str]:
        for label in labels:  # a dialog is the same for every role: the first that meets it takes it
            with suppress(FileExistsError):
                (self.opened / plain(label)).touch(exist_ok=False)
                yield label

    def doors(self) -> None:
        """Look at the pages for people who are not signed in: the doors, a package link, the end of a session."""
        stranger = self.browser.new_context(viewport={"width": WIDE, "height": HIGH}).new_page()
        stranger.set_default_timeout(PATIENCE)
        for name, path in DOORS:
            with reporting(self.wrong, f"door-{name}"):
                stranger.goto(f"{self.address}/{path}")
                self.look(stranger, f"door-{name}")
        with reporting(self.wrong, "door-ended"):
            arrive(self.page, self.address, "")
            self.page.get_by_role("button", name="Sign out", exact=True).click()
            self.page.get_by_role("heading", name="Your session has ended").wait_for()
            self.look(self.page, "door-ended")


def _recolour(page: Page, scheme: str) -> None:
    """Turn the page light or dark; what Python coloured follows with the next run, which a dialog would not outlive."""
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    if dark == (scheme == "dark"):
        return
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    if page.get_by_test_id("stSidebar").count() and not page.get_by_role("dialog").count():
        page.evaluate("document.activeElement?.blur()")
        page.keyboard.press("r")
        drawn(page)
    _still(page)


def _unfold(page: Page, width: int) -> None:
    """Make the window as high as what stands in it, so that one picture shows all of it."""
    page.set_viewport_size({"width": width, "height": HIGH})
    _still(page)
    high = page.evaluate("Math.max(...[...document.querySelectorAll('[data-testid=stMain],main,html')].map(e => e.scrollHeight))")
    if high > HIGH:
        page.set_viewport_size({"width": width, "height": min(high, LOWEST)})
        _still(page)


def _still(page: Page) -> None:
    if page.get_by_test_id("stApp").count():
        settled(page)


def of_role(
    address: str, role: str, requests: list[tuple[str, str]], asked: argparse.Namespace, opened: Path
) -> tuple[int, float]:
    """Take every picture of one role and tell what is wrong; return how much that is, and the seconds it took."""
    start = time.monotonic()
    with sync_playwright() as driver:
        browser = launched(driver)
        going = Round(browser, address, role, asked, opened)
        going.pages()
        going.requests(requests)
        if role == ROLES[-1] and (not asked.pages or "door" in asked.pages):
            going.doors()  # the last click of this account: what the page of an ended session looks like
        going.tell()
        browser.close()
    return len(going.wrong), time.monotonic() - start


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.pictures", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("roles", nargs="*", metavar="ROLE", help=f"of {', '.join(ROLES)}; none: all")
    parser.add_argument("--pages", nargs="+", help="only these: queue, home, request, door ...")
    parser.add_argument("--schemes", nargs="+", choices=SCHEMES, default=list(SCHEMES))
    parser.add_argument("--widths", nargs="+", type=int, choices=SIZES, default=list(SIZES))
    parser.add_argument("--store", type=Path, help="a closed demo store to picture instead of a new one")
    asked = parser.parse_args()
    if unknown := set(asked.roles) - set(ROLES):
        parser.error(f"no such role: {', '.join(sorted(unknown))}")
    return asked


def main() -> int:
    """Make a demo store, serve it, take the pictures; return 1 when something is wrong."""
    asked = _asked()
    OUT.mkdir(parents=True, exist_ok=True)
    roles = [role for role in ROLES if role in asked.roles] or list(ROLES)
    with tempfile.TemporaryDirectory() as folder:
        store = asked.store or Path(folder) / "desk.duckdb"
        if asked.store is None:
            command = [sys.executable, "-m", "core", "demo", "--store", str(store)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        requests = requests_of(store)
        with serving(store) as address, ProcessPoolExecutor(AT_ONCE) as pool:
            if not (asked.roles or asked.pages or asked.store):
                pool.submit(album.take, address, dict(requests)).result()
            opened = Path(folder) / "opened"  # one empty file for each dialog that was taken
            opened.mkdir()
            jobs = {pool.submit(of_role, address, role, requests, asked, opened): role for role in roles}
            wrong = 0
            for job in as_completed(jobs):
                found, seconds = job.result()
                wrong += found
                print(f"{jobs[job]}: {seconds:.0f} s, {found} wrong", flush=True)
    print(f"{len(list(OUT.glob('*.png')))} pictures in {OUT}, {wrong} things wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
