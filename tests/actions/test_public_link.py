"""The person without an account: the right code gives the approved bytes once; everything else one sentence."""

import hashlib
import threading
from contextlib import suppress
from datetime import timedelta

import pytest

from core.actions import addresses, approvals, links, packages, sending, ways_out
from core.actions.public_link import REFUSED, LinkRefused
from core.law.errors import Invalid, NotAllowed, NotPossible
from core.store.sealing import Cell, seal_bytes
from tests.actions.released import handed_out, made, try_link, wrong
from tests.conftest import NOW


@pytest.fixture
def ready(walk):
    walk.released()
    return walk


def refused(walk, token, code, **more):
    with pytest.raises(LinkRefused) as told:
        try_link(walk, token, code, **more)
    assert type(told.value) is LinkRefused
    assert str(told.value) == REFUSED


def tried(entries):
    return [(row["act"], row["outcome"], row["actor_ref"]) for row in entries() if row["act"] in {"link.try", "link.fetch"}]


def test_the_right_code_gives_the_approved_bytes_and_the_request_can_be_marked_as_sent(ready, entries):
    with ready.store.transaction() as tx:
        approved = tx.one("approvals.approved", package_id=ready.package_id)["package_sha256"]
    way_id, token, code = handed_out(ready)
    with pytest.raises(NotPossible, match="fetched it by its link"):
        sending.mark_sent(ready.steward, ready.request_id, "link", NOW.date(), version=ready.version, key=ready.key())
    got = try_link(ready, token, code)
    assert hashlib.sha256(got.content).hexdigest() == approved
    assert got.file_name.startswith("access-RD-")
    assert tried(entries) == [("link.fetch", "done", "public")]
    with ready.store.transaction() as tx:
        (row,) = tx.rows("desk_records.disclosure_log", subject=ready.subject)
        package = tx.one("packages.one", id=ready.package_id)
        assert tx.one("packages.content", id=ready.package_id)["content"] is None
    assert (row["act"], row["recipient"]) == ("link.fetch", "the person themselves")
    assert (package["state"], package["fetched_by"]) == ("fetched", "public")
    for secret, channel in ((False, "email"), (True, "phone")):
        with pytest.raises(NotPossible, match="Record first"):
            sending.mark_sent(ready.steward, ready.request_id, "link", NOW.date(), version=ready.version, key=ready.key())
        ways_out.pass_on(ready.steward, way_id, secret=secret, channel=channel, key=ready.key())
    with pytest.raises(Invalid, match="by its link"):
        sending.mark_sent(ready.steward, ready.request_id, "email", NOW.date(), version=ready.version, key=ready.key())
    sending.mark_sent(ready.steward, ready.request_id, "link", NOW.date(), version=ready.version, key=ready.key())
    sending.close(ready.steward, ready.request_id, "fulfilled", version=ready.version, key=ready.key())


def test_a_package_that_was_downloaded_was_not_sent_by_a_link(walk):
    walk.fetched()
    with pytest.raises(Invalid, match="did not leave by a link"):
        sending.mark_sent(walk.steward, walk.request_id, "link", NOW.date(), version=walk.version, key=walk.key())


def test_a_link_is_used_once(ready, entries):
    _, token, code = handed_out(ready)
    try_link(ready, token, code)
    refused(ready, token, code)
    assert tried(entries)[-1] == ("link.try", "refused.not_possible", "public")


def test_the_code_may_be_typed_as_it_was_read_out(ready):
    _, token, code = handed_out(ready)
    assert try_link(ready, token, f" {code[:2]}-{code[2:]} ").content


def test_three_wrong_codes_end_the_link_and_each_is_in_the_log(ready, entries):
    _, token, code = handed_out(ready)
    for _ in range(3):
        refused(ready, token, wrong(code))
    refused(ready, token, code)
    assert ways_out.list_ways_out(ready.steward, ready.request_id)[0].standing == "wrong_codes"
    assert tried(entries) == [*[("link.try", "done", "public")] * 3, ("link.try", "refused.not_possible", "public")]
    (last,) = [row for row in entries() if row["act"] == "link.try" and '"ended":1' in row["details"].replace(" ", "")]
    assert '"wrong_codes":3' in last["details"].replace(" ", "")


def test_two_wrong_codes_leave_a_third_try(ready):
    _, token, code = handed_out(ready)
    for bad in (wrong(code), ""):
        refused(ready, token, bad)
    assert try_link(ready, token, code).content


