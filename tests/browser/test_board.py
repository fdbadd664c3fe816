"""The board in a real browser: every figure, bar and cell opens the queue, and the queue counts the same."""

import csv
import io
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from core.actions.desk.desk import present
from core.actions.desk.teams import TEAM
from core.actions.duty import absences
from core.actions.oversight import board as boards
from core.actions.oversight.board import Board, Chosen
from core.law.roles import Role
from core.law.ways import Kind
from core.store.engine import Store
from pages.board import heat
from pages.parts.navigation import NO_TEAM, NOBODY
from pages.parts.tables import HEAD, ROW
from tests.browser.conftest import PATIENCE, drawn
from tests.browser.steps import choose, click, done, enter
from tests.conftest import desk_of
from tests.serving import serving
from tests.stores import of_the_run, sample

pytestmark = [pytest.mark.browser, pytest.mark.walk]


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Give the address of a desk on the sample store, and what its board counts."""
    path = sample(tmp_path_factory.mktemp("board") / "desk.duckdb", of_the_run(tmp_path_factory))
    store = Store.open(path, present())
    desk = desk_of(store, Role.MANAGER, now=present())
    board = boards.board(desk, Chosen(since=present().date() - timedelta(days=90)))
    store.close()
    with serving(path) as address:
        yield address, board


def counted(page: Page) -> int:
    """Return how many requests the queue says fit; wait for it, since the page before is still drawn at first."""
    drawn(page, "Request queue")
    shown = page.get_by_test_id("stMain").get_by_text(re.compile(r"^[\d,]+ of [\d,]+ ·"))
    expect(shown).to_be_visible(timeout=PATIENCE)
    return int(re.search(r"of ([\d,]+)", shown.inner_text())[1].replace(",", ""))


def back(page: Page, address: str) -> None:
    page.goto(address + "/board")
    drawn(page, "Board")


def test_each_figure_opens_as_many_requests_as_it_says(filled, visit):
    address, board = filled
    page = enter(visit(), address, "manager", "/board", "Board")
    figures = {
        "open": board.open, "overdue": board.bands["overdue"], "soon": board.bands["soon"], "in_time": board.in_time.in_time,
        "days": board.answered.answers,
    }
    for figure, number in figures.items():
        assert number, f"the sample store has something to count for {figure}"
        page.locator(f".st-key-figure_{figure} button").click()
        assert counted(page) == number, figure
        assert "name" not in page.url
        back(page, address)


def test_a_bar_of_who_is_waited_for_opens_its_requests(filled, visit):
    address, board = filled
    page = enter(visit(), address, "manager", "/board", "Board")
    points = page.locator(".st-key-board_waits .barlayer .point")
    expect(points.first).to_be_visible(timeout=PATIENCE)
    points.first.scroll_into_view_if_needed()
    points.first.click(force=True)
    page.wait_for_url("**/queue?*waits=*")
    asked = {name: value[0] for name, value in parse_qs(urlsplit(page.url).query).items()}
    assert counted(page) == board.waits[asked["waits"], asked["band"]]
    expect(page.get_by_text(re.compile("Only requests .*that wait for"))).to_be_visible(timeout=PATIENCE)


def test_a_cell_of_the_field_opens_its_requests(filled, visit):
    address, board = filled
    page = enter(visit(), address, "manager", "/board", "Board")
    cells = heat.cells(board)
    shown = [(kind, code) for kind in reversed([each.value for each in Kind if any(right == each for right, _ in heat.cells(board))])
             for code, _ in heat.columns(board)]
    (kind, code), number = max(cells.items(), key=lambda each: each[1])
    points = page.locator(".st-key-board_heat .scatterlayer .point")
    expect(points).to_have_count(len(shown), timeout=PATIENCE)
    cell = points.nth(shown.index((kind, code)))
    cell.scroll_into_view_if_needed()
    cell.click(force=True)
    page.wait_for_url(f"**/queue?*right={kind}*")
    assert counted(page) == number
    link = page.get_by_role("link", name="CSV").get_attribute("href")
    file = page.request.get(address + link)
    assert file.ok, file.text()
    assert len(list(csv.DictReader(io.StringIO(file.body().decode("utf-8-sig"))))) == number
    assert page.request.get(f"{address}/lists/requests?view=everything").status == 409
    click(page, "Show all days")
    drawn(page)
    assert counted(page) == sum(count for (right, _), count in board.rights.items() if right == kind)


@pytest.mark.parametrize("chart", ["rights", "owners"])
def test_a_bar_opens_its_requests(filled, visit, chart):
    address, board = filled
    page = enter(visit(), address, "manager", "/board", "Board")
    bars = page.locator(f".st-key-board_{chart} .barlayer .point path")
    expect(bars.first).to_be_visible(timeout=PATIENCE)
    cells = getattr(board, chart)
    expect(bars).to_have_count(len(cells))
    bars.first.scroll_into_view_if_needed()  # waits until what is drawn above it no longer moves it
    bars.first.hover(force=True)
    expect(page.locator(f".st-key-board_{chart} .hoverlayer .hovertext").first).to_be_visible()
    bars.first.click(force=True)
    page.wait_for_url("**/queue?*band=*")
    asked = dict(part.split("=") for part in page.url.partition("?")[2].split("&"))
    team = "" if asked.get("owner") == NOBODY else TEAM + asked.get("team", "").replace(NO_TEAM, "")
    name = asked["right"] if chart == "rights" else team
    assert counted(page) == cells[name, asked["band"]]


def test_the_share_is_the_formula_with_its_numbers_and_its_parts_open(filled, visit):
    address, board = filled
    page = enter(visit(), address, "manager", "/board", "Board")
    told: Board = board
    ended = told.in_time
    closed = ended.in_time + ended.late
    expect(page.get_by_text(f"{ended.in_time} ÷ ({closed} + {ended.open_overdue})").first).to_be_visible()
    page.locator(".st-key-ended_in_time button").click()
    page.wait_for_url("**/queue?*outcome=in_time*")
    assert counted(page) == ended.in_time


@pytest.fixture
def away(tmp_path, tmp_path_factory):
    """Give the address of a desk on the sample store whose steward is away with a deputy, and what its board counts."""
    path = sample(tmp_path / "desk.duckdb", of_the_run(tmp_path_factory))
    store = Store.open(path, present())
    desk = desk_of(store, Role.MANAGER, now=present())
    with store.transaction() as tx:
        accounts = {row["name"]: row["id"] for row in tx.rows("accounts.all")}
    absences.enter(
        desk, accounts["Demo Steward"], present().date(), present().date() + timedelta(days=5), accounts["Demo Steward Two"],
        key="the-steward-is-away",
    )
    board = boards.board(desk)
    store.close()
    with serving(path) as address:
        yield address, board


def test_a_manager_sees_a_late_one_coming_and_gives_it_to_the_deputy(away, visit):
    address, board = away
    page = enter(visit(), address, "manager", "/", "Good day")
    expect(page.get_by_role("heading", name=re.compile("will be late at our pace"))).to_be_visible()
    back(page, address)
    cells = heat.cells(board)
    kind = next(right for (right, code) in cells if code == heat.EARLIER and right == "rectification")
    shown = [(right, code) for right in reversed([each.value for each in Kind if any(its == each for its, _ in cells)])
             for code, _ in heat.columns(board)]
    points = page.locator(".st-key-board_heat .scatterlayer .point")
    expect(points).to_have_count(len(shown), timeout=PATIENCE)
    cell = points.nth(shown.index((kind, heat.EARLIER)))
    cell.scroll_into_view_if_needed()
    cell.click(force=True)
    page.wait_for_url(f"**/queue?*right={kind}*")
    assert counted(page) == cells[kind, heat.EARLIER]
    box = page.get_by_test_id("stDataFrame").bounding_box()
    page.mouse.click(box["x"] + 16, box["y"] + HEAD + ROW / 2)
    expect(page.get_by_text("1 selected")).to_be_visible()
    page.get_by_role("button", name="Assign…").click()
    dialog = page.get_by_role("dialog")
    choose(page, "New owner", "Demo Steward", inside=dialog)
    expect(dialog.get_by_text("Demo Steward Two stands in")).to_be_visible()
    click(page, "Assign", inside="dialog")
    done(page, "1 request assigned to Demo Steward Two, who stands in.")


def test_an_analyst_sees_no_way_into_the_queue_and_no_owner(filled, visit):
    address, _ = filled
    page = enter(visit(), address, "analyst", "/board", "Board")
    expect(page.get_by_text("Counts of at least 5 only")).to_be_visible()
    expect(page.get_by_text("Demo Steward")).to_have_count(0)
    expect(page.get_by_role("button", name="Open in the queue")).to_have_count(0)
