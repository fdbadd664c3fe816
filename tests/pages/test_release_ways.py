"""Handing over on the request page: one way, its secret shown once, until it is hidden or the page is left."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core.actions.answers.packages import link_mail, ways_out
from core.actions.desk.act import step_up_for
from core.law.acts import Act
from core.law.roles import Role
from core.work.tasks import TRIES
from tests.actions.conftest import empty_walk, released, walk  # noqa: F401 - fixtures
from tests.actions.released import made
from tests.conftest import NOW, desk_of

SEATS: dict[str, object] = {}


def script(request_id: str) -> None:
    from core.actions.answers.packages import packages
    from core.actions.cases import cases
    from pages.parts import notes, visit
    from pages.request.answers import release_ways
    from tests.pages.test_release_ways import SEATS

    desk = SEATS["desk"]
    file = cases.open_case(SEATS["reader"], cases.case_of(SEATS["reader"], request_id))
    (request,) = file.requests
    visit.arrive(request_id)
    notes.show_done()
    release_ways.draw(desk, file, request, packages.state(desk, request_id))


def open_page(walk, desk=None, proven=""):
    desk = desk or walk.steward
    SEATS["desk"] = replace(desk, person=replace(desk.person, stepped_up_for=proven))
    SEATS["reader"] = walk.steward
    return AppTest.from_function(script, args=(walk.request_id,), default_timeout=60).run()


def press(ran, label):
    next(each for each in ran.button if each.label == label).click().run()
    assert not ran.exception
    return ran


def labels(ran):
    return {each.label for each in ran.button}


def codes(ran):
    return [each.value for each in ran.code]


def words(ran):
    return " ".join(each.value for kind in ("markdown", "caption") for each in ran.get(kind))


@pytest.mark.parametrize(("button", "form"), [
    ("Show the link once", r"http://127\.0\.0\.1:8501/package/[\w-]{43}"), ("Show the code once", r"\d{4} \d{4}"),
])
def test_a_secret_is_given_once_and_stays_on_the_screen_until_it_is_hidden(released, monkeypatch, button, form):
    monkeypatch.setenv("PORT", "8501")
    made(released)
    ran = open_page(released)
    assert codes(ran) == []
    press(ran, button)
    (secret,) = codes(ran)
    assert re.fullmatch(form, secret)
    assert button not in labels(ran)
    press(ran, "Record: passed on")  # and whatever else draws the page anew
    assert codes(ran.run()) == [secret]
    press(ran, "Hide it")
    assert codes(ran.run()) == []
    assert secret not in repr(ran.session_state), "hidden, it is kept nowhere"
    assert button not in labels(ran)
    again = open_page(released)
    assert codes(again) == []
    assert button not in labels(again)


def test_the_channel_of_the_other_part_is_not_offered_for_a_secret(released):
    made(released)
    ran = press(open_page(released), "Show the code once")
    choice = next(each for each in ran.selectbox if each.label == "Passed on by")
    assert "E-mail" not in choice.options
    assert choice.options[0] == "Read out on the telephone"
    press(ran, "Record: passed on")
    (told,) = ways_out.list_ways_out(released.steward, released.request_id)
    assert (told.secret_channel, told.secret_passed_by) == ("phone", "account-steward")


def test_an_archive_is_chosen_and_its_passphrase_shown_once(released):
    ran = open_page(released)
    ran.segmented_control(key=f"way_{released.package_id}").set_value("archive").run()
    press(ran, "Choose the archive")
    press(ran, "Show the passphrase once")
    (secret,) = codes(ran)
    assert re.fullmatch(r"([2-9A-Z]{4}-){5}[2-9A-Z]{4}", secret)
    (way,) = ways_out.list_ways_out(released.steward, released.request_id)
    again = open_page(released, proven=step_up_for(Act.ARCHIVE_FETCH, way.id))
    (link,) = [each.proto.url for each in again.get("link_button") if "archive" in each.proto.url]
    assert link == f"/exports/archive/{way.id}"


def test_what_was_approved_for_mail_is_not_offered_on_paper(released):
    ran = open_page(released)
    ran.segmented_control(key=f"way_{released.package_id}").set_value("print").run()
    assert "does not leave on paper" in words(ran)
    assert not [each for each in ran.get("link_button") if "print" in each.proto.url]


def test_others_see_how_it_stands_and_may_revoke_but_nothing_more(released):
    made(released)
    ran = open_page(released, released.checker)
    assert "Only the person who handles the request may hand it over." in words(ran)
    assert not {"Show the link once", "Show the code once", "Make the link", "Record: passed on"} & labels(ran)
    press(ran, "Revoke the link")
    assert ways_out.list_ways_out(released.steward, released.request_id)[0].standing == "revoked"


def test_a_dead_link_says_why_and_a_new_way_can_be_chosen(released):
    way_id = made(released)
    ways_out.revoke(released.steward, way_id, key=released.key())
    ran = open_page(released)
    assert ran.segmented_control(key=f"way_{released.package_id}").value == "download"
    assert any("revoked" in str(each.value) for each in ran.dataframe)


def test_with_a_mail_server_the_link_can_be_mailed_from_here_only_then(released, monkeypatch):
    way_id = made(released)
    assert "Send it by mail" not in labels(open_page(released))
    monkeypatch.setenv("RIGHTSDESK_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("RIGHTSDESK_SMTP_PORT", "1")
    monkeypatch.setenv("RIGHTSDESK_SMTP_SENDER", "desk@example.org")
    assert {"Send it by mail", "Show the link once"} <= labels(open_page(released))
    link_mail.ask(released.steward, way_id, key=released.key())
    for hours in range(TRIES):
        released.work(NOW + timedelta(hours=hours))
    ran = open_page(released)
    assert [each.value for each in ran.error] == [f"The mail did not leave, and its link is void. {link_mail.GIVEN_UP}"]
    assert {"Send it again by mail", "Show the link once"} <= labels(ran)


def test_a_role_that_hands_nothing_over_sees_nothing_of_it(released):
    made(released)
    manager = desk_of(released.store, Role.MANAGER, name="manager")
    assert "Hand over the answer" not in [each.value for each in open_page(released, manager).header]
