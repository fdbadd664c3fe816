"""Access (Article 15): what an answer must say, whom it names, what may be blacked out, and who looked (ACC-1 to ACC-5)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.law.errors import Invalid, NotPossible
from core.law.records import Record, Under, record

LEAST_WORDS = 20  # characters below which nothing is weighed


class Point(StrEnum):
    """The points of an answer, in the order of the article."""

    CONFIRMATION = "confirmation"
    DATA = "data"
    PURPOSES = "15.1.a"
    CATEGORIES = "15.1.b"
    RECIPIENTS = "15.1.c"
    PERIOD = "15.1.d"
    RIGHTS = "15.1.e"
    COMPLAINT = "15.1.f"
    SOURCE = "15.1.g"
    AUTOMATED = "15.1.h"
    TRANSFERS = "15.2"
    COPY = "15.3"


@dataclass(frozen=True, slots=True)
class PointRule:
    """One row of the checklist: the article, what is told, and when it may be left out, empty where it never may."""

    article: str
    tells: str
    omitted_when: str = ""


CHECKLIST: Mapping[Point, PointRule] = {
    Point.CONFIRMATION: PointRule("15(1)", "whether data about the person are processed; a no is an answer too (FRM-2)"),
    Point.DATA: PointRule("15(1)", "the data, from all systems (ACC-2)", "no data are held"),
    Point.PURPOSES: PointRule("15(1)(a)", "the purposes", "no data are held"),
    Point.CATEGORIES: PointRule("15(1)(b)", "the categories of data", "no data are held"),
    Point.RECIPIENTS: PointRule("15(1)(c)", "the actual recipients, above all in third countries", "nothing was disclosed"),
    Point.PERIOD: PointRule("15(1)(d)", "how long the data are kept, or by which criteria", "no data are held"),
    Point.RIGHTS: PointRule("15(1)(e)", "that there are rectification, erasure, restriction and objection"),
    Point.COMPLAINT: PointRule("15(1)(f)", "that the person may complain to a supervisory authority"),
    Point.SOURCE: PointRule("15(1)(g)", "where the data came from", "all of them came from the person"),
    Point.AUTOMATED: PointRule(
        "15(1)(h)", "decisions by machines alone: logic, significance, consequences", "no such decision is taken",
    ),
    Point.TRANSFERS: PointRule("15(2)", "the safeguards of a transfer to a third country", "nothing is transferred"),
    Point.COPY: PointRule("15(3)", "a copy of the data", "no data are held, or the person wants no copy"),
}  # fmt: skip
NEVER_OMITTED = tuple(point for point, rule in CHECKLIST.items() if not rule.omitted_when)


@dataclass(frozen=True, slots=True)
class Told:
    """How an answer treats one point: it tells it, or says why it does not apply. Both at once is a contradiction."""

    point: Point
    given: bool
    not_applicable: str = ""


def missing(answer: Iterable[Told]) -> tuple[Point, ...]:
    """Return the points that an answer neither tells nor may and does leave out with a reason, in the article's order.

    >>> given = [Told(point, True) for point in Point if point is not Point.SOURCE]
    >>> missing(given), missing([*given, Told(Point.SOURCE, False, "all of them came from the person")])
    ((<Point.SOURCE: '15.1.g'>,), ())
    >>> missing([*given, Told(Point.SOURCE, False, "bought"), Told(Point.COMPLAINT, False, "we answered everything")])
    (<Point.COMPLAINT: '15.1.f'>,)
    """
    said = {each.point: each for each in answer}
    return tuple(point for point in Point if not _settled(point, said.get(point)))


def require_whole(answer: Sequence[Told]) -> None:
    """Raise NotPossible, naming the points, while an answer lacks one: no answer goes out with a gap."""
    if lacks := missing(answer):
        names = "; ".join(f"{CHECKLIST[point].tells} (Art. {CHECKLIST[point].article})" for point in lacks)
        raise NotPossible(f"The answer does not tell: {names}. Tell it, or say why it does not apply.")


def _settled(point: Point, told: Told | None) -> bool:
    if told is None or (told.given and told.not_applicable.strip()):
        return False
    return told.given or (bool(CHECKLIST[point].omitted_when) and bool(told.not_applicable.strip()))


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom an answer names under 15(1)(c), and why it names categories only where it does."""

    names: tuple[str, ...]
    categories: tuple[str, ...]
    article: str
    sentence: str


def recipients(
    disclosed: Iterable[str], categories: Iterable[str], *, wants_categories: bool = False, impossible: str = "",
    excessive: str = "",
) -> Recipients:
    """Return the recipients to name: the actual ones of the disclosure log (ACC-1; C-154/21).

    Categories alone are enough only where the person wants no more, where naming is impossible, or where the wish is
    manifestly unfounded or excessive (12(5)); each of the latter two with its reason.

    >>> recipients(["Carrier", "Bank"], ["payment services"]).names
    ('Bank', 'Carrier')
    >>> recipients(["Carrier"], ["delivery"], impossible="The log of before 2019 is lost.").names
    ()
    """
    kinds = tuple(sorted(set(categories)))
    if wants_categories:
        return Recipients((), kinds, "15(1)(c)", "The person asked for categories of recipients only.")
    if impossible.strip():
        return Recipients((), kinds, "15(1)(c)", "The recipients cannot be named, for the reason recorded.")
    if excessive.strip():
        return Recipients((), kinds, "12(5)", "Naming the recipients is excessive, on the evidence recorded.")
    return Recipients(tuple(sorted(set(disclosed))), kinds, "15(1)(c)", "The actual recipients are named.")


