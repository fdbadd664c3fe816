"""Which days do not count: questions to the person, united and laid against the period (PAU-1 to PAU-4)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from core.law.clock.calendars import Calendar
from core.law.clock.profiles import Profile

PROMPT_WORKING_DAYS = 5  # PAU-4: a question asked later than this may not be recognised as prompt (our policy)


class Bar(StrEnum):
    """Why a question stops no clock, whatever the law of the request says of its kind."""

    NO_REASON = "no_reason"  # PAU-1: the facts that justify it were not recorded
    NOT_ACCESS = "not_access"  # Recital 63 and section 54(3C) DPA 2018 speak of a request for access alone
    NOT_LARGE = "not_large"  # and only where a large quantity of data about the person is processed


@dataclass(frozen=True)
class Pause:
    """A question to the person: its kind, local dates, and why it does not count, if so.

    `enough` is False where what came on `answered` did not answer it, so that it was asked again or still is to be.
    """

    kind: str
    asked: date
    answered: date | None = None
    bar: Bar | None = None
    enough: bool = True


@dataclass(frozen=True)
class Span:
    """Calendar days that do not count: from `start` up to, not including, `end`; None while the answer is open."""

    start: date
    end: date | None


@dataclass(frozen=True)
class Suspension:
    """What pauses do to one period: whole days left out, and since when it stands still (None when it runs).

    `end` is where the period ends with them, before the last roll.
    """

    days: int
    end: date
    open_since: date | None = None


def spans(pauses: Iterable[Pause], profile: Profile) -> list[Span]:
    """Return the united spans of the pauses that `profile` recognises, in order of time (PAU-1, PAU-2).

    Half-open profiles count `answered - asked`; inclusive ones count both days.
    """
    found = []
    for pause in pauses:
        count = profile.pause_on.get(pause.kind)
        if count is None or pause.bar is not None:
            continue
        end = pause.answered
        if end is not None and count == "inclusive":
            end += timedelta(days=1)
        found.append(Span(pause.asked, end))
    return unite(found)


def unite(found: Iterable[Span]) -> list[Span]:
    """Unite overlapping and touching spans, so that no day is left out twice (PAU-2).

    >>> one, two = Span(date(2026, 3, 4), date(2026, 3, 11)), Span(date(2026, 3, 9), date(2026, 3, 12))
    >>> unite([one, two])
    [Span(start=datetime.date(2026, 3, 4), end=datetime.date(2026, 3, 12))]
    """
    united: list[Span] = []
    for span in sorted(found, key=lambda each: each.start):
        last = united[-1] if united else None
        if last is None or (last.end is not None and span.start > last.end):
            united.append(span)
        elif last.end is not None:
            united[-1] = Span(last.start, None if span.end is None else max(last.end, span.end))
    return united


def suspended(united: Iterable[Span], anchor: date, nominal: date, calendar: Calendar | None = None) -> Suspension:
    """Lay united spans against the period from `anchor` to `nominal`, its end before any roll (PAU-2, PAU-3).

    Days before the anchor contribute nothing. A span that begins after the end, as earlier spans have moved it,
    contributes nothing either: a question asked after the deadline never revives it. Where the law rolls the end, by
    `calendar`, a question on the rolled last day is asked in time, and its days follow that day.
    """
    days, end = 0, nominal
    for span in united:
        start = max(span.start, anchor)
        if start > (end if calendar is None else calendar.roll(end)):
            break
        end = max(end, start)
        if span.end is None:
            return Suspension(days, end, start)
        length = max(0, (span.end - start).days)
        days, end = days + length, end + timedelta(days=length)
    return Suspension(days, end)


def joined(pauses: Iterable[Pause], calendar: Calendar) -> tuple[Pause, ...]:
    """Make one question of each that was asked again after an answer that was not enough (EDPB 01/2022, paragraph 158).

    The period stands still from the first question until enough has arrived, as long as each further one followed without
    undue delay, within PROMPT_WORKING_DAYS of the answer (our policy); else the days between them count.
    """
    found: list[Pause] = []
    last: dict[str, int] = {}
    for pause in sorted(pauses, key=lambda each: each.asked):
        at = last.get(pause.kind)
        if at is not None and pause.bar is None and _goes_on(found[at], pause, calendar):
            found[at] = replace(found[at], answered=pause.answered, enough=pause.enough)
            continue
        last[pause.kind] = len(found)
        found.append(pause)
    return tuple(found)


def _goes_on(first: Pause, then: Pause, calendar: Calendar) -> bool:
    if first.answered is None or first.enough or first.bar is not None or then.asked < first.answered:
        return False
    return not is_late(then.asked, first.answered, calendar)


def is_late(asked: date, known: date, calendar: Calendar) -> bool:
    """Say whether a question came so long after the day that gave rise to it that its pause may not be recognised (PAU-4).

    That day is the receipt, or the one on which an answer came that was not enough.

    >>> from core.law.clock.calendars import Calendars
    >>> germany = Calendars().get("DE")
    >>> is_late(date(2026, 3, 9), date(2026, 3, 2), germany), is_late(date(2026, 3, 10), date(2026, 3, 2), germany)
    (False, True)
    """
    return asked > calendar.add_working_days(known, PROMPT_WORKING_DAYS)
