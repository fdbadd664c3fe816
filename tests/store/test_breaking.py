"""After the engine gave up its instance nothing is half written, what was acknowledged stands, and everybody goes on."""

import json
import os
import subprocess
import sys

import pytest

from tests.house.reading import ROOT
from tests.store.breaking import KEPT

AGAIN = "Broken: The store's engine stopped and is being opened anew; try again."


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Give what each case told and left, played one after the other in a process whose files may not grow."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.breaking", tmp_path_factory.mktemp("breaking")], cwd=ROOT, timeout=120,
        check=False, env=os.environ | {"PYTHONPATH": "."}, capture_output=True, text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def check_whole(left, cases, *more):
    """Everything of the cases that were acknowledged, nothing of what was refused, and a log that tells as many."""
    for held in (left["now"], left["opened"]):
        assert {held[table] for table in ("cases", "attachments", "requests", "commands")} == {cases}
        assert held["messages"] == 2 * cases, "what was asked, and what acknowledges it"
        assert not held["half"]
        assert held["sound"]
        assert held["tip"] == len(held["acts"])
        acts = sorted(each for each in map(tuple, held["acts"]) if each != ("log.verify", "done"))
        assert acts == sorted([("case.take_in", "done")] * cases + list(more))
    assert left["anew"]
    assert (left["told"]["next reader"], left["told"]["next"], left["told"]["lost"]) == ("done",) * 3
    assert "FAULT" not in str(left["told"])
    assert "example.com" not in str(left["told"])


def test_an_act_whose_commit_fails_is_refused_each_time_and_done_when_there_is_room(played):
    left = played["commit_fails"]
    for who in ("act", "again"):
        assert left["told"][who].startswith("NoSpace: There is no space left")
    assert left["told"]["reader"] == "done", "reading needs no room"
    check_whole(left, KEPT + 2)


def test_who_was_in_the_middle_is_told_to_try_again_and_nothing_of_it_is_written(played):
    left = played["in_the_middle"]
    assert {name: left["told"][name] for name in ("act", "reader", "checkpoint")} == dict.fromkeys(
        ("act", "reader", "checkpoint"), AGAIN
    )
    assert left["told"]["late"] == "done", "who comes just then waits for the next instance"
    assert left["told"]["alive"] == "[]"
    check_whole(left, KEPT + 2, ("queue.look", "refused.broken"))


def test_where_the_next_instance_does_not_open_either_each_is_told_and_it_is_tried_again(played):
    left = played["no_room_to_open"]
    assert left["told"]["checkpoint"] == AGAIN
    for who in ("act", "reader"):
        assert left["told"][who].startswith("Broken: desk.duckdb cannot be opened as a store"), left["told"]
    check_whole(left, KEPT + 2)
