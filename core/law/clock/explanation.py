"""Why a deadline is what it is: the steps of the calculation, in plain words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from core.law.clock.pauses import PROMPT_WORKING_DAYS

if TYPE_CHECKING:
    from core.law.clock.deadlines import Clock, Deadline

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def explain(clock: Clock, deadline: Deadline, nominal: date | None) -> tuple[str, ...]:
    """Return the sentences that lead from receipt to the last day; `nominal` is the end before pauses and roll."""
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
    else:
        counted = ", the day of receipt being day 1" if profile.period.first_day_counts else ""
        steps.append(f"The period is {profile.period.words()}{counted} ({profile.source}).")
        steps += _pause_steps(clock, deadline)
        steps += _extension_steps(clock, deadline)
        steps += _end_steps(clock, deadline, nominal)
    if deadline.acknowledge_by is not None:
        steps.append(f"Receipt is acknowledged by {day_words(deadline.acknowledge_by)}.")
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
        fee = pause.kind == "fee"
        asked = f"The fee announced on {pause.asked.isoformat()}" if fee else (
            f"The {pause.kind} question of {pause.asked.isoformat()}"
        )
        if not pause.reasoned:
            steps.append(f"{asked} does not count: no reason for it was recorded.")
        elif pause.kind in clock.profile.restart_on:
            steps.append(f"{asked} starts the period anew once it is {'paid' if fee else 'answered'}.")
        elif pause.kind not in clock.profile.pause_on:
            steps.append(f"{asked} does not stop the clock under {clock.profile.name}.")
        elif pause.asked > clock.calendar.add_working_days(deadline.receipt_date, PROMPT_WORKING_DAYS):
            steps.append(
                f"{asked} came more than {PROMPT_WORKING_DAYS} working days after receipt: "
                "the suspension may not be recognised, because it was not asked without undue delay."
            )
    if deadline.paused_days:
        steps.append(f"{deadline.paused_days} suspended days are added to the nominal date.")
    if deadline.paused_since is not None:
        steps.append(f"The clock stands still since {day_words(deadline.paused_since)}: a question is open.")
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
    return [f"Extended by the notice of {told}: {extension.total.words()}, counted from {deadline.anchor.isoformat()}."]


def _end_steps(clock: Clock, deadline: Deadline, nominal: date | None) -> list[str]:
    final = deadline.final_due
    if final is None or nominal is None:
        return []
    end = nominal + timedelta(days=deadline.paused_days)
    steps = []
    if clock.profile.ends_at_first_contact and final == clock.first_contact:
        steps.append(f"The first contact with the person, on {day_words(final)}, comes first.")
    elif clock.profile.roll and final > end and not clock.calendar.works(end):
        why = clock.calendar.holiday(end) or "a weekend"
        steps.append(f"{day_words(end)} is {why}: the next working day is {day_words(final)}.")
    steps.append(f"The last day is {day_words(final)}, until midnight in {clock.zone}.")
    return steps
