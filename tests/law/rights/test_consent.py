"""Consent: the last line counts, a withdrawal ends what was given before it, and nothing else."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.law.rights.consent import Consent, Withdrawal, ended_by, latest
from core.law.rights.suppression import ALL

DAY = datetime(2026, 3, 2)
lines = st.builds(
    Consent, st.sampled_from(["news", "survey"]), st.sampled_from(["email", "post"]), st.booleans(),
    st.integers(0, 5).map(lambda days: DAY + timedelta(days=days)),
)
asked = st.builds(
    Withdrawal, st.sampled_from([ALL, "news", "survey"]), st.sampled_from([ALL, "email", "post"]),
    st.integers(0, 5).map(lambda days: DAY + timedelta(days=days)),
)


def test_an_opt_in_after_the_withdrawal_stands_and_one_before_ends():
    history = [Consent("news", "email", True, DAY)]
    assert ended_by(history, [Withdrawal(ALL, ALL, DAY - timedelta(days=1))]) == []
    assert ended_by(history, [Withdrawal(ALL, ALL, DAY)]) == [Consent("news", "email", False, DAY)]
    assert ended_by([*history, Consent("news", "email", False, DAY)], [Withdrawal(ALL, ALL, DAY)]) == [], "ended already"


@given(st.lists(lines, max_size=8), st.lists(asked, max_size=3))
def test_after_it_is_written_down_nothing_that_was_withdrawn_is_in_force(history, withdrawals):
    after = [*history, *ended_by(history, withdrawals)]
    assert not [each for each in latest(after) for one in withdrawals if one.reaches(each)]
    untouched = [each for each in latest(history) if not any(one.reaches(each) for one in withdrawals)]
    assert set(untouched) <= set(latest(after)), "what was not withdrawn counts as before"
    assert ended_by(after, withdrawals) == []
