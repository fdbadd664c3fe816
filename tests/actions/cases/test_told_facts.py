"""Facts asked back on the telephone: match or no match, nothing kept, nothing shown, not without end."""

import pytest

from core.actions.cases import told_facts
from core.actions.people import people
from core.law.errors import Invalid, NotAllowed, NotFound, NotPossible
from core.law.roles import Role
from core.store.engine import new_id
from tests.actions.conftest import MAIL, import_people, take_in
from tests.conftest import desk_of

RIGHT = {
    "birth_date": "1980-01-02", "customer_id": "c1", "email": MAIL.format(1).upper(), "postcode": "10001",
    "city": "SAMPLETOWN", "address": "1, Sample Street", "given_name": "given0001x", "family_name": "Family0001x",
}
WRONG = {
    "birth_date": "1980-02-01", "customer_id": "c2", "email": MAIL.format(2), "postcode": "10002", "city": "Sample",
    "address": "2 Sample Street", "given_name": "Given0002x", "family_name": "Family0002x", "phone": "030 1234567",
}


def compare(walk, told, key=None, desk=None):
    return told_facts.compare(desk or walk.steward, walk.case_ref, told, key=key or new_id())


def test_what_is_held_matches_however_it_is_spelled(walk):
    assert compare(walk, RIGHT) == dict.fromkeys(RIGHT, True)


def test_what_is_another_persons_or_only_a_part_does_not(walk):
    assert compare(walk, WRONG) == dict.fromkeys(WRONG, False)


@pytest.mark.parametrize("told", [{"postcode": "-"}, {"city": "..."}, {"given_name": "?"}])
def test_a_sign_without_a_letter_matches_nothing(walk, told):
    assert list(compare(walk, told).values()) == [False]


def test_nothing_told_or_held_enters_the_log(walk, entries):
    compare(walk, {"city": "TOLDWORDS", "birth_date": "2.1.1980"})
    assert not [row for row in entries() if "TOLDWORDS" in str(row) or "1980" in str(row)]
    (entry,) = [row for row in entries() if row["act"] == "identity.compare"]
    assert entry["subject_ref"] == walk.subject
    assert entry["case_ref"] == walk.case_ref
    for name in ("city", "birth_date", "matched"):
        assert name in str(entry["details"])


def test_a_value_is_not_found_out_by_trying(walk):
    for year in range(told_facts.MOST):
        compare(walk, {"birth_date": f"19{60 + year}-01-02"})
    with pytest.raises(NotPossible, match="15"):
        compare(walk, {"birth_date": "1980-01-02"})


def test_the_same_form_sent_twice_is_one_comparison(walk):
    key = new_id()
    assert compare(walk, {"city": "x", "postcode": "10001"}, key) == compare(walk, {"city": "x", "postcode": "10001"}, key)
    for _ in range(told_facts.MOST - 2):
        compare(walk, {"city": "x"})


@pytest.mark.parametrize("told", [{}, {"city": " "}, {"shoe_size": "42"}, {"birth_date": "2 January"}, {"email": "nothing"},
                                  {"city": "x" * 301}, {"city": "a\0b"}])
def test_what_cannot_be_compared_is_refused(walk, told):
    with pytest.raises(Invalid):
        compare(walk, told)


def test_a_person_must_be_decided_first(empty_walk):
    import_people(empty_walk.store, 2)
    undecided = take_in(empty_walk, None, 1, proven=False)
    with pytest.raises(NotPossible, match="Decide first"):
        compare(undecided, {"city": "x"})


def test_own_cases_other_roles_and_unknown_cases_are_refused(walk):
    for role in (Role.APPROVER, Role.MANAGER, Role.ANALYST, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            compare(walk, {"city": "x"}, desk=desk_of(walk.store, role, name="other"))
    with pytest.raises(NotFound):
        told_facts.compare(walk.steward, "unknown", {"city": "x"}, key=new_id())
    people.relate(walk.steward, walk.subject, "related", key=new_id())
    with pytest.raises(NotAllowed):
        compare(walk, {"city": "x"})
