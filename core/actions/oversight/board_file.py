"""The tables of the board as files: each the numbers of one chart, under the filters of the board."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlencode

from core.actions.desk.act import act, look, repeated
from core.actions.desk.delivery import Delivery
from core.actions.desk.desk import Desk
from core.actions.desk.moment import today_of
from core.actions.desk.opening import TOTALS_ONLY
from core.actions.oversight.board import PERIODS, Board, Chosen, board
from core.actions.oversight.history import History, Span, history
from core.documents.answer import Value
from core.documents.spreadsheet import write_csv
from core.law.acts import Act
from core.law.clock.figures import WAITS
from core.law.clock.standing import BANDS
from core.law.errors import Invalid, NotAllowed
from core.law.ways import RIGHTS
from core.law.workflow import Closing, State

LONGEST = 500  # characters of an address
OWNER = re.compile(r"[0-9a-z-]{0,50}")  # an account's id, or nobody
CODES = {"table", "right", "owner", "team", "channel", "period"}
Line = tuple[Value, ...]
Lines = Iterator[Line]


def _bands(heading: str, cells: Mapping[tuple[str, str], int], names: Mapping[str, str], otherwise: str) -> Lines:
    yield (heading, *BANDS.values())
    for name in dict.fromkeys(code for code, _ in cells):
        yield (names.get(name, otherwise), *(cells.get((name, band)) for band in BANDS))


_RIGHTS = {kind.value: right.name for kind, right in RIGHTS.items()}


def _days(shown: Board) -> Lines:
    yield ("Right", "Last day", "Open requests")
    for (kind, day), number in sorted(shown.heat.items()):
        yield (_RIGHTS[kind], day, number)


def _flow(shown: Board) -> Lines:
    yield ("Day", "Received", "Answered", "Open at its end")
    for each in shown.flow:
        yield (each.day, each.received, each.answered, each.open)


def _in_time(shown: Board) -> Lines:
    yield ("Right", "Closed in time", "Closed late", "Open and overdue", "Left out", "Without a day", "Outside the desk")
    for kind, each in sorted(shown.in_time_of.items()):
        yield (_RIGHTS[kind], each.in_time, each.late, each.open_overdue, each.left_out, each.unmeasured,
               each.outside if each.outside >= shown.least else None)


_OF_TODAY: Mapping[str, Callable[[Board], Lines]] = {
    "days": _days, "flow": _flow, "in_time": _in_time,
    "waits": lambda shown: _bands("Waits for", shown.waits, {code.value: words for code, words in WAITS.items()}, ""),
    "rights": lambda shown: _bands("Right", shown.rights, _RIGHTS, ""),
    "owners": lambda shown: _bands(
        "Owner" if shown.per_person else "Team", shown.owners, shown.names | {"": "nobody"}, "a former colleague"
    ),
}


def _months(told: History) -> Lines:
    yield ("Month", "Received", *(each.value for each in Closing))
    for month in told.months:
        yield (f"{month.first:%Y-%m}", month.received or (None if told.least else 0), *(
            month.ended.get(each) or (None if told.least else 0) for each in Closing
        ))


def _length(span: Span) -> Line:
    return (span.number, *(None if days is None else f"{days:.3f}" for days in (span.median, span.ninth)))


def _stages(told: History) -> Lines:
    yield ("State", "Left it", "Median, days", "90th percentile, days")
    for state in State:
        if state in told.stood:
            yield (state.value, *_length(told.stood[state]))


def _lengths(told: History) -> Lines:
    yield ("From ... to", "Number", "Median, days", "90th percentile, days", "Not", "Given back")
    yield ("receipt to its confirmation", *_length(told.acknowledged), told.not_acknowledged, None)
    yield ("approval asked to decided", *_length(told.decided), None, told.given_back)
    yield ("question asked to answered", *_length(told.told), told.asked - told.told.number, None)


def _turns(told: History) -> Lines:
    yield ("What", "Number", "Of")
    yield ("extended", told.extended, None)
    yield ("came back", told.came_back, told.sent)
    yield ("entered more than a day late", told.entered_late, told.sent)
    yield ("a complaint within 90 days", told.complained, told.closed)


def _refused(told: History) -> Lines:
    yield ("Article", "Refusals")
    yield from told.refused.items()


def _systems(told: History) -> Lines:
    yield ("System", "Done", "Median, days", "90th percentile, days")
    for title, span in told.systems.items():
        yield (title, *_length(span))


_OVER_TIME: Mapping[str, Callable[[History], Lines]] = {
    "months": _months, "stages": _stages, "lengths": _lengths, "turns": _turns, "refused": _refused, "systems": _systems,
}
TABLES = frozenset({*_OF_TODAY, *_OVER_TIME})
TOTALS = frozenset({"rights", "in_time", "months"})  # what is told in totals too


@repeated
def fetch(desk: Desk, asked: str) -> Delivery:
    """Hand out one table of the board as CSV (RFC 4180), `asked` by the query of its address, and enter that in the log.

    A cell too small for the role is empty. Raises Invalid for an address that is none, NotAllowed for a table that has more
    than totals where the role sees these only.
    """
    table, chosen, codes = _read(desk, asked)
    with look(desk, Act.BOARD_FETCH) as now:
        if now.least and table not in TOTALS:
            raise NotAllowed(TOTALS_ONLY)
    lines = _OF_TODAY[table](board(desk, chosen)) if table in _OF_TODAY else _OVER_TIME[table](history(desk, chosen))
    headings, rows = next(lines), list(lines)
    content = write_csv(map(str, headings), rows)
    with act(desk, Act.BOARD_FETCH) as now:
        now.detail |= {
            "asked": [f"{name}:{code}" for name, code in sorted(codes.items())], "rows": len(rows),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    return Delivery(f"board-{table.replace('_', '-')}-{today_of(desk):%Y-%m-%d}.csv", "text/csv", content)


def address(table: str, chosen: Chosen, today: date) -> str:
    """Return the address of a table under the board's filters, by their codes."""
    period = (today - chosen.since).days if chosen.since else 0
    codes = {
        "table": table, "right": chosen.right, "owner": chosen.owner, "team": chosen.team, "channel": chosen.channel,
        "period": str(period),
    }
    return "/lists/board?" + urlencode({name: code for name, code in codes.items() if code is not None})


def _read(desk: Desk, asked: str) -> tuple[str, Chosen, dict[str, str]]:
    codes = dict(parse_qsl(asked, keep_blank_values=True)) if len(asked) <= LONGEST else {}
    period = codes.get("period", "0")
    if (
        codes.get("table") not in TABLES or not set(codes) <= CODES or not OWNER.fullmatch(codes.get("owner", ""))
        or period not in {str(days) for days in PERIODS}
    ):
        raise Invalid("This is no address of a table: take it from the board.", "table")
    since = today_of(desk) - timedelta(days=int(period)) if int(period) else None
    chosen = Chosen(codes.get("right"), codes.get("owner"), codes.get("channel"), since, team=codes.get("team"))
    return codes["table"], chosen, codes
