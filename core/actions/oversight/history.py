"""History: what came and how it ended by month, how long requests stood where, what went back and what came back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from core.actions.desk.act import Now, look
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.desk.moment import moment_of, shifts_of, today_of
from core.actions.oversight.board import FIRST, SHIFT, Chosen, check, only_of, require_totals
from core.connectors.catalogue import catalogue
from core.law.acts import Act
from core.law.letters import LetterKind
from core.law.ways import Kind
from core.store.engine import Row

MONTHS = 25  # this month, the same of the last year and of the one before, and all between


@dataclass(frozen=True, slots=True)
class Month:
    """What was received in one calendar month, and how the requests closed in it ended, by the code of the ending."""

    first: date
    received: int
    ended: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Span:
    """How many there were, and how many days it took: median and 90th percentile; None where there were none."""

    number: int = 0
    median: float | None = None
    ninth: float | None = None


@dataclass(frozen=True, slots=True)
class History:
    """The months, and of the days chosen: how long things took, what was decided, asked, extended, and what went wrong.

    `so_far` is what was received from the first of this month until today, `year_before` in the same days a year before.
    `refused` is by the article of the ground, `systems` by the title of the system, the slowest first.
    `closed` leaves complaints out, and `complained` counts those of them that a complaint followed. Where `least` is set
    only the months are told, in cells of at least so many; a smaller one stands as nothing.
    """

    since: date | None
    until: date
    months: tuple[Month, ...]
    so_far: int = 0
    year_before: int = 0
    acknowledged: Span = Span()
    not_acknowledged: int = 0
    stood: Mapping[str, Span] = field(default_factory=dict)
    decided: Span = Span()
    given_back: int = 0
    asked: int = 0
    told: Span = Span()  # the questions among them that were answered
    extended: int = 0
    sent: int = 0
    entered_late: int = 0
    came_back: int = 0
    closed: int = 0
    complained: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)
    systems: Mapping[str, Span] = field(default_factory=dict)
    least: int = 0


def history(desk: Desk, chosen: Chosen) -> History:
    """Return how the work went in the days chosen, and by month. Sealed cases are counted like others and never named.

    An analyst gets the months in cells of at least five, and nothing else. Raises Invalid for a filter that is none.
    """
    with look(desk, Act.BOARD_LOOK) as now:
        today = today_of(desk)
        check(chosen, today)
        require_totals(now, chosen, today)
        since, until, first = chosen.since or FIRST, chosen.until or today, _month_before(today, MONTHS - 1)
        _, only = only_of(desk, now, chosen)
        shifts = shifts_of(establishment(desk.store).zone, (desk.now + timedelta(days=2)).date())
        shown = only | {"first": moment_of(desk, first, 0), "until": moment_of(desk, today + timedelta(days=1), 0)}
        received = {row["day"]: int(row["number"]) for row in now.tx.beside("board.months_received", shifts, SHIFT, **shown)}
        ended = now.tx.beside("board.months_ended", shifts, SHIFT, **shown)
        told = History(chosen.since, until, tuple(
            _month(_month_before(today, back), received, ended, now.least) for back in range(MONTHS - 1, -1, -1)
        ), least=now.least)
        if now.least:
            return told
        told = replace(
            told, so_far=_between(received, today.replace(day=1), today),
            year_before=_between(received, _month_before(today, 12), _year_before(today)),
        )
        span = only | {"since": moment_of(desk, since, 0), "until": moment_of(desk, until + timedelta(days=1), 0)}
        return _of_period(now, told, span, shifts, only | {"first_day": since, "last_day": until})


def _of_period(
    now: Now, told: History, span: dict[str, Any], shifts: dict[str, list[Any]], days: dict[str, Any]
) -> History:
    refused = now.tx.rows("board.refused", act=Act.REFUSAL_APPROVE.value, **span)
    titles = {each.code: each.title for each in catalogue().systems}
    acknowledged = now.tx.beside("board.acknowledged", shifts, SHIFT, kind=LetterKind.RECEIPT.value, **span)[0]
    turns = now.tx.beside("board.turns", shifts, SHIFT, **span)[0]
    decided = now.tx.rows("board.decided", **span)[0]
    asked = now.tx.rows("board.paused", **days)[0]
    after = now.tx.rows("board.complained", complaint=Kind.COMPLAINT.value, **span)[0]
    return replace(
        told, acknowledged=_span(acknowledged), not_acknowledged=int(acknowledged["without"]),
        stood={row["state"]: _span(row) for row in now.tx.rows("board.stood", **span)},
        decided=_span(decided), given_back=int(decided["given_back"]), asked=int(asked["number"]),
        told=Span(int(asked["answered"]), asked["median"], asked["ninth"]),
        extended=int(now.tx.rows("board.extended", **days)[0]["number"]), sent=int(turns["sent"]),
        entered_late=int(turns["entered_late"]), came_back=int(turns["came_back"]), closed=int(after["closed"]),
        complained=int(after["complained"]),
        refused={row["article"]: int(row["number"]) for row in refused},
        systems={titles.get(row["system"], str(row["system"])): _span(row) for row in now.tx.rows("board.systems", **span)},
    )


def _span(row: Row) -> Span:
    return Span(int(row["number"]), row["median"], row["ninth"])


def _month(first: date, received: Mapping[date, int], ended: list[Row], least: int) -> Month:
    endings = {row["closing"]: int(row["number"]) for row in ended if row["month"] == first and row["number"] >= least}
    came = _between(received, first, _month_before(first, -1) - timedelta(days=1))
    return Month(first, came if came >= least else 0, endings)


def _between(received: Mapping[date, int], first: date, last: date) -> int:
    return sum(number for day, number in received.items() if first <= day <= last)


def _month_before(day: date, months: int) -> date:
    """Return the first day of the month so many months before the month of a day.

    >>> _month_before(date(2026, 1, 31), 1), _month_before(date(2026, 12, 5), -1)
    (datetime.date(2025, 12, 1), datetime.date(2027, 1, 1))
    """
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def _year_before(day: date) -> date:
    """Return the same day a year before; of 29 February the 28th.

    >>> _year_before(date(2028, 2, 29))
    datetime.date(2027, 2, 28)
    """
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)
