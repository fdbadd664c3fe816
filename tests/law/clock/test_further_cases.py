"""Cases of our own: three for each calendar and profile whose days are in dispute, each with the day that could be argued."""

import csv
import json
from datetime import date, datetime
from pathlib import Path

import pytest

from core.law.clock.deadlines import Clock, due
from core.law.clock.pauses import Pause
from core.store.datafiles import calendars, profiles

with (Path(__file__).parents[1] / "further_cases.csv").open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize("row", CASES, ids=[row["case_id"] for row in CASES])
def test_further_case(row):
    received = datetime.fromisoformat(row["received_at"])
    found = due(Clock(
        received, row["timezone"], profiles().on(row["profile"], received.date()), calendars().get(row["calendar"]),
        tuple(
            Pause(each["kind"], day(each["asked_on"]), day(each["answered_on"])) for each in json.loads(row["pauses_json"] or "[]")
        ),
        extended=day(row["extended_on"]), extended_to=day(row["extended_to"]),
    ))
    names = ("base_due", "final_due", "safe_due", "latest_arguable", "acknowledge_by")
    assert {name: getattr(found, name) for name in names} == {name: day(row[name]) for name in names}
    later = [step for step in found.steps if "may be argued" in step]
    assert len(later) == (found.latest_arguable is not None)


def test_each_profile_and_calendar_in_dispute_has_three_cases():
    counted = [(row["profile"], row["calendar"][:2]) for row in CASES]
    assert min(counted.count(each) for each in set(counted)) >= 3
    disputed = {each for each in profiles().ids() if profiles().on(each, date(2026, 11, 1)).latest_arguable}
    assert disputed <= {row["profile"] for row in CASES}
