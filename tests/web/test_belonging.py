"""A page belongs to the sign-in that opened it: whoever else knows its id gets a page of their own, and touches nothing."""

import pytest

from core.actions.desk.desk import Person
from core.law.roles import Role
from core.web.belonging import HEADER, PERSON, marked, sign_in_of
from tests.web.paged import page
from tests.web.visitor import Visitor


@pytest.fixture
def two(running):
    """Give the steward and the DPO, both of whom may take in files."""
    people = Visitor(running), Visitor(running)
    for each, name in zip(people, ("steward", "dpo"), strict=True):
        assert each.sign_in(name).status == 303
    return people


def test_a_page_is_not_handed_on_to_another_sign_in(two):
    mine, other = two
    with page(mine) as first:
        known = first.id
        with page(other, resumed=known) as theirs:
            assert theirs.id != known
            assert first.drawn() == known, "the page still answers its own"
            assert theirs.drawn() == theirs.id
        assert first.drawn() == known
    with page(other, resumed=known) as theirs:
        assert theirs.id != known, "nor when its connection broke"


def test_nor_where_both_say_that_they_were_the_same(two):
    mine, other = two
    with page(mine, x_desk_sign_in="same") as first, page(other, resumed=first.id, x_desk_sign_in="same") as theirs:
        assert theirs.id != first.id
        assert first.drawn() == first.id
        assert theirs.put("x", into=first.id, x_desk_sign_in="same").status == 404


def test_its_own_browser_gets_it_back(two):
    mine, _ = two
    with page(mine) as first:
        with page(mine, resumed=first.id) as again:
            assert again.id == first.id, "also while the broken connection is not known to be broken"
        known = first.id
    with page(mine, resumed=known) as again:
        assert again.id == known


def test_the_same_person_signed_in_anew_gets_a_new_one(running):
    before, after = Visitor(running), Visitor(running)
    assert before.sign_in("steward2").status == 303
    with page(before) as first:
        assert after.sign_in("steward2").status == 303
        with page(after, resumed=first.id) as again:
            assert again.id != first.id
            assert again.put("a", into=first.id).status == 404
            assert again.put("a").status == 204
            assert first.put("a").status == 401, "the earlier sign-in has ended"


def test_nobody_puts_a_file_into_anothers_page_or_takes_one_out(two):
    mine, other = two
    with page(mine) as first, page(other) as theirs:
        assert first.put("mine").status == 204
        assert theirs.put("mine", b"another", into=first.id).status == 404
        assert theirs.remove("mine", into=first.id).status == 404
        assert theirs.put("x", into="0" * 36).status == 404
        assert theirs.put("x", into=f"{first.id}%0a").status == 404
        assert theirs.put("x").status == 204
        assert first.remove("mine").status == 204


def test_what_somebody_says_of_their_own_sign_in_is_dropped():
    person = Person("id", "actor", "name", frozenset({Role.STEWARD}), sign_in_ref="true")
    scope = marked({"headers": [(b"X-Desk-Sign-In", b"false"), (HEADER.encode(), b"false"), (b"a", b"b")]}, person)
    assert scope["headers"] == [(b"a", b"b"), (HEADER.encode(), b"true")]
    assert scope[PERSON] is person
    assert sign_in_of([("A", "b"), ("X-Desk-Sign-In", "true")]) == "true"
    assert sign_in_of([]) == ""
