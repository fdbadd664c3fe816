"""The package link: by its handler only, shown once, to the approved address, never on one channel with its code."""

import re
from datetime import timedelta

import pytest

from core.actions.answers import requests
from core.actions.answers.packages import links, packages, ways_out
from core.actions.desk.desk import worker_desk
from core.law.errors import Invalid, NotAllowed, NotFound, NotPossible, StepUpNeeded
from core.law.roles import Role
from tests.actions.released import handed_out, made, try_link
from tests.conftest import NOW, desk_of


def of(walk, desk=None):
    return ways_out.list_ways_out(desk or walk.steward, walk.request_id)


def test_a_link_and_its_code_are_shown_once_each_and_kept_as_hashes_only(released, entries):
    way_id, token, code = handed_out(released)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
    assert re.fullmatch(r"\d{4} \d{4}", code)
    with pytest.raises(NotPossible, match="shown"):
        links.show_link(released.steward, way_id, key=released.key())
    with pytest.raises(NotPossible, match="shown"):
        links.show_code(released.steward, way_id, key=released.key())
    with released.store.transaction() as tx:
        row = str(tx.one("ways_out.one", id=way_id))
        commands = str(tx._cursor.execute("select * from commands").fetchall())
    for secret in (token, code, code.replace(" ", "")):
        assert secret not in row + str(entries()) + commands
    acts = [(each["act"], each["outcome"]) for each in entries()]
    assert [each for each in acts if each[0].startswith("link")] == [
        ("link.make", "done"), ("link.show", "done"), ("link.code", "done"),
        ("link.show", "refused.not_possible"), ("link.code", "refused.not_possible"),
    ]


def test_the_same_click_twice_shows_it_once(released):
    way_id, key = made(released), released.key()
    links.show_link(released.steward, way_id, key=key)
    with pytest.raises(NotPossible, match="shown"):
        links.show_link(released.steward, way_id, key=key)
    key = released.key()
    links.show_code(released.steward, way_id, key=key)
    with pytest.raises(NotPossible, match="shown"):
        links.show_code(released.steward, way_id, key=key)


def test_a_link_made_by_the_same_click_twice_is_one_link(released):
    key = released.key()
    assert made(released, key=key) == made(released, key=key)
    assert len(of(released)) == 1


def test_only_the_handler_makes_shows_and_passes_on(released):
    others = [released.approver, released.checker, desk_of(released.store, Role.DPO, name="dpo"),
              *(desk_of(released.store, role, name="x") for role in (Role.MANAGER, Role.ADMINISTRATOR, Role.ANALYST))]
    way_id = made(released)
    for who in others:
        with pytest.raises(NotAllowed):
            links.make(who, released.package_id, channel="email", code_channel="phone", key=released.key())
        for doing in (links.show_link, links.show_code):
            with pytest.raises(NotAllowed):
                doing(who, way_id, key=released.key())
        with pytest.raises(NotAllowed):
            ways_out.pass_on(who, way_id, secret=False, channel="email", key=released.key())
    assert of(released)[0].shown_at is None


def test_making_a_link_asks_for_a_fresh_proof(released):
    tired = desk_of(released.store, Role.STEWARD, name="steward", stepped_up=False)
    with pytest.raises(StepUpNeeded):
        links.make(tired, released.package_id, channel="email", code_channel="phone", key=released.key())


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"code_channel": "email"}, "never goes the way"), ({"code_channel": "pigeon"}, "how the code"),
    ({"channel": "post"}, "another kind of address"), ({"channel": "phone"}, "another kind of address"),
    ({"days": 0}, "at least one day"),
])
def test_channels_that_are_refused(released, changes, sentence):
    with pytest.raises(Invalid, match=sentence):
        made(released, **changes)
    assert of(released) == ()


