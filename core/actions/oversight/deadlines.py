"""The deadline board: how many requests are open, late and due soon, whose they are, and how many ended in time."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from core.actions.desk.act import look
from core.actions.desk.desk import Desk
from core.actions.desk.moment import moment_of, today_of
from core.law.acts import Act
from core.law.clock.standing import BANDS, NEXT_DAYS, SOON_DAYS

PERIODS = {90: "the last 90 days", 365: "the last 365 days", 0: "all time"}
DATED = ("overdue", "soon", "next", "later")  # the bands that a due day decides
K = TypeVar("K", bound=Hashable)
FORMULA = "closed in time ÷ (closed + open and overdue)"


@dataclass(frozen=True, slots=True)
class InTime:
    """How requests ended; `unmeasured` were closed under a law that sets no day, and stand outside the share.

    `outside` were answered outside the desk: they are among the others, and counted apart.
    """

    in_time: int
    late: int
    unmeasured: int
    open_overdue: int
    outside: int = 0

    @property
    def share(self) -> float | None:
        """Return the share on time by FORMULA, from 0 to 1; None where there is nothing to divide."""
        whole = self.in_time + self.late + self.open_overdue
        return self.in_time / whole if whole else None


@dataclass(frozen=True, slots=True)
class Board:
    """Counts only: open requests by band, by right and band, by owner and band, by due day, and how closed ones ended.

    `owners` is keyed by account id, '' for nobody. `least` is set for who sees no smaller cell: then every total adds
    up only what is shown, so that no hidden cell can be worked out, and `in_time` is missing where a part is too small.
    """

    today: date
    bands: dict[str, int]
    rights: dict[tuple[str, str], int]
    owners: dict[tuple[str, str], int]
    days: dict[date, int]
    names: dict[str, str]
    since: date | None
    in_time: InTime | None
    in_time_of: dict[str, InTime]
    least: int

    @property
    def open(self) -> int:
        """Return how many requests are open, those that were answered but not closed among them."""
        return sum(self.bands.values())


def board(desk: Desk, period: int = 90) -> Board:
    """Return the board of today; `period` is a number of days of PERIODS within which requests were closed, 0 for all.

    Two statements, whatever the number of requests. Sealed cases are counted like others and never named. An analyst
    gets rights and bands in cells of at least five, and neither days nor owners: sums of those would tell the rest.
    """
    with look(desk, Act.QUEUE_LOOK) as now:
        today = today_of(desk)
        since = today - timedelta(days=period) if period else None
        cells = now.tx.rows(
            "deadlines.open_cells", today=today, soon=today + timedelta(days=SOON_DAYS),
            next=today + timedelta(days=NEXT_DAYS),
        )
        ended = now.tx.rows("deadlines.ended", since=moment_of(desk, since or date(1970, 1, 1), 0))
        least = now.least
        names = {} if least else {row["id"]: row["name"] for row in now.tx.rows("queue.owners")}
    rights = {(row["kind"], row["band"]): int(row["number"]) for row in cells if not row["any_kind"]}
    owners = {(row["owner_id"] or "", row["band"]): int(row["number"]) for row in cells if not row["any_owner"]}
    days = {
        row["final_due"]: int(row["number"]) for row in cells if not row["any_day"] and row["band"] in DATED
    }
    rights, days = _shown(rights, least), {} if least else days
    overdue = {kind: number for (kind, band), number in rights.items() if band == "overdue"}
    in_time_of = {
        row["kind"]: InTime(
            int(row["in_time"]), int(row["late"]), int(row["closed"] - row["in_time"] - row["late"]),
            overdue.get(row["kind"], 0), int(row["outside"]),
        )
        for row in ended
    }
    in_time_of |= {kind: InTime(0, 0, 0, number) for kind, number in overdue.items() if kind not in in_time_of}
    in_time_of = {kind: each for kind, each in in_time_of.items() if _large(each, least)}
    return Board(
        today, {band: sum(n for (_, its), n in rights.items() if its == band) for band in BANDS}, rights,
        {} if least else owners, days, names, since, _sum(in_time_of.values()), in_time_of, least,
    )


def _shown(cells: dict[K, int], least: int) -> dict[K, int]:
    return {cell: number for cell, number in cells.items() if number >= least}


def _large(each: InTime, least: int) -> bool:
    return min(each.in_time, each.late, each.open_overdue) >= least and not 0 < each.unmeasured < least


def _sum(parts: Iterable[InTime]) -> InTime | None:
    known = list(parts)
    if not known:
        return None
    return InTime(
        sum(each.in_time for each in known), sum(each.late for each in known),
        sum(each.unmeasured for each in known), sum(each.open_overdue for each in known),
        sum(each.outside for each in known),
    )
