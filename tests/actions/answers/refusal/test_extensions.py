"""An extension from its ground to the day it was told: on the last day it counts, a day later it has no effect."""

from datetime import date, datetime, time, timedelta

import pytest

from core.actions.answers import approvals, requests
from core.actions.answers.letters import letters
from core.actions.answers.refusal import extensions
from core.actions.answers.refusal.extensions import EXTENSION
from core.actions.cases import cases, clock, queue
from core.law.errors import Conflict, Invalid, NotAllowed, NotPossible
from core.law.roles import Role
from core.store.engine import new_id
from tests.actions.conftest import hold_role
from tests.actions.in_one_piece import in_one_piece
from tests.conftest import NOW, desk_of

FACTS = "FACTWORDS: nine systems, three of them paper files in another town."
LAST, EXTENDED = date(2026, 12, 21), date(2027, 2, 22)  # received on 20 November; both ends fall on a weekend


def prepare(walk, desk=None, grounds=("complexity",), told=FACTS, **changes):
    given = {"version": walk.version, "key": new_id()} | changes
    return extensions.prepare(desk or walk.steward, walk.request_id, list(grounds), told, **given)


def ask(walk, desk=None, **changes):
    shown = extensions.of_request(walk.steward, walk.request_id)
    given = {"approver_id": "account-deputy", "version": shown.version, "key": new_id()} | changes
    return approvals.ask(desk or walk.steward, EXTENSION, walk.request_id, **given)


def dpo(walk, now=NOW):
    return desk_of(walk.store, Role.DPO, name="deputy", now=now, stepped_up=False)


def approved(walk):
    prepare(walk)
    number = ask(walk)
    approvals.approve(dpo(walk), EXTENSION, number, key=new_id())
    return extensions.of_request(walk.steward, walk.request_id).letter_id


def at(walk, day):
    return walk.at(walk.steward, datetime.combine(day, time(15)))


def send(walk, letter, day):
    letters.mark_sent(at(walk, day), letter, "email", day, key=new_id())


def dates(walk):
    row = walk.row()
    return row.base_due, row.final_due


def details(entries, act):
    return next(row["details"] for row in reversed(entries()) if row["act"] == act and row["outcome"] == "done")


def test_a_notice_on_the_last_day_moves_the_due_date_to_three_months_from_receipt(walk, entries):
    assert dates(walk) == (LAST, LAST)
    letter = approved(walk)
    body = extensions.of_request(walk.steward, walk.request_id).letter
    for words in ("complexity", FACTS, "22 February 2027", "complain", "judicial remedy"):
        assert words in body
    assert dates(walk) == (LAST, LAST), "approved is not told"
    send(walk, letter, LAST)
    assert dates(walk) == (LAST, EXTENDED)
    assert queue.list_requests(walk.at(walk.steward, NOW)).rows[0].due == EXTENDED
    told = details(entries, "letter.sent")
    for words in ('"due_before":"2026-12-21"', '"due_after":"2027-02-22"', '"effective":1'):
        assert words in told
    file = cases.open_case(walk.steward, walk.case_ref)
    assert any("Extended by the notice" in step for step in file.requests[0].deadline.steps)
    assert extensions.of_request(walk.steward, walk.request_id).standing.code == "effective"
    assert not [row for row in entries() if "FACTWORDS" in str(row)]


def test_a_notice_a_day_later_is_recorded_without_effect_and_the_request_stays_overdue(walk, entries):
    letter, late = approved(walk), LAST + timedelta(days=1)
    send(walk, letter, late)
    assert dates(walk) == (LAST, LAST)
    shown = extensions.of_request(at(walk, late), walk.request_id)
    assert shown.standing.code == "late"
    assert "Without effect" in shown.standing.sentence
    assert '"effective":0' in details(entries, "letter.sent")
    assert queue.list_requests(at(walk, late), view="overdue").total == 1
    with pytest.raises(NotPossible, match="at most one"):
        prepare(walk, at(walk, late))


def test_after_the_last_day_nothing_can_be_prepared_asked_or_approved(walk):
    late = at(walk, LAST + timedelta(days=1))
    with pytest.raises(NotPossible, match="no effect"):
        prepare(walk, late)
    prepare(walk, at(walk, LAST))
    with pytest.raises(NotPossible, match="no effect"):
        ask(walk, late)
    number = ask(walk, at(walk, LAST))
    with pytest.raises(NotPossible, match="no effect"):
        approvals.approve(dpo(walk, late.now), EXTENSION, number, key=new_id())
    approvals.approve(dpo(walk, at(walk, LAST).now), EXTENSION, number, key=new_id())


def test_a_notice_goes_out_only_approved_unchanged_and_not_before_its_approval(walk):
    prepare(walk)
    letter = extensions.of_request(walk.steward, walk.request_id).letter_id
    with pytest.raises(NotPossible, match="must approve"):
        letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=new_id())
    whole = extensions.of_request(walk.steward, walk.request_id).letter
    in_one_piece(walk.store, letter, whole.replace("because", "since"))
    with pytest.raises(NotPossible, match="the reasons"):
        ask(walk)
    in_one_piece(walk.store, letter, whole)
    number = ask(walk)
    with pytest.raises(NotPossible, match="handed in"):
        letters.save(walk.steward, letter, whole + "x", key=new_id())
    with pytest.raises(NotPossible, match="waits"):
        prepare(walk)
    with pytest.raises(NotPossible, match="must approve"):
        letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=new_id())
    approvals.approve(dpo(walk), EXTENSION, number, key=new_id())
    with pytest.raises(Invalid, match="before the day"):
        letters.mark_sent(walk.steward, letter, "email", NOW.date() - timedelta(days=2), key=new_id())
    with pytest.raises(NotPossible, match="at the clock"):
        letters.draft(walk.steward, walk.case_ref, "extension", walk.request_id, key=new_id())


