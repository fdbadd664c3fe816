"""Acting for another: whose authority, for which rights, until when, and where the answer goes (Art. 12(6), 8, Recital 27)."""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.law.errors import Invalid, NotAllowed, NotPossible
from core.law.records import Record, Under, record
from core.law.rights.rectification import age_on
from core.law.ways import Kind

OWN_VIEW_AGE = 12  # our policy: from this age a child is heard before a parent gets an answer


class Capacity(StrEnum):
    """In which capacity somebody acts for another."""

    PARENT = "parent"
    AGENT = "agent"  # a lawyer, an association or another person with a power of attorney
    GUARDIAN = "guardian"  # appointed by a court
    HEIR = "heir"


PROOFS: Mapping[Capacity, str] = {
    Capacity.PARENT: "what shows parental responsibility, and that the child is a child",
    Capacity.AGENT: "a power of attorney for this right",
    Capacity.GUARDIAN: "the order of the court",
    Capacity.HEIR: "what shows the death and the inheritance",
}


class Shown(StrEnum):
    """By what a representative shows who they are: we hold nothing about them, so the person's ladder is not theirs."""

    REGISTER = "register"
    SIGNATURE = "signature"
    CALL_BACK = "call_back"
    HELD = "held"
    SEEN = "seen"
    DOCUMENT = "document"


SHOWN: Mapping[Shown, str] = {
    Shown.REGISTER: "Found in the public register of the profession or the court",
    Shown.SIGNATURE: "Qualified electronic signature, or mail from a registered professional mailbox",
    Shown.CALL_BACK: "Called back on a number from a public source",
    Shown.HELD: "Wrote from an address that we hold for them",
    Shown.SEEN: "Came in person and is known here",
    Shown.DOCUMENT: "Showed an identity document (only in reasonable doubt)",
}


@dataclass(frozen=True, slots=True)
class Authority:
    """What was checked about an authority; `rights` names each right it covers, `until` its last day, None for no end."""

    capacity: Capacity
    rights: frozenset[Kind]
    since: date
    until: date | None
    checked_by: str
    checked_on: date | None
    representative_proven: bool  # who acts
    person_proven: bool  # for whom
    answers_to_representative: bool = False
    revoked_on: date | None = None


class Goes(StrEnum):
    """To whom an answer goes."""

    PERSON = "person"
    REPRESENTATIVE = "representative"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether somebody may act for another, under which article, and why."""

    granted: bool
    article: str
    sentence: str


def acts_for(authority: Authority, right: Kind, day: date) -> Verdict:
    """Return whether an authority carries a right on a day. An unproven one pauses the clock as identity does.

    >>> held = Authority(Capacity.AGENT, frozenset({Kind.ACCESS}), date(2026, 1, 1), date(2026, 6, 30), "a",
    ...     date(2026, 3, 2), True, True)
    >>> acts_for(held, Kind.ACCESS, date(2026, 6, 30)).granted, acts_for(held, Kind.ACCESS, date(2026, 7, 1)).granted
    (True, False)
    >>> acts_for(held, Kind.ERASURE, date(2026, 3, 2)).sentence
    'The authority does not cover this right.'
    """
    if not authority.representative_proven or not authority.person_proven:
        whose = "representative" if not authority.representative_proven else "person represented"
        return Verdict(False, "12(6)", f"Two identities are proven: that of the {whose} is still open.")
    if not authority.checked_by or authority.checked_on is None:
        return Verdict(False, "12(6)", f"Nobody checked the authority yet: it needs {PROOFS[authority.capacity]}.")
    if right not in authority.rights:
        return Verdict(False, "12(6)", "The authority does not cover this right.")
    if authority.revoked_on is not None and day >= authority.revoked_on:
        return Verdict(False, "12(6)", "The authority was revoked.")
    if day < authority.since or (authority.until is not None and day > authority.until):
        return Verdict(False, "12(6)", "The authority does not cover this day.")
    return Verdict(True, "12(6)", "The authority covers this right on this day, and both identities are proven.")


def answer_goes_to(authority: Authority, *, dead: bool = False) -> Goes:
    """Return to whom the answer goes: to the person, unless the authority says otherwise; never to the dead.

    >>> one = Authority(Capacity.AGENT, frozenset(Kind), date(2026, 1, 1), None, "a", date(2026, 3, 2), True, True)
    >>> answer_goes_to(one), answer_goes_to(one, dead=True)
    (<Goes.PERSON: 'person'>, <Goes.NOBODY: 'nobody'>)
    """
    if dead:
        return Goes.REPRESENTATIVE if authority.capacity is Capacity.HEIR else Goes.NOBODY
    return Goes.REPRESENTATIVE if authority.answers_to_representative else Goes.PERSON


@dataclass(frozen=True, slots=True)
class Child:
    """What is known about a child for whom a parent asks; `own_view` is None until the child was heard."""

    born: date
    own_view: bool | None = None  # the child agrees that the parent asks
    conflict: bool = False  # between parents, or between parent and child
    contact_ban: bool = False


@dataclass(frozen=True, slots=True)
class ChildVerdict:
    """What follows for a parent's request: may it go on, is the case sealed, is the child heard first."""

    granted: bool
    sealed: bool
    hear_first: bool
    sentence: str


