"""Holds: set by one at once, released by two, and in the way of every deletion that they cover."""

from datetime import date, timedelta

import pytest

from core.actions.answers import plans
from core.actions.answers.erasure import erasure_words
from core.actions.answers.letters import letters
from core.actions.oversight import holds
from core.actions.suppression import suppression_list
from core.law.errors import Conflict, Invalid, NotAllowed, NotPossible
from core.law.roles import GRANTABLE, Role
from core.store.engine import new_id
from tests.actions.answers.erasure.test_erasures import TAX, choose, held, planned, send
from tests.conftest import NOW, desk_of

LATER = NOW + timedelta(hours=1)
MAY = {"set": {Role.DPO, Role.STEWARD}, "ask": {Role.DPO, Role.APPROVER}, "release": {Role.DPO, Role.APPROVER}}


def category_of(table):
    from core.connectors.catalogue import catalogue

    return next(field.category for field in catalogue().of("local") if field.table == table)


EVENTS = category_of("events")


def put(erasure, desk=None, level="person", **changes):
    given = {"request_id": erasure.request_id, "key": new_id()} | changes
    return holds.set_on(desk or erasure.steward, level, "claim", "WHYWORDS of the claim", **given)


def seat(erasure, *roles, name=None):
    return desk_of(erasure.store, *roles, name=name or "-".join(roles))


def version(erasure, hold_id):
    with erasure.store.transaction() as tx:
        return tx.one("holds.one", id=hold_id)["version"]


def ask(erasure, hold_id, desk):
    holds.ask_release(desk, hold_id, "WHYWORDS it is over", version=version(erasure, hold_id), key=new_id())


def release(erasure, hold_id, desk):
    holds.release(desk, hold_id, version=version(erasure, hold_id), key=new_id())


def released(erasure, hold_id):
    ask(erasure, hold_id, seat(erasure, Role.DPO))
    release(erasure, hold_id, seat(erasure, Role.APPROVER))


def actions(erasure):
    return {item.table: (item.action, item.ground) for item in plans.open_plan(erasure.steward, erasure.request_id).items
            if item.system == "local"}


@pytest.mark.parametrize("role", GRANTABLE)
def test_who_may_set_ask_and_release(erasure, role):
    desk = seat(erasure, role)
    steps = {
        "set": lambda: put(erasure, desk),
        "ask": lambda: ask(erasure, put(erasure), desk),
        "release": lambda: _second(erasure, desk),
    }
    for name, step in steps.items():
        if role in MAY[name]:
            step()
        else:
            with pytest.raises(NotAllowed):
                step()


def _second(erasure, desk):
    hold_id = put(erasure)
    first = Role.APPROVER if Role.DPO in desk.person.roles else Role.DPO
    ask(erasure, hold_id, seat(erasure, first, name="first"))
    release(erasure, hold_id, desk)


@pytest.mark.parametrize(("first", "second"), [
    ((Role.DPO, "one"), (Role.DPO, "two")), ((Role.APPROVER, "one"), (Role.APPROVER, "two")),
    ((Role.DPO, "one"), (Role.DPO, "one")),
])
def test_two_of_one_kind_and_one_alone_release_nothing(erasure, first, second):
    hold_id = put(erasure)
    with pytest.raises(NotPossible, match="asked for first"):
        release(erasure, hold_id, seat(erasure, Role.DPO))
    ask(erasure, hold_id, seat(erasure, first[0], name=first[1]))
    with pytest.raises(NotAllowed):
        release(erasure, hold_id, seat(erasure, second[0], name=second[1]))
    assert len(holds.list_holds(erasure.steward)) == 1


def test_one_person_with_both_roles_is_still_one_person(erasure):
    both, hold_id = seat(erasure, Role.DPO, Role.APPROVER, name="both"), put(erasure)
    ask(erasure, hold_id, both)
    with pytest.raises(NotAllowed, match="another person"):
        release(erasure, hold_id, both)
    release(erasure, hold_id, seat(erasure, Role.DPO, name="other"))


def test_a_held_category_stays_whole_the_rest_goes_and_the_letter_says_so(erasure):
    put(erasure, category=EVENTS)
    letter = planned(erasure, "erasure_partly", claims=(TAX,))
    assert actions(erasure)["events"] == ("retain", erasure_words.HELD), "nothing of it is emptied either"
    erasure.approve()
    erasure.carry()
    with erasure.store.transaction() as tx:
        left = tx._cursor.execute("select detail from events where subject_ref = $s", {"s": erasure.subject}).fetchall()
    assert left
    assert left[0][0] is not None
    assert not set(held(erasure, erasure.subject)) - {"events"}
    (text,) = [each.text for each in letters.list_letters(erasure.steward, erasure.case_ref) if each.id == letter]
    for words in ("must not be deleted while a claim", "Article 17(3)(e)", "until the hold is released"):
        assert words in text
    send(erasure, letter)
    with pytest.raises(NotPossible, match="partly"):
        erasure.close()
    erasure.close("partly_fulfilled")


