"""Corrections: proposed, proven, approved by another person, re-keyed with all that hangs on them, and closed."""

from datetime import date, datetime, timedelta

import pytest

from core.actions import imports, people, plan_approvals, rectification_trail, rectifications, suppressions
from core.actions.rectifications import ANOTHERS
from core.connectors.suppressed import standing, tokens
from core.law.acts import Act
from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.objection import Legal
from core.store.engine import new_id
from tests.actions.conftest import MAIL, hold_role, import_people
from tests.actions.correcting import LATER, disclosed, take_in
from tests.conftest import NOW

NEW = "marker-new@example.com"
OLD = MAIL.format(1)


@pytest.fixture
def people_here(empty_walk):
    return import_people(empty_walk.store, 3)


@pytest.fixture
def correction(empty_walk, people_here):
    return take_in(empty_walk, "rectification", people_here[1], 1)


def object_to_marketing(walk, subject, number=1):
    """Let the person object to marketing from their old address, and be found."""
    from core.actions import intake

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


def test_a_changed_address_is_carried_out_with_everything_that_hangs_on_it(correction, people_here, entries):
    consent(correction, 1)
    disclosed(correction, correction.subject, "Marker Carrier", "Marker Bank")
    correction.propose("email", NEW)
    correction.prove("code_new")
    correction.corrected()
    assert correction.state == "ready_to_send"
    assert correction.held()["email"] == NEW
    assert {each.subject_ref for each in people.find(correction.steward, NEW, purpose="request").exact} == {people_here[1]}
    assert people.find(correction.steward, OLD, purpose="request").exact == ()
    seen = correction.state_of_points()
    assert [(point.old, point.new, point.state) for point in seen.points] == [(OLD, NEW, "done")]
    assert seen.notice is not None
    assert seen.notice.letter_id is not None
    assert not [row for row in entries() if OLD in str(row) or NEW in str(row) or "WHYPROOF" in str(row)]
    ends = [row for row in entries() if row["act"] == "carrying.end" and "email" in str(row["details"])]
    assert ends, "the field's name stands in the log"


def test_an_objection_follows_to_the_new_address_and_the_old_one_stays_suppressed(correction):
    object_to_marketing(correction, correction.subject)
    before = suppressed(correction.store, OLD)
    assert {state for state, _, _ in before} == {Legal.OBJECTION}
    correction.propose("email", NEW)
    correction.prove("code_new")
    correction.corrected()
    assert suppressed(correction.store, NEW) == before
    assert suppressed(correction.store, OLD) == before


def test_a_correction_that_would_leave_the_objection_behind_changes_nothing(correction, monkeypatch):
    object_to_marketing(correction, correction.subject)
    correction.propose("email", NEW)
    correction.prove("code_new")
    correction.plan()
    correction.approve()
    monkeypatch.setattr(suppressions, "copy_to", lambda *_args: 0)
    for hours in range(1, 12):
        correction.carry(NOW + timedelta(hours=hours))
    assert correction.held()["email"] == OLD
    assert correction.state == "in_progress"
    assert [each.state for each in correction.carryings() if each.system == "local"] == ["failed"]


def test_consents_stay_the_persons_under_the_new_number(correction):
    consent(correction, 1)
    correction.propose("customer_id", "c1-new")
    correction.prove("document")
    correction.corrected()
    with correction.store.transaction() as tx:
        (row,) = tx.rows("people.by_customer", customers=["c1-new"])
        assert row["subject_ref"] == correction.subject
        assert tx.rows("people.by_customer", customers=["c1"]) == []
        assert [each["given"] for each in tx.rows("people.consents_of", subject=correction.subject)] == [True]


def test_a_restriction_stays_over_a_changed_identifier(correction):
    from core.connectors.local import Local

    with correction.store.transaction() as tx:
        Local(correction.store).restrict(tx, correction.subject, "18.1.a", None, NOW)
        correction.store.commit(tx)
    correction.propose("email", NEW)
    correction.prove("code_new")
    correction.corrected()
    assert correction.held()["email"] == NEW
    with correction.store.transaction() as tx:
        assert tx.rows("people.standing_restrictions", subjects=[correction.subject])