def test_how_it_was_passed_on_is_recorded_once_and_never_by_one_channel(released, entries):
    way_id = made(released)
    for secret, channel in ((False, "email"), (True, "phone")):
        with pytest.raises(NotPossible, match="handed out"):
            ways_out.pass_on(released.steward, way_id, secret=secret, channel=channel, key=released.key())
    handed_out(released, way_id)
    with pytest.raises(Invalid, match="never goes"):
        ways_out.pass_on(released.steward, way_id, secret=True, channel="email", key=released.key())
    with pytest.raises(Invalid, match="another kind"):
        ways_out.pass_on(released.steward, way_id, secret=False, channel="text_message", key=released.key())
    ways_out.pass_on(released.steward, way_id, secret=False, channel="email", key=released.key())
    ways_out.pass_on(released.steward, way_id, secret=True, channel="text_message", key=released.key())
    with pytest.raises(NotPossible, match="already"):
        ways_out.pass_on(released.steward, way_id, secret=True, channel="phone", key=released.key())
    (told,) = of(released)
    assert (told.channel, told.secret_channel) == ("email", "text_message")
    assert {told.passed_by, told.secret_passed_by} == {"account-steward"}
    assert [row["details"] for row in entries() if row["act"] == "way_out.pass_on" and row["outcome"] == "done"]


def test_one_way_out_is_open_at_a_time_and_a_revoked_one_makes_room(released):
    first, token, code = handed_out(released)
    with pytest.raises(NotPossible, match="Revoke it first"):
        made(released)
    ways_out.revoke(released.checker, first, key=released.key())
    with pytest.raises(NotPossible, match="ended"):
        ways_out.revoke(released.steward, first, key=released.key())
    for doing in (links.show_link, links.show_code):
        with pytest.raises(NotPossible, match="ended"):
            doing(released.steward, first, key=released.key())
    _, fresh, other = handed_out(released)
    with pytest.raises(Exception, match="did not work"):
        try_link(released, token, code)
    assert try_link(released, fresh, other).content
    assert {each.standing for each in of(released)} == {"fetched", "revoked"}


def test_what_was_fetched_is_not_revoked(released):
    way_id, token, code = handed_out(released)
    try_link(released, token, code)
    with pytest.raises(NotPossible, match="used already"):
        ways_out.revoke(released.steward, way_id, key=released.key())


def test_a_way_whose_time_is_over_makes_room_and_is_called_expired(released):
    made(released)
    later = released.at(released.steward, NOW + timedelta(days=7))
    links.make(later, released.package_id, channel="email", code_channel="phone", key=released.key())
    assert [each.standing for each in of(released, later)] == ["waiting", "expired"]
    assert of(released, later)[0].expires_at == NOW + timedelta(days=14)


def test_nothing_leaves_that_was_not_released_or_was_taken_back(walk):
    walk.prepare()
    walk.work()
    with pytest.raises(NotPossible, match="not released"):
        made(walk)


def test_an_answer_that_was_taken_back_ends_its_link(released):
    _, token, code = handed_out(released)
    requests.revise(released.steward, released.request_id, "WORDS", version=released.version, key=released.key())
    with pytest.raises(Exception, match="did not work"):
        try_link(released, token, code)
    with pytest.raises(NotPossible, match="taken back"):
        packages.fetch(released.steward, released.package_id, key=released.key())


def test_the_handler_s_own_download_ends_the_link(released):
    way_id, token, code = handed_out(released)
    packages.fetch(released.steward, released.package_id, key=released.key())
    assert of(released)[0].standing == "replaced"
    with released.store.transaction() as tx:
        assert tx.one("ways_out.one", id=way_id)["state"] == "ended"
    with pytest.raises(Exception, match="did not work"):
        try_link(released, token, code)


def test_the_end_of_a_package_ends_its_ways_out(released):
    made(released, days=365)
    end = NOW + timedelta(days=30)
    assert of(released)[0].expires_at == end
    assert packages.expire(worker_desk(released.store, end)) == 1
    assert of(released)[0].standing == "expired"
    with released.store.transaction() as tx:
        assert tx.one("ways_out.one", id=of(released)[0].id)["state"] == "ended"


def test_channels_are_those_of_the_approved_address(released):
    assert ways_out.destination(released.steward, released.package_id) == (released.address_id(), ("email",))
    with pytest.raises(NotFound):
        ways_out.destination(released.steward, "f" * 32)
