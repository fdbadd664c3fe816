"""Until when an answer must be sent: Regulation 1182/71 applied to Article 12(3) GDPR and its sister laws.

CLK-1 to CLK-4, CLK-6 and CLK-8 to CLK-10; which days are working days, and the roll to one of them, are the calendar's.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from core.law.clock.calendars import Calendar
from core.law.clock.explanation import explain
from core.law.clock.pauses import Pause, Span, Suspension, joined, spans, suspended
from core.law.clock.profiles import Period, Profile
from core.law.errors import Invalid

RULES = 2  # raised where the algorithm itself gives other days: open requests are worked out anew then (CLK-11)
FIRST_YEAR, LAST_YEAR = 1970, 2090  # beyond these no calendar of public holidays is to be had
LAST_DAY = date(LAST_YEAR, 12, 31)
LEAST_HOURS, LEAST_WORKING_DAYS = 48, 2  # "any period of two days or more shall include at least two working days"
# What depends on its arguments alone is worked out once: boards and imports ask for the same few days again and again.


@dataclass(frozen=True)
class Clock:
    """What happened to a request: an instant with its offset, the controller's zone, and local dates.

    `restart` is the instant or local date from which the period runs anew, in laws that know a restart;
    `extended` the day on which the person was told of the extension, with reasons; `extended_to` the new date told,
    in laws without a cap; `first_contact` the first communication with the person (Article 14(3)(b)); `named` the day that
    an authority's letter names, which nothing moves but a further letter.
    """

    received: datetime
    zone: str
    profile: Profile
    calendar: Calendar
    pauses: tuple[Pause, ...] = ()
    restart: datetime | date | None = None
    extended: date | None = None
    extended_to: date | None = None
    first_contact: date | None = None
    named: date | None = None


@dataclass(frozen=True)
class Deadline:
    """The dates of one request; None where a question is open, or where the law sets no number of days.

    `deadline_end_utc` is exclusive: on time is what was sent before it (CLK-10). `safe_due` ignores every pause and
    restart and is not moved to a working day (PAU-7). `latest_arguable` is a later day than ours which a further rule of
    law could be read to give: shown, never aimed at. `target` is the internal aim, before the last day; none while a
    question is open or once the period is extended. `days_kept` are the days that remain once an open question is answered
    (PAU-3).
    """

    receipt_date: date
    anchor: date
    base_due: date | None = None
    final_due: date | None = None
    deadline_end_utc: datetime | None = None
    extension_effective: bool = False
    acknowledge_by: date | None = None
    refusal_due: date | None = None
    safe_due: date | None = None
    safe_notice_due: date | None = None
    latest_arguable: date | None = None
    due_if_answered_today: date | None = None
    days_left: int | None = None
    paused_since: date | None = None
    days_kept: int | None = None
    paused_days: int = 0
    target: date | None = None
    steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Reckoning:
    """The result of one walk from the anchor to the last day, in the house's own terms."""

    anchor: date
    base: date | None
    final: date | None
    extension_effective: bool = False
    days: int = 0  # left out by pauses
    open_since: date | None = None
    end: date | None = None  # of the period with its pauses, before the roll

    def closed(self, clock: Clock) -> date | None:
        """Return the end, rolled where the law rolls."""
        return self.end if self.end is None or not clock.profile.roll else clock.calendar.roll(self.end)


def local_date(moment: datetime | date, zone: str) -> date:
    """Return the day of `moment` in the controller's zone; a plain date is already local (CLK-2).

    >>> local_date(datetime(2026, 3, 31, 22, 30, tzinfo=UTC), "Europe/Helsinki")
    datetime.date(2026, 4, 1)
    """
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise Invalid("Give the time with its offset from UTC, for example 2026-03-03T10:00+01:00.", "received")
    return moment.astimezone(_zone(zone)).date()


