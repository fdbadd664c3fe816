"""The latest safe start: counted back from the last day through what is still to be done, closures and absences.

It is a rule of the house, not of the law: the legal date is never moved by it. What follows on the present stage is given the
days that it took in nine of ten requests (`Stage.days`, of 24 hours, weekends among them as they were measured); a day on
which nobody who could do its work is there does not count.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

from core.law.ways import RIGHTS, Course, Kind, Ruling, needs_second
from core.law.workflow import State

LEAST_PASSAGES = 5  # fewer passages of a stage are no measure
FURTHEST = 366  # days: counted back no further, whoever is away
_DAY, _NOTHING = timedelta(days=1), 1e-9  # what is left of a sum of parts

# Taken until so many requests of this desk have left the stage; said on the screen where it is used.
ASSUMED: Mapping[State, float] = {
    State.IN_PROGRESS: 7.0, State.AWAITING_APPROVAL: 3.0, State.CARRYING_OUT: 1.0, State.READY_TO_SEND: 1.0,
}


@dataclass(frozen=True, slots=True)
class Stage:
    """What is left to do: a state, the days that it takes, and the days on which nobody for it is there."""

    state: State
    days: float = 0.0  # of the present stage nobody asks: the day by which it has to be left is looked for
    away: AbstractSet[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Stop:
    """Days in one piece that did not count, and in which stage; `state` is None where the desk is shut."""

    state: State | None
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Start:
    """The last day on which what follows can begin, the day on which all is ready then, and the days that did not count."""

    day: date
    ready: date
    stops: tuple[Stop, ...]


# What has to be done by that day, by the present stage and the one that follows.
TO_DO: Mapping[tuple[State, State | None], str] = {
    (State.RECEIVED, State.IN_PROGRESS): "start", (State.IN_PROGRESS, State.AWAITING_APPROVAL): "ask for approval",
    (State.IN_PROGRESS, State.CARRYING_OUT): "carry out", (State.IN_PROGRESS, State.READY_TO_SEND): "finish",
    (State.AWAITING_APPROVAL, State.CARRYING_OUT): "decide", (State.AWAITING_APPROVAL, State.READY_TO_SEND): "decide",
    (State.CARRYING_OUT, State.READY_TO_SEND): "carry out", (State.READY_TO_SEND, None): "send",
}


def stages_left(state: State, kind: Kind) -> tuple[State, ...]:
    """Return the states that an open request has still to leave until its answer is sent, the present one first.

    >>> stages_left(State.IN_PROGRESS, Kind.COMPLAINT)
    (<State.IN_PROGRESS: 'in_progress'>, <State.READY_TO_SEND: 'ready_to_send'>)
    """
    recorded = RIGHTS[kind].course is Course.RECORD
    passed = {State.AWAITING_APPROVAL, State.CARRYING_OUT} if recorded else set()
    if not needs_second(kind, Ruling.GRANTED):
        passed.add(State.AWAITING_APPROVAL)
    every: list[State] = [each for each in State if each is not State.CLOSED and (each not in passed or each is state)]
    return tuple(every[every.index(state):])


def to_do(state: State, kind: Kind) -> str:
    """Return what has to be done by the latest safe start, as a verb.

    >>> to_do(State.IN_PROGRESS, Kind.ACCESS), to_do(State.IN_PROGRESS, Kind.COMPLAINT)
    ('ask for approval', 'finish')
    """
    left = stages_left(state, kind)
    return TO_DO[state, left[1] if len(left) > 1 else None]


def latest_start(
    due: date, stages: Sequence[Stage], closed: AbstractSet[date], works: Callable[[date], bool]
) -> Start:
    """Return the last day on which the present stage, the first of `stages`, can be left so that all is ready on `due`.

    `closed` are the days on which the desk is shut, `works` tells a working day: nothing begins and nothing is sent on
    another. The last day counts whole: what is ready in its course is in time. Where nobody can send on it, the answer has
    to be ready before.

    >>> working = lambda day: day.weekday() < 5
    >>> work, send = Stage(State.IN_PROGRESS), Stage(State.READY_TO_SEND)
    >>> latest_start(date(2026, 12, 11), [work, Stage(State.AWAITING_APPROVAL, 2.0), send], frozenset(), working).day
    datetime.date(2026, 12, 9)
    >>> away = frozenset(date(2026, 12, day) for day in (7, 8, 9))
    >>> latest_start(date(2026, 12, 11), [work, Stage(State.AWAITING_APPROVAL, 2.0, away), send], frozenset(), working).day
    datetime.date(2026, 12, 4)
    """
    walk = _Walk(closed, works, due)
    walk.settle(stages[-1])
    ready, needed = walk.day, 0.0
    for stage in reversed(stages[1:]):
        needed += stage.days
        while needed >= 1 and (due - walk.day).days < FURTHEST:
            walk.step(stage)
            needed -= 1
    if needed > _NOTHING:  # a part of a day begins on the day before
        walk.step(stages[1])
    walk.settle(stages[0])
    return Start(walk.day, ready, _stops(walk.lost))


class _Walk:
    """The way back: the day it has reached, and the days on it that did not count."""

    def __init__(self, closed: AbstractSet[date], works: Callable[[date], bool], day: date) -> None:
        self.closed, self.works, self.day = closed, works, day
        self.lost: dict[date, State | None] = {}

    def step(self, stage: Stage) -> None:
        """Go back over one day that counts for a stage."""
        self.day -= _DAY
        self._pass(stage, lambda _: True)

    def settle(self, stage: Stage) -> None:
        """Go back to a day on which somebody for a stage is at work."""
        self._pass(stage, self.works)

    def _pass(self, stage: Stage, fits: Callable[[date], bool]) -> None:
        for _ in range(FURTHEST):
            shut = self.day in self.closed
            if not shut and self.day not in stage.away:
                if fits(self.day):
                    return
            else:
                self.lost.setdefault(self.day, None if shut else stage.state)
            self.day -= _DAY


def _stops(lost: Mapping[date, State | None]) -> tuple[Stop, ...]:
    stops: list[Stop] = []
    for day, state in sorted(lost.items()):
        before = stops[-1] if stops else None
        if before and _WHO[before.state] == _WHO[state] and day - before.last == _DAY:
            stops[-1] = Stop(before.state, before.first, day)
        else:
            stops.append(Stop(state, day, day))
    return tuple(stops)


def words_of(stops: Sequence[Stop]) -> str:
    """Return in words why days did not count; empty where all did.

    >>> words_of([Stop(State.AWAITING_APPROVAL, date(2026, 12, 7), date(2026, 12, 9))])
    'the approver is away Mon 7 to Wed 9 Dec'
    """
    return "; ".join(f"{_WHO[each.state]} {_span(each)}" for each in stops)


def _span(stop: Stop) -> str:
    last = f"{stop.last:%a} {stop.last.day} {stop.last:%b}"
    if stop.first == stop.last:
        return last
    month = "" if (stop.first.year, stop.first.month) == (stop.last.year, stop.last.month) else f" {stop.first:%b}"
    return f"{stop.first:%a} {stop.first.day}{month} to {last}"


_HANDLER = "whoever handles it is away"
_WHO: Mapping[State | None, str] = {
    None: "the desk is shut", State.RECEIVED: _HANDLER, State.IN_PROGRESS: _HANDLER,
    State.AWAITING_APPROVAL: "the approver is away", State.CARRYING_OUT: _HANDLER, State.READY_TO_SEND: _HANDLER,
}
