"""The question `due`: texts in, the promised record out, and a sentence for everything else."""

import io
import json
from datetime import date
from pathlib import Path

import pytest

from core.law.clock.due import KEYS, due_report, due_rows
from core.law.errors import Invalid
from core.store.datafiles import calendars, profiles

CSV = Path(__file__).parents[1] / "deadline_cases.csv"
HEAD = "profile,calendar,timezone,received_at,pauses_json\n"


def ask(**flags: object) -> dict[str, object]:
    given = {
        "profile": "eu_gdpr",
        "calendar": "DE",
        "zone": "Europe/Berlin",
        "received": "2026-03-03T10:00+01:00",
    } | flags
    return due_report(profiles(), calendars(), **given)  # type: ignore[arg-type]


def rows(text: str, **flags: object) -> list[dict[str, object]]:
    return list(due_rows(profiles(), calendars(), io.StringIO(text), **flags))  # type: ignore[arg-type]


def test_the_record_has_the_promised_keys_in_order_and_is_plain_json():
    found = ask(today="2026-03-10")
    assert tuple(found) == KEYS
    assert json.loads(json.dumps(found)) == found
    steps = found.pop("steps")
    assert steps[-1] == "The last day is Tue 2026-04-07, until midnight in Europe/Berlin."
    assert found == {
        "receipt_date": "2026-03-03",
        "anchor": "2026-03-03",
        "base_due": "2026-04-07",
        "final_due": "2026-04-07",
        "deadline_end_utc": "2026-04-07T22:00:00+00:00",
        "extension_effective": False,
        "acknowledge_by": None,
        "refusal_due": "2026-04-07",
        "safe_due": "2026-04-03",
        "safe_notice_due": "2026-04-07",
        "latest_arguable": None,
        "due_if_answered_today": None,
        "days_left": 28,
    }


def test_an_open_pause_leaves_the_dates_null():
    found = ask(pauses=["identity:2026-03-05"], today="2026-03-06")
    names = ("base_due", "final_due", "refusal_due", "deadline_end_utc", "days_left")
    assert [found[name] for name in names] == [None] * 5
    assert found["due_if_answered_today"] == "2026-04-07"


def test_restart_is_an_instant_or_a_date():
    uk = {"profile": "uk_gdpr", "calendar": "GB-ENG", "zone": "Europe/London"}
    assert ask(**uk, restart="2026-03-09")["anchor"] == "2026-03-09"
    assert ask(**uk, restart="2026-03-09T23:30-05:00")["anchor"] == "2026-03-10"


@pytest.mark.parametrize(
    ("flags", "field"),
    [
        ({"received": "2026-03-03T10:00"}, "received"),
        ({"received": "2026-03-03"}, "received"),
        ({"received": "2026-02-31T10:00+01:00"}, "received"),
        ({"received": "soon"}, "received"),
        ({"received": ""}, "received"),
        ({"received": "0001-01-01T00:00+14:00"}, "received"),
        ({"received": "9999-12-31T23:59-14:00"}, "received"),
        ({"received": "1200-01-01T00:00+00:00"}, "profile"),
        ({"received": "3200-01-01T00:00+00:00"}, "received"),
        ({"profile": "none"}, "profile"),
        ({"calendar": "GB"}, "calendar"),
        ({"zone": "Berlin"}, "zone"),
        ({"zone": "a\0b"}, "zone"),
        ({"pauses": ["identity"]}, "pause"),
        ({"pauses": ["identity:"]}, "pause"),
        ({"pauses": ["weather:2026-03-05"]}, "pause"),
        ({"pauses": ["identity:2026-03-05:2026-03-04"]}, "pause"),
        ({"pauses": ["identity:2026-03-05:2026-03-06:x"]}, "pause"),
        ({"pauses": ["identity:20260305"]}, "pause"),
        ({"extended": "2026-04-31"}, "extended"),
        ({"restart": "2026-03-09T10:00"}, "restart"),
        ({"first_contact": "tomorrow"}, "first_contact"),
        ({"today": "x"}, "today"),
        ({"today": "2026-03-02"}, "received"),
        ({"today": "2026-03-04", "pauses": ["identity:2026-03-05"]}, "pause"),
        ({"today": "2026-03-04", "pauses": ["identity:2026-03-04:2026-03-05"]}, "pause"),
        ({"today": "2026-03-04", "extended": "2026-03-05"}, "extended"),
        ({"today": "2026-03-04", "restart": "2026-03-05"}, "restart"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_a_sentence(flags, field):
    with pytest.raises(Invalid, match=r"^[A-Z].*\.$") as caught:
        ask(**flags)
    assert caught.value.field == field


def test_today_may_be_the_day_of_everything_and_the_clock_of_the_machine_refuses_nothing():
    assert ask(today="2026-03-03")["days_left"] == 35
    assert ask(clock_day=date(2026, 1, 1))["days_left"] == 96
    assert ask(today="2026-04-08", clock_day=date(2026, 1, 1))["days_left"] == -1


def test_every_row_of_the_worked_cases_is_answered():
    found = rows(CSV.read_text(encoding="utf-8"))
    assert len(found) == 48
    assert [each["case_id"] for each in found][:2] == ["P01", "P02"]
    assert not [each for each in found if "error" in each]
    assert found[0]["row"] == 1
    assert found[0]["final_due"] == "2024-02-01"


def test_a_broken_row_is_named_and_the_others_go_on():
    good = "eu_gdpr,DE,Europe/Berlin,2026-03-03T10:00+01:00,\n"
    broken = [
        "eu_gdpr,DE,Europe/Berlin\n",
        "eu_gdpr,GB,Europe/London,2026-03-03T10:00+01:00,\n",
        "eu_gdpr,DE,Europe/Berlin,2026-03-03T10:00+01:00,nonsense\n",
        'eu_gdpr,DE,Europe/Berlin,2026-03-03T10:00+01:00,"[1]"\n',
        'eu_gdpr,DE,Europe/Berlin,2026-03-03T10:00+01:00,"[{""kind"": ""identity"", ""asked_on"": 5}]"\n',
        "eu_gdpr,DE,Europe/Berlin,2026-03-03T10:00+01:00," + "[" * 100_000 + "\n",
    ]
    found = rows(HEAD + good + "".join(broken) + good)
    assert [each["row"] for each in found if "error" in each] == [2, 3, 4, 5, 6, 7]
    assert found[0]["final_due"] == found[-1]["final_due"] == "2026-04-07"


@pytest.mark.parametrize("text", ["", "profile,calendar\n", HEAD + "x" * 200_000 + "\n"])
def test_a_file_that_is_no_table_is_refused(text):
    with pytest.raises(Invalid, match=r"\.$"):
        rows(text)
