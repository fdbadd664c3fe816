"""What a made-up desk did in the three years before its stories: every request with its moments, drawn from a fixed seed.

Nothing is read and nothing written here: the same `now` gives the same history. `telling.py` writes it down.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from core.demo.years.arrivals import arrivals
from core.demo.years.course import request as course_of
from core.demo.years.deck import deal
from core.demo.years.happened import Past, PastCase, Way
from core.demo.years.pace import DAY, HOUR, Pace, work
from core.demo.years.shares import BURST_BEFORE, CHANNELS, FOUND, IN_BURST, KINDS, SEED, YEARS
from core.law.identity import Channel
from core.law.ways import RIGHTS, Asker, Kind
from core.law.workflow import Closing

ASKED = {False: KINDS, True: IN_BURST}  # by whether it came with the press story
T = TypeVar("T")


def history(now: datetime, begin: timedelta) -> list[PastCase]:
    """Return every case of the three years that ended `begin` before now, by the moment it was taken in; all are closed."""
    chance, end = Random(f"{SEED} {now.isoformat()}"), now - begin - HOUR  # noqa: S311 - no secret
    cases: list[PastCase] = []
    came = list(arrivals(chance, now - YEARS, now - begin - DAY, now - BURST_BEFORE))
    cards = {burst: iter(deal(chance, sum(each is burst for _, each in came), shares)) for burst, shares in ASKED.items()}
    for number, (received, burst) in enumerate(came):
        case = _case(chance, number, next(cards[burst]), received, burst=burst, end=end)
        if case is not None:
            cases.append(case)
    _tie_duplicates(chance, cases)
    return _numbered(cases)


def _numbered(cases: list[PastCase]) -> list[PastCase]:
    """Return the cases in the order of their numbers; a duplicate, which names its first by place, names it by the new one."""
    order = sorted(range(len(cases)), key=lambda place: (cases[place].entered, place))
    now_at = {before: place for place, before in enumerate(order)}
    return [
        replace(each, first=None if each.first is None else now_at[each.first]) for each in (cases[place] for place in order)
    ]


def _of(chance: Random, shares: Mapping[T, float]) -> T:
    return chance.choices(list(shares), list(shares.values()))[0]


def _case(
    chance: Random, number: int, card: tuple[Kind, Closing], received: datetime, *, burst: bool, end: datetime
) -> PastCase | None:
    """Draw a case that ended in time; close before the end the desk is drawn as quicker, for nothing of it is open today."""
    kind, closing = card
    slow = chance.uniform(1.6, 3.1) if burst else 3.0 if chance.random() < 0.025 else 1.0
    for quicker in (1.0, 0.6, 0.35, 0.2, 0.1, 0.04):
        case = _draw(Pace(chance, slow * quicker), number, kind, closing, received)
        if case.closed < end:
            return case
        closing = Closing.WITHDRAWN if closing is Closing.NO_ANSWER else closing  # that one cannot be any quicker
    return None


def _draw(pace: Pace, number: int, kind: Kind, closing: Closing, received: datetime) -> PastCase:
    chance = pace.chance
    channel = Channel.POST if RIGHTS[kind].asker is Asker.AUTHORITY else _of(chance, CHANNELS)
    owner = _owner(chance, kind)
    entered = received if channel in {Channel.ACCOUNT} else work(received, chance.expovariate(1) * 2)
    known = closing in FOUND and kind not in {Kind.ERASURE, Kind.INFORMATION, Kind.COMPLAINT, Kind.INQUIRY}
    request = course_of(pace, kind, closing, owner, received, entered)
    receipt = work(entered, chance.choice((0.5, 2, 5, 9, 14, 20))) if chance.random() < 0.94 else None
    clerk = owner if owner != "dpo" or RIGHTS[kind].asker is Asker.AUTHORITY else "steward"
    requests: tuple[Past, ...] = (request,)
    joined = None
    if kind is Kind.ACCESS and closing is Closing.FULFILLED and chance.random() < 0.035:
        requests, joined = _with_complaint(pace, request, received, entered)
    if receipt is not None and receipt >= min(each.closed for each in requests):
        receipt = None
    return PastCase(number, known, channel, received, entered, clerk, requests, receipt, joined)


def _owner(chance: Random, kind: Kind) -> str:
    if kind in {Kind.INQUIRY, Kind.DISCLOSURE, Kind.COMPLAINT}:
        return "dpo"
    return chance.choices(("steward", "steward2", "dpo"), (52, 43, 5))[0]


def _with_complaint(
    pace: Pace, first: Past, received: datetime, entered: datetime
) -> tuple[tuple[Past, ...], datetime]:
    """Add a correction that took longer, and the complaint that came in its case after the copy was answered."""
    slower = Pace(pace.chance, pace.slow * 1.2)
    other = course_of(slower, Kind.RECTIFICATION, Closing.FULFILLED, first.owner, received, max(entered, work(first.closed, 8)))
    came = first.closed + (other.started - first.closed) / 2 if other.started > first.closed else first.closed + HOUR
    complaint = course_of(pace, Kind.COMPLAINT, Closing.FULFILLED, "dpo", came, came)
    return (first, other, complaint), came


def _tie_duplicates(chance: Random, cases: list[PastCase]) -> None:
    """Tie each duplicate to a case of the same right that was open then: the same person asks again.

    Where none was open it ends as no request.
    """
    open_then = [(place, each) for place, each in enumerate(cases) if len(each.requests) == 1]
    for place, case in enumerate(cases):
        (request, *_) = case.requests
        if request.closing is not Closing.DUPLICATE:
            continue
        fit = [
            (other, each) for other, each in open_then
            if each.requests[0].kind is request.kind and each.requests[0].way is not Way.NONE
            and each.entered < case.received and request.closed < (each.requests[0].sent or each.closed)
        ]
        if fit:
            other, each = fit[chance.randrange(len(fit))]
            cases[place] = replace(case, who=each.who, known=each.known, first=other)
        else:
            cases[place] = replace(case, requests=(replace(request, closing=Closing.NOT_A_REQUEST),))
