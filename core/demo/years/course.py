"""The course of one request of the years, drawn: when it was begun, asked about, approved, sent and closed."""

from dataclasses import replace
from datetime import datetime, timedelta
from math import log

from core.demo.years.happened import Asked, Extension, Past, Question, Way, approved_letter
from core.demo.years.pace import DAY, Pace, work
from core.demo.years.shares import FOUND, PACE
from core.law.ways import RIGHTS, Asker, Course, Kind
from core.law.workflow import Closing


def request(
    pace: Pace, kind: Kind, closing: Closing, owner: str, received: datetime, entered: datetime
) -> Past:
    """Draw the moments of a request of a kind that ended so."""
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


def _question(pace: Pace, base: Past) -> Question | None:
    chance = pace.chance
    identity = RIGHTS[base.kind].needs_identity and chance.random() < 0.13
    if not identity and (base.kind not in {Kind.ACCESS, Kind.RECTIFICATION, Kind.ERASURE} or chance.random() > 0.06):
        return None
    asked = pace.after(base.started, 6)
    return Question("identity" if identity else "clarification", asked, work(asked, chance.lognormvariate(log(30), 0.7)))


def _approved(pace: Pace, base: Past) -> Past:
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


def _sent(pace: Pace, base: Past) -> Past:
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


def _extended(pace: Pace, base: Past) -> Past:
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


def _without_action(pace: Pace, base: Past) -> Past:
    closing, chance = base.closing, pace.chance
    if closing is Closing.NO_ANSWER:
        asked = pace.after(base.started, 6)
        reminded = work(asked + 15 * DAY, 2)
        prepared = work(reminded + 15 * DAY, 3)
        handed = pace.after(prepared, 1)
        decided = pace.after(handed, 8, 0.9)
        return replace(
            base, question=Question("identity", asked, None, reminded), prepared=prepared,
            approvals=(Asked(handed, decided),), closed=pace.after(decided, 4),
        )
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
    if closing is Closing.WITHDRAWN:
        return replace(base, closed=pace.after(base.started, 14))
    prepared = pace.after(base.started, 5)
    return replace(base, prepared=prepared, closed=pace.after(prepared, 1))
