"""Corrections: proposed, proven, approved by another person, re-keyed with all that hangs on them, and closed."""

from datetime import date, datetime, timedelta

import pytest

from core.actions.answers import approvals
from core.actions.answers.plan_approvals import PLAN
from core.actions.answers.rectification import rectification_trail, rectifications
from core.actions.answers.rectification.rectifications import ANOTHERS
from core.actions.cases import cases
from core.actions.people import imports, people
from core.actions.suppression import suppressions
from core.connectors.local import Local
from core.connectors.suppressed import standing, tokens
from core.law.acts import Act
from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.rights.suppression import Legal
from core.law.roles import Role
from core.store.engine import new_id
from tests.actions.conftest import IMPORTED, MAIL, hold_role
from tests.actions.correcting import LATER, disclosed, take_in
from tests.conftest import NOW, desk_of
from tests.grounds import ground
from tests.permits import own

NEW = "marker-new@example.com"
OLD = MAIL.format(1)


@ground("three_people", "empty_walk")
def correction_asked(three_people, empty_walk):
    return take_in(empty_walk, "rectification", three_people[1], 1)


def object_to_marketing(walk, subject, number=1):
    """Let the person object to marketing from their old address, and be found."""
    from core.actions.cases import intake

    return intake.take_in(
        walk.steward,
        intake.Intake(("objection_marketing",), "email", date(2026, 11, 20), email=MAIL.format(number), body="stop"),
        key=new_id(),
    ).case_ref


def suppressed(store, value, kind="email"):
    with store.transaction() as tx:
        return {(row["state"], row["purpose"], row["channel"]) for row in standing(tx, tokens(store, kind, value), NOW.date())}


def consent(walk, number, at="2025-11-01T10:00:00"):
    content = f"customer_id,purpose,channel,given,at,text_version,source\nc{number},newsletter,email,true,{at},v1,web\n"
    imports.import_consents(walk.steward, content.encode(), key=new_id())


def test_a_changed_address_is_carried_out_with_everything_that_hangs_on_it(correction_asked, three_people, entries):
    consent(correction_asked, 1)
    disclosed(correction_asked, correction_asked.subject, "Marker Carrier", "Marker Bank")
    correction_asked.propose("email", NEW)
    correction_asked.prove("code_new")
    correction_asked.corrected()
    assert correction_asked.state == "ready_to_send"
    assert correction_asked.held()["email"] == NEW
    assert {each.subject_ref for each in people.find(correction_asked.steward, NEW, purpose="request").exact} == {three_people[1]}
    assert people.find(correction_asked.steward, OLD, purpose="request").exact == ()
    seen = correction_asked.state_of_points()
    assert [(point.old, point.new, point.state) for point in seen.points] == [(OLD, NEW, "done")]
    assert seen.notice is not None
    assert seen.notice.letter_id is not None
    assert not [row for row in entries() if OLD in str(row) or NEW in str(row) or "WHYPROOF" in str(row)]
    ends = [row for row in entries() if row["act"] == "carrying.end" and "email" in str(row["details"])]
    assert ends, "the field's name stands in the log"


def test_an_objection_follows_to_the_new_address_and_the_old_one_stays_suppressed(correction_asked):
    object_to_marketing(correction_asked, correction_asked.subject)
    before = suppressed(correction_asked.store, OLD)
    assert {state for state, _, _ in before} == {Legal.OBJECTION}
    correction_asked.propose("email", NEW)
    correction_asked.prove("code_new")
    correction_asked.corrected()
    assert suppressed(correction_asked.store, NEW) == before
    assert suppressed(correction_asked.store, OLD) == before


def test_a_correction_that_would_leave_the_objection_behind_changes_nothing(correction_asked, monkeypatch):
    object_to_marketing(correction_asked, correction_asked.subject)
    correction_asked.propose("email", NEW)
    correction_asked.prove("code_new")
    correction_asked.plan()
    correction_asked.approve()
    monkeypatch.setattr(suppressions, "copy_to", lambda *_args: 0)
    for hours in range(1, 12):
        correction_asked.carry(NOW + timedelta(hours=hours))
    assert correction_asked.held()["email"] == OLD
    assert correction_asked.state == "in_progress"
    assert [each.state for each in correction_asked.carryings() if each.system == "local"] == ["failed"]


