"""What an address is worth: held before the request, proven here, new, or changed lately."""

from datetime import timedelta

import pytest

from core.actions.cases import addresses
from core.actions.people import imports
from core.law.errors import Invalid, NotAllowed
from core.law.roles import Role
from core.store.engine import new_id
from tests.actions.conftest import import_people, take_in
from tests.conftest import NOW, desk_of


def standings(walk):
    return {each.address: each.standing.value for each in addresses.list_addresses(walk.steward, walk.case_ref)}


@pytest.mark.parametrize(
    ("kind", "text", "standing"),
    [
        ("email", "marker-1@EXAMPLE.com", "held"),
        ("email", "marker-2@example.com", "new"),
        ("email", "marker-1+x@example.com", "new"),
        ("post", "Given0001x Family0001x\n1 Sample Street\n10001 Sampletown\nDE", "held"),
        ("post", "Somebody Else\n1 Sample Street\n10001 Sampletown", "new"),
        ("post", "1 Sample Street\n10002 Sampletown", "new"),
        ("hand_over", "at the counter", "proven"),
        ("representative", "marker-1@example.com, for them", "new"),
    ],
)
def test_the_standing_of_an_address(walk, kind, text, standing):
    addresses.add(walk.steward, walk.case_ref, kind, text, key=new_id())
    assert standings(walk)[text] == standing


@pytest.mark.parametrize(("days", "standing"), [(89, "changed"), (91, "held")])
def test_a_profile_changed_lately_is_no_ground_to_trust(walk, days, standing):
    received = NOW - timedelta(days=3, hours=-2)  # noon of the day of receipt
    desk = desk_of(walk.store, Role.STEWARD, now=received - timedelta(days=days))
    imports.import_people(desk, b"customer_id,city\nc1,Othertown\n", update=True, key=new_id())
    assert standings(walk)["marker-1@example.com"] == standing


def test_what_was_learned_after_the_receipt_is_new(empty_walk):
    people = import_people(empty_walk.store, 1)
    walk = take_in(empty_walk, people[0])
    assert standings(walk)["marker-0@example.com"] == "held"
    imports.import_people(walk.steward, b"customer_id,email\nlate,late@example.com\n", key=new_id())
    with walk.store.transaction() as tx:
        late = tx.rows("people.by_customer", customers=["late"])[0]["subject_ref"]
    other = take_in(empty_walk, late, proven=False)
    addresses.add(walk.steward, other.case_ref, "email", "late@example.com", key=new_id())
    assert standings(other)["late@example.com"] == "new"


def test_what_is_no_address_is_refused(walk):
    for kind, text in (("email", "no address"), ("email", ""), ("post", "x" * 501), ("pigeon", "x")):
        with pytest.raises(Invalid):
            addresses.add(walk.steward, walk.case_ref, kind, text, key=new_id())
    with pytest.raises(NotAllowed):
        addresses.add(walk.approver, walk.case_ref, "post", "x", key=new_id())
