"""Who is away and who stands in: what goes to the deputy, what is refused, and who may enter what."""

from datetime import date, timedelta

import pytest

from core.actions.accounts import accounts
from core.actions.answers import approvals
from core.actions.answers.packages.release import RELEASE
from core.actions.answers.progress import of_request
from core.actions.cases import assigning
from core.actions.duty import absences
from core.actions.suppression import suppression_exports
from core.law.errors import Invalid, NotAllowed, NotFound, NotPossible
from core.law.roles import Role
from tests.actions.conftest import hold_role, take_in
from tests.actions.duty.staff import employ, key
from tests.conftest import NOW, desk_of
from tests.grounds import ground

TODAY, DAY = NOW.date(), timedelta(days=1)  # a Monday


@ground("walk")
def staffed(walk):
    employ(walk.store)
    return walk


@pytest.fixture
def manager(staffed):
    return desk_of(staffed.store, Role.MANAGER, name="manager")


def away(desk, name, deputy=None, first=TODAY, last=TODAY + 4 * DAY):
    return absences.enter(desk, f"account-{name}", first, last, f"account-{deputy}" if deputy else None, key=key())


def desk(walk, name, role, now=NOW):
    return walk.at(desk_of(walk.store, role, name=name), now)


def asked(walk):
    walk.prepare()
    walk.work()
    return walk.ask()


def test_new_work_goes_to_the_deputy_while_somebody_is_away(staffed, manager, entries):
    away(manager, "steward", "second")
    assert assigning.assign(manager, staffed.request_id, "account-steward", version=staffed.version, key=key()) == "account-second"
    assert staffed.row().owner_id == "account-second"
    assert [(row["act"], row["object_kind"]) for row in entries()][-2:] == [("absence.enter", "absence"), ("request.assign", None)]


@pytest.mark.parametrize(("first", "last", "owner"), [
    (TODAY + DAY, TODAY + DAY, "steward"), (TODAY - DAY, TODAY, "second"), (TODAY, TODAY, "second"),
])
def test_both_days_are_away_and_no_other(staffed, manager, first, last, owner):
    away(manager, "steward", "second", first, last)
    assigning.assign(manager, staffed.request_id, "account-steward", version=staffed.version, key=key())
    assert staffed.row().owner_id == f"account-{owner}"


def test_a_deputy_who_falls_ill_hands_on_and_a_circle_hands_to_nobody(staffed, manager):
    away(manager, "steward", "second", TODAY, TODAY + 9 * DAY)
    away(manager, "second", "deputy", TODAY, TODAY + DAY)
    assigning.assign(manager, staffed.request_id, "account-steward", version=staffed.version, key=key())
    assert staffed.row().owner_id == "account-deputy"
    away(manager, "deputy")
    assert {each.absence.account_id: each.gap for each in absences.list_absences(manager).absences} == {
        "account-steward": TODAY, "account-second": TODAY, "account-deputy": TODAY,
    }
    assigning.assign(manager, staffed.request_id, "account-steward", version=staffed.version, key=key())
    assert staffed.row().owner_id == "account-steward", "with nobody to stand in, the work is where it was given"


def test_a_deputy_who_cannot_handle_requests_is_given_none(staffed, manager):
    away(manager, "deputy", "other")  # the officer handles and approves; an approver can stand in for one of both
    assigning.assign(manager, staffed.request_id, "account-deputy", version=staffed.version, key=key())
    assert staffed.row().owner_id == "account-deputy"


def test_whoever_takes_work_while_away_gets_it(staffed, manager):
    away(manager, "second", "steward")
    own = desk(staffed, "second", Role.STEWARD)
    assert assigning.assign(own, staffed.request_id, "account-second", version=staffed.version, key=key()) == "account-second"


