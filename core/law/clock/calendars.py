"""Which days are public holidays: calendars by id, from the holidays library and our own table (CLK-5, CLK-7, CLK-11)."""

import csv
import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from importlib.metadata import version

import holidays

from core.law.errors import Invalid

# Without a part of the country these lists lack days that everyone there has (CLK-7).
PARTS_NEEDED = {"GB": "GB-ENG, GB-SCT, GB-WLS or GB-NIR", "CH": "CH-ZH, CH-GE or another canton"}
OWN_TABLE = frozenset({"EUINST"})  # calendars that the library does not have: their days stand in the table alone
SATURDAY = 5
COLUMNS = ("calendar_id", "date", "change", "name", "source")


@dataclass(frozen=True)
class Override:
    """One line of our table: a day added to, or removed from, a calendar, with its source."""

    calendar_id: str
    day: date
    change: str
    name: str
    source: str


@dataclass(frozen=True)
class Calendar:
    """The public holidays of one place; days are local dates, never instants."""

    id: str
    version: str
    changes: Mapping[date, Override] = field(repr=False)
    _years: dict[int, dict[date, str]] = field(default_factory=dict, repr=False, compare=False)
    _working: dict[int, list[date]] = field(default_factory=dict, repr=False, compare=False)

    def holiday(self, day: date) -> str | None:
        """Return the name of the public holiday on `day`, or None (CLK-7)."""
        return self._year(day.year).get(day)

    def works(self, day: date) -> bool:
        """Return whether `day` is a working day: no Saturday, no Sunday, no public holiday (CLK-7).

        A Saturday on which a country works officially is still a Saturday for Regulation 1182/71.
        """
        return day.weekday() < SATURDAY and self.holiday(day) is None

    def roll(self, day: date) -> date:
        """Return `day`, or the next working day after it (CLK-5)."""
        while not self.works(day):
            day += timedelta(days=1)
        return day

    def add_working_days(self, day: date, n: int) -> date:
        """Return the `n`-th working day after `day`."""
        if n < 1:
            return day
        year, days = day.year, self._working_days(day.year)
        at = bisect_right(days, day) + n - 1
        while at >= len(days):
            at -= len(days)
            year += 1
            days = self._working_days(year)
        return days[at]

    def _working_days(self, year: int) -> list[date]:
        if year not in self._working:
            every = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
            self._working[year] = [day for day in every if day.year == year and self.works(day)]
        return self._working[year]

    def _year(self, year: int) -> dict[date, str]:
        if year not in self._years:
            days = {} if self.id in OWN_TABLE else dict(_library_days(self.id, year))
            changes = [each for each in self.changes.values() if each.day.year == year]
            if self.id in OWN_TABLE and not changes:
                raise Invalid(
                    f"The calendar {self.id} has no days for {year}. Add them to the table of calendar changes.",
                    "calendar",
                )
            for each in changes:
                if each.change == "add":
                    days[each.day] = each.name
                else:
                    days.pop(each.day, None)
            self._years[year] = days
        return self._years[year]


class Calendars:
    """Every calendar, with the changes of our table; `get` returns the same object for the same id."""

    def __init__(self, overrides: Iterable[Override] = ()) -> None:
        """Take the rows of the override table, in any order."""
        self._overrides = tuple(sorted(overrides, key=lambda each: (each.calendar_id, each.day, each.change)))
        self._known: dict[str, Calendar] = {}
        text = "\n".join(f"{each.calendar_id},{each.day},{each.change},{each.name}" for each in self._overrides)
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        self.version = f"holidays {version('holidays')}, changes {digest}"  # CLK-11: a request stores it

    def get(self, calendar_id: str) -> Calendar:
        """Return the calendar `DE`, `DE-BY`, `GB-ENG`, `EUINST`; Invalid with a sentence when there is none.

        >>> Calendars().get("DE").roll(date(2026, 4, 3))
        datetime.date(2026, 4, 7)
        """
        calendar = self._known.get(calendar_id)
        if calendar is None:
            if calendar_id not in OWN_TABLE:
                _check(calendar_id)
            changes = {each.day: each for each in self._overrides if each.calendar_id == calendar_id}
            calendar = Calendar(calendar_id, self.version, changes)
            self._known[calendar_id] = calendar
        return calendar


def read_overrides(text: str) -> list[Override]:
    """Parse the CSV of calendar changes (calendar_id, date, add|remove, name, source); Invalid names the line."""
    rows = csv.DictReader(text.splitlines())
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise Invalid(f"The table of calendar changes needs the columns {', '.join(COLUMNS)}.", "calendar")
    found: list[Override] = []
    for line, row in enumerate(rows, start=2):
        try:
            day = date.fromisoformat(row["date"])
        except (TypeError, ValueError) as error:
            raise Invalid(f"Line {line} of the calendar changes has no readable date.", "calendar") from error
        if row["change"] not in ("add", "remove") or not row["name"] or not row["source"]:
            raise Invalid(f"Line {line} of the calendar changes needs add or remove, a name and a source.", "calendar")
        found.append(Override(row["calendar_id"], day, row["change"], row["name"], row["source"]))
    if len({(each.calendar_id, each.day) for each in found}) < len(found):
        raise Invalid("The table of calendar changes names a day of one calendar twice.", "calendar")
    return found


def _check(calendar_id: str) -> None:
    country, _, part = calendar_id.partition("-")
    if country in PARTS_NEEDED and not part:
        raise Invalid(
            f"The calendar {country} needs its part, because holidays differ inside it: {PARTS_NEEDED[country]}.",
            "calendar",
        )
    supported = holidays.list_supported_countries(include_aliases=False)
    if country not in supported or (part and part not in supported[country]):
        raise Invalid(
            "There is no such calendar. Give a country such as DE, or a country and its part such as DE-BY.", "calendar"
        )


@lru_cache(maxsize=4096)
def _library_days(calendar_id: str, year: int) -> Mapping[date, str]:
    """Return the public holidays of one year; other categories (bank, optional, half days) stay out."""
    country, _, part = calendar_id.partition("-")
    return dict(holidays.country_holidays(country, subdiv=part or None, years=year, categories=("public",)))
