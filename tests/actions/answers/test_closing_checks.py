"""Closings in which requests get lost: drawn by lot, checked by another person, and found again with their old clock."""

from datetime import date

import pytest

from core.actions.answers import closing_checks, requests
from core.actions.answers.closing_checks import Verdict
from core.actions.answers.letters import letters
from core.actions.cases import cases, closing_draws, intake
from core.law.errors import Conflict, Invalid, NotAllowed, NotFound, NotPossible
from core.law.roles import Role
from core.law.workflow import SAMPLED
from core.store.engine import new_id
from tests.conftest import NOW, desk_of

REASON, FOUND = "WHYCLOSED spam", "WHATFOUND it asks for data"


@pytest.fixture
def steward(store):
    return desk_of(store, Role.STEWARD, name="steward")


@pytest.fixture
def other(store):
    return desk_of(store, Role.STEWARD, name="other")


@pytest.fixture
def dpo(store):
    return desk_of(store, Role.DPO, name="dpo")


def taken(desk, rights=("access",), received=date(2026, 11, 2)):
    return intake.take_in(
        desk, intake.Intake(rights, "email", received, email="marker@example.com", body="BODYWORDS"), key=new_id()
    )


def row_of(desk, request_id):
    with desk.store.transaction() as tx:
        return tx.one("requests.one", id=request_id)


UNTOLD = "The sender is a machine that reads no answers."


def close(desk, request_id, closing="not_a_request", reason=REASON, untold=UNTOLD):
    requests.close(
        desk, request_id, closing, reason, version=row_of(desk, request_id)["version"], key=new_id(), untold=untold
    )


def closed(desk, closing="not_a_request", **changes):
    if closing == "duplicate":
        taken(desk, **changes)  # the first one: its clock goes on
    made = taken(desk, **changes).requests[0][0]
    close(desk, made, closing)
    return made


def tell_of_another(desk, case_ref, request):
    letter = letters.draft(desk, case_ref, "forwarded", request, told={"controller": "Another Ltd, Street 1"}, key=new_id())
    letters.mark_sent(desk, letter, "email", NOW.date(), key=new_id())


def test_a_request_is_passed_on_only_once_the_person_knows_to_whom(steward):
    case = taken(steward)
    request = case.requests[0][0]
    with pytest.raises(NotPossible, match="Send the person the letter"):
        close(steward, request, "forwarded", untold="")
    letter = letters.draft(steward, case.case_ref, "forwarded", request, told={"controller": "Another Ltd"}, key=new_id())
    with pytest.raises(NotPossible, match="Send the person the letter"):
        close(steward, request, "forwarded", untold="")
    assert row_of(steward, request)["state"] == "received"
    letters.mark_sent(steward, letter, "email", NOW.date(), key=new_id())
    close(steward, request, "forwarded", untold="")
    assert (row_of(steward, request)["state"], row_of(steward, request)["closing"]) == ("closed", "forwarded")


def check(desk, verdict, reason=FOUND, *, at=0, version=1):
    row = closing_checks.waiting(desk).rows[at]
    return closing_checks.decide(desk, row.id, verdict, reason, version=version, key=new_id())


@pytest.mark.parametrize("closing", sorted(SAMPLED))
def test_such_a_closing_waits_for_another_person_and_never_for_who_closed_it(steward, other, dpo, closing):
    request = closed(steward, closing)
    for colleague in (other, dpo):
        (row,) = closing_checks.waiting(colleague).rows
        assert (row.request_id, row.closing, row.received) == (request, closing, date(2026, 11, 2))
    assert closing_checks.waiting(steward) == closing_checks.ToCheck((), 0)
    with pytest.raises(NotAllowed, match="another person"):
        closing_checks.decide(
            steward, closing_checks.waiting(other).rows[0].id, "right", FOUND, version=1, key=new_id()
        )
    assert closing_checks.waiting(other).rows, "a refused try leaves the check open"


@pytest.mark.parametrize("closing", ["forwarded", "withdrawn"])
def test_other_endings_are_not_drawn(steward, other, closing):
    case = taken(steward)
    request = case.requests[0][0]
    if closing == "withdrawn":
        requests.withdraw(steward, request, REASON, version=1, key=new_id())
    else:
        tell_of_another(steward, case.case_ref, request)
        close(steward, request, closing)
    assert closing_checks.waiting(other).rows == ()


def test_a_right_closing_stays_with_its_reason_in_the_case_and_out_of_the_log(steward, other, entries):
    request = closed(steward)
    assert check(other, "right") == ""
    (seen,) = closing_checks.of_request(other, request)
    assert (seen.verdict, seen.reason, seen.opened_id) == (Verdict.RIGHT, FOUND, None)
    assert seen.why_closed == f"{REASON}\n\nNobody was told, because: {UNTOLD}"
    assert closing_checks.waiting(other).rows == ()
    rows = entries()
    assert [row["act"] for row in rows if row["act"] == "closing.check"] == ["closing.check"]
    assert not [row for row in rows if "WHATFOUND" in str(row) or "WHYCLOSED" in str(row)]