@pytest.mark.parametrize(("field", "value"), [("email", MAIL.format(2)), ("email", MAIL.format(2).upper()), ("customer_id", "c2")])
def test_another_persons_value_stops_and_waits_for_a_human(correction, field, value):
    done = correction.propose(field, value)
    assert done.waits
    correction.prove("code_new", "document")
    with pytest.raises(NotPossible) as told:
        correction.plan()
    assert str(told.value) == ANOTHERS
    assert value not in str(told.value)


def test_two_may_share_an_address_only_where_another_person_decides_so(correction, people_here):
    (change,) = correction.propose("email", MAIL.format(2)).ids
    correction.prove("code_new")
    decider = correction.at(correction.approver, NOW)
    with pytest.raises(NotAllowed):
        rectifications.decide_shared(correction.steward, change, "one household", key=new_id())
    rectifications.decide_shared(decider, change, "one household", key=new_id())
    correction.corrected()
    found = people.find(correction.steward, MAIL.format(2), purpose="request").exact
    assert {each.subject_ref for each in found} == {people_here[1], people_here[2]}
    assert all(each.shared for each in found)


def test_a_number_is_never_shared(correction):
    (change,) = correction.propose("customer_id", "c2").ids
    with pytest.raises(NotPossible):
        rectifications.decide_shared(correction.approver, change, "one household", key=new_id())


def test_a_value_that_became_anothers_after_the_approval_is_not_carried_out(correction):
    correction.propose("email", NEW)
    correction.prove("code_new")
    correction.plan()
    correction.approve()
    imports.import_people(correction.steward, f"customer_id,email\nc99,{NEW}\n".encode(), key=new_id())
    for hours in range(1, 12):
        correction.carry(NOW + timedelta(hours=hours))
    assert correction.held()["email"] == OLD
    assert correction.state == "in_progress"


def test_giving_up_a_shared_address_leaves_it_to_the_other_person(empty_walk, people_here):
    imports.import_people(empty_walk.steward, f"customer_id,email\nc50,{OLD}\n".encode(), key=new_id())
    correction = take_in(empty_walk, "rectification", people_here[1], 1, "signed_in")
    object_to_marketing(correction, correction.subject)
    correction.propose("email", NEW)
    correction.prove("code_new")
    correction.corrected()
    (left,) = people.find(correction.steward, OLD, purpose="request").exact
    assert (left.source_id, left.shared) == ("c50", False)
    assert suppressed(correction.store, OLD)


def test_another_spelling_is_no_changed_identifier(correction):
    correction.propose("email", OLD.upper())
    (point,) = correction.state_of_points().points
    assert not point.rekeys
    correction.corrected()
    assert correction.held()["email"] == OLD.upper()
    assert correction.state_of_points().notice is None
    assert people.find(correction.steward, OLD, purpose="request").exact


def test_a_changed_identifier_needs_its_proof(correction):
    correction.propose("email", NEW)
    with pytest.raises(NotPossible, match="reaches the person"):
        correction.plan()
    correction.prove("document")
    with pytest.raises(NotPossible, match="reaches the person"):
        correction.plan()
    correction.prove("code_new")
    correction.plan()


def test_a_proof_of_an_earlier_value_proves_no_later_one(correction):
    correction.propose("email", "marker-first@example.com")
    correction.prove("code_new")
    later = correction.at(correction.steward, NOW + timedelta(minutes=1))
    rectifications.propose(later, correction.request_id, "email", NEW, version=correction.version, key=new_id())
    with pytest.raises(NotPossible):
        correction.plan()


