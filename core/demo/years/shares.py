"""How often what came in the years, how it ended and how long it usually took: the numbers behind the draw."""

from collections.abc import Mapping
from datetime import timedelta

from core.law.identity import Channel
from core.law.ways import Kind
from core.law.workflow import Closing

YEARS = timedelta(days=3 * 365)
SEED = 20_180_525
A_MONTH = (11, 18)  # requests of a usual month, in the first one and in the last: the stories go on with about as many
EVEN = 4  # how much more evenly they come than each by itself: so the last months are as full whatever the moment
BURST_BEFORE, BURST_DAYS, BURST = timedelta(days=425), 14, 120  # a press story, some 14 months ago
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
