"""Questions to the person: what each law lets pause, their letters, and silence after a reminder (PAU-1 to PAU-7)."""

from datetime import date, datetime, time, timedelta

import pytest

from core.actions.answers import approvals, requests
from core.actions.answers.letters import letters
from core.actions.answers.letters.letter_approvals import LETTER
from core.actions.cases import cases, clock, intake
from core.actions.desk.establishment import Establishment, keep
from core.law.errors import Invalid, NotAllowed, NotPossible
from core.store.engine import new_id
from tests.actions.conftest import take_in
from tests.actions.things_of import plant
from tests.conftest import NOW

LAST, FACTS = date(2026, 12, 21), "WHYWORDS: nine systems since 1998 hold data of this person."


def at(walk, day):
    return walk.at(walk.steward, datetime.combine(day, time(15)))


def ask(walk, kind="identity", question="ASKWORDS: which two orders were your last?", reason=FACTS, on=None, desk=None):
    clock.ask(
        desk or walk.steward, walk.request_id, kind, question, reason, asked_on=on, large=kind == "clarification", key=new_id()
    )


def under(walk, profile):
    with walk.store.transaction() as tx:
        keep(walk.store, tx, Establishment("C", "c", "d", "a", profile, "DE", "Europe/Berlin", "DE"))
        walk.store.commit(tx)
    return take_in(walk, walk.subject, 1, proven=False)


@pytest.mark.parametrize(("kind", "both"), [("identity", True), ("authority", True), ("clarification", False)])
def test_who_asks_concerns_every_request_of_the_case_and_what_is_asked_only_its_own(walk, kind, both):
    taken = intake.take_in(walk.steward, intake.Intake(
        ("access", "erasure"), "email", NOW.date(), email="two@example.com", name="M", body="W"), key=new_id())
    first, second = (each[0] for each in taken.requests)
    clock.ask(walk.steward, first, kind, "ASKWORDS: which of these?", FACTS, large=True, key=new_id())
    assert [walk.row(each).clock_state for each in (first, second)] == ["paused", "paused" if both else "running"]
    clock.answered(walk.steward, first, kind, NOW.date(), key=new_id())
    assert [walk.row(each).clock_state for each in (first, second)] == ["running", "running"]


@pytest.mark.parametrize("right", ["objection_marketing", "consent_withdrawal"])
@pytest.mark.parametrize("kind", ["identity", "authority", "clarification"])
def test_an_objection_to_marketing_and_a_withdrawal_wait_for_no_answer(walk, right, kind):
    taken = intake.take_in(walk.steward, intake.Intake(
        ("access", right), "email", NOW.date(), email="two@example.com", name="M", body="W"), key=new_id())
    access, stop = (each[0] for each in taken.requests)
    due = walk.row(stop).final_due
    clock.ask(walk.steward, access, kind, "ASKWORDS: which of these?", FACTS, large=True, key=new_id())
    assert [walk.row(each).clock_state for each in (access, stop)] == ["paused", "running"]
    assert (walk.row(stop).final_due, due is None) == (due, False)
    with walk.store.transaction() as tx:
        assert tx.rows("requests.pauses", request_id=stop) == []
    alone = intake.take_in(walk.steward, intake.Intake(
        (right,), "email", NOW.date(), email="alone@example.com", name="M", body="W"), key=new_id()).requests[0][0]
    with pytest.raises(NotPossible):
        clock.ask(walk.steward, alone, kind, "ASKWORDS: which of these?", FACTS, key=new_id())
    with pytest.raises(NotPossible, match="No such question"):
        clock.answered(walk.steward, alone, kind, NOW.date(), key=new_id())


@pytest.mark.parametrize("right", ["objection_marketing", "consent_withdrawal"])
def test_a_question_of_an_earlier_version_holds_up_no_objection_any_more(walk, right):
    stop = intake.take_in(walk.steward, intake.Intake(
        (right,), "email", NOW.date(), email="alone@example.com", name="M", body="W"), key=new_id()).requests[0][0]
    due = walk.row(stop).final_due
    plant(walk.store, "pauses", id=new_id(), case_ref=walk.row(stop).case_ref, request_id=stop, kind="clarification",
          asked_on=NOW.date(), answered_on=None, reason=b"", question=b"")
    with walk.store.transaction() as tx:
        dates = clock.deadline(tx, walk.row(stop))
    assert (dates.paused_since, dates.final_due) == (None, due)


@pytest.mark.parametrize(("profile", "kind", "paused"), [
    ("eu_gdpr", "clarification", True), ("fr_gdpr", "clarification", False), ("fr_gdpr", "identity", True),
    ("us_ca_cpra", "identity", False), ("fr_gdpr", "authority", False), ("eu_gdpr", "authority", True),
])
def test_only_what_the_pinned_law_lets_pause_stops_the_clock(walk, profile, kind, paused):
    mine = under(walk, profile)
    before = mine.row().final_due
    ask(mine, kind)
    assert (mine.row().clock_state == "paused") is paused
    assert mine.row().final_due == (None if paused else before)
    steps = cases.open_case(mine.steward, mine.case_ref).requests[0].deadline.steps
    assert any("does not stop the clock" in step for step in steps) is not paused


