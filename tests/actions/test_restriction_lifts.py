"""A restriction set on every system, what it stops, and its lifting by two after the person was told."""

from datetime import date, datetime, timedelta

import pytest

from core.actions import (
    carrying,
    cases,
    identity,
    imports,
    intake,
    letters,
    plans,
    requests,
    restriction_lifts,
    sending,
    stopping,
    suppression_list,
    suppressions,
)
from core.actions.act import act
from core.law.acts import Act
from core.law.errors import Conflict, Invalid, NotAllowed, NotPossible
from core.law.roles import Role
from core.store.engine import new_id
from tests.actions.conftest import MAIL, import_people, take_in
from tests.conftest import NOW, desk_of

HOUR = timedelta(hours=1)


@pytest.fixture
def walk(empty_walk):
    people = import_people(empty_walk.store, 2)
    return take_in(empty_walk, people[0])


def asked(walk):
    """Take in a restriction request of the walk's person, as far as its person is decided."""
    taken = intake.take_in(
        walk.steward, intake.Intake(("restriction",), "email", date(2026, 11, 20), email=MAIL.format(0), body="Wrong."),
        key=new_id(),
    )
    request = taken.requests[0][0]
    requests.start(walk.steward, request, version=1, key=new_id())
    decide(walk, taken.case_ref, walk.subject)
    identity.record(walk.checker, taken.case_ref, ["mail_held"], "proven", "", key=new_id())
    return walk.row(request)


def decide(walk, case_ref, subject):
    with walk.store.transaction() as tx:
        version = tx.one("cases.one", case_ref=case_ref)["version"]
    cases.decide_person(walk.steward, case_ref, subject, version=version, key=new_id())


def record(walk, request, **changes):
    given = {"ground": "18.1.a", "review_on": date(2027, 1, 20), "version": request["version"], "key": new_id()} | changes
    restriction_lifts.record_terms(walk.steward, request["id"], **given)


def carry(walk, request):
    """Plan the request and carry it out by the worker, as the page does."""
    plans.prepare_plan(
        walk.steward, request["id"], version=walk.row(request["id"])["version"], purpose="request", key=new_id())
    carrying.start(walk.steward, request["id"], version=walk.row(request["id"])["version"], key=new_id())
    walk.work()
    return walk.row(request["id"])


def set_restriction(walk, ground="18.1.a"):
    request = asked(walk)
    record(walk, request, ground=ground)
    done = carry(walk, request)
    assert done["state"] == "ready_to_send"
    return done


def entries(walk):
    return suppression_list.list_entries(walk.steward, "restriction")


def restricted(walk):
    with walk.store.transaction() as tx:
        return bool(tx.rows("people.standing_restrictions", subjects=[walk.subject]))


def dpo(walk, name="dpo", now=NOW):
    return desk_of(walk.store, Role.DPO, name=name, now=now)


def propose(walk):
    (row, *_) = entries(walk)
    return restriction_lifts.propose(dpo(walk), row["id"], "WHYMARKER checked", version=row["version"], key=new_id())


def tell(walk, request, now):
    letter = letters.draft(walk.at(walk.steward, now), request["case_ref"], "restriction_will_be_lifted", request["id"], key=new_id())
    letters.mark_sent(walk.at(walk.steward, now), letter, "email", now.date(), key=new_id())


def lift(walk, number, name="second", role=Role.APPROVER, at=4 * HOUR):
    restriction_lifts.lift(desk_of(walk.store, role, name=name, now=NOW + at), number, key=new_id())


def test_a_restriction_needs_its_ground_first(walk):
    request = asked(walk)
    with pytest.raises(NotPossible, match="ground"):
        plans.prepare_plan(walk.steward, request["id"], version=request["version"], purpose="request", key=new_id())
    for changes, refusal in (
        ({"ground": "18.1.x"}, Invalid), ({"review_on": date(2026, 11, 23)}, Invalid), ({"review_on": date(2028, 1, 1)}, Invalid),
        ({"version": 99}, Conflict),
    ):
        with pytest.raises(refusal):
            record(walk, request, **changes)


