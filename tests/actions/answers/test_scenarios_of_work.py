"""What other open rights desks test about life cycle, identity and deadlines, held to in our own terms (fides, Moodle, WordPress).

The number in a name is that of the scenario in our list of theirs; "ours" marks where we go further. Held to elsewhere:
18 and 44 in tests/work/test_tasks.py, 22 in tests/store/test_queries.py and test_cases.py, 23 to 31 in test_packages.py, test_public_link.py and
tests/documents, 43 in test_plans.py, 48 in test_act.py, 49 in test_log_questions.py and test_logbook.py.
"""

from datetime import date

import pytest

from core.actions.answers import approvals, requests, sending
from core.actions.answers.letters.letter_approvals import LETTER
from core.actions.answers.packages import packages
from core.actions.answers.packages.release import RELEASE
from core.actions.answers.plan_approvals import PLAN
from core.actions.answers.refusal import refusals
from core.actions.answers.refusal.extensions import EXTENSION
from core.actions.answers.refusal.refusals import REFUSAL
from core.actions.cases import clock, identity, intake, joining, queue
from core.actions.oversight import board as boards
from core.law.errors import Invalid, NotAllowed, NotFound, NotPossible
from core.law.roles import Role
from core.store.engine import new_id
from tests.actions.released import handed_out, try_link, wrong
from tests.conftest import NOW, desk_of

FACTS = "The same copy was given nine days ago and nothing changed since."
EVIDENCE = "Request RD-2026-000001-1, answered on 11 November."


def asked(desk, *rights, received=date(2026, 11, 20), email="marker-1@example.com", **more):
    return intake.take_in(
        desk, intake.Intake(rights or ("access",), "email", received, email=email, body="copy", **more), key=new_id()
    )


def acts_of(store):
    with store.transaction() as tx:
        return [(row["act"], row["outcome"]) for row in tx.rows("log.all_rows", chain=store.chain, first=0, last=10**9)]


def test_01_a_decision_from_any_state_but_the_waiting_one_is_refused_and_changes_nothing(walk):
    walk.prepare()
    walk.work()
    approval = walk.ask()
    approvals.give_back(walk.approver, RELEASE, approval, "Look again.", key=new_id())
    for state in ("in_progress", "withdrawn"):
        if state == "withdrawn":
            requests.withdraw(walk.steward, walk.request_id, "Taken back.", version=walk.version, key=new_id())
        before = walk.row()
        with pytest.raises(NotPossible):
            approvals.approve(walk.approver, RELEASE, approval, key=new_id())
        with pytest.raises(NotPossible):
            approvals.give_back(walk.approver, RELEASE, approval, "Again.", key=new_id())
        assert walk.row() == before


def test_02_a_decision_about_an_unknown_thing_is_a_clear_error(walk):
    for thing in (RELEASE, PLAN, REFUSAL, LETTER, EXTENSION):
        with pytest.raises(NotFound):
            approvals.approve(walk.approver, thing, "unknown", key=new_id())


@pytest.mark.parametrize("told", ["", "   "])
def test_03_ours_a_refusal_without_a_reason_is_refused(walk, told):
    with pytest.raises(Invalid):
        refusals.prepare(walk.steward, walk.request_id, "excessive", told, EVIDENCE, ["unchanged"], version=walk.version, key=new_id())
    assert walk.state == "in_progress"


def test_04_what_is_open_can_be_withdrawn_and_what_is_over_cannot(walk):
    received = asked(walk.steward, received=date(2026, 11, 22), email="other@example.com").requests[0][0]
    for request_id in (received, walk.request_id):
        requests.withdraw(
            walk.steward, request_id, "Taken back.", version=walk.row(request_id).version, key=new_id()
        )
        with pytest.raises(NotPossible):
            requests.withdraw(
                walk.steward, request_id, "Taken back.", version=walk.row(request_id).version, key=new_id()
            )


def test_07_a_request_ends_as_answered_only_from_its_last_state_and_who_and_when_are_kept(walk):
    with pytest.raises(NotPossible):
        sending.close(walk.steward, walk.request_id, "fulfilled", version=walk.version, key=new_id())
    walk.fetched()
    sending.mark_sent(walk.steward, walk.request_id, "email", NOW.date(), version=walk.version, key=new_id())
    sending.close(walk.steward, walk.request_id, "fulfilled", version=walk.version, key=new_id())
    with walk.store.transaction() as tx:
        last = tx.rows("requests.moves", request_id=walk.request_id)[-1]
    assert (last["to_state"], last["account_id"], last["happened_at"]) == ("closed", walk.steward.person.account_id, NOW)


def test_08_a_vote_after_the_decision_is_refused(walk):
    walk.prepare()
    walk.work()
    deputy = desk_of(walk.store, Role.DPO, name="deputy")
    approval = walk.ask(deputy_id=deputy.person.account_id, deputy_after_days=1)
    approvals.approve(walk.approver, RELEASE, approval, key=new_id())
    for late in (walk.approver, walk.at(deputy, NOW.replace(day=25))):
        with pytest.raises((NotPossible, NotAllowed)):
            approvals.approve(late, RELEASE, approval, key=new_id())


