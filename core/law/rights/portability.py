"""Which data a portable copy holds (Article 20 GDPR): by legal basis, by origin, and only what machines process."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.law.records import Record, Under, record
from core.law.rights.bases import TABLE


class Origin(StrEnum):
    """Where data came from, as the catalogue says it; 20(1) covers the first two (WP242: observed counts as provided)."""

    PROVIDED = "provided"
    OBSERVED = "observed"
    DERIVED = "derived"
    INFERRED = "inferred"


class Point(StrEnum):
    """The points of Articles 6(1) and 9(2) that a record of a portable copy names."""

    CONSENT = "6(1)(a)"
    CONTRACT = "6(1)(b)"
    OBLIGATION = "6(1)(c)"
    VITAL = "6(1)(d)"
    PUBLIC_TASK = "6(1)(e)"
    RECOGNISED = "6(1)(ea)"
    INTERESTS = "6(1)(f)"
    EXPLICIT = "9(2)(a)"


# Consent in both its forms, and contract: read from the table of rights by legal basis.
BASES = frozenset({"9(2)(a)", *(f"6(1)({basis})" for basis, row in TABLE.items() if row.portability)})
ORIGINS = frozenset({Origin.PROVIDED, Origin.OBSERVED})
_NAMED = re.compile(r"\b(?:6\(1\)\((?:ea|[a-f])\)|9\(2\)\([a-j]\))")
_EXPLICIT = re.compile(r"\b9\(2\)\(a\)")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one field goes into the portable copy, with the reason and the article it rests on."""

    included: bool
    reason: str
    article: str


def named(basis: str) -> str:
    """Return the point of Article 6 or 9 with which a legal basis begins, empty where it names none.

    >>> named("Art. 6(1)(f): the interest in protecting customers' accounts")
    '6(1)(f)'
    >>> named("tradition")
    ''
    """
    found = _NAMED.search(basis)
    return found.group(0) if found else ""


def _carried_by(basis: str) -> str:
    """Return the point that speaks for a basis: explicit consent carries whatever basis of Article 6 stands beside it."""
    point = named(basis)
    return "9(2)(a)" if point not in BASES and _EXPLICIT.search(basis) else point


def portable(origin: str, bases: Sequence[str], *, automated: bool = True) -> Verdict:
    """Decide for one field: `origin` as in the catalogue, `bases` one for each purpose it is used for.

    Each purpose is judged by itself: what is used for a contract is portable although another purpose of the same
    field is not; a basis of 6(1)(e) never carries it (20(3)). What we inferred or derived stays out whatever the basis.

    >>> portable("provided", ["Art. 6(1)(b)", "Art. 6(1)(f)"]).reason
    'provided by the person, under Art. 6(1)(b)'
    >>> portable("derived", ["Art. 6(1)(a)"])
    Verdict(included=False, reason='derived by us, not provided by the person', article='20(1)')
    >>> portable("provided", ["Art. 6(1)(e)"]).article
    '20(3)'
    >>> portable("observed", ["Art. 6(1)(c) with Art. 12"]).reason
    'rests on Art. 6(1)(c), not on consent or a contract'
    >>> portable("provided", ["Art. 6(1)(a)"], automated=False).article
    '20(1)(b)'
    >>> portable("provided", ["Art. 6(1)(f) with 9(2)(a)"]).included
    True
    """
    if origin not in ORIGINS:
        return Verdict(False, f"{origin} by us, not provided by the person", "20(1)")
    points = [_carried_by(basis) for basis in bases]
    carrying = list(dict.fromkeys(point for point in points if point in BASES))
    if not carrying:
        if points and set(points) == {"6(1)(e)"}:
            return Verdict(False, "serves a task in the public interest (Art. 6(1)(e))", "20(3)")
        held = ", ".join(f"Art. {point}" for point in dict.fromkeys(points) if point) or "no basis that is named"
        return Verdict(False, f"rests on {held}, not on consent or a contract", "20(1)(a)")
    if not automated:
        return Verdict(False, "is not processed by automated means", "20(1)(b)")
    how = "provided by the person" if origin == "provided" else "observed while the person used our services"
    return Verdict(True, f"{how}, under {', '.join(f'Art. {point}' for point in carrying)}", "20(1)")


def record_of(origin: str, bases: Sequence[str], under: Under, *, automated: bool = True) -> Record:
    """Return the decision on one field with its facts (Article 20(1)).

    >>> made = record_of("derived", ["Art. 6(1)(a)"], Under("eu_gdpr@2018-05-25", "profiles.scores.score"))
    >>> made.granted, made.article, made.sentence
    (False, '20(1)', 'It stays out of the portable copy: derived by us, not provided by the person.')
    """
    verdict = portable(origin, bases, automated=automated)
    where = "goes into" if verdict.included else "stays out of"
    return record(
        verdict.included, "in" if verdict.included else "out", article=verdict.article, rule="POR", under=under,
        sentence=f"It {where} the portable copy: {verdict.reason}.", automated=automated,
        origin=Origin(origin) if origin in set(Origin) else None,
        bases={Point(point) for text in bases if (point := _carried_by(text)) in set(Point)},
    )
