"""A restriction set on every system, what it stops, and its lifting by two after the person was told."""

from datetime import date, datetime, timedelta

import pytest

from core.actions.answers import carrying, plans, requests, sending
from core.actions.answers.letters import letters
from core.actions.answers.restriction import restriction_lifts, stopping
from core.actions.cases import cases, identity, intake
from core.actions.desk.act import act
from core.actions.people import imports
from core.actions.suppression import suppression_entries, suppression_list, suppressions
from core.law.acts import Act
from core.law.errors import Conflict, Invalid, NotAllowed, NotPossible
from core.law.roles import Role
from core.store.engine import new_id
from tests.actions.conftest import MAIL, import_people, take_in
from tests.conftest import NOW, desk_of
from tests.grounds import ground

HOUR = timedelta(hours=1)


@ground("empty_walk")
def mine(empty_walk):
    people = import_people(empty_walk.store, 2)
    return take_in(empty_walk, people[0])


def asked(mine):
    """Take in a restriction request of the walk's person, as far as its person is decided."""
    taken = intake.take_in(
        mine.steward, intake.Intake(("restriction",), "email", date(2026, 11, 20), email=MAIL.format(0), body="Wrong."),
        key=new_id(),
    )
    request = taken.requests[0][0]
    requests.start(mine.steward, request, version=1, key=new_id())
    decide(mine, taken.case_ref, mine.subject)
    identity.record(mine.checker, taken.case_ref, ["mail_held"], "proven", "", key=new_id())
    return mine.row(request)


def decide(mine, case_ref, subject):
    with mine.store.transaction() as tx:
        version = tx.one("cases.one", case_ref=case_ref)["version"]
    cases.decide_person(mine.steward, case_ref, subject, version=version, key=new_id())


def record(mine, request, **changes):
    given = {"ground": "18.1.a", "review_on": date(2027, 1, 20), "version": request.version, "key": new_id()} | changes
    restriction_lifts.record_terms(mine.steward, request.id, **given)


def carry(mine, request):
    """Plan the request and carry it out by the worker, as the page does."""
    plans.prepare_plan(
        mine.steward, request.id, version=mine.row(request.id).version, purpose="request", key=new_id())
    carrying.start(mine.steward, request.id, version=mine.row(request.id).version, key=new_id())
    mine.work()
    return mine.row(request.id)


def set_restriction(mine, ground="18.1.a"):
    request = asked(mine)
    record(mine, request, ground=ground)
    done = carry(mine, request)
    assert done.state == "ready_to_send"
    return done


def entries(mine):
    return suppression_list.list_entries(mine.steward, suppression_list.Listed("restriction"))


def restricted(mine):
    with mine.store.transaction() as tx:
        return bool(tx.rows("people.standing_restrictions", subjects=[mine.subject]))


def dpo(mine, name="dpo", now=NOW):
    return desk_of(mine.store, Role.DPO, name=name, now=now)


def propose(mine):
    (row, *_) = entries(mine)
    return restriction_lifts.propose(dpo(mine), row["id"], "WHYMARKER checked", version=row["version"], key=new_id())


def tell(mine, request, now):
    letter = letters.draft(mine.at(mine.steward, now), request.case_ref, "restriction_will_be_lifted", request.id, key=new_id())
    letters.mark_sent(mine.at(mine.steward, now), letter, "email", now.date(), key=new_id())


def lift(mine, number, name="second", role=Role.APPROVER, at=4 * HOUR):
    restriction_lifts.lift(desk_of(mine.store, role, name=name, now=NOW + at), number, key=new_id())


def test_a_restriction_needs_its_ground_first(mine):
    request = asked(mine)
    with pytest.raises(NotPossible, match="ground"):
        plans.prepare_plan(mine.steward, request.id, version=request.version, purpose="request", key=new_id())
    for changes, refusal in (
        ({"ground": "18.1.x"}, Invalid), ({"review_on": date(2026, 11, 23)}, Invalid), ({"review_on": date(2028, 1, 1)}, Invalid),
        ({"version": 99}, Conflict),
    ):
        with pytest.raises(refusal):
            record(mine, request, **changes)


def test_what_is_restricted_is_not_edited_by_us_but_given_to_the_person(mine):
    set_restriction(mine)
    assert restricted(mine)
    update = imports.import_people(
        mine.steward, b"customer_id,given_name\nc0,Other\nc1,Other\n", update=True, key=new_id()
    )
    assert (update.changed, [row for row, _ in update.rejects]) == (1, [1])
    assert "four gateways" in update.rejects[0][1]
    plans.prepare(mine.steward, mine.request_id, version=mine.version, purpose="request", key=new_id())


def test_a_check_by_value_shows_the_restriction_of_whoever_alone_holds_it(mine):
    set_restriction(mine)
    found = suppression_list.check_one(mine.steward, "email", MAIL.format(0), purpose="request")
    assert [row["state"] for row in found.states] == ["restriction"]
    assert not suppression_list.check_one(mine.steward, "email", MAIL.format(1), purpose="request").suppressed


