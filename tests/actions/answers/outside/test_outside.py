"""Answered outside the desk: the same law, a line for each system with its evidence, exactly the approved letter."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.actions.answers import approvals, decisions, progress, requests, sending
from core.actions.answers.letters import letters
from core.actions.answers.outside import outside
from core.actions.answers.outside.outside import OUTSIDE
from core.actions.answers.plan_approvals import PLAN
from core.actions.answers.planned import PlanBody, read_body
from core.actions.answers.refusal.refusals import REFUSAL
from core.actions.cases import cases, identity, queue, representatives
from core.actions.desk.act import Now
from core.actions.oversight import board as boards
from core.law.acts import Act
from core.law.errors import Conflict, Invalid, NotAllowed, NotPossible, StepUpNeeded
from core.law.outside import Done, Line, terms_of
from core.law.roles import Role
from core.law.ways import OF_PERSONS, RIGHTS, Kind
from core.store.encryption import Cell, encrypt
from core.store.engine import new_id
from tests.actions.answers.refusal.test_refusals import asked_for
from tests.actions.conftest import import_people
from tests.actions.in_one_piece import in_one_piece
from tests.conftest import NOW, desk_of

WHY = "WHYWORDS: the data lie on paper in the archive, which no connector reaches."
EVIDENCE = "EVIDENCEWORDS: ticket 4711 of the archive, done on 20 November."
TOLD = "TOLDWORDS of {}"
UNTIL = NOW.date() + timedelta(days=400)


def lines(*outcomes):
    """Return one line for each system of the catalogue: the outcomes in turn, the last for all that follow."""
    codes = [code for code, _ in outside.systems()]
    chosen = [*outcomes, *[outcomes[-1]] * len(codes)][: len(codes)]
    return [
        Line(code, each, "" if each is Done.NOTHING_HELD else TOLD.format(code), EVIDENCE, UNTIL if each is Done.KEPT else None)
        for code, each in zip(codes, chosen, strict=True)
    ]


def record(walk, *outcomes, **changes):
    given = {"lines": lines(*outcomes or (Done.DONE,)), "reason": WHY, "version": walk.version, "key": walk.key()} | changes
    return outside.record(walk.steward, walk.request_id, **given)


def ask(walk, **changes):
    given = {"approver_id": walk.approver.person.account_id, "version": walk.version, "key": walk.key()} | changes
    return approvals.ask(walk.steward, OUTSIDE, walk.request_id, **given)


def approved(walk, *outcomes):
    letter = record(walk, *outcomes)
    approvals.approve(walk.approver, OUTSIDE, ask(walk), key=walk.key())
    return letter


def sent(walk, letter):
    letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=walk.key())
    sending.mark_sent(walk.steward, walk.request_id, "email", NOW.date(), version=walk.version, key=walk.key())


def close(walk, ending):
    sending.close(walk.steward, walk.request_id, ending, version=walk.version, key=walk.key())


def ready(walk, kind):
    """Return a walk with a request of a right in progress, the person proven and decided."""
    subject = import_people(walk.store, 5)[3]
    mine = replace(asked_for(walk, kind, 3), subject=subject)
    file = cases.open_case(mine.steward, mine.case_ref)
    cases.decide_person(mine.steward, mine.case_ref, subject, version=file.version, key=new_id())
    identity.record(mine.checker, mine.case_ref, ["mail_held", "two_facts"], "proven", key=new_id())
    return mine


@pytest.mark.parametrize(("outcomes", "ending", "others"), [
    ((Done.DONE,), "fulfilled", ("partly_fulfilled", "refused", "no_data_held")),
    ((Done.DONE, Done.NOTHING_HELD), "fulfilled", ("partly_fulfilled", "refused", "no_data_held")),
    ((Done.DONE, Done.KEPT), "partly_fulfilled", ("fulfilled", "refused")),
    ((Done.NOT_DONE,), "refused", ("fulfilled", "partly_fulfilled")),
], ids=["done", "nothing_held", "kept", "not_done"])
def test_it_ends_as_its_lines_say_and_no_other_way(walk, monkeypatch, outcomes, ending, others):
    two_systems(monkeypatch)
    letter = approved(walk, *outcomes)
    assert walk.state == "ready_to_send"
    with pytest.raises(NotPossible, match="Mark the letter"):
        sending.mark_sent(walk.steward, walk.request_id, "email", NOW.date(), version=walk.version, key=walk.key())
    sent(walk, letter)
    for other in others:
        with pytest.raises(NotPossible):
            close(walk, other)
    close(walk, ending)
    assert (walk.state, walk.row().closing) == ("closed", ending)


def two_systems(monkeypatch):
    monkeypatch.setattr(outside, "systems", lambda: (("local", "Our shop"), ("paper", "The archive")))


@pytest.mark.parametrize("kind", [kind for kind in OF_PERSONS if RIGHTS[kind].course != "record"])
def test_every_right_with_a_room_can_be_answered_outside(walk, kind):
    mine = ready(walk, kind)
    kept = kind is Kind.ERASURE  # what the desk still finds is not erased
    letter = approved(mine, Done.KEPT if kept else Done.DONE)
    sent(mine, letter)
    close(mine, "refused" if kept else "fulfilled")
    assert mine.state == "closed"
    told = progress.of_request(mine.steward, mine.request_id)
    assert [each.title for each in told.items if not each.done] == ["Confirm the receipt"], told.items


def test_the_boards_count_it_apart_and_with_the_others(walk):
    letter = approved(walk, Done.DONE)
    sent(walk, letter)
    close(walk, "fulfilled")
    manager = desk_of(walk.store, Role.MANAGER, name="manager")
    board = boards.board(manager)
    assert (board.in_time.in_time, board.in_time.outside, board.in_time_of["access"].outside) == (1, 1, 1)
    shown = queue.list_requests(manager, view="closed", only=queue.Only(outcome="outside"))
    assert [row.id for row in shown.rows] == [walk.request_id]
    withdrawn = ready(walk, "rectification")
    record(withdrawn, Done.DONE)  # recorded, and never answered so
    requests.withdraw(walk.steward, withdrawn.request_id, "Taken back.", version=withdrawn.version, key=new_id())
    board = boards.board(manager)
    assert (board.in_time.in_time, board.in_time.outside, board.in_time.left_out) == (1, 1, 1)
    assert queue.list_requests(manager, view="closed", only=queue.Only(outcome="outside")).total == 1


def test_what_the_desk_itself_still_finds_is_not_said_to_be_gone(walk):
    with pytest.raises(NotPossible, match="still finds data"):
        record(walk, Done.NOTHING_HELD)
    mine = ready(walk, "erasure")
    for outcome in (Done.NOTHING_HELD, Done.DONE):
        with pytest.raises(NotPossible, match="still finds data of the person here: "):
            record(mine, outcome)
    assert mine.row().plan_id is None


def test_what_came_after_the_record_is_found_at_the_approval(walk):
    record(walk, Done.DONE)
    with walk.store.transaction() as tx:  # the very claim, planted past the check of the form
        plan = tx.one("plans.one", id=walk.row().plan_id)
        body = read_body(walk.steward, Now(None, tx=tx, what=Act.OUTSIDE_RECORD), plan["id"])
        terms = dict(body.terms) | {"lines": terms_of(lines(Done.NOTHING_HELD))}
        planted = PlanBody((), (), "", terms)
        tx.run("plans.renew", id=plan["id"], plan_hash=planted.hash, body=encrypt(
            walk.store, walk.case_ref, planted.text, Cell("plans", plan["id"], "body")))
        walk.store.commit(tx)
    with pytest.raises(NotPossible, match="still finds data"):
        ask(walk)


def test_a_letter_changed_behind_the_approval_goes_back(walk):
    letter = record(walk, Done.NOT_DONE)
    number = ask(walk)
    text = next(each.text for each in letters.list_letters(walk.steward, walk.case_ref) if each.id == letter)
    with walk.store.transaction() as tx:
        tx.run("letters.save", id=letter, body=encrypt(
            walk.store, walk.case_ref, text + "\nOne line more.", Cell("letters", letter, "body")))
        walk.store.commit(tx)
    with pytest.raises(approvals.DataChanged):
        approvals.approve(walk.approver, OUTSIDE, number, key=new_id())
    assert walk.state == "in_progress"


def test_somebody_whom_nobody_here_knows_is_answered_too(walk):
    mine = asked_for(walk, "access", 7)
    identity.record(mine.checker, mine.case_ref, ["signed_in"], "proven", key=new_id())
    with pytest.raises(NotPossible, match="Decide first"):
        record(mine, Done.NOTHING_HELD)
    file = cases.open_case(mine.steward, mine.case_ref)
    cases.decide_person(mine.steward, mine.case_ref, None, version=file.version, key=new_id())
    letter = approved(mine, Done.NOTHING_HELD)
    sent(mine, letter)
    close(mine, "fulfilled")


def test_who_acts_for_another_needs_authority_outside_too(walk):
    record(walk)
    representatives.add(walk.steward, walk.case_ref, representatives.Acting("agent", "A lawyer", rights=("access",)), key=new_id())
    for step in (record, ask):
        with pytest.raises(NotPossible, match="representative"):
            step(walk)


def test_what_a_right_needs_before_its_answer_it_needs_outside_too(walk):
    mine = asked_for(walk, "erasure")
    with pytest.raises(NotPossible, match="Prove first"):
        record(mine)
    mine = ready(walk, "objection")
    with pytest.raises(NotPossible, match="grounds"):
        record(mine)
    authority = asked_for(walk, "information")
    with pytest.raises(NotPossible, match="notice"):
        record(authority)


def test_the_copy_still_owed_goes_before_an_erasure_outside(walk):
    """The walk's own request for access is open, and about the same person."""
    mine = replace(asked_for(walk, "erasure", walk.number), subject=walk.subject)
    file = cases.open_case(mine.steward, mine.case_ref)
    cases.decide_person(mine.steward, mine.case_ref, walk.subject, version=file.version, key=new_id())
    identity.record(mine.checker, mine.case_ref, ["mail_held", "two_facts"], "proven", key=new_id())
    with pytest.raises(NotPossible, match="copy"):
        record(mine)


