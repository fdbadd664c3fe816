"""Why a deadline is what it is: the steps of the calculation, in plain words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from core.law.clock.pauses import PROMPT_WORKING_DAYS, Bar, Pause, is_late

if TYPE_CHECKING:
    from core.law.clock.deadlines import Clock, Deadline

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


BARS = {
    Bar.NO_REASON: "no reason for it was recorded",
    Bar.NOT_ACCESS: "only a request for access waits for what is asked for to be clarified (Recital 63)",
    Bar.NOT_LARGE: "it was not recorded that a large quantity of data about the person is processed (Recital 63)",
}


def explain(clock: Clock, deadline: Deadline, end: date | None) -> tuple[str, ...]:
    """Return the sentences that lead from receipt to the last day; `end` is where the period ends before the roll."""
    profile = clock.profile
    steps = [f"Received on {day_words(deadline.receipt_date)}, local date in {clock.zone}."]
    if deadline.anchor != deadline.receipt_date:
        steps.append(f"The period runs anew from {day_words(deadline.anchor)}, when what was asked for had arrived.")
    elif clock.restart is not None and not profile.restart_on:
        steps.append(f"{profile.name} knows no restart: the period still runs from receipt.")
    if profile.period is None:
        steps.append(profile.no_period)
    elif profile.period.unit == "hour":
        steps.append(f"{profile.period.words()} elapse from that instant, weekends and holidays included.")
        steps += _arguable_steps(clock, deadline)
    else:
        counted = ", the day of receipt being day 1" if profile.period.first_day_counts else ""
        steps.append(f"The period is {profile.period.words()}{counted} ({profile.source}).")
        steps += _pause_steps(clock, deadline)
        steps += _extension_steps(clock, deadline)
        steps += _end_steps(clock, deadline, end)
    if deadline.acknowledge_by is not None:
        steps.append(f"Receipt is acknowledged by {day_words(deadline.acknowledge_by)}.")
        if profile.period is None:
            steps += _arguable_steps(clock, deadline)
    return tuple(steps)


def day_words(day: date) -> str:
    """Return a day with its weekday, the same in every locale.

    >>> day_words(date(2026, 4, 7))
    'Tue 2026-04-07'
    """
    return f"{WEEKDAYS[day.weekday()]} {day.isoformat()}"


def _pause_steps(clock: Clock, deadline: Deadline) -> list[str]:
    steps = []
    for pause in clock.pauses:
        asked = f"The fee announced on {pause.asked.isoformat()}" if pause.kind == "fee" else (
            f"The {pause.kind} question of {pause.asked.isoformat()}"
        )
        if pause.bar is not None:
            steps.append(f"{asked} does not stop the clock: {BARS[pause.bar]}.")
        elif pause.kind in clock.profile.restart_on:
            steps += _restart_steps(clock, deadline, pause, asked)
        elif pause.kind not in clock.profile.pause_on:
            steps.append(f"{asked} does not stop the clock under {clock.profile.name}.")
        elif is_late(pause.asked, deadline.receipt_date, clock.calendar):
            steps.append(f"{asked} came {_LATE}")
    if deadline.paused_days:
        steps.append(f"{deadline.paused_days} suspended days are added to the nominal date.")
    if deadline.paused_since is not None:
        steps.append(f"The clock stands still since {day_words(deadline.paused_since)}: a question is open.")
    return steps


_LATE = (
    f"more than {PROMPT_WORKING_DAYS} working days after receipt: the suspension may not be recognised, because it was not "
    "asked without undue delay."
)


def _restart_steps(clock: Clock, deadline: Deadline, pause: Pause, asked: str) -> list[str]:
    fee = pause.kind == "fee"
    if pause.answered is not None and not pause.enough:
        steps = [f"{asked} was answered on {pause.answered.isoformat()}, not enough: no period starts with that."]
    else:
        steps = [f"{asked} starts the period anew once it is {'paid' if fee else 'answered'}."]
    if not fee and is_late(pause.asked, deadline.receipt_date, clock.calendar):
        steps.append(
            f"It came more than {PROMPT_WORKING_DAYS} working days after receipt: the fresh period may not be recognised, "
            "because it was not asked without undue delay."
        )
    return steps


def _extension_steps(clock: Clock, deadline: Deadline) -> list[str]:
    if clock.extended is None:
        return []
    told = day_words(clock.extended)
    extension = clock.profile.extension
    if extension is None:
        return [f"The notice of {told} has no effect: {clock.profile.name} knows no extension."]
    if not deadline.extension_effective:
        return [f"The extension notified on {told} has no effect: it came after the first period had ended."]
    if extension.total is None:
        return [f"The extension notified on {told} runs to the date told to the person."]
    steps = [f"Extended by the notice of {told}: {extension.total.words()}, counted from {deadline.anchor.isoformat()}."]
    if deadline.safe_notice_due is not None and clock.extended > deadline.safe_notice_due:
        steps.append(
            f"That was after {day_words(deadline.safe_notice_due)}, the last day for the notice if no pause is recognised: an "
            "authority may say that it has no effect."
        )
    return steps


def _end_steps(clock: Clock, deadline: Deadline, end: date | None) -> list[str]:
    final = deadline.final_due
    if final is None or end is None:
        return []
    steps = []
    if clock.profile.ends_at_first_contact and final == clock.first_contact:
        steps.append(f"The first contact with the person, on {day_words(final)}, comes first.")
    elif clock.profile.roll and final > end and not clock.calendar.works(end):
        why = clock.calendar.holiday(end) or "a weekend"
        steps.append(f"{day_words(end)} is {why}: the next working day is {day_words(final)}.")
    steps.append(f"The last day is {day_words(final)}, until midnight in {clock.zone}.")
    return steps + _arguable_steps(clock, deadline)


def _arguable_steps(clock: Clock, deadline: Deadline) -> list[str]:
    """Name the later day that another rule could be read to give, and that rule; ours stays the earlier one."""
    day, ours = deadline.latest_arguable, deadline.final_due or deadline.acknowledge_by
    if day is None or ours is None:
        return []
    if clock.profile.latest_arguable is not None:
        source = clock.profile.latest_arguable.source
    else:
        refused = clock.calendar.refused(ours)
        source = "a national rule" if refused is None else f"{refused.name} ({refused.source})"
    return [f"{day_words(day)} may be argued to be the last day: {source}. The desk counts with the earlier day."]