def test_an_approval_goes_to_whoever_stands_in_and_comes_back(staffed, manager):
    approval = asked(staffed)
    stands, later = desk(staffed, "other", Role.APPROVER), NOW + timedelta(days=5)
    assert approvals.waiting(stands) == []
    with pytest.raises(NotAllowed, match="only when asked"):
        approvals.approve(stands, RELEASE, approval, key=key())
    absence = away(manager, "approver", "other")
    (row,) = approvals.waiting(stands)
    assert row["approver_id"] == "account-approver"
    waits = of_request(staffed.steward, staffed.request_id).waiting
    assert (waits.mine, waits.away, waits.stand_in) == (False, TODAY + 4 * DAY, "account-other")
    assert of_request(stands, staffed.request_id).waiting.mine
    assert approvals.waiting(desk(staffed, "other", Role.APPROVER, later)) == [], "the day after the absence it is theirs again"
    assert [row["id"] for row in approvals.waiting(staffed.approver)] == [approval], "who is away and looks in may still decide"
    absences.end(manager, absence, key=key())
    assert approvals.waiting(stands) == []
    away(manager, "approver", "other")
    approvals.compare(stands, RELEASE, approval)
    approvals.approve(stands, RELEASE, approval, key=key())
    assert staffed.state == "carrying_out"


def test_nobody_stands_in_for_a_decision_about_their_own_work(staffed, manager):
    away(manager, "approver", "deputy")
    with staffed.store.transaction() as tx:
        tx._cursor.execute("update requests set owner_id = 'account-deputy' where id = $id", {"id": staffed.request_id})
        staffed.store.commit(tx)
    approval = asked(staffed)
    with pytest.raises(NotAllowed, match="another person must decide"):
        approvals.approve(desk(staffed, "deputy", Role.DPO), RELEASE, approval, key=key())


def test_a_named_deputy_who_is_away_is_stood_in_for_too(staffed, manager):
    staffed.prepare()
    staffed.work()
    approval = staffed.ask(deputy_id="account-deputy", deputy_after_days=2)
    away(manager, "deputy", "other", TODAY, TODAY + 9 * DAY)
    early, late = (desk(staffed, "other", Role.APPROVER, NOW + timedelta(days=2, seconds=gap)) for gap in (-1, 0))
    assert approvals.waiting(early) == []
    assert [row["id"] for row in approvals.waiting(late)] == [approval]
    assert of_request(late, staffed.request_id).waiting.mine
    with pytest.raises(NotAllowed, match="asked of another"):
        approvals.approve(early, RELEASE, approval, key=key())
    approvals.approve(late, RELEASE, approval, key=key())
    assert staffed.state == "carrying_out"


def test_whoever_prepared_it_stands_in_for_nobody_and_the_page_says_so(staffed, manager):
    """A colleague who handles and approves prepared it, and stands in for the one who is asked."""
    hold_role(staffed.store, "account-steward", Role.APPROVER)
    approval = asked(staffed)
    away(manager, "approver", "steward")
    both = staffed.at(desk_of(staffed.store, Role.STEWARD, Role.APPROVER, name="steward"), NOW)
    assert approvals.waiting(both) == []
    waits = of_request(both, staffed.request_id).waiting
    assert (waits.away, waits.stand_in) == (TODAY + 4 * DAY, None), "nobody: another person is to be asked"
    with pytest.raises(NotAllowed, match="another person must decide"):
        approvals.approve(both, RELEASE, approval, key=key())


def test_a_list_of_suppressions_is_decided_by_whoever_stands_in(staffed, manager):
    export = suppression_exports.ask(staffed.steward, "objection", "account-approver", purpose="request", key=key())
    stands = desk(staffed, "other", Role.APPROVER)
    assert suppression_exports.waiting(stands) == []
    with pytest.raises(NotAllowed, match="asked of another"):
        suppression_exports.approve(stands, export, key=key())
    away(manager, "approver", "other")
    assert [each.row["id"] for each in suppression_exports.waiting(stands)] == [export]
    suppression_exports.approve(stands, export, key=key())
    assert suppression_exports.waiting(stands) == []


