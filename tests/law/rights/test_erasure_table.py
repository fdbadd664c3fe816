"""The whole table of an erasure: ground x exception x basis x restriction x hold, by a reading of Articles 17 and 18 of its own."""

from datetime import date, datetime
from itertools import product

import pytest

from core.law.errors import NotPossible
from core.law.rights.bases import Basis, Use
from core.law.rights.erasure import Decision, Exemption, Ground, Item, Retention, decide
from core.law.rights.holds import Deletion, Hold, Reason, require_free
from core.law.rights.restriction import Ground as Restricted
from core.law.rights.restriction import Restriction, require_told_of_end

TODAY = date(2026, 11, 24)
SET, BEFORE, AFTER = datetime(2026, 11, 2), datetime(2026, 11, 1), datetime(2026, 11, 5)
WHOLE = {"reference": "the provision", "until": date(2034, 12, 31), "why": "it was weighed like this"}
# By hand: which letters of 17(1) reach a use on each basis of 6(1), and which restrictions mean "keep it" (18(1)(b), (c)).
REACHED = {"a": "abdef", "b": "ade", "c": "ade", "d": "ade", "e": "acde", "f": "acde"}
KEEP_IT = {"18.1.b", "18.1.c"}


def goes(ground, exemption, basis, restriction, told, wanted, held):
    """Say whether a row is deleted at the person's own request: as the desk asks each rule in turn."""
    retention = Retention(exemption, **WHOLE) if exemption else None
    if decide(Item((), frozenset({ground}), retention, (Use(Basis(basis)),)), TODAY) is not Decision.ERASE:
        return False
    try:
        require_told_of_end([Restriction(restriction, SET)] if restriction else [], told, wanted)
        require_free([Hold(Reason.CLAIM, "a", SET, subject_ref="s1")] if held else [], Deletion.ERASURE)
    except NotPossible:
        return False
    return True


@pytest.mark.parametrize("basis", list(REACHED))
def test_a_row_goes_exactly_where_both_articles_let_it(basis):
    told_of = (None, BEFORE, AFTER)
    tried = 0
    for ground, exemption, restriction, told, wanted, held in product(
        Ground, (None, *Exemption), (None, *Restricted), told_of, told_of, (False, True)
    ):
        asked_enough = restriction is None or (told == AFTER and (restriction.value not in KEEP_IT or wanted == AFTER))
        expected = ground.value[-1] in REACHED[basis] and exemption is None and not held and asked_enough
        assert goes(ground, exemption, basis, restriction, told, wanted, held) is expected, (ground, exemption, restriction, told, wanted, held)
        tried += expected
    assert tried == len(REACHED[basis]) * (9 + 2 * 3 + 2), "the rows that go, counted by hand: no restriction, (a) and (d), (b) and (c)"
