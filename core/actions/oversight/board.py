"""The board: how many requests are open, late and due soon, on whom they wait, how many ended in time, how long it took."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from core.actions.desk.act import Now, look
from core.actions.desk.desk import Desk
from core.actions.desk.establishment import establishment
from core.actions.desk.moment import moment_of, shifts_of, today_of
from core.actions.desk.teams import NO_TEAM, TEAM, Teams, read_teams
from core.law.acts import Act
from core.law.clock.figures import LEFT_OUT, share, waits_for
from core.law.clock.standing import BANDS, NEXT_DAYS, SOON_DAYS
from core.law.errors import Invalid
from core.law.identity import Channel
from core.law.typed import check_day
from core.law.ways import Kind
from core.law.workflow import State
from core.store.engine import Row

PERIODS = {30: "the last 30 days", 90: "the last 90 days", 365: "the last 365 days", 0: "all time"}
DATED = ("overdue", "soon", "next", "later")  # the bands that a due day decides
FIRST = date(1970, 1, 1)  # before every request
AHEAD = 14  # days of the heat map, today among them
SHIFT = {"starts": "timestamp[us]", "ends": "timestamp[us]", "shift": "duration[us]"}
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which requests the board counts, and of which days what came and went; nothing means all of them.

    `owner` is an account, or "" for what nobody owns; `team` the code of one, or "" for who belongs to none that is told. The
    days are the controller's own, both included.
    """

    right: str | None = None
    owner: str | None = None
    channel: str | None = None
    since: date | None = None
    until: date | None = None
    team: str | None = None


EVERYTHING = Chosen()


@dataclass(frozen=True, slots=True)
class InTime:
    """How requests ended; `unmeasured` were closed under a law that sets no day, `left_out` without an answer.

    Both stand outside the share. `outside` were answered outside the desk: they are among the others, and counted apart.
    """

    in_time: int
    late: int
    unmeasured: int
    open_overdue: int
    outside: int = 0
    left_out: int = 0

    @property
    def measured(self) -> int:
        """Return what the share is of: closed in time or late, and open and overdue."""
        return self.in_time + self.late + self.open_overdue

    @property
    def share(self) -> float | None:
        """Return the share on time, from 0 to 1; None where there is nothing to divide."""
        return share(self.in_time, self.late, self.open_overdue)


@dataclass(frozen=True, slots=True)
class Answered:
    """How many were closed with an answer, and how many calendar days it took: median and 90th percentile."""

    answers: int
    median: float | None
    ninth: float | None


@dataclass(frozen=True, slots=True)
class Day:
    """What came and went on one day, and how many were open at its end."""

    day: date
    received: int
    answered: int
    open: int


@dataclass(frozen=True, slots=True)
class Board:
    """Counts only: open requests by band, by right and band, by owner, by day, by whom they wait for, and how they ended.

    `owners` is keyed by the code of a team, by account id where figures of single people are told (`per_person`), and by ''
    for nobody; `names` says what these are called, `teams` are those that are told. `heat` is by right and due day. `least`
    is set for who sees no smaller cell: then every total adds up only what is shown, so that no hidden cell can be worked
    out, and `in_time` is missing where a part is too small.
    """

    today: date
    chosen: Chosen
    bands: dict[str, int]
    rights: dict[tuple[str, str], int]
    owners: dict[tuple[str, str], int]
    heat: dict[tuple[str, date], int]
    waits: dict[tuple[str, str], int]
    names: dict[str, str]
    since: date | None
    until: date
    in_time: InTime | None
    in_time_of: dict[str, InTime]
    answered: Answered | None
    flow: tuple[Day, ...]
    least: int
    per_person: bool

    @property
    def open(self) -> int:
        """Return how many requests are open, those that were answered but not closed among them."""
        return sum(self.bands.values())

    @property
    def days(self) -> dict[date, int]:
        """Return how many fall due on each day."""
        return _sums((day, number) for (_, day), number in self.heat.items())


def board(desk: Desk, chosen: Chosen = EVERYTHING) -> Board:
    """Return the board of today: what is open now, and what came, was answered and ended in the days chosen.

    Four statements, whatever the number of requests. Sealed cases are counted like others and never named. An analyst
    gets rights and bands in cells of at least five, one of PERIODS and no other filter, and neither days nor owners nor
    how long answers took: from those the rest would follow. Raises Invalid for a filter that is none.
    """
    with look(desk, Act.BOARD_LOOK) as now:
        today, least = today_of(desk), now.least
        check(chosen, today)
        require_totals(now, chosen, today)
        teams, only = only_of(desk, now, chosen)
        until = chosen.until or today
        span = {
            "since": moment_of(desk, chosen.since or FIRST, 0), "until": moment_of(desk, until + timedelta(days=1), 0),
        }
        cells = now.tx.rows(
            "board.open_cells", today=today, soon=today + timedelta(days=SOON_DAYS), next=today + timedelta(days=NEXT_DAYS),
            **only,
        )
        ended = now.tx.rows("board.ended", **span, **only)
        shifts = shifts_of(establishment(desk.store).zone, (desk.now + timedelta(days=2)).date())
        answered = None if least else _answered(now, shifts, {**span, **only})
        flow = () if least else _flow(now, shifts, only, chosen.since, until)
        names = {} if least else names_of(now, teams)
    standing = [row for row in cells if not row["any_standing"]]
    rights = _shown(_sums(((row["kind"], row["band"]), row["number"]) for row in standing), least)
    waits = _sums(((_waits(row), row["band"]), row["number"]) for row in standing)
    owners = _sums(
        ((teams.code(row["owner_id"] or ""), row["band"]), row["number"]) for row in cells if not row["any_owner"]
    )
    heat = {
        (row["kind"], row["final_due"]): int(row["number"]) for row in cells if not row["any_day"] and row["band"] in DATED
    }
    in_time_of = _ends(ended, rights, least)
    return Board(
        today, chosen, {band: sum(n for (_, its), n in rights.items() if its == band) for band in BANDS}, rights,
        {} if least else owners, {} if least else heat, {} if least else waits, names, chosen.since, until,
        _sum(in_time_of.values()), in_time_of, answered, flow, least, teams.per_person,
    )