def for_child(child: Child, today: date, age_limit: int) -> ChildVerdict:
    """Return what follows when a parent asks for a child; `age_limit` is the profile's, from which a child acts alone.

    >>> for_child(Child(date(2010, 6, 1)), date(2026, 3, 2), 16).hear_first
    True
    >>> for_child(Child(date(2018, 6, 1), contact_ban=True), date(2026, 3, 2), 16).sealed
    True
    """
    age = age_on(child.born, today)
    if child.contact_ban or child.conflict:
        return ChildVerdict(False, True, False, "There is a conflict: the case is sealed, and named people decide.")
    if age >= 18:
        return ChildVerdict(False, False, False, "The child is of age: they ask for themselves, or give an authority.")
    if age >= OWN_VIEW_AGE and child.own_view is None:
        return ChildVerdict(False, False, True, "The child is old enough to be heard: ask for their own view first.")
    if child.own_view is False and age >= age_limit:
        return ChildVerdict(False, False, False, f"The child is {age_limit} or older and does not agree.")
    if child.own_view is False and age >= OWN_VIEW_AGE:
        return ChildVerdict(False, True, False, "The child does not agree: the case is sealed, and named people decide.")
    return ChildVerdict(True, False, False, "A parent acts for the child; what the child told in confidence stays out.")


def for_parent(items: Iterable[str], in_confidence: Collection[str]) -> tuple[str, ...]:
    """Return the items that a parent's copy holds: all but those that the child told in confidence."""
    return tuple(item for item in items if item not in in_confidence)


@dataclass(frozen=True, slots=True)
class DeathRule:
    """What a country's law gives to those a dead person leaves behind (Recital 27): its rights, for how many years."""

    country: str
    rights: frozenset[Kind]
    years: int | None
    source: str
    sentence: str


NO_RULE = DeathRule("", frozenset(), None, "Recital 27", "The Regulation does not apply to the dead, and no rule of this "
                                                        "country is on record.")


def read_death_rules(text: str) -> Mapping[str, DeathRule]:
    """Parse the TOML table of national rules, one per country. Raises Invalid where a row is malformed.

    >>> rules = read_death_rules('''[XX]
    ... rights = ["access"]
    ... years = 10
    ... source = "a law"
    ... sentence = "Heirs may ask for ten years."''')
    >>> rules["XX"].years
    10
    """
    try:
        return {
            country: DeathRule(
                country, frozenset(Kind(right) for right in row["rights"]), row.get("years"), row["source"], row["sentence"]
            )
            for country, row in tomllib.loads(text).items()
        }
    except (tomllib.TOMLDecodeError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise Invalid("The table of national rules for the dead has a malformed row.", "deceased") from error


def heir_may(rule: DeathRule, right: Kind, died_on: date, day: date, *, forbidden: bool = False) -> Verdict:
    """Return whether an heir may use a right of the dead under a national rule; `forbidden` says the dead ruled it out.

    >>> heir_may(NO_RULE, Kind.ACCESS, date(2025, 1, 1), date(2026, 1, 1)).article
    'Recital 27'
    """
    if right not in rule.rights:
        return Verdict(False, rule.source, rule.sentence)
    if forbidden:
        return Verdict(False, rule.source, "The person ruled it out in their lifetime.")
    if rule.years is not None and day >= _years_later(died_on, rule.years):
        return Verdict(False, rule.source, f"More than {rule.years} years have passed since the death.")
    return Verdict(True, rule.source, rule.sentence)


def for_the_dead(
    rule: DeathRule, right: Kind, died_on: date, day: date, capacity: Capacity | None, *, forbidden: bool = False
) -> Verdict:
    """Return whether a request about somebody who has died goes on: for an heir, as far as the national rule carries it.

    >>> for_the_dead(NO_RULE, Kind.ACCESS, date(2025, 1, 1), date(2026, 1, 1), Capacity.AGENT).sentence
    'This authority ended with the death of the person. Close the request as outside.'
    """
    if capacity is None:
        return Verdict(False, "Recital 27", "This person has died: enter the heir who asks, or close the request as outside.")
    if capacity is not Capacity.HEIR:
        return Verdict(
            False, "Recital 27", "This authority ended with the death of the person. Close the request as outside."
        )
    verdict = heir_may(rule, right, died_on, day, forbidden=forbidden)
    if verdict.granted:
        return verdict
    return Verdict(False, verdict.article, f"{verdict.sentence} Close the request as outside.")


def require_living(died_on: date | None, letter_to: Goes = Goes.PERSON) -> None:
    """Refuse a letter to the dead; marketing to all their identifiers is stopped at once, as by an objection."""
    if died_on is not None and letter_to is Goes.PERSON:
        raise NotPossible("This person has died: no letter goes to them. Write to the heir, or close the request.")


def require_apart(representative: str, checked_by: str) -> None:
    """Refuse that somebody checks their own authority."""
    if representative and representative == checked_by:
        raise NotAllowed("You act for this person yourself: another person checks the authority.")


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February in a common year
        return date(day.year + years, 3, 1)


def record_of(authority: Authority, right: Kind, day: date, under: Under) -> Record:
    """Return the decision on an authority: its kind, its dates and its outcome, nobody's name."""
    verdict = acts_for(authority, right, day)
    return record(
        verdict.granted, "authorised" if verdict.granted else "not_authorised", article=verdict.article, rule="PAU-1",
        under=under, sentence=verdict.sentence, capacity=authority.capacity, right=right, day=day,
        rights=authority.rights, since=authority.since, until=authority.until, revoked=authority.revoked_on,
        goes_to=answer_goes_to(authority),
    )
