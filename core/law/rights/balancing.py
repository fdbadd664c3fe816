"""Objection under Article 21(1): who may object, what is weighed by whom, and how it ends (OBJ-1; Article 21(6))."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.law.errors import Invalid, NotAllowed
from core.law.records import Record, Under, record
from core.law.rights.bases import Use, reach
from core.law.ways import Kind

LEAST_WORDS = 20  # characters below which nothing is weighed


class Outcome(StrEnum):
    """How an objection stands, for one use of the data."""

    OPEN = "open"  # the use is restricted meanwhile, if the person wants it
    NOT_GIVEN = "not_given"  # the law gives no objection against this use
    UPHELD = "upheld"
    NOT_UPHELD = "not_upheld"


class Research(StrEnum):
    """Whether the use is research or statistics under Article 89(1), against which 21(6) gives an objection of its own."""

    NONE = "none"
    RESEARCH = "research"
    PUBLIC_TASK = "public_task"  # necessary for a task carried out in the public interest: no objection


class Prevails(StrEnum):
    """What the controller demonstrates; without one of the two the objection is upheld (21(1), second sentence)."""

    COMPELLING = "compelling"  # compelling legitimate grounds that override the person's interests
    CLAIMS = "claims"  # the establishment, exercise or defence of legal claims
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Balancing:
    """What was weighed: our grounds, the person's situation, which prevails, by whom. The burden of proof is ours."""

    our_grounds: str
    persons_situation: str
    prevails: Prevails
    weighed_by: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Follow:
    """What an outcome brings about: the letter, whether the use stops, and whether Article 17(1)(c) then holds."""

    letter: str
    stops: bool
    erasure_ground: bool
    restriction_ends: bool
    approval: bool
    sentence: str


FOLLOWS: Mapping[Outcome, Follow] = {
    Outcome.OPEN: Follow(
        "restriction_set", False, False, False, False,
        "It is being decided whose grounds prevail; restriction is offered at once (Article 18(1)(d)).",
    ),
    Outcome.NOT_GIVEN: Follow(
        "refusal", False, False, True, True, "The law gives no objection against this use; the letter says why.",
    ),
    Outcome.UPHELD: Follow(
        "objection_upheld", True, True, True, False, "The use stops; what it alone needed may now be erased.",
    ),
    Outcome.NOT_UPHELD: Follow(
        "objection_not_upheld", False, False, True, True,
        "The use goes on; the person is told why, and of complaint and judicial remedy, before a restriction is lifted.",
    ),
}  # fmt: skip


def check(balancing: Balancing) -> Balancing:
    """Return the balancing if it records what it must. Raises Invalid that names the first missing part."""
    if len(balancing.our_grounds.strip()) < LEAST_WORDS:
        raise Invalid("Write down our grounds for this use: the burden of proof is ours (Art. 21(1)).", "our_grounds")
    if len(balancing.persons_situation.strip()) < LEAST_WORDS:
        raise Invalid("Write down the person's situation, and what the use means for them.", "persons_situation")
    if balancing.prevails is Prevails.CLAIMS and not balancing.reference.strip():
        raise Invalid("Name the legal claim for which the data are needed.", "reference")
    return balancing