def only_of(desk: Desk, now: Now, chosen: Chosen) -> tuple[Teams, dict[str, Any]]:
    """Return whose figures are told, and what the statements need of the filters.

    Raises Invalid for the figures of one person where these are off, be it as the only one of a team; one's own are told.
    """
    teams = read_teams(now.tx)
    if chosen.owner not in {None, "", desk.person.account_id} and not teams.per_person:
        raise Invalid("Figures of one person are not told here: choose a team.", "owner")
    if chosen.team not in {None, NO_TEAM, *teams.names}:
        raise Invalid("There is no such team, or it is too small to be told.", "team")
    everybody = {row["id"]: row["name"] for row in now.tx.rows("queue.owners")} if chosen.team is not None else {}
    return teams, {
        "right": chosen.right, "owner": chosen.owner, "channel": chosen.channel,
        "members": teams.members(chosen.team, everybody),
    }


def names_of(now: Now, teams: Teams) -> dict[str, str]:
    """Return what the codes of owners are called: accounts by their names, teams by theirs."""
    if teams.per_person:
        return {row["id"]: row["name"] for row in now.tx.rows("queue.owners")}
    return {TEAM + code: name for code, name in teams.names.items()} | {TEAM + NO_TEAM: "people without a team of three"}


def require_totals(now: Now, chosen: Chosen, today: date) -> None:
    """Raise Invalid where a role that sees totals only has chosen anything but one of the periods."""
    if now.least and chosen not in {Chosen(since=today - timedelta(days=days) if days else None) for days in PERIODS}:
        raise Invalid("Your role sees totals only: take the filter out.", "filter")


def check(chosen: Chosen, today: date) -> None:
    """Raise Invalid for a filter that is none."""
    if chosen.right is not None and chosen.right not in set(Kind):
        raise Invalid("There is no such right.", "right")
    if chosen.channel is not None and chosen.channel not in set(Channel):
        raise Invalid("There is no such channel.", "channel")
    for name, day in (("since", chosen.since), ("until", chosen.until)):
        if day is not None:
            check_day(day, name, "the day of the filter")
    if chosen.until is not None and chosen.until > today:
        raise Invalid("The last day of the board lies in the future: it ends today at the latest.", "until")
    if chosen.since is not None and chosen.since > (chosen.until or today):
        raise Invalid("The first day of the board lies after its last.", "since")


def _flow(
    now: Now, shifts: dict[str, list[Any]], only: Mapping[str, object], since: date | None, until: date
) -> tuple[Day, ...]:
    rows = {row["day"]: row for row in now.tx.beside("board.flow", shifts, SHIFT, **only)}
    if not rows:
        return ()
    day, held, days = min(rows), 0, []
    while day <= until:
        row = rows.get(day)
        received, answered, closed = (int(row[name]) if row else 0 for name in ("received", "answered", "closed"))
        held += received - closed
        if since is None or day >= since:
            days.append(Day(day, received, answered, held))
        day += timedelta(days=1)
    return tuple(days)


def _answered(now: Now, shifts: dict[str, list[Any]], asked: Mapping[str, object]) -> Answered | None:
    row = now.tx.beside("board.answered", shifts, SHIFT, **asked, left_out=sorted(LEFT_OUT))[0]
    return Answered(int(row["answers"]), row["median"], row["ninth"]) if row["answers"] else None


def _waits(row: Row) -> str:
    return waits_for(
        State(row["state"]), Kind(row["kind"]), sent=row["sent"], asked=row["asked"], identity=row["identity_state"]
    )


def _ends(ended: list[Row], rights: dict[tuple[str, str], int], least: int) -> dict[str, InTime]:
    parts = _sums(
        ((row["kind"], "left_out" if row["closing"] in LEFT_OUT else row["kept"]), row["number"]) for row in ended
    )
    outside = _sums((row["kind"], row["outside"]) for row in ended)
    kinds = dict.fromkeys([*(kind for kind, _ in parts), *(kind for kind, band in rights if band == "overdue")])
    found = {
        kind: InTime(
            parts.get((kind, "in_time"), 0), parts.get((kind, "late"), 0), parts.get((kind, "unmeasured"), 0),
            rights.get((kind, "overdue"), 0), outside.get(kind, 0), parts.get((kind, "left_out"), 0),
        )
        for kind in kinds
    }
    return {kind: each for kind, each in found.items() if _large(each, least)}


def _sums(cells: Iterable[tuple[K, Any]]) -> dict[K, int]:
    total: dict[K, int] = {}
    for cell, number in cells:
        total[cell] = total.get(cell, 0) + int(number)
    return total


def _shown(cells: dict[K, int], least: int) -> dict[K, int]:
    return {cell: number for cell, number in cells.items() if number >= least}


def _large(each: InTime, least: int) -> bool:
    return min(each.in_time, each.late, each.open_overdue) >= least and not (
        0 < each.unmeasured < least or 0 < each.left_out < least
    )


def _sum(parts: Iterable[InTime]) -> InTime | None:
    known = list(parts)
    if not known:
        return None
    return InTime(
        sum(each.in_time for each in known), sum(each.late for each in known),
        sum(each.unmeasured for each in known), sum(each.open_overdue for each in known),
        sum(each.outside for each in known), sum(each.left_out for each in known),
    )