def add(anchor: date, period: Period, calendar: Calendar) -> date:
    """Return the nominal end of `period` from `anchor`, before any roll (CLK-3, CLK-4); hours are not added here.

    Public holidays inside it add nothing (CLK-6), but where working days are counted. No period of ours is so short that
    two working days are not in it (CLK-8).

    >>> from core.law.clock.calendars import Calendars
    >>> add(date(2026, 1, 31), Period("month", 1), Calendars().get("IE"))
    datetime.date(2026, 2, 28)
    """
    n = period.n - 1 if period.first_day_counts else period.n
    if period.unit == "month":
        return _add_months(anchor, n)
    if period.unit == "week":
        return anchor + timedelta(weeks=n)
    if period.unit == "working_day":
        return calendar.add_working_days(anchor, n)
    return anchor + timedelta(days=n)


@lru_cache(maxsize=16_384)
def _add_months(anchor: date, n: int) -> date:
    clamped: date = anchor + relativedelta(months=n)  # to the last day of the month
    return clamped


def due(clock: Clock, today: date | None = None) -> Deadline:
    """Return every date of the clock, with the steps that led there in plain words.

    `today` is the local day for `days_left` and `due_if_answered_today`; without it both are None. Raises Invalid
    with a sentence when the facts contradict each other.
    """
    receipt = _checked(clock)
    if clock.named is not None:
        return _due_as_named(clock, receipt, clock.named, today)
    if clock.profile.period is not None and clock.profile.period.unit == "hour":
        return _due_in_hours(clock, receipt, today)
    clock = replace(clock, pauses=joined(clock.pauses, clock.calendar)) if len(clock.pauses) > 1 else clock
    found = _reckon(clock, receipt)
    unpaused = clock if not clock.pauses and clock.restart is None else replace(clock, pauses=(), restart=None)
    safe = found if unpaused is clock else _reckon(unpaused, receipt)
    profile = clock.profile
    extension, ack = profile.extension, profile.acknowledgement
    since = found.open_since
    answered = None
    if since is not None and today is not None:
        answered = _reckon(replace(clock, pauses=_answered(clock.pauses, max(today, since))), receipt).final
    base, final = (None, None) if since is not None else (found.base, found.final)
    acknowledge_by = add(receipt, ack, clock.calendar) if ack else None
    deadline = Deadline(
        receipt_date=receipt,
        anchor=found.anchor,
        base_due=base,
        final_due=final,
        deadline_end_utc=None if final is None else end_of(final, clock.zone),
        extension_effective=found.extension_effective,
        acknowledge_by=acknowledge_by,
        refusal_due={"base": base, "final": final, "none": None}[profile.refusal_by],
        safe_due=_safe(safe),
        safe_notice_due=(base if extension.moves_with_pause else safe.base) if extension else None,
        latest_arguable=_latest_arguable(clock, receipt, found, final or (acknowledge_by if since is None else None)),
        due_if_answered_today=answered,
        days_left=None if final is None or today is None else (final - today).days,
        paused_since=since,
        days_kept=_days_kept(found),
        paused_days=found.days,
        target=_target(clock, found),
    )
    return _told(deadline, explain(clock, deadline, found.end))


def _told(deadline: Deadline, steps: tuple[str, ...]) -> Deadline:
    return Deadline(**vars(deadline) | {"steps": steps})  # half the time of `replace`, over 100,000 of them


