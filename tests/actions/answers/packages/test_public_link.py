"""The person without an account: the right code gives the approved bytes once; everything else one sentence."""

import hashlib
import threading
from contextlib import suppress
from datetime import timedelta

import pytest

from core.actions.answers import approvals, sending
from core.actions.answers.packages import links, packages, ways_out
from core.actions.answers.packages.public_link import REFUSED, LinkRefused
from core.actions.answers.packages.release import RELEASE
from core.actions.cases import addresses
from core.law.errors import Invalid, NotAllowed, NotPossible
from core.store.encryption import Cell, encrypt_bytes
from tests.actions.released import handed_out, made, try_link, wrong
from tests.conftest import NOW


def refused(walk, token, code, **more):
    with pytest.raises(LinkRefused) as told:
        try_link(walk, token, code, **more)
    assert type(told.value) is LinkRefused
    assert str(told.value) == REFUSED


def tried(entries):
    return [(row["act"], row["outcome"], row["actor_ref"]) for row in entries() if row["act"] in {"link.try", "link.fetch"}]


def test_the_right_code_gives_the_approved_bytes_and_the_request_can_be_marked_as_sent(released, entries):
    with released.store.transaction() as tx:
        approved = tx.one("packages.one", id=released.package_id)["sha256"]
    way_id, token, code = handed_out(released)
    with pytest.raises(NotPossible, match="fetched it by its link"):
        sending.mark_sent(released.steward, released.request_id, "link", NOW.date(), version=released.version, key=released.key())
    got = try_link(released, token, code)
    assert hashlib.sha256(got.content).hexdigest() == approved
    assert got.file_name.startswith("access-RD-")
    assert tried(entries) == [("link.fetch", "done", "public")]
    with released.store.transaction() as tx:
        (row,) = tx.rows("desk_records.disclosure_log", subject=released.subject)
        package = tx.one("packages.one", id=released.package_id)
        assert tx.one("packages.content", id=released.package_id)["content"] is None
    assert (row["act"], row["recipient"]) == ("link.fetch", "the person themselves")
    assert (package["state"], package["fetched_by"]) == ("fetched", "public")
    for secret, channel in ((False, "email"), (True, "phone")):
        with pytest.raises(NotPossible, match="Record first"):
            sending.mark_sent(released.steward, released.request_id, "link", NOW.date(), version=released.version, key=released.key())
        ways_out.pass_on(released.steward, way_id, secret=secret, channel=channel, key=released.key())
    with pytest.raises(Invalid, match="by its link"):
        sending.mark_sent(released.steward, released.request_id, "email", NOW.date(), version=released.version, key=released.key())
    sending.mark_sent(released.steward, released.request_id, "link", NOW.date(), version=released.version, key=released.key())
    sending.close(released.steward, released.request_id, "fulfilled", version=released.version, key=released.key())


def test_a_package_that_was_downloaded_was_not_sent_by_a_link(walk):
    walk.fetched()
    with pytest.raises(Invalid, match="did not leave by a link"):
        sending.mark_sent(walk.steward, walk.request_id, "link", NOW.date(), version=walk.version, key=walk.key())


def test_a_link_is_used_once(released, entries):
    _, token, code = handed_out(released)
    try_link(released, token, code)
    refused(released, token, code)
    assert tried(entries)[-1] == ("link.try", "refused.not_possible", "public")


def test_the_code_may_be_typed_as_it_was_read_out(released):
    _, token, code = handed_out(released)
    assert try_link(released, token, f" {code[:2]}-{code[2:]} ").content


def test_three_wrong_codes_end_the_link_and_each_is_in_the_log(released, entries):
    _, token, code = handed_out(released)
    for _ in range(3):
        refused(released, token, wrong(code))
    refused(released, token, code)
    assert ways_out.list_ways_out(released.steward, released.request_id)[0].standing == "wrong_codes"
    assert tried(entries) == [*[("link.try", "done", "public")] * 3, ("link.try", "refused.not_possible", "public")]
    (last,) = [row for row in entries() if row["act"] == "link.try" and '"ended":1' in row["details"].replace(" ", "")]
    assert '"wrong_codes":3' in last["details"].replace(" ", "")


def test_two_wrong_codes_leave_a_third_try(released):
    _, token, code = handed_out(released)
    for bad in (wrong(code), ""):
        refused(released, token, bad)
    assert try_link(released, token, code).content


