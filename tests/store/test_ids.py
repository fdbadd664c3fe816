"""Ids rise with time and with one another, so that what was made first stands first, within one millisecond too."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from core.store.engine import new_id
from tests.conftest import NOW


def test_each_id_is_greater_than_the_one_before_it():
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    given = []
    for _ in range(2_000):  # ids of other moments between them change nothing
        given.append(new_id(NOW))
        new_id()
        new_id(NOW + timedelta(seconds=1))
    assert given == sorted(given)


def test_they_are_of_version_seven_and_tell_their_millisecond():
    for made in (new_id(NOW), new_id(NOW), new_id(NOW + timedelta(days=400))):
        assert (uuid.UUID(made).version, uuid.UUID(made).variant) == (7, uuid.RFC_4122)
    assert int(new_id(NOW)[:12], 16) == int(NOW.timestamp() * 1000)
    assert new_id(NOW) < new_id(NOW + timedelta(milliseconds=1))


def test_threads_draw_no_id_twice():
    with ThreadPoolExecutor(8) as pool:
        made = [each for part in pool.map(lambda _: [new_id(NOW) for _ in range(2_000)], range(8)) for each in part]
    assert len(set(made)) == len(made)