def test_what_is_restricted_is_not_edited_by_us_but_given_to_the_person(walk):
    set_restriction(walk)
    assert restricted(walk)
    update = imports.import_people(
        walk.steward, b"customer_id,given_name\nc0,Other\nc1,Other\n", update=True, key=new_id()
    )
    assert (update.changed, [row for row, _ in update.rejects]) == (1, [1])
    assert "four gateways" in update.rejects[0][1]
    plans.prepare(walk.steward, walk.request_id, version=walk.version, purpose="request", key=new_id())


def test_a_check_by_value_shows_the_restriction_of_whoever_alone_holds_it(walk):
    set_restriction(walk)
    found = suppression_list.check_one(walk.steward, "email", MAIL.format(0), purpose="request")
    assert [row["state"] for row in found.states] == ["restriction"]
    assert not suppression_list.check_one(walk.steward, "email", MAIL.format(1), purpose="request").suppressed


def test_it_is_lifted_by_a_second_person_after_the_notice_and_not_before(walk):
    request = set_restriction(walk)
    number = propose(walk)
    with pytest.raises(NotPossible, match="Tell the person first"):
        lift(walk, number)
    tell(walk, request, NOW + 2 * HOUR)
    with pytest.raises(NotAllowed):
        lift(walk, number, name="dpo", role=Role.DPO)
    with pytest.raises(NotAllowed):
        lift(walk, number, role=Role.STEWARD)
    with pytest.raises(NotPossible):
        lift(walk, number, at=HOUR)
    assert restricted(walk)
    lift(walk, number)
    assert not restricted(walk)
    assert entries(walk) == []
    with walk.store.transaction() as tx:
        log = str(tx.rows("log.all_rows", chain=walk.store.chain, first=0, last=500))
    assert "WHYMARKER" not in log


def test_a_notice_of_the_same_afternoon_counts_though_a_day_stands_for_its_noon(walk):
    request, afternoon = set_restriction(walk), NOW + 6 * HOUR
    (row, *_) = entries(walk)
    number = restriction_lifts.propose(dpo(walk, now=afternoon), row["id"], "checked", version=row["version"], key=new_id())
    tell(walk, request, afternoon + HOUR)
    lift(walk, number, at=8 * HOUR)
    assert not restricted(walk)


def test_lifting_one_leaves_the_others(walk):
    first = set_restriction(walk)
    set_restriction(walk, "18.1.c")
    row = next(each for each in entries(walk) if each["ground"] == "18.1.a")
    number = restriction_lifts.propose(dpo(walk), row["id"], "checked", version=row["version"], key=new_id())
    tell(walk, first, NOW + HOUR)
    lift(walk, number)
    assert [each["ground"] for each in entries(walk)] == ["18.1.c"]
    assert restricted(walk)


def test_a_kept_restriction_stands_and_may_be_proposed_again(walk):
    request = set_restriction(walk)
    number = propose(walk)
    with pytest.raises(NotPossible):
        propose(walk)
    with pytest.raises(NotAllowed, match="You proposed it"):
        restriction_lifts.keep(dpo(walk), number, key=new_id())
    restriction_lifts.keep(dpo(walk, "other"), number, key=new_id())
    assert restricted(walk)
    again = restriction_lifts.propose(
        dpo(walk, now=NOW + HOUR), entries(walk)[0]["id"], "anew", version=entries(walk)[0]["version"], key=new_id())
    tell(walk, request, NOW + 2 * HOUR)
    lift(walk, again)
    assert not restricted(walk)


@pytest.mark.parametrize("role", [Role.STEWARD, Role.APPROVER, Role.ADMINISTRATOR])
def test_only_a_dpo_proposes(walk, role):
    set_restriction(walk)
    with pytest.raises(NotAllowed):
        restriction_lifts.propose(desk_of(walk.store, role), entries(walk)[0]["id"], "x", version=1, key=new_id())


def test_an_erasure_ends_every_restriction_of_the_person(walk):
    request = set_restriction(walk)
    with act(walk.steward, Act.CASE_PERSON) as now:
        suppressions.after_erasure(walk.steward, now, walk.subject, request["case_ref"], wished=False)
    assert not restricted(walk)
    assert entries(walk) == []


