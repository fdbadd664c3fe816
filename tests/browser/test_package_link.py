"""A package leaves by its link: two roles make it ready, the person opens it without an account, once."""

import hashlib
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.actions.released import wrong
from tests.browser.conftest import PATIENCE, drawn
from tests.browser.steps import click, done, enter, found, import_people, prove
from tests.browser.steps import log_of as entries_of
from tests.browser.test_access_walk import approve, ask, begin, decide, identify, take_in
from tests.serving import demo_store, serving

pytestmark = [pytest.mark.browser, pytest.mark.walk]


def make_link(page: Page, request: str) -> None:
    page.goto(request)
    drawn(page, "Access")
    expect(page.get_by_role("heading", name="Hand over the answer")).to_be_visible(timeout=PATIENCE)
    page.get_by_test_id("stMain").get_by_role("radio", name="Link for the person").click()
    expect(page.get_by_text("The log will say: you made a package link.")).to_be_visible()
    drawn(page)
    prove(page)
    click(page, "Make the link")
    done(page, "The link is made.")


def shown(page: Page, label: str) -> str:
    click(page, label)
    secret = page.get_by_test_id("stCode").inner_text().strip()
    assert secret
    return secret


def refused(page: Page) -> None:
    expect(page.get_by_role("alert")).to_contain_text("This did not work.")


def type_code(page: Page, code: str) -> None:
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Fetch the file").click()


def open_as_person(page: Page, link: str, code: str) -> bytes:
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Fetch the answer to your request")
    assert page.context.cookies() == []
    assert "lachlan" not in page.content()
    type_code(page, wrong(code))
    refused(page)
    with page.expect_download() as download:
        type_code(page, code)
    content = Path(download.value.path()).read_bytes()
    assert re.fullmatch(r"access-RD-[\d-]+\.zip", download.value.suggested_filename)
    type_code(page, code)
    refused(page)
    assert not [text for text in said if "Content Security Policy" in text]
    assert {url.split("/")[2] for url in asked if url.startswith("http")} == {link.split("/")[2]}
    assert page.context.cookies() == []
    return content


def log_of(store: Path) -> tuple[list[tuple[str, str]], str, str]:
    rows = entries_of(store)
    ((approved,),) = found(store, "select hash from approvals")
    return [(row["act"], row["outcome"]) for row in rows], str(rows), approved


def test_a_package_goes_to_its_person_by_a_link_and_a_code_and_to_nobody_twice(
    tmp_path: Path, visit: Callable[..., Page]
) -> None:
    store = demo_store(tmp_path / "desk.duckdb")
    with serving(store) as address:
        steward = enter(visit(), address, "steward", "/imports", "Import")
        import_people(steward, address)
        request = take_in(steward, address)
        begin(steward)
        decide(steward)
        identify(steward)
        ask(steward)
        approve(enter(visit(), address, "approver", "/", "Good day"))
        make_link(steward, request)
        link = shown(steward, "Show the link once")
        assert link.startswith(f"{address}/package/")
        steward.reload()
        drawn(steward, "Access")
        expect(steward.get_by_test_id("stCode")).to_have_count(0)
        expect(steward.get_by_role("button", name="Show the link once")).to_have_count(0)
        click(steward, "Record: passed on")
        done(steward, "Recorded.")
        code = shown(steward, "Show the code once")
        click(steward, "Record: passed on")
        done(steward, "Recorded.")
        person = visit(accept_downloads=True)
        content = open_as_person(person, link, code)
        with_file = tmp_path / "fetched.zip"
        with_file.write_bytes(content)
        with zipfile.ZipFile(with_file) as package:
            assert "data.json" in package.namelist()
        expect(steward.get_by_text("The package was fetched; its bytes are deleted here.")).to_be_visible(timeout=PATIENCE)
        drawn(steward)
        click(steward, "Mark as sent…")
        expect(steward.get_by_role("dialog").get_by_label("Sent by")).to_have_value("Link, fetched by the person")
        click(steward, "Mark as sent", inside="dialog")
        done(steward, "The answer is marked as sent.")
    acts, log, approved = log_of(store)
    assert hashlib.sha256(content).hexdigest() == approved
    assert [each for each in acts if each[0].startswith(("link", "way_out"))] == [
        ("link.make", "done"), ("link.show", "done"), ("way_out.pass_on", "done"), ("link.code", "done"),
        ("way_out.pass_on", "done"), ("link.try", "done"), ("link.fetch", "done"), ("link.try", "refused.not_possible"),
    ]
    assert link.rpartition("/")[2] not in log
    assert code not in log