def test_it_is_lifted_by_a_second_person_after_the_notice_and_not_before(mine):
    request = set_restriction(mine)
    number = propose(mine)
    with pytest.raises(NotPossible, match="Tell the person first"):
        lift(mine, number)
    tell(mine, request, NOW + 2 * HOUR)
    with pytest.raises(NotAllowed):
        lift(mine, number, name="dpo", role=Role.DPO)
    with pytest.raises(NotAllowed):
        lift(mine, number, role=Role.STEWARD)
    with pytest.raises(NotPossible):
        lift(mine, number, at=HOUR)
    assert restricted(mine)
    lift(mine, number)
    assert not restricted(mine)
    assert entries(mine) == []
    with mine.store.transaction() as tx:
        log = str(tx.rows("log.all_rows", chain=mine.store.chain, first=0, last=500))
    assert "WHYMARKER" not in log


def test_a_notice_of_the_same_afternoon_counts_though_a_day_stands_for_its_noon(mine):
    request, afternoon = set_restriction(mine), NOW + 6 * HOUR
    (row, *_) = entries(mine)
    number = restriction_lifts.propose(dpo(mine, now=afternoon), row["id"], "checked", version=row["version"], key=new_id())
    tell(mine, request, afternoon + HOUR)
    lift(mine, number, at=8 * HOUR)
    assert not restricted(mine)


def test_lifting_one_leaves_the_others(mine):
    first = set_restriction(mine)
    set_restriction(mine, "18.1.c")
    row = next(each for each in entries(mine) if each["ground"] == "18.1.a")
    number = restriction_lifts.propose(dpo(mine), row["id"], "checked", version=row["version"], key=new_id())
    tell(mine, first, NOW + HOUR)
    lift(mine, number)
    assert [each["ground"] for each in entries(mine)] == ["18.1.c"]
    assert restricted(mine)


def test_a_kept_restriction_stands_and_may_be_proposed_again(mine):
    request = set_restriction(mine)
    number = propose(mine)
    with pytest.raises(NotPossible):
        propose(mine)
    with pytest.raises(NotAllowed, match="You proposed it"):
        restriction_lifts.keep(dpo(mine), number, key=new_id())
    restriction_lifts.keep(dpo(mine, "other"), number, key=new_id())
    assert restricted(mine)
    again = restriction_lifts.propose(
        dpo(mine, now=NOW + HOUR), entries(mine)[0]["id"], "anew", version=entries(mine)[0]["version"], key=new_id())
    tell(mine, request, NOW + 2 * HOUR)
    lift(mine, again)
    assert not restricted(mine)


@pytest.mark.parametrize("role", [Role.STEWARD, Role.APPROVER, Role.ADMINISTRATOR])
def test_only_a_dpo_proposes(mine, role):
    set_restriction(mine)
    with pytest.raises(NotAllowed):
        restriction_lifts.propose(desk_of(mine.store, role), entries(mine)[0]["id"], "x", version=1, key=new_id())


def test_an_erasure_ends_every_restriction_of_the_person(mine):
    request = set_restriction(mine)
    with act(mine.steward, Act.CASE_PERSON) as now:
        suppressions.after_erasure(mine.steward, now, mine.subject, request.case_ref, wished=False)
    assert not restricted(mine)
    assert entries(mine) == []


def test_an_objection_is_never_lifted_as_a_restriction_is(mine):
    entry = suppression_list.add(
        mine.steward, "objection", "email", MAIL.format(0), since=date(2026, 11, 1), key=new_id())
    with pytest.raises(NotPossible, match="newer opt-in"):
        restriction_lifts.propose(dpo(mine), entry, "x", version=1, key=new_id())


def test_a_withdrawal_is_added_to_the_history_and_deletes_nothing(mine):
    lines = (
        "customer_id,purpose,channel,given,at,text_version,source\nc0,newsletter,email,true,2020-01-01T00:00:00,v1,form\n"
        "c0,survey,phone,false,2021-01-01T00:00:00,,\n"
    )
    imports.import_consents(mine.steward, lines.encode(), key=new_id())
    taken = intake.take_in(
        mine.steward, intake.Intake(("consent_withdrawal",), "email", date(2026, 11, 20), email="alias@example.net", body="x"),
        key=new_id(),
    )
    request = mine.row(taken.requests[0][0])
    requests.start(mine.steward, request.id, version=1, key=new_id())
    decide(mine, taken.case_ref, mine.subject)
    assert carry(mine, request).state == "ready_to_send"
    with mine.store.transaction() as tx:
        rows = tx.rows("people.consents_of", subject=mine.subject)
    assert [(row["purpose"], row["given"]) for row in rows] == [("newsletter", True), ("survey", False), ("newsletter", False)]
    assert rows[-1]["happened_at"] == datetime(2026, 11, 20, 11, 0)


