"""Every wrong way to count a period that we know of, put in the place of the right one: a worked case must catch it."""

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import holidays
import pytest
from dateutil.relativedelta import relativedelta

from core.law.clock import calendars, deadlines, pauses
from core.store import datafiles
from tests.law.catching import Case, Patch, failing

with (Path(__file__).parent / "deadline_cases.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


def day(text: str) -> date:
    return date.fromisoformat(text)


def clock(profile: str, calendar: str, zone: str, received: str, *asked: pauses.Pause, **events: Any) -> deadlines.Clock:
    moment = datetime.fromisoformat(received)
    return deadlines.Clock(
        moment, zone, datafiles.profiles().on(profile, moment.date()), datafiles.calendars().get(calendar), asked, **events
    )


def dates(*facts: Any, **events: Any) -> tuple[date | None, date | None, bool]:
    found = deadlines.due(clock(*facts, **events))
    return found.base_due, found.final_due, found.extension_effective


def of_row(row: dict[str, str]) -> Case:
    asked = [
        pauses.Pause(each["kind"], day(each["asked_on"]), day(each["answered_on"]))
        for each in json.loads(row["pauses_json"] or "[]")
    ]
    events = {
        "restart": datetime.fromisoformat(row["clock_restart_at"]) if row["clock_restart_at"] else None,
        "extended": day(row["extension_notified_on"]) if row["extension_notified_on"] else None,
        "first_contact": day(row["first_contact"]) if row["first_contact"] else None,
    }
    facts = (row["profile"], row["calendar"], row["timezone"], row["received_at"])
    expected = (day(row["base_due"]), day(row["final_due"]), row["extension_effective"] == "yes")
    return row["case_id"], lambda: dates(*facts, *asked, **events), expected


NO_REASON = pauses.Bar.NO_REASON
IRISH = ("eu_gdpr", "IE", "Europe/Dublin", "2026-03-02T10:00+00:00")
CLOCK: list[Case] = [
    *map(of_row, ROWS),
    ("HU Saturday", lambda: dates("eu_gdpr", "HU", "Europe/Budapest", "2026-07-08T10:00+02:00")[0], day("2026-08-10")),
    ("LV Saturday", lambda: dates("eu_gdpr", "LV", "Europe/Riga", "2026-05-27T10:00+03:00")[0], day("2026-06-29")),
    ("two overlapping", lambda: dates(
        *IRISH, pauses.Pause("identity", day("2026-03-04"), day("2026-03-11")),
        pauses.Pause("clarification", day("2026-03-09"), day("2026-03-14")),
    )[0], day("2026-04-13")),
    ("asked too late", lambda: dates(*IRISH, pauses.Pause("identity", day("2026-04-03"), day("2026-04-20")))[0],
     day("2026-04-02")),
    ("no reason", lambda: dates(*IRISH, pauses.Pause("identity", day("2026-03-04"), day("2026-03-11"), NO_REASON))[0],
     day("2026-04-02")),
    ("late notice", lambda: dates(*IRISH, extended=day("2026-04-03")), (day("2026-04-02"), day("2026-04-02"), False)),
    ("notice on the last day", lambda: dates(*IRISH, extended=day("2026-04-02"))[2], True),
    ("refusal when extended", lambda: deadlines.due(clock(*IRISH, extended=day("2026-03-20"))).refusal_due, day("2026-04-02")),
    ("refusal in the Kingdom", lambda: deadlines.due(
        clock("uk_gdpr", "GB-ENG", "Europe/London", "2026-03-02T10:00+00:00", extended=day("2026-03-20"))
    ).refusal_due, day("2026-06-02")),
    ("safe date", lambda: deadlines.due(clock(*IRISH, pauses.Pause("identity", day("2026-03-04"), day("2026-03-11")))).safe_due,
     day("2026-04-02")),
    ("safe date on a Saturday", lambda: deadlines.due(clock("eu_gdpr", "IE", "Europe/Dublin", "2026-01-14T10:00+00:00")).safe_due,
     day("2026-02-14")),
    ("asked on the rolled day", lambda: dates(
        "eu_gdpr", "IE", "Europe/Dublin", "2026-01-14T10:00+00:00", pauses.Pause("identity", day("2026-02-16"), day("2026-02-19")),
    )[0], day("2026-02-19")),
    ("asked again", lambda: dates(
        *IRISH, pauses.Pause("identity", day("2026-03-04"), day("2026-03-10"), enough=False),
        pauses.Pause("identity", day("2026-03-12"), day("2026-03-18")),
    )[0], day("2026-04-16")),
    ("asked again late", lambda: dates(
        *IRISH, pauses.Pause("identity", day("2026-03-04"), day("2026-03-10"), enough=False),
        pauses.Pause("identity", day("2026-03-20"), day("2026-03-26")),
    )[0], day("2026-04-14")),
    ("HU rest day", lambda: dates("eu_gdpr", "HU", "Europe/Budapest", "2025-12-02T10:00+01:00")[0], day("2026-01-02")),
    ("Zurich Saturday", lambda: dates("ch_fadp", "CH-ZH", "Europe/Zurich", "2026-07-02T10:00+02:00")[0], day("2026-08-01")),
    ("end of the day", lambda: deadlines.end_of(day("2026-04-02"), "Europe/Dublin"), datetime(2026, 4, 2, 23, tzinfo=UTC)),
]

add, due = deadlines.add, deadlines.due
works = calendars.Calendar.works
suspended = pauses.suspended


def from_the_next_day(anchor, period, calendar):
    return add(anchor + timedelta(days=1), period, calendar)


def thirty_days(anchor, n):
    return anchor + timedelta(days=30 * n)


def overflowing(anchor, n):
    """31 January and a month: 3 March, as plain arithmetic of months and days has it."""
    return (anchor.replace(day=1) + relativedelta(months=n)) + timedelta(days=anchor.day - 1)


def without_its_part(self, calendar_id):
    country, _, _ = calendar_id.partition("-")
    return calendars.Calendar(country, self.version, {})


def library_says(self, moment):
    if self.id == "EUINST":
        return works(self, moment)
    country, _, part = self.id.partition("-")
    return holidays.country_holidays(country, subdiv=part or None, years=moment.year).is_working_day(moment)


def utc_date(moment, _zone):
    return moment.astimezone(UTC).date() if isinstance(moment, datetime) else moment


def both_days(found, profile):
    return pauses.unite(
        pauses.Span(each.asked, each.answered and each.answered + timedelta(days=1))
        for each in found if each.kind in profile.pause_on and each.bar is None
    )


def rolled_first(united, anchor, nominal, calendar=None):
    return suspended(united, anchor, calendar.roll(nominal) if calendar else nominal, calendar)


def revived(united, anchor, nominal, calendar=None):
    days = sum((each.end - each.start).days for each in united)
    return pauses.Suspension(days, nominal + timedelta(days=days))


def by_the_nominal_day(united, anchor, nominal, calendar=None):
    return suspended(united, anchor, nominal)


def each_by_itself(found, calendar):
    return tuple(found)


def whenever_asked(found, calendar):
    """As if it did not matter how long after the answer that was not enough it was asked again."""
    return (replace(found[0], answered=found[-1].answered), *found[1:])


def safe_is_rolled(of, today=None):
    found = due(of, today)
    return replace(found, safe_due=of.calendar.roll(found.safe_due)) if of.profile.roll and found.safe_due else found


def later_counts(of, today=None):
    found = due(of, today)
    return replace(found, final_due=found.latest_arguable or found.final_due, base_due=found.latest_arguable or found.base_due)


def chained(of, today=None):
    found = due(of, today)
    if not found.extension_effective or found.base_due is None or of.profile.extension.total is None:
        return found
    return replace(found, final_due=of.calendar.roll(found.base_due + relativedelta(months=2)))


def accepted_late(of, today=None):
    first = due(replace(of, extended=None), today).base_due
    told = of.extended and first and min(of.extended, first)
    return due(replace(of, extended=told), today)


def summed(found):
    """As if the days of overlapping pauses were added up: each span is moved behind the one before it."""
    laid: list[pauses.Span] = []
    for span in sorted(found, key=lambda each: each.start):
        gap = max(timedelta(), laid[-1].end - span.start) if laid and laid[-1].end else timedelta()
        laid.append(pauses.Span(span.start + gap, span.end and span.end + gap))
    return laid


def refused_by_final(of, today=None):
    found = due(of, today)
    return replace(found, refusal_due=found.final_due)


def refused_by_base(of, today=None):
    found = due(of, today)
    return replace(found, refusal_due=found.base_due)


def safe_is_final(of, today=None):
    found = due(of, today)
    return replace(found, safe_due=found.final_due)


# The first thirteen stand on the page, with the cases that it names for them.
WRONG_CLOCKS: list[tuple[str, list[Patch], set[str]]] = [
    ("counted from the day after receipt", [(deadlines, "add", from_the_next_day)], {"P01", "P06", "P09", "P10"}),
    ("a month is 30 days", [(deadlines, "_add_months", thirty_days)], {"P04", "P07", "D09", "X02"}),
    ("no roll", [(calendars.Calendar, "roll", lambda self, moment: moment)], {"P05", "D01", "D12", "D16"}),
    ("weekend roll only", [(calendars.Calendar, "holiday", lambda self, moment: None)], {"P02", "D03", "D18", "D20"}),
    ("pauses ignored", [(deadlines, "spans", lambda found, profile: [])], {"S01", "S06", "X03"}),
    ("calendar without its part", [(calendars.Calendars, "get", without_its_part)], {"D06", "D23"}),
    ("receipt date in UTC", [(deadlines, "local_date", utc_date)], {"Z04"}),
    ("pause days inclusive in the Union", [(deadlines, "spans", both_days)], {"S01", "S02", "S06"}),
    ("is_working_day of the library", [(calendars.Calendar, "works", library_says)], {"HU Saturday", "LV Saturday"}),
    ("pause added after the roll", [(deadlines, "suspended", rolled_first)], {"S04"}),
    ("pauses summed", [(pauses, "unite", summed)], {"two overlapping"}),
    ("extension chained", [(deadlines, "due", chained)], {"X02"}),
    ("late extension accepted", [(deadlines, "due", accepted_late)], {"late notice"}),
    ("no clamp to the end of the month", [(deadlines, "_add_months", overflowing)], {"P04", "P05", "D10", "X02"}),
    ("a question after the deadline revives it", [(deadlines, "suspended", revived)], {"asked too late"}),
    ("a question on the rolled last day comes too late", [(deadlines, "suspended", by_the_nominal_day)], {"asked on the rolled day"}),
    ("what was asked again is a pause of its own", [(deadlines, "joined", each_by_itself)], {"asked again"}),
    ("asked again whenever", [(deadlines, "joined", whenever_asked)], {"asked again late"}),
    ("the safe date is moved to a working day", [(deadlines, "due", safe_is_rolled)], {"safe date on a Saturday"}),
    ("the later day that can be argued counts", [(deadlines, "due", later_counts)], {"HU rest day", "Zurich Saturday"}),
    ("a swapped rest day is a holiday", [(calendars.Calendar, "roll", calendars.Calendar.roll_nationally)], {"HU rest day"}),
    ("a question without a reason counts", [
        (deadlines, "spans", lambda found, profile: pauses.unite(
            pauses.Span(each.asked, each.answered) for each in found if each.kind in profile.pause_on
        )),
    ], {"no reason"}),
    ("a refusal has the extended time", [(deadlines, "due", refused_by_final)], {"refusal when extended"}),
    ("a refusal in the Kingdom has one month", [(deadlines, "due", refused_by_base)], {"refusal in the Kingdom"}),
    ("the safe date moves with the pauses", [(deadlines, "due", safe_is_final)], {"safe date"}),
    ("the day ends when it begins", [
        (deadlines, "end_of", lambda moment, zone: datetime.combine(moment, datetime.min.time(), tzinfo=UTC)),
    ], {"end of the day"}),
]


def test_the_clock_as_it_is_passes_every_case():
    assert failing(CLOCK) == set()


@pytest.mark.parametrize(("wrong", "patches", "named"), WRONG_CLOCKS, ids=[each[0] for each in WRONG_CLOCKS])
def test_a_wrong_clock_is_caught_by_the_cases_named_for_it(monkeypatch, wrong, patches, named):
    for holder, name, mutant in patches:
        monkeypatch.setattr(holder, name, mutant)
    assert named <= failing(CLOCK)
