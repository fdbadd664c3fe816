"""Objection to direct marketing: what counts as one, and how the right is told of."""

import pytest

from core.law.errors import Invalid
from core.law.rights.objection import signalled, told_apart
from core.law.rights.suppression import Legal


@pytest.mark.parametrize("signal", ["list_unsubscribe", "privacy_control"])
def test_a_signal_of_a_machine_is_an_objection(signal):
    assert signalled(signal) is Legal.OBJECTION


def test_an_unknown_signal_is_refused_and_the_right_is_told_apart():
    with pytest.raises(Invalid):
        signalled("smoke")
    assert told_apart(at_first=True, explicit=True, apart=True)
    for wrong in ({"at_first": False}, {"explicit": False}, {"apart": False}):
        assert not told_apart(**({"at_first": True, "explicit": True, "apart": True} | wrong))
