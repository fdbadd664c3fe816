"""The package link: by its handler only, shown once, to the approved address, never on one channel with its code."""

import re
from datetime import timedelta

import pytest

from core.actions import links, packages, requests, ways_out
from core.actions.desk import worker_desk
from core.law.errors import Invalid, NotAllowed, NotFound, NotPossible, StepUpNeeded
from core.law.roles import Role
from tests.actions.released import handed_out, made, try_link
from tests.conftest import NOW, desk_of


@pytest.fixture
def ready(walk):
    walk.released()
    return walk


def of(walk, desk=None):
    return ways_out.list_ways_out(desk or walk.steward, walk.request_id)


def test_a_link_and_its_code_are_shown_once_each_and_kept_as_hashes_only(ready, entries):
    way_id, token, code = handed_out(ready)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)
    assert re.fullmatch(r"\d{4} \d{4}", code)
    with pytest.raises(NotPossible, match="shown"):
        links.show_link(ready.steward, way_id, key=ready.key())
    with pytest.raises(NotPossible, match="shown"):
        links.show_code(ready.steward, way_id, key=ready.key())
    with ready.store.transaction() as tx:
        row = str(tx.one("ways_out.one", id=way_id))
        commands = str(tx._cursor.execute("select * from commands").fetchall())
    for secret in (token, code, code.replace(" ", "")):
        assert secret not in row + str(entries()) + commands
    acts = [(each["act"], each["outcome"]) for each in entries()]
    assert [each for each in acts if each[0].startswith("link")] == [
        ("link.make", "done"), ("link.show", "done"), ("link.code", "done"),
        ("link.show", "refused.not_possible"), ("link.code", "refused.not_possible"),
    ]


def test_the_same_click_twice_shows_it_once(ready):
    way_id, key = made(ready), ready.key()
    links.show_link(ready.steward, way_id, key=key)
    with pytest.raises(NotPossible, match="shown"):
        links.show_link(ready.steward, way_id, key=key)
    key = ready.key()
    links.show_code(ready.steward, way_id, key=key)
    with pytest.raises(NotPossible, match="shown"):
        links.show_code(ready.steward, way_id, key=key)


def test_a_link_made_by_the_same_click_twice_is_one_link(ready):
    key = ready.key()
    assert made(ready, key=key) == made(ready, key=key)
    assert len(of(ready)) == 1


def test_only_the_handler_makes_shows_and_passes_on(ready):
    others = [ready.approver, ready.checker, desk_of(ready.store, Role.DPO, name="dpo"),
              *(desk_of(ready.store, role, name="x") for role in (Role.MANAGER, Role.ADMINISTRATOR, Role.ANALYST))]
    way_id = made(ready)
    for who in others:
        with pytest.raises(NotAllowed):
            links.make(who, ready.package_id, channel="email", code_channel="phone", key=ready.key())
        for doing in (links.show_link, links.show_code):
            with pytest.raises(NotAllowed):
                doing(who, way_id, key=ready.key())
        with pytest.raises(NotAllowed):
            ways_out.pass_on(who, way_id, secret=False, channel="email", key=ready.key())
    assert of(ready)[0].shown_at is None


def test_making_a_link_asks_for_a_fresh_proof(ready):
    tired = desk_of(ready.store, Role.STEWARD, name="steward", stepped_up=False)
    with pytest.raises(StepUpNeeded):
        links.make(tired, ready.package_id, channel="email", code_channel="phone", key=ready.key())


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"code_channel": "email"}, "never goes the way"), ({"code_channel": "pigeon"}, "how the code"),
    ({"channel": "post"}, "another kind of address"), ({"channel": "phone"}, "another kind of address"),
    ({"days": 0}, "at least one day"),
])
def test_channels_that_are_refused(ready, changes, sentence):
    with pytest.raises(Invalid, match=sentence):
        made(ready, **changes)
    assert of(ready) == ()


