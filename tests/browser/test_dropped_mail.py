"""A dropped mail fills the form in, says what differs, and comes back from the case byte for byte."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.actions.desk.desk import present
from tests.browser.conftest import drawn
from tests.browser.steps import click, pick, set_date, tab

pytestmark = pytest.mark.browser
MAILS = Path(__file__).parents[1] / "messages" / "mails"


def start_afresh(page: Page) -> None:
    """Begin with an empty form where an earlier test of this desk left a draft; what is awaited stays."""
    again = page.get_by_text("A half-filled form was taken up again")
    if again.count():
        click(page, "Start afresh")
        expect(again).to_have_count(0)
        page.reload()  # a list opened in the moment in which the old form goes is closed with it
        drawn(page, "New request")


def drop(page: Page, name: str, content: bytes) -> None:
    page.locator("input[type=file]").first.set_input_files(
        {"name": f"{name}.eml", "mimeType": "message/rfc822", "buffer": content}
    )
    expect(page.get_by_text("Read from")).to_be_visible()
    drawn(page)


def test_who_types_on_while_a_mail_is_read_loses_nothing_of_it(sign_in_as: Callable[..., Page]) -> None:
    page = sign_in_as("steward", "/intake", "New request")
    start_afresh(page)
    content = (MAILS / "forwarded-as-attachment.eml").read_bytes().replace(b"desk.example", b"controller.example")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "passed-on.eml", "mimeType": "message/rfc822", "buffer": content}
    )
    page.get_by_text("Read from").wait_for()
    for number in ("+49", "+49 30", "+49 30 1234567"):  # each a run that breaks the one before off
        page.get_by_label("Phone", exact=True).fill(number)
        page.keyboard.press("Tab")
    drawn(page)
    expect(page.get_by_label("Name", exact=True)).to_have_value("Ilse Amsel")
    expect(page.get_by_label("E-mail", exact=True)).to_have_value("ilse@amsel.example")
    expect(page.get_by_label("Phone", exact=True)).to_have_value("+49 30 1234567")


def test_a_mail_passed_on_fills_the_form_with_the_one_who_asks(sign_in_as: Callable[..., Page]) -> None:
    page = sign_in_as("steward", "/intake", "New request", accept_downloads=True)
    start_afresh(page)
    content = (MAILS / "forwarded-as-attachment.eml").read_bytes().replace(b"desk.example", b"controller.example")
    drop(page, "passed-on", content)
    expect(page.get_by_label("Name", exact=True)).to_have_value("Ilse Amsel")
    expect(page.get_by_label("E-mail", exact=True)).to_have_value("ilse@amsel.example")
    expect(page.get_by_label("Subject", exact=True)).to_have_value("Copy of my data")
    warning = page.get_by_text(re.compile(r"This mail was sent on 02 November 2026, \d+ days before the receipt entered"))
    expect(warning).to_be_visible()
    click(page, "It was received on 02 Nov 2026")
    expect(warning).to_have_count(0)
    due = page.get_by_text(re.compile("due by"))
    expect(due).to_have_count(1)  # the line of the day before goes a moment after the run that no longer draws it
    expect(due).to_contain_text("02 December 2026")
    click(page, "The sender asks")
    expect(page.get_by_label("E-mail", exact=True)).to_have_value("frontdesk@controller.example")
    click(page, "The writer inside asks")
    expect(page.get_by_label("E-mail", exact=True)).to_have_value("ilse@amsel.example")
    pick(page, "Access")
    click(page, "Take in")
    page.get_by_role("link", name="Open the request: Access", exact=True).click()
    drawn(page, "Access")
    tab(page, "Messages")
    expect(page.get_by_text("attached to the message above")).to_be_visible()
    expect(page.get_by_text("My customer number is K-5512.")).to_be_visible()
    row = page.get_by_text("The message as it came, byte for byte")
    expect(row).to_be_visible()
    with page.expect_download() as got:
        page.get_by_role("link", name="Download").first.click()
    assert Path(got.value.path()).read_bytes() == content
    assert "amsel" not in got.value.suggested_filename.casefold()


def test_what_was_typed_is_not_overwritten_by_a_mail(sign_in_as: Callable[..., Page]) -> None:
    page = sign_in_as("steward", "/intake", "New request")
    start_afresh(page)
    page.get_by_label("Name", exact=True).fill("Typed before")
    page.keyboard.press("Tab")
    drawn(page)
    drop(page, "old", (MAILS / "three-weeks-old.eml").read_bytes())
    expect(page.get_by_label("Name", exact=True)).to_have_value("Typed before")
    expect(page.get_by_label("E-mail", exact=True)).to_have_value("ilse@amsel.example")
    expect(page.get_by_label("Received on", exact=True)).to_have_value("2026-11-02")
    expect(page.get_by_text("Monday, 2 November 2026")).to_be_visible()
    due = page.get_by_text(re.compile("due by"))
    expect(due).to_have_count(1)  # the line of the day before goes a moment after the run that no longer draws it
    expect(due).to_contain_text("02 December 2026")


def refused(page: Page, sentence: str) -> None:
    click(page, "Take in")
    expect(page.get_by_test_id("stAlert").get_by_text(sentence)).to_be_visible()
    expect(page.get_by_text("Taken in as")).to_have_count(0)


def test_what_is_typed_is_taken_or_refused_aloud_and_the_form_keeps_it(sign_in_as: Callable[..., Page]) -> None:
    page = sign_in_as("steward", "/intake", "New request")
    start_afresh(page)
    pick(page, "Access")
    for label, text in (("Name", "Typed like a person"), ("E-mail", "no address"), ("Message, or your note of the call", "Hello")):
        page.get_by_label(label, exact=True).fill(text)
        page.keyboard.press("Tab")
        drawn(page)
    refused(page, "e-mail address")
    expect(page.get_by_label("E-mail", exact=True)).to_have_value("no address")
    page.get_by_label("E-mail", exact=True).fill("typed@example.com")
    page.keyboard.press("Tab")
    drawn(page)
    received = page.get_by_label("Received on", exact=True)
    for text, sentence in (
        ("31 February 2026", "There is no 31 February 2026."), ("2/11/2026", "written with slashes it may mean two days"),
        ("2.11.26", "all four digits of the year"), ("yesterday", "The day 'Received on' cannot be read."),
        (f"{present() + timedelta(days=40):%Y%m%d}", "The receipt lies in the future."), ("1.1.2016", "before 25 May 2018"),
    ):
        set_date(page, "Received on", text)
        refused(page, sentence)
        expect(received).to_have_value(text)
        expect(page.get_by_label("Name", exact=True)).to_have_value("Typed like a person")
    set_date(page, "Received on", "2 Nov 2026")
    expect(page.get_by_text("Monday, 2 November 2026")).to_be_visible()
    page.get_by_label("Message, or your note of the call", exact=True).fill("long " * 4_001)
    page.keyboard.press("Tab")
    drawn(page)
    refused(page, "20,000")
    page.get_by_label("Message, or your note of the call", exact=True).fill("Hello")
    page.keyboard.press("Tab")
    drawn(page)
    click(page, "Take in")
    expect(page.get_by_text("Taken in as")).to_be_visible()
