"""The question `due`, from text to a plain record: flags or rows of a table in, the dates of the clock out."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from core.law.clock.calendars import Calendars
from core.law.clock.deadlines import Clock, due, local_date
from core.law.clock.pauses import Pause
from core.law.clock.profiles import KINDS, Profiles
from core.law.errors import Invalid

Report = dict[str, Any]
KEYS = (
    "receipt_date",
    "anchor",
    "base_due",
    "final_due",
    "deadline_end_utc",
    "extension_effective",
    "acknowledge_by",
    "refusal_due",
    "safe_due",
    "safe_notice_due",
    "latest_arguable",
    "due_if_answered_today",
    "days_left",
    "steps",
)
ROW_NEEDS = ("profile", "calendar", "timezone", "received_at")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def due_report(
    profiles: Profiles,
    calendars: Calendars,
    *,
    profile: str,
    calendar: str,
    zone: str,
    received: str,
    pauses: Sequence[str] = (),
    restart: str | None = None,
    extended: str | None = None,
    extended_to: str | None = None,
    first_contact: str | None = None,
    today: str | None = None,
    clock_day: date | None = None,
) -> Report:
    """Answer `due` for the texts of its flags: the record of the command line, dates as ISO text.

    A pause is KIND:ASKED[:ANSWERED] and is taken as reasoned. `today` is a claim of the caller: a fact after it is
    refused. `clock_day` is the machine's own day, used for the days left when no `today` is given; it refuses
    nothing, so that a clock can be worked out ahead. Raises Invalid with a sentence.
    """
    found = [_pause(text) for text in pauses]
    given = _day(today, "today")
    return _report(
        (profiles, calendars),
        (profile, calendar, zone, received),
        found,
        (restart, extended, extended_to, first_contact),
        (given, clock_day),
    )


def due_rows(
    profiles: Profiles,
    calendars: Calendars,
    lines: Iterable[str],
    *,
    today: str | None = None,
    clock_day: date | None = None,
) -> Iterator[Report]:
    """Answer `due` for each row of a CSV with the columns profile, calendar, timezone, received_at and, where
    they are, clock_restart_at, pauses_json, extension_notified_on, extended_to, first_contact, case_id.

    Each record carries its row number (the first row after the heading is 1) and its case_id; a row that cannot be
    read gives `row`, `error` and `field` instead, and the others go on. A table without its columns raises Invalid.
    """  # noqa: D205 - the columns are one list
    given = _day(today, "today")
    rows = csv.DictReader(lines)
    try:
        missing = [name for name in ROW_NEEDS if name not in (rows.fieldnames or ())]
    except csv.Error as error:
        raise Invalid("The file is not readable as CSV.", "file") from error
    if missing:
        raise Invalid(f"The file lacks the column {missing[0]}.", "file")
    number = 0
    while True:
        number += 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            raise Invalid(f"Row {number} of the file is not readable as CSV.", "file") from error
        if row is None:
            return
        head = {"row": number} | ({"case_id": row["case_id"]} if row.get("case_id") else {})
        try:
            yield head | _row_report((profiles, calendars), row, (given, clock_day))
        except Invalid as error:
            yield head | {"error": str(error), "field": error.field}


def _row_report(
    books: tuple[Profiles, Calendars], row: dict[str, str], days: tuple[date | None, date | None]
) -> Report:
    if None in row or None in row.values():
        raise Invalid("The row has more or fewer cells than the heading.", "file")
    needed = (row["profile"], row["calendar"], row["timezone"], row["received_at"])
    events = (row.get("clock_restart_at"), row.get("extension_notified_on"), row.get("extended_to"), row.get("first_contact"))
    return _report(books, needed, _json_pauses(row.get("pauses_json")), events, days)


def _report(
    books: tuple[Profiles, Calendars],
    needed: tuple[str, str, str, str],
    pauses: list[Pause],
    events: tuple[str | None, str | None, str | None, str | None],
    days: tuple[date | None, date | None],
) -> Report:
    profiles, calendars = books
    profile, calendar, zone, received = needed
    restart, extended, extended_to, first_contact = events
    today, clock_day = days
    moment = _instant(received, "received")
    receipt = local_date(moment, zone)
    clock = Clock(
        received=moment,
        zone=zone,
        profile=profiles.on(profile, receipt),
        calendar=calendars.get(calendar),
        pauses=tuple(pauses),
        restart=_day(restart, "restart") if DAY.fullmatch(restart or "") else _maybe_instant(restart, "restart"),
        extended=_day(extended, "extended"),
        extended_to=_day(extended_to, "extended_to"),
        first_contact=_day(first_contact, "first_contact"),
    )
    if today is not None:
        refuse_future(clock, today)
    answer = due(clock, today or clock_day)
    _check_extended_to(clock, answer.base_due)
    return {key: _plain(getattr(answer, key)) for key in KEYS}


def _check_extended_to(clock: Clock, base: date | None) -> None:
    """Raise Invalid for a new date that the law does not ask for, that nobody was told, or that extends nothing."""
    if clock.extended_to is None:
        return
    if clock.extended is None:
        raise Invalid("A new date was told on some day: give the day of that notice too.", "extended")
    if clock.profile.extension is None or clock.profile.extension.total is not None:
        how = "knows no extension" if clock.profile.extension is None else "sets the length of an extension itself"
        raise Invalid(f"{clock.profile.name} {how}: leave the new date out.", "extended_to")
    if base is not None and clock.extended_to <= base:
        raise Invalid("The new date lies after the first period. Correct it, or leave the extension out.", "extended_to")


def refuse_future(clock: Clock, today: date) -> None:
    """Raise Invalid when a fact of `clock` lies after `today`, the controller's local date."""
    if local_date(clock.received, clock.zone) > today:
        raise Invalid("The receipt lies in the future. Give the day on which the request came in.", "received")
    facts = [("restart", clock.restart and local_date(clock.restart, clock.zone)), ("extended", clock.extended)]
    facts += [("pause", day) for each in clock.pauses for day in (each.asked, each.answered)]
    for name, day in facts:
        if day is not None and day > today:
            raise Invalid("A date lies in the future; only what has happened moves a deadline.", name)


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _pause(text: str) -> Pause:
    parts = text.split(":")
    if len(parts) not in (2, 3):
        raise Invalid("Give a pause as KIND:ASKED or KIND:ASKED:ANSWERED, with dates as YYYY-MM-DD.", "pause")
    return _made(parts[0], parts[1], parts[2] if len(parts) == 3 else None)


