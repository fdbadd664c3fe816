"""Which days do not count: questions to the person, united and laid against the period (PAU-1 to PAU-4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.law.clock.profiles import Profile

PROMPT_WORKING_DAYS = 5  # PAU-4: a question asked later than this may not be recognised as prompt (our policy)


@dataclass(frozen=True)
class Pause:
    """A question to the person: its kind, local dates, and whether facts that justify it were recorded (PAU-1)."""

    kind: str
    asked: date
    answered: date | None = None
    reasoned: bool = True


@dataclass(frozen=True)
class Span:
    """Calendar days that do not count: from `start` up to, not including, `end`; None while the answer is open."""

    start: date
    end: date | None


@dataclass(frozen=True)
class Suspension:
    """What pauses do to one period: whole days added, and since when it stands still (None when it runs)."""

    days: int
    open_since: date | None = None


def spans(pauses: Iterable[Pause], profile: Profile) -> list[Span]:
    """Return the united spans of the pauses that `profile` recognises, in order of time (PAU-1, PAU-2).

    Half-open profiles count `answered - asked`; inclusive ones count both days.
    """
    found = []
    for pause in pauses:
        count = profile.pause_on.get(pause.kind)
        if count is None or not pause.reasoned:
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


def suspended(united: Iterable[Span], anchor: date, nominal: date) -> Suspension:
    """Lay united spans against the period from `anchor` to `nominal`, its end before any roll (PAU-2, PAU-3).

    Days before the anchor contribute nothing. A span that begins after the end, as earlier spans have moved it,
    contributes nothing either: a question asked after the deadline never revives it.
    """
    days = 0
    for span in united:
        start = max(span.start, anchor)
        if start > nominal + timedelta(days=days):
            break
        if span.end is None:
            return Suspension(days, start)
        days += max(0, (span.end - start).days)
    return Suspension(days)