@lru_cache(maxsize=16_384)
def end_of(day: date, zone: str) -> datetime:
    """Return the instant, in UTC, at which local `day` is over: the midnight after it (CLK-10)."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=_zone(zone)).astimezone(UTC)


def _reckon(clock: Clock, receipt: date) -> _Reckoning:
    """Walk the algorithm: every step starts from the anchor, paused days go to the nominal date, the roll is last."""
    profile, calendar = clock.profile, clock.calendar
    united = spans(clock.pauses, profile)
    anchor, waiting = _anchor(clock, receipt, united)
    if profile.period is None:
        return _Reckoning(anchor, None, None)
    if waiting is not None:
        told = clock.extended is not None and profile.extension is not None
        return _Reckoning(anchor, None, None, told, open_since=waiting)
    first = _first(clock, profile.period, anchor, united)
    base = first.base
    if base is None or clock.extended is None or profile.extension is None:
        return first
    if first.open_since is None and clock.extended > base:  # EXT-2: too late, no effect
        return first
    if profile.extension.total is None:
        final = None if clock.extended_to is None else max(base, clock.extended_to)
        return replace(first, final=final, extension_effective=True, end=final)
    pause = _laid(clock, anchor, add(anchor, profile.extension.total, calendar), united)
    whole = _Reckoning(anchor, base, None, True, pause.days, pause.open_since, pause.end)
    return replace(whole, final=whole.closed(clock))


def _first(clock: Clock, period: Period, anchor: date, united: list[Span]) -> _Reckoning:
    """Return the period that the law gives without an extension."""
    pause = _laid(clock, anchor, add(anchor, period, clock.calendar), united)
    found = _Reckoning(anchor, None, None, False, pause.days, pause.open_since, pause.end)
    base = found.closed(clock)
    if base is not None and clock.profile.ends_at_first_contact and clock.first_contact is not None:
        base = min(base, clock.first_contact)
    return replace(found, base=base, final=base)


def _laid(clock: Clock, anchor: date, nominal: date, united: list[Span]) -> Suspension:
    return suspended(united, anchor, nominal, clock.calendar if clock.profile.roll else None)


def _safe(safe: _Reckoning) -> date | None:
    """Return the last day that no reading of the law could call late: no pause, no restart, no roll (PAU-7)."""
    if safe.end is None or safe.final is None:
        return safe.final
    return min(safe.end, safe.final)


def _latest_arguable(clock: Clock, receipt: date, found: _Reckoning, ours: date | None) -> date | None:
    """Return the day that the rule of `latest_arguable`, or a national one, could be read to give; None where none is later."""
    profile, arguable = clock.profile, clock.profile.latest_arguable
    if ours is None:
        return None
    if arguable is not None:
        period, ack = (
            each and replace(each, first_day_counts=each.first_day_counts and not arguable.from_next_day)
            for each in (profile.period, profile.acknowledgement)
        )
        other = replace(clock, profile=replace(profile, period=period, acknowledgement=ack, roll=arguable.roll))
        day = _reckon(other, receipt).final
        if day is None and ack is not None:
            day = add(receipt, ack, clock.calendar)
            day = clock.calendar.roll(day) if arguable.roll else day
    else:
        rolled = profile.roll and found.end is not None and found.closed(clock) == ours
        day = clock.calendar.roll_nationally(found.end) if rolled and found.end is not None else None
    return day if day is not None and day > ours else None


def _target(clock: Clock, found: _Reckoning) -> date | None:
    aim = clock.profile.target
    if aim is None or found.base is None or found.open_since is not None or found.extension_effective:
        return None
    return min(found.base, add(found.anchor, aim, clock.calendar) + timedelta(days=found.days))


def _anchor(clock: Clock, receipt: date, united: list[Span]) -> tuple[date, date | None]:
    """Return the day the period is counted from (CLK-1), and since when a proof or fee that starts it is awaited."""
    profile = clock.profile
    if profile.period is None or not profile.restart_on:
        return receipt, None
    anchor = receipt
    if clock.restart is not None:
        anchor = max(receipt, local_date(clock.restart, clock.zone))
    extension = profile.extension if clock.extended is not None else None
    longest = extension.total if extension is not None and extension.total is not None else profile.period
    for question in sorted(clock.pauses, key=lambda each: each.asked):
        if question.kind not in profile.restart_on or question.bar is not None:
            continue
        pause = _laid(clock, anchor, add(anchor, longest, clock.calendar), united)
        last = clock.calendar.roll(pause.end) if profile.roll else pause.end
        if pause.open_since is None and question.asked > last:
            continue  # asked after the deadline: it never revives it (PAU-2)
        if question.answered is None:
            return anchor, question.asked
        if question.enough:  # what did not answer it starts no period
            anchor = max(anchor, question.answered)
    return anchor, None


def _due_in_hours(clock: Clock, receipt: date, today: date | None) -> Deadline:
    """Count elapsed hours from the instant of receipt: weekends and holidays count, nothing pauses (CLK-9)."""
    hours = clock.profile.period.n if clock.profile.period is not None else 0
    end = clock.received.astimezone(UTC) + timedelta(hours=hours)
    day = local_date(end, clock.zone)
    latest = _latest_in_hours(clock, hours)
    deadline = Deadline(receipt, receipt, day, day, end, safe_due=day, latest_arguable=latest if latest > day else None)
    left = None if today is None else (day - today).days
    return replace(deadline, days_left=left, steps=explain(clock, deadline, None))


def _latest_in_hours(clock: Clock, hours: int) -> date:
    """Return the last day of so many hours by Regulation 1182/71: the hour of the event is not counted (Article 3(1)).

    A period of two days or more includes at least two whole working days (Article 3(5)).
    """
    zone = _zone(clock.zone)
    begin = clock.received.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    end = (begin + timedelta(hours=hours)).astimezone(zone)
    midnight = datetime.combine(begin.astimezone(zone).date(), time.min, tzinfo=zone)
    day, whole = midnight.date() if begin == midnight.astimezone(UTC) else midnight.date() + timedelta(days=1), 0
    while hours >= LEAST_HOURS and whole < LEAST_WORKING_DAYS:
        whole += clock.calendar.works(day)
        day += timedelta(days=1)
    ended = max(end.astimezone(UTC), datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC))
    return (ended - timedelta(microseconds=1)).astimezone(zone).date()


def _due_as_named(clock: Clock, receipt: date, named: date, today: date | None) -> Deadline:
    """Take the day that an authority's letter names as it is: no roll, no pause, no extension of ours."""
    return Deadline(
        receipt, receipt, named, named, end_of(named, clock.zone), safe_due=named,
        days_left=None if today is None else (named - today).days,
        steps=(f"Received on {receipt:%d %B %Y}.", f"The authority's letter names {named:%d %B %Y}: that day counts."),
    )