def decide(
    kind: Kind, use: Use, balancing: Balancing | None, *, situation: bool = True, research: Research = Research.NONE
) -> Outcome:
    """Decide an objection to one use. `situation` says that the person told grounds of their own situation.

    Direct marketing stops without any weighing: a balancing is not even looked at (21(2), (3)). Otherwise the use stops
    unless we demonstrate what overrides it; until then the objection is open. Raises Invalid for an incomplete balancing.

    >>> from core.law.rights.bases import Basis
    >>> fraud = Use(Basis.INTERESTS, "fraud prevention")
    >>> decide(Kind.OBJECTION, fraud, None)
    <Outcome.OPEN: 'open'>
    >>> ours, theirs = "Fraud of this very kind cost three customers.", "The person moves house often for work."
    >>> decide(Kind.OBJECTION, fraud, Balancing(ours, theirs, Prevails.COMPELLING, "a"))
    <Outcome.NOT_UPHELD: 'not_upheld'>
    >>> decide(Kind.OBJECTION, fraud, Balancing(ours, theirs, Prevails.NOTHING, "a"))
    <Outcome.UPHELD: 'upheld'>
    >>> decide(Kind.OBJECTION, Use(Basis.CONTRACT, "delivery"), None)
    <Outcome.NOT_GIVEN: 'not_given'>
    >>> decide(Kind.OBJECTION_MARKETING, Use(Basis.INTERESTS, "newsletter", marketing=True), None)
    <Outcome.UPHELD: 'upheld'>
    """
    if kind not in {Kind.OBJECTION, Kind.OBJECTION_MARKETING}:
        raise Invalid("This is not an objection.", "kind")
    if kind is Kind.OBJECTION_MARKETING or use.marketing:
        return Outcome.UPHELD
    if research is not Research.NONE:
        if not situation:
            return Outcome.OPEN
        return Outcome.NOT_UPHELD if research is Research.PUBLIC_TASK else Outcome.UPHELD
    if not reach(Kind.OBJECTION, use).applies:
        return Outcome.NOT_GIVEN
    if balancing is None or not situation:
        return Outcome.OPEN
    return Outcome.UPHELD if check(balancing).prevails is Prevails.NOTHING else Outcome.NOT_UPHELD


def restriction_offered(kind: Kind, outcome: Outcome) -> bool:
    """Whether restriction under 18(1)(d) is offered: from receipt until the objection under 21(1) is decided.

    >>> restriction_offered(Kind.OBJECTION, Outcome.OPEN), restriction_offered(Kind.OBJECTION, Outcome.NOT_UPHELD)
    (True, False)
    """
    return kind is Kind.OBJECTION and outcome is Outcome.OPEN


def require_approver(balancing: Balancing, approver: str, outcome: Outcome) -> None:
    """Refuse that whoever weighed also approves; an objection that is upheld needs no approval.

    >>> weighed = Balancing("grounds of ours", "their situation", Prevails.NOTHING, "a")
    >>> require_approver(weighed, "a", Outcome.UPHELD)
    """
    if FOLLOWS[outcome].approval and approver == balancing.weighed_by:
        raise NotAllowed("You weighed the interests: another person approves that the use goes on.")


def record_of(
    kind: Kind, use: Use, balancing: Balancing | None, under: Under, *, situation: bool = True,
    research: Research = Research.NONE,
) -> Record:
    """Return the decision on an objection to one use, without a word of what was weighed.

    >>> from core.law.rights.bases import Basis
    >>> made = record_of(Kind.OBJECTION, Use(Basis.CONSENT, "survey"), None, Under("eu_gdpr@2018-05-25", "survey.answers"))
    >>> made.granted, made.sentence
    (False, 'Not given: it rests on consent: the person withdraws it instead.')
    """
    outcome = decide(kind, use, balancing, situation=situation, research=research)
    absolute = kind is Kind.OBJECTION_MARKETING or use.marketing
    if outcome is Outcome.NOT_GIVEN:
        sentence = f"Not given: {reach(Kind.OBJECTION, use).reason}."
    elif absolute:
        sentence = "Direct marketing stops at once, without any weighing of interests."
    else:
        sentence = FOLLOWS[outcome].sentence
    article = "21(3)" if absolute else "21(6)" if research is not Research.NONE else "21(1)"
    weighed = None if absolute or balancing is None else balancing.prevails
    return record(
        outcome is Outcome.UPHELD, outcome, article=article, rule="OBJ-2" if absolute else "OBJ-1", under=under,
        sentence=sentence, right=kind, basis=use.basis, marketing=use.marketing, situation=situation, research=research,
        prevails=weighed,
    )