def test_a_wrong_closing_opens_a_linked_request_with_the_clock_of_the_first_receipt(steward, other):
    request = closed(steward, rights=("access", "erasure"))
    before = row_of(steward, request)
    opened = check(other, "wrong")
    again, old = row_of(steward, opened), row_of(steward, request)
    assert (old["state"], old["closing"], old["version"]) == ("closed", "not_a_request", before["version"])
    same = ("case_ref", "kind", "received_at", "profile_id", "profile_version", "calendar_id", "zone", "base_due", "final_due",
            "safe_due")
    assert {name: again[name] for name in same} == {name: before[name] for name in same}
    assert again["final_due"] is not None
    assert (again["state"], again["owner_id"], again["sent_at"]) == ("received", None, None)
    assert again["reference"] == before["reference"].partition("/")[0] + "/3"
    file = cases.open_case(other, again["case_ref"])
    assert [each.row.reference for each in file.requests].count(again["reference"]) == 1
    (link,) = closing_checks.of_request(other, opened)
    assert (link.request_id, link.opened_id) == (request, opened)
    requests.start(steward, opened, version=1, key=new_id())


def test_a_case_of_one_request_goes_on_as_its_second_and_a_pause_never_moves_the_day(steward, other):
    from core.actions.cases.clock import ask

    made = taken(steward)
    request = made.requests[0][0]
    unpaused = row_of(steward, request)["final_due"]
    ask(steward, request, "clarification", "Which account?", "Too much is held.", key=new_id(), asked_on=date(2026, 11, 10))
    close(steward, request)
    again = row_of(steward, check(other, "wrong"))
    assert (again["reference"], again["final_due"], again["clock_state"]) == (f"{made.reference}/2", unpaused, "running")
    close(steward, again["id"])
    assert row_of(steward, check(other, "wrong"))["reference"] == f"{made.reference}/3"


def test_a_check_is_decided_once_with_a_reason_and_one_command_once(steward, other, dpo):
    closed(steward)
    row = closing_checks.waiting(other).rows[0]
    for verdict, reason in (("perhaps", FOUND), ("right", "  "), ("right", "x" * 2001)):
        with pytest.raises(Invalid):
            closing_checks.decide(other, row.id, verdict, reason, version=1, key=new_id())
    with pytest.raises(Conflict):
        closing_checks.decide(other, row.id, "wrong", FOUND, version=2, key=new_id())
    assert len(cases.open_case(other, row_of(other, row.request_id)["case_ref"]).requests) == 1, "a conflict opens nothing"
    key = new_id()
    opened = closing_checks.decide(other, row.id, "wrong", FOUND, version=1, key=key)
    assert closing_checks.decide(other, row.id, "wrong", FOUND, version=1, key=key) == opened
    with pytest.raises(NotPossible, match="already"):
        closing_checks.decide(dpo, row.id, "right", FOUND, version=2, key=new_id())
    with pytest.raises(NotFound):
        closing_checks.decide(dpo, "nothing", "right", FOUND, version=1, key=new_id())


def test_a_sealed_case_is_counted_and_checked_by_those_who_are_named(store, steward, other, dpo):
    request = closed(steward)
    case_ref = row_of(steward, request)["case_ref"]
    with store.transaction() as tx:
        for who in ("dpo", "other", "steward"):
            tx.run("accounts.add", id=f"account-{who}", actor_ref=f"actor-{who}", sign_in_name=who, name=who,
                   password_hash=None, now=NOW, made_by="test")
        store.commit(tx)
    check_id = closing_checks.waiting(other).rows[0].id
    cases.seal_to(dpo, case_ref, ["account-dpo", "account-steward"], key=new_id())
    assert closing_checks.waiting(other) == closing_checks.ToCheck((), 1)
    with pytest.raises(NotAllowed):
        closing_checks.decide(other, check_id, "right", FOUND, version=1, key=new_id())
    assert check(dpo, "right") == ""


def test_the_first_of_each_person_are_all_drawn_and_then_a_share_by_lot(store, steward, other, dpo):
    closing_draws.set_share(dpo, 2, 3, key=new_id())
    mine = [closed(steward, "duplicate") for _ in range(32)]
    drawn = {row.request_id for row in closing_checks.waiting(other).rows}
    assert set(mine[:2]) <= drawn
    later = len(drawn & set(mine[2:]))
    assert 0 < later < 30, "the share is neither none nor all"
    closed(other)
    assert len(closing_checks.waiting(steward).rows) == 1, "another person's first ones are drawn, too"


def test_each_closing_is_drawn_where_the_share_is_one(steward, other, dpo):
    closing_draws.set_share(dpo, 0, 1, key=new_id())
    for _ in range(3):
        closed(steward)
    assert len(closing_checks.waiting(other).rows) == 3


@pytest.mark.parametrize(("first", "one_in"), [(-1, 5), (1001, 5), (10, 0), (10, 21)])
def test_the_share_is_never_none_and_only_a_dpo_sets_it(steward, dpo, first, one_in):
    assert closing_draws.share(dpo) == closing_draws.Share(10, 5)
    with pytest.raises(Invalid):
        closing_draws.set_share(dpo, first, one_in, key=new_id())
    with pytest.raises(NotAllowed):
        closing_draws.set_share(steward, 10, 5, key=new_id())
    assert closing_draws.share(dpo) == closing_draws.Share(10, 5)
