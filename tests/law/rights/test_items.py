"""Every right x legal basis x origin x restriction x hold, against expectations written by hand from the page of the law."""

from datetime import datetime
from itertools import product

import pytest

from core.law.rights.bases import BY_BASIS, Basis, Use
from core.law.rights.holds import Hold, Reason
from core.law.rights.items import Bar, Item, for_person, for_us, stopped_purposes
from core.law.rights.portability import Origin
from core.law.rights.restriction import Gateway, Ground, Operation, Restriction
from core.law.ways import Kind

NOW = datetime(2026, 3, 2, 9)
HOLD = Hold(Reason.CLAIM, "a", NOW, subject_ref="s1")
STANDING = {name: tuple(Restriction(Ground(code), NOW) for code in codes) for name, codes in {
    "free": (), "accuracy": ("18.1.a",), "unlawful": ("18.1.b",), "claims": ("18.1.c",), "objection": ("18.1.d",),
    "two": ("18.1.a", "18.1.c"),
}.items()}  # fmt: skip
EVERY = "a b c d e ea f"
# ERA, POR: on which bases a right reaches a use that is no marketing.
REACHED = {
    "access": EVERY, "rectification": EVERY, "restriction": EVERY, "erasure": EVERY, "portability": "a b",
    "objection": "e ea f", "objection_marketing": "", "consent_withdrawal": "a",
}
PORTABLE = {"provided", "observed"}
CASES = list(product(BY_BASIS, Basis, Origin, STANDING, [(), (HOLD,)]))


def expected(right, basis, origin, holds):
    if basis not in REACHED[right].split():
        return "basis"
    if right == "portability" and origin not in PORTABLE:
        return "origin"
    return "held" if right == "erasure" and holds else "none"  # a restriction never bars the person's own right


def test_the_whole_table_of_the_person_s_rights():
    assert len(CASES) == 8 * 7 * 4 * 6 * 2
    wrong = [
        (kind, basis, origin, standing, len(holds), found.bar)
        for kind, basis, origin, standing, holds in CASES
        if (found := for_person(kind, Item((Use(basis, "p"),), origin, True, STANDING[standing], holds))).bar
        != expected(kind.value, basis.value, origin.value, holds) or found.open is not (found.bar is Bar.NONE)
    ]
    assert wrong == []


# RES-1: which gateway opens which use of restricted data; what is not named here has none.
OPENED_BY = {
    "own_request": "18.2.consent", "legal_claim": "18.2.claims", "protect_other": "18.2.other_person",
    "public_interest": "18.2.public_interest",
}


def test_the_whole_table_of_our_own_uses():
    wrong = []
    for operation, standing, holds, gateway in product(Operation, STANDING, [(), (HOLD,)], [None, *Gateway]):
        found = for_us(operation, Item((Use(Basis.CONTRACT),), Origin.PROVIDED, True, STANDING[standing], holds), gateway)
        deletes = operation.value in {"retention", "account_closure"}
        if (standing != "free" and operation.value != "store" and OPENED_BY.get(operation.value) != gateway) or (standing != "free" and operation.value not in {"store", *OPENED_BY}):
            bar = "restricted"
        else:
            bar = "held" if deletes and holds else "none"
        if found.bar != bar:
            wrong.append((operation, standing, len(holds), gateway, found.bar))
    assert wrong == []


@pytest.mark.parametrize("standing", [name for name in STANDING if name != "free"])
@pytest.mark.parametrize("operation", [Operation.RETENTION, Operation.ACCOUNT_CLOSURE])
@pytest.mark.parametrize("gateway", [None, *Gateway])
def test_restricted_data_are_never_deleted_by_us_and_are_at_the_person_s_request(standing, operation, gateway):
    item = Item((Use(Basis.CONTRACT),), restrictions=STANDING[standing])
    assert not for_us(operation, item, gateway).open
    assert for_person(Kind.ERASURE, item).open


def test_paper_is_not_portable_and_an_item_without_a_use_is_reached_by_nothing():
    assert for_person(Kind.PORTABILITY, Item((Use(Basis.CONSENT),), automated=False)).bar is Bar.MEANS
    for kind in BY_BASIS:
        assert for_person(kind, Item(())).bar is Bar.BASIS


def test_one_use_that_is_reached_is_enough_for_a_copy():
    both = Item((Use(Basis.INTERESTS, "fraud"), Use(Basis.CONTRACT, "orders")))
    assert for_person(Kind.PORTABILITY, both).open
    assert for_person(Kind.OBJECTION, both).open


def test_only_the_purpose_concerned_stops():
    item = Item((
        Use(Basis.CONSENT, "newsletter", marketing=True), Use(Basis.CONTRACT, "orders"), Use(Basis.INTERESTS, "fraud"),
        Use(Basis.CONTRACT, "ads", marketing=True),
    ))
    assert stopped_purposes(item, ["newsletter", "orders", "fraud", "ads"], []) == ("newsletter",)
    assert stopped_purposes(item, [], ["newsletter", "orders", "fraud", "ads"]) == ("newsletter", "fraud", "ads")
    assert stopped_purposes(item, [], []) == ()