def test_a_link_without_a_code_opens_for_nobody(released):
    token = links.show_link(released.steward, made(released), key=released.key()).rpartition("/")[2]
    for code in ("", "0", "00000000"):
        refused(released, token, code)


@pytest.mark.parametrize("token", ["", "x" * 43, "x" * 42, "x" * 5000, "../" * 14, "ü" * 43, "\x00" * 43, "a'--" * 11])
def test_a_guessed_link_gives_the_sentence_and_an_entry(released, entries, token):
    handed_out(released)
    refused(released, token, "12345678")
    assert tried(entries) == [("link.try", "refused.link_refused", "public")]


def test_expired_and_revoked_links_give_the_same_sentence(released):
    way_id, token, code = handed_out(released)
    refused(released, token, code, now=NOW + timedelta(days=7))
    ways_out.revoke(released.steward, way_id, key=released.key())
    refused(released, token, code)


def test_a_code_of_another_link_does_not_open_this_one(released):
    way_id, first, code = handed_out(released)
    ways_out.revoke(released.steward, way_id, key=released.key())
    _, second, fresh = handed_out(released)
    if fresh != code:
        refused(released, second, code)
    refused(released, first, fresh)


def test_a_place_that_guesses_is_not_entered_any_more_and_keeps_nobody_from_their_link(released, entries):
    _, token, code = handed_out(released)
    for _ in range(12):
        refused(released, "x" * 43, "12345678")
    assert len(tried(entries)) == 10, "a place that waits writes nothing"
    refused(released, token, wrong(code))
    assert try_link(released, token, code).content
    refused(released, token, code)
    assert [each[0] for each in tried(entries)][10:] == ["link.try", "link.fetch"], "and a used link is none"


def test_a_paused_place_is_entered_again(released, entries):
    for moment in (NOW, NOW + timedelta(minutes=16)):
        for _ in range(11):
            refused(released, "x" * 43, "12345678", now=moment)
    assert len(tried(entries)) == 20


def test_right_codes_sent_at_once_give_the_bytes_once(released):
    _, token, code = handed_out(released)
    got = []

    def ask(number):
        try:
            got.append(try_link(released, token, code, place=f"192.0.2.{number}").content)
        except LinkRefused:
            got.append(None)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(got) == 8
    assert sum(each is not None for each in got) == 1


def test_wrong_codes_sent_at_once_are_three_tries(released, entries):
    _, token, code = handed_out(released)

    def ask(number):
        with suppress(LinkRefused):
            try_link(released, token, wrong(code), place=f"192.0.2.{number}")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [each[1] for each in tried(entries)].count("done") == 3


def test_bytes_that_are_not_those_approved_do_not_leave(released):
    _, token, code = handed_out(released)
    with released.store.transaction() as tx:
        tx._cursor.execute(
            "update packages set content = $c, sha256 = $s where id = $i",
            {"c": encrypt_bytes(released.store, released.case_ref, b"others", Cell("packages", released.package_id, "content")),
             "s": hashlib.sha256(b"others").hexdigest(), "i": released.package_id},
        )
        released.store.commit(tx)
    refused(released, token, code)
    with released.store.transaction() as tx:
        assert tx.one("packages.one", id=released.package_id)["state"] == "released"
        assert tx.rows("desk_records.disclosure_log", subject=released.subject) == []


def test_a_link_of_a_sealed_case_works_for_its_person(released):
    _, token, code = handed_out(released)
    with released.store.transaction() as tx:
        tx.run("cases.name_person", case_ref=released.case_ref, account_id="account-dpo")
        tx._cursor.execute("update cases set sealed_to_names = true")
        released.store.commit(tx)
    with pytest.raises(NotAllowed, match="sealed"):
        packages.fetch(released.steward, released.package_id, key=released.key())
    assert try_link(released, token, code).content


def test_a_new_address_needs_its_confirmation_before_any_link(walk):
    """The approver's own confirmation is asked at the release; without it there is nothing to link to."""
    walk.prepare()
    walk.work()
    fresh = addresses.add(walk.steward, walk.case_ref, "email", "marker-new@example.com", key=walk.key())
    approval = walk.ask(address_id=fresh)
    with pytest.raises(Invalid, match="confirm"):
        approvals.approve(walk.approver, RELEASE, approval, key=walk.key())
    with pytest.raises(NotPossible, match="not released"):
        made(walk)
