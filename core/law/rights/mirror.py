"""The decision mirror: how this house decided like cases, and whether this one is treated unequally (MIR-1).

Fairness is a principle that the controller must be able to show (Articles 5(1)(a) and 5(2)); the numbers are our own rule.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.law.acts import Act
from core.law.workflow import Closing, State

LEAST = 5  # like cases below which nothing is compared, and no number is shown
FEW = "Fewer than five like cases: nothing to compare with yet."


class Question(StrEnum):
    """The legal questions whose answers are compared."""

    REFUSAL = "refusal"  # whether the request is acted on
    ERASURE = "erasure"  # whether a table is erased
    CORRECTION = "correction"  # whether what is contested in a table is corrected
    OBJECTION = "objection"  # whether the use of the data stops
    EXTENSION = "extension"  # whether the period is extended
    PAYMENT = "fee"  # whether the person pays


# Of a refusal and a fee the numbers are told and none is marked: most requests are answered free of charge, whatever was asked,
# and a mark that always stands says nothing.
MARKED = frozenset({Question.ERASURE, Question.CORRECTION, Question.OBJECTION, Question.EXTENSION})
ON_THE_ANSWER = (Question.REFUSAL, Question.ERASURE, Question.CORRECTION, Question.OBJECTION)


class Treatment(StrEnum):
    """What the person gets; on which ground they get it is told beside it and makes no case unlike."""

    ANSWERED = "answered"
    REFUSED = "refused"
    ERASED = "erased"
    KEPT = "kept"
    CORRECTED = "corrected"
    PARTLY = "partly corrected"
    LEFT = "left as it is"
    UPHELD = "upheld"
    NOT_UPHELD = "not upheld"
    EXTENDED = "extended"
    NOT_EXTENDED = "not extended"
    CHARGED = "charged a fee"
    FREE = "answered free of charge"


# A request that ended otherwise was not decided: withdrawn, a duplicate, of somebody who was never identified.
DECIDED = {
    Closing.FULFILLED: "in full", Closing.PARTLY_FULFILLED: "in part", Closing.NO_DATA_HELD: "no data held",
    Closing.REFUSED: "",
}  # fmt: skip
STANDING = (State.CARRYING_OUT, State.READY_TO_SEND, State.CLOSED)  # where a decision was taken, and not taken back


@dataclass(frozen=True, slots=True)
class Records:
    """Which records answer a question: of these acts alone, for what follows years later decides no request.

    `fact` is that of the record that tells the ground; where there is none, it is the article.
    """

    acts: tuple[Act, ...]
    fact: str
    states: tuple[State, ...]


RECORDS = {
    Question.ERASURE: Records((Act.PLAN_APPROVE,), "", STANDING),
    Question.CORRECTION: Records((Act.PLAN_APPROVE,), "finding", STANDING),
    Question.OBJECTION: Records((Act.NEED_RECORD,), "prevails", STANDING),
    Question.EXTENSION: Records((Act.EXTENSION_APPROVE, Act.EXTENSION_RETURN), "grounds", tuple(State)),
}
_OUTCOMES = {
    Question.ERASURE: {
        "erase": Treatment.ERASED, "retain": Treatment.KEPT, "held": Treatment.KEPT, "no_ground": Treatment.KEPT,
    },
    Question.CORRECTION: {"corrected": Treatment.CORRECTED, "left": Treatment.LEFT},
    Question.OBJECTION: {
        "upheld": Treatment.UPHELD, "not_upheld": Treatment.NOT_UPHELD, "not_given": Treatment.NOT_UPHELD,
    },
    Question.EXTENSION: {"approved": Treatment.EXTENDED, "returned": Treatment.NOT_EXTENDED},
}
_NO_GROUND = "17(1)"  # the article of an item that no ground reaches


@dataclass(frozen=True, slots=True)
class Way:
    """How one case was treated, and on what."""

    treatment: Treatment
    on: str = ""

    @property
    def words(self) -> str:
        """The way as a sentence says it: 'kept under Art. 17(3)(b)'."""
        return f"{self.treatment} {self.on}".strip()


@dataclass(frozen=True, slots=True)
class This:
    """The decision in hand; `item` is empty where it is about the request as a whole."""

    question: Question
    item: str
    way: Way


@dataclass(frozen=True, slots=True)
class Like:
    """How many like cases were treated in one way, the first of them on which day."""

    way: Way
    cases: int
    since: date


@dataclass(frozen=True, slots=True)
class Reflection:
    """A decision beside like cases; below LEAST of them nothing is told of any, not even how many they are."""

    this: This
    likes: tuple[Like, ...] = ()

    @property
    def total(self) -> int:
        """How many like cases there are."""
        return sum(each.cases for each in self.likes)

    @property
    def since(self) -> date | None:
        """The day of the first like case."""
        return min((each.since for each in self.likes), default=None)

    @property
    def unequal(self) -> bool:
        """Whether this one is treated unequally, of what can be marked at all."""
        return self.this.question in MARKED and unequal(self.this.way, self.likes)

    @property
    def others(self) -> tuple[Like, ...]:
        """The like cases that ended otherwise."""
        return tuple(each for each in self.likes if each.way.treatment is not self.this.way.treatment)

    def told(self, title: str) -> str:
        """Return how like cases ended, in one line.

        >>> way, day = Way(Treatment.KEPT, "under Art. 17(3)(b)"), date(2025, 3, 2)
        >>> likes = [Like(way, 14, day), Like(Way(Treatment.ERASED, "under Art. 17(1)(a)"), 1, date(2026, 1, 1))]
        >>> reflect(This(Question.ERASURE, "shop.orders", way), likes).told("Orders")
        'Orders, kept under Art. 17(3)(b): 14 kept, 1 erased, in 15 like cases since 2 Mar 2025'
        """
        if self.since is None:
            return f"{title}, {self.this.way.words}: {FEW}"
        return (f"{title}, {self.this.way.words}: {_counted(self.likes)}, in {self.total} like cases since "
                f"{self.since.day} {self.since:%b %Y}")

    def sentence(self, title: str) -> str:
        """Return the one sentence that marks unequal treatment; empty where there is none."""
        if not self.unequal or self.since is None:
            return ""
        return (f"{title}: {self.this.way.words} here, while {sum(each.cases for each in self.others)} of {self.total} like "
                f"cases since {self.since.day} {self.since:%b %Y} ended otherwise ({_counted(self.others)}).")


def unequal(way: Way, likes: Iterable[Like]) -> bool:
    """Whether at least LEAST like cases are there and at least four fifths of them ended otherwise (MIR-1).

    >>> others = Like(Way(Treatment.ERASED), 4, date(2026, 1, 1)), Like(Way(Treatment.KEPT), 1, date(2026, 1, 1))
    >>> unequal(Way(Treatment.KEPT), others), unequal(Way(Treatment.KEPT), others[:1]), unequal(Way(Treatment.ERASED), others)
    (True, False, False)
    """
    counted = [(each.way.treatment is not way.treatment, each.cases) for each in likes]
    total = sum(cases for _, cases in counted)
    return total >= LEAST and 5 * sum(cases for otherwise, cases in counted if otherwise) >= 4 * total


def reflect(this: This, likes: Iterable[Like]) -> Reflection:
    """Return a decision beside like cases: each way once, the most frequent first; none at all below LEAST (MIR-1)."""
    ways: dict[Way, Like] = {}
    for each in likes:
        held = ways.get(each.way)
        ways[each.way] = Like(each.way, each.cases + held.cases, min(each.since, held.since)) if held else each
    made = Reflection(this, tuple(sorted(ways.values(), key=lambda each: (-each.cases, each.way.words))))
    return made if made.total >= LEAST else Reflection(this)


def warning(reflections: Sequence[tuple[str, Reflection]]) -> str:
    """Return the one sentence that marks unequal treatment of a request's decisions, by their titles; empty without any."""
    marked = [(title, each) for title, each in reflections if each.unequal]
    if len(marked) < 2:
        return "".join(each.sentence(title) for title, each in marked)
    return (f"{len(marked)} items are decided otherwise here than in at least four fifths of the like cases of each: "
            f"{', '.join(title for title, _ in marked)}.")


