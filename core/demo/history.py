"""What a made-up desk did in the three years before its stories: every request with its moments, drawn from a fixed seed.

Nothing is read and nothing written here: the same `now` gives the same history. `past.py` writes it down.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from math import log
from random import Random
from typing import TypeVar

from core.law.identity import Channel
from core.law.ways import RIGHTS, Asker, Course, Kind
from core.law.workflow import Closing

YEARS = timedelta(days=3 * 365)
SEED = 20_180_525
A_DAY = 1.6  # requests on a usual day
DAY, HOUR, OPENS, HOURS = timedelta(days=1), timedelta(hours=1), 7, 8  # the desk works 8 hours from 7:00 UTC
BURST_BEFORE, BURST_DAYS, BURST = timedelta(days=425), 14, 150  # a press story, some 14 months ago
WEEK = (1.35, 1.25, 1.15, 1.1, 1.0, 0.25, 0.2)
YEAR = (1.4, 1.1, 1.0, 1.0, 1.4, 1.05, 0.9, 0.55, 1.0, 1.0, 1.05, 0.8)
KINDS = {
    Kind.ACCESS: 430, Kind.ERASURE: 190, Kind.OBJECTION_MARKETING: 85, Kind.CONSENT_WITHDRAWAL: 65, Kind.RECTIFICATION: 55,
    Kind.PORTABILITY: 35, Kind.INFORMATION: 35, Kind.OBJECTION: 25, Kind.RESTRICTION: 25, Kind.COMPLAINT: 25,
    Kind.HUMAN_REVIEW: 12, Kind.INQUIRY: 10, Kind.DISCLOSURE: 8,
}
IN_BURST = {Kind.ACCESS: 70, Kind.ERASURE: 24, Kind.OBJECTION: 4, Kind.COMPLAINT: 2}
CHANNELS = {Channel.EMAIL: 62, Channel.ACCOUNT: 14, Channel.POST: 14, Channel.TELEPHONE: 7, Channel.COUNTER: 3}
C = Closing
T = TypeVar("T")
_OF_PERSONS = {
    C.WITHDRAWN: 3, C.NOT_IDENTIFIED: 5, C.NO_DATA_HELD: 8, C.NO_ANSWER: 3, C.DUPLICATE: 3, C.FORWARDED: 1.5,
    C.NOT_A_REQUEST: 1.5, C.OUTSIDE: 1.2,
}
_PLAIN = {C.WITHDRAWN: 4, C.FORWARDED: 2, C.NOT_A_REQUEST: 4, C.OUTSIDE: 2}  # where nobody is asked who they are
_AUTHORITY = {C.FULFILLED: 90, C.FORWARDED: 6, C.OUTSIDE: 4}
ENDINGS: Mapping[Kind, Mapping[Closing, float]] = {
    Kind.ACCESS: _OF_PERSONS | {C.FULFILLED: 70, C.PARTLY_FULFILLED: 3, C.REFUSED: 2},
    Kind.PORTABILITY: _OF_PERSONS | {C.FULFILLED: 62, C.PARTLY_FULFILLED: 4, C.REFUSED: 8},
    Kind.RECTIFICATION: _OF_PERSONS | {C.FULFILLED: 68, C.REFUSED: 8},
    Kind.ERASURE: _OF_PERSONS | {C.FULFILLED: 60, C.REFUSED: 13},
    Kind.RESTRICTION: _OF_PERSONS | {C.FULFILLED: 58, C.REFUSED: 16},
    Kind.OBJECTION_MARKETING: _PLAIN | {C.FULFILLED: 90},
    Kind.CONSENT_WITHDRAWAL: _PLAIN | {C.FULFILLED: 90},
    Kind.OBJECTION: _PLAIN | {C.FULFILLED: 35, C.REFUSED: 50},
    Kind.INFORMATION: _PLAIN | {C.FULFILLED: 86},
    Kind.COMPLAINT: _PLAIN | {C.FULFILLED: 86},
    Kind.HUMAN_REVIEW: {C.FULFILLED: 85, C.WITHDRAWN: 8, C.NOT_IDENTIFIED: 7},
    Kind.INQUIRY: _AUTHORITY, Kind.DISCLOSURE: _AUTHORITY,
}
# Usual hours of work: until somebody begins, and until the answer is ready or another person is asked.
PACE = {
    Kind.ACCESS: (7, 40), Kind.PORTABILITY: (9, 62), Kind.RECTIFICATION: (6, 22), Kind.RESTRICTION: (3, 11),
    Kind.ERASURE: (9, 52), Kind.OBJECTION_MARKETING: (3, 3), Kind.CONSENT_WITHDRAWAL: (3, 2), Kind.OBJECTION: (6, 66),
    Kind.INFORMATION: (8, 14), Kind.COMPLAINT: (4, 58), Kind.HUMAN_REVIEW: (5, 48), Kind.INQUIRY: (2, 38),
    Kind.DISCLOSURE: (3, 30),
}
FOUND = frozenset({C.FULFILLED, C.PARTLY_FULFILLED, C.REFUSED})


class Way(StrEnum):
    """How a request came to its end."""

    COPY = "copy"  # a package, released by another person
    STOP = "stop"  # marketing stopped, and the plan carried out
    OUTSIDE = "outside"  # done outside the desk, recorded and approved
    REFUSAL = "refusal"
    RECORD = "record"  # what the law asks for is recorded, and a letter answers
    NONE = "none"  # closed without action


@dataclass(frozen=True, slots=True)
class Asked:
    """An approval: when it was asked for, when decided, and whether it was given back."""

    asked: datetime
    decided: datetime
    given_back: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the person that paused the clock; `reminded` where no answer came."""

    kind: str
    asked: datetime
    answered: datetime | None
    reminded: datetime | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension on its way: prepared and handed in, approved, told to the person."""

    prepared: datetime
    approved: datetime
    told: datetime


@dataclass(frozen=True, slots=True)
class Past:
    """One closed request and its moments (UTC), in their order; None for what did not come about."""

    kind: Kind
    closing: Closing
    way: Way
    owner: str
    received: datetime
    assigned: datetime
    started: datetime
    closed: datetime
    weighed: datetime | None = None  # the person was decided and, where it was needed, proven
    prepared: datetime | None = None
    approvals: tuple[Asked, ...] = ()
    carried: datetime | None = None
    sent: datetime | None = None
    entered: datetime | None = None  # when the sending was entered: now and then days later
    back: tuple[datetime, datetime] | None = None  # when the answer came back, and when it went out again
    question: Question | None = None
    extension: Extension | None = None
    named: date | None = None  # by which an authority wanted its answer


@dataclass(frozen=True, slots=True)
class PastCase:
    """One case: who asked (a number of a person; `known` where the systems hold them), how, and its requests."""

    who: int
    known: bool
    channel: Channel
    received: datetime
    entered: datetime
    clerk: str
    requests: tuple[Past, ...]
    receipt: datetime | None = None
    joined: datetime | None = None  # when the last request came, with a later message
    first: int | None = None  # the place in the history of the case of which it is a duplicate

    @property
    def closed(self) -> datetime:
        """When the last of its requests was closed."""
        return max(each.closed for each in self.requests)


def history(now: datetime, begin: timedelta) -> list[PastCase]:
    """Return every case of the three years that ended `begin` before now, by the moment it was taken in; all are closed."""
    chance, end = Random(f"{SEED} {now.isoformat()}"), now - begin - HOUR  # noqa: S311 - no secret
    cases: list[PastCase] = []
    for number, (received, burst) in enumerate(_arrivals(chance, now - YEARS, now - begin - 3 * DAY, now - BURST_BEFORE)):
        case = _case(chance, number, received, burst=burst, end=end)
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


def _arrivals(chance: Random, first: datetime, last: datetime, burst: datetime) -> Iterator[tuple[datetime, bool]]:
    days = (last - first).days
    for number in range(days):
        day = datetime.combine(first.date() + number * DAY, time())
        rising = 0.82 + 0.36 * number / days
        for _ in range(_count(chance, A_DAY * rising * WEEK[day.weekday()] * YEAR[day.month - 1])):
            yield max(day + _minute(chance), first + HOUR), False
        place = (day.date() - burst.date()).days
        if 0 <= place < BURST_DAYS:  # most of it in its first days
            for _ in range(_count(chance, BURST * 2 * (BURST_DAYS - place) / (BURST_DAYS * (BURST_DAYS + 1)))):
                yield day + _minute(chance), True


def _minute(chance: Random) -> timedelta:
    return timedelta(minutes=int(chance.triangular(5 * 60, 21 * 60, 10 * 60)))


def _count(chance: Random, mean: float) -> int:
    """Draw how many come where so many come on average, each by itself."""
    count, left = 0, chance.expovariate(1)
    while left < mean:
        count, left = count + 1, left + chance.expovariate(1)
    return count


def _of(chance: Random, shares: Mapping[T, float]) -> T:
    return chance.choices(list(shares), list(shares.values()))[0]


def work(moment: datetime, hours: float) -> datetime:
    """Return the moment so many hours of work later: 8 a day from Monday to Friday."""
    if moment.weekday() > 4 or moment.hour >= OPENS + HOURS:
        moment = datetime.combine(moment.date() + DAY, time(OPENS, moment.minute))
    elif moment.hour < OPENS:
        moment = moment.replace(hour=OPENS)
    while moment.weekday() > 4:
        moment += DAY
    left = timedelta(hours=hours)
    while (today := datetime.combine(moment.date(), time(OPENS + HOURS)) - moment) < left:
        left -= today
        moment = datetime.combine(moment.date() + (3 * DAY if moment.weekday() == 4 else DAY), time(OPENS))
    return (moment + left).replace(second=_second(moment), microsecond=0)


def _second(moment: datetime) -> int:
    """Return a second of the minute that follows from the moment, so that not all entries stand on full minutes."""
    return (moment.day * 7 + moment.minute * 13) % 60


class _Pace:
    """Draws how long things take: a usual length, a spread, and how slow these weeks are."""

    def __init__(self, chance: Random, slow: float) -> None:
        self.chance, self.slow = chance, slow

    def after(self, moment: datetime, usual: float, spread: float = 0.6) -> datetime:
        """Return the moment at which something is done that usually takes so many hours of work."""
        return work(moment, max(0.05, self.chance.lognormvariate(log(usual * self.slow), spread)))


def _case(chance: Random, number: int, received: datetime, *, burst: bool, end: datetime) -> PastCase | None:
    """Draw a case that ended in time; close before the end the desk is drawn as quicker, for nothing of it is open today."""
    kind = _of(chance, IN_BURST if burst else KINDS)
    closing = _of(chance, ENDINGS[kind])
    slow = chance.uniform(1.6, 3.1) if burst else 3.0 if chance.random() < 0.025 else 1.0
    for quicker in (1.0, 0.6, 0.35, 0.2, 0.1):
        case = _draw(_Pace(chance, slow * quicker), number, kind, closing, received)
        if case.closed < end:
            return case
        closing = Closing.WITHDRAWN if closing is Closing.NO_ANSWER else closing  # that one cannot be any quicker
    return None


def _draw(pace: _Pace, number: int, kind: Kind, closing: Closing, received: datetime) -> PastCase:
    chance = pace.chance
    channel = Channel.POST if RIGHTS[kind].asker is Asker.AUTHORITY else _of(chance, CHANNELS)
    owner = _owner(chance, kind)
    entered = received if channel in {Channel.ACCOUNT} else work(received, chance.expovariate(1) * 2)
    known = closing in FOUND and kind not in {Kind.ERASURE, Kind.INFORMATION, Kind.COMPLAINT, Kind.INQUIRY}
    request = _request(pace, kind, closing, owner, received, entered)
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
    pace: _Pace, first: Past, received: datetime, entered: datetime
) -> tuple[tuple[Past, ...], datetime]:
    """Add a correction that took longer, and the complaint that came in its case after the copy was answered."""
    slower = _Pace(pace.chance, pace.slow * 1.2)
    other = _request(slower, Kind.RECTIFICATION, Closing.FULFILLED, first.owner, received, max(entered, work(first.closed, 8)))
    came = first.closed + (other.started - first.closed) / 2 if other.started > first.closed else first.closed + HOUR
    complaint = _request(pace, Kind.COMPLAINT, Closing.FULFILLED, "dpo", came, came)
    return (first, other, complaint), came


def _way(kind: Kind, closing: Closing) -> Way:
    if closing not in FOUND:
        return Way.NONE
    course = RIGHTS[kind].course
    if course is Course.RECORD:
        return Way.RECORD
    if closing is Closing.REFUSED:
        return Way.REFUSAL
    if course is Course.COPY:
        return Way.COPY
    return Way.STOP if kind in {Kind.OBJECTION_MARKETING, Kind.CONSENT_WITHDRAWAL} else Way.OUTSIDE


def _request(
    pace: _Pace, kind: Kind, closing: Closing, owner: str, received: datetime, entered: datetime
) -> Past:
    begin, usual = PACE[kind]
    assigned = pace.after(entered, begin / 2)
    started = pace.after(assigned, begin / 2)
    base = Past(kind, closing, _way(kind, closing), owner, received, assigned, started, started)
    if base.way is Way.NONE:
        return _without_action(pace, base)
    asked = _question(pace, base)
    ready = asked.answered if asked is not None and asked.answered is not None else started
    weighed = pace.after(ready, usual * 0.3)
    prepared = pace.after(weighed, usual * 0.7)
    base = replace(base, question=asked, weighed=weighed, prepared=prepared)
    base = _sent(pace, _approved(pace, base))
    if RIGHTS[kind].asker is Asker.AUTHORITY:
        base = replace(base, named=received.date() + timedelta(days=pace.chance.choice((14, 21, 28, 30))))
    return _extended(pace, base)


def _question(pace: _Pace, base: Past) -> Question | None:
    chance = pace.chance
    identity = RIGHTS[base.kind].needs_identity and chance.random() < 0.13
    if not identity and (base.kind not in {Kind.ACCESS, Kind.RECTIFICATION, Kind.ERASURE} or chance.random() > 0.06):
        return None
    asked = pace.after(base.started, 6)
    return Question("identity" if identity else "clarification", asked, work(asked, chance.lognormvariate(log(30), 0.7)))


def _approved(pace: _Pace, base: Past) -> Past:
    """Have another person look, once or twice; what can be undone, and a record without an approval, goes on alone."""
    prepared = base.prepared or base.started
    approvals: list[Asked] = []
    alone = base.way is Way.STOP or (base.way is Way.RECORD and not approved_letter(base))
    if alone:
        return replace(base, carried=pace.after(prepared, 1, 1.2) if base.way is Way.STOP else prepared)
    asked = pace.after(prepared, 1)
    while True:
        decided = pace.after(asked, 9, 0.9)
        given_back = not approvals and pace.chance.random() < 0.09
        approvals.append(Asked(asked, decided, given_back))
        if not given_back:
            break
        asked = pace.after(decided, 8)
    carried = decided + timedelta(minutes=pace.chance.randint(1, 9)) if base.way is Way.COPY else decided
    return replace(base, approvals=tuple(approvals), carried=carried)


def approved_letter(base: Past) -> bool:
    """Say whether the letter that answers a record is approved by another person."""
    refused = base.kind is Kind.OBJECTION and base.closing is Closing.REFUSED
    return refused or base.kind in {Kind.INQUIRY, Kind.DISCLOSURE}


def _sent(pace: _Pace, base: Past) -> Past:
    chance = pace.chance
    sent = pace.after(base.carried or base.started, 5)
    late = base.way is not Way.RECORD and chance.random() < 0.04
    entered = work(sent, chance.uniform(18, 60)) if late else sent
    back, last = None, entered
    if chance.random() < 0.025:
        came = work(entered, chance.uniform(8, 50))
        back = (came, work(came, chance.uniform(2, 20)))
        last = back[1]
    return replace(base, sent=sent, entered=entered, back=back, closed=work(last, chance.uniform(6, 30)))


def _extended(pace: _Pace, base: Past) -> Past:
    """Draw the extension of what takes long: told before the month is over, in the midst of the work."""
    told = work(base.received + timedelta(days=pace.chance.randint(19, 26)), 1)
    free = base.weighed is None or base.prepared is None or base.sent is None or base.way in {Way.STOP}
    waiting = base.question is not None and base.question.answered is not None and told < base.question.answered + DAY
    if free or waiting or RIGHTS[base.kind].asker is Asker.AUTHORITY or pace.chance.random() > 0.45:
        return base
    prepared = told - 2 * DAY
    if base.sent is None or not base.started + DAY < prepared or not told + 3 * DAY < base.sent:
        return base
    return replace(base, extension=Extension(prepared, told - DAY, told))


def _without_action(pace: _Pace, base: Past) -> Past:
    closing, chance = base.closing, pace.chance
    if closing is Closing.NO_ANSWER:
        asked = pace.after(base.started, 6)
        reminded = work(asked + 15 * DAY, 2)
        return replace(base, question=Question("identity", asked, None, reminded), closed=work(reminded + 15 * DAY, 3))
    if closing is Closing.NOT_IDENTIFIED:
        asked = pace.after(base.started, 6)
        answered = work(asked, chance.lognormvariate(log(36), 0.6))
        prepared = pace.after(answered, 6)
        handed = pace.after(prepared, 1)
        decided = pace.after(handed, 8, 0.9)
        return replace(
            base, question=Question("identity", asked, answered), weighed=prepared, prepared=prepared,
            approvals=(Asked(handed, decided),), closed=pace.after(decided, 4),
        )
    if closing in {Closing.NO_DATA_HELD, Closing.FORWARDED}:
        weighed = pace.after(base.started, 12)
        return replace(base, weighed=weighed, prepared=weighed, closed=pace.after(weighed, 4))
    return replace(base, closed=pace.after(base.started, 14 if closing is Closing.WITHDRAWN else 5))


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
