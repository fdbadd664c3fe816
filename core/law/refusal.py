"""When a request may be refused, and what it must say (Art. 11, 12(4), 12(5), 15(4), 17(3), 20(4); REF-1, REF-2, FEE-1)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.law.errors import Invalid, NotPossible
from core.law.identity import SWITCHED_OFF
from core.law.records import Record, Under, record
from core.law.ways import RIGHTS, Asker, Kind

LEAST_WORDS = 20  # characters below which no fact is told


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground: the article, its words to the user and in the letter, for which rights, and what must be shown."""

    code: str
    article: str
    title: str
    sentence: str  # completes: "We do not act on your request, because ..."
    rights: frozenset[Kind] | None  # None: every right
    evidence: bool  # the controller bears the burden of proof: no evidence, no refusal (FEE-1)


def _only(*kinds: Kind) -> frozenset[Kind]:
    return frozenset(kinds)


_ERASURE = _only(Kind.ERASURE)
GROUNDS: dict[str, Ground] = {
    row.code: row
    for row in (
        Ground("unfounded", "12(5)", "Manifestly unfounded",
               "it is manifestly unfounded (Article 12(5)(b))", None, True),
        Ground("excessive", "12(5)", "Excessive, in particular repetitive",
               "it is excessive, in particular because of its repetitive character (Article 12(5)(b))", None, True),
        Ground("not_identifiable", "11(2), 12(2)", "The person cannot be identified in the data",
               "we are demonstrably not in a position to identify you in the data (Articles 11(2) and 12(2))",
               SWITCHED_OFF, True),
        Ground("expression", "17(3)(a)", "Freedom of expression and information",
               "the data are needed for exercising the right of freedom of expression and information "
               "(Article 17(3)(a))", _ERASURE, False),
        Ground("legal_duty", "17(3)(b)", "A legal obligation or a public task demands the data",
               "a legal obligation or a task in the public interest demands that we keep the data "
               "(Article 17(3)(b))", _ERASURE, False),
        Ground("public_health", "17(3)(c)", "Public health",
               "the data are needed for reasons of public interest in the area of public health "
               "(Article 17(3)(c))", _ERASURE, False),
        Ground("archiving", "17(3)(d)", "Archiving, research or statistics",
               "erasing the data would make archiving, research or statistics impossible or seriously impair them "
               "(Article 17(3)(d))", _ERASURE, False),
        Ground("legal_claims", "17(3)(e)", "Legal claims",
               "the data are needed to establish, exercise or defend legal claims (Article 17(3)(e))", _ERASURE, False),
        Ground("others_access", "15(4)", "The copy would adversely affect others",
               "the copy would adversely affect the rights and freedoms of others, and no part of it can be given "
               "without that (Article 15(4))", _only(Kind.ACCESS), True),
        Ground("others_portability", "20(4)", "The portable copy would adversely affect others",
               "the portable copy would adversely affect the rights and freedoms of others (Article 20(4))",
               _only(Kind.PORTABILITY), True),
        Ground("no_ground", "12(4)", "The law does not give this right here",
               "the conditions under which the law gives this right are not met", _only(
                   Kind.PORTABILITY, Kind.RECTIFICATION, Kind.ERASURE, Kind.RESTRICTION, Kind.OBJECTION,
                   Kind.CONSENT_WITHDRAWAL, Kind.HUMAN_REVIEW,
               ), False),
    )
}  # fmt: skip

# What can show abuse, or an excess. The number alone shows nothing: the intention must follow from all the circumstances
# (C-416/23), a first request can be abusive too (C-526/24), and why somebody asks is otherwise their own affair (C-307/22).
class Circumstance(StrEnum):
    """What can show that a request is manifestly unfounded or excessive, as a record names it."""

    NUMBER = "number"
    UNCHANGED = "unchanged"
    OVERLAP = "overlap"
    STATED = "stated"
    BARGAIN = "bargain"
    TARGET = "target"
    CLAIM = "claim"
    OTHER = "other"