def test_consents_stay_the_persons_under_the_new_number(correction_asked):
    consent(correction_asked, 1)
    correction_asked.propose("customer_id", "c1-new")
    correction_asked.prove("document")
    correction_asked.corrected()
    with correction_asked.store.transaction() as tx:
        (row,) = tx.rows("people.by_customer", customers=["c1-new"])
        assert row["subject_ref"] == correction_asked.subject
        assert tx.rows("people.by_customer", customers=["c1"]) == []
        assert [each["given"] for each in tx.rows("people.consents_of", subject=correction_asked.subject)] == [True]


def test_a_restriction_stays_over_a_changed_identifier(correction_asked):
    from core.connectors.local import Local

    with correction_asked.store.transaction() as tx:
        Local(correction_asked.store).restrict(tx, correction_asked.subject, "18.1.a", None, NOW)
        correction_asked.store.commit(tx)
    correction_asked.propose("email", NEW)
    correction_asked.prove("code_new")
    correction_asked.corrected()
    assert correction_asked.held()["email"] == NEW
    with correction_asked.store.transaction() as tx:
        assert tx.rows("people.standing_restrictions", subjects=[correction_asked.subject])


@pytest.mark.parametrize(("field", "value"), [("email", MAIL.format(2)), ("email", MAIL.format(2).upper()), ("customer_id", "c2")])
def test_another_persons_value_stops_and_waits_for_a_human(correction_asked, field, value):
    done = correction_asked.propose(field, value)
    assert done.waits
    correction_asked.prove("code_new", "document")
    with pytest.raises(NotPossible) as told:
        correction_asked.plan()
    assert str(told.value) == ANOTHERS
    assert value not in str(told.value)


def test_two_may_share_an_address_only_where_another_person_decides_so(correction_asked, three_people):
    (change,) = correction_asked.propose("email", MAIL.format(2)).ids
    correction_asked.prove("code_new")
    decider = correction_asked.at(correction_asked.approver, NOW)
    with pytest.raises(NotAllowed):
        rectifications.decide_shared(correction_asked.steward, change, "one household", key=new_id())
    rectifications.decide_shared(decider, change, "one household", key=new_id())
    correction_asked.corrected()
    found = people.find(correction_asked.steward, MAIL.format(2), purpose="request").exact
    assert {each.subject_ref for each in found} == {three_people[1], three_people[2]}
    assert all(each.shared for each in found)


def test_a_number_is_never_shared(correction_asked):
    (change,) = correction_asked.propose("customer_id", "c2").ids
    with pytest.raises(NotPossible):
        rectifications.decide_shared(correction_asked.approver, change, "one household", key=new_id())


def test_a_value_that_became_anothers_after_the_approval_is_not_carried_out(correction_asked):
    correction_asked.propose("email", NEW)
    correction_asked.prove("code_new")
    correction_asked.plan()
    correction_asked.approve()
    imports.import_people(correction_asked.steward, f"customer_id,email\nc99,{NEW}\n".encode(), key=new_id())
    for hours in range(1, 12):
        correction_asked.carry(NOW + timedelta(hours=hours))
    assert correction_asked.held()["email"] == OLD
    assert correction_asked.state == "in_progress"


def test_giving_up_a_shared_address_leaves_it_to_the_other_person(empty_walk, three_people):
    imports.import_people(empty_walk.steward, f"customer_id,email\nc50,{OLD}\n".encode(), key=new_id())
    correction_asked = take_in(empty_walk, "rectification", three_people[1], 1, "signed_in")
    object_to_marketing(correction_asked, correction_asked.subject)
    correction_asked.propose("email", NEW)
    correction_asked.prove("code_new")
    correction_asked.corrected()
    (left,) = people.find(correction_asked.steward, OLD, purpose="request").exact
    assert (left.source_id, left.shared) == ("c50", False)
    assert suppressed(correction_asked.store, OLD)


def test_another_spelling_is_no_changed_identifier(correction_asked):
    correction_asked.propose("email", OLD.upper())
    (point,) = correction_asked.state_of_points().points
    assert not point.rekeys
    correction_asked.corrected()
    assert correction_asked.held()["email"] == OLD.upper()
    assert correction_asked.state_of_points().notice is None
    assert people.find(correction_asked.steward, OLD, purpose="request").exact