@pytest.mark.parametrize("right", [
    "access", "portability", "rectification", "restriction", "erasure", "objection", "information", "complaint", "human_review",
])
@pytest.mark.parametrize("large", [True, False])
def test_what_is_asked_for_is_clarified_at_the_person_s_cost_only_for_access_and_a_large_quantity(walk, right, large):
    taken = intake.take_in(walk.steward, intake.Intake(
        (right,), "email", NOW.date(), email="two@example.com", name="M", body="W"), key=new_id())
    request = taken.requests[0][0]
    before = walk.row(request).final_due
    clock.ask(walk.steward, request, "clarification", "ASKWORDS: which years?", FACTS, large=large, key=new_id())
    paused = right == "access" and large
    assert (walk.row(request).clock_state, walk.row(request).final_due) == (("paused", None) if paused else ("running", before))
    steps = cases.open_case(walk.steward, taken.case_ref).requests[0].deadline.steps
    words = "only a request for access" if right != "access" else "stands still" if large else "a large quantity"
    assert any(words in step for step in steps)
    with walk.store.transaction() as tx:
        (kept,) = tx.rows("decisions.of_request", request_id=request)
    assert (kept["outcome"] == "recognised") is paused


def test_what_was_asked_again_is_one_suspension_until_enough_arrived(walk):
    ask(walk, on=NOW.date())
    came, again = NOW.date() + timedelta(days=4), NOW.date() + timedelta(days=5)
    clock.answered(at(walk, came), walk.request_id, "identity", came, key=new_id())
    once = walk.row().final_due

    def repeat(on, key):
        clock.ask(
            at(walk, on), walk.request_id, "identity", "ASKWORDS: and the order before?", FACTS, asked_on=on, again=True, key=key
        )

    with pytest.raises(Invalid, match="after the answer"):
        repeat(came - timedelta(days=1), new_id())
    repeat(again, new_id())
    with walk.store.transaction() as tx:
        dates = clock.deadline(tx, walk.row())
    assert (dates.paused_since, dates.final_due) == (NOW.date(), None)
    enough = again + timedelta(days=5)
    clock.answered(at(walk, enough), walk.request_id, "identity", enough, key=new_id())
    with walk.store.transaction() as tx:
        dates = clock.deadline(tx, walk.row())
    assert dates.paused_days == 10, "both questions and the day between them"
    assert walk.row().final_due > once


def test_who_asks_again_asks_for_every_request_of_the_case(walk):
    taken = intake.take_in(walk.steward, intake.Intake(
        ("access", "erasure"), "email", NOW.date(), email="two@example.com", name="M", body="W"), key=new_id())
    requests_of_case = [each[0] for each in taken.requests]
    days = [NOW.date() + timedelta(days=number) for number in (0, 4, 5, 10)]

    def put(on, *, again=False):
        clock.ask(
            at(walk, on), requests_of_case[0], "identity", "ASKWORDS: which orders?", FACTS, asked_on=on, again=again, key=new_id()
        )

    put(days[0])
    clock.answered(at(walk, days[1]), requests_of_case[0], "identity", days[1], key=new_id())
    put(days[2], again=True)
    clock.answered(at(walk, days[3]), requests_of_case[0], "identity", days[3], key=new_id())
    with walk.store.transaction() as tx:
        assert [clock.deadline(tx, walk.row(each)).paused_days for each in requests_of_case] == [10, 10]


@pytest.mark.parametrize(("right", "profile", "days"), [
    ("access", "us_ca_cpra", 45), ("objection_marketing", "us_ca_optout", None), ("restriction", "us_ca_optout", None),
])
def test_a_right_has_the_clock_of_its_own_where_the_law_of_the_place_has_one(walk, right, profile, days):
    mine = under(walk, "us_ca_cpra")
    request = intake.take_in(mine.steward, intake.Intake(
        (right,), "email", NOW.date(), email="two@example.com", name="M", body="W"), key=new_id()).requests[0][0]
    row = mine.row(request)
    assert row.profile_id == profile
    assert (row.final_due - NOW.date()).days == (days or 21), "fifteen business days are three weeks without a holiday"


def test_nothing_is_asked_again_that_nobody_answered(walk):
    with pytest.raises(NotPossible, match="ask it as the first"):
        clock.ask(walk.steward, walk.request_id, "identity", "ASKWORDS: which two orders?", FACTS, again=True, key=new_id())
    ask(walk)
    with pytest.raises(NotPossible, match="open already"):
        clock.ask(walk.steward, walk.request_id, "identity", "ASKWORDS: which two orders?", FACTS, again=True, key=new_id())


