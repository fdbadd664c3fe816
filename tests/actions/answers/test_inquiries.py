"""While an authority inquires about a person's case nothing of the person is erased, at whatever step the erasure is."""

from datetime import timedelta

import pytest

from core.actions.answers import needs, requests
from core.actions.answers.erasure import kept_ends
from core.actions.cases import cases
from core.law.errors import NotPossible
from core.law.kinds import Need
from core.law.ways import Kind
from core.store.engine import new_id
from tests.actions.answers.erasure.test_erasures import held, planned
from tests.actions.answers.erasure.test_kept import DUE, part, partly, rows, worker  # noqa: F401 - a fixture
from tests.actions.answers.test_needs import opened
from tests.actions.conftest import take_in
from tests.actions.correcting import LATER


def inquire(walk, case_ref):
    """Open an inquiry that is linked to the case; return its path."""
    path = opened(walk, Kind.INQUIRY)
    reference = cases.open_case(walk.steward, case_ref).reference
    path.enter(Need.LINKED, {"about": "case"}, {"reference": reference})
    return path


def end(path):
    requests.withdraw(path.handler, path.request_id, "The authority took it back.", version=path.version, key=new_id())


def test_no_approval_is_asked_for_while_it_is_open(erasure, empty_walk, people_here):
    matter = take_in(empty_walk, people_here[1], 1)
    planned(erasure)
    path = inquire(empty_walk, matter.case_ref)
    assert needs.holding(matter.steward, matter.case_ref) == (cases.open_case(path.handler, path.case_ref).reference,)
    with pytest.raises(NotPossible, match="inquiry of an authority"):
        erasure.ask_plan()
    end(path)
    assert needs.holding(matter.steward, matter.case_ref) == ()
    requests.withdraw(matter.steward, matter.request_id, "No copy after all.", version=matter.version, key=new_id())
    assert erasure.ask_plan()


def test_an_inquiry_about_somebody_else_stops_nothing(erasure, empty_walk, people_here):
    other = take_in(empty_walk, people_here[2], 2)
    inquire(empty_walk, other.case_ref)
    planned(erasure)
    assert erasure.ask_plan()


def test_one_that_comes_after_the_approval_stops_the_carrying_out(erasure, empty_walk):
    before = held(erasure, erasure.subject)
    planned(erasure)
    erasure.approve()
    inquire(empty_walk, erasure.case_ref)
    for minutes in range(0, 70, 10):
        erasure.carry(LATER + timedelta(minutes=minutes))
    assert held(erasure, erasure.subject) == before
    assert erasure.state == "in_progress"


def test_what_an_erasure_left_stays_over_its_day_and_goes_after_the_inquiry(partly, empty_walk):
    path = inquire(empty_walk, partly.case_ref)
    assert kept_ends.erase_due(worker(partly)) == 0
    with pytest.raises(NotPossible, match="inquiry of an authority"):
        kept_ends.erase(worker(partly), part(partly, DUE).id)
    assert rows(partly)
    end(path)
    assert kept_ends.erase_due(worker(partly)) == 1
    assert not rows(partly)
