"""A hundred thousand deadlines in one process, against the bare month arithmetic of the same run."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta

from core.law.clock.deadlines import Clock, due
from core.law.clock.pauses import Pause
from core.store.datafiles import calendars, profiles

pytestmark = pytest.mark.bench
CLOCKS, AT_MOST = 100_000, 5
FIRST = datetime(2024, 1, 1, 6, tzinfo=UTC)


def seconds(action):
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def test_a_hundred_thousand_deadlines(capsys):
    profile, calendar = profiles().on("eu_gdpr", date(2024, 1, 1)), calendars().get("DE")
    moments = [FIRST + timedelta(hours=(number * 7) % 52_000) for number in range(CLOCKS)]
    plain = [Clock(each, "Europe/Berlin", profile, calendar) for each in moments]
    paused = [
        Clock(each.received, each.zone, profile, calendar, (
            Pause("identity", each.received.date() + timedelta(days=3), each.received.date() + timedelta(days=9)),
        ))
        for each in plain
    ]
    bare = min(seconds(lambda: [each.date() + relativedelta(months=1) for each in moments]) for _ in range(3))
    running = min(seconds(lambda: [due(each) for each in plain]) for _ in range(3))
    standing = min(seconds(lambda: [due(each) for each in paused]) for _ in range(3))
    with capsys.disabled():
        print(f"\n{CLOCKS:,} deadlines, each with its steps in words: {running:.2f} s = {running / bare:.1f} x the bare month "
              f"arithmetic ({bare:.2f} s); each with one answered question: {standing / bare:.1f} x")
    assert running <= AT_MOST * bare