def test_09_an_approver_lists_what_waits_with_who_asked(walk):
    walk.prepare()
    walk.work()
    walk.ask()
    (row,) = approvals.waiting(walk.approver)
    assert row["asked_by"] == walk.steward.person.account_id or row["asked_by"] == walk.steward.person.name


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MANAGER, Role.ADMINISTRATOR, Role.SETUP, Role.STEWARD])
def test_10_who_has_not_the_act_decides_nothing_whatever_the_page_shows(walk, role):
    walk.prepare()
    walk.work()
    approval = walk.ask()
    stranger = desk_of(walk.store, role, name="stranger")
    for decide in (
        lambda: approvals.approve(stranger, RELEASE, approval, key=new_id()),
        lambda: approvals.give_back(stranger, RELEASE, approval, "No.", key=new_id()),
    ):
        with pytest.raises(NotAllowed):
            decide()
    assert walk.state == "awaiting_approval"


def test_13_wrong_codes_are_counted_and_too_many_end_the_link_for_good(walk):
    walk.released()
    _way, token, code = handed_out(walk)
    for _ in range(3):
        with pytest.raises(Exception, match="link"):
            try_link(walk, token, wrong(code))
    with pytest.raises(Exception, match="link"):
        try_link(walk, token, code)


def test_14_an_identity_is_not_recorded_where_nothing_is_open(walk):
    requests.withdraw(walk.steward, walk.request_id, "Taken back.", version=walk.version, key=new_id())
    with pytest.raises(NotPossible):
        identity.record(walk.steward, walk.case_ref, ["signed_in"], "proven", "", key=new_id())


def test_15_a_proven_identity_starts_nothing_by_itself(walk):
    assert walk.state == "in_progress"
    assert packages.state(walk.steward, walk.request_id) is None


@pytest.mark.parametrize(("changes", "field"), [
    ({"email": "no address"}, "email"), ({"rights": ("telepathy",)}, "rights"), ({"channel": "smoke"}, "channel"),
])
def test_16_a_bad_address_an_unknown_right_or_channel_is_refused_with_its_field(walk, changes, field):
    given = {"rights": ("access",), "channel": "email", "received_on": date(2026, 11, 20), "body": "copy"} | changes
    with pytest.raises(Invalid) as refusal:
        intake.take_in(walk.steward, intake.Intake(**given), key=new_id())
    assert refusal.value.field == field


def test_17_the_same_asked_twice_is_shown_and_an_ended_one_stands_in_nobodys_way(walk):
    again = asked(walk.steward, received=date(2026, 11, 21))
    assert walk.row(again.requests[0][0]).state == "received", "a request is never turned away at the door"
    requests.withdraw(walk.steward, walk.request_id, "Taken back.", version=walk.version, key=new_id())
    with pytest.raises(NotPossible, match="no duplicate"):
        requests.close(
            walk.steward, again.requests[0][0], "duplicate", "Twice.", version=walk.row(again.requests[0][0]).version,
            key=new_id(),
        )


def test_19_the_due_day_counts_from_the_receipt_also_when_it_is_entered_later(walk):
    late = asked(walk.steward, received=date(2026, 10, 26), email="late@example.com")
    assert walk.row(late.requests[0][0]).base_due == date(2026, 11, 26)


def test_20_the_queue_sorts_by_due_day_a_paused_one_by_its_safe_day_and_its_overdue_are_those_of_the_board(walk):
    overdue = asked(walk.steward, received=date(2026, 9, 1), email="overdue@example.com")
    paused = asked(walk.steward, received=date(2026, 11, 3), email="paused@example.com")
    clock.ask(
        walk.steward, paused.requests[0][0], "identity", "Who are you?", "Two people of this name.", key=new_id(),
        asked_on=date(2026, 11, 9),
    )
    rows = queue.list_requests(walk.steward).rows
    assert [row.id for row in rows] == [overdue.requests[0][0], paused.requests[0][0], walk.request_id]
    board = boards.board(desk_of(walk.store, Role.MANAGER))
    assert board.bands["overdue"] == queue.list_requests(walk.steward, only=queue.Only(band="overdue")).total == 1


def test_21_ours_the_month_ends_with_february_and_a_pause_moves_the_day_by_exactly_its_days(walk):
    desk = walk.at(walk.steward, NOW.replace(year=2027, month=2, day=1))
    january = asked(desk, received=date(2027, 1, 31), email="january@example.com")
    request = january.requests[0][0]
    assert walk.row(request).base_due == date(2027, 3, 1), "28 February 2027 is a Sunday"
    clock.ask(desk, request, "identity", "Who are you?", "Two people of this name.", key=new_id(), asked_on=date(2027, 2, 1))
    later = walk.at(walk.steward, NOW.replace(year=2027, month=2, day=5))
    joining.add_message(
        later, january.case_ref, intake.Intake((), "email", date(2027, 2, 5), body="It is me."), answers="identity", key=new_id()
    )
    assert walk.row(request).base_due == date(2027, 3, 4), "4 days on the nominal 28 February"
