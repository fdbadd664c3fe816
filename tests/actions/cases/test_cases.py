"""The case file, its clock, its identity check and its plain steps."""

from datetime import date

import pytest

from core.actions.answers import requests
from core.actions.cases import assigning, cases, clock, identity, joining, queue
from core.actions.cases.intake import Intake, take_in
from core.actions.oversight import sealed
from core.law.errors import Conflict, Invalid, NotAllowed, NotPossible
from core.law.roles import Role
from core.law.workflow import Closing, State
from core.store.engine import new_id
from tests.actions.conftest import hold_role, import_people
from tests.actions.things_of import plant
from tests.conftest import desk_of

WHEN = date(2026, 11, 2)


@pytest.fixture
def desk(store):
    return desk_of(store, Role.STEWARD)


@pytest.fixture
def made(desk):
    return take_in(
        desk, Intake(("access", "erasure"), "email", WHEN, name="Marker", email="m@example.com", body="All."), key="form-0001"
    )


def first(desk, made):
    return cases.open_case(desk, made.case_ref).requests[0]


def test_opening_is_entered_once_in_a_quarter_of_an_hour(desk, made):
    for _ in range(3):
        cases.open_case(desk, made.case_ref)
    with desk.store.transaction() as tx:
        rows = tx.rows("log.all_rows", chain=desk.store.chain, first=0, last=100)
    assert [row["act"] for row in rows].count("case.open") == 1


def test_an_identity_question_pauses_every_request_and_its_answer_lengthens_them(desk, made):
    before = first(desk, made).deadline.final_due
    assert before == date(2026, 12, 2)
    clock.ask(
        desk, made.requests[0][0], "identity", "Who are you?", "The name differs.", key="ask-00001",
        asked_on=date(2026, 11, 9),
    )
    file = cases.open_case(desk, made.case_ref)
    assert [each.standing.words for each in file.requests] == ["‖ 9 d safe"] * 2
    assert file.requests[0].deadline.final_due is None
    with pytest.raises(NotPossible):
        clock.ask(desk, made.requests[1][0], "identity", "Again?", "The name differs.", key="ask-00002")
    clock.answered(desk, made.requests[0][0], "identity", date(2026, 11, 16), key="ask-00003")
    file = cases.open_case(desk, made.case_ref)
    assert [each.deadline.final_due for each in file.requests] == [date(2026, 12, 9)] * 2
    assert file.requests[0].deadline.safe_due == before


@pytest.mark.parametrize(("question", "reason"), [("", "facts"), ("Who?", " "), ("x" * 4001, "facts"), ("Who?", "x" * 2001)])
def test_a_question_without_text_or_facts_does_not_pause(desk, made, question, reason):
    with pytest.raises(Invalid):
        clock.ask(desk, made.requests[0][0], "identity", question, reason, key="ask-00001")
    assert first(desk, made).deadline.final_due is not None


def test_a_later_message_can_answer_the_question(desk, made):
    clock.ask(desk, made.requests[0][0], "identity", "Who?", "The name differs.", key="ask-00001", asked_on=date(2026, 11, 9))
    reply = Intake((), "email", date(2026, 11, 11), body="It is me.")
    joining.add_message(desk, made.case_ref, reply, answers="identity", key="msg-00001")
    file = cases.open_case(desk, made.case_ref)
    assert file.requests[0].deadline.final_due == date(2026, 12, 4)
    assert len(file.messages) == 2


def test_identity_needs_enough_proof_and_a_reason_for_a_document(desk, made):
    with pytest.raises(Invalid, match="not enough"):
        identity.record(desk, made.case_ref, ["mail_held"], "proven", key="idc-00001")
    with pytest.raises(Invalid, match="reasonable doubt"):
        identity.record(desk, made.case_ref, ["document"], "proven", key="idc-00002")
    with pytest.raises(Invalid, match="why"):
        identity.record(desk, made.case_ref, [], "failed", key="idc-00003")
    identity.record(desk, made.case_ref, ["signed_in"], "proven", key="idc-00004")
    assert cases.open_case(desk, made.case_ref).identity_state == "proven"


def test_a_step_on_an_older_version_is_a_conflict(desk, made):
    request = first(desk, made).row
    requests.start(desk, request.id, version=request.version, key="step-0001")
    with pytest.raises((Conflict, NotPossible)):
        requests.start(desk, request.id, version=request.version, key="step-0002")
    with pytest.raises(Conflict):
        requests.withdraw(desk, request.id, "Taken back by phone.", version=request.version, key="step-0003")
    assert first(desk, made).state is State.IN_PROGRESS


def test_a_withdrawn_request_is_closed_and_never_moves_again(desk, made):
    request = first(desk, made).row
    with pytest.raises(Invalid, match="reason"):
        requests.withdraw(desk, request.id, " ", version=request.version, key="step-0001")
    requests.withdraw(desk, request.id, "Taken back.", version=request.version, key="step-0002")
    closed = first(desk, made)
    assert (closed.state, closed.closing, closed.standing.words) == (State.CLOSED, Closing.WITHDRAWN, "closed")
    with pytest.raises(NotPossible, match="does not move"):
        requests.start(desk, request.id, version=closed.row.version, key="step-0003")


@pytest.mark.parametrize("closing", ["not_identified", "no_data_held"])
def test_an_ending_that_the_person_must_be_told_needs_its_ground_first(desk, made, closing):
    request = first(desk, made).row
    with pytest.raises(NotPossible, match="first"):
        requests.close(desk, request.id, closing, "", version=request.version, key="step-0001")


