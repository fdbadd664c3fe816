"""Article 19: each recipient once, forward only, and no silence without a reason."""

import pytest

from core.law.errors import Invalid, NotPossible
from core.law.rights.recipients import THE_PERSON, Notice, next_notice, to_tell


def test_each_recipient_is_told_once_and_the_person_is_none():
    assert to_tell(["Bank", "Carrier", "Bank", THE_PERSON, " Bank ", ""]) == ("Bank", "Carrier")


@pytest.mark.parametrize("present", Notice)
@pytest.mark.parametrize("target", Notice)
def test_a_notice_goes_forward_only(present, target):
    allowed = {
        (Notice.TO_SEND, Notice.SENT), (Notice.TO_SEND, Notice.DISPROPORTIONATE), (Notice.SENT, Notice.ANSWERED),
        (Notice.SENT, Notice.DISPROPORTIONATE), (Notice.DISPROPORTIONATE, Notice.SENT),
    }
    if (present, target) in allowed:
        assert next_notice(present, target, "a reason") is target
    else:
        with pytest.raises(NotPossible):
            next_notice(present, target, "a reason")


@pytest.mark.parametrize("reason", ["", "  "])
def test_leaving_a_recipient_untold_needs_a_reason_of_some_length(reason):
    with pytest.raises(Invalid):
        next_notice(Notice.TO_SEND, Notice.DISPROPORTIONATE, reason)
