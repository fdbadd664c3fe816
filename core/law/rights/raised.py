"""What a withdrawal or an objection leaves without a legal ground, and the question that it raises (Article 17(1)(b), (c)).

A use that has stopped is one thing, the data that served it alone another: they are erased unless something else carries
them. The question is put as soon as the right has its effect, and the request does not end before it is answered.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.law.errors import Invalid
from core.law.records import Record, Under, record
from core.law.rights.bases import Basis, Use
from core.law.rights.consent import Consent
from core.law.rights.erasure import GROUNDS, Ground, article_of
from core.law.rights.suppression import ALL, MARKETING
from core.law.ways import Kind

# The ground of Article 17(1) that a right raises once it has its effect (CON-1, OBJ-1, OBJ-2).
RAISES: Mapping[Kind, Ground] = {
    Kind.CONSENT_WITHDRAWAL: Ground.CONSENT_WITHDRAWN, Kind.OBJECTION_MARKETING: Ground.OBJECTION,
    Kind.OBJECTION: Ground.OBJECTION,
}


class Becomes(StrEnum):
    """What becomes of the data that rested on what was stopped, and on nothing else."""

    ERASED = "erased"
    KEPT = "kept"


ANSWERS: Mapping[Becomes, str] = {
    Becomes.ERASED: "They are erased: a request for erasure is opened in this case",
    Becomes.KEPT: "They are kept: another legal ground carries them, or an exception of Article 17(3)",
}


@dataclass(frozen=True, slots=True)
class Stopped:
    """What a request has stopped: entries as (purpose, channel), the consents as they stand now, and the purposes known.

    `consents` holds the last line of each purpose and channel; `known` are the purposes of the data catalogue: a consent
    to any other may serve whatever rests on consent.
    """

    kind: Kind
    scopes: Collection[tuple[str, str]]
    consents: Collection[Consent] = ()
    known: Collection[str] = ()


def ends(stopped: Stopped, use: Use) -> bool:
    """Whether what was stopped ends a use as a whole; a use that goes on by one channel has its ground still.

    >>> letters = Use(Basis.CONSENT, "letters")
    >>> ends(Stopped(Kind.CONSENT_WITHDRAWAL, [("all", "all")]), letters)
    True
    >>> ends(Stopped(Kind.CONSENT_WITHDRAWAL, [("all", "email")]), letters)
    False
    >>> ends(Stopped(Kind.OBJECTION_MARKETING, [("direct_marketing", "all")]), Use(Basis.INTERESTS, "offers", marketing=True))
    True
    """
    if stopped.kind is Kind.OBJECTION:
        return (use.purpose, ALL) in stopped.scopes
    if stopped.kind is Kind.OBJECTION_MARKETING:
        return use.marketing and (MARKETING, ALL) in stopped.scopes
    if use.basis is not Basis.CONSENT:
        return False
    meant = [
        channel for purpose, channel in stopped.scopes if purpose in {ALL, use.purpose} or purpose not in stopped.known
    ]
    serving = [each for each in stopped.consents if each.purpose == use.purpose or each.purpose not in stopped.known]
    if not meant or any(each.given for each in serving):
        return False
    return bool(serving) or any((purpose, ALL) in stopped.scopes for purpose in (ALL, use.purpose))


def left_without_ground(stopped: Stopped, uses: Collection[Use]) -> bool:
    """Whether data with these uses have no ground left: every one of them has ended.

    >>> both = [Use(Basis.CONSENT, "letters"), Use(Basis.CONTRACT, "orders")]
    >>> left_without_ground(Stopped(Kind.CONSENT_WITHDRAWAL, [("all", "all")]), both)
    False
    """
    return bool(uses) and all(ends(stopped, use) for use in uses)


def answer_of(code: str) -> Becomes:
    """Return the answer of a code. Raises Invalid where there is no such answer."""
    try:
        return Becomes(code)
    except ValueError:
        raise Invalid("Say what becomes of these data.", "becomes") from None


def record_put(kind: Kind, under: Under, *, left: bool) -> Record:
    """Return what the test for data without a ground came to, when the right had its effect.

    >>> record_put(Kind.OBJECTION, Under("eu_gdpr@2018-05-25"), left=False).sentence
    'Nothing that is held rested on it alone: no data are left without a legal ground.'
    """
    sentence = (
        "Data are held that rested on it alone: it is to be decided what becomes of them." if left
        else "Nothing that is held rested on it alone: no data are left without a legal ground."
    )
    return record(
        left, "raised" if left else "nothing_left", article=article_of(RAISES[kind]),
        rule="CON-1" if kind is Kind.CONSENT_WITHDRAWAL else "OBJ-1" if kind is Kind.OBJECTION else "OBJ-2", under=under,
        sentence=sentence, left=left,
    )


def record_answer(kind: Kind, becomes: Becomes, under: Under) -> Record:
    """Return the decision on the data that rested on what was stopped alone, one for each table.

    >>> record_answer(Kind.CONSENT_WITHDRAWAL, Becomes.ERASED, Under("eu_gdpr@2018-05-25", "local.letters")).article
    '17(1)(b)'
    """
    ground = RAISES[kind]
    sentence = (
        f"To be erased, because {GROUNDS[ground]}: a request for erasure was opened." if becomes is Becomes.ERASED
        else "Kept: another legal ground carries it, or an exception; which one is written down."
    )
    return record(
        becomes is Becomes.ERASED, becomes, article=article_of(ground),
        rule="CON-1" if kind is Kind.CONSENT_WITHDRAWAL else "OBJ-1" if kind is Kind.OBJECTION else "OBJ-2", under=under,
        sentence=sentence, ground=ground,
    )