def test_bad_lines_are_told_and_change_nothing(walk):
    before, good = walk.row(), lines(Done.DONE)
    for wrong, what, field in (
        ({"lines": []}, "one line for each", "lines"),
        ({"lines": [*good, good[0]]}, "one line for each", "lines"),
        ({"lines": [replace(good[0], system="unknown"), *good[1:]]}, "Choose for each", "lines"),
        ({"lines": [replace(each, evidence="short") for each in good]}, "evidence", "evidence"),
        ({"lines": [replace(each, told=" ") for each in good]}, "words for the person", "told"),
        ({"lines": [replace(each, outcome=Done.KEPT) for each in good]}, "day until", "until"),
        ({"lines": [replace(each, outcome=Done.KEPT, until=NOW.date() - timedelta(days=1)) for each in good]}, "day", "until"),
        ({"lines": [replace(each, told="x" * 2001) for each in good]}, "2,000|2000", "told"),
        ({"reason": "because"}, "why it was answered outside", "reason"),
    ):
        with pytest.raises(Invalid, match=what) as told:
            record(walk, **wrong)
        assert told.value.field == field
    with pytest.raises(Conflict):
        record(walk, version=walk.version + 1)
    assert walk.row() == before


def test_direct_marketing_is_never_left_undone(walk):
    mine = ready(walk, "objection_marketing")
    for outcome in (Done.NOT_DONE, Done.KEPT):
        with pytest.raises(NotPossible, match="21"):
            record(mine, outcome)


