"""Every page keeps its shape at every width, is read with ease and obeys nobody's name; `make pictures` is the long form.

The desk holds a person with a name of 300 Arabic characters and another that would break out of everything.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.actions.answers.letters import letters
from core.actions.answers.packages import packages
from core.actions.cases import intake
from core.actions.desk.desk import operator_desk, present
from core.actions.people import imports
from core.demo.cast import Cast, Story
from core.demo.scenes import scene
from core.store.engine import Store
from tests.browser.conftest import PATIENCE, drawn
from tests.browser.looking import barriers, faint, faults, settled
from tests.browser.rounds import doors_of, leave_dialog, open_dialog, paths_of
from tests.browser.steps import choose, click, enter, tab
from tests.serving import QUICK, demo_store, serving

pytestmark = pytest.mark.browser
WIDTHS = (1440, 1280, 768)
LONG = ("عبدالرحمن بن محمد الفيصل " * 13)[:299] + "ي"
HOSTILE = ("=cmd|' /C calc'!A0 <script>document.title='OWNED'</script> ' or 1=1 -- #set page(width: 1cm) \u200f\u202egnp.exe\u202c "
           "[x](http://e.example) **b** :red[r] $x$ & \"q\" 👩‍👩‍👧‍👦🇪🇺 " + "Wolfeschlegelsteinhausenbergerdorff" * 3)
RECORD = {
    "rec_id": "m-1", "given_name": LONG, "surname": HOSTILE, "street_number": "7", "address_1": "straße " * 20,
    "suburb": "x" * 120, "postcode": "10115", "date_of_birth": "19800101", "email": "a" * 60 + "@" + "b" * 60 + ".example",
}


def played(store: Store, stage: str) -> str:
    """Play an access request of the person up to a stage; return its id."""
    cast = Cast(store)
    cast.now = present() - timedelta(days=9)
    for pause in scene(cast, Story(9, "access", "email", stage, "steward", 0), RECORD | {"surname": ""}):
        cast.now = min(cast.now + pause, present())
    with store.transaction() as tx:
        return str(tx._cursor.execute("select id from requests order by reference desc limit 1").fetchone()[0])


@pytest.fixture(scope="module")
def hard(tmp_path_factory):
    """Give a desk with the person and three requests: its address, the one that waits for approval, a package's bytes."""
    path = demo_store(tmp_path_factory.mktemp("looks") / "desk.duckdb", QUICK)
    store = Store.open(path, present())
    try:
        file = io.StringIO()
        table = csv.DictWriter(file, list(RECORD))
        table.writeheader()
        table.writerow(RECORD)
        early = operator_desk(store, "tests", present() - timedelta(days=400))
        imports.import_people(early, file.getvalue().encode(), name="people.csv", key="a-key-of-tests")
        ready, waiting = played(store, "ready"), played(store, "awaiting")
        cast = Cast(store)
        cast.now = present()
        steward = cast.desk("steward")
        intake.take_in(steward, intake.Intake(
            ("erasure",), "post", present().date(), name=HOSTILE[:300], subject=HOSTILE, body=HOSTILE * 3
        ), key="a-key-of-intake")
        letter = letters.draft(steward, cast.request(waiting).case_ref, "receipt", waiting, key="a-key-of-letters")
        assert letters.fetch(steward, letter).content.startswith(b"%PDF")
        package = packages.state(steward, ready)
        assert package is not None
        given = packages.fetch(steward, package.id, key="a-key-of-fetches").content
    finally:
        store.close()
    with serving(path) as address:
        yield address, waiting, given


def keeps_its_shape(page: Page, what: str) -> None:
    assert page.title() != "OWNED"
    for width in WIDTHS:
        at_width(page, width)
        assert faults(page) == [], (what, width)
    at_width(page, WIDTHS[0])
    assert barriers(page) == [], what


def at_width(page: Page, width: int) -> None:
    """Draw the page at a width, and wait until it has come to rest there."""
    page.set_viewport_size({"width": width, "height": 1000})
    if page.get_by_test_id("stApp").count():
        settled(page)


def sees_into_a_dialog(page: Page) -> None:
    """A dialog is looked at like a page: text that is made too faint in it is found."""
    open_dialog(page, doors_of(page)[0])
    keeps_its_shape(page, "dialog")
    page.evaluate("document.querySelector('[role=dialog] p').style.setProperty('color', '#cccccc', 'important')")
    assert "color-contrast" in " ".join(faint(page))
    leave_dialog(page)


@pytest.mark.parametrize("shown", [
    pytest.param(("home", "queue"), id="two pages"), pytest.param((), id="all pages", marks=pytest.mark.walk),
])
def test_pages_of_the_role_that_sees_most(hard, visit: Callable[..., Page], shown: tuple[str, ...]) -> None:
    address, _, _ = hard
    page = enter(visit(), address, "dpo", "/", "Good day")
    for name, path in paths_of("dpo"):
        if shown and name not in shown:
            continue
        page.locator(f"[data-testid=stSidebarNavLink][href$='/{path}']").first.click()
        page.wait_for_url(f"**/{path}")
        drawn(page)
        keeps_its_shape(page, name)


@pytest.mark.walk
def test_a_name_that_would_break_out_is_text_wherever_it_stands(hard, tmp_path: Path, visit: Callable[..., Page]) -> None:
    address, request, package = hard
    steward = enter(visit(), address, "steward", f"/request?id={request}", "Access")
    keeps_its_shape(steward, "request")
    sees_into_a_dialog(steward)
    for name in ("Messages", "Person & data", "Letters"):
        tab(steward, name)
        if name == "Person & data":
            click(steward, "Show")
            expect(steward.get_by_text("<script>").first).to_be_visible(timeout=PATIENCE)
            expect(steward.get_by_text("⟨U+202E⟩").first).to_be_visible()
            expect(steward.get_by_text(LONG).first).to_be_visible()
        keeps_its_shape(steward, name)
    steward.goto(address + "/profile")
    drawn(steward, "Profile lookup")
    choose(steward, "Purpose", "")
    steward.get_by_label("E-mail, phone, customer or national number").fill(RECORD["email"])
    click(steward, "Search")
    expect(steward.locator("[class*=st-key-found_]").first).to_be_visible(timeout=PATIENCE)
    keeps_its_shape(steward, "found")
    approver = enter(visit(), address, "approver", f"/request?id={request}", "Access")
    expect(approver.get_by_role("heading", name="Release of the package")).to_be_visible()
    keeps_its_shape(approver, "release")
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        (tmp_path / "answer.html").write_bytes(archive.read("answer.html"))
        data = next(archive.read(each).decode() for each in archive.namelist() if each.endswith(".json") and "manifest" not in each)
    assert json.dumps(HOSTILE, ensure_ascii=False)[1:-1] in data or json.dumps(HOSTILE)[1:-1] in data
    person = visit()
    person.goto((tmp_path / "answer.html").as_uri())
    expect(person.locator("script")).to_have_count(0)
    keeps_its_shape(person, "answer.html")
