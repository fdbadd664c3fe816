"""What other open rights desks test about erasure and retention, held to in our own terms (Moodle, Matomo, Databunker, fides).

The number in a name is that of the scenario in our list of theirs. 33 to 35 and 37 are about courses and roles that this desk
has not; 40 to 42 and 45 to 47 are held to in test_erasure_ends.py, test_packages.py, tests/matching and tests/work/test_tasks.py.
"""

import pytest

from core.actions.answers.erasure import kept_ends, kept_parts
from core.actions.cases import queue
from core.law.errors import NotPossible
from core.law.rights.kept import KeptStanding
from core.work.tasks import wind
from tests.actions.answers.erasure.test_erasures import choose, held, planned
from tests.actions.answers.erasure.test_kept import DUE, LAST, part, partly, rows, worker  # noqa: F401 - a fixture
from tests.conftest import NOW


def test_12_after_the_erasure_the_request_stays_for_the_officer(partly):
    listed = queue.list_requests(partly.steward, view="closed")
    assert [row.id for row in listed.rows] == [partly.request_id]
    assert held(partly, partly.subject).keys() <= {"events", "profiles"}


@pytest.mark.parametrize(("day", "left"), [(NOW, 1), (LAST, 1), (DUE, 0)])
def test_32_what_is_protected_stays_until_its_day_is_over_and_no_longer(partly, day, left):
    kept_ends.erase_due(worker(partly, day))
    assert len(rows(partly)) == left


def test_36_a_plan_that_waits_for_its_approval_erases_nothing(erasure):
    planned(erasure)
    approval = erasure.ask_plan()
    before = held(erasure, erasure.subject)
    erasure.carry(DUE)
    assert held(erasure, erasure.subject) == before
    erasure.approve(approval)
    erasure.carry()
    assert not held(erasure, erasure.subject)


def test_38_where_nothing_is_kept_nothing_is_ever_due(erasure):
    planned(erasure)
    erasure.approve()
    erasure.carry()
    assert kept_parts.list_kept(erasure.steward) == []
    assert kept_ends.erase_due(worker(erasure)) == 0


def test_39_only_this_persons_rows_go_and_a_second_run_takes_nothing_more(erasure, people_here):
    others = {n: held(erasure, people_here[n]) for n in (0, 2)}
    planned(erasure)
    erasure.approve()
    erasure.carry()
    erasure.carry(DUE)
    assert {n: held(erasure, people_here[n]) for n in (0, 2)} == others


def test_41_what_expires_is_told_before_and_goes_by_itself(partly):
    assert part(partly, LAST).standing is KeptStanding.KEPT
    assert part(partly, DUE).standing is KeptStanding.DUE
    wind(partly.store, DUE)
    partly.carry(DUE)
    assert not rows(partly)


def test_43_an_erasure_is_not_carried_out_without_its_grounds_or_its_letter(erasure):
    with pytest.raises(NotPossible, match="grounds"):
        erasure.plan()
    choose(erasure)
    erasure.plan()
    with pytest.raises(NotPossible, match="letter"):
        erasure.ask_plan()
    assert held(erasure, erasure.subject)