def test_an_objection_is_never_lifted_as_a_restriction_is(walk):
    entry = suppression_list.add(
        walk.steward, "objection", "email", MAIL.format(0), since=date(2026, 11, 1), key=new_id())
    with pytest.raises(NotPossible, match="newer opt-in"):
        restriction_lifts.propose(dpo(walk), entry, "x", version=1, key=new_id())


def test_a_withdrawal_is_added_to_the_history_and_deletes_nothing(walk):
    lines = (
        "customer_id,purpose,channel,given,at,text_version,source\nc0,newsletter,email,true,2020-01-01T00:00:00,v1,form\n"
        "c0,survey,phone,false,2021-01-01T00:00:00,,\n"
    )
    imports.import_consents(walk.steward, lines.encode(), key=new_id())
    taken = intake.take_in(
        walk.steward, intake.Intake(("consent_withdrawal",), "email", date(2026, 11, 20), email="alias@example.net", body="x"),
        key=new_id(),
    )
    request = walk.row(taken.requests[0][0])
    requests.start(walk.steward, request["id"], version=1, key=new_id())
    decide(walk, taken.case_ref, walk.subject)
    assert carry(walk, request)["state"] == "ready_to_send"
    with walk.store.transaction() as tx:
        rows = tx.rows("people.consents_of", subject=walk.subject)
    assert [(row["purpose"], row["given"]) for row in rows] == [("newsletter", True), ("survey", False), ("newsletter", False)]
    assert rows[-1]["happened_at"] == datetime(2026, 11, 20, 11, 0)


def objection(walk, **typed):
    what = {"email": "alias@example.net", "body": "x"} | typed
    taken = intake.take_in(
        walk.steward, intake.Intake(("objection_marketing",), "email", date(2026, 11, 20), **what), key=new_id())
    requests.start(walk.steward, taken.requests[0][0], version=1, key=new_id())
    return taken, walk.row(taken.requests[0][0])


def test_an_objection_is_carried_out_for_all_the_person_holds_and_closed(walk):
    taken, request = objection(walk)
    decide(walk, taken.case_ref, walk.subject)
    request = carry(walk, request)
    assert suppression_list.check_one(walk.steward, "email", MAIL.format(0), purpose="request").suppressed
    letter = letters.draft(walk.steward, taken.case_ref, "objection_confirmed", request["id"], key=new_id())
    letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=new_id())
    sending.mark_sent(walk.steward, request["id"], "email", NOW.date(), version=request["version"], key=new_id())
    sending.close(
        walk.steward, request["id"], "fulfilled", version=walk.row(request["id"])["version"], key=new_id())
    assert walk.row(request["id"])["closing"] == "fulfilled"


def test_an_objection_of_somebody_nobody_knows_is_confirmed_and_closed(walk):
    taken, request = objection(walk)
    with pytest.raises(NotPossible, match="Search first"):
        stopping.confirm_for_nobody(walk.steward, request["id"], version=request["version"], key=new_id())
    decide(walk, taken.case_ref, None)
    stopping.confirm_for_nobody(walk.steward, request["id"], version=walk.row(request["id"])["version"], key=new_id())
    done = walk.row(request["id"])
    assert done["state"] == "ready_to_send"
    sending.mark_sent(walk.steward, done["id"], "email", NOW.date(), version=done["version"], key=new_id())


def test_an_objection_that_names_no_address_of_anybody_is_not_confirmed(walk):
    taken, request = objection(walk, email="", name="Marker")
    decide(walk, taken.case_ref, None)
    with pytest.raises(NotPossible, match="no address"):
        stopping.confirm_for_nobody(
            walk.steward, request["id"], version=walk.row(request["id"])["version"], key=new_id())


def test_an_objection_on_own_grounds_is_not_carried_out_as_a_restriction(walk):
    taken = intake.take_in(
        walk.steward, intake.Intake(("objection",), "email", date(2026, 11, 20), email="a@example.net", body="x"), key=new_id())
    request = taken.requests[0][0]
    requests.start(walk.steward, request, version=1, key=new_id())
    decide(walk, taken.case_ref, walk.subject)
    with pytest.raises(NotPossible, match="Only a request for restriction"):
        plans.prepare_plan(walk.steward, request, version=walk.row(request)["version"], purpose="request", key=new_id())