def test_nobody_approves_their_own_record_and_a_step_up_is_needed(walk):
    record(walk, Done.DONE)
    number = ask(walk)
    with pytest.raises(NotAllowed, match="another person"):
        approvals.approve(desk_of(walk.store, Role.STEWARD, Role.DPO), OUTSIDE, number, key=new_id())
    with pytest.raises(StepUpNeeded):
        approvals.approve(desk_of(walk.store, Role.APPROVER, name="approver", stepped_up=False), OUTSIDE, number, key=new_id())
    for other in (PLAN, REFUSAL):
        with pytest.raises(NotPossible, match="another thing"):
            approvals.approve(walk.approver, other, number, key=new_id())
    assert walk.state == "awaiting_approval"
    seen = approvals.compare(walk.approver, OUTSIDE, number)
    assert (seen.reason, {line.evidence for _, line in seen.lines}, seen.may_decide) == (WHY, {EVIDENCE}, "")
    approvals.give_back(walk.approver, OUTSIDE, number, "Whose ticket is it?", key=new_id())
    assert walk.state == "in_progress"


def test_exactly_the_approved_letter_goes_out(walk):
    letter = record(walk, Done.NOT_DONE)
    text = next(each.text for each in letters.list_letters(walk.steward, walk.case_ref) if each.id == letter)
    assert all(TOLD.format(code) in text for code, _ in outside.systems())
    assert EVIDENCE not in text
    assert WHY not in text
    with pytest.raises(NotPossible, match="must approve"):
        letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=new_id())
    in_one_piece(walk.store, letter, text.replace("TOLDWORDS", "nothing"))
    with pytest.raises(NotPossible, match="reasons"):
        ask(walk)
    letters.save(walk.steward, letter, text + "\nAnd one line more.", key=new_id())
    number = ask(walk)
    with pytest.raises(NotPossible, match="stays as it is"):
        letters.save(walk.steward, letter, text, key=new_id())
    approvals.approve(walk.approver, OUTSIDE, number, key=new_id())
    with pytest.raises(NotPossible, match="record it there"):
        letters.draft(walk.steward, walk.case_ref, "answered_outside", walk.request_id, key=new_id())
    letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=new_id())