def test_a_changed_identifier_needs_its_proof(correction_asked):
    correction_asked.propose("email", NEW)
    with pytest.raises(NotPossible, match="reaches the person"):
        correction_asked.plan()
    correction_asked.prove("document")
    with pytest.raises(NotPossible, match="reaches the person"):
        correction_asked.plan()
    correction_asked.prove("code_new")
    correction_asked.plan()


def test_a_proof_of_an_earlier_value_proves_no_later_one(correction_asked):
    correction_asked.propose("email", "marker-first@example.com")
    correction_asked.prove("code_new")
    later = correction_asked.at(correction_asked.steward, NOW + timedelta(minutes=1))
    rectifications.propose(later, correction_asked.request_id, "email", NEW, version=correction_asked.version, key=new_id())
    with pytest.raises(NotPossible):
        correction_asked.plan()


def test_the_second_person_is_neither_planner_nor_proposer_nor_prover(correction_asked, entries):
    hold_role(correction_asked.store, "account-steward", __import__("core.law.roles", fromlist=["Role"]).Role.APPROVER)
    correction_asked.propose("email", NEW)
    prover = correction_asked.at(correction_asked.approver, NOW)
    from core.actions.desk.desk import Desk, Person
    from core.law.roles import Role

    both = Desk(correction_asked.store, Person(
        prover.person.account_id, prover.person.actor_ref, "approver", frozenset({Role.APPROVER, Role.STEWARD}),
        prover.person.sign_in_ref, "", prover.person.stepped_up_until,
    ), NOW)
    rectifications.record_proof(both, correction_asked.request_id, ["code_new"], version=correction_asked.version, key=new_id())
    correction_asked.plan()
    for worker in (correction_asked.approver, correction_asked.steward):
        with pytest.raises(Invalid, match="did not work on it"):
            correction_asked.ask_plan(approver_id=worker.person.account_id)
    hold_role(correction_asked.store, "account-another", Role.APPROVER)
    approval = correction_asked.ask_plan(approver_id="account-another")
    with pytest.raises(NotAllowed):
        approvals.approve(both, PLAN, approval, key=new_id())
    with pytest.raises(NotAllowed):
        approvals.approve(correction_asked.steward, PLAN, approval, key=new_id())
    assert correction_asked.held()["email"] == OLD


def test_a_new_value_after_the_approval_was_asked_goes_back(correction_asked):
    correction_asked.propose("city", "Newtown")
    correction_asked.plan()
    approval = correction_asked.ask_plan()
    with pytest.raises(NotPossible):
        correction_asked.propose("city", "Othertown")
    with correction_asked.store.transaction() as tx:
        tx._cursor.execute("update rectifications set finding = 'incomplete'")
        correction_asked.store.commit(tx)
    with pytest.raises(NotPossible, match="changed"):
        correction_asked.approve(approval)
    assert correction_asked.state == "in_progress"


def test_a_birth_date_across_the_age_limit_flags_the_consents_given_under_it(correction_asked, three_people):
    consent(correction_asked, 1, "2025-11-01T10:00:00")
    consent(correction_asked, 1, "2026-03-01T10:00:00")
    correction_asked.propose("birth_date", "2010-01-15")
    correction_asked.prove("document")
    correction_asked.corrected()
    flags = correction_asked.state_of_points().flags
    assert [(flag.given_on, flag.age_limit) for flag in flags] == [(datetime(2025, 11, 1, 10), 16)]
    with correction_asked.store.transaction() as tx:
        assert tx.rows("rectification.flags", subject=three_people[2]) == []


def test_a_birth_date_that_crosses_no_limit_flags_nothing(correction_asked):
    consent(correction_asked, 1)
    correction_asked.propose("birth_date", "2 Jan 1981")
    correction_asked.prove("register")
    correction_asked.corrected()
    assert correction_asked.state_of_points().flags == ()
    assert correction_asked.held()["birth_date"] == "1981-01-02"


def test_the_answer_the_notice_and_the_ending_hold_each_other(correction_asked):
    correction_asked.propose("email", NEW)
    correction_asked.prove("code_new")
    with pytest.raises(NotPossible):
        correction_asked.letter("rectified")
    correction_asked.corrected()
    with pytest.raises(NotPossible, match="letter"):
        correction_asked.close()
    correction_asked.letter("rectified")
    with pytest.raises(NotPossible, match="old address"):
        correction_asked.close()
    notice = correction_asked.state_of_points().notice
    rectification_trail.explain_no_notice(
        correction_asked.steward, correction_asked.request_id, "WHYNOTICE", version=notice.version, key=new_id()
    )
    with pytest.raises(NotPossible, match="fulfilled"):
        correction_asked.close("refused")
    correction_asked.close()
    assert correction_asked.row().closing == "fulfilled"


