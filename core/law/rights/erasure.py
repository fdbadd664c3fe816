"""Erasure, decided for each item and never for the request as a whole (Article 17; ERA, ERA-2, ERA-3, ERA-4)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from core.law.errors import Invalid
from core.law.records import Record, Under, record
from core.law.rights.bases import Basis, Use, erasure_grounds
from core.law.workflow import Closing


class Ground(StrEnum):
    """The grounds of Article 17(1)."""

    PURPOSE_OVER = "17.1.a"
    CONSENT_WITHDRAWN = "17.1.b"
    OBJECTION = "17.1.c"
    UNLAWFUL = "17.1.d"
    LAW_REQUIRES = "17.1.e"
    CHILD_SERVICE = "17.1.f"


class Exemption(StrEnum):
    """The exceptions of Article 17(3), each only to the extent necessary."""

    EXPRESSION = "17.3.a"
    OBLIGATION = "17.3.b"
    PUBLIC_HEALTH = "17.3.c"
    RESEARCH = "17.3.d"
    CLAIMS = "17.3.e"


class Decision(StrEnum):
    """What happens to one item."""

    NO_GROUND = "no_ground"
    RETAIN = "retain"
    ERASE = "erase"


GROUNDS: Mapping[Ground, str] = {
    Ground.PURPOSE_OVER: "the data are no longer needed for the purpose for which they were collected",
    Ground.CONSENT_WITHDRAWN: "the consent was withdrawn and there is no other ground for that use",
    Ground.OBJECTION: "an objection was upheld, or is one to direct marketing",
    Ground.UNLAWFUL: "the data were processed unlawfully",
    Ground.LAW_REQUIRES: "the law of the Union or of a Member State requires the erasure",
    Ground.CHILD_SERVICE: "the data were collected for an online service offered to a child",
}
EXEMPTIONS: Mapping[Exemption, str] = {
    Exemption.EXPRESSION: "the freedom of expression and information",
    Exemption.OBLIGATION: "a legal obligation to keep them, or a task in the public interest",
    Exemption.PUBLIC_HEALTH: "public interest in public health",
    Exemption.RESEARCH: "archiving, research or statistics that the erasure would seriously impair",
    Exemption.CLAIMS: "the establishment, exercise or defence of legal claims",
}
# What has to be recorded, or the exception covers nothing (17(3); the controller bears the burden of proof).
MUST_RECORD: Mapping[Exemption, tuple[str, ...]] = {
    Exemption.EXPRESSION: ("why",),
    Exemption.OBLIGATION: ("reference", "until"),
    Exemption.PUBLIC_HEALTH: ("reference",),
    Exemption.RESEARCH: ("reference", "why"),
    Exemption.CLAIMS: ("reference", "until"),
}
DATED = frozenset(each for each, parts in MUST_RECORD.items() if "until" in parts)  # what they keep has its last day
_RECORDS = {
    "why": "Write the reasons for this exception: what was weighed, and why it prevails.",
    "reference": "Name what this exception rests on: the statute, the provision or the claim.",
    "until": "Name the day until which the data must be kept.",
}
MOST_PUBLIC = 20  # controllers told of one erasure by name; a search engine's form stands for many places
FILE_GROUND = "5.2"  # ERA-3: the request file shows that the right was answered
NO_GROUND_SENTENCE = "no ground of Article 17(1) reaches this use of the data"


@dataclass(frozen=True, slots=True)
class Retention:
    """An exception claimed for an item, with what Article 17(3) makes the controller show."""

    exemption: Exemption
    reference: str = ""
    until: date | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One item: the basis of each of its uses (letters of Art. 6(1)), the grounds claimed, an exception if any.

    `uses` tells more than `bases` and stands in their place: which purpose, and whether it is marketing. `limits` names
    the purposes to which a ground is limited; a ground that is not named there concerns every purpose.
    """

    bases: tuple[str, ...]
    grounds: frozenset[Ground]
    retention: Retention | None = None
    uses: tuple[Use, ...] = ()
    limits: Mapping[Ground, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MadePublic:
    """That the controller made the data public: where, and which controllers are told of the erasure (Article 17(2))."""

    where: str = ""
    whom: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything was made public."""
        return bool(self.where)


def read_public(where: str, whom: Iterable[str], *, needed: bool = False) -> MadePublic:
    """Return where data were made public and whom to tell, each once. Raises Invalid where one of the two is missing.

    Where it is `needed`, because something was made public, both are.

    >>> read_public("The team page", ["Search engine", " Search engine ", ""])
    MadePublic(where='The team page', whom=('Search engine',))
    >>> bool(read_public("", []))
    False
    """
    names = tuple(dict.fromkeys(name for each in whom if (name := " ".join(each.split()))))
    if where.strip() and not names:
        raise Invalid("Name who is told of the erasure: who links to the place, or copied it, such as a search engine.", "whom")
    if (names or needed) and not where.strip():
        raise Invalid("Write where the data were made public.", "where")
    if len(names) > MOST_PUBLIC:
        raise Invalid(f"Name {MOST_PUBLIC} at most, one in a line.", "whom")
    return MadePublic(where.strip(), names)


def check(retention: Retention) -> Retention:
    """Return the exception if everything it must record is there. Raises Invalid that names the first missing part."""
    for name in MUST_RECORD[retention.exemption]:
        value = getattr(retention, name)
        if value is None or (isinstance(value, str) and not value.strip()):
            raise Invalid(_RECORDS[name], name)
    return retention


def reaching(use: Use, item: Item) -> frozenset[Ground]:
    """Return the grounds claimed for an item that reach one of its uses, by the table of rights by legal basis.

    >>> newsletter, survey = Use(Basis.CONSENT, "newsletter"), Use(Basis.CONSENT, "survey")
    >>> item = Item((), frozenset({Ground.CONSENT_WITHDRAWN}), limits={Ground.CONSENT_WITHDRAWN: frozenset({"survey"})})
    >>> bool(reaching(survey, item)), bool(reaching(newsletter, item))
    (True, False)
    """
    can = {Ground(f"17.1.{letter}") for letter in erasure_grounds(use)}
    return frozenset(
        ground for ground in item.grounds & can if use.purpose in item.limits.get(ground, frozenset({use.purpose}))
    )


def uses_of(item: Item) -> tuple[Use, ...]:
    """Return the uses of an item, each with its basis."""
    return item.uses or tuple(Use(Basis(letter)) for letter in item.bases)


def decide(item: Item, today: date) -> Decision:
    """Decide one item on a day: no ground, retained by an exception that still runs, or erased (Art. 17(1), 17(3)).

    Every use of the item must be reached by a ground: while one use stands, the data are needed for it.

    >>> withdrawn = frozenset({Ground.CONSENT_WITHDRAWN})
    >>> decide(Item(("a",), withdrawn), date(2026, 11, 24))
    <Decision.ERASE: 'erase'>
    >>> decide(Item(("a", "b"), withdrawn), date(2026, 11, 24))
    <Decision.NO_GROUND: 'no_ground'>
    >>> tax = Retention(Exemption.OBLIGATION, "Section 147 of the Fiscal Code", date(2034, 12, 31))
    >>> decide(Item(("b",), frozenset({Ground.PURPOSE_OVER}), tax), date(2026, 11, 24))
    <Decision.RETAIN: 'retain'>
    >>> decide(Item(("b",), frozenset({Ground.PURPOSE_OVER}), tax), date(2035, 1, 1))
    <Decision.ERASE: 'erase'>
    """
    uses = uses_of(item)
    if not uses or not all(reaching(use, item) for use in uses):
        return Decision.NO_GROUND
    retention = item.retention
    if retention is not None and (retention.until is None or retention.until >= today):
        check(retention)
        return Decision.RETAIN
    return Decision.ERASE


def outcome(decisions: Iterable[Decision]) -> Closing:
    """Return how the request ends: fulfilled where all is erased, refused where nothing is, partly in between.

    What holds nothing is no item; the request file is none either (ERA-3).

    >>> outcome([Decision.ERASE, Decision.RETAIN])
    <Closing.PARTLY_FULFILLED: 'partly_fulfilled'>
    """
    taken = set(decisions)
    if taken <= {Decision.ERASE}:
        return Closing.FULFILLED
    return Closing.PARTLY_FULFILLED if Decision.ERASE in taken else Closing.REFUSED


def record_of(item: Item, today: date, under: Under) -> Record:
    """Return the decision on an item with its grounds, its exception and its reason, for the log and the letter (ERA).

    >>> tax = Retention(Exemption.OBLIGATION, "Section 147 of the Fiscal Code", date(2034, 12, 31))
    >>> item = Item(("b",), frozenset({Ground.PURPOSE_OVER}), tax)
    >>> kept = record_of(item, date(2026, 11, 24), Under("eu_gdpr@2018-05-25", "orders.invoices"))
    >>> kept.granted, kept.article, dict(kept.inputs)["until"]
    (False, '17(3)(b)', '2034-12-31')
    >>> kept.sentence
    'It is kept for a legal obligation to keep them, or a task in the public interest.'
    """
    decision, retention = decide(item, today), item.retention
    if decision is Decision.RETAIN and retention is not None:
        article, why = article_of(retention.exemption), f"It is kept for {EXEMPTIONS[retention.exemption]}."
    elif decision is Decision.ERASE:
        first = min(ground for use in uses_of(item) for ground in reaching(use, item))
        article, why = article_of(first), f"It is erased, because {GROUNDS[first]}."
    else:
        article, why = "17(1)", f"It stays, because {NO_GROUND_SENTENCE}."
    return record(
        decision is Decision.ERASE, decision, article=article, rule="ERA", under=under, sentence=why, today=today,
        bases={use.basis for use in uses_of(item)}, grounds=item.grounds,
        exception=retention.exemption if retention else None, until=retention.until if retention else None,
        marketing=any(use.marketing for use in uses_of(item)),
    )


def record_public(under: Under) -> Record:
    """Return that those are told who process what was made public and is erased (Article 17(2); ERA-4).

    >>> record_public(Under("eu_gdpr@2018-05-25")).article
    '17(2)'
    """
    return record(
        True, Decision.ERASE, article="17(2)", rule="ERA-4", under=under,
        sentence="The data were made public: who processes them is told that links, copies and replications are to be erased.",
    )


def record_file(under: Under) -> Record:
    """Return that the request file itself stays, whatever is erased: it shows that the right was answered (ERA-3).

    >>> record_file(Under("eu_gdpr@2018-05-25", "desk")).article
    '5(2)'
    """
    return record(
        False, Decision.RETAIN, article="5(2)", rule="ERA-3", under=under,
        sentence="The request file stays until its own retention ends: it shows that the right was answered.",
    )


def erase_on(retention: Retention) -> date | None:
    """Return the day on which a kept item is erased: the day after the last one; None while its reason has no end.

    >>> erase_on(Retention(Exemption.CLAIMS, "claim 7", date(2029, 12, 31)))
    datetime.date(2030, 1, 1)
    """
    return None if retention.until is None else retention.until + timedelta(days=1)


def article_of(code: str) -> str:
    """Return the code of a ground or an exception as the Regulation is quoted.

    >>> article_of(Exemption.OBLIGATION)
    '17(3)(b)'
    """
    article, paragraph, letter = code.split(".")
    return f"{article}({paragraph})({letter})"


def suppression_ground(standing: Collection[str], *, wished: bool) -> bool:
    """Whether a keyed suppression entry may stay after the erasure: for an objection, a withdrawal or a wish (ERA-2).

    >>> suppression_ground([], wished=False)
    False
    """
    return wished or bool(set(standing) & {"objection", "withdrawal"})
