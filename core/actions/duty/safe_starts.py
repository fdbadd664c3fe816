"""By when the present stage of every open request has to be left, at this desk's own pace and with who is there."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from core.actions.desk.desk import Desk
from core.actions.desk.moment import moment_of, today_of
from core.actions.desk.presence import Presence, days, read_presence
from core.law.acts import Act, may
from core.law.clock.safe_start import (
    ASSUMED,
    FURTHEST,
    LEAST_PASSAGES,
    Stage,
    Start,
    latest_start,
    stages_left,
    to_do,
    words_of,
)
from core.law.roles import Role
from core.law.ways import Kind
from core.law.workflow import State, Step
from core.store.datafiles import calendars
from core.store.engine import Row, Tx

MEASURED = timedelta(days=365)  # what moved in the last year is our pace
# The steps with which the work of a stage is done; closing or withdrawing a request leaves a state too, and says nothing.
DONE = (
    Step.START, Step.ASK_APPROVAL, Step.ASK_REFUSAL, Step.ASK_OUTSIDE, Step.RETURN, Step.APPROVE, Step.REFUSE,
    Step.ACCEPT_OUTSIDE, Step.CARRY_OUT, Step.HAND_BACK, Step.CARRIED_OUT, Step.SETTLE, Step.SEND,
)
NOBODY: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class SafeStart:
    """What has to be done by which day so that the answer is ready in time, and why not later.

    `assumed` says that a stage ahead has not been left often enough to be measured; `number` how many requests stand so.
    """

    verb: str
    start: Start
    assumed: bool
    number: int = 1

    @property
    def why(self) -> str:
        """Return which days do not count, in words; empty where all do."""
        return words_of(self.start.stops)


class Pace:
    """In how many days nine of ten requests left each state, and came from there to their sending.

    Of one right where it was left often enough, else of all.
    """

    def __init__(self, stages: Iterable[Row], rests: Iterable[Row]) -> None:
        """Take the rows of `pace.stages` and `pace.rests`."""
        self._stages, self._rests = _often(stages), _often(rests)

    def of(self, kind: Kind, left: Sequence[State]) -> tuple[list[float], bool]:
        """Return the days of each stage that follows on the first of `left`, and whether some are assumed.

        Nine of ten of each stage, added up, are slower than nine of ten of all: few are slow everywhere. So the days from
        there to the sending are shared out among the stages, by what each took.
        """
        stages = [(_one(self._stages, kind, each), each) for each in left[1:]]
        taken = [ASSUMED[state] if took is None else took for took, state in stages]
        rest, assumed = _one(self._rests, kind, left[0]), any(took is None for took, _ in stages)
        total = sum(taken)
        if rest is not None and not assumed and total > 0:
            taken = [each * rest / total for each in taken]
        return taken, assumed


def _often(rows: Iterable[Row]) -> dict[tuple[str | None, State], float]:
    return {(row["kind"], State(row["state"])): float(row["ninth"]) for row in rows if row["number"] >= LEAST_PASSAGES}


def _one(known: Mapping[tuple[str | None, State], float], kind: Kind, state: State) -> float | None:
    return known.get((kind.value, state), known.get((None, state)))


class Duty:
    """Who is there for which work on which days."""

    def __init__(self, presence: Presence, roles: Mapping[str, Collection[Role]]) -> None:
        """Take the absences and closures, and the roles of every account that is enabled."""
        self.presence, self.closed = presence, presence.closed()
        self.handlers = frozenset(who for who, held in roles.items() if may(held, Act.PACKAGE_FETCH))
        self.approvers = frozenset(who for who, held in roles.items() if may(held, Act.RELEASE_APPROVE))
        self._off: dict[tuple[str, frozenset[str]], frozenset[date]] = {}

    def handling(self, owner_id: str | None) -> frozenset[date]:
        """Return the days on which nobody can handle a request: its owner or who stands in, of one without, anybody."""
        if owner_id in self.handlers:
            return self._of(str(owner_id), self.handlers)
        return self._no_handler

    def deciding(self, approver_id: str | None, deputy_id: str | None, deputy_from: date | None) -> frozenset[date]:
        """Return the days on which nobody can decide: whoever was asked or their deputies; while nobody was, any approver."""
        if approver_id is None:
            return self._no_approver
        off = self._of(approver_id, self.approvers)
        if deputy_id is None or deputy_from is None:
            return off
        return frozenset(day for day in off if day < deputy_from or day in self._of(deputy_id, self.approvers))

    @cached_property
    def _no_handler(self) -> frozenset[date]:
        return self._all(self.handlers)

    @cached_property
    def _no_approver(self) -> frozenset[date]:
        return self._all(self.approvers)

    def _all(self, able: frozenset[str]) -> frozenset[date]:
        return frozenset.intersection(*(self._of(who, able) for who in able)) if able else NOBODY

    def _of(self, account_id: str, able: frozenset[str]) -> frozenset[date]:
        key = (account_id, able)
        if key not in self._off:
            self._off[key] = frozenset(
                day for each in self.presence.absences if each.account_id == account_id for day in days(each.first, each.last)
                if self.presence.stand_in(account_id, day, able.__contains__) is None
            )
        return self._off[key]


def read_duty(desk: Desk, tx: Tx, since: date) -> Duty:
    """Return who is there from a day on."""
    roles: dict[str, set[Role]] = {}
    for row in tx.rows("accounts.holders", now=desk.now):
        roles.setdefault(row["id"], set()).add(Role(row["role"]))
    return Duty(read_presence(tx, since), roles)


def safe_starts(desk: Desk, tx: Tx) -> dict[str, SafeStart]:
    """Return the latest safe start of every way in which open requests stand, by its course (`queue.courses`)."""
    today = today_of(desk)
    courses = tx.rows("queue.courses")
    if not courses:
        return {}
    of = {"since": moment_of(desk, today - MEASURED, 0), "steps": [each.value for each in DONE]}
    pace = Pace(tx.rows("pace.stages", **of), tx.rows("pace.rests", send=Step.SEND.value, **of))
    duty = read_duty(desk, tx, today - timedelta(days=FURTHEST))
    return {row["course"]: _start(row, pace, duty) for row in courses}


def _start(row: Row, pace: Pace, duty: Duty) -> SafeStart:
    kind, state = Kind(row["kind"]), State(row["state"])
    handling = duty.handling(row["owner_id"])
    away = {
        State.AWAITING_APPROVAL: duty.deciding(row["approver_id"], row["deputy_id"], row["deputy_from_day"]),
        State.CARRYING_OUT: NOBODY,  # the desk itself
    }
    left = stages_left(state, kind)
    took, assumed = pace.of(kind, left)
    stages = [Stage(each, days, away.get(each, handling)) for each, days in zip(left, (0.0, *took), strict=True)]
    return SafeStart(
        to_do(state, kind), latest_start(row["due"], stages, duty.closed, calendars().get(row["calendar_id"]).works),
        assumed, int(row["number"]),
    )