class Against(StrEnum):
    """Whose rights a copy can harm (15(4))."""

    OTHER_PERSON = "other_person"
    TRADE_SECRET = "trade_secret"  # noqa: S105 - a kind of right, and no password
    COPYRIGHT = "copyright"
    SECURITY = "security"


@dataclass(frozen=True, slots=True)
class Redaction:
    """One thing blacked out in a copy: in which item, whose right, what harm, and why nothing less protects it."""

    item: str
    against: Against
    harm: str
    why_not_less: str
    weighed_by: str


def check_redactions(redactions: Sequence[Redaction], items: Collection[str]) -> None:
    """Refuse redactions without their own balancing, and a copy in which nothing is left (ACC-3; Article 15(4)).

    The copy is limited, never the answer: purposes, recipients and rights are told in any case.

    >>> one = Redaction("notes.7", Against.OTHER_PERSON, "It names who complained.", "A name alone gives it away.", "a")
    >>> check_redactions([one], ["notes.7", "notes.8"])
    >>> check_redactions([one], ["notes.7"])
    Traceback (most recent call last):
    ...
    core.law.errors.NotPossible: Nothing is left of the copy: Article 15(4) limits the copy, it never refuses it whole.
    """
    for each in redactions:
        if len(each.harm.strip()) < LEAST_WORDS:
            raise Invalid("Write for each redaction what harm it prevents, and to whom.", "harm")
        if len(each.why_not_less.strip()) < LEAST_WORDS:
            raise Invalid("Write for each redaction why nothing less protects the other's right.", "why_not_less")
    if unknown := {each.item for each in redactions} - set(items):
        raise Invalid(f"A redaction names an item that is not in the copy ({len(unknown)}).", "item")
    if items and {each.item for each in redactions} == set(items):
        raise NotPossible("Nothing is left of the copy: Article 15(4) limits the copy, it never refuses it whole.")


FIRST_DAY = date(2018, 5, 25)  # from which the Regulation applies (Article 99(2))


def reaches(asked_on: date, processed_on: date) -> bool:
    """Whether access reaches a processing: also one from before the Regulation, if it is asked for since (ACC-5; C-579/21).

    >>> reaches(date(2026, 3, 2), date(2013, 11, 1)), reaches(date(2018, 5, 24), date(2013, 11, 1))
    (True, False)
    """
    return asked_on >= FIRST_DAY and processed_on <= asked_on


@dataclass(frozen=True, slots=True)
class Look:
    """One consultation of the person's data: the day, the purpose code, and who looked."""

    day: date
    purpose: str
    actor: str


def who_looked(looks: Iterable[Look], revealed: Mapping[str, str] | None = None) -> tuple[Look, ...]:
    """Return the consultations for the person: days and purposes, each colleague under a number of this answer (ACC-4).

    `revealed` gives the reason for each actor whose identity is indispensable to the person's rights and was weighed
    (C-579/21); an actor without a reason stays a number. Raises Invalid for a reason without words.

    >>> looks = [Look(date(2026, 3, 4), "request", "f3"), Look(date(2026, 3, 2), "quality", "b1")]
    >>> [each.actor for each in who_looked(looks)]
    ['colleague 1', 'colleague 2']
    """
    reasons = revealed or {}
    if any(len(reason.strip()) < LEAST_WORDS for reason in reasons.values()):
        raise Invalid("Write why the identity of this colleague is indispensable, and what was weighed.", "revealed")
    ordered = sorted(looks, key=lambda each: (each.day, each.purpose))
    numbers: dict[str, str] = {}
    for each in ordered:
        if each.actor not in reasons:
            numbers.setdefault(each.actor, f"colleague {len(numbers) + 1}")
    return tuple(Look(each.day, each.purpose, numbers.get(each.actor, each.actor)) for each in ordered)


def record_copy(under: Under, *, systems_left_out: bool) -> Record:
    """Return the decision to give the copy, over every system, or over those that were reached (ACC-2; Article 15(3)).

    >>> record_copy(Under("eu_gdpr@2018-05-25"), systems_left_out=True).outcome
    'in_part'
    """
    sentence = (
        "The copy is given from the systems that were reached; the answer names the others." if systems_left_out
        else "The copy is given, over every system."
    )
    return record(
        True, "in_part" if systems_left_out else "whole", article="15(3)", rule="ACC-2", under=under, sentence=sentence,
        systems_left_out=systems_left_out,
    )


def record_of(answer: Sequence[Told], under: Under) -> Record:
    """Return whether an answer tells all that Article 15 demands, with what it tells, leaves out and lacks."""
    lacks = missing(answer)
    return record(
        not lacks, "incomplete" if lacks else "whole", article="15(1)", rule="ACC-2", under=under,
        sentence="The answer lacks a point of Article 15." if lacks else "The answer tells every point of Article 15.",
        told={each.point for each in answer if each.given},
        left_out={each.point for each in answer if not each.given and each.point not in lacks}, lacking=set(lacks),
    )
