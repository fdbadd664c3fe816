"""Turns: groups after one another, lanes after one another, each with one place, none of them before its time."""

import threading

import pytest

from core.actions.desk.turns import LANES, MOST, Line, Lines


class Queue:
    """A line whose clock is set by the test, and who waits in it."""

    def __init__(self):
        self.now = 0.0
        self.line = Line(lambda: self.now)
        self.served, self.sent_away, self.threads = [], [], []
        assert self.line.wait("first", "", 10)

    def join(self, group, lane="", patience=100.0):
        def wait():
            (self.served if self.line.wait(group, lane, 10, patience) else self.sent_away).append(group + lane)

        before = self.waiting + len(self.sent_away)
        thread = threading.Thread(target=wait, daemon=True)
        thread.start()
        self.threads.append(thread)
        self.until(lambda: self.waiting + len(self.sent_away) > before)

    @property
    def waiting(self):
        with self.line._changed:
            return sum(map(len, self.line._waiting.values()))

    def pass_time(self, seconds):
        """Let time pass, and whoever has a turn go through."""
        before = len(self.served) + len(self.sent_away)
        self.now += seconds
        with self.line._changed:
            self.line._changed.notify_all()
        self.until(lambda: len(self.served) + len(self.sent_away) > before)

    def until(self, true):
        for _ in range(100_000):
            if true():
                return
            threading.Event().wait(0.001)
        raise AssertionError("it never came")


@pytest.fixture
def queue():
    queue = Queue()
    yield queue
    queue.now += 1_000
    with queue.line._changed:
        queue.line._changed.notify_all()
    for each in queue.threads:
        each.join(10)
        assert not each.is_alive()


def test_groups_take_turns_and_so_do_the_lanes_of_one(queue):
    for group, lane in ["a1", "a2", "a3", "b1", "c1", "b2"]:
        queue.join(group, lane)
    for _ in range(6):
        queue.pass_time(10)
    assert queue.served == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_nobody_goes_before_the_time(queue):
    queue.join("a")
    queue.join("b")
    queue.now = 9.9
    with queue.line._changed:
        queue.line._changed.notify_all()
    assert (queue.served, queue.waiting) == ([], 2)
    queue.pass_time(0.1)
    assert queue.served == ["a"]
    queue.pass_time(10)
    assert queue.served == ["a", "b"]


def test_who_pushes_comes_no_sooner(queue):
    queue.join("a", "1")
    queue.join("b")
    for _ in range(20):
        queue.join("a", "1")
    queue.pass_time(10)
    queue.pass_time(10)
    assert (queue.served, len(queue.sent_away)) == (["a1", "b"], 20)


def test_a_lane_served_may_join_again_behind_the_others(queue):
    for lane in "12":
        queue.join("a", lane)
    queue.pass_time(10)
    queue.join("a", "1")
    queue.pass_time(10)
    queue.pass_time(10)
    assert queue.served == ["a1", "a2", "a1"]


def test_too_many_are_sent_away_at_once_and_leave_room_for_other_groups(queue):
    for lane in range(LANES + 3):
        queue.join("a", str(lane))
    queue.join("b")
    queue.pass_time(10)
    queue.pass_time(10)
    assert (queue.served, len(queue.sent_away)) == (["a0", "b"], 3)
    for number in range(MOST):
        queue.join(f"c{number}")
    assert queue.waiting == MOST


def test_who_waited_too_long_leaves_the_place_to_others(queue):
    queue.join("a", patience=5)
    queue.pass_time(6)
    assert (queue.sent_away, queue.waiting) == (["a"], 0)
    queue.join("b")
    queue.pass_time(4)
    assert queue.served == ["b"]


def test_a_line_where_nobody_is_is_forgotten():
    lines = Lines()
    first = lines.at("door")
    assert lines.at("door") is first
    for number in range(1_200):
        lines.at(f"door {number}")
    assert len(lines._lines) < 1_200