def test_the_handler_the_preparer_and_the_checker_of_the_identity_never_approve(walk):
    hold_role(walk.store, "account-steward", Role.DPO)
    hold_role(walk.store, "account-owner", Role.APPROVER)
    hold_role(walk.store, "account-plain", Role.STEWARD)
    with walk.store.transaction() as tx:
        tx.run("requests.assign", id=walk.request_id, owner_id="account-owner", version=walk.version)
        walk.store.commit(tx)
    prepare(walk)
    for who in ("account-steward", "account-checker", "account-owner", "account-plain"):
        with pytest.raises(Invalid):
            ask(walk, approver_id=who)
    with pytest.raises(Invalid, match="another person as the deputy"):
        ask(walk, deputy_id="account-deputy")
    number = ask(walk, deputy_id="account-approver", deputy_after_days=3)
    for desk in (
        desk_of(walk.store, Role.DPO, name="steward"), desk_of(walk.store, Role.APPROVER, name="owner"),
        desk_of(walk.store, Role.APPROVER, name="checker"), desk_of(walk.store, Role.APPROVER, name="approver"),
        desk_of(walk.store, Role.STEWARD, name="deputy"), desk_of(walk.store, Role.MANAGER, name="deputy"),
    ):
        with pytest.raises(NotAllowed):
            approvals.approve(desk, EXTENSION, number, key=new_id())
    assert approvals.compare(desk_of(walk.store, Role.APPROVER, name="approver"), EXTENSION, number).may_decide
    later = desk_of(walk.store, Role.APPROVER, name="approver", now=NOW + timedelta(days=3))
    assert [row["id"] for row in approvals.waiting(later)] == [number]
    approvals.approve(later, EXTENSION, number, key=new_id())


def test_the_approver_sees_facts_and_letter_gets_it_on_home_and_may_open_the_case(walk):
    mine = dpo(walk)
    approver = desk_of(walk.store, Role.APPROVER, name="approver")
    with pytest.raises(NotAllowed):
        cases.open_case(approver, walk.case_ref)
    prepare(walk)
    number = ask(walk, approver_id="account-approver")
    assert [row["id"] for row in approvals.waiting(approver)] == [number]
    assert approvals.waiting(mine) == []
    shown = approvals.compare(approver, EXTENSION, number)
    assert (shown.facts, shown.may_decide, [each.code for each in shown.grounds]) == (FACTS, "", ["complexity"])
    assert FACTS in shown.letter
    assert cases.open_case(approver, walk.case_ref).case_ref == walk.case_ref
    approvals.give_back(approver, EXTENSION, number, "BACKWORDS too thin", key=new_id())
    assert approvals.waiting(approver) == []
    returned = extensions.of_request(walk.steward, walk.request_id)
    assert (returned.standing.code, returned.returned) == ("prepared", "BACKWORDS too thin")
    prepare(walk, told=FACTS + " And more.")
    again = extensions.of_request(walk.steward, walk.request_id)
    assert (again.id, again.letter_id) == (shown.id, returned.letter_id), "the unsent letter takes the new words"
    assert "And more." in again.letter


def test_only_one_extension_and_an_approved_one_may_still_be_changed_before_it_is_told(walk):
    letter = approved(walk)
    prepare(walk, grounds=("number", "complexity"))
    assert extensions.of_request(walk.steward, walk.request_id).standing.code == "prepared"
    with pytest.raises(NotPossible, match="must approve"):
        letters.mark_sent(walk.steward, letter, "email", NOW.date(), key=new_id())
    approvals.approve(dpo(walk), EXTENSION, ask(walk), key=new_id())
    send(walk, letter, NOW.date())
    with pytest.raises(NotPossible, match="at most one"):
        prepare(walk)
    with pytest.raises(NotPossible, match="Prepare"):
        ask(walk)


def test_a_question_answered_later_moves_the_extended_day_too(walk):
    letter = approved(walk)
    send(walk, letter, NOW.date())
    clock.ask(walk.steward, walk.request_id, "clarification", "Which years?", "Nine systems since 1998.", large=True, key=new_id())
    assert walk.row().final_due is None
    clock.answered(at(walk, date(2026, 11, 27)), walk.request_id, "clarification", date(2026, 11, 27), key=new_id())
    assert dates(walk) == (date(2026, 12, 24), date(2027, 2, 24)), "four days are added before the roll, to both"


def test_a_closed_request_has_no_extension_and_an_old_page_is_a_conflict(walk):
    version, key = walk.version, new_id()
    first = prepare(walk, key=key)
    assert prepare(walk, key=key) == first
    with pytest.raises(Conflict):
        prepare(walk, version=version - 1)
    with pytest.raises(Conflict):
        ask(walk, version=99)
    requests.withdraw(walk.steward, walk.request_id, "Taken back.", version=walk.version, key=new_id())
    with pytest.raises(NotPossible, match="closed"):
        prepare(walk)
    with pytest.raises(NotPossible, match="closed"):
        ask(walk)