CIRCUMSTANCES: dict[str, str] = {
    Circumstance.NUMBER: "How often it was asked",
    Circumstance.UNCHANGED: "The same was answered, and nothing has changed since",
    Circumstance.OVERLAP: "It asks for what another open request asks for already",
    Circumstance.STATED: "The person says that it is meant to burden or to harm",
    Circumstance.BARGAIN: "The person offers to take it back for an advantage",
    Circumstance.TARGET: "It is aimed at a colleague, with accusations that nothing supports",
    Circumstance.CLAIM: "It was made only to manufacture a claim for damages",
    Circumstance.OTHER: "Something else, written down in the evidence",
}
ABUSE = frozenset({"unfounded", "excessive"})  # the grounds of Article 12(5)

# The three parts that Article 12(4) demands, each with the words that stand in a letter that says it (REF-1).
PARTS = {
    "reasons": ("because",), "complaint": ("compla", "supervisory authority"), "remedy": ("judicial remedy",),
}
PART_NAMES = {
    "reasons": "the reasons", "complaint": "the possibility of a complaint to a supervisory authority",
    "remedy": "the judicial remedy",
}

def never(kind: Kind) -> str:
    """Return why a right can never be refused, empty where it may be.

    >>> never(Kind.OBJECTION_MARKETING)[:44]
    'An objection to direct marketing is never re'
    """
    if kind is Kind.OBJECTION_MARKETING:
        return "An objection to direct marketing is never refused: the marketing stops (Art. 21(3))."
    if RIGHTS[kind].asker is Asker.AUTHORITY:
        return "What an authority asks for is answered on a path of its own, and never refused under Article 12."
    return ""


def grounds(kind: Kind) -> tuple[Ground, ...]:
    """Return the grounds on which a request of this right may be refused at all; none for direct marketing.

    >>> [ground.code for ground in grounds(Kind.ACCESS)]
    ['unfounded', 'excessive', 'not_identifiable', 'others_access']
    """
    if never(kind):
        return ()
    return tuple(each for each in GROUNDS.values() if each.rights is None or kind in each.rights)


def require_circumstances(code: str, circumstances: Collection[str]) -> tuple[str, ...]:
    """Return the circumstances that show a ground of Article 12(5), in their order; none for another ground (FEE-2).

    Raises Invalid where none is named, or where the number of requests is all there is.

    >>> require_circumstances("excessive", ["unchanged", "number"])
    ('number', 'unchanged')
    >>> require_circumstances("legal_claims", ["number"])
    ()
    """
    if code not in ABUSE:
        return ()
    if not set(circumstances) <= set(CIRCUMSTANCES):
        raise Invalid("Choose what shows it from the list.", "circumstances")
    if not set(circumstances) - {Circumstance.NUMBER}:
        raise Invalid(
            "Say what shows it besides the number: how often somebody asks is no abuse by itself, all the circumstances count "
            "(C-416/23).", "circumstances",
        )
    return tuple(each.value for each in Circumstance if each in circumstances)


def require_ground(kind: Kind, code: str, facts: str, evidence: str, circumstances: Collection[str] = ()) -> Ground:
    """Return the ground for refusing. Raises NotPossible where the right is never refused, Invalid with what is missing.

    FEE-1, FEE-2: for what the controller must show, the evidence is written down, or there is no refusal.
    """
    if reason := never(kind):
        raise NotPossible(reason)
    ground = next((each for each in grounds(kind) if each.code == code), None)
    if ground is None:
        raise Invalid(f"Choose a ground on which this right ({RIGHTS[kind].name.lower()}) may be refused.", "ground")
    if len(facts.strip()) < LEAST_WORDS:
        raise Invalid("Write the facts of this case that make the ground true: the person reads them.", "facts")
    if ground.evidence and len(evidence.strip()) < LEAST_WORDS:
        raise Invalid(
            "Write down the evidence: the burden of proof is ours (Art. 12(5), 12(2)). Without it there is no refusal.",
            "evidence",
        )
    require_circumstances(code, circumstances)
    return ground


def missing(letter: str) -> tuple[str, ...]:
    """Return which of the three parts of Article 12(4) a letter lacks.

    >>> missing("We refuse because of the facts. You may lodge a complaint with a supervisory authority.")
    ('remedy',)
    """
    text = " ".join(letter.lower().split())
    return tuple(part for part, words in PARTS.items() if not all(word in text for word in words))