def objection(mine, **typed):
    what = {"email": "alias@example.net", "body": "x"} | typed
    taken = intake.take_in(
        mine.steward, intake.Intake(("objection_marketing",), "email", date(2026, 11, 20), **what), key=new_id())
    requests.start(mine.steward, taken.requests[0][0], version=1, key=new_id())
    return taken, mine.row(taken.requests[0][0])


def test_an_objection_is_carried_out_for_all_the_person_holds_and_closed(mine):
    taken, request = objection(mine)
    decide(mine, taken.case_ref, mine.subject)
    request = carry(mine, request)
    assert suppression_list.check_one(mine.steward, "email", MAIL.format(0), purpose="request").suppressed
    letter = letters.draft(mine.steward, taken.case_ref, "objection_confirmed", request.id, key=new_id())
    letters.mark_sent(mine.steward, letter, "email", NOW.date(), key=new_id())
    sending.mark_sent(mine.steward, request.id, "email", NOW.date(), version=request.version, key=new_id())
    sending.close(
        mine.steward, request.id, "fulfilled", version=mine.row(request.id).version, key=new_id())
    assert mine.row(request.id).closing == "fulfilled"


def test_an_objection_of_somebody_nobody_knows_is_confirmed_and_closed(mine):
    taken, request = objection(mine)
    with pytest.raises(NotPossible, match="Search first"):
        stopping.confirm_for_nobody(mine.steward, request.id, version=request.version, key=new_id())
    decide(mine, taken.case_ref, None)
    stopping.confirm_for_nobody(mine.steward, request.id, version=mine.row(request.id).version, key=new_id())
    done = mine.row(request.id)
    assert done.state == "ready_to_send"
    sending.mark_sent(mine.steward, done.id, "email", NOW.date(), version=done.version, key=new_id())


def test_an_objection_that_names_no_address_of_anybody_is_not_confirmed(mine):
    taken, request = objection(mine, email="", name="Marker")
    decide(mine, taken.case_ref, None)
    with pytest.raises(NotPossible, match="no address"):
        stopping.confirm_for_nobody(
            mine.steward, request.id, version=mine.row(request.id).version, key=new_id())


def test_an_objection_on_own_grounds_is_not_carried_out_as_a_restriction(mine):
    taken = intake.take_in(
        mine.steward, intake.Intake(("objection",), "email", date(2026, 11, 20), email="a@example.net", body="x"), key=new_id())
    request = taken.requests[0][0]
    requests.start(mine.steward, request, version=1, key=new_id())
    decide(mine, taken.case_ref, mine.subject)
    with pytest.raises(NotPossible, match="no plan of this kind"):
        plans.prepare_plan(mine.steward, request, version=mine.row(request).version, purpose="request", key=new_id())



PASSED = datetime(2027, 1, 21, 9)


def test_a_review_date_that_passed_is_told_and_lifts_nothing(mine):
    set_restriction(mine)
    assert restriction_lifts.reviews_due(dpo(mine)) == []
    (due,) = restriction_lifts.reviews_due(dpo(mine, now=PASSED))
    assert due.review_on == date(2027, 1, 20)
    assert restricted(mine)
    (row,) = entries(mine)
    assert (due.entry_id, due.version) == (row["id"], row["version"])


def test_a_restriction_that_stands_on_is_looked_at_again_on_its_new_day(mine):
    set_restriction(mine)
    (due,) = restriction_lifts.reviews_due(dpo(mine, now=PASSED))
    later = {"version": due.version, "key": new_id()}
    for wrong in (PASSED.date(), PASSED.date() + timedelta(days=367)):
        with pytest.raises(Invalid):
            restriction_lifts.review_later(dpo(mine, now=PASSED), due.entry_id, wrong, "WHYMARKER checked", **later)
    with pytest.raises(Invalid):
        restriction_lifts.review_later(dpo(mine, now=PASSED), due.entry_id, date(2027, 3, 1), " ", **later)
    with pytest.raises(NotAllowed):
        restriction_lifts.review_later(mine.at(mine.steward, PASSED), due.entry_id, date(2027, 3, 1), "WHYMARKER", **later)
    restriction_lifts.review_later(dpo(mine, now=PASSED), due.entry_id, date(2027, 3, 1), "WHYMARKER checked", **later)
    assert restriction_lifts.reviews_due(dpo(mine, now=PASSED)) == []
    assert restricted(mine)
    opened = suppression_entries.open_entry(mine.at(mine.steward, PASSED), due.entry_id)
    assert [(each.code, each.words, each.day) for each in opened.events if each.code == "reviewed"] == [
        ("reviewed", "WHYMARKER checked", date(2027, 3, 1))
    ]


def test_what_is_proposed_for_lifting_is_not_due_and_not_put_off(mine):
    set_restriction(mine)
    propose(mine)
    assert restriction_lifts.reviews_due(dpo(mine, now=PASSED)) == []
    (row,) = entries(mine)
    with pytest.raises(NotPossible, match="decided first"):
        restriction_lifts.review_later(
            dpo(mine, now=PASSED), row["id"], date(2027, 3, 1), "WHYMARKER", version=row["version"], key=new_id()
        )
