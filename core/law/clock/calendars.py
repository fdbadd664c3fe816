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
SOURCE_COLUMNS = ("calendar_id", "act", "opened", "note")


@dataclass(frozen=True)
class Override:
    """One line of our table: a day added to, or removed from, a calendar, with its source.

    A day removed is no public holiday for Regulation 1182/71 Art. 2(1), though work rests on it or a national law lets
    periods run past it: a rest day swapped for a Saturday, a bridge day, an eve. The library need not have the day.
    """

    calendar_id: str
    day: date
    change: str
    name: str
    source: str


@dataclass(frozen=True)
class Source:
    """The national act that designates the public holidays of a calendar, and whether its text could be read here."""

    calendar_id: str
    act: str
    opened: bool
    note: str


@dataclass(frozen=True)
class Calendar:
    """The public holidays of one place; days are local dates, never instants.

    `changes` are our rows for this place, `source` a sentence about where its days come from.
    """

    id: str
    version: str
    changes: Mapping[date, Override] = field(repr=False)
    source: str = field(default="", repr=False, compare=False)
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

    def refused(self, day: date) -> Override | None:
        """Return the row by which the weekday `day` is no public holiday here, though people rest on it or their law does.

        Regulation 1182/71 Art. 2(1) knows only days that are designated as public holidays. None on every other day.
        """
        row = self.changes.get(day)
        return row if row and row.change == "remove" and day.weekday() < SATURDAY else None

    def roll_nationally(self, day: date) -> date:
        """Return `day`, or the next day that is neither weekend, nor public holiday, nor a refused day.

        Never before `roll` of the same day: until then a national rule or practice may let the period run, while
        Art. 3(4) of Regulation 1182/71 ends it at `roll`.
        """
        while not self.works(day) or self.refused(day):
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

    def __init__(self, overrides: Iterable[Override] = (), sources: Iterable[Source] = ()) -> None:
        """Take the rows of the override table and of the table of sources, in any order.

        A source moves no date, so it is not part of the version.
        """
        self._sources = {each.calendar_id: each for each in sources}
        self._overrides = tuple(sorted(overrides, key=lambda each: (each.calendar_id, each.day, each.change)))
        self._known: dict[str, Calendar] = {}
        text = "\n".join(f"{each.calendar_id},{each.day},{each.change},{each.name}" for each in self._overrides)
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        self.version = f"holidays {version('holidays')}, changes {digest}"  # CLK-11: a request stores it

    def get(self, calendar_id: str) -> Calendar:
        """Return the calendar `DE`, `DE-BY`, `GB-ENG`, `EUINST`; Invalid with a sentence when there is none.

        The rows of a country hold in its parts as well; a part's own row for the same day goes first.

        >>> Calendars().get("DE").roll(date(2026, 4, 3))
        datetime.date(2026, 4, 7)
        """
        calendar = self._known.get(calendar_id)
        if calendar is None:
            if calendar_id not in OWN_TABLE:
                _check(calendar_id)
            country = calendar_id.partition("-")[0]
            rows = [each for place in (country, calendar_id) for each in self._overrides if each.calendar_id == place]
            changes = {each.day: each for each in rows}
            calendar = Calendar(calendar_id, self.version, changes, self._source(calendar_id, country))
            self._known[calendar_id] = calendar
        return calendar

    def _source(self, calendar_id: str, country: str) -> str:
        days = "our own table" if calendar_id in OWN_TABLE else f"holidays {version('holidays')}"
        found = self._sources.get(calendar_id) or self._sources.get(country)
        if found is None:
            return f"Days: {days}; no act is recorded here that designates them."
        read = "was opened" if found.opened else "could not be opened"
        act = f"act: {found.act}; the published text {read}" if found.act else "no act is recorded here that designates them"
        return f"Days: {days}; {act}." + (f" Note: {found.note}." if found.note else "")


def read_sources(text: str) -> list[Source]:
    r"""Parse the CSV of sources (calendar_id, act, yes|no for opened, note); Invalid names the line.

    >>> read_sources("calendar_id,act,opened,note\nSE,Lag (1989:253),yes,")[0].opened
    True
    """
    rows = csv.DictReader(text.splitlines())
    if tuple(rows.fieldnames or ()) != SOURCE_COLUMNS:
        raise Invalid(f"The table of calendar sources needs the columns {', '.join(SOURCE_COLUMNS)}.", "calendar")
    found: dict[str, Source] = {}
    for line, row in enumerate(rows, start=2):
        if not row["calendar_id"] or row["opened"] not in ("yes", "no") or not (row["act"] or row["note"]):
            raise Invalid(f"Line {line} of the calendar sources needs a calendar, yes or no, and an act or a note.", "calendar")
        if row["calendar_id"] in found:
            raise Invalid(f"Line {line} of the calendar sources names a calendar for the second time.", "calendar")
        found[row["calendar_id"]] = Source(row["calendar_id"], row["act"], row["opened"] == "yes", row["note"] or "")
    return list(found.values())


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