def _json_pauses(text: str | None) -> list[Pause]:
    if not text or not text.strip():
        return []
    sentence = "pauses_json is a list of {kind, asked_on, answered_on} in JSON."
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid(sentence, "pause") from error
    texts = (str, type(None))
    if not isinstance(entries, list) or not all(
        isinstance(each, dict) and all(isinstance(value, texts) for value in each.values()) for each in entries
    ):
        raise Invalid(sentence, "pause")
    return [_made(each.get("kind"), each.get("asked_on"), each.get("answered_on")) for each in entries]


def _made(kind: str | None, asked: str | None, answered: str | None) -> Pause:
    if kind not in KINDS:
        raise Invalid(f"A pause is of one of the kinds {', '.join(KINDS)}.", "pause")
    day = _day(asked, "pause")
    if day is None:
        raise Invalid("A pause needs the day on which the question was asked.", "pause")
    return Pause(kind, day, _day(answered, "pause"))


def _instant(text: str, name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"The {name} time is not readable. Write it as 2026-03-03T10:00+01:00.", name) from error
    if moment.tzinfo is None:
        raise Invalid(f"The {name} time needs its offset from UTC, as in 2026-03-03T10:00+01:00.", name)
    if not 1 < moment.year < 9999:
        raise Invalid(f"The {name} time lies outside the calendar.", name)
    return moment


def _maybe_instant(text: str | None, name: str) -> datetime | None:
    return _instant(text, name) if text and text.strip() else None


def _day(text: str | None, name: str) -> date | None:
    if not text or not text.strip():
        return None
    try:
        if not DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"The {name} date is not a day of the calendar. Write it as 2026-03-03.", name) from error