def way_of(question: Question, outcomes: Iterable[str], article: str, fact: str = "") -> Way | None:
    """Return the way that the last records of a request on an item tell; None for an outcome that answers no question.

    >>> way_of(Question.ERASURE, ["retain"], "17(3)(b)").words, way_of(Question.ERASURE, ["no_ground"], "17(1)").words
    ('kept under Art. 17(3)(b)', 'kept for want of a ground (Art. 17(1))')
    >>> way_of(Question.CORRECTION, ["corrected", "left"], "16", "accurate").words
    'partly corrected'
    """
    codes = set(outcomes)
    found = {_OUTCOMES[question].get(code) for code in codes}
    if None in found or not found:
        return None
    if len(found) > 1:
        return Way(Treatment.PARTLY) if question is Question.CORRECTION else None
    (treatment,) = (each for each in found if each is not None)
    if question is Question.ERASURE:
        return Way(treatment, f"for want of a ground (Art. {_NO_GROUND})" if article == _NO_GROUND else f"under Art. {article}")
    if codes == {"not_given"}:
        return Way(treatment, "(the law gives none)")
    return Way(treatment, _on(fact))


def way_of_closing(closing: str, article: str) -> Way:
    """Return how a closed request ended for its person; `article` is that of a refusal of the request as a whole.

    >>> way_of_closing("refused", "12(5)").words, way_of_closing("refused", "").words, way_of_closing("fulfilled", "12(5)").words
    ('refused under Art. 12(5)', 'refused', 'answered in full')
    """
    if closing == Closing.REFUSED:
        return refused(article)
    return Way(Treatment.ANSWERED, DECIDED[Closing(closing)])


def way_of_fee(closing: str, article: str) -> Way:
    """Return how a closed request ended with regard to a fee; `article` is that of a fee announced and not dropped."""
    if article:
        return charged(article)
    return Way(Treatment.REFUSED if closing == Closing.REFUSED else Treatment.FREE)


def refused(article: str) -> Way:
    """Return the way of a request that is refused as a whole."""
    return Way(Treatment.REFUSED, f"under Art. {article}" if article else "")


def charged(article: str) -> Way:
    """Return the way of a request for which a fee is charged."""
    return Way(Treatment.CHARGED, f"under Art. {article}")


def extended(grounds: Iterable[str]) -> Way:
    """Return the way of a request whose period is extended."""
    return Way(Treatment.EXTENDED, _on(" ".join(sorted(grounds))))


def _on(fact: str) -> str:
    words = [each.replace("_", " ") for each in fact.split() if each not in {"none", "nothing"}]
    return f"({', '.join(words)})" if words else ""


def _counted(likes: Iterable[Like]) -> str:
    counts: dict[Treatment, int] = {}
    for each in likes:
        counts[each.way.treatment] = counts.get(each.way.treatment, 0) + each.cases
    return ", ".join(f"{cases} {treatment}" for treatment, cases in sorted(counts.items(), key=lambda one: -one[1]))
