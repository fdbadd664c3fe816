"""The command `board`: the figures of the board, the same that its page shows; counts only, no person and no colleague."""

import json
from datetime import date
from typing import Any

from core.actions.oversight import board as boards
from core.actions.oversight.board import Board, Chosen
from core.actions.oversight.history import History, Span, history
from core.commands.carry import DONE, Session, command
from core.law.clock.figures import LEAST, MEANINGS, WAITS, Figure, Waits
from core.law.errors import Invalid
from core.law.ways import RIGHTS, Kind


@command("board")
def board(session: Session, *, since: str, until: str, right: str, as_json: bool) -> int:
    """Print what is open today, and what was answered and closed between two days; of one right, where one is named."""
    desk, chosen = session.desk(), Chosen(right or None, since=_day(since, "from"), until=_day(until, "to"))
    shown = boards.board(desk, chosen)
    if as_json:
        session.terminal.out(json.dumps(_values(shown) | {"over_time": _over_time(history(desk, chosen))}))
        return DONE
    for line in _plain(shown):
        session.terminal.out(line)
    return DONE


def _values(shown: Board) -> dict[str, Any]:
    """Return the figures of a board as plain values: days in ISO 8601, shares from 0 to 1, rights and bands by their codes."""
    ended, answered = shown.in_time, shown.answered
    rights: dict[str, dict[str, int]] = {}
    for (kind, band), number in sorted(shown.rights.items()):
        rights.setdefault(kind, {})[band] = number
    waits: dict[str, dict[str, int]] = {}
    for (code, band), number in sorted(shown.waits.items()):
        waits.setdefault(code, {})[band] = number
    return {
        "today": shown.today.isoformat(), "from": shown.since.isoformat() if shown.since else None,
        "to": shown.until.isoformat(), "right": shown.chosen.right, "open": shown.open, "overdue": shown.bands["overdue"],
        "due_within_7_days": shown.bands["soon"],
        "in_time": None if ended is None else {
            "share": ended.share, "in_time": ended.in_time, "late": ended.late, "open_overdue": ended.open_overdue,
            "left_out": ended.left_out, "unmeasured": ended.unmeasured, "outside_the_desk": ended.outside,
        },
        "days_to_answer": None if answered is None else {
            "answers": answered.answers, "median": answered.median, "p90": answered.ninth,
        },
        "rights": rights, "waits_for": waits,
        "due": {day.isoformat(): number for day, number in sorted(shown.days.items())},
        "days": [
            {"day": each.day.isoformat(), "received": each.received, "answered": each.answered, "open": each.open}
            for each in shown.flow
        ],
    }


def _over_time(told: History) -> dict[str, Any]:
    """Return the months and how the work went as plain values: months as YYYY-MM, lengths in days."""

    def span(each: Span) -> dict[str, Any]:
        return {"number": each.number, "median": each.median, "p90": each.ninth}

    return {
        "months": [
            {"month": f"{each.first:%Y-%m}", "received": each.received, "closed": dict(each.ended)} for each in told.months
        ],
        "received_this_month": told.so_far, "received_same_days_last_year": told.year_before,
        "acknowledged": span(told.acknowledged), "not_acknowledged": told.not_acknowledged,
        "states": {state: span(each) for state, each in told.stood.items()},
        "approvals": span(told.decided) | {"given_back": told.given_back},
        "questions": span(told.told) | {"asked": told.asked}, "extended": told.extended, "sent": told.sent,
        "entered_late": told.entered_late, "came_back": told.came_back, "closed": told.closed,
        "complained_within_90_days": told.complained, "refused_by_article": dict(told.refused),
        "systems": {title: span(each) for title, each in told.systems.items()},
    }


def _plain(shown: Board) -> list[str]:
    span = f"from {shown.since:%d %b %Y} to {shown.until:%d %b %Y}" if shown.since else f"until {shown.until:%d %b %Y}"
    lines = [
        f"{shown.today:%A %d %B %Y}" + (f", {RIGHTS[Kind(shown.chosen.right)].name}" if shown.chosen.right else ""),
        f"{MEANINGS[Figure.OPEN].name}: {shown.open:,}", f"{MEANINGS[Figure.OVERDUE].name}: {shown.bands['overdue']:,}",
        f"{MEANINGS[Figure.SOON].name}: {shown.bands['soon']:,}",
    ]
    ended, answered = shown.in_time, shown.answered
    if ended is None or ended.share is None:
        lines.append(f"{MEANINGS[Figure.IN_TIME].name}: nothing was closed {span}, and nothing is overdue")
    else:
        share = f"{ended.share:.1%} = " if ended.measured >= LEAST else ""
        lines.append(
            f"{MEANINGS[Figure.IN_TIME].name}: {share}{ended.in_time:,} of {ended.in_time + ended.late:,} closed {span} and "
            f"{ended.open_overdue:,} open and overdue; {ended.left_out + ended.unmeasured:,} stand outside"
        )
    if answered is not None and answered.median is not None and answered.ninth is not None:
        lines.append(
            f"{MEANINGS[Figure.DAYS].name}: {answered.median:.1f}, 90th percentile {answered.ninth:.1f}, of {answered.answers:,}"
        )
    for code, words in WAITS.items():
        number = sum(count for (who, _), count in shown.waits.items() if who == code)
        if number and code is not Waits.CLOSING:
            lines.append(f"  waits for {words}: {number:,}")
    return lines


def _day(text: str, name: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"--{name} takes a day such as 2026-03-02.", name) from None