def test_the_second_person_is_neither_planner_nor_proposer_nor_prover(correction, entries):
    hold_role(correction.store, "account-steward", __import__("core.law.roles", fromlist=["Role"]).Role.APPROVER)
    correction.propose("email", NEW)
    prover = correction.at(correction.approver, NOW)
    from core.actions.desk import Desk, Person
    from core.law.roles import Role

    both = Desk(correction.store, Person(
        prover.person.account_id, prover.person.actor_ref, "approver", frozenset({Role.APPROVER, Role.STEWARD}),
        prover.person.sign_in_ref, "", prover.person.stepped_up_until,
    ), NOW)
    rectifications.record_proof(both, correction.request_id, ["code_new"], version=correction.version, key=new_id())
    correction.plan()
    for worker in (correction.approver, correction.steward):
        with pytest.raises(Invalid, match="did not work on it"):
            correction.ask_plan(approver_id=worker.person.account_id)
    hold_role(correction.store, "account-another", Role.APPROVER)
    approval = correction.ask_plan(approver_id="account-another")
    with pytest.raises(NotAllowed):
        plan_approvals.approve_plan(both, approval, key=new_id())
    with pytest.raises(NotAllowed):
        plan_approvals.approve_plan(correction.steward, approval, key=new_id())
    assert correction.held()["email"] == OLD


def test_a_new_value_after_the_approval_was_asked_goes_back(correction):
    correction.propose("city", "Newtown")
    correction.plan()
    approval = correction.ask_plan()
    with pytest.raises(NotPossible):
        correction.propose("city", "Othertown")
    with correction.store.transaction() as tx:
        tx._cursor.execute("update rectifications set finding = 'incomplete'")
        correction.store.commit(tx)
    with pytest.raises(NotPossible, match="changed"):
        correction.approve(approval)
    assert correction.state == "in_progress"


def test_a_birth_date_across_the_age_limit_flags_the_consents_given_under_it(correction, people_here):
    consent(correction, 1, "2025-11-01T10:00:00")
    consent(correction, 1, "2026-03-01T10:00:00")
    correction.propose("birth_date", "2010-01-15")
    correction.prove("document")
    correction.corrected()
    flags = correction.state_of_points().flags
    assert [(flag.given_on, flag.age_limit) for flag in flags] == [(datetime(2025, 11, 1, 10), 16)]
    with correction.store.transaction() as tx:
        assert tx.rows("rectification.flags", subject=people_here[2]) == []


def test_a_birth_date_that_crosses_no_limit_flags_nothing(correction):
    consent(correction, 1)
    correction.propose("birth_date", "1981-01-02")
    correction.prove("register")
    correction.corrected()
    assert correction.state_of_points().flags == ()
    assert correction.held()["birth_date"] == "1981-01-02"


def test_the_answer_the_notice_and_the_ending_hold_each_other(correction):
    correction.propose("email", NEW)
    correction.prove("code_new")
    with pytest.raises(NotPossible):
        correction.letter("rectified")
    correction.corrected()
    with pytest.raises(NotPossible, match="letter"):
        correction.close()
    correction.letter("rectified")
    with pytest.raises(NotPossible, match="old address"):
        correction.close()
    notice = correction.state_of_points().notice
    rectification_trail.explain_no_notice(
        correction.steward, correction.request_id, "WHYNOTICE", version=notice.version, key=new_id()
    )
    with pytest.raises(NotPossible, match="fulfilled"):
        correction.close("refused")
    correction.close()
    assert correction.row()["closing"] == "fulfilled"


def test_an_opinion_stays_and_the_refusal_names_its_reason(correction):
    with pytest.raises(Invalid, match="why"):
        correction.propose("attribute:colour", "blue", finding="opinion")
    correction.propose("attribute:colour", finding="opinion", reason="It is what the adviser thought")
    correction.corrected()
    assert correction.held()["attribute:colour"] == "marker0001x"
    letter = correction.letter("not_rectified")
    from core.actions import letters

    (text,) = [each.body for each in letters.list_letters(correction.steward, correction.case_ref) if each.id == letter]
    for part in ("It is what the adviser thought", "Article 77", "Article 79", "supplementary statement"):
        assert part in text
    correction.close("refused")


def test_a_statement_is_part_of_every_later_copy(correction):
    correction.propose("city", finding="accurate", reason="The register says so")
    rectifications.propose_statement(
        correction.steward, correction.request_id, "STATEMENTWORDS", version=correction.version, key=new_id()
    )
    correction.corrected()
    assert "STATEMENTWORDS" in correction.held().values()
    correction.letter("partly_rectified")
    correction.close("partly_fulfilled")


