"""A request answered outside the desk, under the same law: what each system's owner did, with evidence, and how it ends.

The controller must be able to show it (Art. 5(2), 24); what is not done is told with its reasons, the complaint and the
judicial remedy (Art. 12(4)), and another person looks at it. Rule OUT is ours.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.law.errors import Invalid, NotPossible
from core.law.fee import LEAST_WORDS
from core.law.records import Record, Under, record
from core.law.refusal import never
from core.law.ways import RIGHTS, Kind
from core.law.workflow import Closing


class Done(StrEnum):
    """What became of the request in one system."""

    DONE = "done"
    NOTHING_HELD = "nothing_held"
    KEPT = "kept"  # until a day, by a ground of the law
    NOT_DONE = "not_done"


OUTCOMES = {
    Done.DONE: "Done", Done.NOTHING_HELD: "Nothing held", Done.KEPT: "Kept until a day", Done.NOT_DONE: "Not done",
}
GRANTED = frozenset({Done.DONE, Done.NOTHING_HELD})


@dataclass(frozen=True, slots=True)
class Line:
    """What became of the request in one system: `told` stands in the letter, `evidence` stays with the case."""

    system: str
    outcome: Done
    told: str
    evidence: str
    until: date | None = None

    @property
    def granted(self) -> bool:
        """Whether the person gets in this system what they asked."""
        return self.outcome in GRANTED


def check(kind: Kind, systems: Collection[str], lines: Sequence[Line], reason: str, *, room: bool) -> None:
    """Raise Invalid for what is missing: a line for each system with its evidence, and why not by the desk where it could.

    Raises NotPossible where a right that is never refused would be left undone in part.

    >>> check(Kind.ACCESS, ["crm"], [Line("crm", Done.NOTHING_HELD, "", "Ticket 4711: searched on 2 March.")], "", room=False)
    >>> check(Kind.ACCESS, ["crm", "shop"], [Line("crm", Done.NOTHING_HELD, "", "Ticket 4711: searched.")], "", room=False)
    Traceback (most recent call last):
    ...
    core.law.errors.Invalid: Say for each system what was done there: one line for each.
    """
    if room and len(reason.strip()) < LEAST_WORDS:
        raise Invalid("The desk itself can answer this right: write down why it was answered outside.", "reason")
    if sorted(line.system for line in lines) != sorted(systems):
        raise Invalid("Say for each system what was done there: one line for each.", "lines")
    for line in lines:
        if len(line.evidence.strip()) < LEAST_WORDS:
            raise Invalid("Write down the evidence for each system: who did or searched what, when, and where it is filed.",
                          "evidence")
        if line.outcome is not Done.NOTHING_HELD and not line.told.strip():
            raise Invalid("Say in words for the person what was done, or why it was not: the letter tells it.", "told")
        if line.outcome is Done.KEPT and line.until is None:
            raise Invalid("Enter the day until which the data are kept.", "until")
        if not line.granted and (sentence := never(kind)):
            raise NotPossible(sentence)


def ending(lines: Sequence[Line]) -> Closing:
    """Return how the request ends: fulfilled, partly, or refused where nothing of it was done.

    >>> ending([Line("crm", Done.DONE, "", ""), Line("shop", Done.KEPT, "", "")])
    <Closing.PARTLY_FULFILLED: 'partly_fulfilled'>
    >>> ending([Line("crm", Done.NOTHING_HELD, "", ""), Line("shop", Done.NOT_DONE, "", "")])
    <Closing.REFUSED: 'refused'>
    """
    if all(line.granted for line in lines):
        return Closing.FULFILLED
    return Closing.PARTLY_FULFILLED if any(line.outcome is Done.DONE for line in lines) else Closing.REFUSED


def terms_of(lines: Sequence[Line]) -> list[dict[str, str]]:
    """Return the lines in plain JSON, as a plan keeps them.

    >>> lines_of(terms_of([Line("crm", Done.KEPT, "x", "y", date(2030, 1, 1))]))[0].until
    datetime.date(2030, 1, 1)
    """
    return [
        {"system": line.system, "outcome": line.outcome.value, "told": line.told, "evidence": line.evidence,
         "until": line.until.isoformat() if line.until else ""}
        for line in lines
    ]


def lines_of(terms: Sequence[Mapping[str, str]]) -> tuple[Line, ...]:
    """Return the lines that a plan keeps."""
    return tuple(
        Line(each["system"], Done(each["outcome"]), each["told"], each["evidence"],
             date.fromisoformat(each["until"]) if each["until"] else None)
        for each in terms
    )


def record_of(kind: Kind, line: Line, under: Under) -> Record:
    """Return the decision for one system (OUT): no typed word enters it.

    >>> made = record_of(Kind.ERASURE, Line("crm", Done.KEPT, "x", "x", date(2030, 1, 1)), Under("eu_gdpr@2018-05-25", "crm"))
    >>> made.granted, made.article, made.sentence
    (False, '12(4)', 'Outside the desk, the data in this system are kept until a day; the person is told why.')
    """
    return record(
        line.granted, line.outcome, article=RIGHTS[kind].article if line.granted else "12(4)", rule="OUT", under=under,
        sentence=_SENTENCES[line.outcome], right=kind, until=line.until,
    )


_SENTENCES = {
    Done.DONE: "Outside the desk, what was asked is done in this system.",
    Done.NOTHING_HELD: "Outside the desk, this system was searched and holds nothing about the person.",
    Done.KEPT: "Outside the desk, the data in this system are kept until a day; the person is told why.",
    Done.NOT_DONE: "Outside the desk, what was asked is not done in this system; the person is told why.",
}
