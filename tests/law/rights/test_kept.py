"""What an erasure in part leaves: its day, what is in the way of its end, and the uses that its ground leaves open."""

from datetime import date, timedelta

import pytest

from core.law.errors import Invalid, NotAllowed
from core.law.rights.erasure import Exemption, Retention
from core.law.rights.kept import WORDS, Kept, KeptStanding, require_longer, serves, standing
from core.law.rights.restriction import Operation

LAST = date(2034, 12, 31)
TAX = Kept(Exemption.OBLIGATION, LAST)


@pytest.mark.parametrize(("item", "day", "held", "wanted"), [
    (TAX, LAST, False, KeptStanding.KEPT), (TAX, LAST + timedelta(days=1), False, KeptStanding.DUE),
    (TAX, LAST + timedelta(days=1), True, KeptStanding.HELD), (TAX, LAST, True, KeptStanding.HELD),
    (Kept(Exemption.OBLIGATION, LAST, changed=True), LAST + timedelta(days=1), False, KeptStanding.CHANGED),
    (Kept(Exemption.OBLIGATION, LAST, changed=True, confirmed=True), LAST, False, KeptStanding.DUE),
    (Kept(Exemption.OBLIGATION, LAST, changed=True, confirmed=True), LAST, True, KeptStanding.HELD),
    (Kept(Exemption.EXPRESSION, None), LAST, False, KeptStanding.OPEN_ENDED),
    (Kept(Exemption.EXPRESSION, None, confirmed=True), LAST, False, KeptStanding.DUE),
    (Kept(None, None), LAST, True, KeptStanding.HELD), (Kept(None, None), LAST, False, KeptStanding.DUE),
    (Kept(None, None, changed=True), LAST, False, KeptStanding.CHANGED),
])
def test_how_a_part_stands(item, day, held, wanted):
    assert standing(item, day, held=held) is wanted
    assert wanted in WORDS


@pytest.mark.parametrize("exemption", Exemption)
@pytest.mark.parametrize("operation", Operation)
def test_no_use_of_ours_is_open_but_that_of_the_ground(exemption, operation):
    open_to = {Operation.STORE, Operation.OWN_REQUEST} | (
        {Operation.LEGAL_CLAIM} if exemption is Exemption.CLAIMS else {Operation.PUBLIC_INTEREST}
    )
    if operation in open_to:
        serves([exemption], operation)
    else:
        with pytest.raises(NotAllowed, match="for its ground alone"):
            serves([exemption], operation)
    serves([], operation)


def test_longer_means_longer():
    longer = Retention(Exemption.CLAIMS, "Suit 7", LAST + timedelta(days=1))
    assert require_longer(TAX, longer, date(2030, 1, 1)) is longer
    for until in (LAST - timedelta(days=1), None):
        with pytest.raises(Invalid):
            require_longer(TAX, Retention(Exemption.CLAIMS, "Suit 7", until), date(2030, 1, 1))
    with pytest.raises(Invalid):
        require_longer(Kept(None, None), Retention(Exemption.CLAIMS, "Suit 7", date(2029, 1, 1)), date(2030, 1, 1))