def test_while_a_question_is_open_safe_day_kept_days_and_the_day_if_answered_today_are_shown(walk):
    ask(walk, on=NOW.date())
    dates = cases.open_case(at(walk, date(2026, 11, 30)), walk.case_ref).requests[0].deadline
    assert (dates.final_due, dates.safe_due, dates.days_kept) == (None, date(2026, 12, 20), 27)  # a Sunday: not rolled
    assert dates.due_if_answered_today == date(2026, 12, 28)
    assert dates.target is None


def test_a_question_that_came_late_is_warned_about_and_one_after_the_deadline_never_revives_it(walk):
    ask(walk, on=date(2026, 11, 28), desk=at(walk, date(2026, 11, 30)))
    assert clock.asked_late(walk.row(), date(2026, 11, 30))
    assert not clock.asked_late(walk.row(), date(2026, 11, 27))
    british = under(walk, "uk_gdpr")
    late = at(british, LAST + timedelta(days=10))
    ask(british, on=LAST + timedelta(days=9), desk=late)
    assert british.row().final_due == LAST
    clock.answered(late, british.request_id, "identity", late.now.date(), key=new_id())
    assert british.row().final_due == LAST, "an answer to a question asked after the last day starts nothing anew"


def test_a_blanket_demand_for_a_document_is_refused_with_its_reason(walk):
    with pytest.raises(Invalid, match="reasonable doubt"):
        ask(walk, question="Please send a copy of your passport.", reason="It is our policy.")
    assert walk.row().clock_state == "running"


def text(walk, kind):
    letter = letters.draft(walk.steward, walk.case_ref, kind, walk.request_id, key=new_id())
    return next(each.text for each in letters.list_letters(walk.steward, walk.case_ref) if each.id == letter)


def test_the_letter_of_a_question_says_what_is_asked_why_and_until_when(walk):
    with pytest.raises(NotPossible, match="first"):
        text(walk, "clarification_question")
    ask(walk, "clarification")
    body = text(walk, "clarification_question")
    for words in ("ASKWORDS", "WHYWORDS", "7 December 2026", "reasonable search"):
        assert words in body
    with pytest.raises(NotPossible, match="identity"):
        text(walk, "identity_question")
    with pytest.raises(NotPossible, match="remind"):
        text(walk, "reminder")
    letters.discard(walk.steward, walk.case_ref, letters.list_letters(walk.steward, walk.case_ref)[0].id, key=walk.key())
    ask(walk, "authority", question="Please send the power of attorney.")
    assert "act for the person" in text(walk, "clarification_question")


def close(walk, day):
    requests.close(at(walk, day), walk.request_id, "no_answer", "", version=walk.version, key=new_id())


def test_a_request_ends_without_an_answer_only_after_the_set_time_and_one_reminder(walk):
    with pytest.raises(NotPossible, match="question"):
        close(walk, NOW.date())
    ask(walk, on=NOW.date())
    with pytest.raises(NotPossible, match="07 Dec 2026"):
        text(walk, "reminder")
    first = NOW.date() + timedelta(days=14)
    with pytest.raises(NotPossible, match="one reminder"):
        close(walk, date(2027, 2, 1))
    desk = at(walk, first)
    letter = letters.draft(desk, walk.case_ref, "reminder", walk.request_id, key=new_id())
    with pytest.raises(NotPossible, match="one reminder"):
        close(walk, date(2027, 2, 1))
    letters.mark_sent(desk, letter, "email", first, key=new_id())
    last = first + timedelta(days=14)
    with pytest.raises(NotPossible, match="The reminder went out"):
        close(walk, last)
    with pytest.raises(NotPossible, match="The reminder went out"):
        letters.draft(at(walk, last), walk.case_ref, "no_answer", walk.request_id, key=new_id())
    over = last + timedelta(days=1)
    with pytest.raises(NotPossible, match="Send the person the letter"):
        close(walk, over)
    letter = letters.draft(at(walk, over), walk.case_ref, "no_answer", walk.request_id, key=new_id())
    whole = next(each.text for each in letters.list_letters(at(walk, over), walk.case_ref) if each.id == letter)
    for words in ("ASKWORDS", "WHYWORDS", "7 December 2026", "supervisory authority (Article 77)", "judicial remedy (Article 79)"):
        assert words in whole
    with pytest.raises((NotPossible, NotAllowed), match="approve"):
        letters.mark_sent(at(walk, over), letter, "email", over, key=new_id())
    approver = walk.at(walk.approver, at(walk, over).now)
    asked = approvals.ask(at(walk, over), LETTER, letter, approver_id="account-approver", key=new_id())
    approvals.approve(approver, LETTER, asked, key=new_id())
    letters.mark_sent(at(walk, over), letter, "email", over, key=new_id())
    close(walk, over)
    assert (walk.state, walk.row().closing) == ("closed", "no_answer")


def test_a_question_about_the_scope_never_ends_a_request(walk):
    ask(walk, "clarification", on=NOW.date())
    with pytest.raises(NotPossible, match="reasonable search"):
        close(walk, date(2027, 2, 1))