def test_own_absences_and_those_of_others(staffed, manager):
    own = desk(staffed, "second", Role.STEWARD)
    mine, theirs = away(own, "second", "steward"), away(manager, "steward", "second", TODAY + 9 * DAY, TODAY + 10 * DAY)
    with pytest.raises(NotAllowed, match="your own absences"):
        away(own, "steward", "deputy")
    with pytest.raises(NotAllowed, match="your own absences"):
        absences.end(own, theirs, key=key())
    assert [each.absence.id for each in absences.list_absences(own).absences] == [mine]
    assert [each.absence.id for each in absences.list_absences(manager).absences] == [mine, theirs]
    with pytest.raises(NotAllowed, match="your own absences"):
        absences.deputies(own, "account-steward")
    for role in (Role.ANALYST, Role.ADMINISTRATOR, Role.MARKETER):
        with pytest.raises(NotAllowed):
            absences.list_absences(desk_of(staffed.store, role, name="analyst"))
    with pytest.raises(NotAllowed):
        absences.shut(own, TODAY, TODAY, key=key())
    absences.end(own, mine, key=key())


@pytest.mark.parametrize(("changes", "words"), [
    ({"last": TODAY - DAY, "first": TODAY - DAY}, "are over"),
    ({"first": TODAY + DAY, "last": TODAY}, "before the first"),
    ({"last": TODAY + 366 * DAY}, "at most 366 days"),
    ({"last": date(9999, 1, 1)}, "lies after"),
    ({"deputy": "second", "name": "second"}, "another person"),
    ({"deputy": "approver"}, "can do this person's work"),
    ({"deputy": "nobody"}, "can do this person's work"),
    ({"deputy": "analyst"}, "can do this person's work"),
    ({"name": "analyst"}, "works on requests"),
    ({"deputy": "ill"}, "can do this person's work"),
])
def test_what_cannot_be_is_refused_and_nothing_is_entered(staffed, manager, changes, words):
    given = {"name": "steward", "deputy": None, "first": TODAY, "last": TODAY + 4 * DAY} | changes
    with pytest.raises(Invalid, match=words):
        away(manager, given["name"], given["deputy"], given["first"], given["last"])
    assert absences.list_absences(manager).absences == ()


def test_somebody_who_is_not_there_is_not_away(staffed, manager):
    with pytest.raises(NotFound):
        away(manager, "stranger")


def test_days_entered_already_and_a_deputy_who_is_away_then_are_refused(staffed, manager):
    away(manager, "steward", "second", TODAY + 2 * DAY, TODAY + 4 * DAY)
    for first, last in ((0, 2), (4, 9), (3, 3), (0, 9)):
        with pytest.raises(Invalid, match="entered already"):
            away(manager, "steward", "second", TODAY + first * DAY, TODAY + last * DAY)
    with pytest.raises(Invalid, match="The deputy is away"):
        away(manager, "second", "steward", TODAY, TODAY + 2 * DAY)
    away(manager, "second", "steward", TODAY, TODAY + DAY)
    away(manager, "steward", "deputy", TODAY + 5 * DAY, TODAY + 5 * DAY)


def test_an_account_that_is_disabled_stands_in_for_nobody(staffed, manager):
    away(manager, "steward", "second")
    root = desk_of(staffed.store, Role.ADMINISTRATOR, name="root")
    employ(staffed.store, {"root": Role.ADMINISTRATOR, "rest": Role.ADMINISTRATOR})
    accounts.disable_account(root, "account-second", key=key())
    assert absences.list_absences(manager).absences[0].gap == TODAY
    with pytest.raises(Invalid, match="can do this person's work"):
        away(manager, "deputy", "second")
    with pytest.raises(Invalid, match="handles requests"):
        assigning.assign(manager, staffed.request_id, "account-second", version=staffed.version, key=key())


def test_an_absence_that_runs_ends_yesterday_and_one_that_is_over_stays(staffed, manager):
    running, ahead = away(manager, "steward", first=TODAY - DAY), away(manager, "second", first=TODAY + DAY)
    absences.end(manager, running, key=key())
    absences.end(manager, ahead, key=key())
    assert absences.list_absences(manager).absences == ()
    with pytest.raises(NotPossible, match="is over"):
        absences.end(manager, running, key=key())
    with pytest.raises(NotFound):
        absences.end(manager, ahead, key=key())
    away(manager, "steward")


