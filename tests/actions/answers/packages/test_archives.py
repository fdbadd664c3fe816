"""The archive and the print: the approved bytes again, once, the passphrase once and by another channel."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
import pyzipper

from core.actions.answers import sending
from core.actions.answers.packages import archives, links, packages, ways_out
from core.actions.answers.packages.release import RELEASE
from core.law.acts import Act
from core.law.errors import Invalid, NotAllowed, NotPossible, StepUpNeeded
from core.law.roles import Role
from core.store.engine import new_id
from core.store.records import PackageRecord
from tests.conftest import NOW, desk_of


def make(walk, **changes):
    asked = {"channel": "email", "passphrase_channel": "phone", "key": walk.key()} | changes
    return archives.make(walk.steward, walk.package_id, **asked)


def approved_hash(walk):
    with walk.store.transaction() as tx:
        return tx.one("packages.one", id=walk.package_id)["sha256"]


def unlocked(delivery, passphrase):
    with pyzipper.AESZipFile(io.BytesIO(delivery.content)) as archive:
        (name,) = archive.namelist()
        return archive.read(name, pwd=passphrase.encode())


@pytest.mark.parametrize("first", ["passphrase", "archive"])
def test_the_archive_holds_the_approved_bytes_and_the_passphrase_is_shown_once(released, entries, first):
    way_id = make(released)
    steps = {
        "passphrase": lambda: archives.show_passphrase(released.steward, way_id, key=released.key()),
        "archive": lambda: archives.fetch(released.steward, way_id, key=released.key()),
    }
    got = {first: steps[first]()}
    other = next(name for name in steps if name != first)
    got[other] = steps[other]()
    assert hashlib.sha256(unlocked(got["archive"], got["passphrase"])).hexdigest() == approved_hash(released)
    for step in steps.values():
        with pytest.raises(NotPossible):
            step()
    with released.store.transaction() as tx:
        row = tx.one("ways_out.one", id=way_id)
        assert tx.one("packages.one", id=released.package_id)["state"] == "fetched"
        assert len(tx.rows("desk_records.disclosure_log", subject=released.subject)) == 1
    assert row["passphrase"] is None, "after both the desk knows it no more"
    assert got["passphrase"] not in str(entries()) + str(row)
    with pytest.raises(NotPossible):
        packages.fetch(released.steward, released.package_id, key=released.key())
    for secret, channel in ((False, "email"), (True, "phone")):
        with pytest.raises(NotPossible, match="Record first"):
            sending.mark_sent(released.steward, released.request_id, "email", NOW.date(), version=released.version, key=released.key())
        ways_out.pass_on(released.steward, way_id, secret=secret, channel=channel, key=released.key())
    sending.mark_sent(released.steward, released.request_id, "email", NOW.date(), version=released.version, key=released.key())


def test_at_rest_the_passphrase_is_sealed(released):
    way_id = make(released)
    with released.store.transaction() as tx:
        sealed = tx.one("ways_out.one", id=way_id)["passphrase"]
    shown = archives.show_passphrase(released.steward, way_id, key=released.key())
    assert shown.encode() not in sealed
    with released.store.transaction() as tx:
        assert shown.encode() not in tx.one("ways_out.one", id=way_id)["passphrase"]


def test_only_the_handler_with_a_fresh_proof(released):
    way_id = make(released)
    for who in (released.checker, released.approver, desk_of(released.store, Role.MANAGER, name="manager")):
        for doing, thing in (
            (archives.fetch, way_id), (archives.show_passphrase, way_id), (archives.fetch_print, released.package_id),
        ):
            with pytest.raises(NotAllowed):
                doing(who, thing, key=new_id())
        with pytest.raises(NotAllowed):
            archives.make(who, released.package_id, channel="email", passphrase_channel="phone", key=new_id())
    tired = desk_of(released.store, Role.STEWARD, name="steward", stepped_up=False)
    for doing in (
        lambda: archives.fetch(tired, way_id, key=new_id()),
        lambda: archives.fetch_print(tired, released.package_id, key=new_id()),
    ):
        with pytest.raises(StepUpNeeded):
            doing()


def test_one_channel_for_both_is_refused(released):
    with pytest.raises(Invalid, match="never goes"):
        make(released, passphrase_channel="email")
    way_id = make(released)
    archives.show_passphrase(released.steward, way_id, key=released.key())
    with pytest.raises(Invalid, match="never goes"):
        ways_out.pass_on(released.steward, way_id, secret=True, channel="email", key=released.key())
    with pytest.raises(NotPossible, match="handed out"):
        ways_out.pass_on(released.steward, way_id, secret=False, channel="email", key=released.key())
    archives.fetch(released.steward, way_id, key=released.key())
    ways_out.pass_on(released.steward, way_id, secret=False, channel="email", key=released.key())
    ways_out.pass_on(released.steward, way_id, secret=True, channel="phone", key=released.key())


def test_a_link_is_no_archive_and_an_archive_no_link(released):
    way_id = make(released)
    for doing in (links.show_link, links.show_code):
        with pytest.raises(NotPossible, match="no link"):
            doing(released.steward, way_id, key=released.key())
    ways_out.revoke(released.steward, way_id, key=released.key())
    for doing in (archives.fetch, archives.show_passphrase):
        with pytest.raises(NotPossible, match="ended"):
            doing(released.steward, way_id, key=released.key())
    link = links.make(released.steward, released.package_id, channel="email", code_channel="phone", key=released.key())
    for doing in (archives.fetch, archives.show_passphrase):
        with pytest.raises(NotPossible):
            doing(released.steward, link, key=released.key())
    with released.store.transaction() as tx:
        assert tx.one("packages.one", id=released.package_id)["state"] == "released"


def test_an_archive_past_its_time_is_over(released):
    way_id = make(released, days=1)
    later = released.at(released.steward, NOW + timedelta(days=1))
    for doing in (archives.fetch, archives.show_passphrase):
        with pytest.raises(NotPossible, match="ended"):
            doing(later, way_id, key=released.key())


@pytest.fixture
def by_post(walk, monkeypatch):
    from core.actions.answers import approvals
    from core.actions.cases import addresses

    walk.prepare()
    walk.work()
    post = addresses.add(walk.steward, walk.case_ref, "post", "1 Sample Street\n10001 Sampletown", key=walk.key())
    approvals.approve(walk.approver, RELEASE, walk.ask(address_id=post), confirmed=True, key=walk.key())
    walk.work()
    return walk


def test_the_print_is_the_pages_that_the_approved_manifest_names_once(by_post, entries):
    with by_post.store.transaction() as tx:
        from core.actions.answers.packages.handing_over import content_of
        from core.actions.desk.act import Now

        content = content_of(by_post.steward, Now(tx=tx, what=Act.PACKAGE_FETCH), tx.record(PackageRecord, "packages.one", id=by_post.package_id))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        named = {each["name"]: each["sha256"] for each in json.loads(package.read("manifest.json"))["files"]}
    got = archives.fetch_print(by_post.steward, by_post.package_id, key=by_post.key())
    assert (got.media_type, got.content[:5]) == ("application/pdf", b"%PDF-")
    assert hashlib.sha256(got.content).hexdigest() == named["answer.pdf"]
    with pytest.raises(NotPossible, match="fetched already"):
        archives.fetch_print(by_post.steward, by_post.package_id, key=by_post.key())
    (entry,) = [row for row in entries() if row["act"] == "print.fetch" and row["outcome"] == "done"]
    assert named["answer.pdf"] in entry["details"]
    sending.mark_sent(by_post.steward, by_post.request_id, "post", NOW.date(), version=by_post.version, key=by_post.key())


def test_what_was_approved_for_mail_does_not_leave_on_paper(released):
    with pytest.raises(Invalid, match="on paper"):
        archives.fetch_print(released.steward, released.package_id, key=released.key())
    with released.store.transaction() as tx:
        assert tx.one("packages.one", id=released.package_id)["state"] == "released"