def test_a_new_record_takes_the_old_ones_letter_and_ends_the_package(walk):
    walk.prepare()
    walk.work()
    first = record(walk, Done.DONE)
    again = record(walk, Done.NOT_DONE)
    assert first == again
    shown = outside.of_request(walk.steward, walk.request_id)
    assert (shown.ending, shown.letter_sent) == ("refused", False)
    with walk.store.transaction() as tx:
        assert {row[0] for row in tx._cursor.execute("select state from packages").fetchall()} == {"expired"}


def test_taken_back_to_work_it_needs_a_new_approval(walk):
    letter = approved(walk, Done.DONE)
    requests.revise(walk.steward, walk.request_id, "One system more.", version=walk.version, key=new_id())
    record(walk, Done.DONE, Done.NOT_DONE)
    with pytest.raises(NotPossible, match="must approve"):
        letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=new_id())


def test_each_line_is_a_decision_with_its_evidence_and_no_word_stands_in_the_log(walk):
    approved(walk, Done.DONE)
    made = [each for each in decisions.of_request(walk.steward, walk.request_id) if each.rule == "OUT"]
    assert [(each.outcome, each.granted, each.words) for each in made] == [("done", True, EVIDENCE)] * len(outside.systems())
    with walk.store.transaction() as tx:
        log = str(tx.rows("log.all_rows", chain=walk.store.chain, first=0, last=walk.store.tip.count))
    assert "WORDS" not in log
    assert "outside.done" in log