def test_a_plain_field_needs_no_proof_and_warns_nobody(correction, people_here, empty_walk):
    correction.propose("city", "Newtown")
    correction.corrected()
    assert correction.held()["city"] == "Newtown"
    assert correction.state_of_points().notice is None
    access = take_in(empty_walk, "access", people_here[1], 1)
    assert rectification_trail.recent_change(access.steward, access.request_id) is None


@pytest.mark.parametrize(("days", "warned"), [(0, True), (90, True), (91, False)])
@pytest.mark.parametrize("kind", ["access", "erasure"])
def test_an_access_or_erasure_within_ninety_days_is_shown_with_a_warning(correction, empty_walk, people_here, kind, days, warned):
    correction.propose("email", NEW)
    correction.prove("code_new")
    correction.corrected()
    later = take_in(empty_walk, kind, people_here[1], 1, "signed_in")
    found = rectification_trail.recent_change(later.at(later.steward, LATER + timedelta(days=days)), later.request_id)
    assert bool(found) is warned
    if found:
        assert found.fields == ("email",)
    other = take_in(empty_walk, kind, people_here[2], 2)
    assert rectification_trail.recent_change(other.steward, other.request_id) is None


def test_values_are_masked_until_they_are_shown_and_each_showing_is_entered(correction, entries):
    correction.propose("email", NEW)
    seen = rectification_trail.open_correction(correction.steward, correction.request_id)
    assert OLD not in str(seen)
    assert NEW not in str(seen)
    before = len([row for row in entries() if row["act"] == Act.RECTIFY_OPEN.value])
    assert before == 0
    correction.state_of_points()
    assert len([row for row in entries() if row["act"] == Act.RECTIFY_OPEN.value]) == 1


def test_an_approver_who_was_not_asked_sees_nothing(correction):
    correction.propose("email", NEW)
    with pytest.raises(NotAllowed):
        rectification_trail.open_correction(correction.approver, correction.request_id)
    correction.prove("code_new")
    correction.plan()
    correction.ask_plan()
    seen = rectification_trail.open_correction(correction.approver, correction.request_id, shown=True)
    assert [(point.old, point.new) for point in seen.points] == [(OLD, NEW)]


@pytest.mark.parametrize(("field", "value"), [
    ("email", "no address"), ("birth_date", "20260231"), ("birth_date", "2099-01-01"), ("customer_id", ""),
    ("shoe_size", "42"), ("city", "x" * 1001), ("city", "a\0b"), ("email", OLD), ("h", "1"),
    ("attribute:typed words", "x"),
])
def test_what_cannot_be_written_is_refused_without_its_value(correction, field, value):
    with pytest.raises(Invalid) as told:
        correction.propose(field, value)
    assert not value or value not in str(told.value)


def test_corrections_belong_to_requests_for_correction_in_progress(correction, empty_walk, people_here):
    access = take_in(empty_walk, "access", people_here[2], 2)
    with pytest.raises(NotPossible):
        access.propose("city", "Newtown")
    correction.propose("city", "Newtown")
    correction.corrected()
    with pytest.raises(NotPossible):
        correction.propose("city", "Newtown")


def test_a_form_sent_twice_is_one_proposal(correction):
    key = new_id()
    first, second = (
        rectifications.propose(correction.steward, correction.request_id, "city", "Newtown", version=correction.version, key=key)
        for _ in range(2)
    )
    assert first == second
    assert len(correction.state_of_points().points) == 1


def test_a_later_proposal_replaces_the_earlier_and_one_can_be_taken_back(correction):
    correction.propose("city", "Newtown")
    (change,) = correction.propose("city", "Othertown").ids
    assert [point.new for point in correction.state_of_points().points] == ["Othertown"]
    rectifications.withdraw(correction.steward, change, key=new_id())
    assert correction.state_of_points().points == ()
    with pytest.raises(NotPossible):
        correction.plan()


def test_own_and_related_people_are_kept_apart(correction):
    people.relate(correction.steward, correction.subject, "related", key=new_id())
    for attempt in (lambda: correction.propose("city", "x"), correction.state_of_points):
        with pytest.raises(NotAllowed):
            attempt()