def test_a_further_column_is_corrected_whatever_the_company_calls_it(empty_walk, entries):
    content = f"customer_id,email,Favourite Colour (ä)\nc9,{MAIL.format(9)},marker blue\n".encode()
    imports.import_people(desk_of(empty_walk.store, Role.STEWARD, now=IMPORTED), content, key=new_id())
    with empty_walk.store.transaction() as tx:
        (row,) = tx.rows("people.by_customer", customers=["c9"])
    mine = take_in(empty_walk, "rectification", row["subject_ref"], 9)
    field = "attribute:Favourite Colour (ä)"
    mine.propose(field, "red")
    mine.corrected()
    assert mine.held()[field] == "red"
    assert "Favourite" not in str(entries())


def test_an_opinion_stays_and_the_refusal_names_its_reason(correction_asked):
    with pytest.raises(Invalid, match="why"):
        correction_asked.propose("attribute:colour", "blue", finding="opinion")
    correction_asked.propose("attribute:colour", finding="opinion", reason="It is what the adviser thought")
    correction_asked.corrected()
    assert correction_asked.held()["attribute:colour"] == "marker0001x"
    letter = correction_asked.letter("not_rectified")
    from core.actions.answers.letters import letters

    (text,) = [each.text for each in letters.list_letters(correction_asked.steward, correction_asked.case_ref) if each.id == letter]
    for part in ("It is what the adviser thought", "Article 77", "Article 79", "supplementary statement"):
        assert part in text
    correction_asked.close("refused")


def test_a_statement_is_part_of_every_later_copy(correction_asked):
    correction_asked.propose("city", finding="accurate", reason="The register says so")
    rectifications.propose_statement(
        correction_asked.steward, correction_asked.request_id, "STATEMENTWORDS", version=correction_asked.version, key=new_id()
    )
    correction_asked.corrected()
    assert "STATEMENTWORDS" in correction_asked.held().values()
    correction_asked.letter("partly_rectified")
    correction_asked.close("partly_fulfilled")


def test_a_plain_field_needs_no_proof_and_warns_nobody(correction_asked, three_people, empty_walk):
    correction_asked.propose("city", "Newtown")
    correction_asked.corrected()
    assert correction_asked.held()["city"] == "Newtown"
    assert correction_asked.state_of_points().notice is None
    access = take_in(empty_walk, "access", three_people[1], 1)
    assert rectification_trail.recent_change(access.steward, access.request_id) is None


@pytest.mark.parametrize(("days", "warned"), [(0, True), (90, True), (91, False)])
@pytest.mark.parametrize("kind", ["access", "erasure"])
def test_an_access_or_erasure_within_ninety_days_is_shown_with_a_warning(correction_asked, empty_walk, three_people, kind, days, warned):
    correction_asked.propose("email", NEW)
    correction_asked.prove("code_new")
    correction_asked.corrected()
    later = take_in(empty_walk, kind, three_people[1], 1, "signed_in")
    found = rectification_trail.recent_change(later.at(later.steward, LATER + timedelta(days=days)), later.request_id)
    assert bool(found) is warned
    if found:
        assert found.fields == ("email",)
    other = take_in(empty_walk, kind, three_people[2], 2)
    assert rectification_trail.recent_change(other.steward, other.request_id) is None


def test_values_are_masked_until_they_are_shown_and_each_showing_is_entered(correction_asked, entries):
    correction_asked.propose("email", NEW)
    seen = rectification_trail.open_correction(correction_asked.steward, correction_asked.request_id)
    assert OLD not in str(seen)
    assert NEW not in str(seen)
    before = len([row for row in entries() if row["act"] == Act.RECTIFY_OPEN.value])
    assert before == 0
    correction_asked.state_of_points()
    assert len([row for row in entries() if row["act"] == Act.RECTIFY_OPEN.value]) == 1