def test_how_it_was_passed_on_is_recorded_once_and_never_by_one_channel(ready, entries):
    way_id = made(ready)
    for secret, channel in ((False, "email"), (True, "phone")):
        with pytest.raises(NotPossible, match="handed out"):
            ways_out.pass_on(ready.steward, way_id, secret=secret, channel=channel, key=ready.key())
    handed_out(ready, way_id)
    with pytest.raises(Invalid, match="never goes"):
        ways_out.pass_on(ready.steward, way_id, secret=True, channel="email", key=ready.key())
    with pytest.raises(Invalid, match="another kind"):
        ways_out.pass_on(ready.steward, way_id, secret=False, channel="text_message", key=ready.key())
    ways_out.pass_on(ready.steward, way_id, secret=False, channel="email", key=ready.key())
    ways_out.pass_on(ready.steward, way_id, secret=True, channel="text_message", key=ready.key())
    with pytest.raises(NotPossible, match="already"):
        ways_out.pass_on(ready.steward, way_id, secret=True, channel="phone", key=ready.key())
    (told,) = of(ready)
    assert (told.channel, told.secret_channel) == ("email", "text_message")
    assert {told.passed_by, told.secret_passed_by} == {"account-steward"}
    assert [row["details"] for row in entries() if row["act"] == "way_out.pass_on" and row["outcome"] == "done"]


def test_one_way_out_is_open_at_a_time_and_a_revoked_one_makes_room(ready):
    first, token, code = handed_out(ready)
    with pytest.raises(NotPossible, match="Revoke it first"):
        made(ready)
    ways_out.revoke(ready.checker, first, key=ready.key())
    with pytest.raises(NotPossible, match="ended"):
        ways_out.revoke(ready.steward, first, key=ready.key())
    for doing in (links.show_link, links.show_code):
        with pytest.raises(NotPossible, match="ended"):
            doing(ready.steward, first, key=ready.key())
    _, fresh, other = handed_out(ready)
    with pytest.raises(Exception, match="did not work"):
        try_link(ready, token, code)
    assert try_link(ready, fresh, other).content
    assert {each.standing for each in of(ready)} == {"fetched", "revoked"}


def test_what_was_fetched_is_not_revoked(ready):
    way_id, token, code = handed_out(ready)
    try_link(ready, token, code)
    with pytest.raises(NotPossible, match="used already"):
        ways_out.revoke(ready.steward, way_id, key=ready.key())


def test_a_way_whose_time_is_over_makes_room_and_is_called_expired(ready):
    made(ready)
    later = ready.at(ready.steward, NOW + timedelta(days=7))
    links.make(later, ready.package_id, channel="email", code_channel="phone", key=ready.key())
    assert [each.standing for each in of(ready, later)] == ["waiting", "expired"]
    assert of(ready, later)[0].expires_at == NOW + timedelta(days=14)


def test_nothing_leaves_that_was_not_released_or_was_taken_back(walk):
    walk.prepare()
    walk.work()
    with pytest.raises(NotPossible, match="not released"):
        made(walk)


def test_an_answer_that_was_taken_back_ends_its_link(ready):
    _, token, code = handed_out(ready)
    requests.revise(ready.steward, ready.request_id, "WORDS", version=ready.version, key=ready.key())
    with pytest.raises(Exception, match="did not work"):
        try_link(ready, token, code)
    with pytest.raises(NotPossible, match="taken back"):
        packages.fetch(ready.steward, ready.package_id, key=ready.key())


def test_the_handler_s_own_download_ends_the_link(ready):
    way_id, token, code = handed_out(ready)
    packages.fetch(ready.steward, ready.package_id, key=ready.key())
    assert of(ready)[0].standing == "replaced"
    with ready.store.transaction() as tx:
        assert tx.one("ways_out.one", id=way_id)["state"] == "ended"
    with pytest.raises(Exception, match="did not work"):
        try_link(ready, token, code)


def test_the_end_of_a_package_ends_its_ways_out(ready):
    made(ready, days=365)
    end = NOW + timedelta(days=30)
    assert of(ready)[0].expires_at == end
    assert packages.expire(worker_desk(ready.store, end)) == 1
    assert of(ready)[0].standing == "expired"
    with ready.store.transaction() as tx:
        assert tx.one("ways_out.one", id=of(ready)[0].id)["state"] == "ended"


def test_channels_are_those_of_the_approved_address(ready):
    assert ways_out.destination(ready.steward, ready.package_id) == (ready.address_id(), ("email",))
    with pytest.raises(NotFound):
        ways_out.destination(ready.steward, "f" * 32)
