"""The plan of an export: every field of every system of the catalogue, with no silent gap."""

import pytest

from core.actions.answers import plans, sending
from core.actions.answers.letters import letters
from core.actions.answers.packages import packages
from core.actions.answers.planned import Item, PlanBody
from core.actions.cases import intake
from core.connectors import registered
from core.connectors.catalogue import catalogue
from core.connectors.local import Local
from core.law.errors import Conflict, Invalid, NotAllowed, NotPossible, SourceUnavailable
from core.law.roles import Role
from core.law.ways import Ruling
from core.store.engine import Store, new_id
from tests.actions.approving import approve_letter
from tests.actions.conftest import import_people, take_in
from tests.actions.in_one_piece import in_one_piece
from tests.conftest import NOW, desk_of


def test_the_plan_covers_the_whole_catalogue_and_the_desk_comes_first(walk):
    walk.prepare()
    plan = plans.open_plan(walk.steward, walk.request_id)
    told = [(s.code, t.table, f.column) for s in plan.systems for t in s.tables for f in t.fields]
    assert sorted(told) == sorted((f.system, f.table, f.column) for f in catalogue().fields)
    assert plan.systems[0].code == "desk"
    counts = {(t.table, f.column): f.found for s in plan.systems for t in s.tables for f in t.fields}
    assert counts["profiles", "city"] == 1
    assert counts["profiles", "language"] == 0
    assert counts["events", "detail"] == 0
    assert plan.whole


class Silent(Local):
    def export(self, tx, may):
        raise SourceUnavailable("It does not answer.")


@pytest.mark.parametrize("state", ["failed", "not_connected"])
def test_a_system_that_is_missing_is_named_and_the_request_ends_as_partly_fulfilled(walk, monkeypatch, state):
    if state == "failed":
        monkeypatch.setitem(registered.CONNECTORS, "local", Silent)
    else:
        monkeypatch.delitem(registered.CONNECTORS, "local")
    walk.fetched()
    plan = plans.open_plan(walk.steward, walk.request_id)
    assert {each.code: each.state for each in plan.systems} == {"desk": "found", "local": state}
    assert not plan.whole
    with pytest.raises(NotPossible, match="partly answered"):
        sending.mark_sent(walk.steward, walk.request_id, "email", NOW.date(), version=walk.version, key=walk.key())
    letter = letters.draft(walk.steward, walk.case_ref, "partly_answered", walk.request_id, key=walk.key())
    (drafted,) = letters.list_letters(walk.steward, walk.case_ref)
    title = next(each.title for each in plan.systems if each.code == "local")
    without = {
        "reasons": drafted.text.replace(title, "it"), "complaint": drafted.text.replace("supervisory", ""),
        "remedy": drafted.text.replace("judicial remedy", "remedy"),
    }
    for body in without.values():
        in_one_piece(walk.store, letter, body)
        with pytest.raises(NotPossible, match="lacks"):  # where its approval is asked, or at the latest where it goes out
            approve_letter(walk.steward, letter, walk.approver)
            letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=walk.key())
    in_one_piece(walk.store, letter, drafted.text)
    with pytest.raises(NotAllowed, match="approves this letter"):
        letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=walk.key())
    approve_letter(walk.steward, letter, walk.approver)
    letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=walk.key())
    sending.mark_sent(walk.steward, walk.request_id, "email", NOW.date(), version=walk.version, key=walk.key())
    with pytest.raises(NotPossible, match="partly"):
        sending.close(walk.steward, walk.request_id, "fulfilled", version=walk.version, key=walk.key())
    sending.close(walk.steward, walk.request_id, "partly_fulfilled", version=walk.version, key=walk.key())


def test_what_must_be_true_before_a_plan(empty_walk):
    people = import_people(empty_walk.store, 1)
    walk = take_in(empty_walk, people[0], proven=False)
    with pytest.raises(NotPossible, match="who is asking"):
        walk.prepare()
    other = take_in(empty_walk, None)
    with pytest.raises(NotPossible, match="which person"):
        other.prepare()


def test_roles_purpose_and_version(walk):
    for role in (Role.APPROVER, Role.MANAGER, Role.ANALYST, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            plans.prepare(
                desk_of(walk.store, role), walk.request_id, version=walk.version, purpose="request", key=new_id()
            )
    with pytest.raises(Invalid, match="purpose"):
        plans.prepare(walk.steward, walk.request_id, version=walk.version, purpose="curiosity", key=new_id())
    with pytest.raises(Conflict):
        plans.prepare(walk.steward, walk.request_id, version=walk.version + 1, purpose="request", key=new_id())


def test_the_same_command_prepares_once_and_a_new_one_replaces_the_package(walk):
    key, version = walk.key(), walk.version
    first = plans.prepare(walk.steward, walk.request_id, version=version, purpose="request", key=key)
    assert plans.prepare(walk.steward, walk.request_id, version=version, purpose="request", key=key) == first
    assert walk.work() == 1
    old = walk.package_id
    walk.prepare()
    walk.work()
    assert walk.package_id != old
    with walk.store.transaction() as tx:
        assert tx.one("packages.one", id=old)["state"] == "expired"
        assert tx.one("packages.content", id=old)["content"] is None
    assert packages.state(walk.steward, walk.request_id).state == "built"


def test_a_restricted_persons_own_request_is_a_gateway_and_is_entered(walk, entries):
    with walk.store.transaction() as tx:
        Local(walk.store).restrict(tx, walk.subject, "18.1.a", None, NOW)
        walk.store.commit(tx)
    walk.prepare()
    assert "18.2.consent" in [row for row in entries() if row["act"] == "export.prepare"][-1]["details"]


def test_one_who_is_related_is_kept_apart(walk):
    with walk.store.transaction() as tx:
        tx.run("people.relate", account_id="account-steward", subject=walk.subject, relation="related")
        walk.store.commit(tx)
    with pytest.raises(NotAllowed, match="close to you"):
        walk.prepare()


def test_a_plan_refuses_as_soon_as_one_thing_elsewhere_is_kept_back():
    def ruling(*items: Item) -> Ruling:
        return PlanBody((), items, "").ruling

    stopped = Item("local", "events", "What happened", 3, "restrict")
    assert ruling(stopped, Item("desk", "cases", "The request file", 1, "retain")) is Ruling.GRANTED
    assert ruling(stopped, Item("local", "events", "What happened", 0, "retain")) is Ruling.GRANTED, "nothing is there"
    assert ruling(stopped, Item("local", "events", "What happened", 1, "mask")) is Ruling.REFUSED
    assert ruling(stopped, Item("local", "consents", "Consents", 1, "retain")) is Ruling.REFUSED


def test_a_live_desk_builds_no_package_from_the_sample_catalogue(tmp_path):
    live = Store.create(tmp_path / "live.duckdb", "live", NOW)
    try:
        desk = desk_of(live, Role.STEWARD)
        taken = intake.take_in(desk, intake.Intake(
            ("access",), "email", NOW.date(), email="marker@example.com", body="words"
        ), key=new_id())
        request = taken.requests[0][0]
        with pytest.raises(NotPossible, match="RIGHTSDESK_CATALOGUE") as told:
            plans.prepare(desk, request, version=1, purpose="request", key=new_id())
        assert "sample data catalogue" in str(told.value)
        with live.transaction() as tx:
            assert tx.one("requests.one", id=request)["plan_id"] is None
    finally:
        live.close()
