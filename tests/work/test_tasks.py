"""Tasks: taken once, taken up again after a killed process, tried again, given up."""

import threading
from datetime import timedelta

import pytest

from core.actions.answers.packages import packages
from core.actions.desk.desk import worker_desk
from core.connectors import registered
from core.connectors.local import Local
from core.work.tasks import LEASE, TRIES, lease, wind
from core.work.worker import Worker, run_due, run_once
from tests.actions.conftest import empty_walk, entries, walk  # noqa: F401 - fixtures
from tests.conftest import NOW


def state(walk):
    return packages.state(walk.steward, walk.request_id).state


def test_a_task_whose_process_was_killed_is_taken_up_after_its_lease(walk):
    walk.prepare()
    assert lease(walk.store, NOW) is not None  # and the process dies here
    assert state(walk) == "building"
    assert not run_once(walk.store, NOW + LEASE - timedelta(seconds=1))
    assert run_once(walk.store, NOW + LEASE)
    assert state(walk) == "built"
    assert not run_once(walk.store, NOW + LEASE)


def test_a_task_killed_after_its_work_was_committed_ends_without_doing_it_again(walk, entries):
    walk.prepare()
    lease(walk.store, NOW)
    packages.build(worker_desk(walk.store, NOW), walk.package_id)
    assert run_once(walk.store, NOW + LEASE)
    assert sum(row["act"] == "package.build" for row in entries()) == 1


def test_one_task_is_leased_by_one_worker(walk):
    walk.prepare()
    taken = []
    threads = [threading.Thread(target=lambda: taken.append(lease(walk.store, NOW))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(row is not None for row in taken) == 1


class Breaking(Local):
    def export(self, tx, may):
        raise ValueError("marker of a person")


def test_a_failing_task_is_tried_five_times_then_given_up_and_says_nothing_of_the_person(walk, monkeypatch, entries):
    walk.prepare()
    monkeypatch.setitem(registered.CONNECTORS, "local", Breaking)
    tries, now = 0, NOW
    while run_due(walk.store, now):
        tries += 1
        assert not run_once(walk.store, now), "it waits before it is tried again"
        now += timedelta(hours=1)
    assert tries == TRIES
    assert state(walk) == "failed"
    assert walk.state == "in_progress"
    assert "marker of" not in str(entries())
    monkeypatch.undo()
    walk.prepare()
    walk.work(now)
    assert state(walk) == "built"


def test_the_clockwork_is_asked_for_once_an_hour(store):
    for _ in range(3):
        wind(store, NOW)
    assert run_due(store, NOW) == 1
    wind(store, NOW + timedelta(minutes=59))
    assert run_due(store, NOW + timedelta(minutes=59)) == 0
    wind(store, NOW + timedelta(hours=1))
    assert run_due(store, NOW + timedelta(hours=1)) == 1


@pytest.mark.parametrize("times", [1, 2])
def test_the_thread_starts_and_is_joined(store, times):
    for _ in range(times):
        worker = Worker(store, lambda: NOW)
        worker.start()
        worker.stop()
        assert not any(thread.name == "rightsdesk-worker" for thread in threading.enumerate())
