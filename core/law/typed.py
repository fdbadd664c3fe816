"""What a person writes down or chooses in a form of the law: declared once, drawn by the page, checked by the action."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, overload

from core.law.errors import Invalid

LEAST_WORDS = 20  # characters below which nothing is told
LONGEST = 4_000
LONGEST_WORDS = 2_000
EARLIEST_DAY, LATEST_DAY = date(1880, 1, 1), date(2199, 12, 31)  # nobody alive was born before, no law names a day after
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")
_MONTH_OF = {name: number for number, month in enumerate(_MONTHS, 1) for name in (month.lower(), month[:3].lower())} | {"sept": 9}
_LONGEST_DAY = 40  # characters, more than any way to write one
_DAYS = tuple(re.compile(each) for each in (
    r"(?P<year>[0-9]{4}|[0-9]{2})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})",
    r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
    r"(?P<day>[0-9]{1,2})\. ?(?P<month>[0-9]{1,2})\. ?(?P<year>[0-9]{4}|[0-9]{2})",
    r"(?P<day>[0-9]{1,2})\.? (?P<month>[A-Za-z]{3,9})\.? (?P<year>[0-9]{4}|[0-9]{2})",
))
_SLASHES = re.compile(r"[0-9]{1,4} ?/ ?[0-9]{1,2} ?/ ?[0-9]{1,4}")
_BREAKS = re.compile(r"\r\n|[\r\f\v]")  # what a page break or an older machine ends a line with


@dataclass(frozen=True, slots=True)
class Field:
    """A text: its name, its words on the screen, and the fewest characters that say anything; 0 where it may be empty."""

    name: str
    label: str
    least: int = LEAST_WORDS


@dataclass(frozen=True, slots=True)
class Pick:
    """A choice of one: its name, its words on the screen, and the words of each code."""

    name: str
    label: str
    options: Mapping[str, str]


def read_text(text: str, name: str, called: str = "", *, needed: bool = True, longest: int = LONGEST_WORDS) -> str:
    r"""Return what was typed in a field, without outer blanks and with one kind of line end.

    `called` is what a person calls the field (default: its name). Raises Invalid, with the field and without the text,
    where it is empty and `needed`, longer than `longest` characters, or holds half a character or a control character:
    no file, letter or log could carry them.

    >>> read_text(" Two systems\r\ncould not be reached. ", "reason")
    'Two systems\ncould not be reached.'
    """
    called = called or f"the {name.replace('_', ' ')}"
    begun = called[0].upper() + called[1:]
    words = _BREAKS.sub("\n", text).strip()
    if needed and not words:
        raise Invalid(f"Write {called}.", name)
    if len(words) > longest:
        raise Invalid(f"{begun} is longer than {longest:,} characters. Shorten it.", name)
    if wrong := _unreadable(words):
        raise Invalid(f"{begun} holds {wrong}. Type it again.", name)
    return words


@overload
def read_day(text: str, name: str, called: str = "") -> date: ...
@overload
def read_day(text: str, name: str, called: str = "", *, needed: Literal[True]) -> date: ...
@overload
def read_day(text: str, name: str, called: str = "", *, needed: Literal[False]) -> date | None: ...
def read_day(text: str, name: str, called: str = "", *, needed: bool = True) -> date | None:
    """Return the day that was typed in a field; None where it is empty and not `needed`.

    Read are 2026-03-02, 20260302, 2.3.2026, 2 Mar 2026 and 2 March 2026, from the year 1880 to 2199. `called` is what a
    person calls the field (default: the day). Raises Invalid, with the field, for everything else: nothing is guessed,
    and nothing of what was typed is repeated but a day that the calendar has not.

    >>> read_day("2.3.2026", "received_on"), read_day("", "until", needed=False)
    (datetime.date(2026, 3, 2), None)
    >>> read_day("31 Feb 2026", "received_on")
    Traceback (most recent call last):
    core.law.errors.Invalid: There is no 31 February 2026.
    """
    called = called or "the day"
    begun = called[0].upper() + called[1:]
    words = text.strip()
    if not words:
        if needed:
            raise Invalid(f"Write {called}.", name)
        return None
    words = " ".join(words.split()) if len(words) <= _LONGEST_DAY else ""
    if _SLASHES.fullmatch(words):
        raise Invalid(f"Write {called} as 2026-03-02: written with slashes it may mean two days.", name)
    found = next((got for each in _DAYS if (got := each.fullmatch(words))), None)
    month = _month_of(found["month"]) if found else None
    if found is None or month is None:
        raise Invalid(f"{begun} cannot be read. Write it as 2026-03-02, 2.3.2026 or 2 March 2026.", name)
    year, day = found["year"], int(found["day"])
    if len(year) == 2:
        raise Invalid(f"Write {called} with all four digits of the year.", name)
    if not EARLIEST_DAY.year <= int(year) <= LATEST_DAY.year:
        raise Invalid(f"{begun} lies outside the years {EARLIEST_DAY.year} to {LATEST_DAY.year}.", name)
    try:
        return date(int(year), month, day)
    except ValueError:
        raise Invalid(f"There is no {day} {_MONTHS[month - 1]} {year}.", name) from None


def _month_of(text: str) -> int | None:
    """Return the month that a number or an English name means, or None where it means none."""
    number = int(text) if text.isdecimal() else _MONTH_OF.get(text.lower(), 0)
    return number if 1 <= number <= len(_MONTHS) else None


def _unreadable(text: str) -> str:
    """Return in words what no file could carry of a text: half a character, a control character; empty where all is text."""
    kinds = {unicodedata.category(each) for each in text if each not in "\n\t" and not each.isprintable()}
    return "half a character" if "Cs" in kinds else "a control character" if "Cc" in kinds else ""


def read_texts(fields: tuple[Field, ...], given: Mapping[str, str]) -> dict[str, str]:
    """Return the texts of all fields without outer blanks. Raises Invalid, with the field, for the first that is amiss.

    >>> read_texts((Field("reason", "Why it is late"),), {"reason": " Two systems could not be reached in time. "})
    {'reason': 'Two systems could not be reached in time.'}
    """
    read = {}
    for field in fields:
        words = read_text(given.get(field.name, ""), field.name, f"'{field.label}'", needed=False, longest=LONGEST)
        if len(words) < field.least:
            raise Invalid(f"Write it down in a sentence: {field.label}.", field.name)
        read[field.name] = words
    return read


def read_picks(picks: tuple[Pick, ...], given: Mapping[str, str]) -> dict[str, str]:
    """Return the codes chosen. Raises Invalid, with the name, for the first choice that is not made from its options.

    >>> read_picks((Pick("result", "Result", {"kept": "It stays"}),), {"result": "kept"})
    {'result': 'kept'}
    """
    for pick in picks:
        if given.get(pick.name, "") not in pick.options:
            raise Invalid(f"Choose: {pick.label}.", pick.name)
    return {pick.name: given[pick.name] for pick in picks}


def check_day(
    day: date, name: str, called: str = "", *, earliest: date = EARLIEST_DAY, latest: date = LATEST_DAY
) -> date:
    """Return a day that was typed. Raises Invalid, with the field and without the day, before `earliest` or after `latest`.

    `called` is what a person calls the field (default: its name). What a field asks beyond this its own rule says.

    >>> check_day(date(26, 3, 2), "until", "the last day")
    Traceback (most recent call last):
    ...
    core.law.errors.Invalid: The last day lies before 01 Jan 1880. Enter another day.
    """
    called = called or f"the {name.replace('_', ' ')}"
    begun = called[0].upper() + called[1:]
    if day < earliest:
        raise Invalid(f"{begun} lies before {earliest:%d %b %Y}. Enter another day.", name)
    if day > latest:
        raise Invalid(f"{begun} lies after {latest:%d %b %Y}. Enter another day.", name)
    return day
