"""The list of packages: where each stands, who fetched it, without a name and without what is barred."""

import json
from dataclasses import asdict
from datetime import timedelta

import pytest

from core.actions.answers import approvals
from core.actions.answers.packages import archives, exports, packages, ways_out
from core.actions.answers.packages.exports import list_packages
from core.actions.answers.packages.release import RELEASE
from core.actions.cases import addresses, cases
from core.law.errors import Invalid, NotAllowed
from core.law.roles import Role
from core.store.engine import new_id
from tests.actions.conftest import take_in
from tests.actions.released import handed_out, made, try_link
from tests.conftest import desk_of


def name_account(store, who):
    with store.transaction() as tx:
        tx.run("accounts.add", id=f"account-{who}", actor_ref=f"actor-{who}", sign_in_name=who, name=who.title(),
               password_hash=None, now=desk_of(store).now, made_by="x")
        store.commit(tx)


def test_each_stage_of_a_package_is_told(walk):
    name_account(walk.store, "steward")
    assert list_packages(walk.steward).total == 0
    walk.prepare()
    (row,) = list_packages(walk.steward).rows
    assert (row.state, row.size, row.rows, row.made) == ("waiting", None, None, None)
    walk.work()
    (row,) = list_packages(walk.steward, "built", "access").rows
    assert row.size > 1000
    assert row.rows > 3
    assert row.reference == walk.row().reference
    assert row.request_id == walk.request_id
    walk.prepare()
    walk.work()
    assert sorted(each.state for each in list_packages(walk.steward).rows) == ["built", "expired"]  # made in one moment
    approvals.approve(walk.approver, RELEASE, walk.ask(), key=walk.key())
    walk.work()
    (row,) = list_packages(walk.steward, "released").rows
    assert row.expires - row.made <= timedelta(days=31)
    packages.fetch(walk.steward, walk.package_id, key=walk.key())
    (row,) = list_packages(walk.steward, "fetched").rows
    assert row.fetched_by == "Steward"
    assert row.fetched is not None
    told = json.dumps([asdict(each) for each in list_packages(walk.steward).rows], default=str)
    for word in ("Given", "marker", "example.com", walk.subject, walk.case_ref):
        assert word not in told


def test_the_filters_and_the_pages(walk, monkeypatch):
    walk.prepare()
    other = take_in(walk, walk.subject, 1)
    other.prepare()
    assert list_packages(walk.steward).total == 2
    reference = other.row().reference
    assert [each.reference for each in list_packages(walk.steward, search=reference.lower()).rows] == [reference]
    assert list_packages(walk.steward, right="portability").total == 0
    assert list_packages(walk.steward, search="nothing").rows == ()
    monkeypatch.setattr(exports, "PAGE", 1)
    first, second = list_packages(walk.steward), list_packages(walk.steward, page=2)
    assert first.total == second.total == 2
    assert first.rows[0].id != second.rows[0].id
    for wrong in ({"state": "lost"}, {"right": "erasure"}):
        with pytest.raises(Invalid):
            list_packages(walk.steward, **wrong)


def test_sealed_and_related_cases_are_left_out(walk):
    walk.prepare()
    dpo = desk_of(walk.store, Role.DPO, name="dpo")
    for who in ("dpo", "steward"):
        name_account(walk.store, who)
    cases.seal_to(dpo, walk.case_ref, ["account-dpo"], key=new_id())
    assert list_packages(walk.steward).total == 0
    assert list_packages(dpo).total == 1
    with walk.store.transaction() as tx:
        tx.run("people.relate", account_id="account-dpo", subject=walk.subject, relation="related")
        walk.store.commit(tx)
    assert list_packages(dpo).total == 0


def test_only_dpo_and_steward_look(store):
    for role in (Role.APPROVER, Role.MANAGER, Role.ANALYST, Role.MARKETER, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            list_packages(desk_of(store, role))


@pytest.fixture
def on_paper(walk):
    """Give a request whose answer was approved for a letter."""
    addresses.add(walk.steward, walk.case_ref, "post", "1 Sample Street\n10001 Sampletown", key=new_id())
    walk.prepare()
    walk.work()
    with walk.store.transaction() as tx:
        post = next(row["id"] for row in tx.rows("approvals.addresses", case_ref=walk.case_ref) if row["kind"] == "post")
    approvals.approve(walk.approver, RELEASE, walk.ask(address_id=post), confirmed=True, key=walk.key())
    walk.work()
    return walk


def only(walk, **asked):
    (row,) = list_packages(walk.steward, **asked).rows
    return row


@pytest.mark.parametrize("way", ["download", "link", "archive"])
def test_by_which_way_it_left_and_who_fetched_it(walk, way):
    name_account(walk.store, "steward")
    walk.released()
    if way == "download":
        packages.fetch(walk.steward, walk.package_id, key=new_id())
    elif way == "link":
        _, token, code = handed_out(walk)
        assert only(walk, way="open").ways[0].standing == "waiting"
        assert try_link(walk, token, code).content
    else:
        archive = archives.make(walk.steward, walk.package_id, channel="email", passphrase_channel="phone", key=new_id())
        archives.fetch(walk.steward, archive, key=new_id())
    row = only(walk, way=way)
    assert (row.left_by, row.state, row.fetched_by) == (way, "fetched", "the person" if way == "link" else "Steward")
    assert [(each.way, each.standing, each.made_by) for each in row.ways] == (
        [] if way == "download" else [(way, "fetched", "Steward")]
    )
    for other in set(exports.WAYS) - {way}:
        assert list_packages(walk.steward, way=other).total == 0


def test_what_left_on_paper(on_paper):
    archives.fetch_print(on_paper.steward, on_paper.package_id, key=new_id())
    assert only(on_paper, way="print").left_by == "print"


def test_a_revoked_link_is_told_with_its_day_and_a_mail_that_did_not_leave(walk):
    walk.released()
    way = made(walk, days=3)
    row = only(walk, way="open")
    assert (row.left_by, row.ways[0].expires - row.ways[0].made) == ("", timedelta(days=3))
    late = walk.at(walk.steward, desk_of(walk.store).now + timedelta(days=3))
    assert list_packages(late, way="open").total == 0, "its time is over"
    ways_out.revoke(walk.steward, way, key=new_id())
    row = only(walk, way="revoked")
    assert (row.ways[0].standing, row.ways[0].ended is not None, row.ways[0].mail) == ("revoked", True, "")
    assert list_packages(walk.steward, way="open").total == 0
    with pytest.raises(Invalid):
        list_packages(walk.steward, way="pigeon")
