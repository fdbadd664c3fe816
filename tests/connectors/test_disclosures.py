"""The log of disclosures."""

import pytest

from core.connectors.disclosures import append_disclosure, disclosures_of
from core.law.errors import Invalid
from tests.conftest import NOW

TOLD = {"basis": "Art. 6(1)(c)", "act": "package.fetch", "source": "desk", "now": NOW}


def test_a_disclosure_names_recipient_categories_and_act_of_one_person(store):
    with store.transaction() as tx:
        append_disclosure(tx, "s1", recipient=" the carrier ", categories=["orders", "address", "orders"], **TOLD)
        append_disclosure(tx, "s2", recipient="an authority", categories=["orders"], **TOLD)
        (row,) = disclosures_of(tx, "s1")
    assert (row["recipient"], row["categories"], row["act"]) == ("the carrier", "address, orders", "package.fetch")


@pytest.mark.parametrize(("recipient", "categories"), [(" ", ["orders"]), ("the carrier", []), ("the carrier", [" "])])
def test_a_disclosure_to_nobody_or_of_nothing_is_refused(store, recipient, categories):
    with store.transaction() as tx, pytest.raises(Invalid):
        append_disclosure(tx, "s1", recipient=recipient, categories=categories, **TOLD)