def test_an_approver_who_was_not_asked_sees_nothing(correction_asked):
    correction_asked.propose("email", NEW)
    with pytest.raises(NotAllowed):
        rectification_trail.open_correction(correction_asked.approver, correction_asked.request_id)
    correction_asked.prove("code_new")
    correction_asked.plan()
    correction_asked.ask_plan()
    seen = rectification_trail.open_correction(correction_asked.approver, correction_asked.request_id, shown=True)
    assert [(point.old, point.new) for point in seen.points] == [(OLD, NEW)]


@pytest.mark.parametrize(("field", "value"), [
    ("email", "no address"), ("birth_date", "20260231"), ("birth_date", "2099-01-01"), ("customer_id", ""),
    ("shoe_size", "42"), ("city", "x" * 1001), ("city", "a\0b"), ("email", OLD), ("h", "1"),
    ("attribute:typed words", "x"),
])
def test_what_cannot_be_written_is_refused_without_its_value(correction_asked, field, value):
    with pytest.raises(Invalid) as told:
        correction_asked.propose(field, value)
    assert not value or value not in str(told.value)


def test_corrections_belong_to_requests_for_correction_in_progress(correction_asked, empty_walk, three_people):
    access = take_in(empty_walk, "access", three_people[2], 2)
    with pytest.raises(NotPossible):
        access.propose("city", "Newtown")
    correction_asked.propose("city", "Newtown")
    correction_asked.corrected()
    with pytest.raises(NotPossible):
        correction_asked.propose("city", "Newtown")


def test_a_form_sent_twice_is_one_proposal(correction_asked):
    key = new_id()
    first, second = (
        rectifications.propose(correction_asked.steward, correction_asked.request_id, "city", "Newtown", version=correction_asked.version, key=key)
        for _ in range(2)
    )
    assert first == second
    assert len(correction_asked.state_of_points().points) == 1


def test_a_later_proposal_replaces_the_earlier_and_one_can_be_taken_back(correction_asked):
    correction_asked.propose("city", "Newtown")
    (change,) = correction_asked.propose("city", "Othertown").ids
    assert [point.new for point in correction_asked.state_of_points().points] == ["Othertown"]
    rectifications.withdraw(correction_asked.steward, change, key=new_id())
    assert correction_asked.state_of_points().points == ()
    with pytest.raises(NotPossible):
        correction_asked.plan()


def test_own_and_related_people_are_kept_apart(correction_asked):
    people.relate(correction_asked.steward, correction_asked.subject, "related", key=new_id())
    for attempt in (lambda: correction_asked.propose("city", "x"), correction_asked.state_of_points):
        with pytest.raises(NotAllowed):
            attempt()


FURTHER = "marker-further@example.com"


def test_one_of_several_addresses_gives_way_and_the_others_stay(correction_asked):
    """Nothing that a person holds is lost because another value beside it was wrong."""
    correction_asked.propose("email", FURTHER, place=1)
    correction_asked.prove("code_new")
    correction_asked.corrected()
    assert sorted(correction_asked.held()["email"].split("\n")) == sorted([FURTHER, OLD])


def test_a_further_address_of_somebody_who_objected_is_stopped_too(correction_asked):
    object_to_marketing(correction_asked, correction_asked.subject)
    with correction_asked.store.transaction() as tx:
        case = tx._cursor.execute("select case_ref from suppressions").fetchone()[0]
    with correction_asked.store.transaction() as tx:
        version = tx.one("cases.one", case_ref=case)["version"]
    cases.decide_person(correction_asked.steward, case, correction_asked.subject, version=version, key=new_id())
    correction_asked.propose("email", FURTHER, place=1)
    correction_asked.prove("code_new")
    correction_asked.corrected()
    assert suppressed(correction_asked.store, FURTHER) == suppressed(correction_asked.store, OLD) != set()


def test_which_of_several_must_be_said(correction_asked):
    with correction_asked.store.transaction() as tx:
        Local(correction_asked.store).rectify(tx, own(correction_asked.subject), {"email": f"{OLD}\n{FURTHER}"}, NOW)
        correction_asked.store.commit(tx)
    with pytest.raises(Invalid, match="Several are held"):
        correction_asked.propose("email", NEW)
    with pytest.raises(Invalid, match="no such value"):
        correction_asked.propose("email", NEW, place=3)
    place = correction_asked.held()["email"].split("\n").index(FURTHER)
    correction_asked.propose("email", "", place=place)
    correction_asked.prove("code_new")
    correction_asked.corrected()
    assert correction_asked.held()["email"] == OLD
