"""The sentences above the charts of the board: each says what its numbers show."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from core.actions.oversight.board import DATED, Board, Day, InTime
from core.actions.oversight.history import History
from core.law.clock.figures import LEAST, WAITS, Waits
from core.law.refusal import GROUNDS
from core.law.ways import RIGHTS, Kind
from core.law.workflow import State


def requests(number: int) -> str:
    """Return a number of requests in words.

    >>> requests(1), requests(1200)
    ('1 request', '1,200 requests')
    """
    return f"{number:,} request{'' if number == 1 else 's'}"


def of_rights(board: Board) -> str:
    """Say how many open requests are overdue, and which right holds most of them."""
    running = sum(board.bands[band] for band in DATED)
    if not running:
        return "No clock is running"
    late, soon = _of(board.rights, "overdue"), _of(board.rights, "soon")
    if late:
        return f"{board.bands['overdue']:,} of {requests(running)} with a running clock are overdue, most for " + _most(late)
    if soon:
        return f"Nothing is overdue; {board.bands['soon']:,} of {requests(running)} fall due within a week, most for " + (
            _most(soon)
        )
    return f"Nothing is overdue or due within a week, of {requests(running)} with a running clock"


def of_days(days: Mapping[date, int], today: date) -> str:
    """Say which of the coming days is the heaviest."""
    ahead = {day: number for day, number in days.items() if day >= today}
    if not ahead:
        return "No due day lies ahead"
    most = max(ahead.values())
    day = min(each for each, number in ahead.items() if number == most)
    week = sum(number for each, number in ahead.items() if each < today + timedelta(days=7))
    return f"{requests(week)} due in the next seven days; the fullest day is {day:%a %d %b}, with {most:,}"


def of_waits(board: Board) -> str:
    """Say how many requests are overdue and on whom they wait; without one, on whom most of the open ones wait."""
    late = _of(board.waits, "overdue")
    if late:
        number = sum(late.values())
        if len(late) == 1:
            who = f"waiting for {WAITS[Waits(next(iter(late)))]}"
            return f"{number:,} overdue, {who}" if number == 1 else f"{number:,} overdue, all {who}"
        top = max(late, key=lambda code: late[code])
        return f"{number:,} overdue, {late[top]:,} of them waiting for {WAITS[Waits(top)]}"
    load = loads(board.waits)
    load.pop(Waits.CLOSING, None)
    if not load:
        return "Nothing waits for anybody"
    top = max(load, key=lambda code: load[code])
    return f"Nothing is overdue; most wait for {WAITS[Waits(top)]}: {load[top]:,} of {sum(load.values()):,}"


def of_flow(flow: Sequence[Day]) -> str:
    """Say whether the open requests became more or fewer in the days shown."""
    if not flow:
        return "No request was received yet"
    before = flow[0].open - flow[0].received
    change = flow[-1].open - before
    received, answered = sum(day.received for day in flow), sum(day.answered for day in flow)
    trend = "as many open as before" if not change else f"{abs(change):,} {'more' if change > 0 else 'fewer'} open than before"
    return f"{received:,} received, {answered:,} answered, {trend}"


def of_owners(board: Board) -> str:
    """Say who, or which team, holds the most open requests, and how many have no owner."""
    load = loads(board.owners)
    if not load:
        return "Nobody holds an open request"
    nobody = load.pop("", 0)
    free = f"{requests(nobody)} without an owner" if nobody else "every request has an owner"
    if not load:
        return f"{free[0].upper()}{free[1:]}"
    most = max(load.values())
    who = [board.names.get(owner, "a former colleague") for owner, number in load.items() if number == most]
    if not board.per_person:
        return f"Most are with {who[0] if len(who) == 1 else f'{len(who)} teams alike'}, {most:,}; {free}"
    held = who[0] if len(who) == 1 else f"{len(who)} colleagues each"
    return f"{held} hold{'s' if len(who) == 1 else ''} the most, {most:,}; {free}"


def of_time(ended: InTime | None) -> str:
    """Say how large the share in time is; with fewer than five, the numbers alone."""
    if ended is None or ended.share is None:
        return "Nothing was closed in this time and nothing is overdue"
    return f"{share(ended)} in time"


def of_months(history: History) -> str:
    """Say how many were received in this month so far, beside the same days of the year before where any came by then."""
    month = history.months[-1].first
    if history.least:
        return "Requests received and closed by month"
    year_before = month.replace(year=month.year - 1)
    if not any(each.received for each in history.months if each.first <= year_before):
        return f"{history.so_far:,} received in {month:%B} so far"  # nothing to set it beside
    change = history.so_far - history.year_before
    before = f"the same days of {year_before:%B %Y}"
    told = f"as many as in {before}" if not change else f"{abs(change):,} {'more' if change > 0 else 'fewer'} than in {before}"
    return f"{history.so_far:,} received in {month:%B} so far, {told}"


def of_stages(history: History, names: Mapping[State, str]) -> str:
    """Say in which stage requests stood longest, by the median."""
    spans = {state: span for state, span in history.stood.items() if span.number >= LEAST and span.median is not None}
    if not spans:
        return f"Fewer than {LEAST} requests left any stage in these days"
    top = max(spans, key=lambda state: spans[state].median or 0.0)
    median, ninth = spans[top].median or 0.0, spans[top].ninth or 0.0
    return f"Requests stood longest in “{names[State(top)]}”: {median:.1f} days, and one in ten {ninth:.1f} or more"


def of_approvals(history: History) -> str:
    """Say how many approvals were decided, and given back."""
    if not history.decided.number:
        return "No approval was decided in these days"
    return f"{history.given_back:,} of {history.decided.number:,} decided approvals were given back"


def of_returns(history: History) -> str:
    """Say how many answers came back, and how many complaints followed."""
    if not (history.came_back or history.complained or history.entered_late):
        return "No answer came back, and no complaint followed"
    closings = f"{history.complained:,} closing{'' if history.complained == 1 else 's'}"
    return f"{history.came_back:,} of {history.sent:,} answers sent came back; a complaint followed {closings}"


def of_refusals(history: History) -> str:
    """Say how many refusals were decided, and on which ground most."""
    total = sum(history.refused.values())
    if not total:
        return "Nothing was refused"
    top = max(history.refused, key=lambda article: history.refused[article])
    return f"{total:,} refused, {history.refused[top]:,} of them by Article {top}"


def of_systems(history: History) -> str:
    """Say which system took longest, by the 90th percentile."""
    slow = {title: span for title, span in history.systems.items() if span.number >= LEAST and span.ninth is not None}
    if not slow:
        return f"No system had {LEAST} parts to do"
    top = max(slow, key=lambda title: slow[title].ninth or 0.0)
    return f"{top} took longest: one in ten of its parts {slow[top].ninth or 0.0:.1f} days or more"


def ground(article: str) -> str:
    """Return the grounds of refusal that an article holds, in words.

    >>> ground("12(5)")
    'Manifestly unfounded; Excessive, in particular repetitive'
    """
    return "; ".join(each.title for each in GROUNDS.values() if each.article == article)


def share(ended: InTime) -> str:
    """Return the share in time as a per cent, or as its numbers where it is of fewer than five."""
    if ended.share is None:
        return "–"
    return percent(ended.share) if ended.measured >= LEAST else f"{ended.in_time:,} of {ended.measured:,}"


def loads(cells: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """Return how many open requests each name holds."""
    load: dict[str, int] = {}
    for (name, _), number in cells.items():
        load[name] = load.get(name, 0) + number
    return load


def percent(share: float) -> str:
    """Return a share in whole per cents, without rounding a missed one away.

    >>> percent(0.999), percent(1.0), percent(0.004), percent(0.5)
    ('99%', '100%', '1%', '50%')
    """
    if share in (0.0, 1.0):
        return f"{share:.0%}"
    return f"{min(max(round(share * 100), 1), 99)}%"


def _of(cells: Mapping[tuple[str, str], int], band: str) -> dict[str, int]:
    return {name: number for (name, its), number in cells.items() if its == band}


def _most(cells: Mapping[str, int]) -> str:
    top = max(cells.values())
    names = [RIGHTS[Kind(kind)].name.lower() for kind in cells if cells[kind] == top]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]} alike"