def test_absences_are_forgotten_a_year_after_they_end(staffed, manager):
    away(manager, "steward")
    for later, kept in ((369, 1), (370, 0)):
        away(desk(staffed, "manager", Role.MANAGER, NOW + timedelta(days=later)), "second", None, TODAY + later * DAY,
             TODAY + later * DAY)
        with staffed.store.transaction() as tx:
            rows = [row for row in tx.rows("presence.absences", since=TODAY) if row["account_id"] == "account-steward"]
        assert len(rows) == kept


def test_everything_open_is_handed_over_and_what_is_sealed_stays(staffed, manager):
    mine = [staffed, take_in(staffed, None, 0), take_in(staffed, None, 2)]
    for each in mine:
        assigning.assign(manager, each.request_id, "account-steward", version=each.version, key=key())
    with staffed.store.transaction() as tx:
        tx._cursor.execute("update cases set sealed_to_names = true where case_ref = $ref", {"ref": mine[2].case_ref})
        staffed.store.commit(tx)
    absence = away(manager, "steward", "second", TODAY + DAY, TODAY + 2 * DAY)
    once = key()
    assert assigning.hand_over(manager, absence, key=once).done == 2
    assert assigning.hand_over(manager, absence, key=once).done == 0, "sent twice it finds nothing more to give"
    assert [each.row().owner_id for each in mine] == ["account-second", "account-second", "account-steward"]
    (shown,) = absences.list_absences(manager).absences
    assert shown.holds == 1
    bare = away(manager, "other")
    with pytest.raises(NotPossible, match="No deputy is named"):
        assigning.hand_over(manager, bare, key=key())


def test_a_steward_hands_over_to_their_own_deputy_and_to_nobody_else(staffed, manager):
    own = desk(staffed, "steward", Role.STEWARD)
    assigning.assign(manager, staffed.request_id, "account-steward", version=staffed.version, key=key())
    with pytest.raises(NotAllowed, match="unassigned"):
        assigning.assign(own, staffed.request_id, "account-second", version=staffed.version, key=key())
    absence = away(own, "steward", "second", TODAY + DAY, TODAY + 2 * DAY)
    assert assigning.hand_over(own, absence, key=key()).done == 1
    assert staffed.row().owner_id == "account-second"
    with pytest.raises(NotAllowed, match="your own absences"):
        assigning.hand_over(desk(staffed, "second", Role.STEWARD), absence, key=key())


def test_days_on_which_the_desk_is_shut(staffed, manager, entries):
    closure = absences.shut(manager, TODAY + DAY, TODAY + 3 * DAY, key=key())
    for first, last in ((0, 1), (3, 4), (2, 2)):
        with pytest.raises(Invalid, match="shut on some"):
            absences.shut(manager, TODAY + first * DAY, TODAY + last * DAY, key=key())
    with pytest.raises(Invalid, match="are over"):
        absences.shut(manager, TODAY - DAY, TODAY - DAY, key=key())
    assert [each.first for each in absences.list_absences(manager).closures] == [TODAY + DAY]
    before = staffed.row().final_due
    absences.open_again(manager, closure, key=key())
    assert staffed.row().final_due == before
    with pytest.raises(NotPossible, match="taken back already"):
        absences.open_again(manager, closure, key=key())
    told = [(row["act"], row["outcome"]) for row in entries() if row["act"].startswith("closure")]
    assert told[0] == ("closure.enter", "done")
    assert told[-2:] == [("closure.end", "done"), ("closure.end", "refused.not_possible")]


def test_a_form_sent_twice_is_one_absence(staffed, manager):
    once = key()
    ids = {absences.enter(manager, "account-steward", TODAY, TODAY, key=once) for _ in range(2)}
    assert len(ids) == 1


def test_a_list_says_behind_a_name_until_when_they_are_away(staffed, manager):
    away(manager, "steward", "second")
    away(manager, "approver", first=TODAY + DAY)
    away(manager, "other")
    assert absences.words_of_absence(manager) == {
        "account-steward": "away until 27 Nov, Name second stands in", "account-other": "away until 27 Nov, nobody stands in",
    }