def test_a_link_without_a_code_opens_for_nobody(ready):
    token = links.show_link(ready.steward, made(ready), key=ready.key()).rpartition("/")[2]
    for code in ("", "0", "00000000"):
        refused(ready, token, code)


@pytest.mark.parametrize("token", ["", "x" * 43, "x" * 42, "x" * 5000, "../" * 14, "ü" * 43, "\x00" * 43, "a'--" * 11])
def test_a_guessed_link_gives_the_sentence_and_an_entry(ready, entries, token):
    handed_out(ready)
    refused(ready, token, "12345678")
    assert tried(entries) == [("link.try", "refused.link_refused", "public")]


def test_expired_and_revoked_links_give_the_same_sentence(ready):
    way_id, token, code = handed_out(ready)
    refused(ready, token, code, now=NOW + timedelta(days=7))
    ways_out.revoke(ready.steward, way_id, key=ready.key())
    refused(ready, token, code)


def test_a_code_of_another_link_does_not_open_this_one(ready):
    way_id, first, code = handed_out(ready)
    ways_out.revoke(ready.steward, way_id, key=ready.key())
    _, second, fresh = handed_out(ready)
    if fresh != code:
        refused(ready, second, code)
    refused(ready, first, fresh)


def test_a_place_that_guesses_waits_and_others_do_not(ready, entries):
    _, token, code = handed_out(ready)
    for _ in range(10):
        refused(ready, "x" * 43, "12345678")
    refused(ready, token, code)
    assert len(tried(entries)) == 10, "a place that waits writes nothing"
    assert try_link(ready, token, code, place="192.0.2.2").content


def test_a_paused_place_is_heard_again(ready):
    _, token, code = handed_out(ready)
    for _ in range(10):
        refused(ready, "x" * 43, "12345678")
    assert try_link(ready, token, code, now=NOW + timedelta(minutes=16)).content


def test_right_codes_sent_at_once_give_the_bytes_once(ready):
    _, token, code = handed_out(ready)
    got = []

    def ask(number):
        try:
            got.append(try_link(ready, token, code, place=f"192.0.2.{number}").content)
        except LinkRefused:
            got.append(None)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(got) == 8
    assert sum(each is not None for each in got) == 1


def test_wrong_codes_sent_at_once_are_three_tries(ready, entries):
    _, token, code = handed_out(ready)

    def ask(number):
        with suppress(LinkRefused):
            try_link(ready, token, wrong(code), place=f"192.0.2.{number}")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [each[1] for each in tried(entries)].count("done") == 3


def test_bytes_that_are_not_those_approved_do_not_leave(ready):
    _, token, code = handed_out(ready)
    with ready.store.transaction() as tx:
        tx._cursor.execute(
            "update packages set content = $c, sha256 = $s where id = $i",
            {"c": seal_bytes(ready.store, ready.case_ref, b"others", Cell("packages", ready.package_id, "content")),
             "s": hashlib.sha256(b"others").hexdigest(), "i": ready.package_id},
        )
        ready.store.commit(tx)
    refused(ready, token, code)
    with ready.store.transaction() as tx:
        assert tx.one("packages.one", id=ready.package_id)["state"] == "released"
        assert tx.rows("desk_records.disclosure_log", subject=ready.subject) == []


def test_a_link_of_a_sealed_case_works_for_its_person(ready):
    _, token, code = handed_out(ready)
    with ready.store.transaction() as tx:
        tx.run("cases.name_person", case_ref=ready.case_ref, account_id="account-dpo")
        tx._cursor.execute("update cases set sealed_to_names = true")
        ready.store.commit(tx)
    with pytest.raises(NotAllowed, match="sealed"):
        packages.fetch(ready.steward, ready.package_id, key=ready.key())
    assert try_link(ready, token, code).content


def test_a_new_address_needs_its_confirmation_before_any_link(walk):
    """The approver's own confirmation is asked at the release; without it there is nothing to link to."""
    walk.prepare()
    walk.work()
    fresh = addresses.add(walk.steward, walk.case_ref, "email", "marker-new@example.com", key=walk.key())
    approval = walk.ask(address_id=fresh)
    with pytest.raises(Invalid, match="confirm"):
        approvals.approve(walk.approver, approval, key=walk.key())
    with pytest.raises(NotPossible, match="not released"):
        made(walk)
