"""Requests beside each other: a duplicate ends as one of the first only, and no copy is lost to an erasure."""

from datetime import date

import pytest

from core.actions.answers import requests, sending
from core.actions.cases import cases, intake, sequence
from core.law.errors import NotPossible
from core.law.roles import Role
from core.law.ways import Kind
from core.store.engine import new_id
from core.store.records import CaseRecord
from tests.actions.conftest import MAIL, import_people
from tests.conftest import desk_of


@pytest.fixture
def people(store):
    return import_people(store, 3)


@pytest.fixture
def desk(store):
    return desk_of(store, Role.STEWARD, name="steward")


def asked(desk, number, day, right="access", *, subject=None, mail=None):
    made = intake.take_in(
        desk, intake.Intake((right,), "email", date(2026, 11, day), email=mail or MAIL.format(number), body="B"), key=new_id()
    )
    if subject:
        with desk.store.transaction() as tx:
            version = tx.one("cases.one", case_ref=made.case_ref)["version"]
        cases.decide_person(desk, made.case_ref, subject, version=version, key=new_id())
    return made.requests[0][0]


def version(desk, request_id):
    with desk.store.transaction() as tx:
        return tx.one("requests.one", id=request_id)["version"]


def close(desk, request_id):
    requests.close(
        desk, request_id, "duplicate", "The same mail twice.", version=version(desk, request_id), key=new_id(),
        untold="The very same mail came twice within a minute.",
    )


def told(others):
    return [each.id for each in others]


def test_the_later_one_ends_as_a_duplicate_and_the_first_shows_it(desk, people):
    first, later = asked(desk, 1, 3, subject=people[1]), asked(desk, 1, 5, subject=people[1], mail="other@example.com")
    assert sequence.beside(desk, later).first.id == first
    assert told(sequence.beside(desk, first).later) == [later]
    close(desk, later)
    seen, ended = sequence.beside(desk, first), sequence.beside(desk, later)
    assert (seen.first, seen.later, told(seen.closed_as_same)) == (None, (), [later])
    assert (ended.first, ended.duplicate_of.id, ended.duplicate_of.received) == (None, first, date(2026, 11, 3))


def test_the_clock_of_the_first_receipt_is_never_lost(desk, people):
    first, _later = asked(desk, 1, 3, subject=people[1]), asked(desk, 1, 5, subject=people[1])
    with pytest.raises(NotPossible, match="first of the requests"):
        close(desk, first)


@pytest.mark.parametrize("other", ["another person", "another right", "withdrawn"])
def test_nothing_else_makes_it_a_duplicate(desk, people, other):
    first = asked(
        desk, 2 if other == "another person" else 1, 3, "rectification" if other == "another right" else "access",
        subject=people[2 if other == "another person" else 1],
    )
    if other == "withdrawn":
        requests.withdraw(desk, first, "Taken back.", version=1, key=new_id())
    later = asked(desk, 1, 5, subject=people[1])
    assert sequence.beside(desk, later) == sequence.Beside(None, (), (), None)
    with pytest.raises(NotPossible, match="no duplicate"):
        close(desk, later)


def test_what_was_answered_before_is_no_twin_until_its_answer_comes_back(walk):
    walk.fetched()
    later = asked(walk.steward, 1, 21, subject=walk.subject)
    assert sequence.beside(walk.steward, later).first.id == walk.request_id
    sending.mark_sent(walk.steward, walk.request_id, "email", walk.steward.now.date(), version=walk.version, key=new_id())
    assert sequence.beside(walk.steward, later).first is None
    with pytest.raises(NotPossible, match="no duplicate"):
        close(walk.steward, later)
    sending.came_back(walk.steward, walk.request_id, "Unknown at this address.", version=walk.version, key=new_id())
    assert sequence.beside(walk.steward, later).first.id == walk.request_id


def test_what_came_from_one_address_counts_until_two_people_are_decided(desk, people):
    first, later = asked(desk, 1, 3), asked(desk, 1, 5)
    assert sequence.beside(desk, later).first.id == first, "nobody is decided yet"
    shared = asked(desk, 1, 6, subject=people[1])
    assert sequence.beside(desk, shared).first.id == first
    with desk.store.transaction() as tx:
        case = tx.one("requests.one", id=first)["case_ref"]
        number = tx.one("cases.one", case_ref=case)["version"]
    cases.decide_person(desk, case, people[2], version=number, key=new_id())
    assert sequence.beside(desk, shared).first.id == later, "the first is another person's by now"


def test_a_sealed_case_is_not_named_but_its_copy_goes_before_an_erasure(store, desk, people):
    dpo = desk_of(store, Role.DPO, name="dpo")
    copy = asked(desk, 1, 3, subject=people[1])
    again = asked(desk, 1, 4, subject=people[1])
    with store.transaction() as tx:
        tx.run("accounts.add", id="account-dpo", actor_ref="actor-dpo", sign_in_name="dpo", name="dpo", password_hash=None,
               now=desk.now, made_by="test")
        row = tx.one("requests.one", id=copy)
        store.commit(tx)
    cases.seal_to(dpo, row["case_ref"], ["account-dpo"], key=new_id())
    assert sequence.beside(desk, again).first is None
    with pytest.raises(NotPossible, match="sealed case"):
        close(desk, again)
    with store.transaction() as tx:
        case = tx.record(CaseRecord, "cases.one", case_ref=tx.one("requests.one", id=again)["case_ref"])
        order = sequence.theirs(desk, type("Reading", (), {"tx": tx})(), case)
    assert [each.kind for each in order] == [Kind.ACCESS, Kind.ACCESS]
    assert row["reference"] not in {each.reference for each in order}


def test_the_log_names_the_first_by_its_number_only(desk, people):
    first, later = asked(desk, 1, 3, subject=people[1]), asked(desk, 1, 5, subject=people[1])
    close(desk, later)
    with desk.store.transaction() as tx:
        rows = tx.rows("log.all_rows", chain=desk.store.chain, first=0, last=10**9)
    assert f'"first":"{first}"' in rows[-1]["details"]
