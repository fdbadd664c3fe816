"""The saved question who looked at sealed people: everybody who looked or was refused, and nobody's own file."""

from datetime import date

import pytest

from core.actions.cases import cases
from core.actions.oversight import log_questions
from core.actions.people import people
from core.law.errors import Invalid, NotAllowed
from core.law.roles import Role
from core.store.engine import new_id
from tests.actions.conftest import import_people, take_in
from tests.conftest import NOW, desk_of

QUESTION = "sealed_looks"


def account(store, name):
    with store.transaction() as tx:
        tx.run("accounts.add", id=f"account-{name}", actor_ref=f"actor-{name}", sign_in_name=name, name=name,
               password_hash=None, now=NOW, made_by="test")
        store.commit(tx)


@pytest.fixture
def dpo(store):
    return desk_of(store, Role.DPO, name="dpo")


@pytest.fixture
def sealed(empty_walk, dpo):
    """Two cases of two people; the second is sealed to the steward and the DPO, and the checker was refused it."""
    for name in ("steward", "checker", "dpo"):
        account(empty_walk.store, name)
    subjects = import_people(empty_walk.store, 4)
    open_one, made = take_in(empty_walk, subjects[1], 1), take_in(empty_walk, subjects[2], 2)
    cases.open_case(empty_walk.checker, open_one.case_ref)
    cases.seal_to(dpo, made.case_ref, ["account-steward", "account-dpo"], key=new_id())
    cases.open_case(empty_walk.steward, made.case_ref)
    with pytest.raises(NotAllowed):
        cases.open_case(empty_walk.checker, made.case_ref)
    people.find(empty_walk.checker, "marker-2@example.com", purpose="request")
    people.open_person(empty_walk.checker, subjects[3], purpose="request")
    made.people, made.plain = subjects, open_one
    return made


def told(desk, **changes):
    return log_questions.ask(desk, QUESTION, **changes)


def test_who_looked_and_who_was_refused_stand_in_the_answer_and_nobody_else(sealed, dpo):
    answer = told(dpo)
    found = [(row.actor_ref, row.act, row.outcome) for row in answer.rows]
    assert found[:3] == [
        ("actor-checker", "person.find", "refused.not_allowed"), ("actor-checker", "case.open", "refused.not_allowed"),
        ("actor-steward", "case.open", "done"),
    ]
    assert answer.total == len(answer.rows)
    assert {row.subject_ref for row in answer.rows} <= {"", sealed.people[2]}
    assert {row.case for row in answer.rows} - {""} == {cases.open_case(sealed.steward, sealed.case_ref).reference}


def test_colleagues_and_those_close_to_them_are_watched_without_a_sealed_case(sealed, dpo):
    people.link_account(dpo, "account-steward", sealed.people[3], key=new_id())
    acts = [(row.act, row.actor_ref) for row in told(dpo).rows if row.subject_ref == sealed.people[3]]
    assert ("person.open", "actor-checker") in acts


def test_what_concerns_the_person_who_asks_is_left_to_another(sealed, dpo):
    before = told(dpo).total
    people.link_account(dpo, "account-dpo", sealed.people[3], key=new_id())
    answer = told(dpo)
    assert (answer.total, answer.own) == (before, 1)
    assert sealed.people[3] not in {row.subject_ref for row in answer.rows}
    second = desk_of(sealed.store, Role.DPO, name="second")
    assert told(second).own == 0
    assert sealed.people[3] in {row.subject_ref for row in told(second).rows}


def test_a_case_sealed_to_others_keeps_its_reference_back(sealed):
    reference = cases.open_case(sealed.steward, sealed.case_ref).reference
    assert reference not in {row.case for row in told(desk_of(sealed.store, Role.DPO, name="second")).rows}


def test_days_bound_the_answer_and_pages_do_not_overlap(sealed, dpo, monkeypatch):
    assert told(dpo, until=date(2026, 11, 1)).rows == ()
    everything = told(dpo)
    monkeypatch.setattr(log_questions, "PAGE", 2)
    first, second = told(dpo), told(dpo, page=2)
    assert [row.seq for row in (*first.rows, *second.rows)] == [row.seq for row in everything.rows[:4]]
    assert first.total == everything.total
    with pytest.raises(Invalid):
        told(dpo, since=date(2026, 2, 2), until=date(2026, 2, 1))
    with pytest.raises(Invalid):
        log_questions.ask(dpo, "page")


def test_only_a_dpo_asks_and_each_asking_is_one_look_at_the_log(sealed, dpo, entries):
    for role in (Role.ANALYST, Role.STEWARD):
        with pytest.raises(NotAllowed):
            told(desk_of(sealed.store, role))
    for _ in range(2):
        told(dpo)
    asked = [row for row in entries() if row["act"] == "log.look" and row["outcome"] == "done"]
    assert [(row["object_kind"], row["object_id"]) for row in asked] == [("question", QUESTION)]