@pytest.mark.parametrize("closing", ["fulfilled", "duplicate", "nonsense"])
def test_a_request_ends_only_as_the_table_says(desk, made, closing):
    request = first(desk, made).row
    with pytest.raises((NotPossible, Invalid)):
        requests.close(desk, request.id, closing, "", version=request.version, key="step-0001")


def test_a_sealed_case_opens_only_for_the_named_and_counts_on_the_board(store, desk, made):
    dpo = desk_of(store, Role.DPO, name="dpo")
    with store.transaction() as tx:
        for name in ("dpo", "somebody"):
            tx._cursor.execute(
                "insert into accounts (id, actor_ref, sign_in_name, name, made_at, made_by) values (?, ?, ?, ?, ?, 'test')",
                [f"account-{name}", f"actor-{name}", name, name, desk.now],
            )
        store.commit(tx)
    cases.seal_to(dpo, made.case_ref, ["account-dpo"], key="seal-0001")
    with pytest.raises(NotAllowed, match="sealed"):
        cases.open_case(desk, made.case_ref)
    assert cases.open_case(dpo, made.case_ref).sealed_to_names
    reference = first(dpo, made).row.reference
    for hidden in (queue.list_requests(desk), queue.list_requests(desk, search=reference)):
        assert (hidden.rows, hidden.total, sealed.count(desk).cases, hidden.counts["open"]) == ((), 0, 1, 2)
    named = queue.list_requests(dpo)
    assert (len(named.rows), named.total, sealed.count(dpo).cases) == (2, 2, 0)
    with store.transaction() as tx:
        rows = tx.rows("log.all_rows", chain=store.chain, first=0, last=100)
    assert [row["outcome"] for row in rows if row["outcome"] != "done"] == ["refused.not_allowed"]


def test_the_queue_names_nobody_and_an_analyst_sees_no_small_number(store, desk, made):
    page = queue.list_requests(desk)
    assert page.total == 2
    assert "Marker" not in str(page)
    assert queue.list_requests(desk, search=made.reference).total == 2
    assert queue.list_requests(desk, right="erasure").total == 1
    behind = queue.list_requests(desk, right="erasure", page=7)
    assert (behind.rows, behind.total) == ((), 1)  # so that whoever asks can go back to a page that is there
    assert queue.list_requests(desk, view="unassigned").total == 2
    seen = queue.list_requests(desk_of(store, Role.ANALYST))
    assert (seen.rows, seen.counts["open"]) == ((), None)


def test_a_steward_takes_what_is_free_and_gives_back_only_their_own(store, desk, made):
    request = first(desk, made).row
    with pytest.raises(Invalid):
        assigning.assign(desk, request.id, "account-somebody", version=1, key="own-00001")  # holds no role in the table
    with pytest.raises(NotAllowed):
        assigning.assign(desk, request.id, "account-other", version=1, key="own-00002")


def test_everybody_who_decided_the_person_worked_on_the_case_also_who_was_corrected(store, made):
    people = import_people(store, 2)
    for number, name in enumerate(("first", "second")):
        with store.transaction() as tx:
            version = tx.one("cases.one", case_ref=made.case_ref)["version"]
        cases.decide_person(
            desk_of(store, Role.STEWARD, name=name), made.case_ref, people[number], version=version, key=new_id()
        )
    with store.transaction() as tx:
        workers = tx.rows("opening.workers", case_ref=made.case_ref, request_id=made.requests[0][0])
    assert {row["account_id"] for row in workers if row["how"] == "person"} == {"account-first", "account-second"}


def test_nobody_is_given_a_case_that_is_about_somebody_close_or_sealed_from_them(store, made):
    manager, request = desk_of(store, Role.MANAGER, name="manager"), made.requests[0][0]
    for name in ("near", "far"):
        hold_role(store, f"account-{name}", Role.STEWARD)
    plant(store, "account_people", account_id="account-near", subject_ref="s" * 32)

    def assign(name):
        with store.transaction() as tx:
            version = tx.one("requests.one", id=request)["version"]
        assigning.assign(manager, request, f"account-{name}", version=version, key=new_id())

    assign("near")  # nothing says yet whom the case is about
    with store.transaction() as tx:
        tx._cursor.execute("update cases set subject_ref = ?", ["s" * 32])
        store.commit(tx)
    assign("far")
    with pytest.raises(NotAllowed, match="may not handle that case"):
        assign("near")
    with store.transaction() as tx:
        tx._cursor.execute("update cases set subject_ref = null, sealed_to_names = true")
        tx._cursor.execute("insert into case_named values (?, 'account-far'), (?, 'account-manager')", [made.case_ref, made.case_ref])
        store.commit(tx)
    with pytest.raises(NotAllowed, match="may not handle that case"):
        assign("near")
    assign("far")


def test_an_approver_opens_a_case_only_when_asked_in_it(store, made):
    approver = desk_of(store, Role.APPROVER, name="approver")
    with pytest.raises(NotAllowed, match="asked"):
        cases.open_case(approver, made.case_ref)
    with store.transaction() as tx:
        tx._cursor.execute(
            "insert into approvals (id, request_id, case_ref, thing, thing_id, hash, asked_by, asked_at, approver_id, words_under) "
            "values ('a', ?, ?, 'package', 'p', 's', 'x', ?, 'account-approver', 'approvals')",
            [made.requests[0][0], made.case_ref, approver.now],
        )
        store.commit(tx)
    assert cases.open_case(approver, made.case_ref).case_ref == made.case_ref