def missing_of_part(letter: str, stays: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Return which of the three parts a letter about a part not done lacks; each thing left is named with its words.

    >>> told = "Orders stay until 2034, because the Fiscal Code demands it. Complain to the supervisory authority."
    >>> missing_of_part(told + " You may seek a judicial remedy.", [("orders", "2034")])
    ()
    >>> missing_of_part(told, [("orders", "2034"), ("invoices",)])
    ('reasons', 'remedy')
    """
    lacks = set(missing(letter)) | ({"reasons"} if unnamed(letter, stays) else set())
    return tuple(part for part in PARTS if part in lacks)


def unnamed(letter: str, stays: Iterable[Sequence[str]]) -> bool:
    """Say whether a letter fails to name something that is left, or until when it stays.

    >>> unnamed("Orders stay until 2034.", [("orders", "2034")]), unnamed("Orders stay.", [("orders", "2034")])
    (False, True)
    """
    text = " ".join(letter.casefold().split())
    return any(" ".join(word.casefold().split()) not in text for words in stays for word in words)


def require_part(letter: str, stays: Iterable[Sequence[str]], *, standing: bool = False) -> None:
    """Raise NotPossible, naming the parts, where the letter about a part not done lacks one (Art. 12(4), REF-1).

    `standing` says that all three stand in passages which nobody can edit: then only each thing left is looked for, which
    another plan may have changed since.
    """
    if standing:
        lacks: tuple[str, ...] = ("reasons",) if unnamed(letter, stays) else ()
    else:
        lacks = missing_of_part(letter, stays)
    if lacks:
        names = ", ".join(PART_NAMES[part] for part in lacks)
        raise NotPossible(
            f"The letter lacks {names}: what is not done is told with all three (Art. 12(4)), each thing left by its name "
            "and until when. Complete it, or draft it anew."
        )


def require_whole(letter: str) -> None:
    """Raise NotPossible, naming the parts, where a refusal lacks one of the three that Article 12(4) demands."""
    if lacks := missing(letter):
        names = ", ".join(PART_NAMES[part] for part in lacks)
        raise NotPossible(f"The letter lacks {names}: a refusal says all three (Art. 12(4)). Complete it first.")


def is_late(refusal_due: date | None, today: date) -> bool:
    """Say whether a refusal comes after the day until which the person must be told (REF-2); never a reason to stop.

    >>> is_late(date(2026, 4, 3), date(2026, 4, 3)), is_late(date(2026, 4, 3), date(2026, 4, 4))
    (False, True)
    """
    return refusal_due is not None and today > refusal_due


def record_of(
    kind: Kind, code: str, facts: str, evidence: str, under: Under, *, refusal_due: date | None, today: date,
    circumstances: Collection[str] = (),
) -> Record:
    """Return the decision to refuse, or not to, with what is missing for it (REF-1, REF-2, FEE-1). No typed word enters it.

    >>> under = Under("eu_gdpr@2018-05-25")
    >>> told = "The same copy was given nine days ago."
    >>> late = record_of(Kind.ACCESS, "excessive", told, told, under, refusal_due=date(2026, 4, 3), today=date(2026, 4, 4),
    ...     circumstances=["unchanged"])
    >>> late.granted, late.article, dict(late.inputs)["late"]
    (True, '12(5)', 'yes')
    >>> record_of(Kind.ACCESS, "excessive", told, "", under, refusal_due=None, today=date(2026, 4, 4)).outcome
    'not_refused'
    """
    try:
        ground = require_ground(kind, code, facts, evidence, circumstances)
    except (Invalid, NotPossible) as missing_part:
        article, outcome, sentence = "12(4)", "not_refused", f"The request is not refused: {missing_part}"
    else:
        article, outcome, sentence = ground.article, "refused", f"The request is refused, because {ground.sentence}."
    return record(
        outcome == "refused", outcome, article=article, rule="REF-1", under=under, sentence=sentence, right=kind,
        told_facts=bool(facts.strip()), evidence=bool(evidence.strip()), refusal_due=refusal_due, today=today,
        late=is_late(refusal_due, today),
        shown_by={each for each in Circumstance if code in ABUSE and each in circumstances},
    )