def _answered(pauses: tuple[Pause, ...], today: date) -> tuple[Pause, ...]:
    return tuple(replace(each, answered=max(today, each.asked)) if each.answered is None else each for each in pauses)


def _days_kept(found: _Reckoning) -> int | None:
    if found.open_since is None or found.end is None:
        return None
    return (found.end - found.open_since).days


@lru_cache(maxsize=1_024)
def _zone(zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise Invalid("There is no such time zone. Give its name, for example Europe/Berlin.", "zone") from error


def _checked(clock: Clock) -> date:
    """Return the receipt date after checking that the facts do not contradict each other."""
    zone = _zone(clock.zone)
    moments = [clock.received, clock.restart, clock.extended, clock.extended_to, clock.first_contact, clock.named]
    moments += [day for each in clock.pauses for day in (each.asked, each.answered)]
    for moment in moments:
        if moment is not None and not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise Invalid(f"A date lies outside the years {FIRST_YEAR} to {LAST_YEAR}.", "received")
    receipt = local_date(clock.received, zone.key)
    for pause in clock.pauses:
        if pause.asked < receipt:
            raise Invalid("A question was asked before the request was received. Correct one of the dates.", "pause")
        if pause.answered is not None and pause.answered < pause.asked:
            raise Invalid("A question was answered before it was asked. Correct one of the dates.", "pause")
    if clock.extended is not None and clock.extended < receipt:
        raise Invalid("The extension was notified before the request was received. Correct the date.", "extended")
    if clock.profile.ends_at_first_contact and clock.first_contact is not None and clock.first_contact < receipt:
        raise Invalid("The first contact lies before the day the data were obtained. Correct it.", "first_contact")
    return receipt