@pytest.mark.parametrize("changes", [
    {"level": "person"}, {"level": "category", "category": EVENTS, "review_on": date(2027, 3, 1), "request_id": None},
])
def test_a_hold_on_the_person_or_on_everybody_stops_the_items_it_covers(erasure, changes):
    put(erasure, **changes)
    choose(erasure)
    erasure.plan()
    stopped = {table for table, (action, ground) in actions(erasure).items() if ground == erasure_words.HELD}
    assert "events" in stopped
    assert ("profiles" in stopped) == (changes["level"] == "person")


def test_a_hold_on_the_file_or_on_somebody_else_stops_no_item(erasure, people_here, empty_walk):
    from tests.actions.correcting import take_in

    put(erasure, level="case")
    put(take_in(empty_walk, "erasure", people_here[2], 2))
    planned(erasure)
    erasure.approve()
    erasure.carry()
    assert not held(erasure, erasure.subject)


def test_a_hold_set_after_the_plan_sends_it_back(erasure):
    planned(erasure)
    approval = erasure.ask_plan()
    put(erasure)
    with pytest.raises(NotPossible, match="changed"):
        erasure.approve(approval)
    assert erasure.state == "in_progress"


def test_a_hold_set_after_the_approval_stops_the_erasure_and_hands_it_back(erasure):
    before = held(erasure, erasure.subject)
    planned(erasure)
    erasure.approve()
    put(erasure)
    for minutes in (0, 10, 20, 30, 40, 50, 60):
        erasure.carry(LATER + timedelta(minutes=minutes))
    assert held(erasure, erasure.subject) == before
    assert erasure.state == "in_progress"


def test_after_the_release_the_plan_erases_what_was_held(erasure):
    hold_id = put(erasure)
    choose(erasure)
    erasure.plan()
    released(erasure, hold_id)
    planned(erasure)
    erasure.approve()
    erasure.carry()
    assert not held(erasure, erasure.subject)
    assert holds.list_holds(erasure.steward) == []


def test_retention_leaves_what_is_held(erasure):
    later = NOW + timedelta(days=4 * 366)
    suppression_list.add(
        erasure.steward, "do_not_import", "email", "marker-1@example.com", since=NOW.date(), review_on=date(2027, 1, 1),
        key=new_id(),
    )
    with erasure.store.transaction() as tx:
        tx._cursor.execute("update suppressions set subject_ref = $s", {"s": erasure.subject})
        erasure.store.commit(tx)
    hold_id = put(erasure)
    worker = desk_of(erasure.store, Role.WORKER, now=later)
    assert suppression_list.forget_expired(worker) == 0
    released(erasure, hold_id)
    assert suppression_list.forget_expired(worker) == 1


@pytest.mark.parametrize(("changes", "words"), [
    ({"category": "no such"}, "category of the data catalogue"), ({"level": "everything"}, "what is held"),
    ({"level": "category", "request_id": None, "review_on": date(2027, 3, 1)}, "names a category"),
    ({"level": "category", "request_id": None, "category": EVENTS}, "looked at again"),
    ({"review_on": NOW.date()}, "after today"),
])
def test_what_cannot_be_set(erasure, changes, words):
    with pytest.raises(Invalid, match=words):
        put(erasure, **changes)
    assert holds.list_holds(erasure.steward) == []


def test_an_older_page_and_a_released_hold_do_nothing(erasure):
    hold_id, dpo = put(erasure), seat(erasure, Role.DPO)
    with pytest.raises(Conflict):
        holds.ask_release(dpo, hold_id, "over", version=9, key=new_id())
    released(erasure, hold_id)
    with pytest.raises(NotPossible, match="released already"):
        ask(erasure, hold_id, dpo)


def test_words_of_a_hold_stand_in_no_plain_column_and_no_log(erasure, entries):
    released(erasure, put(erasure))
    with erasure.store.transaction() as tx:
        plain = str(tx._cursor.execute("select * from holds").fetchall())
    assert "WHYWORDS" not in plain + str(entries())
    assert {"hold.set", "hold.release_ask", "hold.release"} <= {row["act"] for row in entries()}
